//! What the use-cases of the third-party room share: a contract as it is read, held, and noted on.

use muster_core::evaluate::question::{Question, Questionnaire};
use muster_core::evaluate::room::RoomState;
use muster_core::evaluate::sample::Design;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::Tx;
use muster_store::room::{RoomRow, RoomStepRow, evaluators_of, room_get, room_lock, room_step_insert};
use uuid::Uuid;

use super::act::{Act, deny};
use crate::error::{Error, Result};

/// A contract with its design and questions as they were agreed.
#[derive(Clone, Debug)]
pub struct Contract {
    pub row: RoomRow,
    pub design: Design,
    pub questionnaire: Questionnaire,
}

impl Contract {
    pub(super) fn read(row: RoomRow) -> Result<Self> {
        Ok(Self { design: row.design()?, questionnaire: row.questionnaire()?, row })
    }

    /// The questions this contract asks.
    pub fn questions(&self) -> Vec<Question> {
        self.questionnaire.asked(self.row.calls)
    }

    pub fn subject(&self) -> Subject {
        Subject::area(self.row.area)
    }
}

/// A contract that this actor may do this to; one elsewhere does not exist.
pub(super) async fn contract(tx: &mut Tx, actor: &Actor, id: Uuid, action: Action) -> Result<Contract> {
    let row = room_get(tx, id).await?.ok_or_else(Error::not_found)?;
    let contract = Contract::read(row)?;
    may(actor, action, &contract.subject()).map_err(deny)?;
    Ok(contract)
}

/// The same, held until the end of the act.
pub(super) async fn hold(act: &mut Act<'_>, id: Uuid, action: Action) -> Result<Contract> {
    let row = room_lock(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let contract = Contract::read(row)?;
    act.may(action, &contract.subject())?;
    Ok(contract)
}

/// For those who are not named in a contract it does not exist.
pub(super) async fn named(tx: &mut Tx, actor: &Actor, room: Uuid) -> Result<()> {
    let named = evaluators_of(tx, room).await?;
    let own = actor.account_id().is_some_and(|id| named.iter().any(|row| row.id == id.0));
    if own || *actor == Actor::System { Ok(()) } else { Err(Error::not_found()) }
}

/// Refuses what does not fit where the contract stands.
pub(super) fn stands(contract: &Contract, allowed: &[RoomState]) -> Result<()> {
    if allowed.contains(&contract.row.state) {
        return Ok(());
    }
    let detail = format!("The contract is {}; somebody else may have been faster. Read it again.", contract.row.state);
    Err(Error::invalid("room", "room-moved", detail))
}

/// Writes a line of what became of a contract, and the audit line that says who did it.
pub(super) async fn note(act: &mut Act<'_>, room: Uuid, kind: &str, text: &str, action: Action) -> Result<()> {
    let step = RoomStepRow {
        id: act.state.chance.uuid(act.at),
        room_id: room,
        at: act.at,
        account_id: act.actor.account_id().map(|id| id.0),
        kind: kind.to_owned(),
        text: text.to_owned(),
    };
    room_step_insert(&mut act.tx, &step).await?;
    let reason = (!text.is_empty()).then(|| text.to_owned());
    act.audit(action, "room", room.to_string(), reason);
    Ok(())
}
