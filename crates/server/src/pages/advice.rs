//! What is said to whoever reports before anything else: a number to call, another door, a place that lies elsewhere.

use muster_core::area::AreaId;

use super::frame::Frame;
use super::words::Places;
use crate::view::intake::Advice;

/// By what was typed so far, and the area chosen, if one was.
pub(super) fn advice(frame: &Frame, places: &Places, text: &str, area: Option<AreaId>) -> Advice {
    let judgement = frame.state.judge("", text);
    let refusals = &frame.state.pack.refusals;
    let door = judgement.elsewhere.and_then(|elsewhere| refusals.iter().find(|known| known.code == elsewhere.reason));
    let named: Vec<_> = judgement.places.iter().filter_map(|place| Some((&place.name, place.area?))).collect();
    let is_here = |known: AreaId| area.is_some_and(|area| known.contains(area) || area.contains(known));
    // From here to there names a place that lies elsewhere too.
    let other = named.first().filter(|_| area.is_some() && !named.iter().any(|(_, known)| is_here(*known)));
    Advice {
        call: judgement.emergency.map(|emergency| emergency.number),
        door: door.map(|known| (frame.name(&known.name), frame.name(&known.door))),
        other: other.map(|(name, known)| ((*name).clone(), places.area_label(*known))),
    }
}
