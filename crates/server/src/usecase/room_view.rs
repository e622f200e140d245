//! Contracts as those who order them see them: design, seed, how far it is, what became of it. What was found is shown once
//! it is signed (`room_result`).

use muster_core::people::{Action, Actor, scope};
use muster_core::time::Timestamp;
use muster_store::room::{
    EvaluatorRow, Progress, RoomStepRow, SignatureRow, StratumRow, evaluators_of, progress_of, room_get, room_steps_of,
    rooms_in, signatures_of, strata_of,
};
use uuid::Uuid;

use super::act::deny;
use super::room::{Contract, contract};
use crate::error::{Error, Result};
use crate::state::State;

/// A contract in a list, with cases judged and cases drawn.
#[derive(Clone, Debug)]
pub struct RoomLine {
    pub contract: Contract,
    pub judged: i64,
    pub sampled: i64,
}

const ROOMS: i64 = 100;

/// The newest first.
pub async fn room_list(state: &State, actor: &Actor) -> Result<Vec<RoomLine>> {
    let scope = scope(actor, Action::RoomView).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut lines = Vec::new();
    for row in rooms_in(&mut tx, &scope, ROOMS).await? {
        let progress = progress_of(&mut tx, row.id).await?;
        lines.push(RoomLine {
            judged: progress.iter().map(|part| part.judged).sum(),
            sampled: progress.iter().map(|part| part.sampled).sum(),
            contract: Contract::read(row)?,
        });
    }
    Ok(lines)
}

#[derive(Clone, Debug)]
pub struct RoomFile {
    pub contract: Contract,
    pub evaluators: Vec<EvaluatorRow>,
    /// Those who could be named, too.
    pub candidates: Vec<EvaluatorRow>,
    pub strata: Vec<StratumRow>,
    pub progress: Vec<Progress>,
    /// Each with the name of the account.
    pub steps: Vec<(RoomStepRow, Option<String>)>,
    pub signatures: Vec<SignatureRow>,
    pub now: Timestamp,
}

pub async fn room_view(state: &State, actor: &Actor, id: Uuid) -> Result<RoomFile> {
    let mut tx = state.read().await?;
    let contract = contract(&mut tx, actor, id, Action::RoomView).await?;
    Ok(RoomFile {
        evaluators: evaluators_of(&mut tx, id).await?,
        candidates: super::room_order::evaluators(&mut tx, contract.row.area).await?,
        strata: strata_of(&mut tx, id).await?,
        progress: progress_of(&mut tx, id).await?,
        steps: room_steps_of(&mut tx, id).await?,
        signatures: signatures_of(&mut tx, id).await?,
        now: state.now(),
        contract,
    })
}

/// What is published of a contract: the method, hashes and seed, and who signed. For everybody.
#[derive(Clone, Debug)]
pub struct RoomMethod {
    pub contract: Contract,
    pub strata: usize,
    pub sampled: i64,
    pub signatures: Vec<SignatureRow>,
}

pub async fn room_method(state: &State, id: Uuid) -> Result<RoomMethod> {
    let mut tx = state.read().await?;
    let row = room_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let strata = strata_of(&mut tx, id).await?;
    Ok(RoomMethod {
        contract: Contract::read(row)?,
        sampled: strata.iter().map(|stratum| stratum.sampled).sum(),
        strata: strata.len(),
        signatures: signatures_of(&mut tx, id).await?,
    })
}
