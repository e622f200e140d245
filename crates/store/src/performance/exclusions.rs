//! What is left out of a score, or forgiven.

use muster_core::id::{CaseId, UnitId};
use muster_core::pack::Exempt;
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::push_scope;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct ExclusionRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    #[sqlx(try_from = "String")]
    pub kind: Exempt,
    pub ground: String,
    pub evidence: String,
    #[sqlx(try_from = "i64")]
    pub asked_at: Timestamp,
    pub asked_by: Option<Uuid>,
    /// `open`, `granted` or `refused`.
    pub state: String,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub answer: Option<String>,
    pub appeal_id: Option<Uuid>,
}

record!(
    ExclusionRow,
    "insert into exclusions (id, unit_id, case_id, kind, ground, evidence, asked_at, asked_by, state, decided_at,
         decided_by, answer, appeal_id) ",
    |row| [
        row.id,
        row.unit_id.0,
        row.case_id.0,
        row.kind.as_str(),
        &row.ground,
        &row.evidence,
        row.asked_at.0,
        row.asked_by,
        &row.state,
        row.decided_at,
        row.decided_by,
        &row.answer,
        row.appeal_id,
    ]
);

/// With the code of its case.
#[derive(Clone, Debug, FromRow)]
pub struct ExclusionCase {
    #[sqlx(flatten)]
    pub row: ExclusionRow,
    pub code: String,
    pub title: String,
}

/// A second one for a case that is not refused is a `Conflict`.
pub async fn exclusion_insert(tx: &mut Tx, row: &ExclusionRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

pub async fn exclusion_get(tx: &mut Tx, id: Uuid) -> Result<Option<ExclusionRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from exclusions where id = $1").bind(id).fetch_optional(conn).await?))
}

/// What was asked for a case of a unit and not refused.
pub async fn exclusion_of(tx: &mut Tx, unit: UnitId, case: CaseId) -> Result<Option<ExclusionRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from exclusions where unit_id = $1 and case_id = $2 and state <> 'refused'"
    )
    .bind(unit.0)
    .bind(case.0)
    .fetch_optional(conn)
    .await?))
}

/// Writes what was decided of an open one; `Conflict` when somebody else has.
pub async fn exclusion_decide(tx: &mut Tx, row: &ExclusionRow) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update exclusions set state = $2, decided_at = $3, decided_by = $4, answer = $5
         where id = $1 and state = 'open'"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(row.decided_at)
    .bind(row.decided_by)
    .bind(&row.answer)
    .execute(conn)
    .await?
    .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("it has been decided".to_owned())) }
}

/// Open ones that stand for themselves, of units within a scope, the oldest first.
pub async fn exclusions_open(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<ExclusionCase>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select e.*, c.code, c.title from exclusions e join units u on u.id = e.unit_id
             join cases c on c.id = e.case_id where e.state = 'open' and e.appeal_id is null",
        );
        push_scope!(query, scope);
        query.push(" order by e.asked_at, e.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// What a unit has asked for, the newest first.
pub async fn exclusions_of_unit(tx: &mut Tx, unit: UnitId, limit: i64) -> Result<Vec<ExclusionCase>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select e.*, c.code, c.title from exclusions e join cases c on c.id = e.case_id
         where e.unit_id = $1 order by e.asked_at desc, e.id desc limit $2"
    )
    .bind(unit.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

pub async fn exclusions_of_appeal(tx: &mut Tx, appeal: Uuid) -> Result<Vec<ExclusionCase>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select e.*, c.code, c.title from exclusions e join cases c on c.id = e.case_id
         where e.appeal_id = $1 order by e.asked_at, e.id"
    )
    .bind(appeal)
    .fetch_all(conn)
    .await?))
}

/// What everybody may know of one: no case and no unit.
#[derive(Clone, Debug, FromRow)]
pub struct ExclusionTold {
    pub ground: String,
    pub state: String,
    #[sqlx(try_from = "i64")]
    pub asked_at: Timestamp,
}

/// Those that were asked for since then, the newest first.
pub async fn exclusions_told(tx: &mut Tx, since: Timestamp, limit: i64) -> Result<Vec<ExclusionTold>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select ground, state, asked_at from exclusions where asked_at >= $1 order by asked_at desc limit $2"
    )
    .bind(since.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}
