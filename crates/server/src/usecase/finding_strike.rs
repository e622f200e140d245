//! A finding is struck off: only after the check, and after it was public. One looks back twice.

use muster_core::evaluate::finding::FindingAct;
use muster_core::people::{Action, Actor};
use muster_core::time::Timestamp;
use uuid::Uuid;

use super::act::{Act, reason};
use super::finding::{hold, take, write};
use super::finding_look::next_look;
use crate::error::Result;
use crate::state::State;

pub async fn finding_strike(state: &State, actor: &Actor, id: Uuid, words: &str, version: Option<i64>) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingStrike, version).await?;
    let from = row.stage;
    let stands = state.pack.findings.public_days * Timestamp::DAY;
    let step = take(&act, &mut row, FindingAct::Strike { at: act.at, stands })?;
    let words = reason(state, words)?;
    row.look_at = next_look(state, &row);
    write(&mut act, &mut row, (from, step), (&words, serde_json::Value::Null)).await?;
    act.audit(Action::FindingStrike, "finding", id.to_string(), None);
    act.commit().await
}
