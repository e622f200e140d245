//! How tasks were handled, as the detectors read it.

use muster_core::id::{CaseId, TaskId, UnitId};
use muster_core::process::TaskState;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use sqlx::types::JsonValue;
use uuid::Uuid;

use crate::db::{Result, Tx, on};

/// A task that is over, with its answer's promise and what was asked for it.
#[derive(Clone, Debug, FromRow)]
pub struct HistoryRow {
    #[sqlx(try_from = "Uuid")]
    pub task_id: TaskId,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    #[sqlx(try_from = "String")]
    pub state: TaskState,
    #[sqlx(try_from = "i64")]
    pub ended_at: Timestamp,
    /// Two digits.
    pub class: String,
    pub started_at: Option<i64>,
    pub due_at: Option<i64>,
    /// Above 0 where more time or parking was asked for.
    pub asked: i64,
    /// Above 0 where the unit asked that the case be left out of its score.
    pub left_out: i64,
}

/// Tasks that ended from `since` until before `until`, the newest first.
pub async fn history_tasks(tx: &mut Tx, (since, until): (Timestamp, Timestamp), limit: i64) -> Result<Vec<HistoryRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select t.id as task_id, t.case_id, t.unit_id, t.state, t.ended_at, substr(c.category, 1, 2) as class,
           k.started_at, k.due_at,
           (select cast(count(*) as bigint) from requests r where r.task_id = t.id and r.case_id = t.case_id) as asked,
           (select cast(count(*) as bigint) from exclusions e
            where e.case_id = t.case_id and e.unit_id = t.unit_id) as left_out
         from tasks t join cases c on c.id = t.case_id
         left join clocks k on k.task_id = t.id and k.kind = 'answer'
         where t.ended_at >= $1 and t.ended_at < $2 order by t.ended_at desc, t.id limit $3"
    )
    .bind(since.0)
    .bind(until.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// A step of a case that tells how it was handled.
#[derive(Clone, Debug, FromRow)]
pub struct StepSeen {
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub task_id: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    #[sqlx(rename = "move")]
    pub step: String,
    pub public_text: Option<String>,
    pub detail: JsonValue,
}

/// Answers, callbacks, reopenings and hand-overs since then of these cases, in the order in which they came.
pub async fn history_steps(tx: &mut Tx, cases: &[CaseId], since: Timestamp) -> Result<Vec<StepSeen>> {
    let mut steps: Vec<StepSeen> = Vec::new();
    for chunk in cases.chunks(1000) {
        steps.extend(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "select case_id, task_id, at, move, public_text, detail from steps
                 where move in ('answer', 'rate', 'reopen', 'send_up', 'send_down') and at >= ",
            );
            query.push_bind(since.0).push(" and case_id in (");
            let mut list = query.separated(", ");
            for case in chunk {
                list.push_bind(case.0);
            }
            query.push(") order by case_id, at, position");
            query.build_query_as::<StepSeen>().fetch_all(conn).await?
        }));
    }
    Ok(steps)
}
