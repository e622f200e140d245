//! `muster dispatch instance`: a made-up city of needs and resources, from a seed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::builder::PossibleValuesParser;
use muster_core::dispatch::file;
use muster_core::dispatch::recipe::{Recipe, SIZES};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// s, m and l grow tenfold each; ms and ls are surges, in which hot spots ask for more than there is nearby
    #[arg(long, value_parser = PossibleValuesParser::new(SIZES))]
    size: String,
    /// File to write
    #[arg(long)]
    out: PathBuf,
    /// Another city of the same kind [default: the one that the figures are measured with]
    #[arg(long)]
    seed: Option<u64>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let recipe = Recipe::of(&args.size).with_context(|| format!("{:?} is no size; try one of {SIZES:?}", args.size))?;
    let instance = Recipe { seed: args.seed.unwrap_or(recipe.seed), ..recipe }.instance();
    let shown = args.out.display();
    let file = File::create(&args.out).with_context(|| format!("{shown} cannot be written; does its folder exist?"))?;
    let mut out = BufWriter::new(file);
    file::write(&instance, &mut out)
        .and_then(|()| out.flush())
        .with_context(|| format!("{shown} cannot be written"))?;
    let (needs, resources) = (instance.needs.len(), instance.resources.len());
    writeln!(std::io::stdout(), "{shown}: {needs} needs, {resources} resources, {} pairs", instance.graph.pairs.len())?;
    Ok(())
}
