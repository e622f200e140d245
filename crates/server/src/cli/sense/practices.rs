//! `muster sense practices`: all answers ranked for each message; and the nearest other one, to be read by a person.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, ensure};
use muster_core::sense::{Practices, Solved};
use serde::Serialize;

use super::super::print_json;
use super::rows::{each_line, object, text_of};
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
    /// Instead of the figures, print so many messages, each with the nearest other one and its answer
    #[arg(long, value_name = "N")]
    neighbours: Option<usize>,
    /// Chooses those messages
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

struct Row {
    title: String,
    text: String,
    answer: String,
}

impl Row {
    fn message(&self) -> (&str, &str) {
        (&self.title, &self.text)
    }

    fn whole(&self) -> String {
        format!("{}\n{}", self.title, self.text)
    }
}

#[derive(Serialize)]
struct Report {
    n: usize,
    /// Share of messages whose own answer is ranked first, and among the first five, of all answers.
    recall_1: f64,
    recall_5: f64,
    /// The same of the even and of the odd lines, counted from 0. What was chosen was chosen on the even ones.
    recall_1_halves: [f64; 2],
    recall_5_halves: [f64; 2],
    /// Mean of one over the rank.
    reciprocal_rank: f64,
    /// Messages whose own answer stands in the same words for another one: whichever was ranked first of these counts.
    same_answers: usize,
    made_seconds: f64,
    ranked_seconds: f64,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let rows = each_line(&args.file, |_, line| row(line, args))?.into_iter().flatten().collect::<Vec<Row>>();
    ensure!(rows.len() > 1, "{} has fewer than two messages with answers", args.file.display());
    match args.neighbours {
        Some(n) => neighbours(&rows, n, args.seed),
        None => print(&measure(&rows), args.json),
    }
}

/// `None` for a message that was not answered.
fn row(bytes: &[u8], args: &Args) -> anyhow::Result<Option<Row>> {
    let object = object(bytes)?;
    let text = text_of(&object, &args.text)?
        .with_context(|| format!("field `{}` is missing or null: name the message with --text", args.text))?;
    let Some(answer) = text_of(&object, &args.answer)? else { return Ok(None) };
    Ok(Some(Row { title: text_of(&object, &args.title)?.unwrap_or_default(), text, answer }))
}

/// Ranks all answers for each message. The messages at large are those of the other half, so that a message is never among
/// those by which it is measured; and every message is ranked by itself, whatever others took.
fn measure(rows: &[Row]) -> Report {
    let answers: Vec<(u32, Solved<'_>)> =
        (0..).zip(rows).map(|(n, row)| (n, Solved { matter: "", measures: &row.answer })).collect();
    let mut same: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        *same.entry(row.answer.trim()).or_default() += 1;
    }
    let (mut made, mut ranked) = (0.0, 0.0);
    let mut ranks = vec![0_usize; rows.len()];
    for half in 0..2 {
        let begun = Instant::now();
        let others: Vec<String> = rows.iter().skip(1 - half).step_by(2).map(Row::whole).collect();
        let practices = Practices::new(&answers, &others.iter().map(String::as_str).collect::<Vec<_>>());
        made += begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        for (n, row) in rows.iter().enumerate().skip(half).step_by(2) {
            let found = practices.likely(row.message(), rows.len(), |_| true);
            let own = found.iter().position(|likely| likely.number as usize == n);
            ranks[n] = own.map_or(rows.len(), |place| place + 1);
        }
        ranked += begun.elapsed().as_secs_f64();
    }
    let recall = |most: usize, ranks: &[usize]| {
        ranks.iter().filter(|rank| **rank <= most).count() as f64 / ranks.len().max(1) as f64
    };
    let half = |half: usize| ranks.iter().skip(half).step_by(2).copied().collect::<Vec<_>>();
    Report {
        n: rows.len(),
        recall_1: recall(1, &ranks),
        recall_5: recall(5, &ranks),
        recall_1_halves: [0, 1].map(|side| recall(1, &half(side))),
        recall_5_halves: [0, 1].map(|side| recall(5, &half(side))),
        reciprocal_rank: ranks.iter().map(|rank| 1.0 / *rank as f64).sum::<f64>() / rows.len() as f64,
        same_answers: rows.iter().filter(|row| same[row.answer.trim()] > 1).count(),
        made_seconds: made,
        ranked_seconds: ranked,
    }
}

/// As a case page would propose: matter and answer of the others, without the message's own.
fn neighbours(rows: &[Row], most: usize, seed: u64) -> anyhow::Result<()> {
    let matters: Vec<String> = rows.iter().map(Row::whole).collect();
    let solved: Vec<(u32, Solved<'_>)> = (0..)
        .zip(rows.iter().zip(&matters))
        .map(|(n, (row, matter))| (n, Solved { matter, measures: &row.answer }))
        .collect();
    let mut dice = Dice::new(seed);
    let at_large: Vec<&str> = (0..rows.len().min(300)).map(|_| matters[dice.below(rows.len())].as_str()).collect();
    let practices = Practices::new(&solved, &at_large);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, dice.below(last + 1));
    }
    let mut out = std::io::stdout().lock();
    for (count, n) in (1..).zip(order.into_iter().take(most)) {
        let row = &rows[n];
        let found = practices.likely(row.message(), 1, |other| other as usize != n);
        writeln!(out, "{count}. {}\n   {}", row.title, row.text.trim())?;
        match found.first() {
            Some(near) => {
                let other = &rows[near.number as usize];
                writeln!(out, "   {:.3}: {}\n   {}\n", near.likeness, other.title, other.answer.trim())?;
            }
            None => writeln!(out, "   nothing like it\n")?,
        }
    }
    Ok(())
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(report);
    }
    let mut out = std::io::stdout().lock();
    let r = report;
    writeln!(out, "{} messages, all answers ranked for each", r.n)?;
    writeln!(out, "recall@1 {:.4} (halves {:.4}, {:.4})", r.recall_1, r.recall_1_halves[0], r.recall_1_halves[1])?;
    writeln!(out, "recall@5 {:.4} (halves {:.4}, {:.4})", r.recall_5, r.recall_5_halves[0], r.recall_5_halves[1])?;
    writeln!(out, "mean reciprocal rank {:.4}", r.reciprocal_rank)?;
    writeln!(out, "{} answers stand in the same words more than once", r.same_answers)?;
    writeln!(out, "made in {:.2} s, ranked in {:.2} s", r.made_seconds, r.ranked_seconds)?;
    Ok(())
}
