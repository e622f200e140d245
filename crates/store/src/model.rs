//! Classifiers made here, what people decided that they are made from, and how judging drifts.

use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};

#[derive(Clone, Debug, FromRow)]
pub struct ModelRow {
    pub id: Uuid,
    pub version: String,
    pub base: String,
    pub made_at: i64,
    pub made_by: Option<Uuid>,
    /// `muster_server::usecase::model_propose::Trial`.
    pub trial: sqlx::types::JsonValue,
    /// `proposed`, `adopted`, `rejected` or `retired`.
    pub state: String,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub reason: Option<String>,
}

const COLUMNS: &str = "id, version, base, made_at, made_by, trial, state, decided_at, decided_by, reason";

pub async fn model_insert(tx: &mut Tx, row: &ModelRow, bytes: &[u8]) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into models (id, version, base, bytes, made_at, made_by, trial, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(row.id)
    .bind(&row.version)
    .bind(&row.base)
    .bind(bytes)
    .bind(row.made_at)
    .bind(row.made_by)
    .bind(&row.trial)
    .bind(&row.state)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The newest models, without their bytes.
pub async fn models(tx: &mut Tx, limit: i64) -> Result<Vec<ModelRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from models order by made_at desc, id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

pub async fn model_get(tx: &mut Tx, id: Uuid) -> Result<Option<ModelRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from models where id = ").push_bind(id);
        query.build_query_as().fetch_optional(conn).await?
    }))
}

/// Whether there is a model of this version.
pub async fn model_known(tx: &mut Tx, version: &str) -> Result<bool> {
    let found: Option<Uuid> = on!(tx, |conn| sqlx::query_scalar("select id from models where version = $1")
        .bind(version)
        .fetch_optional(conn)
        .await?);
    Ok(found.is_some())
}

/// The version that judges, if it is not the shipped one.
pub async fn model_adopted(tx: &mut Tx) -> Result<Option<String>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select version from models where state = 'adopted'")
        .fetch_optional(conn)
        .await?))
}

pub async fn model_bytes(tx: &mut Tx, version: &str) -> Result<Option<Vec<u8>>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select bytes from models where version = $1")
        .bind(version)
        .fetch_optional(conn)
        .await?))
}

/// Takes the judging model out of use, whichever it is; whoever decided about `by` did so.
pub async fn models_retire(tx: &mut Tx, by: &ModelRow) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update models set state = 'retired', decided_at = $1, decided_by = $2, reason = $3 where state = 'adopted'"
    )
    .bind(by.decided_at)
    .bind(by.decided_by)
    .bind(&by.reason)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Stores what was decided about a model that was in state `was`; false if it no longer is.
pub async fn model_decide(tx: &mut Tx, row: &ModelRow, was: &str) -> Result<bool> {
    let changed = on!(tx, |conn| sqlx::query(
        "update models set state = $2, decided_at = $3, decided_by = $4, reason = $5 where id = $1 and state = $6"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(row.decided_at)
    .bind(row.decided_by)
    .bind(&row.reason)
    .bind(was)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(changed == 1)
}

/// A report whose class is known.
#[derive(Clone, Debug, FromRow)]
pub struct ExampleRow {
    pub title: String,
    pub text: String,
    pub category: String,
}

/// What people decided, newest first.
pub async fn examples_decided(tx: &mut Tx, limit: i64) -> Result<Vec<ExampleRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select r.title, r.text, j.category from judgements j join reports r on r.id = j.report_id
         where j.decided_by is not null order by j.id desc limit $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// What the machine decided and a unit answered without a word against it, newest first.
pub async fn examples_carried(tx: &mut Tx, since: Timestamp, limit: i64) -> Result<Vec<ExampleRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select c.title, c.text, c.category from cases c
         where c.received_at >= $1 and c.state in ('answered', 'closed')
         and not exists (select 1 from judgements j where j.case_id = c.id and j.decided_by is not null)
         and not exists (select 1 from steps s where s.case_id = c.id and s.move = 'dispute')
         order by c.received_at desc, c.id limit $2"
    )
    .bind(since.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// The smallest id that can have been given at an instant: ids begin with their time (UUID version 7), so that the newest
/// rows of a table lie together.
fn first_id(at: Timestamp) -> Uuid {
    Uuid::from_u128((at.0.max(0) as u128 / 1000) << 80)
}

/// What the machine said of reports in one week, by large class.
#[derive(Clone, Debug, FromRow)]
pub struct DriftRow {
    /// Weeks since Monday, 1969-12-29.
    pub week: i64,
    pub class: String,
    pub judged: i64,
    pub confidence: f64,
    /// At least as sure as asked.
    pub sure: i64,
}

/// Judgements of the machine by week and class since an instant, those at least `sure` confident counted.
pub async fn drift_judged(tx: &mut Tx, since: Timestamp, sure: f64) -> Result<Vec<DriftRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select (j.at + 259200000000) / 604800000000 as week, substr(j.category, 1, 2) as class,
                cast(count(*) as bigint) as judged, sum(j.confidence) as confidence,
                cast(sum(case when j.confidence >= $2 then 1 else 0 end) as bigint) as sure
         from judgements j where j.id >= $1 and j.decided_by is null
         group by (j.at + 259200000000) / 604800000000, substr(j.category, 1, 2)"
    )
    .bind(first_id(since))
    .bind(sure)
    .fetch_all(conn)
    .await?))
}

/// Decisions of people by week, and those that named another large class than the machine had: `(week, decided, otherwise)`.
pub async fn drift_decided(tx: &mut Tx, since: Timestamp) -> Result<Vec<(i64, i64, i64)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "select (p.at + 259200000000) / 604800000000 as week, cast(count(*) as bigint) as decided,
                cast(sum(case when substr(p.category, 1, 2) <> substr(m.category, 1, 2) then 1 else 0 end) as bigint) as otherwise
         from judgements p join judgements m on m.report_id = p.report_id and m.decided_by is null
         where p.decided_by is not null and p.id >= $1
         group by (p.at + 259200000000) / 604800000000"
    )
    .bind(first_id(since))
    .fetch_all(conn)
    .await?
    }))
}
