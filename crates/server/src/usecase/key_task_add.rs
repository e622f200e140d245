//! A milestone or a key task of the programme, with its owner and its day.

use jiff::civil::Date;
use muster_core::evaluate::programme::{KeyTaskKind, KeyTaskState};
use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject};
use muster_core::time::day_number;
use muster_store::programme::{
    KeyTaskRow, ProgrammeStage, key_task_insert, key_task_known, key_tasks, programme_stage_get,
};
use uuid::Uuid;

use super::act::Act;
use super::dispatch::known_unit;
use super::finding_open::day_end;
use super::owed::next_rung;
use super::programme_edit::{name, words};
use super::programme_view::TASKS_MOST;
use super::resource::Faults;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct NewKeyTask {
    pub stage: Uuid,
    pub kind: KeyTaskKind,
    pub title: String,
    pub words: String,
    pub unit: UnitId,
    /// The last day, within the stage.
    pub last: Date,
}

pub async fn key_task_add(state: &State, actor: &Actor, new: &NewKeyTask) -> Result<Uuid> {
    let mut act = Act::begin(state, actor).await?;
    let id = task_in(&mut act, new).await?;
    act.commit().await?;
    Ok(id)
}

pub(super) async fn task_in(act: &mut Act<'_>, new: &NewKeyTask) -> Result<Uuid> {
    let area = act.state.pack.root_area;
    act.may(Action::ProgrammeEdit, &Subject::area(area))?;
    let unknown = || Error::invalid("stage", "programme-stage-unknown", "Choose a stage from the list.");
    let stage = programme_stage_get(&mut act.tx, new.stage).await?.filter(|stage| stage.area == area);
    let stage = stage.ok_or_else(unknown)?;
    check(act, new, &stage).await?;
    known_unit(&mut act.tx, "unit", new.unit).await?;
    let due = day_end(act, new.last);
    let row = KeyTaskRow {
        id: act.state.chance.uuid(act.at),
        stage_id: stage.id,
        area,
        kind: new.kind,
        title: new.title.trim().to_owned(),
        words: new.words.trim().to_owned(),
        unit_id: new.unit,
        due_at: due,
        state: KeyTaskState::Open,
        evidence: None,
        reported_by: None,
        reported_at: None,
        decided_by: None,
        decided_at: None,
        decision: None,
        made_at: act.at,
        made_by: act.actor.account_id().map(|id| id.0),
        owed_from: act.at,
        rung: 0,
        next_rung_at: next_rung(act.state, (act.at, due), 0),
        version: 1,
    };
    key_task_insert(&mut act.tx, &row).await?;
    act.audit(Action::ProgrammeEdit, "programme_task", row.id.to_string(), None);
    Ok(row.id)
}

async fn check(act: &mut Act<'_>, new: &NewKeyTask, stage: &ProgrammeStage) -> Result<()> {
    let mut faults = Faults::default();
    name(act, "title", &new.title, &mut faults);
    words(act, "task_words", &new.words, &mut faults);
    let last = day_number(new.last);
    let detail = format!("{} is not within the stage, {} to {}.", new.last, stage.first_day, stage.last_day);
    faults.unless((stage.first_day..=stage.last_day).contains(&last), "last", "programme-day-outside", &detail);
    let detail = "The stage has one of this title; choose another.";
    let twice = key_task_known(&mut act.tx, stage.id, new.title.trim()).await?;
    faults.unless(!twice, "title", "programme-title-twice", detail);
    let many = key_tasks(&mut act.tx, act.state.pack.root_area, TASKS_MOST).await?.len() as i64;
    faults.unless(many < TASKS_MOST, "title", "programme-tasks-many", "The programme is full.");
    faults.end()
}
