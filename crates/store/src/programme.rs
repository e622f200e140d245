//! The programme (行动方案): stages, goals with their targets, milestones and key tasks.

use muster_core::area::AreaId;
use muster_core::evaluate::programme::{KeyTaskKind, KeyTaskState};
use muster_core::id::UnitId;
use muster_core::people::Subject;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::process::rung_write;
use crate::record::{insert, record};

/// A stage of the programme; both days belong to it.
#[derive(Clone, Debug, FromRow)]
pub struct ProgrammeStage {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub name: String,
    pub words: String,
    pub first_day: i64,
    pub last_day: i64,
}

record!(ProgrammeStage, "insert into programme_stages (id, area, name, words, first_day, last_day) ", |row| [
    row.id,
    row.area.get(),
    &row.name,
    &row.words,
    row.first_day,
    row.last_day,
]);

#[derive(Clone, Debug, FromRow)]
pub struct ProgrammeGoal {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub name: String,
    pub indicator: String,
}

record!(ProgrammeGoal, "insert into programme_goals (id, area, name, indicator) ", |row| [
    row.id,
    row.area.get(),
    &row.name,
    &row.indicator,
]);

/// What a goal is to reach by the end of a stage, in hundredths of a per cent.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct ProgrammeTarget {
    pub goal_id: Uuid,
    pub stage_id: Uuid,
    pub target: i64,
}

record!(ProgrammeTarget, "insert into programme_targets (goal_id, stage_id, target) ", |row| [
    row.goal_id,
    row.stage_id,
    row.target,
], after " on conflict (goal_id, stage_id) do update set target = excluded.target");

#[derive(Clone, Debug, FromRow)]
pub struct KeyTaskRow {
    pub id: Uuid,
    pub stage_id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "String")]
    pub kind: KeyTaskKind,
    pub title: String,
    pub words: String,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    /// The first moment that is too late.
    #[sqlx(try_from = "i64")]
    pub due_at: Timestamp,
    #[sqlx(try_from = "String")]
    pub state: KeyTaskState,
    pub evidence: Option<String>,
    pub reported_by: Option<Uuid>,
    pub reported_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<i64>,
    /// Words of the last decision: why it was sent back, moved or called off, or what was found done.
    pub decision: Option<String>,
    #[sqlx(try_from = "i64")]
    pub made_at: Timestamp,
    pub made_by: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub owed_from: Timestamp,
    pub rung: i64,
    pub next_rung_at: Option<i64>,
    pub version: i64,
}

impl KeyTaskRow {
    pub fn subject(&self) -> Subject {
        Subject { area: Some(self.area), unit: Some(self.unit_id) }
    }
}

record!(
    KeyTaskRow,
    "insert into programme_tasks (id, stage_id, area, kind, title, words, unit_id, due_at, state, made_at, made_by,
         owed_from, rung, next_rung_at) ",
    |row| [
        row.id,
        row.stage_id,
        row.area.get(),
        row.kind.as_str(),
        &row.title,
        &row.words,
        row.unit_id.0,
        row.due_at.0,
        row.state.as_str(),
        row.made_at.0,
        row.made_by,
        row.owed_from.0,
        row.rung,
        row.next_rung_at,
    ]
);

/// Stages of exactly this area, the earliest first.
pub async fn programme_stages(tx: &mut Tx, area: AreaId) -> Result<Vec<ProgrammeStage>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from programme_stages where area = $1 order by first_day, name")
        .bind(area.get())
        .fetch_all(conn)
        .await?))
}

pub async fn programme_stage_get(tx: &mut Tx, id: Uuid) -> Result<Option<ProgrammeStage>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from programme_stages where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?))
}

/// Writes a stage; one of this name in the area takes these days and words and keeps its id, which is returned.
pub async fn programme_stage_set(tx: &mut Tx, stage: &ProgrammeStage) -> Result<Uuid> {
    let known: Option<Uuid> =
        on!(tx, |conn| sqlx::query_scalar("select id from programme_stages where area = $1 and name = $2")
            .bind(stage.area.get())
            .bind(&stage.name)
            .fetch_optional(conn)
            .await?);
    let Some(id) = known else {
        insert(tx, std::slice::from_ref(stage)).await?;
        return Ok(stage.id);
    };
    on!(tx, |conn| sqlx::query("update programme_stages set words = $2, first_day = $3, last_day = $4 where id = $1")
        .bind(id)
        .bind(&stage.words)
        .bind(stage.first_day)
        .bind(stage.last_day)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(id)
}

/// Goals of exactly this area, by name.
pub async fn programme_goals(tx: &mut Tx, area: AreaId) -> Result<Vec<ProgrammeGoal>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from programme_goals where area = $1 order by name")
        .bind(area.get())
        .fetch_all(conn)
        .await?))
}

/// Writes a goal with its targets; one of this name in the area takes the figure and keeps its id.
pub async fn programme_goal_set(tx: &mut Tx, goal: &ProgrammeGoal, targets: &[(Uuid, i64)]) -> Result<Uuid> {
    let known: Option<Uuid> =
        on!(tx, |conn| sqlx::query_scalar("select id from programme_goals where area = $1 and name = $2")
            .bind(goal.area.get())
            .bind(&goal.name)
            .fetch_optional(conn)
            .await?);
    let id = if let Some(id) = known {
        on!(tx, |conn| sqlx::query("update programme_goals set indicator = $2 where id = $1")
            .bind(id)
            .bind(&goal.indicator)
            .execute(conn)
            .await?
            .rows_affected());
        id
    } else {
        insert(tx, std::slice::from_ref(goal)).await?;
        goal.id
    };
    let target =
        |(stage_id, target): &(Uuid, i64)| ProgrammeTarget { goal_id: id, stage_id: *stage_id, target: *target };
    insert(tx, &targets.iter().map(target).collect::<Vec<_>>()).await?;
    Ok(id)
}

/// The targets of the goals of an area.
pub async fn programme_targets(tx: &mut Tx, area: AreaId) -> Result<Vec<ProgrammeTarget>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select t.* from programme_targets t join programme_goals g on g.id = t.goal_id where g.area = $1
         order by t.goal_id, t.stage_id"
    )
    .bind(area.get())
    .fetch_all(conn)
    .await?))
}

/// `Conflict` when the stage has one of this title.
pub async fn key_task_insert(tx: &mut Tx, task: &KeyTaskRow) -> Result<()> {
    insert(tx, std::slice::from_ref(task)).await
}

pub async fn key_task_known(tx: &mut Tx, stage: Uuid, title: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, |conn| sqlx::query_scalar(
        "select cast(1 as bigint) from programme_tasks where stage_id = $1 and title = $2"
    )
    .bind(stage)
    .bind(title)
    .fetch_optional(conn)
    .await?);
    Ok(found.is_some())
}

/// The milestones and tasks of an area's programme, the first due first.
pub async fn key_tasks(tx: &mut Tx, area: AreaId, limit: i64) -> Result<Vec<KeyTaskRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from programme_tasks where area = $1 order by due_at, title limit $2")
        .bind(area.get())
        .bind(limit)
        .fetch_all(conn)
        .await?))
}

pub async fn key_task_get(tx: &mut Tx, id: Uuid) -> Result<Option<KeyTaskRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from programme_tasks where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?))
}

/// Holds a task until the end of the transaction.
pub async fn key_task_lock(tx: &mut Tx, id: Uuid) -> Result<Option<KeyTaskRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => "select * from programme_tasks where id = $1",
        Tx::Postgres(_) => "select * from programme_tasks where id = $1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
}

/// Writes what can change; `Conflict` when somebody wrote since it was read.
pub async fn key_task_update(tx: &mut Tx, task: &KeyTaskRow) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update programme_tasks set due_at = $2, state = $3, evidence = $4, reported_by = $5, reported_at = $6,
             decided_by = $7, decided_at = $8, decision = $9, owed_from = $10, rung = $11, next_rung_at = $12,
             version = version + 1
         where id = $1 and version = $13"
    )
    .bind(task.id)
    .bind(task.due_at.0)
    .bind(task.state.as_str())
    .bind(&task.evidence)
    .bind(task.reported_by)
    .bind(task.reported_at)
    .bind(task.decided_by)
    .bind(task.decided_at)
    .bind(&task.decision)
    .bind(task.owed_from.0)
    .bind(task.rung)
    .bind(task.next_rung_at)
    .bind(task.version)
    .execute(conn)
    .await?
    .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict(format!("task {} was changed meanwhile", task.id))) }
}

/// A task whose next rung is reached, with where its unit stands.
#[derive(Clone, Debug, FromRow)]
pub struct ReachedKeyTask {
    #[sqlx(flatten)]
    pub row: KeyTaskRow,
    pub unit_area: i64,
}

/// Takes up to `limit` tasks whose next rung is reached by `now`, the longest reached first. Another node passes over what
/// this one holds.
pub async fn key_tasks_reached(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ReachedKeyTask>> {
    macro_rules! sql {
        () => {
            "select t.*, u.area as unit_area from programme_tasks t join units u on u.id = t.unit_id
             where t.next_rung_at <= $1 order by t.next_rung_at limit $2"
        };
    }
    let claim = match tx {
        Tx::Sqlite(_) => sql!(),
        Tx::Postgres(_) => concat!(sql!(), " for update of t skip locked"),
    };
    Ok(on!(tx, |conn| sqlx::query_as(claim).bind(now.0).bind(limit).fetch_all(conn).await?))
}

/// Writes how far the ladder has been climbed; the version stays, since nothing of what people decide changes.
pub async fn key_task_rung(tx: &mut Tx, id: Uuid, rung: i64, next: Option<i64>) -> Result<()> {
    rung_write(tx, "update programme_tasks set rung = $2, next_rung_at = $3 where id = $1", id, rung, next).await
}
