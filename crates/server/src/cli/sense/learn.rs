//! `muster sense learn`: a new model from what people decided, tried and left for a named person to adopt.

use std::io::Write;

use muster_core::people::Actor;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::state::State;
use crate::usecase::model_propose::{Right, Trial, model_propose};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFlags,
}

#[derive(serde::Serialize)]
struct Proposal {
    version: String,
    base: String,
    #[serde(flatten)]
    trial: Trial,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let config = Config::load(&args.config)?;
    let proposal = super::super::runtime()?.block_on(async {
        let state = State::open(config, Clock::system(), Chance::system()).await?;
        let (row, trial) = model_propose(&state, &Actor::System).await?;
        anyhow::Ok(Proposal { version: row.version, base: row.base, trial })
    })?;
    if args.json {
        return super::super::print_json(&proposal);
    }
    table(&mut std::io::stdout().lock(), &proposal)
}

fn table(out: &mut impl Write, proposal: &Proposal) -> anyhow::Result<()> {
    let trial = &proposal.trial;
    let share = |right: Right| format!("{} of {}", right.right, right.of);
    writeln!(out, "proposed                {}, from {}", proposal.version, proposal.base)?;
    writeln!(out, "learned from            {} decisions, {} matters carried through", trial.decided, trial.carried)?;
    writeln!(out, "frozen decisions right  {} before, {} after", share(trial.before), share(trial.after))?;
    writeln!(
        out,
        "frozen carried right    {} before, {} after",
        share(trial.carried_before),
        share(trial.carried_after)
    )?;
    writeln!(out, "of those it is sure of  {} before, {} after", share(trial.alone_before), share(trial.alone_after))?;
    writeln!(out, "newest reports          {}: {} in another class", trial.seen, trial.changed)?;
    writeln!(out, "need no person          {} before, {} after", trial.sure_before, trial.sure_after)?;
    for (from, to, count) in &trial.moves {
        writeln!(out, "  {from} -> {to}  {count}")?;
    }
    writeln!(out, "It judges when a coordinator of the whole city adopts it, on the page /models.")?;
    Ok(())
}
