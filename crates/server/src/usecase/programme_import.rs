//! A programme comes as one TOML file: stages, goals with their targets, milestones and key tasks. Once more changes what is
//! known by its name and leaves tasks that are there alone.

use jiff::civil::Date;
use muster_core::people::Actor;
use muster_core::time::day_number;
use muster_store::people::unit_list;
use muster_store::programme::key_task_known;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::act::Act;
use super::key_task_add::{NewKeyTask, task_in};
use super::programme_edit::{NewGoal, NewStage, goal_in, stage_in};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    stage: Vec<StageEntry>,
    #[serde(default)]
    goal: Vec<GoalEntry>,
    #[serde(default)]
    task: Vec<TaskEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StageEntry {
    name: String,
    #[serde(default)]
    words: String,
    first: String,
    last: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GoalEntry {
    name: String,
    indicator: String,
    /// Per cent by the name of the stage.
    target: BTreeMap<String, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskEntry {
    stage: String,
    kind: String,
    title: String,
    #[serde(default)]
    words: String,
    /// Code of the unit.
    unit: String,
    last: String,
}

/// What was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub stages: usize,
    pub goals: usize,
    pub tasks: usize,
    /// Tasks that were there.
    pub known: usize,
}

/// All of it, or nothing: the first entry that is wrong is named.
pub async fn programme_import(state: &State, actor: &Actor, text: &str) -> Result<Taken> {
    let file: File =
        toml::from_str(text).map_err(|error| Error::invalid("file", "programme-file-wrong", error.to_string()))?;
    let mut act = Act::begin(state, actor).await?;
    let mut taken = Taken::default();
    let mut stages: BTreeMap<&str, Uuid> = BTreeMap::new();
    for entry in &file.stage {
        let days = (day_number(day(&entry.first, &entry.name)?), day_number(day(&entry.last, &entry.name)?));
        let new = NewStage { name: entry.name.clone(), words: entry.words.clone(), days };
        let id = stage_in(&mut act, &new).await.map_err(|error| named("stage", &entry.name, error))?;
        stages.insert(&entry.name, id);
        taken.stages += 1;
    }
    for entry in &file.goal {
        let mut targets = Vec::new();
        for (stage, percent) in &entry.target {
            targets.push((stage_of(&stages, stage, &entry.name)?, (percent * 100.0).round() as i64));
        }
        let new = NewGoal { name: entry.name.clone(), indicator: entry.indicator.clone(), targets };
        goal_in(&mut act, &new).await.map_err(|error| named("goal", &entry.name, error))?;
        taken.goals += 1;
    }
    let units = unit_list(&mut act.tx).await?;
    for entry in &file.task {
        let within = stage_of(&stages, &entry.stage, &entry.title)?;
        if key_task_known(&mut act.tx, within, entry.title.trim()).await? {
            taken.known += 1;
            continue;
        }
        let unknown =
            |what: String| Error::invalid("file", "programme-file-wrong", format!("task {:?}: {what}", entry.title));
        let unit = units.iter().find(|unit| unit.code == entry.unit);
        let unit = unit.ok_or_else(|| unknown(format!("there is no unit {:?}", entry.unit)))?.id;
        let kind = entry.kind.parse().map_err(unknown)?;
        let (title, words) = (entry.title.clone(), entry.words.clone());
        let new = NewKeyTask { stage: within, kind, title, words, unit, last: day(&entry.last, &entry.title)? };
        task_in(&mut act, &new).await.map_err(|error| named("task", &entry.title, error))?;
        taken.tasks += 1;
    }
    act.commit().await?;
    Ok(taken)
}

fn day(text: &str, of: &str) -> Result<Date> {
    let wrong = |_| {
        let detail = format!("{of:?}: {text:?} is no day; write \"2026-05-31\"");
        Error::invalid("file", "programme-file-wrong", detail)
    };
    text.parse().map_err(wrong)
}

fn stage_of(stages: &BTreeMap<&str, Uuid>, name: &str, of: &str) -> Result<Uuid> {
    let known = stages.get(name).copied();
    known.ok_or_else(|| {
        let names: Vec<&str> = stages.keys().copied().collect();
        let detail = format!("{of:?}: there is no stage {name:?} in the file; it has {}", names.join(", "));
        Error::invalid("file", "programme-file-wrong", detail)
    })
}

/// What was wrong with an entry, with its name before it.
fn named(kind: &str, name: &str, error: Error) -> Error {
    let details: Vec<&str> = error.fields().iter().map(|fault| fault.detail.as_str()).collect();
    if details.is_empty() {
        return error;
    }
    Error::invalid("file", "programme-file-wrong", format!("{kind} {name:?}: {}", details.join(" ")))
}
