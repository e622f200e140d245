//! What must be true of third-party evaluations: frames and samples are those that were published, results those signed.

use muster_core::evaluate::sample::{FrameCase, draw, frame_hash};

use super::{Check, Weight};
use crate::db::{Result, Tx};
use crate::room::{FrameRow, RoomRow, answers_of, frame_of, picks_of, room_hash, rooms_all, signatures_of};

pub(super) async fn whole(tx: &mut Tx) -> Result<[Check; 2]> {
    let sentence = "Frame and sample of an evaluation are those of the published hash and seed.";
    let mut sample = Check::new("rooms-sample", Weight::Finding, sentence);
    let sentence = "The answers of an evaluation have the hash that was signed.";
    let mut signed = Check::new("rooms-signed", Weight::Finding, sentence);
    for room in rooms_all(tx).await? {
        if room.frame_hash.is_some() {
            sample.judge(redrawn(tx, &room).await?);
        }
        for signature in signatures_of(tx, room.id).await? {
            let rows = answers_of(tx, room.id, signature.version).await?;
            let same = room_hash(&room, signature.version, &rows)? == signature.hash;
            signed
                .judge((!same).then(|| format!("version {} of evaluation {} was changed", signature.version, room.id)));
        }
    }
    Ok([sample, signed])
}

async fn redrawn(tx: &mut Tx, room: &RoomRow) -> Result<Option<String>> {
    let frame = frame_of(tx, room.id).await?;
    let cases: Vec<FrameCase> = frame.iter().map(FrameRow::case).collect();
    if room.frame_hash.as_deref() != Some(&frame_hash(&cases)) {
        return Ok(Some(format!("the frame of evaluation {} is another", room.id)));
    }
    let Some(seed) = &room.seed else { return Ok(None) };
    let again = draw(seed, &room.design()?, &cases).map(|sample| sample.picks).unwrap_or_default();
    let again: Vec<_> = again.iter().map(|pick| frame[pick.at].case_id).collect();
    let kept: Vec<_> = picks_of(tx, room.id).await?.iter().map(|pick| pick.case_id).collect();
    Ok((again != kept).then(|| format!("the sample of evaluation {} is another", room.id)))
}
