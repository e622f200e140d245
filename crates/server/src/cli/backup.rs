//! `muster backup` and `muster restore`: an instance in one file, and an instance of it again.

use std::io::Write;
use std::path::PathBuf;

use super::doctor::{conclude, print};
use crate::backup::{backup as make, restore as take};
use crate::clock::Clock;
use crate::config::{Config, ConfigFlags};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// The file to write, or to read; on another disk than the instance
    file: PathBuf,
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn backup(args: &Args) -> anyhow::Result<()> {
    let config = Config::load(&args.config)?;
    let made = super::runtime()?.block_on(make(&config, &Clock::system(), &args.file))?;
    let rows: i64 = made.manifest.tables.values().sum();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {} database, schema {}, {rows} rows in {} tables, {} bytes, SHA-256 {}",
        args.file.display(),
        made.manifest.database,
        made.manifest.schema_version,
        made.manifest.tables.len(),
        made.bytes,
        made.sha256
    )?;
    writeln!(
        out,
        "The master key {} is not in it. Keep a copy of the key elsewhere: without it the backup cannot be restored.",
        config.master_key_path().display()
    )?;
    Ok(())
}

pub fn restore(args: &Args) -> anyhow::Result<()> {
    let config = Config::load(&args.config)?;
    let bar = indicatif::ProgressBar::new(0);
    let restored = super::runtime()?.block_on(take(&config, &Clock::system(), &args.file, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    }));
    bar.finish_and_clear();
    let (manifest, health) = restored?;
    let mut out = std::io::stdout().lock();
    print(&mut out, &health)?;
    let rows: i64 = manifest.tables.values().sum();
    writeln!(out, "restored: {rows} rows in {} tables", manifest.tables.len())?;
    conclude(&health)
}
