//! The counts against a recount of every folded delta, in memory that does not grow with either.
//!
//! Every row of `counts` and every share a delta has in one is spread by the hash of its key over a fixed number of
//! buckets, weighted by that hash. Sums of deltas are linear, so a bucket in which both sides come to the same number
//! holds no wrong row (but for a chance of 1 in 2^64). Only the rows of buckets that differ are counted one by one.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use futures_util::TryStreamExt;

use crate::db::{Result, Tx, on};
use crate::evaluate::{Grain, each_row};

const BUCKETS: usize = 1 << 16;
/// Differing buckets that are looked into.
const OPENED: usize = 20;
const LINES: usize = 20;

/// area, unit or '', class or '', measure, period
type Key = (i64, String, String, String, i64);
type CountRow = (i64, String, String, String, i64, i64);

fn hashed(area: i64, unit: &str, class: &str, measure: &str, period: i64) -> u64 {
    let mut hash = DefaultHasher::new();
    (area, unit, class, measure, period).hash(&mut hash);
    hash.finish()
}

fn bucket(hash: u64) -> usize {
    (hash >> 48) as usize % BUCKETS
}

/// Rows of the counts that differ from a recount, at most 20, as text.
pub async fn recount(tx: &mut Tx) -> Result<Vec<String>> {
    let mut sums = vec![0_u64; BUCKETS];
    let mut weigh = |hash: u64, amount: i64| {
        let sum = &mut sums[bucket(hash)];
        *sum = sum.wrapping_add((amount as u64).wrapping_mul(hash | 1));
    };
    deltas(tx, |delta| {
        let unit = delta.unit_id.map(|unit| unit.to_string());
        each_row(delta.day, delta.area, "", unit.as_deref(), &delta.class, |area, unit, class, period| {
            weigh(hashed(area, unit, class, &delta.measure, period), delta.amount);
        });
    })
    .await?;
    counts(tx, |(area, unit, class, measure, period, amount)| {
        weigh(hashed(*area, unit, class, measure, *period), -amount);
    })
    .await?;
    let differ: Vec<usize> = (0..BUCKETS).filter(|bucket| sums[*bucket] != 0).take(OPENED).collect();
    if differ.is_empty() { Ok(Vec::new()) } else { compare(tx, &differ).await }
}

/// Recounts the rows of a few buckets one by one.
async fn compare(tx: &mut Tx, buckets: &[usize]) -> Result<Vec<String>> {
    let mut rows: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    let mut add = |area: i64, unit: &str, class: &str, measure: &str, period: i64, stored: i64, should: i64| {
        if buckets.contains(&bucket(hashed(area, unit, class, measure, period))) {
            let key = (area, unit.to_owned(), class.to_owned(), measure.to_owned(), period);
            let row = rows.entry(key).or_default();
            *row = (row.0 + stored, row.1 + should);
        }
    };
    deltas(tx, |delta| {
        let unit = delta.unit_id.map(|unit| unit.to_string());
        each_row(delta.day, delta.area, "", unit.as_deref(), &delta.class, |area, unit, class, period| {
            add(area, unit, class, &delta.measure, period, 0, delta.amount);
        });
    })
    .await?;
    counts(tx, |(area, unit, class, measure, period, amount)| {
        add(*area, unit, class, measure, *period, *amount, 0);
    })
    .await?;
    let wrong = rows.into_iter().filter(|(_, (stored, should))| stored != should);
    Ok(wrong
        .map(|((area, unit, class, measure, period), (stored, should))| {
            format!("{measure} {period} area {area} unit '{unit}' class '{class}': {stored}, recount {should}")
        })
        .take(LINES)
        .collect())
}

/// Every folded delta, in no order: one pass through the table.
async fn deltas(tx: &mut Tx, mut visit: impl FnMut(&Grain)) -> Result<()> {
    on!(tx, |conn| {
        let sql = "select id, day, area, unit_id, class, measure, amount from deltas where folded";
        let mut rows = sqlx::query_as::<_, Grain>(sql).fetch(conn);
        while let Some(row) = rows.try_next().await? {
            visit(&row);
        }
    });
    Ok(())
}

async fn counts(tx: &mut Tx, mut visit: impl FnMut(&CountRow)) -> Result<()> {
    on!(tx, |conn| {
        let sql = "select area, unit, class, measure, period, amount from counts";
        let mut rows = sqlx::query_as::<_, CountRow>(sql).fetch(conn);
        while let Some(row) = rows.try_next().await? {
            visit(&row);
        }
    });
    Ok(())
}
