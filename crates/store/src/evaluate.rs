//! Deltas and their folding into counts; what is read from both is in [`read`].

mod read;
mod replay;

use std::collections::HashMap;

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::{CaseId, UnitId};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

pub use read::{EventCursor, EventRow, FigureQuery, Parts, Side, figure_events, figure_mix, figure_parts, figures};

pub use replay::{ReplayRow, cases_replayed, pauses_replayed};

pub use crate::check::recount;
use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

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
    /// Stands in the counts already.
    pub folded: bool,
}

record!(
    DeltaRow,
    "insert into deltas (id, case_id, at, day, area, unit_id, class, measure, amount, folded) ",
    |delta| [
        delta.id,
        delta.case_id.0,
        delta.at.0,
        delta.day,
        delta.area.get(),
        delta.unit.map(|unit| unit.0),
        &delta.class,
        delta.measure.as_str(),
        delta.amount,
        delta.folded,
    ]
);

/// Inserts deltas; those that are `folded` are added to the counts, as a preload does for many at once.
pub async fn deltas_insert(tx: &mut Tx, deltas: &[DeltaRow]) -> Result<()> {
    insert(tx, deltas).await?;
    let mut counts = Counts::default();
    for delta in deltas.iter().filter(|delta| delta.folded) {
        let unit = delta.unit.map(|unit| unit.0);
        counts.add(delta.day, delta.area, unit, &delta.class, delta.measure.as_str(), delta.amount);
    }
    counts.store(tx).await
}

/// period, area, unit or all, class or '', measure
type Key<'a> = (i64, i64, Option<Uuid>, &'a str, &'a str);

#[derive(Default)]
struct Counts<'a>(HashMap<Key<'a>, i64>);

impl<'a> Counts<'a> {
    /// Adds one delta to every row it belongs to.
    fn add(&mut self, day: i64, area: AreaId, unit: Option<Uuid>, class: &'a str, measure: &'a str, amount: i64) {
        each_row(day, area, None, unit.map(Some), class, |area, unit, class, period| {
            *self.0.entry((period, area, unit, class, measure)).or_default() += amount;
        });
    }

    /// In the order of the key, so that two nodes never wait for each other in a circle.
    async fn store(self, tx: &mut Tx) -> Result<()> {
        let mut rows: Vec<(Key<'_>, i64)> = self.0.into_iter().filter(|(_, amount)| *amount != 0).collect();
        rows.sort_unstable();
        for chunk in rows.chunks(500) {
            on!(tx, |conn| {
                let mut query =
                    sqlx::QueryBuilder::new("insert into counts (period, area, unit, class, measure, amount) ");
                query.push_values(chunk, |mut bind, ((period, area, unit, class, measure), amount)| {
                    bind.push_bind(*period)
                        .push_bind(*area)
                        .push_bind(unit.map(|unit| unit.to_string()).unwrap_or_default())
                        .push_bind(*class)
                        .push_bind(*measure)
                        .push_bind(*amount);
                });
                query.push(
                    " on conflict (period, area, unit, class, measure)
                      do update set amount = counts.amount + excluded.amount",
                );
                query.build().execute(conn).await?;
            });
        }
        Ok(())
    }
}

/// The rows that a delta belongs to: each area above it, its unit and `all`, its class and all, day and month.
pub(crate) fn each_row<'a, U: Copy>(
    day: i64,
    area: AreaId,
    all: U,
    unit: Option<U>,
    class: &'a str,
    mut visit: impl FnMut(i64, U, &'a str, i64),
) {
    for area in std::iter::once(area).chain(area.ancestors()) {
        for unit in std::iter::once(all).chain(unit) {
            for class in ["", class] {
                for period in [day, day / 100] {
                    visit(area.get(), unit, class, period);
                }
            }
        }
    }
}

#[derive(FromRow)]
pub(crate) struct Grain {
    pub(crate) id: Uuid,
    pub(crate) day: i64,
    #[sqlx(try_from = "i64")]
    pub(crate) area: AreaId,
    pub(crate) unit_id: Option<Uuid>,
    pub(crate) class: String,
    pub(crate) measure: String,
    pub(crate) amount: i64,
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
    let deltas: Vec<Grain> = on!(tx, |conn| sqlx::query_as(claim).bind(limit).fetch_all(conn).await?);
    let mut counts = Counts::default();
    for delta in &deltas {
        counts.add(delta.day, delta.area, delta.unit_id, &delta.class, &delta.measure, delta.amount);
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
