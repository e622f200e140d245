//! A history of a year, written in bulk: every row of every case, in the order of time.

use std::collections::HashMap;

use indicatif::{ProgressBar, ProgressStyle};
use muster_core::area::{AreaId, Level};
use muster_core::process::{CaseState, route};
use muster_core::time::Timestamp;
use muster_store::audit::audit_insert_sealed;
use muster_store::evaluate::deltas_insert;
use muster_store::people::{Unit, area_list, unit_list};
use muster_store::{Rows, rows_insert};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::rows::{Life, write_case};
use super::texts::{Dice, Phrases};
use crate::state::State;

/// Cases in one transaction. SQLite keeps what a transaction overwrites in a list that each statement walks through.
const BATCH: u64 = 2_000;
const SPAN: i64 = 365 * Timestamp::DAY;
/// Of a thousand cases, the newest that are still open.
const OPEN_PER_MILLE: u64 = 110;

/// Where reports come from and who answers them.
struct City {
    communities: Vec<AreaId>,
    units: Vec<Unit>,
}

/// Batches that are stored side by side, where the database can: each of PostgreSQL's connections has a core.
const SIDE_BY_SIDE: usize = 2;

/// Writes cases number `from` to `count`; the last ones are from just now. One batch is made while others are stored.
pub(crate) async fn preload(state: &State, from: u64, count: u64, seed: u64) -> anyhow::Result<()> {
    if from >= count {
        return Ok(());
    }
    let city = city(state).await?;
    let style = ProgressStyle::with_template("preload {bar:30} {pos}/{len} {per_sec} {eta}")?;
    let bar = ProgressBar::new(count - from).with_style(style);
    let (made, mut batches) = mpsc::channel(1);
    let maker = tokio::task::spawn_blocking({
        let state = state.clone();
        move || make(&state, &city, (from, count, seed), &made)
    });
    let mut storing = JoinSet::new();
    while let Some((cases, rows)) = batches.recv().await {
        if storing.len() == SIDE_BY_SIDE
            && let Some(stored) = storing.join_next().await
        {
            bar.inc(stored??);
        }
        let state = state.clone();
        storing.spawn(async move { store(&state, rows).await.map(|()| cases) });
    }
    while let Some(stored) = storing.join_next().await {
        bar.inc(stored??);
    }
    maker.await??;
    bar.finish_and_clear();
    state.db.optimize().await?;
    Ok(())
}

/// Makes the rows of all cases, batch by batch, until nobody takes them any more.
fn make(
    state: &State,
    city: &City,
    (from, count, seed): (u64, u64, u64),
    made: &mpsc::Sender<(u64, Rows)>,
) -> anyhow::Result<()> {
    let phrases = Phrases::load()?;
    let mut dice = Dice::new(seed ^ from);
    let now = state.now();
    let mut owners: HashMap<(String, AreaId), Option<usize>> = HashMap::new();
    let mut number = from;
    while number < count {
        let mut rows = Rows::default();
        let end = (number + BATCH).min(count);
        for n in number..end {
            one(state, city, &phrases, &mut dice, &mut rows, &mut owners, (n, count, now))?;
        }
        if made.blocking_send((end - number, rows)).is_err() {
            break;
        }
        number = end;
    }
    Ok(())
}

async fn city(state: &State) -> anyhow::Result<City> {
    let mut tx = state.read().await?;
    let areas = area_list(&mut tx, state.pack.root_area.range(), 10_000).await?;
    let communities: Vec<AreaId> =
        areas.iter().map(|area| area.id).filter(|id| id.level() == Level::Community).collect();
    anyhow::ensure!(!communities.is_empty(), "the instance has no communities to report from");
    Ok(City { communities, units: unit_list(&mut tx).await? })
}

fn one(
    state: &State,
    city: &City,
    phrases: &Phrases,
    dice: &mut Dice,
    rows: &mut Rows,
    owners: &mut HashMap<(String, AreaId), Option<usize>>,
    (n, count, now): (u64, u64, Timestamp),
) -> anyhow::Result<()> {
    let age = (i128::from(SPAN) * i128::from(count - n) / i128::from(count)) as i64;
    let said = phrases.said(dice);
    let area = city.communities[dice.below(city.communities.len())];
    let rated = dice.percent() < 60;
    let life = Life {
        said: &said,
        // Each case another person: the factor has none in common with the modulus.
        phone: format!("199{:08}", n.wrapping_mul(61_803_399) % 100_000_000),
        area,
        received: now.plus(-age),
        until: until(n, count, age, dice.percent()),
        answer: phrases.answer(dice),
        rating: rated.then(|| 1 + dice.below(5) as u8),
        now,
    };
    let mut find = |category: &str, area: AreaId| {
        *owners.entry((category.to_owned(), area)).or_insert_with(|| owner(state, city, category, area))
    };
    write_case(state, rows, &life, |category, area| find(category, area).map(|at| &city.units[at]))
}

/// How far a case of this age has come.
fn until(n: u64, count: u64, age: i64, chance: usize) -> CaseState {
    let is_open = n * 1000 >= count * (1000 - OPEN_PER_MILLE);
    match (is_open, chance) {
        (false, _) => CaseState::Closed,
        (true, 0..=9) => CaseState::Triage,
        (true, 10..=34) if age > Timestamp::HOUR => CaseState::Assigned,
        // A callback that nobody answers closes the case after a week.
        (true, 80..) if (36 * Timestamp::HOUR..7 * Timestamp::DAY).contains(&age) => CaseState::Answered,
        _ if age > 3 * Timestamp::HOUR => CaseState::Working,
        _ => CaseState::Triage,
    }
}

fn owner(state: &State, city: &City, category: &str, area: AreaId) -> Option<usize> {
    let route = route(&state.pack.duties, category, area).ok()?;
    let standing: Vec<_> = city.units.iter().map(|unit| (unit.id, unit.department.as_str(), unit.area)).collect();
    let chosen = route.choose(&standing)?;
    city.units.iter().position(|unit| unit.id == chosen)
}

/// One transaction: deltas already in the counts, audit lines already in the chain.
async fn store(state: &State, mut rows: Rows) -> anyhow::Result<()> {
    let (deltas, audit) = (std::mem::take(&mut rows.deltas), std::mem::take(&mut rows.audit));
    let mut tx = state.db.write().await?;
    rows_insert(&mut tx, &rows).await?;
    deltas_insert(&mut tx, &deltas).await?;
    audit_insert_sealed(&mut tx, audit).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_come_further_than_their_age() {
        for minutes in [0, 10, 30, 90, 200, 600, 2_000, 2_500, 20_000, 500_000] {
            for chance in 0..100 {
                let least = match until(1_000, 1_000, minutes * Timestamp::MINUTE, chance) {
                    CaseState::Assigned => 20 * Timestamp::MINUTE,
                    CaseState::Working => 2 * Timestamp::HOUR,
                    CaseState::Answered => 30 * Timestamp::HOUR,
                    _ => 0,
                };
                assert!(minutes * Timestamp::MINUTE >= least, "{minutes} minutes old, draw {chance}");
            }
        }
    }
}
