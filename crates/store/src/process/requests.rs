//! What a unit asks for: more time, or that a case be parked. A coordinator decides.

use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct RequestRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub task_id: Option<Uuid>,
    /// `extend` or `park`.
    pub kind: String,
    /// Of an extension, in the unit of the promise.
    pub amount: Option<i64>,
    /// Of parking: when it is looked at again.
    pub until_at: Option<i64>,
    pub ground: Option<String>,
    pub reason: String,
    #[sqlx(try_from = "i64")]
    pub asked_at: Timestamp,
    pub asked_by: Option<Uuid>,
    /// `open`, `granted` or `refused`; `void` when the case moved on before anybody decided.
    pub state: String,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub answer: Option<String>,
}

record!(
    RequestRow,
    "insert into requests (id, case_id, task_id, kind, amount, until_at, ground, reason, asked_at, asked_by, state,
         decided_at, decided_by, answer) ",
    |row| [
        row.id,
        row.case_id.0,
        row.task_id,
        &row.kind,
        row.amount,
        row.until_at,
        &row.ground,
        &row.reason,
        row.asked_at.0,
        row.asked_by,
        &row.state,
        row.decided_at,
        row.decided_by,
        &row.answer,
    ]
);

pub async fn request_insert(tx: &mut Tx, row: &RequestRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

/// Oldest first.
pub async fn requests_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<RequestRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from requests where case_id = $1 order by asked_at, id")
        .bind(case.0)
        .fetch_all(conn)
        .await?))
}

/// Writes the decision about an open request.
pub async fn request_decide(tx: &mut Tx, row: &RequestRow) -> Result<()> {
    let written = on!(tx, |conn| {
        sqlx::query(
        "update requests set state = $2, decided_at = $3, decided_by = $4, answer = $5 where id = $1 and state = 'open'"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(row.decided_at)
    .bind(row.decided_by)
    .bind(&row.answer)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if written == 1 { Ok(()) } else { Err(Error::Conflict("the request was decided meanwhile".to_owned())) }
}

/// Requests nobody has decided lose their object when a case leaves its unit or is answered.
pub async fn requests_void(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<u64> {
    Ok(on!(tx, |conn| sqlx::query(
        "update requests set state = 'void', decided_at = $2 where case_id = $1 and state = 'open'"
    )
    .bind(case.0)
    .bind(at.0)
    .execute(conn)
    .await?
    .rows_affected()))
}
