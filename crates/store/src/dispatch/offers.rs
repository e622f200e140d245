//! Who was invited to what, and which of their time is kept for it.

use std::collections::BTreeMap;

use muster_core::dispatch::offer::OfferState;
use muster_core::id::{NeedId, OfferId, ResourceId};
use muster_core::time::Timestamp;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::resources::ResourceRow;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct OfferRow {
    #[sqlx(try_from = "Uuid")]
    pub id: OfferId,
    #[sqlx(try_from = "Uuid")]
    pub need_id: NeedId,
    #[sqlx(try_from = "Uuid")]
    pub resource_id: ResourceId,
    #[sqlx(try_from = "String")]
    pub state: OfferState,
    /// Absolute: `muster_core::dispatch::slot`.
    pub slot: i64,
    /// Why this one, as JSON.
    pub reason: String,
    /// Thousandths.
    pub chance: i64,
    #[sqlx(try_from = "i64")]
    pub invited_at: Timestamp,
    pub invited_by: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    pub answered_at: Option<i64>,
    pub decline_reason: Option<String>,
    pub agreed_at: Option<i64>,
    pub meeting_code: String,
    pub checked_in_at: Option<i64>,
    pub done_at: Option<i64>,
    pub minutes: Option<i64>,
    pub confirmed_minutes: Option<i64>,
    pub confirmed_at: Option<i64>,
    pub version: i64,
}

record!(
    OfferRow,
    "insert into offers (id, need_id, resource_id, state, slot, reason, chance, invited_at, invited_by, expires_at,
         answered_at, decline_reason, agreed_at, meeting_code, checked_in_at, done_at, minutes, confirmed_minutes,
         confirmed_at, version) ",
    |row| [
        row.id.0,
        row.need_id.0,
        row.resource_id.0,
        row.state.as_str(),
        row.slot,
        &row.reason,
        row.chance,
        row.invited_at.0,
        row.invited_by,
        row.expires_at.0,
        row.answered_at,
        &row.decline_reason,
        row.agreed_at,
        &row.meeting_code,
        row.checked_in_at,
        row.done_at,
        row.minutes,
        row.confirmed_minutes,
        row.confirmed_at,
        row.version,
    ]
);

/// Part of a resource's time that is kept for an offer.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct BookingRow {
    #[sqlx(try_from = "Uuid")]
    pub resource_id: ResourceId,
    pub slot: i64,
    pub place: i64,
    #[sqlx(try_from = "Uuid")]
    pub offer_id: OfferId,
}

pub async fn offer_insert(tx: &mut Tx, offer: &OfferRow) -> Result<()> {
    insert(tx, std::slice::from_ref(offer)).await
}

pub async fn offer_get(tx: &mut Tx, id: OfferId) -> Result<Option<OfferRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from offers where id = $1").bind(id.0).fetch_optional(conn).await?))
}

/// Writes what became of it; `Conflict` when somebody wrote since it was read.
pub async fn offer_update(tx: &mut Tx, offer: &mut OfferRow) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update offers set state = $2, answered_at = $3, decline_reason = $4, agreed_at = $5, checked_in_at = $6,
             done_at = $7, minutes = $8, confirmed_minutes = $9, confirmed_at = $10, version = version + 1
         where id = $1 and version = $11"
    )
    .bind(offer.id.0)
    .bind(offer.state.as_str())
    .bind(offer.answered_at)
    .bind(&offer.decline_reason)
    .bind(offer.agreed_at)
    .bind(offer.checked_in_at)
    .bind(offer.done_at)
    .bind(offer.minutes)
    .bind(offer.confirmed_minutes)
    .bind(offer.confirmed_at)
    .bind(offer.version)
    .execute(conn)
    .await?
    .rows_affected());
    if written != 1 {
        return Err(Error::Conflict("the offer was written meanwhile".to_owned()));
    }
    offer.version += 1;
    Ok(())
}

/// In the order in which they were invited.
pub async fn offers_of_need(tx: &mut Tx, need: NeedId) -> Result<Vec<OfferRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from offers where need_id = $1 order by invited_at, id")
        .bind(need.0)
        .fetch_all(conn)
        .await?))
}

/// The newest first.
pub async fn offers_of_resource(tx: &mut Tx, resource: ResourceId, most: i64) -> Result<Vec<OfferRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from offers where resource_id = $1 order by invited_at desc, id limit $2"
    )
    .bind(resource.0)
    .bind(most)
    .fetch_all(conn)
    .await?))
}

/// Invitations that nobody answered in time, the oldest first.
pub async fn offers_lapsed(tx: &mut Tx, now: Timestamp, most: i64) -> Result<Vec<OfferId>> {
    let ids: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(
        "select id from offers where state = 'invited' and expires_at <= $1 order by expires_at, id limit $2"
    )
    .bind(now.0)
    .bind(most)
    .fetch_all(conn)
    .await?);
    Ok(ids.into_iter().map(OfferId).collect())
}

/// How often each of these was invited since; those who were not are missing.
pub async fn offers_since(
    tx: &mut Tx,
    resources: &[ResourceId],
    since: Timestamp,
) -> Result<BTreeMap<ResourceId, i64>> {
    let mut found = BTreeMap::new();
    for chunk in resources.chunks(500) {
        let some: Vec<(Uuid, i64)> = on!(tx, |conn| {
            let mut query = QueryBuilder::new(
                "select resource_id, cast(count(*) as bigint) from offers where state <> 'withdrawn' and invited_at > ",
            );
            query.push_bind(since.0).push(" and resource_id in (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id.0);
            }
            query.push(") group by resource_id");
            query.build_query_as().fetch_all(conn).await?
        });
        found.extend(some.into_iter().map(|(id, count)| (ResourceId(id), count)));
    }
    Ok(found)
}

/// How often each of all was invited since.
pub async fn offers_since_all(tx: &mut Tx, since: Timestamp) -> Result<Vec<(ResourceId, i64)>> {
    let rows: Vec<(Uuid, i64)> = on!(tx, |conn| sqlx::query_as(
        "select resource_id, cast(count(*) as bigint) from offers where state <> 'withdrawn' and invited_at > $1
         group by resource_id"
    )
    .bind(since.0)
    .fetch_all(conn)
    .await?);
    Ok(rows.into_iter().map(|(id, count)| (ResourceId(id), count)).collect())
}

/// What is kept of everybody's time from one slot up to before another.
pub async fn bookings_within(tx: &mut Tx, (from, until): (i64, i64)) -> Result<Vec<BookingRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from bookings where slot >= $1 and slot < $2")
        .bind(from)
        .bind(until)
        .fetch_all(conn)
        .await?))
}

/// What is kept of these resources' time from one slot up to before another.
pub async fn bookings_of(tx: &mut Tx, resources: &[ResourceId], (from, until): (i64, i64)) -> Result<Vec<BookingRow>> {
    let mut found = Vec::new();
    for chunk in resources.chunks(500) {
        let some: Vec<BookingRow> = on!(tx, |conn| {
            let mut query = QueryBuilder::new("select * from bookings where slot >= ");
            query.push_bind(from).push(" and slot < ").push_bind(until).push(" and resource_id in (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id.0);
            }
            query.push(") order by resource_id, slot, place");
            query.build_query_as().fetch_all(conn).await?
        });
        found.extend(some);
    }
    Ok(found)
}

/// Keeps the lowest free place of a resource's slot for an offer that is there already; false when all are taken. Of
/// two that want the same place the key lets one have it, on any number of nodes.
pub async fn booking_take(tx: &mut Tx, resource: &ResourceRow, slot: i64, offer: OfferId) -> Result<bool> {
    for place in 1..=resource.at_once {
        let taken = on!(tx, |conn| {
            sqlx::query(
            "insert into bookings (resource_id, slot, place, offer_id) values ($1, $2, $3, $4) on conflict do nothing"
        )
        .bind(resource.id.0)
        .bind(slot)
        .bind(place)
        .bind(offer.0)
        .execute(conn)
        .await?
        .rows_affected()
        });
        if taken == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The highest place of a resource that is kept for anybody; 0 where none is.
pub async fn booking_places(tx: &mut Tx, resource: ResourceId) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select cast(coalesce(max(place), 0) as bigint) from bookings where resource_id = $1"
    )
    .bind(resource.0)
    .fetch_one(conn)
    .await?))
}

pub async fn booking_release(tx: &mut Tx, offer: OfferId) -> Result<()> {
    on!(tx, |conn| sqlx::query("delete from bookings where offer_id = $1")
        .bind(offer.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
