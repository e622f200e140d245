//! The sample is drawn: the secret seed is shown, or the number drawn in public is entered, and from then on anybody can
//! draw the same again.

use muster_core::evaluate::room::{RoomState, SeedKind, seed_of};
use muster_core::evaluate::sample::{FrameCase, Sample, draw, fingerprint};
use muster_core::people::{Action, Actor};
use muster_store::room::{FrameRow, PickRow, StratumRow, frame_of, picks_insert, room_update, strata_insert};
use uuid::Uuid;

use super::act::{Act, fits};
use super::room::{Contract, hold, note, stands};
use super::room_frame::refused;
use crate::error::{Error, Result};
use crate::secret::place;
use crate::state::State;

/// `number` is what was drawn in public; not asked for where the seed is the program's.
pub async fn room_draw(state: &State, actor: &Actor, id: Uuid, number: &str) -> Result<usize> {
    let mut act = Act::begin(state, actor).await?;
    let mut contract = hold(&mut act, id, Action::RoomDraw).await?;
    stands(&contract, &[RoomState::Framed])?;
    let seed = match contract.row.seed_kind {
        SeedKind::Secret => secret(state, &contract)?,
        SeedKind::Source => public(&act, &contract, number)?,
    };
    let frame = frame_of(&mut act.tx, id).await?;
    let cases: Vec<FrameCase> = frame.iter().map(FrameRow::case).collect();
    let sample = draw(&seed, &contract.design, &cases).map_err(|fault| refused(&fault))?;
    strata_insert(&mut act.tx, &strata_rows(id, &sample)).await?;
    picks_insert(&mut act.tx, &pick_rows(id, &sample, &frame)).await?;
    note(&mut act, id, "draw", &seed, Action::RoomDraw).await?;
    contract.row.seed = Some(seed);
    contract.row.state = RoomState::Running;
    contract.row.drawn_at = Some(act.at.0);
    room_update(&mut act.tx, &contract.row).await?;
    act.commit().await?;
    Ok(sample.picks.len())
}

/// The seed that was committed to with the contract.
fn secret(state: &State, contract: &Contract) -> Result<String> {
    let at = place("rooms", "seed_sealed", &contract.row.id.to_string());
    let sealed = contract.row.seed_sealed.as_deref().unwrap_or_default();
    let seed = state.keys.open(&at, sealed).map_err(|error| Error::internal(&error))?;
    let seed = String::from_utf8_lossy(&seed).into_owned();
    if contract.row.seed_hash.as_deref() == Some(&fingerprint(&seed)) {
        return Ok(seed);
    }
    Err(Error::invalid("number", "room-seed-other", "The kept seed is not the one whose hash was published."))
}

fn public(act: &Act<'_>, contract: &Contract, number: &str) -> Result<String> {
    if contract.row.seed_at.is_some_and(|drawn| act.at.0 < drawn) {
        let detail = "The number has not been drawn yet; enter it once it is published.";
        return Err(Error::invalid("number", "room-number-early", detail));
    }
    if number.trim().is_empty() {
        return Err(Error::invalid("number", "room-number-missing", "Enter the number as it was published."));
    }
    fits(act.state, "number", number)?;
    Ok(seed_of(contract.row.seed_source.as_deref().unwrap_or_default(), number))
}

pub(super) fn strata_rows(room: Uuid, sample: &Sample) -> Vec<StratumRow> {
    let rows = (1..).zip(&sample.strata).map(|(position, stratum)| StratumRow {
        room_id: room,
        position,
        key: stratum.key.clone(),
        cases: stratum.cases as i64,
        weight: stratum.weight as i64,
        sampled: stratum.sampled as i64,
    });
    rows.collect()
}

pub(super) fn pick_rows(room: Uuid, sample: &Sample, frame: &[FrameRow]) -> Vec<PickRow> {
    let rows = (1..).zip(&sample.picks).map(|(number, pick)| {
        let case = &frame[pick.at];
        PickRow {
            room_id: room,
            number,
            case_id: case.case_id,
            stratum: pick.stratum as i64 + 1,
            code: case.code.clone(),
            outcome: case.outcome.clone(),
            confirmed: case.confirmed,
            rating: case.rating,
        }
    });
    rows.collect()
}
