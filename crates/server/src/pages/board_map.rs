//! The areas as a drawing without tiles from elsewhere: one dot an area, at its middle.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place;
use muster_store::dispatch::area_middles;

use super::board::Tally;
use super::drawing::{HEIGHT, Spot, WIDTH, lay_out, radius};
use super::frame::Frame;
use super::words::Places;
use crate::error::Result;
use crate::view::board::{Dot, Map};

/// Areas without a middle are in the table only.
pub(super) async fn map(frame: &Frame, by_area: &BTreeMap<AreaId, Tally>, places: &Places) -> Result<Map> {
    let mut tx = frame.state.read().await?;
    let middles = area_middles(&mut tx, frame.state.pack.root_area.range()).await?;
    let found: Vec<(AreaId, Place, Tally)> =
        middles.into_iter().filter_map(|(area, place)| Some((area, place, *by_area.get(&area)?))).collect();
    if found.is_empty() {
        return Ok(Map::default());
    }
    let most = found.iter().map(|(_, _, tally)| tally.wanted).max().unwrap_or(0) as f64;
    let spots = lay_out(&found.iter().map(|(_, place, _)| *place).collect::<Vec<_>>());
    let dot = |((area, _, tally), spot): (&(AreaId, Place, Tally), Spot)| Dot {
        x: spot.x,
        y: spot.y,
        r: radius(tally.wanted as f64, most),
        shade: ((tally.wanted - tally.found) * 4).div_ceil(tally.wanted.max(1)) as u32,
        name: format!("{} {}/{}", places.area(*area), tally.found, tally.wanted),
        words: spot.words.to_owned(),
        href: format!("/board?area={area}"),
    };
    Ok(Map { width: WIDTH as u32, height: HEIGHT as u32, dots: found.iter().zip(spots).map(dot).collect() })
}
