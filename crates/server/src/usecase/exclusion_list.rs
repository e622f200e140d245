//! What was left out of scores: the counts for everybody, and a unit's own.

use std::collections::BTreeMap;

use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_core::time::Timestamp;
use muster_store::people::{Unit, unit_get};
use muster_store::performance::{ExclusionCase, exclusions_of_unit, exclusions_told};

use super::act::{day, deny};
use crate::error::Result;
use crate::state::State;

/// Time that the open page looks back.
const SHOWN: i64 = 366 * Timestamp::DAY;
const MOST: i64 = 100_000;
/// Of a unit's own.
const LISTED: i64 = 100;

/// How many were asked for, granted, refused and are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub asked: i64,
    pub granted: i64,
    pub refused: i64,
}

/// Counts by month (yyyymm, the latest first) and ground, for everybody: no unit, no case.
pub async fn exclusion_counts(state: &State) -> Result<BTreeMap<(std::cmp::Reverse<i64>, String), Told>> {
    may(&Actor::Anonymous, Action::ExclusionCount, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut counts: BTreeMap<(std::cmp::Reverse<i64>, String), Told> = BTreeMap::new();
    for row in exclusions_told(&mut tx, state.now().plus(-SHOWN), MOST).await? {
        let month = std::cmp::Reverse(day(state, row.asked_at) / 100);
        let told = counts.entry((month, row.ground)).or_default();
        told.asked += 1;
        told.granted += i64::from(row.state == "granted");
        told.refused += i64::from(row.state == "refused");
    }
    Ok(counts)
}

/// The units for which this person may ask, each with what was asked for it.
pub async fn exclusions_own(state: &State, actor: &Actor) -> Result<Vec<(Unit, Vec<ExclusionCase>)>> {
    let mut units: Vec<UnitId> = scope(actor, Action::ExclusionAsk).map_err(deny)?.units;
    units.sort_unstable();
    units.dedup();
    let mut tx = state.read().await?;
    let mut found = Vec::new();
    for id in units {
        let Some(unit) = unit_get(&mut tx, id).await? else { continue };
        let asked = exclusions_of_unit(&mut tx, id, LISTED).await?;
        found.push((unit, asked));
    }
    Ok(found)
}
