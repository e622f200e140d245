//! `muster dispatch`: instances of the matching problem, and their exact solution.

mod effort;
mod goods;
mod instance;
mod solve;

use clap::{Args as Arguments, Subcommand};

#[derive(Arguments, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Write a made-up instance into a file
    Instance(instance::Args),
    /// Solve an instance exactly and prove it
    Solve(solve::Args),
    /// Share out goods with quantities, exactly
    Goods(goods::Args),
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    match &args.command {
        Command::Instance(args) => instance::run(args),
        Command::Solve(args) => solve::run(args),
        Command::Goods(args) => goods::run(args),
    }
}
