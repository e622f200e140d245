//! The owner says what it does about a finding and by when, and that it has begun.

use jiff::civil::Date;
use muster_core::evaluate::finding::FindingAct;
use muster_core::people::{Action, Actor};
use uuid::Uuid;

use super::act::{Act, fits};
use super::finding::{hold, take, write};
use super::finding_open::day_end;
use crate::error::{Error, Result};
use crate::state::State;

/// `last`: the day by which it is done, never after the deadline.
pub async fn finding_plan(
    state: &State,
    actor: &Actor,
    id: Uuid,
    (measure, last): (&str, Date),
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingPlan, version).await?;
    if measure.trim().is_empty() {
        return Err(Error::invalid(
            "measure",
            "finding-measure-missing",
            "Say what is done so that it does not come back.",
        ));
    }
    fits(state, "measure", measure)?;
    let by = day_end(&act, last);
    if by <= act.at {
        return Err(Error::invalid("by", "finding-by-past", format!("{last} is over; choose a day to come.")));
    }
    let from = row.stage;
    let step = take(&act, &mut row, FindingAct::Plan { by })?;
    row.measure = Some(measure.trim().to_owned());
    write(&mut act, &mut row, (from, step), (measure, serde_json::json!({ "by": by.0 }))).await?;
    act.audit(Action::FindingPlan, "finding", id.to_string(), None);
    act.commit().await
}

pub async fn finding_begin(state: &State, actor: &Actor, id: Uuid, version: Option<i64>) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingPlan, version).await?;
    let from = row.stage;
    let owed = (row.owed_from, row.rung, row.next_rung_at);
    let step = take(&act, &mut row, FindingAct::Begin)?;
    // The day is the same: beginning does not put off a warning.
    (row.owed_from, row.rung, row.next_rung_at) = owed;
    write(&mut act, &mut row, (from, step), ("", serde_json::Value::Null)).await?;
    act.audit(Action::FindingPlan, "finding", id.to_string(), None);
    act.commit().await
}
