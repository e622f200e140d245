//! `muster export`: the registry of resources, for other systems; never a person.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use muster_core::people::Actor;
use muster_store::dispatch::ResourceRow;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::state::State;
use crate::usecase::resource_export::{Hsds, resource_export};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Organisations, services, venues, vehicles and stocks
    Resources(Resources),
}

#[derive(clap::Args, Debug)]
struct Resources {
    /// As Open Referral HSDS 3: one JSON object of its tables [default: CSV, as `muster import resources` reads it]
    #[arg(long)]
    hsds: bool,
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let Command::Resources(args) = &args.command;
    let config = Config::load(&args.config)?;
    let text = super::runtime()?.block_on(text(config, args.hsds))?;
    match &args.out {
        Some(file) => std::fs::write(file, text).with_context(|| format!("writing {}", file.display())),
        None => Ok(std::io::stdout().lock().write_all(text.as_bytes())?),
    }
}

async fn text(config: Config, hsds: bool) -> anyhow::Result<String> {
    let state = State::open(config, Clock::system(), Chance::system()).await?;
    let rows = resource_export(&state, &Actor::System).await?;
    if hsds {
        return Ok(serde_json::to_string_pretty(&Hsds::of(&state, &rows))? + "\n");
    }
    Ok(csv(&rows))
}

/// Organisations first, so that a member finds its hub when this is read in elsewhere.
pub fn csv(rows: &[ResourceRow]) -> String {
    let mut sorted: Vec<&ResourceRow> = rows.iter().collect();
    sorted.sort_by_key(|row| (row.kind, row.parent_id.is_some(), row.id));
    let name_of = |id| rows.iter().find(|row| Some(row.id.0) == id).map_or("", |row| row.name.as_str());
    let mut text = String::from("kind,name,area,parent,skills,hours,reach_km,capacity,at_once,place\n");
    for row in sorted {
        let numbers = [row.reach / 1_000, row.capacity, row.at_once].map(|number| number.to_string());
        let hours: Vec<&str> = row.hours.lines().collect();
        let [reach, capacity, at_once] = &numbers;
        let place = format!("{:.6}, {:.6}", row.latitude as f64 / 1e6, row.longitude as f64 / 1e6);
        let area = row.area.to_string();
        let (skills, hours) = (row.skills.trim(), hours.join(" | "));
        let cells = [
            row.kind.as_str(),
            &row.name,
            &area,
            name_of(row.parent_id),
            skills,
            &hours,
            reach,
            capacity,
            at_once,
            &place,
        ];
        text += &cells.map(cell).join(",");
        text.push('\n');
    }
    text
}

/// Quoted where it must be; what a spreadsheet would take for a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
