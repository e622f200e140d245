//! A unit under supervision reports what it found and did; the order's clock stops.

use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::process::{CaseRow, supervision_update, supervisions_of_case};

use super::act::{Act, Words, reason};
use super::dispatch::open_task;
use crate::error::{Error, Result};
use crate::state::State;

pub async fn supervision_report(
    state: &State,
    actor: &Actor,
    code: &str,
    text: &str,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::SupervisionReport, version).await?;
    let text = reason(state, text)?;
    let task = open_task(&mut act, &case).await?;
    if !end(&mut act, &case, &text).await? {
        let allowed = case.state_machine()?.choices();
        return Err(Error::conflict("No order of supervision is open.", allowed.iter().map(|m| m.as_str())));
    }
    let from = case.state;
    case.take(&case.state_machine()?.aside(Move::SuperviseReport)?);
    let words = Words { internal: Some(text), ..Words::default() };
    act.step(&case, from, Move::SuperviseReport, Some(task.id), words);
    act.audit(Action::SupervisionReport, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// Ends the open order, if there is one: by the report, or by the answer to the case.
pub(super) async fn end(act: &mut Act<'_>, case: &CaseRow, text: &str) -> Result<bool> {
    act.stop_clocks(case, |clock| clock.is(ClockKind::Supervise)).await?;
    let orders = supervisions_of_case(&mut act.tx, case.id).await?;
    let Some(mut open) = orders.into_iter().find(|order| order.reported_at.is_none()) else { return Ok(false) };
    (open.reported_at, open.report) = (Some(act.at.0), Some(text.to_owned()));
    supervision_update(&mut act.tx, &open).await?;
    Ok(true)
}
