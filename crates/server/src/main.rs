//! The one binary: reads the command line and calls `muster_server`.

use clap::{Parser, Subcommand};
use muster_server::cli;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(name = "muster", version, about = "Hear what residents need, keep the promise, show the result")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A demo city with a month of life, on a throw-away database
    Demo(cli::demo::Args),
    /// Take in reports, areas, units and resources from files
    Import(cli::import::Args),
    /// Write the registry of resources into a file
    Export(cli::export::Args),
    /// Write the report of a month, quarter or half-year as page, paper and workbook
    Report(cli::report::Args),
    /// Create accounts
    Admin(cli::admin::Args),
    /// Serve pages and API
    Serve(cli::serve::Args),
    /// Train, measure and run the classifier
    Sense(cli::sense::Args),
    /// Match needs and resources: made-up instances, exact solutions
    Dispatch(cli::dispatch::Args),
    /// Check every rule that the stored data can show
    Doctor(cli::doctor::Args),
    /// Write a copy of the instance into a file while it runs; the master key stays apart
    Backup(cli::backup::Args),
    /// Make an instance of a backup in an empty place
    Restore(cli::backup::Args),
    /// Say why a promise is due when it is
    Clock(cli::clock::Args),
    /// Check a policy pack
    Pack(cli::pack::Args),
    /// Draw the sample of a third-party evaluation again
    Room(cli::room::Args),
    /// Measure what this machine carries
    Bench(cli::bench::Args),
}

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("MUSTER_LOG").unwrap_or_else(|_| EnvFilter::new("info")))
        .with_writer(std::io::stderr)
        .init();
    match Cli::parse().command {
        Command::Demo(args) => cli::demo::run(&args),
        Command::Import(args) => cli::import::run(args),
        Command::Export(args) => cli::export::run(&args),
        Command::Report(args) => cli::report::run(&args),
        Command::Admin(args) => cli::admin::run(args),
        Command::Serve(args) => cli::serve::run(&args),
        Command::Sense(args) => cli::sense::run(args),
        Command::Dispatch(args) => cli::dispatch::run(&args),
        Command::Doctor(args) => cli::doctor::run(&args),
        Command::Backup(args) => cli::backup::backup(&args),
        Command::Restore(args) => cli::backup::restore(&args),
        Command::Clock(args) => cli::clock::run(&args),
        Command::Pack(args) => cli::pack::run(args),
        Command::Room(args) => cli::room::run(&args),
        Command::Bench(args) => cli::bench::run(&args),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn every_command_can_be_parsed() {
        super::Cli::command().debug_assert();
    }
}
