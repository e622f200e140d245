//! `muster pack`: policy packs from the command line.

use std::io::{self, Write};
use std::path::PathBuf;

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
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let Command::Check { dir } = args.command;
    let mut out = io::stdout().lock();
    match check_dir(&dir)? {
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
