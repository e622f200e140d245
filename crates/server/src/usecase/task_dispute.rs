//! "Not ours": a unit hands its task back with a reason, and someone rules. Its clocks keep running.

use muster_core::evaluate::Measure;
use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, TaskMove, TaskState};
use muster_core::time::clock::due;
use muster_store::process::{CaseRow, TaskRow, tasks_of_case};

use super::act::{Act, Words, fits};
use super::case_resume::unpark;
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
    unpark(&mut act, &mut case).await?;
    let from = case.state;
    let unit = case.unit();
    let mut task = open_task(&mut act, &case).await?;
    may_object(&mut act, &case, &task).await?;
    move_task(&mut act, &mut task, TaskMove::Dispute).await?;
    act.count_for(&case, unit, Measure::Disputed, act.at);
    case.take(&case.state_machine()?.dispute()?);
    case.triage_reason = Some("disputed".to_owned());
    act.start_clock(&case, None, ClockKind::Rule, act.at);
    let detail = serde_json::json!({ "by": unit });
    let words = Words { internal: Some(reason.trim().to_owned()), detail, public: None };
    act.step(&case, from, Move::Dispute, Some(task.id), words);
    act.audit(Action::TaskDispute, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// What was ruled cannot be returned (潍坊市条例 art. 22), an objection comes soon after dispatch (唐山条例 art. 20), and a
/// case sees only so many of them.
async fn may_object(act: &mut Act<'_>, case: &CaseRow, task: &TaskRow) -> Result<()> {
    let flow = &act.state.pack.flow;
    let within = if case.complex { &flow.dispute_within_complex } else { &flow.dispute_within };
    let choices = case.state_machine()?.choices();
    let allowed = choices.iter().filter(|m| **m != Move::Dispute).map(|m| m.as_str());
    let before = tasks_of_case(&mut act.tx, case.id).await?;
    let disputed = before.iter().filter(|task| task.state == TaskState::Disputed).count() as i64;
    if task.ruled || disputed >= flow.disputes {
        let detail = format!("It was ruled that this unit answers; that cannot be returned. Basis: {}", within.basis);
        return Err(Error::conflict(detail, allowed));
    }
    let last = due(task.assigned_at, within, &act.state.pack.calendar).at;
    if act.at >= last {
        let last = act.state.pack.calendar.local(last.plus(-1)).strftime("%Y-%m-%d %H:%M").to_string();
        let detail = format!("An objection could be raised until {last}. Basis: {}", within.basis);
        return Err(Error::conflict(detail, allowed));
    }
    Ok(())
}
