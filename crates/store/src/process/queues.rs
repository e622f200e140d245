//! What is open now, counted: by area, unit, class, state and how soon something runs out.

use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};

/// Open cases that stand alike.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OpenRow {
    pub area: i64,
    pub unit_id: Option<Uuid>,
    /// Two digits.
    pub class: String,
    pub state: String,
    /// What runs out first has run out, or does so before the moment asked for.
    pub late: bool,
    pub soon: bool,
    pub cases: i64,
}

/// All open cases in one walk along the index of states: the work grows with what is open.
pub async fn open_counts(tx: &mut Tx, now: Timestamp, soon: Timestamp) -> Result<Vec<OpenRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select area, unit_id, class, state, late, soon, cast(count(*) as bigint) as cases from (
             select area, unit_id, substr(category, 1, 2) as class, state,
                 due_at is not null and due_at <= $1 as late,
                 due_at is not null and due_at > $1 and due_at <= $2 as soon
             from cases where state in ('triage', 'assigned', 'working', 'answered')
         ) open group by area, unit_id, class, state, late, soon"
    )
    .bind(now.0)
    .bind(soon.0)
    .fetch_all(conn)
    .await?))
}
