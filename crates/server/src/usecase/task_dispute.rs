//! "Not ours": a unit hands its task back with a reason, and someone rules. Its clocks keep running.

use muster_core::evaluate::Measure;
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, TaskMove};
use muster_store::process::CaseRow;

use super::act::{Act, Words, fits};
use super::dispatch::{move_task, open_task};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn task_dispute(
    state: &State,
    actor: &Actor,
    code: &str,
    reason: &str,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::TaskDispute, version).await?;
    if reason.trim().is_empty() {
        let detail = "Say why this is not the unit's duty, and whose it is.";
        return Err(Error::invalid("reason", "reason-missing", detail));
    }
    fits(state, "reason", reason)?;
    let from = case.state;
    let unit = case.unit();
    let mut task = open_task(&mut act, &case).await?;
    move_task(&mut act, &mut task, TaskMove::Dispute).await?;
    act.count_for(&case, unit, Measure::Disputed, act.at);
    case.take(&case.state_machine()?.dispute()?);
    case.triage_reason = Some("disputed".to_owned());
    let detail = serde_json::json!({ "by": unit });
    let words = Words { internal: Some(reason.trim().to_owned()), detail, public: None };
    act.step(&case, from, Move::Dispute, Some(task.id), words);
    act.audit(Action::TaskDispute, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}
