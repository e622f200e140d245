//! Looks for rising clusters among the reports of the last days. Run by a job, on one node at a time.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use muster_core::area::{AreaId, Level};
use muster_core::id::ReportId;
use muster_core::sense::hotspot::Heard;
use muster_core::sense::{Cluster, Survey};
use muster_core::time::Timestamp;
use muster_store::hotspot::{
    HeardRow, HotspotRow, hotspot_add, hotspot_grow, hotspot_insert, hotspot_of, reports_heard, turn_take,
};

use crate::error::Result;
use crate::state::State;

/// Time between two looks.
const REST: i64 = 10 * Timestamp::MINUTE;
/// Reports of the window that are read, the newest, and of those before it: a sample of the past is enough.
const NOW_AT_MOST: i64 = 20_000;
const BEFORE_AT_MOST: i64 = 50_000;
const PAST: i64 = 365 * Timestamp::DAY;

/// Finds what rises in each county; returns how many spots were found or went on. Nothing where another node has just
/// looked.
pub async fn hotspot_watch(state: &State) -> Result<usize> {
    let now = state.now();
    let mut tx = state.db.write().await?;
    if !turn_take(&mut tx, "hotspot_watch", now, REST).await? {
        return Ok(0);
    }
    tx.commit().await?;
    let rule = state.sense.hotspot();
    let since = now.plus(-i64::from(rule.window_days) * Timestamp::DAY);
    let mut tx = state.read().await?;
    let recent = reports_heard(&mut tx, (since, now.plus(1)), NOW_AT_MOST).await?;
    let began = recent.last().map_or(since, |row| row.received_at);
    let before = reports_heard(&mut tx, (now.plus(-PAST), began), BEFORE_AT_MOST).await?;
    drop(tx);
    // Many texts: not on the threads that answer requests.
    let found = tokio::task::spawn_blocking(move || survey(rule, &recent, &before));
    let found = found.await.map_err(|error| crate::error::Error::internal(&error))?;
    let mut count = 0;
    for (area, cluster) in found {
        keep(state, now, area, &cluster).await?;
        count += 1;
    }
    Ok(count)
}

/// A cluster with the reports themselves.
struct Found {
    reports: Vec<ReportId>,
    last_at: Timestamp,
    cluster: Cluster,
}

fn county(area: AreaId) -> AreaId {
    area.ancestor(Level::County).unwrap_or(area)
}

fn by_county(rows: &[HeardRow]) -> BTreeMap<AreaId, Vec<&HeardRow>> {
    let mut counties: BTreeMap<AreaId, Vec<&HeardRow>> = BTreeMap::new();
    for row in rows {
        counties.entry(county(row.area)).or_default().push(row);
    }
    counties
}

fn survey(rule: muster_core::sense::HotRule, recent: &[HeardRow], before: &[HeardRow]) -> Vec<(AreaId, Found)> {
    let (mut counties, past) = (by_county(recent), by_county(before));
    counties.retain(|_, rows| rows.len() >= rule.people as usize);
    let mut found = Vec::new();
    for (area, rows) in counties {
        let mut survey = Survey::of(rule, rows.iter().map(|row| heard(row)).collect());
        for row in past.get(&area).into_iter().flatten() {
            survey.before(&row.title, &row.text);
        }
        for cluster in survey.clusters() {
            let members = cluster.members.iter().map(|at| rows[*at]);
            let last_at = members.clone().map(|row| row.received_at).max().unwrap_or_default();
            found.push((area, Found { reports: members.map(|row| row.id).collect(), last_at, cluster }));
        }
    }
    found
}

fn heard(row: &HeardRow) -> Heard<'_> {
    Heard { at: row.received_at, by: person(row), title: &row.title, text: &row.text }
}

/// Who is not known is somebody else each time.
fn person(row: &HeardRow) -> u64 {
    let mut hash = DefaultHasher::new();
    row.person_id.unwrap_or(row.id.0).hash(&mut hash);
    hash.finish()
}

/// Adds a cluster to the spot it goes on with, or makes one.
async fn keep(state: &State, now: Timestamp, area: AreaId, found: &Found) -> Result<()> {
    let rule = state.sense.hotspot();
    let mut tx = state.db.write().await?;
    let since = now.plus(-2 * i64::from(rule.window_days) * Timestamp::DAY);
    let known = hotspot_of(&mut tx, area, since, &found.reports).await?;
    let is_new = known.is_none();
    let spot = HotspotRow {
        name: found.cluster.name.clone(),
        last_at: found.last_at,
        people: found.cluster.people as i64,
        ..known.unwrap_or(HotspotRow {
            id: state.chance.uuid(now),
            area,
            name: String::new(),
            since: now,
            last_at: now,
            people: 0,
            chance: found.cluster.chance,
            state: "new".to_owned(),
            unit_id: None,
            reason: None,
            decided_by: None,
            decided_at: None,
        })
    };
    if is_new {
        hotspot_insert(&mut tx, &spot).await?;
    } else {
        hotspot_grow(&mut tx, &spot).await?;
    }
    hotspot_add(&mut tx, spot.id, &found.reports).await?;
    tx.commit().await?;
    Ok(())
}
