//! The owner of a key task says that it is done, with what shows it.

use muster_core::evaluate::programme::KeyTaskMove;
use muster_core::people::{Action, Actor};
use muster_store::programme::key_task_update;
use uuid::Uuid;

use super::act::{Act, fits};
use super::key_task_decide::{hold, step};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn key_task_report(
    state: &State,
    actor: &Actor,
    id: Uuid,
    evidence: &str,
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::KeyTaskReport, version).await?;
    step(&mut row, KeyTaskMove::Report)?;
    if evidence.trim().is_empty() {
        let detail = "Say what was done and what shows it.";
        return Err(Error::invalid("evidence", "finding-evidence-missing", detail));
    }
    fits(state, "evidence", evidence)?;
    row.evidence = Some(evidence.trim().to_owned());
    row.reported_by = actor.account_id().map(|id| id.0);
    row.reported_at = Some(act.at.0);
    // Whoever decides has it now; the owner is not warned of what is not theirs any more.
    row.next_rung_at = None;
    key_task_update(&mut act.tx, &row).await?;
    act.audit(Action::KeyTaskReport, "programme_task", id.to_string(), None);
    act.commit().await
}
