//! What happened to a clock beside time: it stood still, was extended, or is counted by another rule.

use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use muster_core::time::clock::{Ledger, Pause};
use sqlx::FromRow;
use uuid::Uuid;

use super::clocks::ClockRow;
use crate::db::{Result, Tx, on};
use crate::record::record;

#[derive(Clone, Debug, FromRow)]
pub struct ClockEntryRow {
    pub id: Uuid,
    pub clock_id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    /// `pause`, `extend`, `budget` or `calendar`.
    pub kind: String,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub until_at: Option<i64>,
    pub amount: Option<i64>,
    pub reason: String,
    pub by_id: Option<Uuid>,
    pub due_before: i64,
    pub due_after: i64,
}

record!(
    ClockEntryRow,
    "insert into clock_entries (id, clock_id, case_id, kind, at, until_at, amount, reason, by_id, due_before, due_after) ",
    |row| [
        row.id,
        row.clock_id,
        row.case_id.0,
        &row.kind,
        row.at.0,
        row.until_at,
        row.amount,
        &row.reason,
        row.by_id,
        row.due_before,
        row.due_after,
    ]
);

/// Of the clocks of a case, oldest first.
pub async fn clock_entries_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<ClockEntryRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from clock_entries where case_id = $1 order by at, id")
        .bind(case.0)
        .fetch_all(conn)
        .await?))
}

/// Of some clocks, oldest first.
pub async fn clock_entries_of(tx: &mut Tx, clocks: &[Uuid]) -> Result<Vec<ClockEntryRow>> {
    if clocks.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select * from clock_entries where clock_id in (");
        let mut list = query.separated(", ");
        for clock in clocks {
            list.push_bind(*clock);
        }
        query.push(") order by at, id");
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Ends the pauses of a case that last.
pub async fn pauses_end(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<u64> {
    Ok(on!(tx, |conn| sqlx::query(
        "update clock_entries set until_at = $2 where case_id = $1 and kind = 'pause' and until_at is null"
    )
    .bind(case.0)
    .bind(at.0)
    .execute(conn)
    .await?
    .rows_affected()))
}

impl ClockRow {
    /// What of the entries belongs to this clock.
    pub fn ledger(&self, entries: &[ClockEntryRow]) -> Ledger {
        let pauses = entries.iter().filter(|entry| entry.clock_id == self.id && entry.kind == "pause");
        let pause =
            |entry: &ClockEntryRow| Pause { from: entry.at, until: entry.until_at.map_or(Timestamp::NEVER, Timestamp) };
        Ledger { pauses: pauses.map(pause).collect(), extra: u32::try_from(self.extra).unwrap_or(0) }
    }
}
