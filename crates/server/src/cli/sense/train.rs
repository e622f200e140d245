//! `muster sense train`.

use super::{Fields, rows, shipped};
use anyhow::Context;
use muster_core::sense::train;
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Labelled messages, one JSON object a line
    file: PathBuf,
    #[command(flatten)]
    fields: Fields,
    /// CSV of the label tree (columns level1, level2, level3): its names teach classes without messages
    #[arg(long)]
    taxonomy: Option<PathBuf>,
    /// Where to write the model; its name is the file's
    #[arg(long)]
    out: PathBuf,
    /// The pack's sense.toml [default: the built-in pack's]
    #[arg(long)]
    rules: Option<PathBuf>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let labels = args.fields.labels()?;
    let codes = shipped::codes(&labels);
    let rules = shipped::rules(args.rules.as_deref())?;
    let rows = rows::read(&args.file, &args.fields, &labels, &codes)?;
    let phrases = rows::phrases(&rules, args.taxonomy.as_deref(), &labels, &codes)?;
    let name = args.out.file_stem().and_then(|name| name.to_str()).context("--out needs a file name in UTF-8")?;

    let spinner = indicatif::ProgressBar::new_spinner().with_message(format!("training on {} messages", rows.len()));
    spinner.enable_steady_tick(std::time::Duration::from_millis(100));
    let model = train(&rows::lesson(name, &codes, rows.iter(), &phrases, args.seed, None))?;
    spinner.finish_and_clear();

    let bytes = model.to_bytes();
    std::fs::write(&args.out, &bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    let (version, count, size) = (model.version(), rows.len(), bytes.len());
    writeln!(
        std::io::stdout().lock(),
        "{version}: {count} messages, {} phrases, {size} bytes in {}",
        phrases.len(),
        args.out.display()
    )?;
    Ok(())
}
