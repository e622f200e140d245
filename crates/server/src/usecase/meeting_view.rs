//! A meeting with its agenda and what was decided: the minutes.

use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::meeting::{MatterRow, MeetingRow, meeting_agenda, meeting_get, meeting_units};
use muster_store::people::{Unit, unit_get};
use muster_store::process::{CaseRow, case_get, clocks_of_case, parts_of_case, tasks_of_case};
use uuid::Uuid;

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct Minutes {
    pub meeting: MeetingRow,
    pub units: Vec<Unit>,
    pub matters: Vec<Matter>,
}

/// A point of the agenda.
#[derive(Clone, Debug)]
pub struct Matter {
    pub row: MatterRow,
    pub case: CaseRow,
    /// The unit it was decided for.
    pub unit: Option<Unit>,
    /// What the decision gave out.
    pub tasks: Vec<Tasked>,
}

/// A task or a part that a decision gave to a unit.
#[derive(Clone, Debug)]
pub struct Tasked {
    pub unit: String,
    /// Of a part; the unit that answers for the whole case has none.
    pub title: Option<String>,
    /// None while it waits for another.
    pub due: Option<Timestamp>,
}

pub async fn meeting_view(state: &State, actor: &Actor, id: Uuid) -> Result<Minutes> {
    let mut tx = state.read().await?;
    let meeting = meeting_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    may(actor, Action::MeetingView, &Subject::area(meeting.area)).map_err(deny)?;
    let mut matters = Vec::new();
    for row in meeting_agenda(&mut tx, id).await? {
        let case = case_get(&mut tx, row.case_id).await?.ok_or_else(Error::not_found)?;
        let unit = match row.unit_id {
            Some(unit) => unit_get(&mut tx, unit.into()).await?,
            None => None,
        };
        let tasks = tasks(&mut tx, &row).await?;
        matters.push(Matter { row, case, unit, tasks });
    }
    let units = meeting_units(&mut tx, id).await?;
    Ok(Minutes { meeting, units, matters })
}

/// What was given out in the act of the decision: the case's task, and parts of the work.
async fn tasks(tx: &mut Tx, row: &MatterRow) -> Result<Vec<Tasked>> {
    let Some(at) = row.decided_at.map(Timestamp) else { return Ok(Vec::new()) };
    let mut given = Vec::new();
    let clocks = clocks_of_case(tx, row.case_id).await?;
    for task in tasks_of_case(tx, row.case_id).await?.iter().filter(|task| task.assigned_at == at) {
        let clock = clocks.iter().find(|clock| clock.is(ClockKind::Answer) && clock.task_id == Some(task.id.0));
        given.push((task.unit_id, None, clock.map(|clock| clock.due_at)));
    }
    for part in parts_of_case(tx, row.case_id).await?.rows.iter().filter(|part| part.given_at == at) {
        given.push((part.unit_id, Some(part.title.clone()), part.due_at.map(Timestamp)));
    }
    let mut tasks = Vec::with_capacity(given.len());
    for (unit, title, due) in given {
        let unit = unit_get(tx, unit).await?.map(|unit| unit.name).unwrap_or_default();
        tasks.push(Tasked { unit, title, due });
    }
    Ok(tasks)
}
