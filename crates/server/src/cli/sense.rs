//! `muster sense`: train, measure and run the classifier.

mod curve;
mod eval;
mod hotspots;
mod judge;
mod learn;
mod likeness;
mod practices;
mod relevance;
mod rows;
pub mod shipped;
mod stream;
mod train;

use clap::{Args as Arguments, Subcommand};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Arguments, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Train a model on labelled messages
    Train(train::Args),
    /// Score the shipped model, or the way of training by cross-validation
    Eval(eval::Args),
    /// Which messages would be proposed and joined, had they come in one after another
    Likeness(likeness::Args),
    /// Which rising clusters would be warned of, and when
    Hotspots(hotspots::Args),
    /// How well true answers are told from answers to other messages
    Relevance(relevance::Args),
    /// How well the true answer is found among all answers
    Practices(practices::Args),
    /// Propose a model made from what people decided here
    Learn(learn::Args),
    /// Judge messages: JSONL on standard input, one judgement a line on standard output
    Judge(judge::Args),
}

/// Where a labelled message has its parts, and how its labels are read.
#[derive(Arguments, Debug)]
pub(crate) struct Fields {
    /// Field with the text
    #[arg(long, default_value = "text")]
    text: String,
    /// Field with the title; where it is null, `title` and `title_kw` stand in for each other
    #[arg(long, default_value = "title")]
    title: String,
    /// Field with the label: a name of the map, or a class code
    #[arg(long, default_value = "label")]
    label: String,
    /// Field that tells near-duplicates: rows of one group stay on one side of every split
    #[arg(long)]
    group: Option<String>,
    /// TOML file with `[labels]`: from label names to class codes [default: the built-in pack's]
    #[arg(long)]
    map: Option<PathBuf>,
}

impl Fields {
    fn labels(&self) -> anyhow::Result<BTreeMap<String, String>> {
        self.map.as_deref().map_or_else(shipped::labels, shipped::labels_from)
    }
}

pub fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::Train(args) => train::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Likeness(args) => likeness::run(&args),
        Command::Hotspots(args) => hotspots::run(&args),
        Command::Relevance(args) => relevance::run(&args),
        Command::Practices(args) => practices::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Judge(args) => judge::run(&args),
    }
}
