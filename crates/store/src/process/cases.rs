//! The row of a case.

use muster_core::area::AreaId;
use muster_core::id::{CaseId, Code, UnitId};
use muster_core::intake::Channel;
use muster_core::people::Subject;
use muster_core::process::{Case, CaseState, Closing, Outcome};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};
use crate::search::search_insert;

#[derive(Clone, Debug, FromRow)]
pub struct CaseRow {
    #[sqlx(try_from = "Uuid")]
    pub id: CaseId,
    #[sqlx(try_from = "String")]
    pub code: Code,
    #[sqlx(try_from = "String")]
    pub state: CaseState,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub category: String,
    pub kind: String,
    pub urgency: String,
    pub title: String,
    pub text: String,
    pub place: String,
    #[sqlx(try_from = "String")]
    pub channel: Channel,
    /// Version of the policy pack the case was decided under.
    pub pack: String,
    pub unit_id: Option<Uuid>,
    pub triage_reason: Option<String>,
    pub refused_reason: Option<String>,
    pub outcome: Option<String>,
    pub confirmed: Option<bool>,
    pub rating: Option<i64>,
    pub reports: i64,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    pub assigned_at: Option<i64>,
    pub accepted_at: Option<i64>,
    pub answered_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub due_at: Option<i64>,
    /// Parked: when it is looked at again, and the ground.
    pub parked_until: Option<i64>,
    pub parked_ground: Option<String>,
    /// A unit has longer to object.
    pub complex: bool,
    pub version: i64,
}

impl CaseRow {
    pub fn unit(&self) -> Option<UnitId> {
        self.unit_id.map(UnitId)
    }

    /// The two digits of the large class.
    pub fn class(&self) -> &str {
        self.category.get(..2).unwrap_or("")
    }

    pub fn subject(&self) -> Subject {
        Subject { area: Some(self.area), unit: self.unit() }
    }

    /// The case as the state machine knows it.
    pub fn state_machine(&self) -> Result<Case> {
        let at = |column: &'static str, value: Option<i64>| {
            value.map(Timestamp).ok_or(Error::Corrupt {
                table: "cases",
                column,
                value: format!("null in {}", self.code),
            })
        };
        let outcome = || {
            let word = self.outcome.clone().unwrap_or_default();
            word.parse::<Outcome>().map_err(|value| Error::Corrupt { table: "cases", column: "outcome", value })
        };
        Ok(match self.state {
            CaseState::Triage => Case::Triage,
            CaseState::Assigned => Case::Assigned { at: at("assigned_at", self.assigned_at)? },
            CaseState::Working => Case::Working { accepted_at: at("accepted_at", self.accepted_at)? },
            CaseState::Answered => Case::Answered { at: at("answered_at", self.answered_at)?, outcome: outcome()? },
            CaseState::Closed => Case::Closed {
                at: at("closed_at", self.closed_at)?,
                outcome: outcome()?,
                closing: match self.confirmed {
                    Some(solved) => Closing::Confirmed { solved, rating: self.rating.map(|r| r as u8) },
                    None => Closing::Unconfirmed,
                },
            },
            CaseState::Refused => Case::Refused { at: at("closed_at", self.closed_at)? },
        })
    }

    /// Takes over what the state machine decided. What belongs to an earlier round is cleared.
    pub fn take(&mut self, case: &Case) {
        self.state = case.state();
        match case {
            Case::Triage => (self.assigned_at, self.accepted_at, self.unit_id) = (None, None, None),
            Case::Assigned { at } => {
                (self.assigned_at, self.accepted_at) = (Some(at.0), None);
                (self.triage_reason, self.answered_at, self.closed_at) = (None, None, None);
                (self.outcome, self.confirmed, self.rating) = (None, None, None);
            }
            Case::Working { accepted_at } => self.accepted_at = Some(accepted_at.0),
            Case::Answered { at, outcome } => {
                self.answered_at = Some(at.0);
                self.outcome = Some(outcome.as_str().to_owned());
            }
            Case::Closed { at, closing, .. } => {
                self.closed_at = Some(at.0);
                if let Closing::Confirmed { solved, rating } = closing {
                    self.confirmed = Some(*solved);
                    self.rating = rating.map(i64::from);
                }
            }
            Case::Refused { at } => self.closed_at = Some(at.0),
        }
    }
}

record!(
    CaseRow,
    "insert into cases (id, code, state, area, category, kind, urgency, title, text, place, channel,
         pack, unit_id, triage_reason, refused_reason, outcome, confirmed, rating, reports, received_at, assigned_at,
         accepted_at, answered_at, closed_at, due_at, parked_until, parked_ground, complex, version) ",
    |case| [
        case.id.0,
        case.code.as_str(),
        case.state.as_str(),
        case.area.get(),
        &case.category,
        &case.kind,
        &case.urgency,
        &case.title,
        &case.text,
        &case.place,
        case.channel.as_str(),
        &case.pack,
        case.unit_id,
        &case.triage_reason,
        &case.refused_reason,
        &case.outcome,
        case.confirmed,
        case.rating,
        case.reports,
        case.received_at.0,
        case.assigned_at,
        case.accepted_at,
        case.answered_at,
        case.closed_at,
        case.due_at,
        case.parked_until,
        &case.parked_ground,
        case.complex,
        case.version,
    ]
);

/// Inserts cases and what their search needs.
pub async fn cases_insert(tx: &mut Tx, cases: &[CaseRow]) -> Result<()> {
    insert(tx, cases).await?;
    search_insert(tx, cases).await
}

pub async fn case_get(tx: &mut Tx, id: CaseId) -> Result<Option<CaseRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from cases where id = $1").bind(id.0).fetch_optional(conn).await?))
}

pub async fn case_by_code(tx: &mut Tx, code: &Code) -> Result<Option<CaseRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from cases where code = $1")
        .bind(code.as_str())
        .fetch_optional(conn)
        .await?))
}

pub async fn cases_total(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select cast(count(*) as bigint) from cases").fetch_one(conn).await?))
}

/// On SQLite, where an act has the database for itself, the case and what happened last in one.
macro_rules! held_sql {
    () => {
        "select c.*, (select max(at) from steps where case_id = c.id) as last_step_at,
             (select max(started_at) from clocks where case_id = c.id) as last_clock_at from cases c where "
    };
}

/// A case held until the end of the transaction.
#[derive(Clone, Debug, FromRow)]
pub struct CaseHeld {
    #[sqlx(flatten)]
    pub case: CaseRow,
    pub last_step_at: Option<i64>,
    /// When the last of its clocks began: also by what leaves no step, such as a line to the resident.
    pub last_clock_at: Option<i64>,
}

impl CaseHeld {
    /// When the last thing happened to it.
    pub fn last_at(&self) -> Option<i64> {
        self.last_step_at.max(self.last_clock_at)
    }
}

/// Reads a case and keeps others from changing it until the transaction ends.
pub async fn case_lock(tx: &mut Tx, id: CaseId) -> Result<Option<CaseHeld>> {
    match tx {
        Tx::Sqlite(held) => {
            let found = sqlx::query_as(concat!(held_sql!(), "c.id = $1")).bind(id.0);
            Ok(found.fetch_optional(&mut **held).await?)
        }
        Tx::Postgres(held) => {
            let found = sqlx::query_as("select * from cases where id = $1 for update").bind(id.0);
            let found = found.fetch_optional(&mut **held).await?;
            with_last(tx, found).await
        }
    }
}

/// [`case_lock`] by the public code.
pub async fn case_lock_by_code(tx: &mut Tx, code: &Code) -> Result<Option<CaseHeld>> {
    match tx {
        Tx::Sqlite(held) => {
            let found = sqlx::query_as(concat!(held_sql!(), "c.code = $1")).bind(code.as_str());
            Ok(found.fetch_optional(&mut **held).await?)
        }
        Tx::Postgres(held) => {
            let found = sqlx::query_as("select * from cases where code = $1 for update").bind(code.as_str());
            let found = found.fetch_optional(&mut **held).await?;
            with_last(tx, found).await
        }
    }
}

/// Asked for after the case is held: where an act waited for the case, it would not see what was done meanwhile.
async fn with_last(tx: &mut Tx, case: Option<CaseRow>) -> Result<Option<CaseHeld>> {
    let Some(case) = case else { return Ok(None) };
    let (last_step_at, last_clock_at) = on!(tx, |conn| {
        sqlx::query_as(
        "select (select max(at) from steps where case_id = $1), (select max(started_at) from clocks where case_id = $1)"
    )
    .bind(case.id.0)
    .fetch_one(conn)
    .await?
    });
    Ok(Some(CaseHeld { case, last_step_at, last_clock_at }))
}

/// Parked cases whose day of review has come, the oldest first.
pub async fn cases_review(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select id from cases where parked_until is not null and parked_until <= $1 order by parked_until limit $2"
    )
    .bind(now.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// Lets only `due_at` follow from the running clocks: of what changes a clock and nothing that a person has before them.
pub async fn case_due(tx: &mut Tx, id: CaseId) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update cases set due_at = (select cast(min(k.due_at) as bigint) from clocks k
             where k.case_id = $1 and k.stopped_at is null and k.due_at < 9223372036854775807) where id = $1"
    )
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Writes what can change about a case, raises its version, and lets `due_at` follow from the running clocks.
pub async fn case_update(tx: &mut Tx, case: &mut CaseRow) -> Result<()> {
    let written: Option<(i64, Option<i64>)> = on!(tx, |conn| sqlx::query_as(
        "update cases set state = $2, category = $3, unit_id = $4, triage_reason = $5, refused_reason = $6,
         outcome = $7, confirmed = $8, rating = $9, reports = $10, assigned_at = $11, accepted_at = $12,
         answered_at = $13, closed_at = $14, kind = $15, urgency = $16, parked_until = $17, parked_ground = $18,
         complex = $19, version = version + 1,
         due_at = (select cast(min(k.due_at) as bigint) from clocks k
             where k.case_id = $1 and k.stopped_at is null and k.due_at < 9223372036854775807)
         where id = $1 and version = $20 returning version, due_at"
    )
    .bind(case.id.0)
    .bind(case.state.as_str())
    .bind(&case.category)
    .bind(case.unit_id)
    .bind(&case.triage_reason)
    .bind(&case.refused_reason)
    .bind(&case.outcome)
    .bind(case.confirmed)
    .bind(case.rating)
    .bind(case.reports)
    .bind(case.assigned_at)
    .bind(case.accepted_at)
    .bind(case.answered_at)
    .bind(case.closed_at)
    .bind(&case.kind)
    .bind(&case.urgency)
    .bind(case.parked_until)
    .bind(&case.parked_ground)
    .bind(case.complex)
    .bind(case.version)
    .fetch_optional(conn)
    .await?);
    let Some((version, due_at)) = written else {
        return Err(Error::Conflict(format!("case {} changed since version {}", case.code, case.version)));
    };
    (case.version, case.due_at) = (version, due_at);
    Ok(())
}
