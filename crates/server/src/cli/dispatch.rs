//! `muster dispatch`: instances of the matching problem, their exact solution, and a city to try ways to dispatch in.

mod effort;
mod goods;
mod instance;
mod simulate;
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
    /// Play a made-up city under several ways to dispatch, side by side
    Simulate(simulate::Args),
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    match &args.command {
        Command::Instance(args) => instance::run(args),
        Command::Solve(args) => solve::run(args),
        Command::Goods(args) => goods::run(args),
        Command::Simulate(args) => simulate::run(args),
    }
}
