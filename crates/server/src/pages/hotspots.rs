//! What many people have begun to say: each cluster with its members and its trend, and who takes it up.

use std::collections::BTreeMap;

use axum::response::Response;
use muster_core::area::{AreaId, Level};
use muster_core::people::{Action, Subject, may};
use muster_core::time::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::findings::may_open;
use super::frame::{Frame, explain, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::hotspot_decide::{Verdict, hotspot_decide};
use crate::usecase::hotspot_list::{Spot, hotspot_list};
use crate::view::hotspots::{Bar, HotspotForm, HotspotsPage, Member, Shown, Street, Tile};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    verdict: String,
    unit: String,
    reason: String,
}

/// Days of the trend.
const TREND: i64 = 28;
/// Members that are listed before "and so many more".
const LISTED: usize = 6;
/// Communities of one street on the map.
const TILES: usize = 60;

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = match (typed.verdict.as_str(), typed.unit.parse()) {
        ("dismiss", _) => hotspot_decide(&frame.state, frame.actor(), id, &Verdict::Dismiss, &typed.reason).await,
        (_, Ok(unit)) => hotspot_decide(&frame.state, frame.actor(), id, &Verdict::Take(unit), &typed.reason).await,
        (_, Err(_)) => Err(Error::invalid("unit", "unit-unknown", "Choose a unit from the list.")),
    };
    match done {
        Ok(_) => Ok(frame.go("/hotspots")),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, Some((id, &typed))).await?;
            explain(&mut page.shell, &error, |field| format!("{field}-{id}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, typed: Option<(Uuid, &Typed)>) -> Result<HotspotsPage> {
    let spots = hotspot_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let typed_of = |id: Uuid| typed.filter(|(of, _)| *of == id).map(|(_, typed)| typed);
    let spots = spots.iter().map(|spot| shown(frame, &places, spot, typed_of(spot.row.id))).collect();
    let rule = frame.state.sense.hotspot();
    let units = places.unit_groups();
    let shell = frame.shell("hotspots-page");
    Ok(HotspotsPage { shell, spots, units, people: rule.people.into(), days: rule.window_days.into() })
}

fn shown(frame: &Frame, places: &Places, spot: &Spot, typed: Option<&Typed>) -> Shown {
    let row = &spot.row;
    let members = spot.members.iter().take(LISTED).map(|member| Member {
        code: member.code.clone(),
        title: member.title.clone(),
        state: member.state.clone(),
        area: places.area(member.area),
    });
    Shown {
        id: row.id.to_string(),
        name: row.name.clone(),
        area: places.area_label(row.area),
        state: row.state.clone(),
        since: frame.when(row.since),
        last: frame.when(row.last_at),
        people: row.people.max(0) as u64,
        reports: spot.members.len() as u64,
        more: spot.members.len().saturating_sub(LISTED) as u64,
        bars: trend(spot, frame.state.now()),
        map: map(places, spot),
        members: members.collect(),
        unit: row.unit_id.map(|unit| places.unit(unit.into())).unwrap_or_default(),
        reason: row.reason.clone().unwrap_or_default(),
        form: HotspotForm {
            unit_id: format!("unit-{}", row.id),
            reason_id: format!("reason-{}", row.id),
            unit: typed.map(|typed| typed.unit.clone()).unwrap_or_default(),
            reason: typed.map(|typed| typed.reason.clone()).unwrap_or_default(),
            is_open: typed.is_some(),
        },
        may_find: may_open(frame, row.area),
        area_id: row.area.to_string(),
        may_decide: row.state == "new" && may(frame.actor(), Action::HotspotDecide, &Subject::area(row.area)).is_ok(),
    }
}

/// The streets in which something was reported, each with all its communities, so that one sees how far it spreads.
fn map(places: &Places, spot: &Spot) -> Vec<Street> {
    let mut counts: BTreeMap<AreaId, u64> = BTreeMap::new();
    for member in &spot.members {
        *counts.entry(member.area).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    let tile = |area: AreaId| {
        let count = counts.get(&area).copied().unwrap_or(0);
        Tile { name: places.area(area), count, shade: (count * 4).div_ceil(most) }
    };
    let mut streets: BTreeMap<AreaId, Vec<Tile>> = BTreeMap::new();
    for area in counts.keys() {
        let street = area.ancestor(Level::Township).unwrap_or(*area);
        streets.entry(street).or_insert_with(|| {
            let inside = places.areas.iter().map(|area| area.id).filter(|id| id.parent() == Some(street));
            let own = counts.contains_key(&street).then_some(street);
            own.into_iter().chain(inside).take(TILES).map(tile).collect()
        });
    }
    streets.into_iter().map(|(street, tiles)| Street { name: places.area_label(street), tiles }).collect()
}

/// Reports by day, the oldest first; heights of 100.
fn trend(spot: &Spot, now: Timestamp) -> Vec<Bar> {
    let mut days = vec![0_u64; TREND as usize];
    for member in &spot.members {
        let age = now.since(member.received_at) / Timestamp::DAY;
        if (0..TREND).contains(&age) {
            days[(TREND - 1 - age) as usize] += 1;
        }
    }
    let most = days.iter().copied().max().unwrap_or(0).max(1);
    days.iter()
        .enumerate()
        .map(|(day, count)| Bar { x: day as u64 * 10, height: count * 100 / most, count: *count })
        .collect()
}
