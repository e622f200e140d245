//! `muster sense likeness`: what would be proposed and joined, had these messages come in one after another.

use std::collections::HashMap;
use std::io::Write;
use std::time::Instant;

use muster_core::sense::likeness::{Shingles, is_repeat};
use muster_core::sense::{Reader, Told};
use muster_store::intake::OF_A_KEY;
use serde::Serialize;

use super::super::print_json;
use super::shipped;
use super::stream::{self, Message};
use crate::usecase::report_alike::SHOWN;
use crate::usecase::report_submit::COMPARED;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    stream: stream::Source,
    /// Share of words in common at which a report joins by itself [default: the built-in pack's]
    #[arg(long)]
    similarity: Option<f64>,
    /// Orders the pairs that are listed for reading
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Pairs without a label to list for reading
    #[arg(long, default_value_t = 100)]
    list: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Default, Serialize)]
struct Report {
    n: usize,
    similarity: f64,
    /// Messages of a group of near-duplicates of which one came before.
    later: usize,
    /// Of those, how many have one of their group among the first three proposed.
    proposed: usize,
    recall_proposed: f64,
    /// Of those, how many joined one of their group by themselves.
    joined_later: usize,
    share_joined: f64,
    /// All that joined by themselves.
    joined: usize,
    /// Of those, how many share group or issue with the message they joined.
    right: usize,
    /// Of those, how many pairs have no label on either side.
    unlabelled: usize,
    precision: f64,
    /// Of one message against all before it, in memory.
    p50_us: f64,
    p99_us: f64,
    pairs: Vec<Pair>,
}

#[derive(Serialize)]
struct Pair {
    line: usize,
    joined_line: usize,
    jaccard: f64,
    title: String,
    joined_title: String,
}

/// Messages that came, under the keys of their words.
#[derive(Default)]
struct Index {
    words: Vec<Shingles>,
    keys: HashMap<i64, Vec<usize>>,
}

impl Index {
    /// Earlier messages with their likeness, most alike first.
    fn like(&self, words: &Shingles) -> Vec<(usize, f64)> {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for key in words.keys() {
            for at in self.keys.get(&key).into_iter().flat_map(|at| at.iter().rev().take(OF_A_KEY as usize)) {
                *shared.entry(*at).or_default() += 1;
            }
        }
        let mut found: Vec<(usize, usize)> = shared.into_iter().collect();
        found.sort_by_key(|(at, shared)| std::cmp::Reverse((*shared, *at)));
        found.truncate(COMPARED as usize);
        let mut found: Vec<(usize, f64)> =
            found.into_iter().map(|(at, _)| (at, words.likeness(&self.words[at]))).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found
    }

    fn add(&mut self, words: Shingles) {
        for key in words.keys() {
            self.keys.entry(key).or_default().push(self.words.len());
        }
        self.words.push(words);
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let messages = stream::read(&args.stream)?;
    let model = shipped::model(None)?;
    let least = args.similarity.unwrap_or(crate::pack_default::default_pack().intake.join.similarity);
    let mut reader = Reader::default();
    let classes: Vec<usize> =
        messages.iter().map(|message| reader.classify(&model, &message.title, &message.text).best()).collect();
    let mut report = Report { n: messages.len(), similarity: least, ..Report::default() };
    let (mut index, mut groups, mut times) = (Index::default(), HashMap::new(), Vec::new());
    for (at, message) in messages.iter().enumerate() {
        let begun = Instant::now();
        let words = Shingles::of(&message.text);
        let found = index.like(&words);
        let told = Told { place: "", text: &message.text };
        let joins = found.iter().find(|(other, _)| {
            let theirs = Told { place: "", text: &messages[*other].text };
            classes[*other] == classes[at] && is_repeat((&words, told), (&index.words[*other], theirs), least)
        });
        times.push(begun.elapsed().as_secs_f64() * 1e6);
        let is_later = message.group.as_ref().is_some_and(|group| groups.insert(group.clone(), at).is_some());
        report.later += usize::from(is_later);
        let near = found.iter().take(SHOWN).any(|(other, _)| messages[*other].same_group(message));
        report.proposed += usize::from(is_later && near);
        if let Some((other, _)) = joins {
            report.join(message, &messages[*other], words.jaccard(&index.words[*other]), is_later);
        }
        index.add(words);
    }
    report.finish(times, args);
    print(&report, args.json)
}

impl Report {
    fn join(&mut self, message: &Message, other: &Message, jaccard: f64, is_later: bool) {
        self.joined += 1;
        let right = message.same_group(other) || message.same_issue(other);
        self.right += usize::from(right);
        self.joined_later += usize::from(is_later && message.same_group(other));
        let is_labelled = |message: &Message| message.group.is_some() || message.issue.is_some();
        self.unlabelled += usize::from(!is_labelled(message) && !is_labelled(other));
        if !right {
            self.pairs.push(Pair {
                line: message.line,
                joined_line: other.line,
                jaccard,
                title: message.title.clone(),
                joined_title: other.title.clone(),
            });
        }
    }

    fn finish(&mut self, mut times: Vec<f64>, args: &Args) {
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        self.recall_proposed = share(self.proposed, self.later);
        self.share_joined = share(self.joined_later, self.later);
        self.precision = share(self.right, self.joined);
        times.sort_by(f64::total_cmp);
        let quantile = |q: f64| times[((times.len() - 1) as f64 * q) as usize];
        (self.p50_us, self.p99_us) = (quantile(0.5), quantile(0.99));
        let key = |pair: &Pair| (pair.line as u64 ^ args.seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.pairs.sort_by_key(key);
        self.pairs.truncate(args.list);
    }
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(report);
    }
    let mut out = std::io::stdout().lock();
    let r = report;
    writeln!(out, "{} messages in the order they came; all that came before count as open", r.n)?;
    writeln!(out, "near-duplicates with one before them  {}", r.later)?;
    writeln!(out, "  proposed in the first three         {} ({:.3})", r.proposed, r.recall_proposed)?;
    writeln!(out, "  joined by themselves                {} ({:.3})", r.joined_later, r.share_joined)?;
    writeln!(out, "joined by themselves, all             {} at {:.2} of words in common", r.joined, r.similarity)?;
    writeln!(out, "  right (same group or issue)         {} ({:.3})", r.right, r.precision)?;
    writeln!(out, "  without a label on either side      {}", r.unlabelled)?;
    writeln!(out, "one message: p50 {:.0} µs, p99 {:.0} µs, in memory", r.p50_us, r.p99_us)?;
    for pair in &r.pairs {
        writeln!(
            out,
            "line {} joined {} ({:.2}): {} | {}",
            pair.line, pair.joined_line, pair.jaccard, pair.title, pair.joined_title
        )?;
    }
    Ok(())
}
