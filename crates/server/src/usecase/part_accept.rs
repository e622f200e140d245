//! A unit signs for its part of the work.

use muster_core::people::{Action, Actor};
use muster_core::process::TaskMove;
use muster_store::process::{CaseRow, part_update};

use super::act::Act;
use super::parts::{Held, hold, none_open, waited_for};
use crate::error::{Error, Result};
use crate::state::State;

/// A part that waits for another cannot be signed for: nobody could begin.
pub async fn part_accept(
    state: &State,
    actor: &Actor,
    (code, number): (&str, i64),
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let Held { mut case, parts, mut part } = hold(&mut act, (code, number), Action::PartAccept, version).await?;
    open(&case)?;
    none_open(&mut act.tx, state, "Parts that come before it are open", &waited_for(&parts, &part)).await?;
    let from = part.state;
    part.state = from.after(TaskMove::Accept).ok_or_else(|| ended(from, TaskMove::Accept))?;
    part.accepted_at = Some(act.at.0);
    part_update(&mut act.tx, &part, from).await?;
    act.audit(Action::PartAccept, "part", part.code, None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// Parts of a case that is answered or refused rest until it is opened again.
fn open(case: &CaseRow) -> Result<()> {
    case.state_machine()?.of_part(muster_core::process::Move::PartDone)?;
    Ok(())
}

pub(super) fn ended(state: muster_core::process::TaskState, attempted: TaskMove) -> Error {
    Error::conflict(format!("A part that is {state} cannot {attempted}."), Vec::<String>::new())
}
