//! What became of a report reaches whoever sent it: they look for themselves, or are told by phone and it is noted.

use muster_core::id::ReportId;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_store::intake::{ReportRow, report_of_case, report_seen};
use muster_store::process::StepRow;

use super::act::Act;
use crate::error::{Error, Result};
use crate::state::State;

/// When the last word for the reporters of a case was said: its answer, or that it is not accepted. `None` before.
pub fn last_word<'a>(steps: impl IntoIterator<Item = &'a StepRow>) -> Option<Timestamp> {
    steps.into_iter().filter(|step| matches!(step.step, Move::Answer | Move::Refuse)).map(|step| step.at).max()
}

/// Whether a reporter knows the last word.
pub fn knows(report: &ReportRow, word: Timestamp) -> bool {
    report.seen_at.is_some_and(|seen| seen >= word.0)
}

/// Notes that a reporter was told by phone, or at the counter, what became of it.
pub async fn report_tell(state: &State, actor: &Actor, code: &str, report: ReportId) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::ReportTell, None).await?;
    report_of_case(&mut act.tx, case.id, report).await?.ok_or_else(Error::not_found)?;
    report_seen(&mut act.tx, report, act.at).await?;
    act.audit(Action::ReportTell, "report", report.to_string(), None);
    act.commit().await
}

/// Notes that whoever sent a report has opened it and read the last word.
pub(super) async fn note_seen(state: &State, report: &ReportRow, steps: &[StepRow]) -> Result<()> {
    let Some(word) = last_word(steps) else { return Ok(()) };
    if knows(report, word) {
        return Ok(());
    }
    let mut tx = state.db.write().await?;
    report_seen(&mut tx, report.id, state.now().max(word)).await?;
    tx.commit().await?;
    Ok(())
}
