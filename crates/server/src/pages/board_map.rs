//! The areas as a drawing without tiles from elsewhere: one dot an area, at its middle.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place;
use muster_store::dispatch::area_middles;

use super::board::Tally;
use super::frame::Frame;
use super::words::Places;
use crate::error::Result;
use crate::view::board::{Dot, Map};

/// Size of the drawing, and room for names at its edges.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const EDGE: f64 = 60.0;
/// Radii of the smallest and the largest dot.
const SMALL: f64 = 7.0;
const LARGE: f64 = 30.0;

/// Areas without a middle are in the table only.
pub(super) async fn map(frame: &Frame, by_area: &BTreeMap<AreaId, Tally>, places: &Places) -> Result<Map> {
    let mut tx = frame.state.read().await?;
    let middles = area_middles(&mut tx, frame.state.pack.root_area.range()).await?;
    let found: Vec<(AreaId, Place, Tally)> =
        middles.into_iter().filter_map(|(area, place)| Some((area, place, *by_area.get(&area)?))).collect();
    if found.is_empty() {
        return Ok(Map::default());
    }
    let bounds = |of: fn(&Place) -> i64| {
        let values = found.iter().map(|(_, place, _)| of(place));
        (values.clone().min().unwrap_or(0) as f64, values.max().unwrap_or(0) as f64)
    };
    let (west, east) = bounds(|place| place.longitude);
    let (south, north) = bounds(|place| place.latitude);
    // One scale for both directions, narrower towards the poles.
    let narrow = (south / 1e6).to_radians().cos();
    let (wide, high) = (((east - west) * narrow).max(1.0), (north - south).max(1.0));
    let scale = ((WIDTH - 2.0 * EDGE) / wide).min((HEIGHT - 2.0 * EDGE) / high);
    let most = found.iter().map(|(_, _, tally)| tally.wanted).max().unwrap_or(0).max(1) as f64;
    let dot = |(area, place, tally): &(AreaId, Place, Tally)| {
        let x = WIDTH / 2.0 + ((place.longitude as f64 - f64::midpoint(west, east)) * narrow) * scale;
        let y = HEIGHT / 2.0 - (place.latitude as f64 - f64::midpoint(south, north)) * scale;
        let words = match x {
            x if x < EDGE * 1.5 => "start",
            x if x > WIDTH - EDGE * 1.5 => "end",
            _ => "middle",
        };
        Dot {
            x: x as u32,
            y: y as u32,
            r: (SMALL + (LARGE - SMALL) * (tally.wanted as f64 / most).sqrt()) as u32,
            shade: ((tally.wanted - tally.found) * 4).div_ceil(tally.wanted.max(1)) as u32,
            name: format!("{} {}/{}", places.area(*area), tally.found, tally.wanted),
            words: words.to_owned(),
            href: format!("/board?area={area}"),
        }
    };
    Ok(Map { width: WIDTH as u32, height: HEIGHT as u32, dots: found.iter().map(dot).collect() })
}
