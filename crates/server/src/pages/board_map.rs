//! The areas as a drawing: one dot an area, at its middle; over tiles where the city names a server for them.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place;
use muster_store::dispatch::area_middles;

use super::board::Tally;
use super::drawing::{HEIGHT, Spot, WIDTH, Window, lay_out, radius};
use super::frame::Frame;
use super::words::Places;
use crate::error::Result;
use crate::tiles::MapConfig;
use crate::view::board::{Dot, Map, Tile};

/// Points of a tile, and the deepest level that servers have.
const TILE: f64 = 256.0;
const DEEPEST: f64 = 18.0;

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
    let (spots, window) = lay_out(&found.iter().map(|(_, place, _)| *place).collect::<Vec<_>>());
    let dot = |((area, _, tally), spot): (&(AreaId, Place, Tally), Spot)| Dot {
        x: spot.x,
        y: spot.y,
        r: radius(tally.wanted as f64, most),
        shade: ((tally.wanted - tally.found) * 4).div_ceil(tally.wanted.max(1)) as u32,
        name: format!("{} {}/{}", places.area(*area), tally.found, tally.wanted),
        words: spot.words.to_owned(),
        href: format!("/board?area={area}"),
    };
    let dots = found.iter().zip(spots).map(dot).collect();
    let map = Map { width: WIDTH as u32, height: HEIGHT as u32, dots, ..Map::default() };
    Ok(match &frame.state.config.map {
        Some(config) => Map { tiles: tiles(config, &window), attribution: config.attribution.clone(), ..map },
        None => map,
    })
}

/// The tiles that the drawing covers, of the level at which each is drawn at its own size or up to twice as large.
fn tiles(config: &MapConfig, window: &Window) -> Vec<Tile> {
    let Window { middle, scale } = *window;
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
