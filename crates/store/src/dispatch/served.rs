//! Certificates of service.

use muster_core::id::{Code, ResourceId};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct ServiceCertificateRow {
    pub id: Uuid,
    #[sqlx(try_from = "String")]
    pub code: Code,
    #[sqlx(try_from = "Uuid")]
    pub resource_id: ResourceId,
    /// yyyymmdd, both included.
    pub from_day: i64,
    pub until_day: i64,
    pub minutes: i64,
    pub times: i64,
    #[sqlx(try_from = "i64")]
    pub issued_at: Timestamp,
    pub issued_by: Option<Uuid>,
    pub revoked_at: Option<i64>,
    pub reason: Option<String>,
    pub mac: Vec<u8>,
}

record!(
    ServiceCertificateRow,
    "insert into service_certificates (id, code, resource_id, from_day, until_day, minutes, times, issued_at, issued_by,
         revoked_at, reason, mac) ",
    |row| [
        row.id,
        row.code.as_str(),
        row.resource_id.0,
        row.from_day,
        row.until_day,
        row.minutes,
        row.times,
        row.issued_at.0,
        row.issued_by,
        row.revoked_at,
        &row.reason,
        &row.mac,
    ]
);

pub async fn service_certificate_insert(tx: &mut Tx, row: &ServiceCertificateRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

pub async fn service_certificate_by_code(tx: &mut Tx, code: &Code) -> Result<Option<ServiceCertificateRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from service_certificates where code = $1")
        .bind(code.as_str())
        .fetch_optional(conn)
        .await?))
}

/// Takes one back that was not taken back before.
pub async fn service_certificate_revoke(tx: &mut Tx, id: Uuid, at: Timestamp, reason: &str) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update service_certificates set revoked_at = $2, reason = $3 where id = $1 and revoked_at is null"
    )
    .bind(id)
    .bind(at.0)
    .bind(reason)
    .execute(conn)
    .await?
    .rows_affected());
    if written == 1 { Ok(()) } else { Err(Error::Conflict("the certificate was taken back already".to_owned())) }
}

/// Minutes and times that those served have confirmed, of what was done from one instant up to before another.
pub async fn service_confirmed(
    tx: &mut Tx,
    resource: ResourceId,
    (from, until): (Timestamp, Timestamp),
) -> Result<(i64, i64)> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select cast(coalesce(sum(confirmed_minutes), 0) as bigint), cast(count(*) as bigint) from offers
         where resource_id = $1 and state = 'done' and confirmed_at is not null and done_at >= $2 and done_at < $3"
    )
    .bind(resource.0)
    .bind(from.0)
    .bind(until.0)
    .fetch_one(conn)
    .await?))
}
