//! Names of places, learned from matters that residents confirmed.

use muster_core::area::AreaId;
use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};

/// A case that its resident confirmed as solved.
#[derive(Clone, Debug, FromRow)]
pub struct ConfirmedRow {
    #[sqlx(try_from = "Uuid")]
    pub id: CaseId,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub place: String,
    pub text: String,
    #[sqlx(try_from = "i64")]
    pub closed_at: Timestamp,
}

/// Confirmed cases after one of them, in the order in which they were.
pub async fn cases_confirmed(tx: &mut Tx, after: (Timestamp, Uuid), limit: i64) -> Result<Vec<ConfirmedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, area, place, text, closed_at from cases where confirmed and (closed_at, id) > ($1, $2)
         order by closed_at, id limit $3"
    )
    .bind(after.0.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// Counts names in areas.
pub async fn gazetteer_add(tx: &mut Tx, names: &[(String, AreaId, i64)]) -> Result<()> {
    for chunk in names.chunks(500) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("insert into gazetteer (name, area, seen) ");
            query.push_values(chunk, |mut bind, (name, area, seen)| {
                bind.push_bind(name).push_bind(area.get()).push_bind(*seen);
            });
            query.push(" on conflict (name, area) do update set seen = gazetteer.seen + excluded.seen");
            query.build().execute(conn).await?;
        });
    }
    Ok(())
}

/// The names with their areas and counts, those seen most first.
pub async fn gazetteer(tx: &mut Tx, limit: i64) -> Result<Vec<(String, AreaId, i64)>> {
    let rows: Vec<(String, i64, i64)> = on!(tx, |conn| sqlx::query_as(
        "select name, area, seen from gazetteer order by seen desc, name, area limit $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?);
    Ok(rows.into_iter().filter_map(|(name, area, seen)| Some((name, area.try_into().ok()?, seen))).collect())
}
