//! What a person does about a send: try a dead one again, give one up and say why, note that a letter was printed.

use muster_core::people::{Action, Actor};
use muster_core::send::{NotNow, Tried, Way};
use muster_store::send::{notices_of_sends, send_decide as decide, send_lock};
use uuid::Uuid;

use super::act::{Act, reason};
use super::send_list::reaches;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Again,
    GiveUp { reason: String },
    Printed,
}

pub async fn send_decide(state: &State, actor: &Actor, send: Uuid, decision: &Decision) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let action = if *decision == Decision::Printed { Action::LetterPrint } else { Action::SendDecide };
    let held = send_lock(&mut act.tx, send).await?;
    let notices = notices_of_sends(&mut act.tx, &[send]).await?;
    reaches(actor, action, &notices)?;
    let mut row = held.ok_or_else(Error::not_found)?;
    let (sending, at) = (row.sending()?, act.at);
    let mut why = None;
    let next = match decision {
        Decision::Again => sending.again(at),
        Decision::GiveUp { reason: given } => {
            why = Some(reason(state, given)?);
            sending.give_up(at)
        }
        Decision::Printed if row.way == Way::Letter => sending.tried(Tried::Taken, at, &state.pack.notices.sending, 0),
        Decision::Printed => return Err(Error::conflict("Only letters are printed.", Vec::<String>::new())),
    };
    let not_now = |refused: NotNow| Error::conflict(refused.to_string(), Vec::<String>::new());
    row.take(next.map_err(not_now)?);
    (row.ended_by, row.reason) = (row.ended_at.and(actor.account_id().map(|id| id.0)), why.clone());
    decide(&mut act.tx, &row).await?;
    act.audit(action, "send", send.to_string(), why);
    act.commit().await
}
