//! What may change of a contract while it runs: who evaluates, and until when; or it is called off. The reason stays beside it.

use jiff::civil::Date;
use muster_core::evaluate::room::RoomState;
use muster_core::people::{Action, Actor};
use muster_store::room::{evaluators_put, room_update};
use uuid::Uuid;

use super::act::{Act, reason as said};
use super::room::{hold, note, stands};
use super::room_order::can_evaluate;
use crate::error::{Error, Result};
use crate::state::State;

/// What somebody wants to be otherwise.
#[derive(Clone, Debug)]
pub enum RoomChange {
    Evaluators(Vec<Uuid>),
    /// The last day of work.
    Until(Option<Date>),
    Cancel,
}

const UNDER_WAY: [RoomState; 3] = [RoomState::Ordered, RoomState::Framed, RoomState::Running];

pub async fn room_change(state: &State, actor: &Actor, id: Uuid, change: &RoomChange, reason: &str) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut contract = hold(&mut act, id, Action::RoomChange).await?;
    let reason = said(state, reason)?;
    let kind = match change {
        RoomChange::Evaluators(accounts) => {
            stands(&contract, &UNDER_WAY)?;
            if accounts.is_empty() {
                return Err(Error::invalid("evaluators", "room-evaluators", "Name at least one account."));
            }
            can_evaluate(&mut act.tx, contract.row.area, accounts).await?;
            evaluators_put(&mut act.tx, id, accounts).await?;
            "people"
        }
        RoomChange::Until(day) => {
            stands(&contract, &UNDER_WAY)?;
            let until = day.map(|day| state.pack.calendar.day_bounds(day).1);
            let until = until.filter(|until| *until > contract.row.work_from && *until > act.at);
            let wrong =
                || Error::invalid("until", "room-until", "Give a day that is not over and not before the first.");
            contract.row.work_until = until.ok_or_else(wrong)?;
            "until"
        }
        RoomChange::Cancel => {
            stands(&contract, &UNDER_WAY)?;
            contract.row.state = RoomState::Cancelled;
            "cancel"
        }
    };
    room_update(&mut act.tx, &contract.row).await?;
    note(&mut act, id, kind, &reason, Action::RoomChange).await?;
    act.commit().await
}
