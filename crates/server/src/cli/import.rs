//! `muster import`: reports, areas, units and resources from files.

pub mod areas;
pub(super) mod fields;
pub mod hsds;
mod list;
mod records;
mod rejects;
pub mod reports;
pub mod resources;
pub(super) mod table;
pub(super) mod times;
pub mod units;
mod values;

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::state::State;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Reports with their own times: history, or what another system gathered
    Reports(reports::Args),
    /// The tree of areas, from national code lists or your own
    Areas(areas::Args),
    /// The units that answer for work
    Units(units::Args),
    /// Organisations, services, venues, vehicles and stocks
    Resources(resources::Args),
    /// Organisations, services and venues as Open Referral HSDS 3
    Hsds(hsds::Args),
}

/// Where the instance is and what is printed; the same for all.
#[derive(clap::Args, Debug, Default)]
pub struct Common {
    /// Which column holds a field, such as text=content; text=kind+street joins two with a space; time= for none
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = fields::asked)]
    map: Vec<fields::Asked>,
    /// File for the rows that were not taken, with line and reason [default: FILE.rejects.jsonl in this folder]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the counts as one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let runtime = super::runtime()?;
    match args.command {
        Command::Reports(args) => {
            let job = reports::Job::open(&args)?;
            runtime.block_on(async { finish(&args.common, job.run(&open(&args.common).await?).await) })
        }
        Command::Areas(args) => {
            let job = areas::Job::open(&args)?;
            runtime.block_on(async { finish(&args.common, job.run(&open(&args.common).await?).await) })
        }
        Command::Resources(args) => {
            let job = resources::Job::open(&args)?;
            runtime.block_on(async { finish(&args.common, job.run(&open(&args.common).await?).await) })
        }
        Command::Hsds(args) => {
            let job = hsds::Job::open(&args)?;
            runtime.block_on(async { finish(&args.common, job.run(&open(&args.common).await?).await) })
        }
        Command::Units(args) => {
            let job = units::Job::open(&args)?;
            runtime.block_on(async { finish(&args.common, job.run(&open(&args.common).await?).await) })
        }
    }
}

async fn open(common: &Common) -> anyhow::Result<State> {
    State::open(Config::load(&common.config)?, Clock::system(), Chance::system()).await
}

/// What was done, and whether it went to the end: what was done before a failure is stored and counted all the same.
pub type Done<S> = (S, anyhow::Result<()>);

fn finish<S: Serialize + std::fmt::Display>(common: &Common, (summary, end): Done<S>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if common.json {
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{summary}")?;
    }
    end
}
