//! The room of those who evaluate: the contracts they are named in, their sample by numbers, and how far it is.

use std::collections::BTreeSet;

use muster_core::evaluate::question::AnsweredBy;
use muster_core::evaluate::room::RoomState;
use muster_core::people::{Action, Actor, scope};
use muster_core::time::Timestamp;
use muster_store::room::{
    Progress, SignatureRow, answers_of, picks_of, progress_of, room_hash, rooms_of, signatures_of,
};
use uuid::Uuid;

use super::act::deny;
use super::room::{Contract, contract, named};
use crate::error::{Error, Result};
use crate::state::State;

/// A contract with how far its groups are; which group is whose, evaluators are not told.
#[derive(Clone, Debug)]
pub struct OwnRoom {
    pub contract: Contract,
    pub progress: Vec<Progress>,
}

pub async fn rooms_own(state: &State, actor: &Actor) -> Result<Vec<OwnRoom>> {
    scope(actor, Action::RoomWork).map_err(deny)?;
    let Some(account) = actor.account_id() else { return Ok(Vec::new()) };
    let mut tx = state.read().await?;
    let mut rooms = Vec::new();
    for row in rooms_of(&mut tx, account.0).await? {
        let progress = progress_of(&mut tx, row.id).await?;
        rooms.push(OwnRoom { contract: Contract::read(row)?, progress });
    }
    Ok(rooms)
}

#[derive(Clone, Debug)]
pub struct OwnSample {
    pub contract: Contract,
    pub progress: Vec<Progress>,
    /// Number of each case, and whether it is judged.
    pub numbers: Vec<(i64, bool)>,
    pub signatures: Vec<SignatureRow>,
    /// What would be signed now; none before every case is judged.
    pub hash: Option<String>,
    pub is_open: bool,
}

impl OwnSample {
    pub fn judged(&self) -> usize {
        self.numbers.iter().filter(|(_, judged)| *judged).count()
    }

    /// The first case that is not judged, after `number` if there is one.
    pub fn next(&self, number: i64) -> Option<i64> {
        let open = |(number, judged): &(i64, bool)| (!judged).then_some(*number);
        let mut open = self.numbers.iter().filter_map(open);
        let first = open.clone().next();
        open.find(|open| *open > number).or(first)
    }
}

pub async fn room_sample(state: &State, actor: &Actor, id: Uuid) -> Result<OwnSample> {
    let mut tx = state.read().await?;
    let contract = contract(&mut tx, actor, id, Action::RoomWork).await?;
    named(&mut tx, actor, id).await?;
    if !matches!(contract.row.state, RoomState::Running | RoomState::Signed) {
        return Err(Error::not_found());
    }
    let rows = answers_of(&mut tx, id, contract.row.version).await?;
    let judged: BTreeSet<i64> =
        rows.iter().filter(|row| row.answered_by == AnsweredBy::File).map(|row| row.number).collect();
    let picks = picks_of(&mut tx, id).await?;
    let numbers: Vec<(i64, bool)> = picks.iter().map(|pick| (pick.number, judged.contains(&pick.number))).collect();
    let whole = numbers.iter().all(|(_, judged)| *judged);
    Ok(OwnSample {
        hash: if whole { Some(room_hash(&contract.row, contract.row.version, &rows)?) } else { None },
        progress: progress_of(&mut tx, id).await?,
        signatures: signatures_of(&mut tx, id).await?,
        is_open: is_open(&contract, state.now()),
        numbers,
        contract,
    })
}

/// Whether evaluators may look at cases now and say what they find.
pub(super) fn is_open(contract: &Contract, now: Timestamp) -> bool {
    let room = &contract.row;
    room.state == RoomState::Running && room.work_from <= now && now < room.work_until
}

pub(super) fn opened(contract: &Contract, now: Timestamp) -> Result<()> {
    if is_open(contract, now) {
        return Ok(());
    }
    Err(Error::forbidden("Cases are shown between the days of the contract, and not once the result is signed."))
}
