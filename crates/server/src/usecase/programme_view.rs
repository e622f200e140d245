//! The programme of the city: its stages, how far each goal is by what was counted, and what is owed.

use jiff::ToSpan;
use muster_core::evaluate::Ratio;
use muster_core::evaluate::programme::{Standing, standing};
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::{date_of_number, day_number};
use muster_store::people::{account_get, unit_get};
use muster_store::programme::{
    KeyTaskRow, ProgrammeGoal, ProgrammeStage, key_task_get, key_tasks, programme_goals, programme_stage_get,
    programme_stages, programme_targets,
};
use uuid::Uuid;

use super::act::deny;
use super::finding_figure::{Question, answer, higher_is_better};
use crate::error::{Error, Result};
use crate::state::State;

/// Milestones and tasks of one programme, at most.
pub(super) const TASKS_MOST: i64 = 1_000;
/// Days until today over which a goal is measured: a quarter.
pub const MEASURED_DAYS: i64 = 90;

#[derive(Clone, Debug)]
pub struct Programme {
    pub stages: Vec<ProgrammeStage>,
    pub goals: Vec<GoalSeen>,
    pub tasks: Vec<KeyTaskRow>,
    /// The stage of today, else the next, else the last: by its place.
    pub current: Option<usize>,
    /// The days over which the goals were measured, yyyymmdd.
    pub measured: (i64, i64),
}

/// A goal with what was counted, and where it stands to the target of the current stage.
#[derive(Clone, Debug)]
pub struct GoalSeen {
    pub goal: ProgrammeGoal,
    pub now: Option<Ratio>,
    /// In the order of the stages; none where the stage sets none.
    pub targets: Vec<Option<i64>>,
    pub standing: Option<Standing>,
}

pub async fn programme_view(state: &State, actor: &Actor) -> Result<Programme> {
    may(actor, Action::ProgrammeView, &Subject::NONE).map_err(deny)?;
    let area = state.pack.root_area;
    let today = state.pack.calendar.local_date(state.now());
    let first = today.checked_sub((MEASURED_DAYS - 1).days()).map_err(|error| Error::internal(&error))?;
    let measured = (day_number(first), day_number(today));
    let mut tx = state.read().await?;
    let stages = programme_stages(&mut tx, area).await?;
    let current = current(&stages, day_number(today));
    let targets = programme_targets(&mut tx, area).await?;
    let mut goals = Vec::new();
    for goal in programme_goals(&mut tx, area).await? {
        let of = |stage: &ProgrammeStage| {
            let own = targets.iter().find(|t| t.goal_id == goal.id && t.stage_id == stage.id).map(|t| t.target);
            own.or_else(|| aimed(state, &goal.indicator, stage))
        };
        let of_stages: Vec<Option<i64>> = stages.iter().map(of).collect();
        let question = Question { indicator: goal.indicator.clone(), unit: None, class: String::new(), days: measured };
        let now = match answer(&mut tx, &state.pack, area, &question).await {
            Ok(now) => Some(now),
            // A figure that is not counted here, or not any more.
            Err(error) if error.status() == 422 => None,
            Err(error) => return Err(error),
        };
        let target = current.and_then(|place| of_stages[place]);
        let standing = target.map(|target| standing(now, target, higher_is_better(&state.pack, &goal.indicator)));
        goals.push(GoalSeen { goal, now, targets: of_stages, standing });
    }
    let tasks = key_tasks(&mut tx, area, TASKS_MOST).await?;
    Ok(Programme { stages, goals, tasks, current, measured })
}

/// What the pack aims at in the last year of a stage, where the goal sets nothing of its own.
fn aimed(state: &State, indicator: &str, within: &ProgrammeStage) -> Option<i64> {
    let year = date_of_number(within.last_day)?.year();
    let target = state.pack.indicators.target(indicator, state.pack.root_area.level(), year)?;
    Some((target.percent * 100.0).round() as i64)
}

/// The stage of a day, else the next, else the last.
fn current(stages: &[ProgrammeStage], today: i64) -> Option<usize> {
    stages.iter().position(|stage| today <= stage.last_day).or(stages.len().checked_sub(1))
}

/// A milestone or a task with the names that belong to it.
#[derive(Clone, Debug)]
pub struct KeyTaskSeen {
    pub row: KeyTaskRow,
    pub stage: String,
    pub unit: String,
    pub reported_by: String,
    pub decided_by: String,
}

pub async fn key_task_view(state: &State, actor: &Actor, id: Uuid) -> Result<KeyTaskSeen> {
    may(actor, Action::ProgrammeView, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let row = key_task_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let within = programme_stage_get(&mut tx, row.stage_id).await?.map(|stage| stage.name).unwrap_or_default();
    let unit = unit_get(&mut tx, row.unit_id).await?.map(|unit| unit.name).unwrap_or_default();
    let mut names = [String::new(), String::new()];
    for (name, id) in names.iter_mut().zip([row.reported_by, row.decided_by]) {
        if let Some(id) = id {
            *name = account_get(&mut tx, id.into()).await?.map(|account| account.name).unwrap_or_default();
        }
    }
    let [reported_by, decided_by] = names;
    Ok(KeyTaskSeen { row, stage: within, unit, reported_by, decided_by })
}

/// Whether a number is a day.
pub(super) fn is_day(day: i64) -> bool {
    date_of_number(day).is_some()
}
