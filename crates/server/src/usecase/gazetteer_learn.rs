//! Names of places come from the tree of areas and from matters that residents confirmed. Run by a job.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::sense::{Field, Gazetteer};
use muster_core::time::Timestamp;
use muster_store::gazetteer::{ConfirmedRow, cases_confirmed, gazetteer, gazetteer_add};
use muster_store::hotspot::turn_take;
use muster_store::people::{area_list, instance_get, instance_put};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::state::State;

/// Confirmed cases that one call reads.
pub const BATCH: usize = 1000;
/// Names that are kept in memory: areas of the city, and learned ones, those seen most.
const AREAS_AT_MOST: i64 = 20_000;
const NAMES_AT_MOST: i64 = 50_000;
/// A name is known when it was in so many confirmed cases, nearly all of them in one area.
const SEEN_AT_LEAST: i64 = 3;
const IN_ONE_AREA: f64 = 0.8;
/// Where the last call stopped: `closed_at/id` of a case.
const MARK: &str = "gazetteer";
const REST: i64 = Timestamp::MINUTE / 2;

/// Reads the next confirmed cases; returns how many.
pub async fn gazetteer_learn(state: &State) -> Result<usize> {
    let mut tx = state.read().await?;
    let before = instance_get(&mut tx, MARK).await?;
    let after = before.as_deref().and_then(parse).unwrap_or_default();
    let cases = cases_confirmed(&mut tx, after, BATCH as i64).await?;
    drop(tx);
    let Some(last) = cases.last() else { return Ok(0) };
    let mark = format!("{}/{}", last.closed_at.0, last.id);
    let names = names(state, &cases);
    let mut tx = state.db.write().await?;
    // Whoever has the turn holds its row until the end; another node may have read the same cases meanwhile.
    let is_turn = turn_take(&mut tx, "gazetteer_learn", state.now(), REST).await?;
    if !is_turn || instance_get(&mut tx, MARK).await? != before {
        return Ok(0);
    }
    gazetteer_add(&mut tx, &names).await?;
    instance_put(&mut tx, MARK, &mark).await?;
    tx.commit().await?;
    Ok(cases.len())
}

/// The names in some cases with the area of each, and in how many.
fn names(state: &State, cases: &[ConfirmedRow]) -> Vec<(String, AreaId, i64)> {
    let none = Gazetteer::default();
    let mut names: BTreeMap<(String, AreaId), i64> = BTreeMap::new();
    for case in cases {
        let told = [(Field::Place, &case.place), (Field::Text, &case.text)];
        let found = told.into_iter().flat_map(|(field, text)| state.sense.place().places(&none, field, text));
        let mut once: Vec<String> = found.map(|place| place.name).collect();
        once.sort_unstable();
        once.dedup();
        for name in once {
            *names.entry((name, case.area)).or_default() += 1;
        }
    }
    names.into_iter().map(|((name, area), seen)| (name, area, seen)).collect()
}

fn parse(mark: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = mark.split_once('/')?;
    Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
}

/// Takes up the names that are known now, on this node.
pub async fn gazetteer_load(state: &State) -> Result<()> {
    let mut tx = state.read().await?;
    let areas = area_list(&mut tx, state.pack.root_area.range(), AREAS_AT_MOST).await?;
    let seen = gazetteer(&mut tx, NAMES_AT_MOST).await?;
    drop(tx);
    let known = tokio::task::spawn_blocking(move || {
        let areas = areas.into_iter().map(|area| (area.name, area.id));
        Gazetteer::new(areas, sure(seen))
    });
    state.look_up_in(known.await.map_err(|error| Error::internal(&error))?);
    Ok(())
}

/// The names that lie in one area, with it.
fn sure(seen: Vec<(String, AreaId, i64)>) -> Vec<(String, AreaId)> {
    let mut names: BTreeMap<String, Vec<(AreaId, i64)>> = BTreeMap::new();
    for (name, area, count) in seen {
        names.entry(name).or_default().push((area, count));
    }
    let known = names.into_iter().filter_map(|(name, areas)| {
        let all: i64 = areas.iter().map(|(_, count)| count).sum();
        let (area, most) = areas.into_iter().max_by_key(|(area, count)| (*count, *area))?;
        (all >= SEEN_AT_LEAST && most as f64 >= IN_ONE_AREA * all as f64).then_some((name, area))
    });
    known.collect()
}
