//! Signals: what a unit does far more often than its peers, with the cases behind.

use muster_core::area::AreaId;
use muster_core::evaluate::detect::Detector;
use muster_core::id::{CaseId, UnitId};
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::push_scope;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct SignalRow {
    pub id: Uuid,
    #[sqlx(try_from = "String")]
    pub detector: Detector,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    #[sqlx(try_from = "i64")]
    pub found_at: Timestamp,
    /// When it was last found.
    #[sqlx(try_from = "i64")]
    pub seen_at: Timestamp,
    /// Days that were looked at, yyyymmdd.
    pub first_day: i64,
    pub last_day: i64,
    pub trials: i64,
    pub hits: i64,
    pub expected: f64,
    pub chance: f64,
    pub corrected: f64,
    /// `new`, `explained` or `followed`.
    pub state: String,
    pub words: Option<String>,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
}

record!(
    SignalRow,
    "insert into signals (id, detector, unit_id, found_at, seen_at, first_day, last_day, trials, hits, expected, chance,
         corrected, state, words, decided_at, decided_by) ",
    |row| [
        row.id,
        row.detector.as_str(),
        row.unit_id.0,
        row.found_at.0,
        row.seen_at.0,
        row.first_day,
        row.last_day,
        row.trials,
        row.hits,
        row.expected,
        row.chance,
        row.corrected,
        &row.state,
        &row.words,
        row.decided_at,
        row.decided_by,
    ]
);

struct Behind {
    signal: Uuid,
    case: CaseId,
}

record!(
    Behind,
    "insert into signal_cases (signal_id, case_id) ",
    |row| [row.signal, row.case.0],
    after " on conflict (signal_id, case_id) do nothing"
);

/// Keeps what was found: a new signal, or the newest strength of one that nobody has looked at yet. One that a person has
/// looked at within these days is not raised again.
pub async fn signal_keep(tx: &mut Tx, row: &SignalRow, cases: &[CaseId]) -> Result<()> {
    let known: Option<(Uuid, String)> = on!(tx, |conn| sqlx::query_as(
        "select id, state from signals where unit_id = $1 and detector = $2 and (state = 'new' or last_day >= $3)
         order by case when state = 'new' then 0 else 1 end limit 1"
    )
    .bind(row.unit_id.0)
    .bind(row.detector.as_str())
    .bind(row.first_day)
    .fetch_optional(conn)
    .await?);
    let id = match known {
        None => {
            insert(tx, std::slice::from_ref(row)).await?;
            row.id
        }
        Some((_, state)) if state != "new" => return Ok(()),
        Some((id, _)) => {
            on!(tx, |conn| sqlx::query(
                "update signals set seen_at = $2, first_day = $3, last_day = $4, trials = $5, hits = $6, expected = $7,
                 chance = $8, corrected = $9 where id = $1"
            )
            .bind(id)
            .bind(row.seen_at.0)
            .bind(row.first_day)
            .bind(row.last_day)
            .bind(row.trials)
            .bind(row.hits)
            .bind(row.expected)
            .bind(row.chance)
            .bind(row.corrected)
            .execute(conn)
            .await?
            .rows_affected());
            id
        }
    };
    let behind: Vec<Behind> = cases.iter().map(|case| Behind { signal: id, case: *case }).collect();
    insert(tx, &behind).await
}

pub async fn signal_get(tx: &mut Tx, id: Uuid) -> Result<Option<SignalRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from signals where id = $1").bind(id).fetch_optional(conn).await?))
}

/// Signals of units within a scope: those to be looked at first, then the strongest.
pub async fn signals(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<SignalRow>> {
    Ok(on!(tx, |conn| {
        let mut query =
            sqlx::QueryBuilder::new("select s.* from signals s join units u on u.id = s.unit_id where true");
        push_scope!(query, scope);
        query.push(" order by case when s.state = 'new' then 0 else 1 end, s.corrected, s.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// A case behind a signal.
#[derive(Clone, Debug, FromRow)]
pub struct SignalCase {
    pub code: String,
    pub title: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub state: String,
}

pub async fn signal_cases(tx: &mut Tx, id: Uuid, limit: i64) -> Result<Vec<SignalCase>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select c.code, c.title, c.area, c.state from signal_cases b join cases c on c.id = b.case_id
         where b.signal_id = $1 order by c.received_at desc, c.id limit $2"
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// Writes what a person said of a signal; `Conflict` when somebody has.
pub async fn signal_decide(tx: &mut Tx, row: &SignalRow) -> Result<()> {
    let changed = on!(tx, |conn| {
        sqlx::query(
        "update signals set state = $2, words = $3, decided_at = $4, decided_by = $5 where id = $1 and state = 'new'"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(&row.words)
    .bind(row.decided_at)
    .bind(row.decided_by)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("the signal has been looked at".to_owned())) }
}
