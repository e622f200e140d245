//! `muster sense hotspots`: what would have been warned of, and when; and how many planted clusters are found.

use std::collections::BTreeMap;
use std::io::Write;

use muster_core::sense::hotspot::Heard;
use muster_core::sense::{HotRule, HotSpot, Watch};
use muster_core::time::Timestamp;
use serde::Serialize;

use super::super::print_json;
use super::shipped;
use super::stream::{self, Message};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    stream: stream::Source,
    /// Days that count as now [default: the built-in pack's]
    #[arg(long)]
    window_days: Option<u32>,
    /// People who must say it [default: the built-in pack's]
    #[arg(long)]
    people: Option<u32>,
    /// Chance of a warning though nothing has changed, for one word at one moment [default: the built-in pack's]
    #[arg(long)]
    chance: Option<f64>,
    /// Shuffle the times, plant so many clusters of each size, and tell how many are found
    #[arg(long, value_name = "CLUSTERS")]
    simulate: Option<usize>,
    /// Orders the shuffling and the planting
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    n: usize,
    months: f64,
    window_days: u32,
    people: u32,
    chance: f64,
    spots: Vec<Spot>,
    issues: Vec<Issue>,
    /// Warnings of which fewer than half of the members belong to an issue.
    false_alarms: usize,
    false_alarms_per_month: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    simulation: Option<Vec<Planted>>,
}

#[derive(Serialize)]
struct Spot {
    since: String,
    name: String,
    members_at_first: usize,
    members: usize,
    chance: f64,
    /// The issue that most of its members belong to.
    issue: Option<String>,
    of_issue: usize,
    titles: Vec<String>,
}

#[derive(Serialize)]
struct Issue {
    name: String,
    messages: usize,
    first: String,
    /// When a warning came of which it is most; null: the statistics stayed silent.
    warned: Option<String>,
    /// Messages of it that had come by then.
    messages_by_then: usize,
    /// The most people who wrote of it within one window.
    most_in_a_window: usize,
}

#[derive(Serialize)]
struct Planted {
    people: usize,
    clusters: usize,
    found: usize,
    recall: f64,
    false_alarms_per_month: f64,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let messages = stream::read(&args.stream)?;
    let pack = shipped::rules(None)?.hotspot();
    let rule = HotRule {
        window_days: args.window_days.unwrap_or(pack.window_days),
        people: args.people.unwrap_or(pack.people),
        chance: args.chance.unwrap_or(pack.chance),
    };
    rule.check().map_err(anyhow::Error::msg)?;
    let mut watch = Watch::new(rule);
    for message in &messages {
        watch.hear(&heard(message, message.at));
    }
    let months = months(&messages);
    let spots: Vec<Spot> = watch.spots().iter().map(|spot| shown(spot, &messages)).collect();
    let false_alarms = spots.iter().filter(|spot| spot.issue.is_none()).count();
    let report = Report {
        n: messages.len(),
        months,
        window_days: rule.window_days,
        people: rule.people,
        chance: rule.chance,
        issues: issues(&messages, watch.spots(), rule),
        spots,
        false_alarms,
        false_alarms_per_month: false_alarms as f64 / months,
        simulation: args.simulate.map(|count| simulate(&messages, rule, count, args.seed)),
    };
    print(&report, args.json)
}

fn heard(message: &Message, at: Timestamp) -> Heard<'_> {
    Heard { at, by: message.by, title: &message.title, text: &message.text }
}

/// The time in which nine of ten messages came: a few strays years before make no quiet years.
fn months(messages: &[Message]) -> f64 {
    let (from, to) = (messages.len() / 20, messages.len() - 1);
    messages[to].at.since(messages[from].at) as f64 / Timestamp::DAY as f64 / 30.44
}

fn day(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

fn shown(spot: &HotSpot, messages: &[Message]) -> Spot {
    let mut issues: BTreeMap<&str, usize> = BTreeMap::new();
    for member in &spot.members {
        if let Some(issue) = &messages[*member].issue {
            *issues.entry(issue).or_default() += 1;
        }
    }
    let most = issues.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| count * 2 >= spot.members.len());
    let texts = spot.members.iter().flat_map(|at| [messages[*at].title.as_str(), messages[*at].text.as_str()]);
    Spot {
        since: day(spot.since),
        name: spot.name(texts),
        members_at_first: spot.at_first,
        members: spot.members.len(),
        chance: spot.chance,
        issue: most.map(|(issue, _)| issue.to_owned()),
        of_issue: most.map_or(0, |(_, count)| count),
        titles: spot.members.iter().take(3).map(|at| messages[*at].title.clone()).collect(),
    }
}

fn issues(messages: &[Message], spots: &[HotSpot], rule: HotRule) -> Vec<Issue> {
    let mut all: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for message in messages {
        if let Some(issue) = &message.issue {
            all.entry(issue).or_default().push(message);
        }
    }
    let warned = |issue: &str| {
        let of = |spot: &&HotSpot| {
            let count = spot.members.iter().filter(|at| messages[**at].issue.as_deref() == Some(issue)).count();
            count * 2 >= spot.members.len()
        };
        spots.iter().find(of).map(|spot| spot.since)
    };
    all.into_iter()
        .map(|(issue, of)| {
            let warned = warned(issue);
            let window = i64::from(rule.window_days) * Timestamp::DAY;
            let within = |first: &&Message| {
                let people = of.iter().filter(|m| (0..=window).contains(&m.at.since(first.at))).map(|m| m.by);
                people.collect::<std::collections::BTreeSet<_>>().len()
            };
            Issue {
                name: issue.to_owned(),
                messages: of.len(),
                first: day(of[0].at),
                warned: warned.map(day),
                messages_by_then: warned.map_or(0, |at| of.iter().filter(|message| message.at <= at).count()),
                most_in_a_window: of.iter().map(within).max().unwrap_or(0),
            }
        })
        .collect()
}

/// The stream with its times shuffled, so that nothing rises, and clusters of invented matters planted in it.
fn simulate(messages: &[Message], rule: HotRule, count: usize, seed: u64) -> Vec<Planted> {
    [3, 4, 5, 6, 8, 12].map(|people| plant(messages, rule, people, count, seed)).into()
}

fn plant(messages: &[Message], rule: HotRule, people: usize, count: usize, seed: u64) -> Planted {
    let mut dice = crate::bench::Dice::new(seed ^ people as u64);
    // A shuffle of the times: who says what stays, when does not.
    let mut order: Vec<usize> = (0..messages.len()).collect();
    dice.shuffle(&mut order);
    let quiet = messages.len() / 3;
    let mut stream: Vec<(Timestamp, u64, String)> = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let told = &messages[order[at]];
        stream.push((message.at, told.by, format!("{}，{}", told.title, told.text)));
    }
    let mut planted = Vec::new();
    for cluster in 0..count {
        let matter: String =
            (0..6).map(|_| char::from_u32(0x4e00 + dice.below(20_000) as u32).unwrap_or('无')).collect();
        let from = quiet + dice.below(messages.len() - quiet - 1);
        for person in 0..people {
            let window = i64::from(rule.window_days) * Timestamp::DAY;
            let at = messages[from].at.plus((window as f64 * 0.9 * dice.below(1000) as f64 / 1000.0) as i64);
            let other = &messages[dice.below(messages.len())];
            let by = 1_000_000 + (cluster * 100 + person) as u64;
            stream.push((at, by, format!("{}，{matter}", other.text)));
        }
        planted.push(matter);
    }
    stream.sort_by_key(|(at, ..)| *at);
    let mut watch = Watch::new(rule);
    for (at, by, text) in &stream {
        watch.hear(&Heard { at: *at, by: *by, title: "", text });
    }
    let names: Vec<String> =
        (watch.spots().iter()).map(|spot| spot.name(spot.members.iter().map(|at| stream[*at].2.as_str()))).collect();
    let is_of = |name: &String, matter: &String| name.contains(matter.as_str());
    let found = planted.iter().filter(|matter| names.iter().any(|name| is_of(name, matter))).count();
    let alarms = names.iter().filter(|name| !planted.iter().any(|matter| is_of(name, matter))).count();
    Planted {
        people,
        clusters: count,
        found,
        recall: found as f64 / count.max(1) as f64,
        false_alarms_per_month: alarms as f64 / months(messages),
    }
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(report);
    }
    let mut out = std::io::stdout().lock();
    let r = report;
    writeln!(
        out,
        "{} messages in {:.1} months; a warning: {} people or more within {} days, chance below {:e} for a word",
        r.n, r.months, r.people, r.window_days, r.chance
    )?;
    for spot in &r.spots {
        let issue = spot.issue.as_deref().unwrap_or("-");
        writeln!(
            out,
            "{}  {:3} then, {:3} in all, chance {:.0e}  {}  [{issue}]",
            spot.since, spot.members_at_first, spot.members, spot.chance, spot.name
        )?;
    }
    for issue in &r.issues {
        let warned = issue.warned.as_ref().map_or_else(
            || format!("not warned of: at most {} people in a window", issue.most_in_a_window),
            |day| format!("warned of on {day}, after {} messages", issue.messages_by_then),
        );
        writeln!(out, "issue {}: {} messages since {}; {warned}", issue.name, issue.messages, issue.first)?;
    }
    writeln!(out, "of no issue: {} ({:.2} a month)", r.false_alarms, r.false_alarms_per_month)?;
    for planted in r.simulation.iter().flatten() {
        writeln!(
            out,
            "planted: {:2} people, {} of {} found ({:.2}), {:.2} false alarms a month",
            planted.people, planted.found, planted.clusters, planted.recall, planted.false_alarms_per_month
        )?;
    }
    Ok(())
}
