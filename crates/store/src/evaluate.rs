//! Deltas and their folding into counts; what is read from both is in [`read`].

mod read;

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::{CaseId, UnitId};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

pub use read::{EventCursor, EventRow, FigureQuery, Parts, Side, figure_events, figure_parts, figures};

use crate::db::{Result, Tx, insert_rows, on};

/// One signed delta of one step of a case.
#[derive(Clone, Debug)]
pub struct DeltaRow {
    pub id: Uuid,
    pub case_id: CaseId,
    pub at: Timestamp,
    /// yyyymmdd in the city's zone
    pub day: i64,
    pub area: AreaId,
    pub unit: Option<UnitId>,
    /// Two digits of the large class.
    pub class: String,
    pub measure: Measure,
    pub amount: i64,
}

pub async fn deltas_insert(tx: &mut Tx, deltas: &[DeltaRow]) -> Result<()> {
    deltas_put(tx, deltas, false).await
}

async fn deltas_put(tx: &mut Tx, deltas: &[DeltaRow], folded: bool) -> Result<()> {
    insert_rows!(
        tx,
        "insert into deltas (id, case_id, at, day, area, unit_id, class, measure, amount, folded) ",
        deltas,
        |bind, delta| bind
            .push_bind(delta.id)
            .push_bind(delta.case_id.0)
            .push_bind(delta.at.0)
            .push_bind(delta.day)
            .push_bind(delta.area.get())
            .push_bind(delta.unit.map(|unit| unit.0))
            .push_bind(&delta.class)
            .push_bind(delta.measure.as_str())
            .push_bind(delta.amount)
            .push_bind(folded)
    );
    Ok(())
}

/// Inserts many deltas and their counts in one go, as intake of a preload does.
pub async fn deltas_insert_folded(tx: &mut Tx, deltas: &[DeltaRow]) -> Result<()> {
    deltas_put(tx, deltas, true).await?;
    let mut counts = Counts::default();
    for delta in deltas {
        counts.add(delta.day, delta.area, delta.unit, &delta.class, delta.measure.as_str(), delta.amount);
    }
    counts.store(tx).await
}

/// area, unit or '', class or '', measure, period → amount
type Key = (i64, String, String, String, i64);

#[derive(Default)]
struct Counts(BTreeMap<Key, i64>);

impl Counts {
    /// Adds one delta to every row it belongs to: each area above it, its unit and all, its class and all, day and month.
    fn add(&mut self, day: i64, area: AreaId, unit: Option<UnitId>, class: &str, measure: &str, amount: i64) {
        let unit = unit.map(|unit| unit.to_string());
        for area in std::iter::once(area).chain(area.ancestors()) {
            for unit in std::iter::once("").chain(unit.as_deref()) {
                for class in ["", class] {
                    for period in [day, day / 100] {
                        let key = (area.get(), unit.to_owned(), class.to_owned(), measure.to_owned(), period);
                        *self.0.entry(key).or_default() += amount;
                    }
                }
            }
        }
    }

    /// In the order of the key, so that two nodes never wait for each other in a circle.
    async fn store(self, tx: &mut Tx) -> Result<()> {
        let rows: Vec<(Key, i64)> = self.0.into_iter().filter(|(_, amount)| *amount != 0).collect();
        for chunk in rows.chunks(500) {
            on!(tx, |conn| {
                let mut query =
                    sqlx::QueryBuilder::new("insert into counts (area, unit, class, measure, period, amount) ");
                query.push_values(chunk, |mut bind, ((area, unit, class, measure, period), amount)| {
                    bind.push_bind(*area)
                        .push_bind(unit.clone())
                        .push_bind(class.clone())
                        .push_bind(measure.clone())
                        .push_bind(*period)
                        .push_bind(*amount);
                });
                query.push(
                    " on conflict (area, unit, class, measure, period)
                      do update set amount = counts.amount + excluded.amount",
                );
                query.build().execute(conn).await?;
            });
        }
        Ok(())
    }
}

#[derive(FromRow)]
struct Unfolded {
    id: Uuid,
    day: i64,
    #[sqlx(try_from = "i64")]
    area: AreaId,
    unit_id: Option<Uuid>,
    class: String,
    measure: String,
    amount: i64,
}

/// Folds up to `limit` deltas into the counts; returns how many. Any number of nodes may fold at once.
pub async fn fold(tx: &mut Tx, limit: i64) -> Result<u64> {
    let claim = match tx {
        Tx::Sqlite(_) => "select id, day, area, unit_id, class, measure, amount from deltas where not folded limit $1",
        Tx::Postgres(_) => {
            "select id, day, area, unit_id, class, measure, amount from deltas where not folded limit $1
             for update skip locked"
        }
    };
    let deltas: Vec<Unfolded> = on!(tx, |conn| sqlx::query_as(claim).bind(limit).fetch_all(conn).await?);
    let mut counts = Counts::default();
    for delta in &deltas {
        let unit = delta.unit_id.map(UnitId);
        counts.add(delta.day, delta.area, unit, &delta.class, &delta.measure, delta.amount);
    }
    counts.store(tx).await?;
    for chunk in deltas.chunks(500) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("update deltas set folded = true where id in (");
            let mut list = query.separated(", ");
            for delta in chunk {
                list.push_bind(delta.id);
            }
            query.push(")");
            query.build().execute(conn).await?;
        });
    }
    Ok(deltas.len() as u64)
}

/// Compares the counts with a recount of every folded delta; returns the rows that differ (at most 20) as text.
pub async fn recount(tx: &mut Tx) -> Result<Vec<String>> {
    let mut expected = Counts::default();
    let mut after = Uuid::nil();
    loop {
        let page: Vec<Unfolded> = on!(tx, |conn| sqlx::query_as(
            "select id, day, area, unit_id, class, measure, amount from deltas where folded and id > $1
             order by id limit 20000"
        )
        .bind(after)
        .fetch_all(conn)
        .await?);
        let Some(last) = page.last() else { break };
        after = last.id;
        for delta in &page {
            let unit = delta.unit_id.map(UnitId);
            expected.add(delta.day, delta.area, unit, &delta.class, &delta.measure, delta.amount);
        }
    }
    let stored: Vec<(i64, String, String, String, i64, i64)> =
        on!(tx, |conn| sqlx::query_as("select area, unit, class, measure, period, amount from counts")
            .fetch_all(conn)
            .await?);
    let mut wrong = Vec::new();
    for (area, unit, class, measure, period, amount) in stored {
        let should = expected.0.remove(&(area, unit.clone(), class.clone(), measure.clone(), period)).unwrap_or(0);
        if should != amount {
            wrong.push(format!(
                "{measure} {period} area {area} unit '{unit}' class '{class}': {amount}, recount {should}"
            ));
        }
    }
    for ((area, unit, class, measure, period), should) in expected.0 {
        if should != 0 {
            wrong.push(format!(
                "{measure} {period} area {area} unit '{unit}' class '{class}': missing, recount {should}"
            ));
        }
    }
    wrong.truncate(20);
    Ok(wrong)
}
