//! The result is signed: the fingerprint of all answers, with account, time and the name typed under it, goes into the audit
//! chain, and nothing changes any more. A correction is another version; what was signed before stays as it was.

use muster_core::evaluate::question::AnsweredBy;
use muster_core::evaluate::room::RoomState;
use muster_core::people::{Action, Actor};
use muster_store::room::{SignatureRow, answers_of, picks_of, room_hash, room_update, signature_insert};
use uuid::Uuid;

use super::act::{Act, reason as said};
use super::room::{hold, named, note, stands};
use super::room_work::opened;
use crate::error::{Error, Result};
use crate::state::State;

/// `name` is the signer's own, as typed; returns the fingerprint.
pub async fn room_sign(state: &State, actor: &Actor, id: Uuid, name: &str) -> Result<String> {
    let mut act = Act::begin(state, actor).await?;
    let mut contract = hold(&mut act, id, Action::RoomSign).await?;
    named(&mut act.tx, actor, id).await?;
    stands(&contract, &[RoomState::Running])?;
    opened(&contract, act.at)?;
    let Actor::Account(account) = actor else {
        return Err(Error::forbidden("A result is signed by an account that is named in the contract."));
    };
    if name.trim() != account.name {
        return Err(Error::invalid("name", "room-name", "Type your own name as it stands with your account."));
    }
    let version = contract.row.version;
    let rows = answers_of(&mut act.tx, id, version).await?;
    let judged = rows.iter().filter(|row| row.answered_by == AnsweredBy::File).count();
    if judged < picks_of(&mut act.tx, id).await?.len() {
        return Err(Error::invalid("name", "room-unjudged", "Some cases are not judged yet."));
    }
    let hash = room_hash(&contract.row, version, &rows)?;
    let signature = SignatureRow {
        room_id: id,
        version,
        at: act.at,
        account_id: account.id.0,
        name: name.trim().to_owned(),
        hash: hash.clone(),
    };
    signature_insert(&mut act.tx, &signature).await?;
    contract.row.state = RoomState::Signed;
    room_update(&mut act.tx, &contract.row).await?;
    note(&mut act, id, "sign", &hash, Action::RoomSign).await?;
    act.commit().await?;
    Ok(hash)
}

/// What was signed is taken up again as the next version, with the reason beside both.
pub async fn room_correct(state: &State, actor: &Actor, id: Uuid, reason: &str) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut contract = hold(&mut act, id, Action::RoomSign).await?;
    named(&mut act.tx, actor, id).await?;
    stands(&contract, &[RoomState::Signed])?;
    let reason = said(state, reason)?;
    if act.at >= contract.row.work_until {
        let detail = "The days of the contract are over; whoever ordered it can set a later one.";
        return Err(Error::invalid("reason", "room-over", detail));
    }
    contract.row.state = RoomState::Running;
    contract.row.version += 1;
    room_update(&mut act.tx, &contract.row).await?;
    note(&mut act, id, "correct", &reason, Action::RoomSign).await?;
    act.commit().await
}
