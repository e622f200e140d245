//! `muster sense relevance`: true answers against answers dealt to other messages.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, ensure};
use muster_core::sense::{Hint, relevance, review};
use serde::Serialize;

use super::super::print_json;
use super::rows::{each_line, object, text_of};
use super::shipped;
use crate::bench::Dice;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Messages with answers, one JSON object a line
    file: PathBuf,
    /// Field with the message
    #[arg(long, default_value = "text")]
    text: String,
    /// Field with its title; may be null
    #[arg(long, default_value = "title")]
    title: String,
    /// Field with the answer
    #[arg(long, default_value = "reply")]
    answer: String,
    /// Deals the answers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    n: usize,
    seed: u64,
    /// Chance that a true pair has a higher relevance than a dealt one.
    auc: f64,
    /// The same on the even and the odd lines.
    auc_halves: [f64; 2],
    /// Share of true and of dealt pairs that would be told they are off the matter.
    off_matter: [f64; 2],
    /// Of the true answers, the share with each hint.
    hints: BTreeMap<&'static str, f64>,
    pairs_per_second: f64,
}

struct Row {
    title: String,
    text: String,
    answer: String,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let rows = read(args)?;
    ensure!(rows.len() > 1, "{} has fewer than two messages with answers", args.file.display());
    let (model, rules) = (shipped::model(None)?, shipped::rules(None)?);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    // Sattolo's shuffle: no answer stays with its own message.
    let mut dice = Dice::new(args.seed);
    for last in (1..order.len()).rev() {
        order.swap(last, dice.below(last));
    }
    let begun = Instant::now();
    let pair = |message: &Row, answer: &Row| relevance(&model, (&message.title, &message.text), &answer.answer);
    let own: Vec<f32> = rows.iter().map(|row| pair(row, row)).collect();
    let dealt: Vec<f32> = rows.iter().zip(&order).map(|(row, other)| pair(row, &rows[*other])).collect();
    let seconds = begun.elapsed().as_secs_f64();
    let half = |of: &[f32], first: usize| of.iter().skip(first).step_by(2).copied().collect::<Vec<f32>>();
    let off = |of: &[f32]| of.iter().filter(|r| **r < rules.answer().relevance).count() as f64 / of.len() as f64;
    let mut hints: BTreeMap<&'static str, f64> = Hint::ALL.iter().map(|hint| (hint.as_str(), 0.0)).collect();
    for row in &rows {
        for hint in review(&model, &rules, (&row.title, &row.text), &row.answer) {
            *hints.entry(hint.as_str()).or_default() += 1.0 / rows.len() as f64;
        }
    }
    let report = Report {
        n: rows.len(),
        seed: args.seed,
        auc: auc(&own, &dealt),
        auc_halves: [0, 1].map(|first| auc(&half(&own, first), &half(&dealt, first))),
        off_matter: [off(&own), off(&dealt)],
        hints,
        pairs_per_second: 2.0 * rows.len() as f64 / seconds,
    };
    print(&report, args.json)
}

fn read(args: &Args) -> anyhow::Result<Vec<Row>> {
    Ok(each_line(&args.file, |_, line| row(line, args))?.into_iter().flatten().collect())
}

/// `None` for a message that was not answered.
fn row(bytes: &[u8], args: &Args) -> anyhow::Result<Option<Row>> {
    let object = object(bytes)?;
    let text = text_of(&object, &args.text)?
        .with_context(|| format!("field `{}` is missing or null: name the message with --text", args.text))?;
    let Some(answer) = text_of(&object, &args.answer)? else { return Ok(None) };
    Ok(Some(Row { title: text_of(&object, &args.title)?.unwrap_or_default(), text, answer }))
}

/// The area under the curve by ranks (Mann and Whitney), ties counted half.
fn auc(own: &[f32], dealt: &[f32]) -> f64 {
    let mut all: Vec<(f32, bool)> = own.iter().map(|r| (*r, true)).chain(dealt.iter().map(|r| (*r, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut before, mut sum) = (0_usize, 0.0);
    for run in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let middle = before as f64 + f64::midpoint(run.len() as f64, 1.0);
        sum += middle * run.iter().filter(|(_, is_own)| *is_own).count() as f64;
        before += run.len();
    }
    let n = own.len() as f64;
    (sum - n * (n + 1.0) / 2.0) / (n * dealt.len() as f64)
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(report);
    }
    let mut out = std::io::stdout().lock();
    let r = report;
    writeln!(
        out,
        "{} messages with answers; AUC true against dealt {:.4} (halves {:.4}, {:.4})",
        r.n, r.auc, r.auc_halves[0], r.auc_halves[1]
    )?;
    writeln!(
        out,
        "off the matter: {:.1} % of true, {:.1} % of dealt",
        100.0 * r.off_matter[0],
        100.0 * r.off_matter[1]
    )?;
    for (hint, share) in &r.hints {
        writeln!(out, "hint {hint:11} {:5.1} % of true answers", 100.0 * share)?;
    }
    writeln!(out, "{:.0} pairs a second", r.pairs_per_second)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs_in_the_right_order_and_ties_half() {
        assert!((auc(&[3.0, 2.0], &[1.0, 2.0]) - 0.875).abs() < 1e-12);
        assert!((auc(&[1.0], &[1.0]) - 0.5).abs() < 1e-12);
        assert!((auc(&[2.0], &[1.0]) - 1.0).abs() < 1e-12);
    }
}
