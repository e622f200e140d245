//! The history that a benchmark writes is what the use-cases would have written.

use clap::Parser;
use muster_server::cli::bench::{Args, run};
use muster_server::clock::Clock;
use muster_server::config::Config;
use muster_server::doctor::examine;

use crate::doctor::said;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

#[test]
fn the_doctor_finds_nothing_in_a_preload() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("bench").display().to_string();
    let line = ["bench", "likeness", "--preload", "600", "--drafts", "20", "--data", &data];
    run(&Line::try_parse_from(line).unwrap().args).unwrap();
    let config = Config { data: data.into(), ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let health = runtime.block_on(examine(&config, &Clock::system(), |_, _| {})).unwrap();
    // No server has run that would have sent what is in the outbox.
    let known = |line: &String| ["calendar", "outbox-age"].iter().any(|name| line.starts_with(name));
    let found: Vec<String> = said(&health).into_iter().filter(|line| !known(line)).collect();
    assert!(found.is_empty(), "{found:#?}");
}
