//! The sample is drawn again from what was published, and compared with the one that evaluators work on.

use muster_core::evaluate::sample::{FrameCase, draw, fingerprint, frame_hash};
use muster_core::people::{Action, Actor};
use muster_store::room::{FrameRow, PickRow, frame_of, picks_of, strata_of};
use uuid::Uuid;

use super::room::{Contract, contract};
use super::room_draw::{pick_rows, strata_rows};
use super::room_frame::refused;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct Redrawn {
    pub contract: Contract,
    pub seed: String,
    /// Of the frame as it is kept.
    pub frame_hash: String,
    pub frame_same: bool,
    /// Whether the seed is the one that was committed to; none where it was drawn in public.
    pub seed_same: Option<bool>,
    pub strata_same: bool,
    pub drawn: usize,
    /// Numbers behind which another case stands, or that are in one of the samples only.
    pub differing: Vec<i64>,
}

impl Redrawn {
    pub fn is_same(&self) -> bool {
        self.frame_same && self.seed_same != Some(false) && self.strata_same && self.differing.is_empty()
    }
}

pub async fn room_redraw(state: &State, actor: &Actor, id: Uuid) -> Result<Redrawn> {
    let mut tx = state.db.snapshot().await?;
    let contract = contract(&mut tx, actor, id, Action::RoomView).await?;
    let Some(seed) = contract.row.seed.clone() else {
        return Err(Error::invalid("room", "room-not-drawn", "Nothing is drawn yet."));
    };
    let frame = frame_of(&mut tx, id).await?;
    let cases: Vec<FrameCase> = frame.iter().map(FrameRow::case).collect();
    let again = draw(&seed, &contract.design, &cases).map_err(|fault| refused(&fault))?;
    let (kept, drawn) = (picks_of(&mut tx, id).await?, pick_rows(id, &again, &frame));
    let most = kept.len().max(drawn.len());
    let differs = |at: &usize| {
        let same = |a: &PickRow| (a.number, a.case_id, a.stratum);
        kept.get(*at).map(same) != drawn.get(*at).map(same)
    };
    let hash = frame_hash(&cases);
    Ok(Redrawn {
        frame_same: contract.row.frame_hash.as_deref() == Some(hash.as_str()),
        frame_hash: hash,
        seed_same: contract.row.seed_hash.as_deref().map(|kept| kept == fingerprint(&seed)),
        strata_same: strata_of(&mut tx, id).await? == strata_rows(id, &again),
        drawn: drawn.len(),
        differing: (0..most).filter(differs).map(|at| at as i64 + 1).collect(),
        seed,
        contract,
    })
}
