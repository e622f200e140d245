//! Photos of reports, and those of forms that are still being filled in.

use muster_core::id::{CaseId, ReportId};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

/// A photo as stored.
#[derive(Clone, Debug, FromRow)]
pub struct PhotoRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub report_id: ReportId,
    /// From 0, as they were sent.
    pub position: i64,
    pub width: i64,
    pub height: i64,
    /// Under the key of the report's person.
    pub content_sealed: Vec<u8>,
    /// SHA-256 of `content_sealed`.
    pub sealed_hash: Vec<u8>,
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
}

record!(
    PhotoRow,
    "insert into photos (id, report_id, position, width, height, content_sealed, sealed_hash, created_at) ",
    |photo| [
        photo.id,
        photo.report_id.0,
        photo.position,
        photo.width,
        photo.height,
        &photo.content_sealed,
        &photo.sealed_hash,
        photo.created_at.0,
    ]
);

pub async fn photos_insert(tx: &mut Tx, photos: &[PhotoRow]) -> Result<()> {
    insert(tx, photos).await
}

/// What is known of a photo without opening it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PhotoHead {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub report_id: ReportId,
    pub width: i64,
    pub height: i64,
}

/// The photos of a case, oldest report first.
pub async fn photos_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<PhotoHead>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select p.id, p.report_id, p.width, p.height from photos p join reports r on r.id = p.report_id
         where r.case_id = $1 order by r.received_at, r.id, p.position limit 600"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?))
}

/// A photo with the key it is sealed under.
#[derive(Clone, Debug, FromRow)]
pub struct PhotoSealed {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub report_id: ReportId,
    pub content_sealed: Vec<u8>,
    pub person_id: Uuid,
    pub wrapped_key: Vec<u8>,
}

/// One photo of a case.
pub async fn photo_get(tx: &mut Tx, case: CaseId, id: Uuid) -> Result<Option<PhotoSealed>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select p.id, p.report_id, p.content_sealed, o.id as person_id, o.wrapped_key
         from photos p join reports r on r.id = p.report_id join persons o on o.id = r.person_id
         where p.id = $1 and r.case_id = $2"
    )
    .bind(id)
    .bind(case.0)
    .fetch_optional(conn)
    .await?))
}

/// The newest photos, for the holder of the master key to try.
pub async fn photos_newest(tx: &mut Tx, limit: i64) -> Result<Vec<PhotoSealed>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select p.id, p.report_id, p.content_sealed, o.id as person_id, o.wrapped_key
         from photos p join reports r on r.id = p.report_id join persons o on o.id = r.person_id
         order by p.id desc limit $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// A photo of a form that is still being filled in.
#[derive(Clone, Debug, FromRow)]
pub struct WaitingRow {
    pub id: Vec<u8>,
    pub width: i64,
    pub height: i64,
    pub content_sealed: Vec<u8>,
    pub thumb_sealed: Vec<u8>,
    pub created_at: i64,
}

/// Keeps a photo for its form; of more than `most`, the oldest go. The same photo of the same form waits once.
pub async fn waiting_put(tx: &mut Tx, photo: WaitingRow, most: i64) -> Result<()> {
    // One statement: a form sent twice at once keeps its photo twice at once.
    on!(tx, |conn| sqlx::query(
        "insert into photos_waiting (id, width, height, content_sealed, thumb_sealed, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set created_at = excluded.created_at"
    )
    .bind(&photo.id)
    .bind(photo.width)
    .bind(photo.height)
    .bind(&photo.content_sealed)
    .bind(&photo.thumb_sealed)
    .bind(photo.created_at)
    .execute(conn)
    .await?
    .rows_affected());
    on!(tx, |conn| sqlx::query(
        "delete from photos_waiting where created_at <= (select created_at from photos_waiting
         order by created_at desc limit 1 offset $1)"
    )
    .bind(most)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

pub async fn waiting_get(tx: &mut Tx, id: &[u8]) -> Result<Option<WaitingRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from photos_waiting where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?))
}

pub async fn waiting_forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    Ok(on!(tx, |conn| sqlx::query("delete from photos_waiting where created_at < $1")
        .bind(before.0)
        .execute(conn)
        .await?
        .rows_affected()))
}
