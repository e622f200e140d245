//! The owner has looked at its own work and says that it is put right, with what shows it.

use muster_core::evaluate::finding::FindingAct;
use muster_core::people::{Action, Actor};
use uuid::Uuid;

use super::act::{Act, fits};
use super::finding::{hold, take, write};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn finding_check_own(
    state: &State,
    actor: &Actor,
    id: Uuid,
    evidence: &str,
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingCheckOwn, version).await?;
    if evidence.trim().is_empty() {
        let detail = "Say what was done and what shows it; whoever checks goes by it.";
        return Err(Error::invalid("evidence", "finding-evidence-missing", detail));
    }
    fits(state, "evidence", evidence)?;
    let from = row.stage;
    let step = take(&act, &mut row, FindingAct::CheckOwn { who: actor.account_id() })?;
    row.evidence = Some(evidence.trim().to_owned());
    write(&mut act, &mut row, (from, step), (evidence, serde_json::Value::Null)).await?;
    act.audit(Action::FindingCheckOwn, "finding", id.to_string(), None);
    act.commit().await
}
