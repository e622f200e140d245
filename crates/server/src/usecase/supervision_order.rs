//! 督办: a unit is put under supervision and owes a report by the order's own clock.

use muster_core::id::TaskId;
use muster_core::pack::{ClockKind, Template};
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::process::{CaseRow, SupervisionRow, supervision_insert, supervisions_of_case};

use super::act::{Act, Words, reason};
use super::dispatch::open_task;
use crate::error::{Error, Result};
use crate::state::State;

pub async fn supervision_order(
    state: &State,
    actor: &Actor,
    code: &str,
    ground: &str,
    text: &str,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::SupervisionOrder, version).await?;
    let grounds = &state.pack.flow.supervision;
    if !grounds.iter().any(|known| known.code == ground) {
        let known: Vec<_> = grounds.iter().map(|known| known.code.as_str()).collect();
        let detail = format!("{ground:?} is no ground for supervision; choose one of: {}.", known.join(", "));
        return Err(Error::invalid("ground", "ground-unknown", detail));
    }
    let text = reason(state, text)?;
    let task = open_task(&mut act, &case).await?;
    if supervisions_of_case(&mut act.tx, case.id).await?.iter().any(|order| order.reported_at.is_none()) {
        return Err(Error::invalid("ground", "supervision-open", "An order is open; the unit owes its report."));
    }
    begin(&mut act, &mut case, task.id, ground, &text).await?;
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// The order, its clock and its step; also where a rule of the pack gives it.
pub(super) async fn begin(act: &mut Act<'_>, case: &mut CaseRow, task: TaskId, ground: &str, text: &str) -> Result<()> {
    let from = case.state;
    case.take(&case.state_machine()?.aside(Move::Supervise)?);
    let Some(unit) = case.unit() else { return Ok(()) };
    let row = SupervisionRow {
        id: act.state.chance.uuid(act.at),
        case_id: case.id,
        unit_id: unit.0,
        ground: ground.to_owned(),
        text: text.to_owned(),
        ordered_at: act.at,
        ordered_by: act.actor.account_id().map(|id| id.0),
        reported_at: None,
        report: None,
    };
    supervision_insert(&mut act.tx, &row).await?;
    act.start_clock(case, Some(task), ClockKind::Supervise, act.at);
    act.notify_unit(case, Template::Supervised);
    let detail = serde_json::json!({ "ground": ground });
    let words = Words { internal: Some(text.to_owned()).filter(|text| !text.is_empty()), detail, public: None };
    act.step(case, from, Move::Supervise, Some(task), words);
    act.audit(Action::SupervisionOrder, "case", case.code.as_str(), None);
    Ok(())
}
