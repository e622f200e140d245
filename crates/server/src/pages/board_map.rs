//! The areas as a drawing: one dot an area, at its middle; over tiles where the city names a server for them.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place;
use muster_store::dispatch::area_middles;

use super::board::Tally;
use super::frame::Frame;
use super::words::Places;
use crate::error::Result;
use crate::tiles::MapConfig;
use crate::view::board::{Dot, Map, Tile};

/// Size of the drawing, and room for names at its edges.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const EDGE: f64 = 60.0;
/// The largest scale: a single area is not drawn larger than a few streets.
const NEAREST: f64 = 256.0 * 16_384.0;
/// Points of a tile, and the deepest level that servers have.
const TILE: f64 = 256.0;
const DEEPEST: f64 = 18.0;
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
    let world: Vec<(f64, f64)> = found.iter().map(|(_, place, _)| mercator(*place)).collect();
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        let values = world.iter().map(of);
        (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
    };
    let (west, east) = bounds(|(x, _)| *x);
    let (north, south) = bounds(|(_, y)| *y);
    let scale = ((WIDTH - 2.0 * EDGE) / (east - west)).min((HEIGHT - 2.0 * EDGE) / (south - north)).min(NEAREST);
    let middle = (f64::midpoint(west, east), f64::midpoint(north, south));
    let most = found.iter().map(|(_, _, tally)| tally.wanted).max().unwrap_or(0).max(1) as f64;
    let dot = |((area, _, tally), at): (&(AreaId, Place, Tally), &(f64, f64))| {
        let (x, y) = (WIDTH / 2.0 + (at.0 - middle.0) * scale, HEIGHT / 2.0 + (at.1 - middle.1) * scale);
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
    let dots = found.iter().zip(&world).map(dot).collect();
    let map = Map { width: WIDTH as u32, height: HEIGHT as u32, dots, ..Map::default() };
    Ok(match &frame.state.config.map {
        Some(config) => Map { tiles: tiles(config, middle, scale), attribution: config.attribution.clone(), ..map },
        None => map,
    })
}

/// Where a place lies in the square of Web Mercator: 0 to 1 eastward and southward.
fn mercator(place: Place) -> (f64, f64) {
    let (latitude, longitude) = (place.latitude as f64 / 1e6, place.longitude as f64 / 1e6);
    let y = latitude.clamp(-85.0, 85.0).to_radians().tan().asinh() / std::f64::consts::PI;
    ((longitude + 180.0) / 360.0, (1.0 - y) / 2.0)
}

/// The tiles that the drawing covers, of the level at which each is drawn at its own size or up to twice as large.
fn tiles(config: &MapConfig, middle: (f64, f64), scale: f64) -> Vec<Tile> {
    let z = (scale / TILE).log2().floor().clamp(0.0, DEEPEST) as u32;
    let (across, size) = (1_i64 << z, scale / f64::from(1_u32 << z));
    let range = |middle: f64, length: f64| {
        let (from, to) = (middle - length / 2.0 / scale, middle + length / 2.0 / scale);
        let tile = |at: f64| ((at * across as f64).floor() as i64).clamp(0, across - 1);
        tile(from)..=tile(to)
    };
    let at =
        |tile: i64, middle: f64, length: f64| (length / 2.0 + (tile as f64 / across as f64 - middle) * scale).round();
    let mut tiles = Vec::new();
    for y in range(middle.1, HEIGHT) {
        for x in range(middle.0, WIDTH) {
            tiles.push(Tile {
                href: config.tile(z, x, y),
                x: at(x, middle.0, WIDTH) as i64,
                y: at(y, middle.1, HEIGHT) as i64,
                size: size.ceil() as i64,
            });
        }
    }
    tiles
}
