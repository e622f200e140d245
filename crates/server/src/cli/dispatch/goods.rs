//! `muster dispatch goods`: sharing out goods with quantities, exactly and with the proof.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use muster_core::dispatch::transport::{Transport, certify_transport, transport};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Files to solve; a line of output each
    files: Vec<PathBuf>,
    /// Make up an instance from this seed first
    #[arg(long, requires = "out")]
    seed: Option<u64>,
    /// Where the made-up instance goes
    #[arg(long, requires = "seed")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if let (Some(seed), Some(out)) = (args.seed, &args.out) {
        let text = Transport::made_up(seed).to_text();
        fs::write(out, text).with_context(|| format!("{} cannot be written; is its folder there?", out.display()))?;
    }
    let lines = &mut std::io::stdout().lock();
    for file in &args.files {
        let shown = file.display();
        let text = fs::read_to_string(file).with_context(|| format!("{shown} cannot be read; does it exist?"))?;
        let problem = Transport::from_text(&text).with_context(|| format!("{shown} is no instance"))?;
        let proof = certify_transport(&problem, &transport(&problem))
            .context("the plan is not proven to be the best; report this as a bug")?;
        writeln!(lines, "{shown} {}", proof.objective)?;
    }
    Ok(())
}
