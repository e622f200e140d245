//! `muster clock`: why a promise is due when it is.

use std::io::Write;

use anyhow::Context;
use clap::Subcommand;
use muster_store::process::{case_by_code, clock_entries_of_case, clocks_of_case};
use serde_json::json;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::state::State;
use crate::usecase::explained;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Say line by line how the due times of a case were found
    Explain(Explain),
}

#[derive(clap::Args, Debug)]
struct Explain {
    /// Code of the case, as printed
    code: String,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    /// In Chinese
    #[arg(long)]
    zh: bool,
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let Command::Explain(args) = &args.command;
    let config = Config::load(&args.config)?;
    super::runtime()?.block_on(explain(args, config))
}

async fn explain(args: &Explain, config: Config) -> anyhow::Result<()> {
    let state = State::open(config, Clock::system(), Chance::system()).await?;
    let code = args.code.parse().with_context(|| format!("{:?} is no code of a case", args.code))?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.with_context(|| format!("there is no case {code}"))?;
    let clocks = clocks_of_case(&mut tx, case.id).await?;
    let entries = clock_entries_of_case(&mut tx, case.id).await?;
    let mut told = Vec::new();
    for clock in &clocks {
        let due = explained(&state, &case, clock, &entries)?;
        let lines: Vec<_> = due.explain.iter().map(|line| if args.zh { line.zh() } else { line.en() }).collect();
        told.push((clock, due.at == clock.due_at, lines));
    }
    if args.json {
        let clocks: Vec<_> = told
            .iter()
            .map(|(clock, agrees, lines)| {
                json!({ "clock": clock.kind, "due_at": clock.due_at, "stopped_at": clock.stopped_at,
                    "broken_at": clock.broken_at, "agrees": agrees, "lines": lines })
            })
            .collect();
        return super::print_json(&json!({ "case": case.code.as_str(), "state": case.state, "clocks": clocks }));
    }
    let out = &mut std::io::stdout().lock();
    writeln!(out, "{} ({})", case.code, case.state)?;
    for (clock, agrees, lines) in told {
        let end = match (clock.stopped_at, clock.broken_at) {
            (_, Some(_)) => "broken",
            (Some(_), None) => "kept",
            (None, None) if clock.is_paused() => "paused",
            (None, None) => "running",
        };
        writeln!(out, "\n{} ({end})", clock.kind)?;
        for line in lines {
            writeln!(out, "  {line}")?;
        }
        if !agrees {
            let stored = state.pack.calendar.local(clock.due_at);
            writeln!(out, "  stored as {stored}, by the calendar {}", clock.calendar)?;
        }
    }
    Ok(())
}
