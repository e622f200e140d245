//! How well practices worked, read off the record. Run by a job, and when one is accepted.

use std::collections::BTreeMap;

use muster_core::area::Level;
use muster_core::evaluate::Effect;
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::hotspot::turn_take;
use muster_store::practice::{
    LikeCases, SiteRow, cases_like, first_received, practice_measured, practice_sites, practices_to_measure,
};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::state::State;

/// Between two rounds; and practices of one round, those looked at longest ago first.
const REST: i64 = Timestamp::HOUR;
const BATCH: i64 = 200;
/// Cases in which a measure was taken that are looked at, the newest.
pub(super) const SITES: i64 = 200;

/// One place and class in which a measure was taken, and the days before and after.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) before: LikeCases,
    pub(super) after: LikeCases,
}

/// Measures the next of them; returns how many.
pub async fn practices_measure(state: &State) -> Result<usize> {
    let now = state.now();
    let mut tx = state.db.write().await?;
    if !turn_take(&mut tx, "practices_measure", now, REST).await? {
        return Ok(0);
    }
    let due = practices_to_measure(&mut tx, now.plus(-REST), BATCH).await?;
    tx.commit().await?;
    for id in &due {
        let mut tx = state.db.write().await?;
        measure(state, &mut tx, *id).await?;
        tx.commit().await?;
    }
    Ok(due.len())
}

pub(super) async fn measure(state: &State, tx: &mut Tx, id: Uuid) -> Result<()> {
    let sites = practice_sites(tx, id, SITES).await?;
    let mut effect = Effect::default();
    for window in windows(state, tx, &sites).await? {
        effect.before += cases_like(tx, &window.before).await?;
        effect.before_days += days(&window.before);
        effect.after += cases_like(tx, &window.after).await?;
        effect.after_days += days(&window.after);
    }
    effect.told = sites.iter().filter(|site| site.case.confirmed.is_some()).count() as i64;
    effect.solved = sites.iter().filter(|site| site.case.confirmed == Some(true)).count() as i64;
    practice_measured(tx, id, &effect, state.now()).await.map_err(Error::from)
}

/// Around the first time a measure was taken in a place for a class; none where too few days have been seen on a side.
pub(super) async fn windows(state: &State, tx: &mut Tx, sites: &[SiteRow]) -> Result<Vec<Window>> {
    let rule = &state.pack.practices;
    let Some(first) = first_received(tx).await? else { return Ok(Vec::new()) };
    let mut taken: BTreeMap<((i64, i64), &str), i64> = BTreeMap::new();
    for site in sites {
        let Some(at) = site.measure_at else { continue };
        let place = site.case.area.ancestor(Level::Community).unwrap_or(site.case.area);
        let since = taken.entry((place.range(), &site.case.category)).or_insert(at);
        *since = at.min(*since);
    }
    let but: Vec<Uuid> = sites.iter().map(|site| site.case.id.0).collect();
    let span = rule.window_days * Timestamp::DAY;
    let windows = taken.into_iter().map(|((areas, category), at)| {
        let at = Timestamp(at);
        let like = |from: Timestamp, until: Timestamp| LikeCases {
            but: but.clone(),
            category: category.to_owned(),
            areas,
            received: (from, until),
        };
        Window {
            before: like(at.plus(-span).max(Timestamp(first)), at),
            after: like(at, at.plus(span).min(state.now())),
        }
    });
    Ok(windows.filter(|window| days(&window.before).min(days(&window.after)) >= rule.least_days).collect())
}

/// Whole days.
fn days(like: &LikeCases) -> i64 {
    like.received.1.since(like.received.0).max(0) / Timestamp::DAY
}
