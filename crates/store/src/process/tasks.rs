//! Tasks and the steps of a case.

use muster_core::id::{CaseId, TaskId, UnitId};
use muster_core::process::{CaseState, Move, TaskState};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct TaskRow {
    #[sqlx(try_from = "Uuid")]
    pub id: TaskId,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub code: String,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    #[sqlx(try_from = "String")]
    pub state: TaskState,
    #[sqlx(try_from = "i64")]
    pub assigned_at: Timestamp,
    pub accepted_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// Given out by a ruling: cannot be returned.
    pub ruled: bool,
    /// The unit that handed the case up or down; the answer goes back to it.
    pub for_unit_id: Option<Uuid>,
}

record!(
    TaskRow,
    "insert into tasks (id, case_id, code, unit_id, state, assigned_at, accepted_at, ended_at, ruled,
         for_unit_id) ",
    |task| [
        task.id.0,
        task.case_id.0,
        &task.code,
        task.unit_id.0,
        task.state.as_str(),
        task.assigned_at.0,
        task.accepted_at,
        task.ended_at,
        task.ruled,
        task.for_unit_id,
    ]
);

pub async fn tasks_insert(tx: &mut Tx, tasks: &[TaskRow]) -> Result<()> {
    insert(tx, tasks).await
}

/// In the order in which they were given out.
pub async fn tasks_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<TaskRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from tasks where case_id = $1 order by assigned_at, id")
        .bind(case.0)
        .fetch_all(conn)
        .await?))
}

/// Writes the state of a task that was in `from`; `Conflict` when it no longer is.
pub async fn task_update(tx: &mut Tx, task: &TaskRow, from: TaskState) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update tasks set state = $2, accepted_at = $3, ended_at = $4 where id = $1 and state = $5"
    )
    .bind(task.id.0)
    .bind(task.state.as_str())
    .bind(task.accepted_at)
    .bind(task.ended_at)
    .bind(from.as_str())
    .execute(conn)
    .await?
    .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict(format!("task {} is no longer {from}", task.code))) }
}

/// One line of a case's history. `public_text` is what the resident may read, `internal_text` what only staff may.
#[derive(Clone, Debug, FromRow)]
pub struct StepRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub task_id: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub position: i64,
    #[sqlx(rename = "move", try_from = "String")]
    pub step: Move,
    #[sqlx(try_from = "String")]
    pub from_state: CaseState,
    #[sqlx(try_from = "String")]
    pub to_state: CaseState,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub public_text: Option<String>,
    pub internal_text: Option<String>,
    pub detail: sqlx::types::JsonValue,
}

record!(
    StepRow,
    "insert into steps (id, case_id, task_id, at, position, move, from_state, to_state, actor_kind, actor_id, unit_id,
         public_text, internal_text, detail) ",
    |step| [
        step.id,
        step.case_id.0,
        step.task_id,
        step.at.0,
        step.position,
        step.step.as_str(),
        step.from_state.as_str(),
        step.to_state.as_str(),
        &step.actor_kind,
        step.actor_id,
        step.unit_id,
        &step.public_text,
        &step.internal_text,
        &step.detail,
    ]
);

pub async fn steps_insert(tx: &mut Tx, steps: &[StepRow]) -> Result<()> {
    insert(tx, steps).await
}

/// The history of a case, oldest first: at most 1000 steps. Of a matter that thousands joined, joins are left out first.
pub async fn steps_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<StepRow>> {
    let mut rows: Vec<StepRow> = on!(tx, |conn| sqlx::query_as(
        "select * from steps where case_id = $1
         order by case when move = 'join' then 1 else 0 end, at, position, id limit 1000"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?);
    rows.sort_by_key(|row| (row.at, row.position, row.id));
    Ok(rows)
}

/// When the last step of a case was made.
pub async fn last_step(tx: &mut Tx, case: CaseId) -> Result<Option<Timestamp>> {
    let at: Option<i64> =
        on!(tx, |conn| sqlx::query_scalar("select cast(max(at) as bigint) from steps where case_id = $1")
            .bind(case.0)
            .fetch_one(conn)
            .await?);
    Ok(at.map(Timestamp))
}
