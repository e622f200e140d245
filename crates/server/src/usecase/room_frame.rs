//! The frame of a contract is closed: which cases could be drawn, kept as they stand, and their fingerprint published.

use muster_core::area::AreaId;
use muster_core::evaluate::room::RoomState;
use muster_core::evaluate::sample::{FrameCase, SampleFault, StrataBy, allocate, frame_hash, strata};
use muster_core::people::{Action, Actor};
use muster_store::room::{ClosedRow, FrameRow, cases_closed, frame_insert, room_update};
use uuid::Uuid;

use super::act::Act;
use super::room::{hold, note, stands};
use crate::error::{Error, Result};
use crate::state::State;

/// Returns how many cases the frame has.
pub async fn room_frame(state: &State, actor: &Actor, id: Uuid) -> Result<usize> {
    let mut act = Act::begin(state, actor).await?;
    let mut contract = hold(&mut act, id, Action::RoomFrame).await?;
    stands(&contract, &[RoomState::Ordered])?;
    let room = &contract.row;
    if act.at < room.cases_until {
        let detail = "The period of the cases is not over; what is closed until then belongs to the frame.";
        return Err(Error::invalid("frame", "room-period", detail));
    }
    if room.seed_at.is_some_and(|drawn| drawn <= act.at.0) {
        let detail =
            "The number has been drawn already: whoever closes the frame could know it. Order anew with a later one.";
        return Err(Error::invalid("frame", "room-source-drawn", detail));
    }
    let closed = cases_closed(&mut act.tx, room.area, (room.cases_from, room.cases_until)).await?;
    let frame: Vec<FrameRow> = closed.into_iter().map(|row| framed(id, room.area, contract.design.by, row)).collect();
    let cases: Vec<FrameCase> = frame.iter().map(FrameRow::case).collect();
    let mut shares = strata(&cases, contract.design.allocation);
    allocate(&mut shares, contract.design.size.into(), contract.design.least.into())
        .map_err(|fault| refused(&fault))?;
    frame_insert(&mut act.tx, &frame).await?;
    contract.row.state = RoomState::Framed;
    contract.row.frame_size = Some(frame.len() as i64);
    contract.row.frame_hash = Some(frame_hash(&cases));
    contract.row.framed_at = Some(act.at.0);
    room_update(&mut act.tx, &contract.row).await?;
    let hash = contract.row.frame_hash.clone().unwrap_or_default();
    note(&mut act, id, "frame", &hash, Action::RoomFrame).await?;
    act.commit().await?;
    Ok(frame.len())
}

fn framed(room: Uuid, area: AreaId, by: StrataBy, row: ClosedRow) -> FrameRow {
    let stratum = match by {
        StrataBy::All => "all".to_owned(),
        StrataBy::Area => below(area, row.area).to_string(),
        StrataBy::Unit => row.unit.unwrap_or_else(|| "-".to_owned()),
        StrataBy::Class => row.category.get(..2).unwrap_or("-").to_owned(),
    };
    FrameRow {
        room_id: room,
        case_id: row.id,
        stratum,
        outcome: row.outcome,
        confirmed: row.confirmed,
        rating: row.rating,
        code: row.code,
    }
}

/// The area next below `whole` that holds `area`, or the whole itself.
fn below(whole: AreaId, area: AreaId) -> AreaId {
    let path = std::iter::once(area).chain(area.ancestors());
    path.take_while(|area| *area != whole).last().unwrap_or(whole)
}

pub(super) fn refused(fault: &SampleFault) -> Error {
    let code = match fault {
        SampleFault::Empty => "room-empty",
        SampleFault::Small { .. } => "room-small",
    };
    Error::invalid("frame", code, fault.to_string())
}
