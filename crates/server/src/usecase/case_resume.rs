//! A parked case goes on: on its day of review by itself, or before by a person.

use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::process::CaseRow;

use super::act::{Act, Words, reason};
use super::promises::go_on;
use crate::error::{Error, Result};
use crate::state::State;

pub async fn case_resume(state: &State, actor: &Actor, code: &str, why: &str, version: Option<i64>) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::CaseResume, version).await?;
    let why = reason(state, why)?;
    if case.parked_until.is_none() {
        let allowed = case.state_machine()?.choices();
        return Err(Error::conflict("The case is not parked.", allowed.iter().map(|m| m.as_str())));
    }
    resume(&mut act, &mut case, Some(why)).await?;
    tell_resumed(&mut act, &case);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// Lets the clocks go on and says so; `why` is none where the day of review has come.
pub(super) async fn resume(act: &mut Act<'_>, case: &mut CaseRow, why: Option<String>) -> Result<()> {
    let from = case.state;
    case.take(&case.state_machine()?.aside(Move::Resume)?);
    let ground = case.parked_ground.take();
    let detail = serde_json::json!({ "ground": ground, "review": case.parked_until.take() });
    go_on(act, case).await?;
    act.step(case, from, Move::Resume, None, Words { public: why, internal: None, detail });
    act.audit(Action::CaseResume, "case", case.code.as_str(), None);
    Ok(())
}

/// Told where the work goes on; where the case is answered or given away, that is told instead.
pub(super) fn tell_resumed(act: &mut Act<'_>, case: &CaseRow) {
    act.notify_unit(case, Template::Resumed);
    act.notify_reporters(case, Template::Resumed);
}

/// A case that leaves its unit or is answered is parked no longer.
pub(super) async fn unpark(act: &mut Act<'_>, case: &mut CaseRow) -> Result<()> {
    if case.parked_until.is_some() { resume(act, case, None).await } else { Ok(()) }
}
