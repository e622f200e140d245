//! 约谈: a unit that failed again is spoken with.

use muster_core::id::UnitId;
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::push_scope;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct InterviewRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    pub score_id: Uuid,
    /// How many terms in a row have failed.
    pub failures: i64,
    /// `due`, `called` or `held`.
    pub state: String,
    #[sqlx(try_from = "i64")]
    pub opened_at: Timestamp,
    pub held_at: Option<i64>,
    pub place: Option<String>,
    pub chair: Option<String>,
    pub why: Option<String>,
    pub called_at: Option<i64>,
    pub called_by: Option<Uuid>,
    pub record: Option<String>,
    pub recorded_at: Option<i64>,
    pub recorded_by: Option<Uuid>,
}

record!(
    InterviewRow,
    "insert into interviews (id, unit_id, score_id, failures, state, opened_at, held_at, place, chair, why, called_at,
         called_by, record, recorded_at, recorded_by) ",
    |row| [
        row.id,
        row.unit_id.0,
        row.score_id,
        row.failures,
        &row.state,
        row.opened_at.0,
        row.held_at,
        &row.place,
        &row.chair,
        &row.why,
        row.called_at,
        row.called_by,
        &row.record,
        row.recorded_at,
        row.recorded_by,
    ]
);

pub async fn interview_insert(tx: &mut Tx, row: &InterviewRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

pub async fn interview_get(tx: &mut Tx, id: Uuid) -> Result<Option<InterviewRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from interviews where id = $1").bind(id).fetch_optional(conn).await?))
}

/// The interview that a score opened.
pub async fn interview_of(tx: &mut Tx, score: Uuid) -> Result<Option<InterviewRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from interviews where score_id = $1")
        .bind(score)
        .fetch_optional(conn)
        .await?))
}

/// Writes the summons or the record of an interview that was in `from`; `Conflict` when it no longer is.
pub async fn interview_update(tx: &mut Tx, row: &InterviewRow, from: &str) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update interviews set state = $2, held_at = $3, place = $4, chair = $5, why = $6, called_at = $7,
         called_by = $8, record = $9, recorded_at = $10, recorded_by = $11 where id = $1 and state = $12"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(row.held_at)
    .bind(&row.place)
    .bind(&row.chair)
    .bind(&row.why)
    .bind(row.called_at)
    .bind(row.called_by)
    .bind(&row.record)
    .bind(row.recorded_at)
    .bind(row.recorded_by)
    .bind(from)
    .execute(conn)
    .await?
    .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict(format!("the interview is no longer {from}"))) }
}

/// Interviews of units within a scope, the newest first.
pub async fn interviews(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<InterviewRow>> {
    Ok(on!(tx, |conn| {
        let mut query =
            sqlx::QueryBuilder::new("select i.* from interviews i join units u on u.id = i.unit_id where true");
        push_scope!(query, scope);
        query.push(" order by i.opened_at desc, i.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}
