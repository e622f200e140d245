//! Appeals of scores.

use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::push_scope;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct AppealRow {
    pub id: Uuid,
    pub score_id: Uuid,
    /// A part of the score; none: the whole.
    pub part: Option<String>,
    pub reason: String,
    #[sqlx(try_from = "i64")]
    pub asked_at: Timestamp,
    pub asked_by: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub decide_by: Timestamp,
    /// `open`, `granted` or `refused`.
    pub state: String,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub answer: Option<String>,
    /// The version that it led to.
    pub changed_id: Option<Uuid>,
}

record!(
    AppealRow,
    "insert into appeals (id, score_id, part, reason, asked_at, asked_by, decide_by, state, decided_at, decided_by,
         answer, changed_id) ",
    |row| [
        row.id,
        row.score_id,
        &row.part,
        &row.reason,
        row.asked_at.0,
        row.asked_by,
        row.decide_by.0,
        &row.state,
        row.decided_at,
        row.decided_by,
        &row.answer,
        row.changed_id,
    ]
);

pub async fn appeal_insert(tx: &mut Tx, row: &AppealRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

pub async fn appeal_get(tx: &mut Tx, id: Uuid) -> Result<Option<AppealRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from appeals where id = $1").bind(id).fetch_optional(conn).await?))
}

/// The appeal of a score, or the one that led to it.
pub async fn appeal_of(tx: &mut Tx, score: Uuid) -> Result<Option<AppealRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from appeals where score_id = $1 or changed_id = $1 order by asked_at desc limit 1"
    )
    .bind(score)
    .fetch_optional(conn)
    .await?))
}

/// Writes what was decided of an open appeal; `Conflict` when somebody else has.
pub async fn appeal_decide(tx: &mut Tx, row: &AppealRow) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update appeals set state = $2, decided_at = $3, decided_by = $4, answer = $5, changed_id = $6
         where id = $1 and state = 'open'"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(row.decided_at)
    .bind(row.decided_by)
    .bind(&row.answer)
    .bind(row.changed_id)
    .execute(conn)
    .await?
    .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("the appeal has been decided".to_owned())) }
}

/// Open appeals of units within a scope, the first to be decided first.
pub async fn appeals_open(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<AppealRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select a.* from appeals a join scores s on s.id = a.score_id join units u on u.id = s.unit_id
             where a.state = 'open'",
        );
        push_scope!(query, scope);
        query.push(" order by a.decide_by, a.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}
