//! The resident answers the callback: solved or not, how satisfied; or asks for the work again.

use muster_core::evaluate::Measure;
use muster_core::id::TaskId;
use muster_core::pack::{ClockKind, Template};
use muster_core::people::Action;
use muster_core::process::{Case, Move};
use muster_store::intake::report_seen;
use muster_store::process::{CaseRow, steps_of_case, tasks_of_case};

use super::act::{Act, Words, fits};
use super::case_track::reporter;
use super::dispatch::give_as;
use super::supervision_order::begin;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct Rating {
    pub solved: Option<bool>,
    /// 1 to 5.
    pub satisfied: Option<u8>,
    pub comment: String,
}

pub async fn case_rate(state: &State, code: &str, secret: &str, rating: &Rating) -> Result<CaseRow> {
    let (actor, report) = reporter(state, code, secret).await?;
    let mut act = Act::begin(state, &actor).await?;
    let mut case = act.lock(report.case_id).await?;
    act.may(Action::CaseRate, &case.subject())?;
    let solved =
        rating.solved.ok_or_else(|| Error::invalid("solved", "solved-missing", "Say whether it is solved."))?;
    if rating.satisfied.is_some_and(|stars| !(1..=5).contains(&stars)) {
        return Err(Error::invalid("satisfied", "satisfied-range", "Choose a number from 1 to 5."));
    }
    let from = case.state;
    case.take(&case.state_machine()?.rate(act.at, solved, rating.satisfied)?);
    stop_callback(&mut act, &case).await?;
    report_seen(&mut act.tx, report.id, act.at).await?;
    count(&mut act, &case, solved, rating.satisfied);
    act.notify_unit(&case, Template::Closed);
    act.notify_others(&case, Template::Closed);
    let detail = serde_json::json!({ "solved": solved, "satisfied": rating.satisfied, "by": report.id });
    act.step(
        &case,
        from,
        Move::Rate,
        None,
        Words { public: comment(state, "comment", &rating.comment)?, detail, internal: None },
    );
    act.audit(Action::CaseRate, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

fn count(act: &mut Act<'_>, case: &CaseRow, solved: bool, stars: Option<u8>) {
    let is_conflict = act.state.pack.indicators.is_conflict(&case.category);
    let counted = [
        (Measure::Closed, true),
        (Measure::Confirmable, true),
        (Measure::ConfirmedSolved, solved),
        (Measure::ConflictConfirmable, is_conflict),
        (Measure::ConflictSettled, is_conflict && solved),
        (Measure::Rated, stars.is_some()),
        (Measure::Satisfied, stars.is_some_and(|stars| stars >= 4)),
    ];
    for (measure, _) in counted.into_iter().filter(|(_, happened)| *happened) {
        act.count(case, measure);
    }
}

/// Asks for the work again. The unit that answered is owed it; a refused case is judged anew.
pub async fn case_reopen(state: &State, code: &str, secret: &str, reason: &str) -> Result<CaseRow> {
    let (actor, report) = reporter(state, code, secret).await?;
    let mut act = Act::begin(state, &actor).await?;
    let mut case = act.lock(report.case_id).await?;
    act.may(Action::CaseReopen, &case.subject())?;
    let Some(reason) = comment(state, "reason", reason)? else {
        return Err(Error::invalid("reason", "reason-missing", "Say what is still not right."));
    };
    let from = case.state;
    let next = case.state_machine()?.reopen(act.at)?;
    let unit = tasks_of_case(&mut act.tx, case.id).await?.last().map(|task| task.unit_id);
    case.take(&next);
    stop_callback(&mut act, &case).await?;
    report_seen(&mut act.tx, report.id, act.at).await?;
    act.start_clock(&case, None, ClockKind::Promise, act.at);
    let task = if let (Case::Assigned { .. }, Some(unit)) = (&next, unit) {
        Some(give_as(&mut act, &mut case, unit, Template::Reopened).await?)
    } else {
        act.notify_unit(&case, Template::Reopened);
        case.triage_reason = Some("reopened".to_owned());
        case.refused_reason = None;
        act.start_clock(&case, None, ClockKind::Dispatch, act.at);
        None
    };
    act.count(&case, Measure::Reopened);
    act.notify_others(&case, Template::Reopened);
    let detail = serde_json::json!({ "by": report.id });
    let words = Words { public: Some(reason), detail, internal: None };
    act.step(&case, from, Move::Reopen, task, words);
    if let Some(task) = task {
        escalate(&mut act, &mut case, task).await?;
    }
    act.audit(Action::CaseReopen, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// Asked for again and again, the case is put under supervision by itself.
async fn escalate(act: &mut Act<'_>, case: &mut CaseRow, task: TaskId) -> Result<()> {
    act.flush().await?;
    let steps = steps_of_case(&mut act.tx, case.id).await?;
    let reopened = steps.iter().filter(|step| step.step == Move::Reopen).count() as i64;
    if reopened < act.state.pack.flow.escalate_reopened {
        return Ok(());
    }
    begin(act, case, task, "reopened", "").await
}

async fn stop_callback(act: &mut Act<'_>, case: &CaseRow) -> Result<()> {
    act.stop_clocks(case, |_| true).await?;
    Ok(())
}

/// What the resident writes may be read by the unit: who they are is taken out as at intake.
fn comment(state: &State, field: &str, text: &str) -> Result<Option<String>> {
    let text = text.trim();
    fits(state, field, text)?;
    Ok((!text.is_empty()).then(|| muster_core::intake::redact(text, None)))
}
