//! 催办: whoever waits says so. The unit and its head hear of it; from the pack's number on the case is put under supervision.

use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_core::time::clock::due;
use muster_store::process::{CaseRow, StepRow, steps_of_case, supervisions_of_case};

use super::act::{Act, Words};
use super::case_track::reporter;
use super::dispatch::open_task;
use super::notice::{Notice, To};
use super::supervision_order::begin;
use crate::error::{Error, Result};
use crate::state::State;

/// Staff urge, mostly for somebody on the telephone.
pub async fn case_urge(state: &State, actor: &Actor, code: &str) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::CaseUrge, None).await?;
    urge(act, case, Action::CaseUrge).await
}

/// The resident urges.
pub async fn case_urge_own(state: &State, code: &str, secret: &str) -> Result<CaseRow> {
    let (actor, report) = reporter(state, code, secret).await?;
    let mut act = Act::begin(state, &actor).await?;
    let case = act.lock(report.case_id).await?;
    act.may(Action::CaseUrgeOwn, &case.subject())?;
    urge(act, case, Action::CaseUrgeOwn).await
}

/// From when on a case can be urged again, after its history; `None`: it never was.
pub fn urged_until<'a>(state: &State, mut steps: impl DoubleEndedIterator<Item = &'a StepRow>) -> Option<Timestamp> {
    let last = steps.rfind(|step| step.step == Move::Urge)?;
    Some(due(last.at, &state.pack.flow.urge_wait, &state.pack.calendar).at)
}

async fn urge(mut act: Act<'_>, mut case: CaseRow, action: Action) -> Result<CaseRow> {
    let state = act.state;
    let from = case.state;
    case.take(&case.state_machine()?.aside(Move::Urge)?);
    let steps = steps_of_case(&mut act.tx, case.id).await?;
    if let Some(until) = urged_until(state, steps.iter()).filter(|until| *until > act.at) {
        let until = state.pack.calendar.local(until).strftime("%Y-%m-%d %H:%M");
        let detail = format!("The case was urged already; it can be urged again from {until}.");
        return Err(Error::invalid("urge", "urged-already", detail));
    }
    let count = 1 + steps.iter().filter(|step| step.step == Move::Urge).count() as i64;
    let detail = serde_json::json!({ "count": count });
    act.step(&case, from, Move::Urge, None, Words { detail, ..Words::default() });
    match case.unit() {
        Some(unit) => {
            for to in [To::Unit(unit), To::Head(unit)] {
                act.notify(Notice::about(&case, to, Template::Urged));
            }
            let owed =
                supervisions_of_case(&mut act.tx, case.id).await?.iter().any(|order| order.reported_at.is_none());
            if count >= state.pack.flow.urge_supervised && !owed {
                let task = open_task(&mut act, &case).await?;
                begin(&mut act, &mut case, task.id, "repeated", "").await?;
            }
        }
        // Nobody has it yet: whoever decides hears.
        None => act.notify_level(&case, Template::Urged).await?,
    }
    act.audit(action, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}
