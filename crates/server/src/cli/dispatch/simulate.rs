//! `muster dispatch simulate`: a made-up city day by day under several ways to dispatch, side by side.

use std::io::Write;

use anyhow::ensure;
use muster_core::dispatch::simulate::{City, Figures, Rules, Scene, Teams, Way, simulate};
use serde::Serialize;

use super::super::print_json;
use crate::pack_default::default_pack;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Days in which needs come
    #[arg(long, default_value_t = 28)]
    days: u32,
    /// The first city; each run after it is another one
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Cities, each with the next seed
    #[arg(long, default_value_t = 5)]
    runs: u64,
    /// Needs that come on a day
    #[arg(long, default_value_t = 150)]
    needs: u32,
    /// Volunteers and organisations, one organisation to nine volunteers
    #[arg(long, default_value_t = 2_000)]
    resources: u32,
    /// Kilometres along a side of the city; nine districts
    #[arg(long, default_value_t = 20.0)]
    side: f64,
    /// Needs come from all over the city, none from hot spots
    #[arg(long)]
    even: bool,
    /// Print one JSON object with the figures of every run
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    days: u32,
    needs_a_day: u32,
    resources: u32,
    side: f64,
    is_surge: bool,
    runs: Vec<Run>,
}

#[derive(Serialize)]
struct Run {
    seed: u64,
    way: &'static str,
    teams: &'static str,
    #[serde(flatten)]
    figures: Figures,
}

/// What somebody has to know before believing a figure.
const ASSUMED: &str = "\
Assumed: how likely somebody says yes falls with the distance, with every task and every invitation of the last week; it differs
from person to person (Beta 4, 2) and is learned from answers alone. Answers take 45 minutes on average, none at night; half of
those who do not say yes never answer. 2 to 12 in 100 who agreed do not come. Everybody has the parts of the week in which they are free, one
task a part (an organisation five), a week's most, and a week of leave now and then. A need wants its helpers in one part of a day;
an urgent one in the next or the one after, another within three days. Filled: enough had agreed when that part began.
The rules of offers are those of the built-in pack, the same for every way.
";

fn way_name(way: Way) -> &'static str {
    match way {
        Way::Nearest => "nearest first",
        Way::Score => "best score first",
        Way::Waves => "best score, in waves",
        Way::Plan => "plan with prices, in waves",
    }
}

fn teams_name(teams: Teams) -> &'static str {
    match teams {
        Teams::Separate => "separate teams",
        Teams::One => "one schedule",
    }
}

const TEAMS: [Teams; 2] = [Teams::Separate, Teams::One];

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let &Args { days, needs, resources, side, runs, .. } = args;
    ensure!((1..=366).contains(&days), "{days} days; try 1 to 366");
    ensure!((1..=5_000).contains(&needs), "{needs} needs a day; try 1 to 5000");
    ensure!((1..=100_000).contains(&resources), "{resources} resources; try 1 to 100000");
    ensure!((1.0..=200.0).contains(&side), "{side} km; try 1 to 200");
    ensure!((1..=100).contains(&runs), "{runs} runs; try 1 to 100");
    let report = report(args);
    if args.json {
        return print_json(&report);
    }
    let out = &mut std::io::stdout().lock();
    let kind = if report.is_surge { "three needs of ten from a few hot spots" } else { "needs from all over" };
    writeln!(
        out,
        "{resources} resources, {needs} needs a day, {days} days, {side} km square, {kind}; {runs} runs from seed {}\n",
        args.seed
    )?;
    table(out, &report)?;
    Ok(write!(out, "\n{ASSUMED}")?)
}

fn report(args: &Args) -> Report {
    let rules = Rules::of(&default_pack().dispatch);
    let mut runs = Vec::new();
    for seed in args.seed..args.seed + args.runs {
        let scene = Scene {
            days: args.days,
            needs_a_day: args.needs,
            resources: args.resources,
            side: args.side,
            is_surge: !args.even,
            seed,
        };
        let city = City::new(&scene, rules.prior.acceptance(0, 0));
        for teams in TEAMS {
            for way in Way::ALL {
                let figures = simulate(&city, &rules, way, teams);
                runs.push(Run { seed, way: way_name(way), teams: teams_name(teams), figures });
            }
        }
    }
    Report {
        days: args.days,
        needs_a_day: args.needs,
        resources: args.resources,
        side: args.side,
        is_surge: !args.even,
        runs,
    }
}

/// A figure by its name, and whether it is a share to be shown in hundredths.
type Column = (&'static str, bool, fn(&Figures) -> f64);

const COLUMNS: [Column; 15] = [
    ("filled %", true, |figures| figures.filled),
    ("by weight %", true, |figures| figures.filled_by_weight),
    ("helped %", true, |figures| figures.helped),
    ("hours, median", false, |figures| figures.hours_median),
    ("hours, p90", false, |figures| figures.hours_p90),
    ("idle %", true, |figures| figures.idle),
    ("worn %", true, |figures| figures.worn),
    ("Gini of tasks", false, |figures| figures.gini),
    ("declined %", true, |figures| figures.declined),
    ("no-shows %", true, |figures| figures.no_shows),
    ("asked a helper", false, |figures| figures.invitations_a_helper),
    ("asked a head", false, |figures| figures.invitations_a_resource),
    ("km", false, |figures| figures.km),
    ("district gap %", true, |figures| figures.district_gap),
    ("needs", false, |figures| f64::from(figures.needs)),
];

/// A row a figure, a column a way: the mean of the runs, and half of what lies between the least and the most.
fn table(out: &mut impl Write, report: &Report) -> anyhow::Result<()> {
    for teams in TEAMS.map(teams_name) {
        write!(out, "| {teams} |")?;
        for way in Way::ALL {
            write!(out, " {} |", way_name(way))?;
        }
        writeln!(out, "\n|---|{}", "---:|".repeat(Way::ALL.len()))?;
        for (name, is_share, figure) in COLUMNS {
            write!(out, "| {name} |")?;
            for way in Way::ALL.map(way_name) {
                let runs = report.runs.iter().filter(|run| (run.teams, run.way) == (teams, way));
                let scale = if is_share { 100.0 } else { 1.0 };
                let values: Vec<f64> = runs.map(|run| scale * figure(&run.figures)).collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(a, b), one| (a.min(*one), b.max(*one)));
                let places = if is_share { 1 } else { 2 };
                write!(out, " {mean:.places$} ± {:.places$} |", (most - least) / 2.0)?;
            }
            writeln!(out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
