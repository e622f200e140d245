//! What resident and unit say to each other, and apart from it what staff note among themselves.
//!
//! Two tables and two types: a note has no way into what a resident reads.

use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

/// A line both sides read.
#[derive(Clone, Debug, FromRow)]
pub struct LineRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub position: i64,
    /// `unit` or `resident`.
    pub side: String,
    pub account_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    /// Of a resident: through which report they know the case.
    pub report_id: Option<Uuid>,
    pub text: String,
    pub read_at: Option<i64>,
}

record!(
    LineRow,
    "insert into case_lines (id, case_id, at, position, side, account_id, unit_id, report_id, text, read_at) ",
    |row| [
        row.id,
        row.case_id.0,
        row.at.0,
        row.position,
        &row.side,
        row.account_id,
        row.unit_id,
        row.report_id,
        &row.text,
        row.read_at,
    ]
);

pub async fn line_insert(tx: &mut Tx, row: &LineRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

/// Oldest first.
pub async fn lines_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<LineRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from case_lines where case_id = $1 order by at, position, id limit 1000"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?))
}

/// Marks what the other side wrote as read, the first time it is.
pub async fn lines_read(tx: &mut Tx, case: CaseId, written_by: &str, at: Timestamp) -> Result<u64> {
    Ok(on!(tx, |conn| sqlx::query(
        "update case_lines set read_at = $3 where case_id = $1 and side = $2 and read_at is null"
    )
    .bind(case.0)
    .bind(written_by)
    .bind(at.0)
    .execute(conn)
    .await?
    .rows_affected()))
}

/// A note among staff.
#[derive(Clone, Debug, FromRow)]
pub struct NoteRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub account_id: Option<Uuid>,
    pub text: String,
}

record!(NoteRow, "insert into case_notes (id, case_id, at, account_id, text) ", |row| [
    row.id,
    row.case_id.0,
    row.at.0,
    row.account_id,
    &row.text,
]);

pub async fn note_insert(tx: &mut Tx, row: &NoteRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

/// Oldest first.
pub async fn notes_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<NoteRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from case_notes where case_id = $1 order by at, id limit 1000")
        .bind(case.0)
        .fetch_all(conn)
        .await?))
}
