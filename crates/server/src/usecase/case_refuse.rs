//! A matter that is not accepted: with a coded reason, and the right door said to the person.

use muster_core::evaluate::Measure;
use muster_core::pack::{ClockKind, Template};
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::intake::likeness_remove;
use muster_store::process::{CaseRow, steps_of_case};

use super::act::{Act, Words, fits};
use super::dispatch::release_promises;
use crate::error::{Error, Result};
use crate::state::State;

pub async fn case_refuse(
    state: &State,
    actor: &Actor,
    code: &str,
    reason: &str,
    note: Option<String>,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::CaseRefuse, version).await?;
    let Some(reason) = state.pack.refusals.iter().find(|known| known.code == reason) else {
        let known: Vec<_> = state.pack.refusals.iter().map(|r| r.code.as_str()).collect();
        let detail = format!("{reason:?} is no reason of the pack; known: {}.", known.join(", "));
        return Err(Error::invalid("reason", "reason-unknown", detail));
    };
    fits(state, "note", note.as_deref().unwrap_or_default())?;
    another_decides(&mut act, &case).await?;
    let from = case.state;
    case.take(&case.state_machine()?.refuse(act.at)?);
    case.refused_reason = Some(reason.code.clone());
    case.triage_reason = None;
    release_promises(&mut act, &case, |clock| !clock.is(ClockKind::Callback)).await?;
    likeness_remove(&mut act.tx, case.id).await?;
    act.count(&case, Measure::Refused);
    let words = Words {
        public: Some(reason.door.zh.clone()),
        internal: note,
        detail: serde_json::json!({ "reason": reason.code, "basis": reason.basis }),
    };
    act.step(&case, from, Move::Refuse, None, words);
    act.notify_reporters(&case, Template::Refused);
    act.audit(Action::CaseRefuse, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// Asked for again, a refused matter is an appeal: whoever refused it does not decide on it a second time.
async fn another_decides(act: &mut Act<'_>, case: &CaseRow) -> Result<()> {
    let Some(account) = act.actor.account_id() else { return Ok(()) };
    let steps = steps_of_case(&mut act.tx, case.id).await?;
    let refused = steps.iter().rfind(|step| step.step == Move::Refuse);
    if refused.is_some_and(|step| step.actor_id == Some(account.0)) {
        let detail = "You refused this case before; another person decides on the appeal. You can assign it.";
        return Err(Error::invalid("reason", "appeal-own", detail));
    }
    Ok(())
}
