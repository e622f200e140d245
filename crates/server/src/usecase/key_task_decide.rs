//! What was reported done is accepted or sent back; a task gets another day, or is called off. Always with a reason, and
//! never by whoever reported.

use jiff::civil::Date;
use muster_core::evaluate::programme::{KeyTaskMove, KeyTaskState};
use muster_core::people::{Action, Actor};
use muster_core::time::day_number;
use muster_store::programme::{KeyTaskRow, key_task_lock, key_task_update, programme_stage_get};
use uuid::Uuid;

use super::act::{Act, reason};
use super::finding::units_of;
use super::finding_open::day_end;
use super::owed::next_rung;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTaskVerdict {
    Accept,
    SendBack,
    Move(Date),
    Cancel,
}

impl KeyTaskVerdict {
    fn step(self) -> KeyTaskMove {
        match self {
            Self::Accept => KeyTaskMove::Accept,
            Self::SendBack => KeyTaskMove::SendBack,
            Self::Move(_) => KeyTaskMove::Move,
            Self::Cancel => KeyTaskMove::Cancel,
        }
    }
}

pub async fn key_task_decide(
    state: &State,
    actor: &Actor,
    id: Uuid,
    (verdict, words): (KeyTaskVerdict, &str),
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::KeyTaskDecide, version).await?;
    step(&mut row, verdict.step())?;
    let same = actor.account_id().is_some_and(|id| row.reported_by == Some(id.0));
    if verdict == KeyTaskVerdict::Accept && (same || units_of(actor).contains(&row.unit_id)) {
        let detail = "You act for the owner of this task; somebody else accepts it.";
        return Err(Error::invalid("verdict", "finding-own-unit", detail));
    }
    row.decision = Some(reason(state, words)?);
    row.decided_by = actor.account_id().map(|id| id.0);
    row.decided_at = Some(act.at.0);
    if let KeyTaskVerdict::Move(last) = verdict {
        move_to(&mut act, &mut row, last).await?;
    }
    let span = (row.owed_from, row.due_at);
    row.next_rung_at = if row.state == KeyTaskState::Open { next_rung(state, span, row.rung) } else { None };
    key_task_update(&mut act.tx, &row).await?;
    act.audit(Action::KeyTaskDecide, "programme_task", id.to_string(), Some(words.trim().to_owned()));
    act.commit().await
}

async fn move_to(act: &mut Act<'_>, row: &mut KeyTaskRow, last: Date) -> Result<()> {
    let stage = programme_stage_get(&mut act.tx, row.stage_id).await?.ok_or_else(Error::not_found)?;
    let due = day_end(act, last);
    if due <= act.at || !(stage.first_day..=stage.last_day).contains(&day_number(last)) {
        let detail = format!("{last} is over, or not within the stage, {} to {}.", stage.first_day, stage.last_day);
        return Err(Error::invalid("last", "programme-day-outside", detail));
    }
    (row.due_at, row.owed_from, row.rung) = (due, act.at, 0);
    Ok(())
}

pub(super) async fn hold(act: &mut Act<'_>, id: Uuid, action: Action, version: Option<i64>) -> Result<KeyTaskRow> {
    let row = key_task_lock(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    act.may(action, &row.subject())?;
    if version.is_some_and(|version| version != row.version) {
        return Err(Error::stale_etag());
    }
    Ok(row)
}

/// Lets core decide.
pub(super) fn step(row: &mut KeyTaskRow, step: KeyTaskMove) -> Result<()> {
    let next = row.state.after(step).ok_or_else(|| {
        let allowed = row.state.allowed().iter().map(|step| step.as_str());
        Error::conflict(format!("A task that is {} takes no {step}.", row.state), allowed)
    })?;
    row.state = next;
    Ok(())
}
