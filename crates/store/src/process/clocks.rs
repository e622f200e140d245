//! Running promises: started and stopped by steps, broken by time.

use muster_core::area::AreaId;
use muster_core::id::{CaseId, TaskId};
use muster_core::pack::ClockKind;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, insert_rows, on};

#[derive(Clone, Debug, FromRow)]
pub struct ClockRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub task_id: Option<Uuid>,
    pub kind: String,
    #[sqlx(try_from = "i64")]
    pub started_at: Timestamp,
    pub budget_amount: i64,
    pub budget_unit: String,
    /// Version of the calendar the due time was computed with.
    pub calendar: String,
    pub provisional: bool,
    #[sqlx(try_from = "i64")]
    pub due_at: Timestamp,
    pub stopped_at: Option<i64>,
    pub broken_at: Option<i64>,
}

pub async fn clocks_insert(tx: &mut Tx, clocks: &[ClockRow]) -> Result<()> {
    insert_rows!(
        tx,
        "insert into clocks (id, case_id, task_id, kind, started_at, budget_amount, budget_unit, calendar, provisional,
         due_at, stopped_at, broken_at) ",
        clocks,
        |bind, clock| bind
            .push_bind(clock.id)
            .push_bind(clock.case_id.0)
            .push_bind(clock.task_id)
            .push_bind(&clock.kind)
            .push_bind(clock.started_at.0)
            .push_bind(clock.budget_amount)
            .push_bind(&clock.budget_unit)
            .push_bind(&clock.calendar)
            .push_bind(clock.provisional)
            .push_bind(clock.due_at.0)
            .push_bind(clock.stopped_at)
            .push_bind(clock.broken_at)
    );
    Ok(())
}

/// In the order in which they were started; of two started together the city's own promise first.
pub async fn clocks_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<ClockRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from clocks where case_id = $1 order by started_at, kind, task_id is null desc, id"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?))
}

/// Whose promise a clock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Anyone,
    /// A unit's, for its task; not the city's promise to the resident.
    Unit,
}

/// Stops the running clocks of a case that are of one of `kinds` and returns them as they were.
pub async fn clocks_stop(
    tx: &mut Tx,
    case: CaseId,
    kinds: &[ClockKind],
    whose: Whose,
    at: Timestamp,
) -> Result<Vec<ClockRow>> {
    let running: Vec<ClockRow> = on!(tx, |conn| sqlx::query_as(
        "select * from clocks where case_id = $1 and stopped_at is null order by due_at"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?);
    let stopped: Vec<ClockRow> = running
        .into_iter()
        .filter(|clock| kinds.iter().any(|kind| kind.code() == clock.kind))
        .filter(|clock| whose == Whose::Anyone || clock.task_id.is_some())
        .collect();
    for clock in &stopped {
        let broken = clock.broken_at.or((clock.due_at <= at).then_some(clock.due_at.0));
        on!(tx, |conn| sqlx::query("update clocks set stopped_at = $2, broken_at = $3 where id = $1")
            .bind(clock.id)
            .bind(at.0)
            .bind(broken)
            .execute(conn)
            .await?
            .rows_affected());
    }
    Ok(stopped)
}

/// The earliest due time among the running clocks of a case.
pub async fn next_due(tx: &mut Tx, case: CaseId) -> Result<Option<i64>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select cast(min(due_at) as bigint) from clocks where case_id = $1 and stopped_at is null"
    )
    .bind(case.0)
    .fetch_one(conn)
    .await?))
}

/// A clock that has just run out, with what its figures need.
#[derive(Clone, Debug, FromRow)]
pub struct BrokenClock {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub task_id: Option<Uuid>,
    pub kind: String,
    #[sqlx(try_from = "i64")]
    pub due_at: Timestamp,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub unit_id: Option<Uuid>,
    pub category: String,
}

/// Marks up to `limit` clocks that ran out by `now`, oldest first, each once on any number of nodes.
pub async fn clocks_break(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<BrokenClock>> {
    let claim = match tx {
        Tx::Sqlite(_) => {
            "select k.id, k.case_id, k.task_id, k.kind, k.due_at, c.area, t.unit_id, c.category
             from clocks k join cases c on c.id = k.case_id left join tasks t on t.id = k.task_id
             where k.stopped_at is null and k.broken_at is null and k.due_at <= $1 order by k.due_at limit $2"
        }
        Tx::Postgres(_) => {
            "select k.id, k.case_id, k.task_id, k.kind, k.due_at, c.area, t.unit_id, c.category
             from clocks k join cases c on c.id = k.case_id left join tasks t on t.id = k.task_id
             where k.stopped_at is null and k.broken_at is null and k.due_at <= $1 order by k.due_at limit $2
             for update of k skip locked"
        }
    };
    let broken: Vec<BrokenClock> =
        on!(tx, |conn| sqlx::query_as(claim).bind(now.0).bind(limit).fetch_all(conn).await?);
    for clock in &broken {
        on!(tx, |conn| sqlx::query("update clocks set broken_at = due_at where id = $1")
            .bind(clock.id)
            .execute(conn)
            .await?
            .rows_affected());
    }
    Ok(broken)
}

/// Cases whose callback ran out by `now` without an answer, oldest first.
pub async fn callbacks_lapsed(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select case_id from clocks where kind = 'callback' and stopped_at is null and due_at <= $1
         order by due_at limit $2"
    )
    .bind(now.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

impl ClockRow {
    pub fn task(&self) -> Option<TaskId> {
        self.task_id.map(TaskId)
    }
}
