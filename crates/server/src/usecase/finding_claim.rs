//! The owner takes a finding: it knows of it and will say what it does.

use muster_core::evaluate::finding::FindingAct;
use muster_core::people::{Action, Actor};
use uuid::Uuid;

use super::act::Act;
use super::finding::{hold, take, write};
use crate::error::Result;
use crate::state::State;

pub async fn finding_claim(state: &State, actor: &Actor, id: Uuid, version: Option<i64>) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingClaim, version).await?;
    let from = row.stage;
    let step = take(&act, &mut row, FindingAct::Claim)?;
    write(&mut act, &mut row, (from, step), ("", serde_json::Value::Null)).await?;
    act.audit(Action::FindingClaim, "finding", id.to_string(), None);
    act.commit().await
}
