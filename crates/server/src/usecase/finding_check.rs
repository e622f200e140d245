//! Somebody else than the owner checks whether a finding is put right; what is not goes back with the reason.

use muster_core::evaluate::finding::FindingAct;
use muster_core::people::{Action, Actor};
use uuid::Uuid;

use super::act::{Act, reason};
use super::finding::{hold, take, units_of, write};
use crate::error::Result;
use crate::state::State;

/// `words`: what was looked at and found; the unit reads it.
pub async fn finding_check(
    state: &State,
    actor: &Actor,
    id: Uuid,
    (accepted, words): (bool, &str),
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingCheck, version).await?;
    let from = row.stage;
    let units = units_of(actor);
    let check = FindingAct::Check { who: actor.account_id(), units: &units, accepted };
    let step = take(&act, &mut row, check)?;
    let words = reason(state, words)?;
    row.checked_by = actor.account_id().filter(|_| accepted).map(|id| id.0);
    write(&mut act, &mut row, (from, step), (&words, serde_json::Value::Null)).await?;
    act.audit(Action::FindingCheck, "finding", id.to_string(), None);
    act.commit().await
}
