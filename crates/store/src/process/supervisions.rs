//! Orders of supervision (督办): a unit must report on a case by the order's own clock.

use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct SupervisionRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub unit_id: Uuid,
    /// A trigger of the pack.
    pub ground: String,
    pub text: String,
    #[sqlx(try_from = "i64")]
    pub ordered_at: Timestamp,
    /// None: ordered by a rule of the pack.
    pub ordered_by: Option<Uuid>,
    pub reported_at: Option<i64>,
    pub report: Option<String>,
}

record!(
    SupervisionRow,
    "insert into supervisions (id, case_id, unit_id, ground, text, ordered_at, ordered_by, reported_at, report) ",
    |row| [
        row.id,
        row.case_id.0,
        row.unit_id,
        &row.ground,
        &row.text,
        row.ordered_at.0,
        row.ordered_by,
        row.reported_at,
        &row.report,
    ]
);

pub async fn supervision_insert(tx: &mut Tx, row: &SupervisionRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

/// Oldest first.
pub async fn supervisions_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<SupervisionRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from supervisions where case_id = $1 order by ordered_at, id")
        .bind(case.0)
        .fetch_all(conn)
        .await?))
}

/// Writes what the unit reported.
pub async fn supervision_update(tx: &mut Tx, row: &SupervisionRow) -> Result<()> {
    on!(tx, |conn| sqlx::query("update supervisions set reported_at = $2, report = $3 where id = $1")
        .bind(row.id)
        .bind(row.reported_at)
        .bind(&row.report)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
