//! A meeting with its agenda and what was decided: the minutes.

use muster_core::people::{Action, Actor, Subject, may};
use muster_store::meeting::{MatterRow, MeetingRow, meeting_agenda, meeting_get, meeting_units};
use muster_store::people::{Unit, unit_get};
use muster_store::process::{CaseRow, case_get};
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
        matters.push(Matter { row, case, unit });
    }
    let units = meeting_units(&mut tx, id).await?;
    Ok(Minutes { meeting, units, matters })
}
