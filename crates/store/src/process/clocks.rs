//! Running promises: started and stopped by steps, broken by time.

use muster_core::area::AreaId;
use muster_core::id::CaseId;
use muster_core::pack::ClockKind;
use muster_core::time::Timestamp;
use muster_core::time::clock::{Budget, BudgetUnit};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

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
    /// A last day that is off gives way to the next that is worked.
    pub rolls: bool,
    /// Granted on top of the budget.
    pub extra: i64,
    /// Version of the calendar the due time was computed with.
    pub calendar: String,
    pub provisional: bool,
    #[sqlx(try_from = "i64")]
    pub due_at: Timestamp,
    pub stopped_at: Option<i64>,
    pub broken_at: Option<i64>,
    /// Rungs of the ladder passed.
    pub rung: i64,
    /// When the next is reached.
    pub next_rung_at: i64,
}

record!(
    ClockRow,
    "insert into clocks (id, case_id, task_id, kind, started_at, budget_amount, budget_unit, rolls, extra, calendar,
         provisional, due_at, stopped_at, broken_at, rung, next_rung_at) ",
    |clock| [
        clock.id,
        clock.case_id.0,
        clock.task_id,
        &clock.kind,
        clock.started_at.0,
        clock.budget_amount,
        &clock.budget_unit,
        clock.rolls,
        clock.extra,
        &clock.calendar,
        clock.provisional,
        clock.due_at.0,
        clock.stopped_at,
        clock.broken_at,
        clock.rung,
        clock.next_rung_at,
    ]
);

pub async fn clocks_insert(tx: &mut Tx, clocks: &[ClockRow]) -> Result<()> {
    insert(tx, clocks).await
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

/// Stops the running clocks of a case that `which` chooses and returns them as they were. One that was broken by a machine
/// whose time ran ahead, and is stopped in time, is not broken.
pub async fn clocks_stop(
    tx: &mut Tx,
    case: CaseId,
    at: Timestamp,
    which: impl Fn(&ClockRow) -> bool,
) -> Result<Vec<ClockRow>> {
    let mut stopped: Vec<ClockRow> = on!(tx, |conn| sqlx::query_as(
        "select * from clocks where case_id = $1 and stopped_at is null order by due_at"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?);
    stopped.retain(which);
    if stopped.is_empty() {
        return Ok(stopped);
    }
    on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("update clocks set stopped_at = ");
        query.push_bind(at.0).push(", broken_at = case when due_at <= ").push_bind(at.0);
        query.push(" then due_at end where id in (");
        let mut list = query.separated(", ");
        for clock in &stopped {
            list.push_bind(clock.id);
        }
        query.push(")");
        query.build().execute(conn).await?;
    });
    Ok(stopped)
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

/// Writes when clocks run out and when their next rung is reached, after their budget, ledger or calendar changed.
pub async fn clocks_move(tx: &mut Tx, clocks: &[ClockRow]) -> Result<()> {
    for clock in clocks {
        on!(tx, |conn| sqlx::query(
            "update clocks set budget_amount = $2, budget_unit = $3, rolls = $4, extra = $5, calendar = $6,
             provisional = $7, due_at = $8, next_rung_at = $9 where id = $1"
        )
        .bind(clock.id)
        .bind(clock.budget_amount)
        .bind(&clock.budget_unit)
        .bind(clock.rolls)
        .bind(clock.extra)
        .bind(&clock.calendar)
        .bind(clock.provisional)
        .bind(clock.due_at.0)
        .bind(clock.next_rung_at)
        .execute(conn)
        .await?
        .rows_affected());
    }
    Ok(())
}

/// Some running clocks counted with another calendar than `version`, mostly none. Asked as one `or`, SQLite reads every
/// running clock to keep the order.
pub async fn clocks_of_other_calendars(tx: &mut Tx, version: &str, limit: i64) -> Result<Vec<ClockRow>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "select * from (select * from clocks where stopped_at is null and calendar < $1 order by calendar limit $2) older
         union all
         select * from (select * from clocks where stopped_at is null and calendar > $1 order by calendar limit $2) newer
         order by id limit $2"
    )
    .bind(version)
    .bind(limit)
    .fetch_all(conn)
    .await?
    }))
}

impl ClockRow {
    /// What it counts from, its budget and its extra time; the reasons are the pack's.
    pub fn budget(&self, basis: &str) -> Result<Budget> {
        let corrupt = |column, value: String| Error::Corrupt { table: "clocks", column, value };
        let unit = BudgetUnit::from_code(&self.budget_unit);
        Ok(Budget {
            amount: u32::try_from(self.budget_amount)
                .map_err(|_| corrupt("budget_amount", self.budget_amount.to_string()))?,
            unit: unit.ok_or_else(|| corrupt("budget_unit", self.budget_unit.clone()))?,
            roll_to_working_day: self.rolls,
            basis: basis.to_owned(),
        })
    }

    /// Nothing falls due while it stands still.
    pub fn is_paused(&self) -> bool {
        self.due_at == Timestamp::NEVER
    }

    pub fn is(&self, kind: ClockKind) -> bool {
        self.kind == kind.code()
    }
}
