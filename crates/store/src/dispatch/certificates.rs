//! What shows that somebody can do what they say.

use muster_core::id::{AccountId, ResourceId};
use muster_core::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::resources::CertificateRow;
use crate::db::{Error, Result, Tx, on};
use crate::record::insert;

pub async fn certificates_insert(tx: &mut Tx, rows: &[CertificateRow]) -> Result<()> {
    insert(tx, rows).await
}

pub async fn certificate_get(tx: &mut Tx, id: Uuid) -> Result<Option<CertificateRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from certificates where id = $1").bind(id).fetch_optional(conn).await?))
}

/// Of some resources, the newest first.
pub async fn certificates_of(tx: &mut Tx, resources: &[ResourceId]) -> Result<Vec<CertificateRow>> {
    let mut found = Vec::new();
    for chunk in resources.chunks(500) {
        let some: Vec<CertificateRow> = on!(tx, |conn| {
            let mut query = QueryBuilder::new("select * from certificates where resource_id in (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id.0);
            }
            query.push(") order by added_at desc, id");
            query.build_query_as().fetch_all(conn).await?
        });
        found.extend(some);
    }
    Ok(found)
}

/// What a person decided on a certificate that was in `from` before; `Conflict` when it no longer is.
pub async fn certificate_decide(
    tx: &mut Tx,
    row: &CertificateRow,
    from: &str,
    by: Option<AccountId>,
    at: Timestamp,
) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update certificates set state = $2, expires_on = $3, decided_at = $4, decided_by = $5, reason = $6
         where id = $1 and state = $7"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(row.expires_on)
    .bind(at.0)
    .bind(by.map(|by| by.0))
    .bind(&row.reason)
    .bind(from)
    .execute(conn)
    .await?
    .rows_affected());
    if written == 1 { Ok(()) } else { Err(Error::Conflict("the certificate was decided meanwhile".to_owned())) }
}

/// Takes the sealed numbers out: of somebody who left.
pub async fn certificates_forget(tx: &mut Tx, resource: ResourceId) -> Result<()> {
    on!(tx, |conn| sqlx::query("update certificates set number_sealed = null where resource_id = $1")
        .bind(resource.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
