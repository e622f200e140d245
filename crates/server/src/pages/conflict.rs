//! Two people on one case: what somebody else did meanwhile, and what this person had typed.

use axum::response::Response;
use muster_core::people::Action;
use muster_core::process::Move;

use super::frame::{Frame, can, explain};
use crate::error::{Error, Result};
use crate::usecase::case_view::{CaseFile, case_view};
use crate::view::process::{ConflictPage, Step, Typed};

/// An act on a case that was not taken.
pub(super) struct Attempt {
    /// Where its form is sent.
    pub(super) address: String,
    pub(super) step: Move,
    pub(super) action: Action,
    /// The version of the case this person had before them.
    pub(super) seen: Option<i64>,
    pub(super) typed: Vec<Typed>,
}

/// Whether the case is not as this person saw it.
pub(super) fn is_conflict(error: &Error) -> bool {
    matches!(error.status(), 409 | 412)
}

pub(super) async fn draw(frame: Frame, code: &str, attempt: Attempt, error: &Error) -> Result<Response> {
    let file = case_view(&frame.state, frame.actor(), code).await?;
    let allowed = file.case.state_machine()?.allowed();
    let mut shell = frame.shell("conflict-page");
    explain(&mut shell, error, str::to_owned);
    let page = ConflictPage {
        shell,
        code: file.case.code.to_string(),
        version: file.case.version.to_string(),
        action: attempt.address,
        since: since(&frame, &file, attempt.seen),
        state: file.case.state.as_str().to_owned(),
        may_resend: allowed.contains(&attempt.step) && can(frame.actor(), attempt.action, &file.case.subject()),
        typed: attempt.typed,
    };
    Ok(frame.draw_error(error, &page))
}

/// The steps of the acts after the version seen: each act raises the version by one and shares an instant.
fn since(frame: &Frame, file: &CaseFile, seen: Option<i64>) -> Vec<Step> {
    let acts = file.case.version - seen.unwrap_or(file.case.version - 1);
    let mut instants: Vec<_> = file.steps.iter().map(|(step, _)| step.at).collect();
    instants.dedup();
    let before = instants.len().saturating_sub(acts.max(0) as usize);
    let first = instants.get(before);
    let newer = file.steps.iter().filter(|(step, _)| first.is_some_and(|first| step.at >= *first));
    newer.flat_map(|(step, who)| frame.steps(step, who.as_deref().unwrap_or_default(), false)).collect()
}
