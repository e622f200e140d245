//! `muster dispatch solve`: the assignment that is worth most, its proof, and what it cost to find.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;

use anyhow::Context;
use muster_core::dispatch::{certify, file, solve};
use serde::Serialize;

use super::super::print_json;
use super::effort::Effort;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// File of `muster dispatch instance`
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    needs: usize,
    resources: usize,
    pairs: usize,
    /// Helpers asked for, and found.
    asked: u64,
    filled: u64,
    objective: i64,
    /// Bound that the prices prove; the same as the objective, or there is no report.
    dual: i64,
    /// Building the solver's structures and solving.
    seconds: f64,
    cpu_seconds: Option<f64>,
    /// Above what the instance itself takes.
    peak_mib: Option<f64>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let shown = args.file.display();
    let opened = File::open(&args.file).with_context(|| format!("{shown} cannot be opened; does it exist?"))?;
    let instance = file::read(&mut BufReader::new(opened)).with_context(|| format!("{shown} is no instance"))?;
    let graph = &instance.graph;
    let effort = Effort::begin();
    let plan = solve(graph);
    let spent = effort.spent();
    let certificate = certify(graph, &plan).context("the plan is not proven to be the best; report this as a bug")?;
    let report = Report {
        needs: graph.heads.len(),
        resources: graph.supplies.len(),
        pairs: graph.pairs.len(),
        asked: graph.heads.iter().map(|head| u64::from(*head)).sum(),
        filled: certificate.filled,
        objective: certificate.objective,
        dual: certificate.dual,
        seconds: spent.seconds,
        cpu_seconds: spent.cpu_seconds,
        peak_mib: spent.peak_mib,
    };
    if args.json {
        return print_json(&report);
    }
    let out = &mut std::io::stdout().lock();
    let Report { needs, resources, pairs, asked, filled, objective, seconds, .. } = report;
    writeln!(out, "{needs} needs, {resources} resources, {pairs} pairs")?;
    writeln!(out, "{filled} of {asked} helpers found, worth {objective}, proven in {seconds:.3} s")?;
    Ok(())
}
