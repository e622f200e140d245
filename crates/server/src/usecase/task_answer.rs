//! A unit answers: what came of it, in words for the resident, with what shows it.

use muster_core::evaluate::Measure;
use muster_core::id::UnitId;
use muster_core::pack::{ClockKind, Template};
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, Outcome, TaskMove, TaskState};
use muster_store::intake::likeness_remove;
use muster_store::process::{CaseRow, TaskRow, requests_void};

use super::act::{Act, Words};
use super::case_resume::unpark;
use super::dispatch::{give_to, keep_promises, move_task, open_task};
use super::parts::required_over;
use super::supervision_report;
use crate::error::{Error, FieldError, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// A word of `Outcome`.
    pub outcome: String,
    /// Read by the resident.
    pub text: String,
    /// What shows it: a place, a date, a document; required for the outcomes the pack names.
    pub evidence: String,
    /// Read by staff only.
    pub note: Option<String>,
    pub version: Option<i64>,
}

pub async fn task_answer(state: &State, actor: &Actor, code: &str, answer: &Answer) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::TaskAnswer, answer.version).await?;
    let outcome = check(state, answer)?;
    let from = case.state;
    let next = case.state_machine()?.answer(act.at, outcome)?;
    required_over(&mut act, &case).await?;
    let mut task = open_task(&mut act, &case).await?;
    unpark(&mut act, &mut case).await?;
    requests_void(&mut act.tx, case.id, act.at).await?;
    if let Some(unit) = task.for_unit_id {
        return send_back(act, case, task, unit.into(), answer).await;
    }
    case.take(&next);
    if task.state == TaskState::Assigned {
        // Answering without having signed signs in the same act.
        task.accepted_at = Some(act.at.0);
        act.count(&case, Measure::Accepted);
    }
    move_task(&mut act, &mut task, TaskMove::Finish).await?;
    keep_promises(&mut act, &case, &STOPPED).await?;
    supervision_report::end(&mut act, &case, answer.text.trim()).await?;
    if case.accepted_at.is_none() {
        case.accepted_at = Some(act.at.0);
    }
    act.start_clock(&case, None, ClockKind::Callback, act.at);
    act.notify_reporters(&case, Template::Answered);
    likeness_remove(&mut act.tx, case.id).await?;
    act.count(&case, Measure::Answered);
    if outcome.claims_solved() {
        act.count(&case, Measure::ClaimedSolved);
    }
    let words = Words {
        public: Some(answer.text.trim().to_owned()),
        internal: answer.note.clone(),
        detail: serde_json::json!({ "outcome": outcome, "evidence": answer.evidence.trim() }),
    };
    act.step(&case, from, Move::Answer, Some(task.id), words);
    act.audit(Action::TaskAnswer, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// What an answer ends: the unit's promises, the duty to be heard, and the city's own word.
const STOPPED: [ClockKind; 5] =
    [ClockKind::Accept, ClockKind::Answer, ClockKind::FeedbackFirst, ClockKind::FeedbackNext, ClockKind::Promise];

/// What was sent up returns with its answer: the unit that sent it answers the resident.
async fn send_back(
    mut act: Act<'_>,
    mut case: CaseRow,
    mut task: TaskRow,
    unit: UnitId,
    answer: &Answer,
) -> Result<CaseRow> {
    let from = case.state;
    move_task(&mut act, &mut task, TaskMove::Finish).await?;
    keep_promises(&mut act, &case, &[ClockKind::Accept, ClockKind::Answer]).await?;
    supervision_report::end(&mut act, &case, answer.text.trim()).await?;
    case.take(&case.state_machine()?.hand(Move::SendBack, act.at)?);
    let next = give_to(&mut act, &mut case, unit).await?;
    let detail = serde_json::json!({ "outcome": answer.outcome, "evidence": answer.evidence.trim() });
    let words = Words { internal: Some(answer.text.trim().to_owned()), detail, public: None };
    act.step(&case, from, Move::SendBack, Some(next), words);
    act.audit(Action::TaskAnswer, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

fn check(state: &State, answer: &Answer) -> Result<Outcome> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: String| {
        faults.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail });
    };
    let outcome: Option<Outcome> = answer.outcome.parse().ok();
    if outcome.is_none() {
        let known: Vec<_> = Outcome::ALL.iter().map(|o| o.as_str()).collect();
        fault("outcome", "outcome-unknown", format!("Choose what came of it: {}.", known.join(", ")));
    }
    if answer.text.trim().is_empty() {
        fault("text", "answer-missing", "Write the answer that the resident will read.".to_owned());
    }
    let max = state.pack.intake.text_max;
    let note = answer.note.as_deref().unwrap_or_default();
    for (field, text) in [("text", answer.text.as_str()), ("evidence", &answer.evidence), ("note", note)] {
        let len = text.trim().chars().count();
        if len > max {
            fault(field, "text-long", format!("The text has {len} characters; at most {max} fit."));
        }
    }
    let needs = outcome.and_then(|o| state.pack.outcomes.iter().find(|known| known.code == o.as_str()));
    if needs.is_some_and(|known| known.needs_evidence) && answer.evidence.trim().is_empty() {
        let detail = "Say what shows it: when and where it was done, a document, a measurement.";
        fault("evidence", "evidence-missing", detail.to_owned());
    }
    match outcome {
        Some(outcome) if faults.is_empty() => Ok(outcome),
        _ => Err(Error::invalid_fields(faults)),
    }
}
