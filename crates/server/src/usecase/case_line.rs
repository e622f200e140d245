//! A line between unit and resident: the duty to be heard (反馈), and the resident's answer in the same thread.

use muster_core::id::TaskId;
use muster_core::pack::{ClockKind, Template};
use muster_core::people::{Action, Actor};
use muster_store::process::{CaseRow, LineRow, case_due, line_insert, lines_of_case, lines_read};

use super::act::{Act, fits};
use super::case_track::reporter;
use super::dispatch::{keep_promises, open_task};
use crate::error::{Error, Result};
use crate::state::State;

/// The unit writes to the resident. That answers the duty to be heard and begins it anew.
pub async fn line_write(state: &State, actor: &Actor, code: &str, text: &str) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::LineWrite, None).await?;
    let text = said(state, text)?;
    let task = open_task(&mut act, &case).await?;
    let line = LineRow {
        unit_id: case.unit_id,
        account_id: actor.account_id().map(|id| id.0),
        ..line(&mut act, &case, "unit", text).await?
    };
    line_insert(&mut act.tx, &line).await?;
    heard(&mut act, &case, task.id).await?;
    act.notify_reporters(&case, Template::Feedback);
    act.audit(Action::LineWrite, "case", case.code.as_str(), None);
    act.flush().await?;
    case_due(&mut act.tx, case.id).await?;
    act.commit().await?;
    Ok(case)
}

/// The resident writes to whoever handles the case.
pub async fn line_write_own(state: &State, code: &str, secret: &str, text: &str) -> Result<CaseRow> {
    let (actor, report) = reporter(state, code, secret).await?;
    let mut act = Act::begin(state, &actor).await?;
    let case = act.lock(report.case_id).await?;
    act.may(Action::LineWriteOwn, &case.subject())?;
    if !case.state.is_open() {
        let allowed = case.state_machine()?.choices();
        let detail = "The case is closed; ask for more work to have it taken up again.";
        return Err(Error::conflict(detail, allowed.iter().map(|m| m.as_str())));
    }
    // Who they are is taken out, as at intake.
    let text = muster_core::intake::redact(&said(state, text)?, None);
    let row = LineRow { report_id: Some(report.id.0), ..line(&mut act, &case, "resident", text).await? };
    line_insert(&mut act.tx, &row).await?;
    act.notify_unit(&case, Template::ResidentWrote);
    act.audit(Action::LineWriteOwn, "case", case.code.as_str(), None);
    act.commit().await?;
    Ok(case)
}

/// Notes that one side has read what the other wrote.
pub(super) async fn lines_seen(state: &State, lines: &[LineRow], written_by: &str) -> Result<()> {
    let Some(unread) = lines.iter().find(|line| line.side == written_by && line.read_at.is_none()) else {
        return Ok(());
    };
    let mut tx = state.db.write().await?;
    lines_read(&mut tx, unread.case_id, written_by, state.now().max(unread.at)).await?;
    tx.commit().await.map_err(Error::from)
}

fn said(state: &State, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("line", "line-missing", "Write what you want to say."));
    }
    fits(state, "line", text)?;
    Ok(text.to_owned())
}

/// Lines that one case holds: a thread longer than that wants a telephone.
const MOST_LINES: usize = 500;

async fn line(act: &mut Act<'_>, case: &CaseRow, side: &str, text: String) -> Result<LineRow> {
    let before = lines_of_case(&mut act.tx, case.id).await?;
    if before.len() >= MOST_LINES {
        let detail = format!("The thread of this case has {MOST_LINES} lines, the most it holds; use the telephone.");
        return Err(Error::invalid("line", "thread-full", detail));
    }
    Ok(LineRow {
        id: act.state.chance.uuid(act.at),
        case_id: case.id,
        at: act.at,
        position: before.len() as i64,
        side: side.to_owned(),
        account_id: None,
        unit_id: None,
        report_id: None,
        text,
        read_at: None,
    })
}

/// The resident was told how it goes: the clock that asked for it stops, and the next one starts.
pub(super) async fn heard(act: &mut Act<'_>, case: &CaseRow, task: TaskId) -> Result<()> {
    let feedback = [ClockKind::FeedbackFirst, ClockKind::FeedbackNext];
    keep_promises(act, case, &feedback).await?;
    act.start_clock(case, Some(task), ClockKind::FeedbackNext, act.at);
    Ok(())
}
