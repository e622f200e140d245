//! `muster pack`: policy packs from the command line.

mod derive;
mod kit;
mod replay;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use muster_core::pack::Pack;

use crate::pack_default::check_dir;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Check a pack as a whole and print every fault
    Check {
        /// Folder with the pack's .toml files; a file it lacks is taken from the built-in pack
        dir: PathBuf,
    },
    /// Make a pack from another system's record of cases and deadlines, and say how far due times agree
    Derive(derive::Args),
    /// Try the rules of a pack on the cases of last quarter, and say what would have been otherwise
    Replay(replay::Args),
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match args.command {
        Command::Check { dir } => check(&mut out, &dir),
        Command::Replay(args) => {
            let report = crate::cli::runtime()?.block_on(replay::replay(&args))?;
            if args.json {
                serde_json::to_writer(&mut out, &report)?;
                writeln!(out)?;
            } else {
                write!(out, "{report}")?;
            }
            Ok(())
        }
        Command::Derive(args) => {
            let summary = derive::derive(&args)?;
            if args.json {
                serde_json::to_writer(&mut out, &summary)?;
                writeln!(out)?;
            } else {
                writeln!(out, "{summary}")?;
            }
            Ok(())
        }
    }
}

fn check(out: &mut impl Write, dir: &Path) -> anyhow::Result<()> {
    match check_dir(dir)? {
        Ok(pack) => {
            writeln!(out, "{}", summary(&pack))?;
            Ok(())
        }
        Err(faults) => {
            for fault in &faults {
                writeln!(out, "{fault}")?;
            }
            bail!("{} fault(s) in the pack of {}", faults.len(), dir.display());
        }
    }
}

fn summary(pack: &Pack) -> String {
    format!(
        "pack {} {}: {} categories, {} mapped nodes, {} departments, {} duties, {} clocks, {} calendar years, \
         {} outcomes, {} refusal reasons: ok",
        pack.name.zh,
        pack.version,
        pack.taxonomy.len(),
        pack.crosswalk.iter().count(),
        pack.duties.departments().count(),
        pack.duties.len(),
        pack.clocks.rows(),
        pack.calendar.years().count(),
        pack.outcomes.len(),
        pack.refusals.len(),
    )
}
