//! A coordinator makes another unit answerable.

use muster_core::id::UnitId;
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, TaskState};
use muster_store::people::Unit;
use muster_store::process::{CaseRow, tasks_of_case};
use uuid::Uuid;

use super::act::{Act, Words, fits};
use super::case_resume::unpark;
use super::case_send::held;
use super::dispatch::{give_to, known_unit};
use crate::error::{Error, Result};
use crate::state::State;

/// `reason` is required: the unit that receives the case and the one that loses it both read it.
pub async fn case_assign(
    state: &State,
    actor: &Actor,
    code: &str,
    unit: UnitId,
    reason: &str,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::CaseAssign, version).await?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "reason-missing", "Say why this unit shall answer."));
    }
    fits(state, "reason", reason)?;
    let unit = known_unit(&mut act.tx, "unit", unit).await?;
    let given = Given { field: "unit", basis: "ruled", meeting: None, why: reason };
    assign_to(&mut act, &mut case, &unit, &given).await?;
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// How a unit is made answerable by people.
pub(super) struct Given<'a> {
    /// Where the unit was named.
    pub(super) field: &'a str,
    pub(super) basis: &'a str,
    pub(super) meeting: Option<Uuid>,
    /// Staff read it in the history.
    pub(super) why: &'a str,
}

/// A coordinator, or a meeting, gives the case to `unit`, if its list may hold it.
pub(super) async fn assign_to(act: &mut Act<'_>, case: &mut CaseRow, unit: &Unit, given: &Given<'_>) -> Result<()> {
    held(act.state, case, unit, given.field)?;
    unpark(act, case).await?;
    let from = case.state;
    let charged = charged(act, case, unit.id).await?;
    case.take(&case.state_machine()?.assign(act.at)?);
    let task = give_to(act, case, unit.id).await?;
    let mut detail = serde_json::json!({ "basis": given.basis, "unit": unit.code, "charged": charged });
    if let Some(meeting) = given.meeting {
        detail["meeting"] = serde_json::json!(meeting);
    }
    let words = Words { internal: Some(given.why.trim().to_owned()), detail, public: None };
    act.step(case, from, Move::Assign, Some(task), words);
    act.audit(Action::CaseAssign, "case", case.code.as_str(), None);
    Ok(())
}

/// After an objection: to whom the time that went by is charged. The unit that objected and must answer after all was
/// wrong; otherwise whoever sent it there was.
async fn charged(act: &mut Act<'_>, case: &CaseRow, unit: UnitId) -> Result<Option<&'static str>> {
    let tasks = tasks_of_case(&mut act.tx, case.id).await?;
    let disputed = tasks.last().filter(|last| last.state == TaskState::Disputed);
    Ok(disputed.map(|last| if last.unit_id == unit { "unit" } else { "dispatch" }))
}
