//! Rungs of the ladder: claimed by being written, each once on any number of nodes.

use muster_core::area::AreaId;
use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::clocks::ClockRow;
use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct RungRow {
    pub clock_id: Uuid,
    pub number: i64,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    #[sqlx(try_from = "i64")]
    pub fired_at: Timestamp,
}

/// Writes how far the ladder of a row has been climbed, and when its next rung is reached: `$1` is its id.
pub(crate) async fn rung_write(tx: &mut Tx, sql: &'static str, id: Uuid, rung: i64, next: Option<i64>) -> Result<()> {
    on!(tx, |conn| sqlx::query(sql).bind(id).bind(rung).bind(next).execute(conn).await?.rows_affected());
    Ok(())
}

record!(RungRow, "insert into rungs (clock_id, number, at, fired_at) ", |row| [
    row.clock_id,
    row.number,
    row.at.0,
    row.fired_at.0,
]);

/// A clock whose next rung is reached, with what telling of it needs.
#[derive(Clone, Debug, FromRow)]
pub struct ReachedClock {
    #[sqlx(flatten)]
    pub clock: ClockRow,
    pub code: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub urgency: String,
    /// Of the task the clock belongs to, else of the case.
    pub unit: Option<Uuid>,
    pub unit_area: Option<i64>,
}

macro_rules! reached_sql {
    () => {
        "select k.*, c.code, c.area, c.urgency, u.id as unit, u.area as unit_area
         from clocks k join cases c on c.id = k.case_id left join tasks t on t.id = k.task_id
         left join units u on u.id = coalesce(t.unit_id, c.unit_id)
         where k.stopped_at is null and k.next_rung_at <= $1 order by k.next_rung_at limit $2"
    };
}

/// Takes up to `limit` running clocks whose next rung is reached by `now`, the longest reached first: those of every
/// case, also of one that no unit has. Another node passes over what this one holds.
pub async fn clocks_reached(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ReachedClock>> {
    let claim = match tx {
        Tx::Sqlite(_) => reached_sql!(),
        Tx::Postgres(_) => concat!(reached_sql!(), " for update of k skip locked"),
    };
    Ok(on!(tx, |conn| sqlx::query_as(claim).bind(now.0).bind(limit).fetch_all(conn).await?))
}

/// How the database finds the clocks of [`clocks_reached`], line by line.
pub async fn clocks_reached_plan(tx: &mut Tx) -> Result<Vec<String>> {
    let explain = match tx {
        Tx::Sqlite(held) => {
            let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(concat!("explain query plan ", reached_sql!()))
                .bind(0)
                .bind(1000)
                .fetch_all(&mut **held)
                .await?;
            rows.into_iter().map(|row| row.3).collect()
        }
        Tx::Postgres(held) => {
            sqlx::query_scalar(concat!("explain ", reached_sql!(), " for update of k skip locked"))
                .bind(0_i64)
                .bind(1000_i64)
                .fetch_all(&mut **held)
                .await?
        }
    };
    Ok(explain)
}

/// Writes the rungs that were passed, and where their clocks stand now.
pub async fn rungs_pass(tx: &mut Tx, rungs: &[RungRow], clocks: &[ClockRow]) -> Result<()> {
    if let Tx::Postgres(held) = tx {
        return pass_postgres(held, rungs, clocks).await;
    }
    insert(tx, rungs).await?;
    // Three values each, below the driver's limit of bound values.
    for chunk in clocks.chunks(1000) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("with passed (id, rung, next_rung_at) as (");
            query.push_values(chunk, |mut bind, clock| {
                bind.push_bind(clock.id).push_bind(clock.rung).push_bind(clock.next_rung_at);
            });
            query.push(
                ") update clocks set rung = passed.rung, next_rung_at = passed.next_rung_at
                 from passed where clocks.id = passed.id",
            );
            query.build().execute(conn).await?;
        });
    }
    Ok(())
}

/// One statement that is planned once, however many there are. COPY would wait 40 ms for an acknowledgement.
async fn pass_postgres(conn: &mut sqlx::PgConnection, rungs: &[RungRow], clocks: &[ClockRow]) -> Result<()> {
    sqlx::query(
        "with written as (
             insert into rungs (clock_id, number, at, fired_at) select * from unnest($1, $2, $3, $4))
         update clocks set rung = passed.rung, next_rung_at = passed.next_rung_at
         from unnest($5, $6, $7) as passed (id, rung, next_rung_at) where clocks.id = passed.id",
    )
    .bind(rungs.iter().map(|rung| rung.clock_id).collect::<Vec<_>>())
    .bind(rungs.iter().map(|rung| rung.number).collect::<Vec<_>>())
    .bind(rungs.iter().map(|rung| rung.at.0).collect::<Vec<_>>())
    .bind(rungs.iter().map(|rung| rung.fired_at.0).collect::<Vec<_>>())
    .bind(clocks.iter().map(|clock| clock.id).collect::<Vec<_>>())
    .bind(clocks.iter().map(|clock| clock.rung).collect::<Vec<_>>())
    .bind(clocks.iter().map(|clock| clock.next_rung_at).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// In the order in which they were reached.
pub async fn rungs_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<RungRow>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "select r.* from rungs r join clocks k on k.id = r.clock_id where k.case_id = $1 order by r.at, r.clock_id, r.number"
    )
        .bind(case.0)
        .fetch_all(conn)
        .await?
    }))
}

/// How many rungs were ever passed.
pub async fn rungs_total(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select cast(count(*) as bigint) from rungs").fetch_one(conn).await?))
}
