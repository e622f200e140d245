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
    let mut named = judgement.places.iter().filter_map(|place| Some((&place.name, place.area?)));
    let other = area.and_then(|area| named.find(|(_, known)| !known.contains(area) && !area.contains(*known)));
    Advice {
        call: judgement.emergency.map(|emergency| emergency.number),
        door: door.map(|known| (frame.name(&known.name), frame.name(&known.door))),
        other: other.map(|(name, known)| (name.clone(), places.area_label(known))),
    }
}
