//! The parts of the work of a case, their units and their order.

use muster_core::area::AreaId;
use muster_core::id::{CaseId, Code, PartId, UnitId};
use muster_core::people::Scope;
use muster_core::process::{CaseState, TaskState};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct PartRow {
    #[sqlx(try_from = "Uuid")]
    pub id: PartId,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    /// From 1 within the case.
    pub number: i64,
    pub code: String,
    pub parent_id: Option<Uuid>,
    pub title: String,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    pub required: bool,
    /// Never `disputed`.
    #[sqlx(try_from = "String")]
    pub state: TaskState,
    pub budget_amount: i64,
    pub budget_unit: String,
    pub not_before: Option<i64>,
    #[sqlx(try_from = "i64")]
    pub given_at: Timestamp,
    pub given_by: Option<Uuid>,
    pub reason: String,
    /// Since when its time runs; none while it waits for another.
    pub started_at: Option<i64>,
    pub calendar: Option<String>,
    pub provisional: bool,
    pub due_at: Option<i64>,
    pub accepted_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub result: Option<String>,
    pub evidence: Option<String>,
    /// Rungs of the ladder passed.
    pub rung: i64,
    /// When the next is reached; none while it waits, and after the last.
    pub next_rung_at: Option<i64>,
}

record!(
    PartRow,
    "insert into parts (id, case_id, number, code, parent_id, title, unit_id, required, state, budget_amount, budget_unit,
         not_before, given_at, given_by, reason, started_at, calendar, provisional, due_at, accepted_at, ended_at, result,
         evidence, rung, next_rung_at) ",
    |part| [
        part.id.0,
        part.case_id.0,
        part.number,
        &part.code,
        part.parent_id,
        &part.title,
        part.unit_id.0,
        part.required,
        part.state.as_str(),
        part.budget_amount,
        &part.budget_unit,
        part.not_before,
        part.given_at.0,
        part.given_by,
        &part.reason,
        part.started_at,
        &part.calendar,
        part.provisional,
        part.due_at,
        part.accepted_at,
        part.ended_at,
        &part.result,
        &part.evidence,
        part.rung,
        part.next_rung_at,
    ]
);

/// A unit that helps with a part.
#[derive(Clone, Debug, FromRow)]
pub struct PartUnit {
    #[sqlx(try_from = "Uuid")]
    pub part_id: PartId,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
}

record!(PartUnit, "insert into part_units (part_id, unit_id) ", |row| [row.part_id.0, row.unit_id.0]);

/// `after_id` must be over before `part_id` begins.
#[derive(Clone, Debug, FromRow)]
pub struct PartAfter {
    #[sqlx(try_from = "Uuid")]
    pub part_id: PartId,
    #[sqlx(try_from = "Uuid")]
    pub after_id: PartId,
}

record!(PartAfter, "insert into part_after (part_id, after_id) ", |row| [row.part_id.0, row.after_id.0]);

/// All parts of a case, called-off ones too, with who helps and what comes after what.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// In the order of their numbers.
    pub rows: Vec<PartRow>,
    pub units: Vec<PartUnit>,
    pub after: Vec<PartAfter>,
}

impl Parts {
    pub fn by_number(&self, number: i64) -> Option<&PartRow> {
        self.rows.iter().find(|part| part.number == number)
    }

    pub fn by_id(&self, id: PartId) -> Option<&PartRow> {
        self.rows.iter().find(|part| part.id == id)
    }

    /// The parts that must be over before this one, in the order of their numbers.
    pub fn before(&self, part: PartId) -> Vec<&PartRow> {
        let is_before = |row: &&PartRow| self.after.iter().any(|a| a.part_id == part && a.after_id == row.id);
        self.rows.iter().filter(is_before).collect()
    }

    /// The parts directly below this one.
    pub fn below(&self, part: PartId) -> impl Iterator<Item = &PartRow> {
        self.rows.iter().filter(move |row| row.parent_id == Some(part.0))
    }

    pub fn helpers(&self, part: PartId) -> Vec<UnitId> {
        self.units.iter().filter(|row| row.part_id == part).map(|row| row.unit_id).collect()
    }

    /// Every unit that leads or helps with a part that is not called off.
    pub fn all_units(&self) -> impl Iterator<Item = UnitId> {
        let living = |id: PartId| self.by_id(id).is_some_and(|part| part.state != TaskState::Cancelled);
        let leads = self.rows.iter().filter(move |part| living(part.id)).map(|part| part.unit_id);
        leads.chain(self.units.iter().filter(move |row| living(row.part_id)).map(|row| row.unit_id))
    }
}

/// Adds parts with who helps and what comes after what. Parents come before children.
pub async fn parts_insert(tx: &mut Tx, parts: &Parts) -> Result<()> {
    insert(tx, &parts.rows).await?;
    insert(tx, &parts.units).await?;
    insert(tx, &parts.after).await
}

pub async fn parts_of_case(tx: &mut Tx, case: CaseId) -> Result<Parts> {
    let rows: Vec<PartRow> = on!(tx, |conn| sqlx::query_as("select * from parts where case_id = $1 order by number")
        .bind(case.0)
        .fetch_all(conn)
        .await?);
    if rows.is_empty() {
        return Ok(Parts::default());
    }
    let units = on!(tx, |conn| sqlx::query_as(
        "select u.part_id, u.unit_id from part_units u join parts p on p.id = u.part_id where p.case_id = $1
         order by p.number, u.unit_id"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?);
    let after = on!(tx, |conn| sqlx::query_as(
        "select a.part_id, a.after_id from part_after a join parts p on p.id = a.part_id where p.case_id = $1
         order by p.number, a.after_id"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?);
    Ok(Parts { rows, units, after })
}

/// Writes what can change about a part that was in `from`; `Conflict` when it no longer is.
pub async fn part_update(tx: &mut Tx, part: &PartRow, from: TaskState) -> Result<()> {
    let changed = on!(tx, |conn| {
        sqlx::query(
        "update parts set state = $2, started_at = $3, calendar = $4, provisional = $5, due_at = $6, accepted_at = $7,
         ended_at = $8, result = $9, evidence = $10, rung = $11, next_rung_at = $12 where id = $1 and state = $13"
    )
    .bind(part.id.0)
    .bind(part.state.as_str())
    .bind(part.started_at)
    .bind(&part.calendar)
    .bind(part.provisional)
    .bind(part.due_at)
    .bind(part.accepted_at)
    .bind(part.ended_at)
    .bind(&part.result)
    .bind(&part.evidence)
    .bind(part.rung)
    .bind(part.next_rung_at)
    .bind(from.as_str())
    .execute(conn)
    .await?
    .rows_affected()
    });
    if changed == 1 { Ok(()) } else { Err(Error::Conflict(format!("part {} is no longer {from}", part.code))) }
}

/// A part whose next rung is reached, with what telling of it needs.
#[derive(Clone, Debug, FromRow)]
pub struct ReachedPart {
    #[sqlx(flatten)]
    pub part: PartRow,
    #[sqlx(rename = "case_code")]
    pub code: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub urgency: String,
    #[sqlx(try_from = "String")]
    pub case_state: CaseState,
    pub unit_area: i64,
}

macro_rules! reached_sql {
    () => {
        "select p.*, c.code as case_code, c.area, c.urgency, c.state as case_state, u.area as unit_area
         from parts p join cases c on c.id = p.case_id join units u on u.id = p.unit_id
         where p.next_rung_at <= $1 and p.state in ('assigned', 'accepted') order by p.next_rung_at limit $2"
    };
}

/// Takes up to `limit` open parts whose next rung is reached by `now`, the longest reached first. Another node passes over
/// what this one holds.
pub async fn parts_reached(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ReachedPart>> {
    let claim = match tx {
        Tx::Sqlite(_) => reached_sql!(),
        Tx::Postgres(_) => concat!(reached_sql!(), " for update of p skip locked"),
    };
    Ok(on!(tx, |conn| sqlx::query_as(claim).bind(now.0).bind(limit).fetch_all(conn).await?))
}

/// An open part of an open case, as it stands in the list of a unit.
#[derive(Clone, Debug, FromRow)]
pub struct PartOwed {
    pub number: i64,
    pub title: String,
    #[sqlx(try_from = "String")]
    pub state: TaskState,
    pub started_at: Option<i64>,
    pub due_at: Option<i64>,
    #[sqlx(try_from = "String")]
    pub case_code: Code,
    pub case_title: String,
}

/// The open parts that units of `scope` lead, what runs out first before the rest, at most `limit`; and how many there are.
pub async fn parts_owed(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<(Vec<PartOwed>, i64)> {
    if scope.units.is_empty() {
        return Ok((Vec::new(), 0));
    }
    macro_rules! push_from {
        ($query:expr) => {
            $query.push(
                " from parts p join cases c on c.id = p.case_id where p.state in ('assigned', 'accepted')
                 and c.state in ('triage', 'assigned', 'working') and p.unit_id in (",
            );
            let mut list = $query.separated(", ");
            for unit in &scope.units {
                list.push_bind(unit.0);
            }
            $query.push(")");
        };
    }
    let owed = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select p.number, p.title, p.state, p.started_at, p.due_at, c.code as case_code, c.title as case_title",
        );
        push_from!(query);
        query.push(" order by p.due_at nulls last, p.given_at, p.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    });
    let count = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select cast(count(*) as bigint)");
        push_from!(query);
        query.build_query_scalar().fetch_one(conn).await?
    });
    Ok((owed, count))
}
