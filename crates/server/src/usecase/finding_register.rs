//! What was noted is registered with an owner and a deadline, or it is none.

use jiff::civil::Date;
use muster_core::evaluate::finding::{FindingAct, Owner};
use muster_core::id::UnitId;
use muster_core::people::{Action, Actor};
use uuid::Uuid;

use super::act::{Act, reason};
use super::dispatch::known_unit;
use super::finding::{hold, take, write};
use super::finding_open::{day_end, deadline};
use super::resource::Faults;
use crate::error::Result;
use crate::state::State;

pub async fn finding_register(
    state: &State,
    actor: &Actor,
    id: Uuid,
    (unit, last): (UnitId, Date),
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingOpen, version).await?;
    let mut faults = Faults::default();
    deadline(state, last, &mut faults);
    faults.end()?;
    known_unit(&mut act.tx, "unit", unit).await?;
    let owner = Owner { unit, due: day_end(&act, last) };
    let from = row.stage;
    let step = take(&act, &mut row, FindingAct::Register(owner))?;
    let detail = serde_json::json!({ "unit": unit, "due": owner.due.0 });
    write(&mut act, &mut row, (from, step), ("", detail)).await?;
    act.audit(Action::FindingOpen, "finding", id.to_string(), None);
    act.commit().await
}

/// It is no finding; why stays in its history.
pub async fn finding_drop(state: &State, actor: &Actor, id: Uuid, why: &str, version: Option<i64>) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingOpen, version).await?;
    let why = reason(state, why)?;
    let from = row.stage;
    let step = take(&act, &mut row, FindingAct::Drop)?;
    write(&mut act, &mut row, (from, step), (&why, serde_json::Value::Null)).await?;
    act.audit(Action::FindingOpen, "finding", id.to_string(), None);
    act.commit().await
}
