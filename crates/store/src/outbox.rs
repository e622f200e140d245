//! Facts on their way out, written in the transaction of their cause.

use muster_core::event::Event;
use muster_core::time::Timestamp;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug)]
pub struct OutboxRow {
    pub id: Uuid,
    pub at: Timestamp,
    pub case_id: Option<Uuid>,
    pub event: Event,
}

record!(OutboxRow, "insert into outbox (id, at, case_id, event) ", |row| [
    row.id,
    row.at.0,
    row.case_id,
    serde_json::json!(row.event),
]);

pub async fn outbox_insert(tx: &mut Tx, rows: &[OutboxRow]) -> Result<()> {
    insert(tx, rows).await
}

/// The facts written since `since`, oldest first: what a node tells its live pages.
pub async fn outbox_since(tx: &mut Tx, since: Timestamp, limit: i64) -> Result<Vec<OutboxRow>> {
    let rows: Vec<(Uuid, i64, Option<Uuid>, sqlx::types::Json<Event>)> =
        on!(tx, |conn| sqlx::query_as("select id, at, case_id, event from outbox where at >= $1 order by at limit $2")
            .bind(since.0)
            .bind(limit)
            .fetch_all(conn)
            .await?);
    Ok(rows
        .into_iter()
        .map(|(id, at, case_id, event)| OutboxRow { id, at: Timestamp(at), case_id, event: event.0 })
        .collect())
}

/// Marks up to `limit` facts older than `before` as delivered (no notice goes out yet); returns how many.
/// Any number of nodes may settle at once.
pub async fn outbox_settle(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    let claim = match tx {
        Tx::Sqlite(_) => {
            "update outbox set delivered_at = $1 where id in
             (select id from outbox where delivered_at is null and at < $1 order by id limit $2)"
        }
        Tx::Postgres(_) => {
            "update outbox set delivered_at = $1 where id in
             (select id from outbox where delivered_at is null and at < $1 order by id limit $2 for update skip locked)"
        }
    };
    Ok(on!(tx, |conn| sqlx::query(claim).bind(before.0).bind(limit).execute(conn).await?.rows_affected()))
}

/// Forgets up to `limit` delivered facts older than `before`.
pub async fn outbox_forget(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    let gone = match tx {
        Tx::Sqlite(_) => {
            "delete from outbox where id in
             (select id from outbox where at < $1 and delivered_at is not null order by at limit $2)"
        }
        Tx::Postgres(_) => {
            "delete from outbox where id in
             (select id from outbox where at < $1 and delivered_at is not null order by at limit $2 for update skip locked)"
        }
    };
    Ok(on!(tx, |conn| sqlx::query(gone).bind(before.0).bind(limit).execute(conn).await?.rows_affected()))
}

/// The oldest fact that has not gone out.
pub async fn outbox_oldest(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let at: Option<i64> =
        on!(tx, |conn| sqlx::query_scalar("select cast(min(at) as bigint) from outbox where delivered_at is null")
            .fetch_one(conn)
            .await?);
    Ok(at.map(Timestamp))
}
