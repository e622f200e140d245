//! `muster room`: the sample of a third-party evaluation, drawn again.

use std::io::Write;

use anyhow::Context;
use clap::Subcommand;
use muster_core::people::Actor;
use serde_json::json;
use uuid::Uuid;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::state::State;
use crate::usecase::room_redraw::room_redraw;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Draw the sample of a contract again from its seed and frame; ends with an error where it is another one
    Redraw(Redraw),
}

#[derive(clap::Args, Debug)]
struct Redraw {
    /// Id of the contract, the last part of its address
    id: Uuid,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let Command::Redraw(args) = &args.command;
    let config = Config::load(&args.config)?;
    super::runtime()?.block_on(redraw(args, config))
}

async fn redraw(args: &Redraw, config: Config) -> anyhow::Result<()> {
    let state = State::open(config, Clock::system(), Chance::system()).await?;
    let again = room_redraw(&state, &Actor::System, args.id).await.context("drawing again")?;
    let room = &again.contract.row;
    if args.json {
        super::print_json(&json!({
            "room": room.id, "seed": again.seed, "seed_same": again.seed_same, "frame_size": room.frame_size,
            "frame_hash": again.frame_hash, "frame_same": again.frame_same, "strata_same": again.strata_same,
            "drawn": again.drawn, "differing": again.differing, "same": again.is_same(),
        }))?;
    } else {
        let out = &mut std::io::stdout().lock();
        let word = |same: bool| if same { "the same" } else { "ANOTHER" };
        writeln!(out, "{} ({})", room.title, room.agency)?;
        writeln!(out, "seed    {}  {}", again.seed, again.seed_same.map_or("drawn in public", word))?;
        writeln!(out, "frame   {}  {}", again.frame_hash, word(again.frame_same))?;
        writeln!(out, "shares  {}", word(again.strata_same))?;
        writeln!(out, "sample  {} cases, {}", again.drawn, word(again.differing.is_empty()))?;
    }
    state.db.close().await;
    anyhow::ensure!(again.is_same(), "the sample drawn again is not the one that is kept");
    Ok(())
}
