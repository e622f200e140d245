//! `muster import programme`.

use std::fmt;
use std::path::PathBuf;

use anyhow::Context;
use muster_core::people::Actor;
use serde::Serialize;

use crate::config::ConfigFlags;
use crate::state::State;
use crate::usecase::programme_import::programme_import;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// TOML with [[stage]], [[goal]] and [[task]]
    file: PathBuf,
    /// Print the counts as one JSON object
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) config: ConfigFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub stages: usize,
    pub goals: usize,
    pub tasks: usize,
    pub known: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stages, goals, tasks, known } = self;
        write!(f, "stages {stages}, goals {goals}, tasks {tasks} added and {known} that were there")
    }
}

/// # Errors
/// The file cannot be read, or something in it is wrong; then nothing of it was taken.
pub async fn take(state: &State, args: &Args) -> anyhow::Result<Summary> {
    let text = std::fs::read_to_string(&args.file).with_context(|| format!("reading {}", args.file.display()))?;
    let taken = programme_import(state, &Actor::System, &text).await.map_err(|error| {
        let details: Vec<String> = error.fields().iter().map(|fault| fault.detail.clone()).collect();
        anyhow::anyhow!(
            "{}: {}",
            args.file.display(),
            if details.is_empty() { error.to_string() } else { details.join(" ") }
        )
    })?;
    Ok(Summary { stages: taken.stages, goals: taken.goals, tasks: taken.tasks, known: taken.known })
}
