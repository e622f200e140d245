//! A unit asks for more time: before it runs out, with its reason (保定接诉即办条例 art. 19).

use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::process::{CaseRow, ClockRow, RequestRow, TaskRow, request_insert, requests_of_case};

use super::act::{Act, Words, reason};
use super::dispatch::open_task;
use super::promises::running;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct Extension {
    /// In the unit of the promise: working days, hours.
    pub amount: i64,
    pub reason: String,
    pub version: Option<i64>,
}

pub async fn extension_ask(state: &State, actor: &Actor, code: &str, asked: &Extension) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::ExtensionAsk, asked.version).await?;
    let flow = &state.pack.flow;
    let most = i64::from(flow.extension_most);
    if !(1..=most).contains(&asked.amount) {
        let detail = format!("Ask for 1 to {most}, not {}. Basis: {}", asked.amount, flow.extension_basis);
        return Err(Error::invalid("amount", "extension-amount", detail));
    }
    let reason = reason(state, &asked.reason)?;
    let task = open_task(&mut act, &case).await?;
    let next = case.state_machine()?.aside(Move::ExtendAsk)?;
    let clock = owed(&mut act, &case, &task).await?;
    if clock.broken_at.is_some() || clock.due_at <= act.at {
        let detail = "The time has run out; more of it can only be asked for before.";
        return Err(Error::conflict(detail, case.state_machine()?.choices().iter().map(|m| m.as_str())));
    }
    let before = requests_of_case(&mut act.tx, case.id).await?;
    let of_task = |row: &&RequestRow| row.kind == "extend" && row.task_id == Some(task.id.0);
    let granted = before.iter().filter(of_task).filter(|row| row.state == "granted").count() as i64;
    if before.iter().any(|row| row.kind == "extend" && row.state == "open") {
        return Err(Error::invalid(
            "amount",
            "request-open",
            "More time has been asked for; a coordinator will decide.",
        ));
    }
    if granted >= flow.extension_times {
        let detail =
            format!("The time was extended {granted} times, as often as it can be. Basis: {}", flow.extension_basis);
        return Err(Error::invalid("amount", "extension-times", detail));
    }
    let from = case.state;
    case.take(&next);
    let row = RequestRow { amount: Some(asked.amount), ..request(&act, &case, &task, "extend", &reason) };
    request_insert(&mut act.tx, &row).await?;
    let detail = serde_json::json!({ "amount": asked.amount, "unit": clock.budget_unit });
    let words = Words { internal: Some(reason), detail, public: None };
    act.step(&case, from, Move::ExtendAsk, Some(task.id), words);
    act.audit(Action::ExtensionAsk, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// The promise of the unit to answer.
pub(super) async fn owed(act: &mut Act<'_>, case: &CaseRow, task: &TaskRow) -> Result<ClockRow> {
    let (clocks, _) = running(&mut act.tx, case).await?;
    let clock = clocks.into_iter().find(|clock| clock.task_id == Some(task.id.0) && clock.is(ClockKind::Answer));
    clock.ok_or_else(|| Error::conflict("No promise to answer is running.", Vec::<String>::new()))
}

pub(super) fn request(act: &Act<'_>, case: &CaseRow, task: &TaskRow, kind: &str, reason: &str) -> RequestRow {
    RequestRow {
        id: act.state.chance.uuid(act.at),
        case_id: case.id,
        task_id: Some(task.id.0),
        kind: kind.to_owned(),
        amount: None,
        until_at: None,
        ground: None,
        reason: reason.to_owned(),
        asked_at: act.at,
        asked_by: act.actor.account_id().map(|id| id.0),
        state: "open".to_owned(),
        decided_at: None,
        decided_by: None,
        answer: None,
    }
}
