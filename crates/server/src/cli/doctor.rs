//! `muster doctor`: every rule that the stored data can show, beside a running server, without changing anything.

use std::io::Write;

use indicatif::ProgressBar;
use muster_store::check::{Check, Weight};

use crate::clock::Clock;
use crate::config::{Config, ConfigFlags};
use crate::doctor::{Health, examine};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let config = Config::load(&args.config)?;
    let health = super::runtime()?.block_on(look(&config))?;
    if args.json {
        super::print_json(&health)?;
    } else {
        print(&mut std::io::stdout().lock(), &health)?;
    }
    conclude(&health)
}

/// Examines with a bar on standard error.
pub(super) async fn look(config: &Config) -> anyhow::Result<Health> {
    let bar = ProgressBar::new(0);
    let health = examine(config, &Clock::system(), |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .await;
    bar.finish_and_clear();
    health
}

/// The table for people: one line a check, and under it what was found.
pub(super) fn print(out: &mut impl Write, health: &Health) -> std::io::Result<()> {
    for check in &health.checks {
        let word = match (check.found, check.weight) {
            (0, _) => "ok",
            (_, Weight::Finding) => "FINDING",
            (_, Weight::Warning) => "warning",
        };
        writeln!(out, "{word:<8} {:<17} {:>10}  {}", check.name, check.looked, check.sentence)?;
        for line in &check.first {
            writeln!(out, "         - {line}")?;
        }
        let more = check.found.saturating_sub(check.first.len() as u64);
        if more > 0 {
            writeln!(out, "         - and {more} more")?;
        }
    }
    let looked: u64 = health.checks.iter().map(|check: &Check| check.looked).sum();
    writeln!(
        out,
        "{}: {} checks, {looked} rows looked at: {} with findings, {} with warnings",
        health.database,
        health.checks.len(),
        health.findings(),
        health.warnings()
    )
}

/// Findings end the command with an error; warnings do not.
pub(super) fn conclude(health: &Health) -> anyhow::Result<()> {
    let findings = health.findings();
    anyhow::ensure!(findings == 0, "{findings} checks found the record wrong; see docs/operating/doctor.md");
    Ok(())
}
