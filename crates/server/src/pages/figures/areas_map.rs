//! The areas below the chosen one, each as large as what it counted and coloured by how it stands to its target.

use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place;
use muster_core::evaluate::{Measure, Ratio};
use muster_store::dispatch::area_middles;
use muster_store::evaluate::FigureQuery;

use super::asked::Asked;
use super::desk::Sight;
use super::parts::{NOTHING, percent};
use crate::error::Result;
use crate::pages::drawing::{HEIGHT, WIDTH, lay_out, radius};
use crate::usecase::figures::{By, Part, Totals, figures_beside};
use crate::view::evaluate::{FigureDot, FigureMap, MapRow};

/// Percentage points below the target that are still close to it.
const CLOSE: f64 = 5.0;
/// In the order of the legend.
const SHADES: [&str; 5] = ["good", "close", "short", "few", "plain"];

/// None where there is nothing below.
pub(super) async fn map(sight: &Sight<'_>, query: &FigureQuery, lead: Measure) -> Result<Option<FigureMap>> {
    let frame = sight.frame;
    let mut measures = sight.shown.measures();
    measures.push(lead);
    let compared = figures_beside(&frame.state, frame.actor(), sight.ask, By::Area, &measures).await?;
    let areas = compared.parts.iter().filter_map(|(part, totals)| match part {
        Part::Area(area) => Some((*area, totals)),
        _ => None,
    });
    let rows: Vec<(AreaId, MapRow)> = areas.map(|(area, totals)| (area, row(sight, area, totals, lead))).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let mut tx = frame.state.read().await?;
    let middles = area_middles(&mut tx, query.area.range()).await?;
    let placed: Vec<(&MapRow, Place)> =
        rows.iter().filter_map(|(area, row)| Some((row, middle(&middles, *area)?))).collect();
    let most = placed.iter().map(|(row, _)| row.count).max().unwrap_or(0) as f64;
    let (spots, _) = lay_out(&placed.iter().map(|(_, place)| *place).collect::<Vec<_>>());
    let dots = placed.iter().zip(spots).map(|((row, _), spot)| FigureDot {
        x: spot.x,
        y: spot.y,
        r: radius(row.count as f64, most),
        shade: row.shade,
        name: row.name.clone(),
        value: row.value.clone(),
        words: spot.words,
        href: row.href.clone(),
    });
    let dots: Vec<FigureDot> = dots.collect();
    let rows: Vec<MapRow> = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Some(FigureMap {
        name: frame.name(&sight.shown.name),
        lead: sight.lead_name(lead),
        width: WIDTH as u32,
        height: HEIGHT as u32,
        dots,
        shades: SHADES.into_iter().filter(|shade| rows.iter().any(|row| row.shade == *shade)).collect(),
        rows,
    }))
}

fn row(sight: &Sight<'_>, area: AreaId, totals: &Totals, lead: Measure) -> MapRow {
    let ratio = totals.ratio(sight.shown);
    let at = Asked { area: area.to_string(), ..sight.asked.clone() };
    MapRow {
        name: sight.places.area(area),
        href: at.address("/dashboard"),
        count: totals.get(lead),
        value: percent(ratio).unwrap_or_else(|| NOTHING.to_owned()),
        shade: shade(sight, area, ratio),
    }
}

/// How the area stands to the target of its own level.
fn shade(sight: &Sight<'_>, area: AreaId, ratio: Ratio) -> &'static str {
    let (_, last) = sight.period.days();
    let year = i16::try_from(last / 10_000).unwrap_or(i16::MAX);
    let target = sight.frame.state.pack.indicators.target(&sight.shown.code, area.level(), year);
    match (target, ratio.percent().filter(|_| !ratio.is_small())) {
        (_, None) => "few",
        (None, Some(_)) => "plain",
        (Some(target), Some(percent)) if !sight.shown.misses(percent, target.percent) => "good",
        (Some(target), Some(percent)) if (percent - target.percent).abs() <= CLOSE => "close",
        _ => "short",
    }
}

/// Of the area itself, or of what is known below it.
fn middle(middles: &[(AreaId, Place)], area: AreaId) -> Option<Place> {
    if let Some((_, place)) = middles.iter().find(|(known, _)| *known == area) {
        return Some(*place);
    }
    let below: Vec<Place> =
        middles.iter().filter(|(known, _)| area.contains(*known)).map(|(_, place)| *place).collect();
    let n = below.len() as i64;
    let mean = |of: fn(&Place) -> i64| below.iter().map(of).sum::<i64>() / n;
    (n > 0).then(|| Place { latitude: mean(|place| place.latitude), longitude: mean(|place| place.longitude) })
}
