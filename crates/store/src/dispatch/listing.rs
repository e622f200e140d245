//! The registry as staff look through it, and the middles of areas.

use muster_core::area::AreaId;
use muster_core::dispatch::registry::{Place, ResourceKind};
use muster_core::id::{PersonId, ResourceId};
use muster_core::time::Timestamp;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::resources::ResourceRow;
use crate::db::{Result, Tx, on};

/// What is looked for; those who left are never listed.
#[derive(Clone, Debug, Default)]
pub struct ResourceFilter {
    /// Inclusive ranges of area ids: what the reader may see.
    pub areas: Vec<(i64, i64)>,
    pub within: Option<(i64, i64)>,
    pub kind: Option<ResourceKind>,
    /// A word of the pack.
    pub skill: Option<String>,
    /// Assured before this time.
    pub assured_before: Option<Timestamp>,
    /// Has a certificate that nobody has decided on.
    pub waiting: bool,
    pub parent: Option<ResourceId>,
}

/// Writes the conditions of a filter to a query of either database.
macro_rules! push_filter {
    ($query:expr, $filter:expr) => {{
        let filter: &ResourceFilter = $filter;
        $query.push(" where r.state <> 'left' and (");
        let mut any = $query.separated(" or ");
        for (from, to) in &filter.areas {
            any.push("r.area between ")
                .push_bind_unseparated(*from)
                .push_unseparated(" and ")
                .push_bind_unseparated(*to);
        }
        $query.push(")");
        if let Some((from, to)) = filter.within {
            $query.push(" and r.area between ").push_bind(from).push(" and ").push_bind(to);
        }
        if let Some(kind) = filter.kind {
            $query.push(" and r.kind = ").push_bind(kind.as_str());
        }
        if let Some(skill) = &filter.skill {
            $query.push(" and r.skills like ").push_bind(format!("% {skill} %"));
        }
        if let Some(before) = filter.assured_before {
            $query.push(" and r.assured_at < ").push_bind(before.0);
        }
        if filter.waiting {
            $query.push(" and exists (select 1 from certificates c where c.resource_id = r.id and c.state = 'open')");
        }
        if let Some(parent) = filter.parent {
            $query.push(" and r.parent_id = ").push_bind(parent.0);
        }
    }};
}

/// A page of the registry by the time of joining, the newest first; `after` is the last of the page before.
pub async fn resource_page(
    tx: &mut Tx,
    filter: &ResourceFilter,
    after: Option<(Timestamp, ResourceId)>,
    most: i64,
) -> Result<Vec<ResourceRow>> {
    if filter.areas.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new("select r.* from resources r");
        push_filter!(query, filter);
        if let Some((at, id)) = after {
            query.push(" and (r.joined_at, r.id) < (").push_bind(at.0).push(", ").push_bind(id.0).push(")");
        }
        query.push(" order by r.joined_at desc, r.id desc limit ").push_bind(most);
        query.build_query_as().fetch_all(conn).await?
    }))
}

pub async fn resource_count(tx: &mut Tx, filter: &ResourceFilter) -> Result<i64> {
    if filter.areas.is_empty() {
        return Ok(0);
    }
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new("select cast(count(*) as bigint) from resources r");
        push_filter!(query, filter);
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

#[derive(FromRow)]
struct Middle {
    id: i64,
    latitude: i64,
    longitude: i64,
}

/// Where the middle of an area is: its own, or that of the nearest area above that has one.
pub async fn area_middle(tx: &mut Tx, area: AreaId) -> Result<Option<Place>> {
    let mut ids: Vec<i64> = area.ancestors().map(AreaId::get).collect();
    ids.push(area.get());
    let found: Option<Middle> = on!(tx, |conn| {
        let mut query =
            QueryBuilder::new("select id, latitude, longitude from areas where latitude is not null and id in (");
        let mut list = query.separated(", ");
        for id in &ids {
            list.push_bind(*id);
        }
        query.push(") order by id desc limit 1");
        query.build_query_as().fetch_optional(conn).await?
    });
    Ok(found.map(|found| Place { latitude: found.latitude, longitude: found.longitude }))
}

/// The middle an area itself has.
pub async fn area_middle_own(tx: &mut Tx, area: AreaId) -> Result<Option<Place>> {
    let found: Option<(i64, i64)> =
        on!(tx, |conn| sqlx::query_as("select latitude, longitude from areas where id = $1 and latitude is not null")
            .bind(area.get())
            .fetch_optional(conn)
            .await?);
    Ok(found.map(|(latitude, longitude)| Place { latitude, longitude }))
}

/// All middles within a range of areas.
pub async fn area_middles(tx: &mut Tx, range: (i64, i64)) -> Result<Vec<(AreaId, Place)>> {
    let found: Vec<Middle> = on!(tx, |conn| sqlx::query_as(
        "select id, latitude, longitude from areas where latitude is not null and id between $1 and $2 order by id"
    )
    .bind(range.0)
    .bind(range.1)
    .fetch_all(conn)
    .await?);
    let place = |row: Middle| {
        let place = Place { latitude: row.latitude, longitude: row.longitude };
        AreaId::new(row.id).ok().map(|id| (id, place))
    };
    Ok(found.into_iter().filter_map(place).collect())
}

pub async fn area_middle_put(tx: &mut Tx, area: AreaId, place: Place) -> Result<()> {
    on!(tx, |conn| sqlx::query("update areas set latitude = $2, longitude = $3 where id = $1")
        .bind(area.get())
        .bind(place.latitude)
        .bind(place.longitude)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Open needs for helpers within a range of areas, and the helpers they still look for.
pub async fn helpers_wanted(tx: &mut Tx, range: (i64, i64)) -> Result<(i64, i64)> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select cast(count(*) as bigint), cast(coalesce(sum(head - filled), 0) as bigint) from needs
         where state = 'open' and kind = 'help' and area between $1 and $2"
    )
    .bind(range.0)
    .bind(range.1)
    .fetch_one(conn)
    .await?))
}

/// Destroys the key of a person that nothing else is sealed under, and the row with it.
pub async fn person_forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    on!(tx, |conn| sqlx::query("delete from persons where id = $1")
        .bind(person.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Whether an entry of this kind and name stands in an area, for an import to know it again.
pub async fn resource_known(tx: &mut Tx, kind: ResourceKind, area: AreaId, name: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, |conn| {
        sqlx::query_scalar(
        "select cast(1 as bigint) from resources where kind = $1 and area = $2 and name = $3 and state <> 'left' limit 1"
    )
    .bind(kind.as_str())
    .bind(area.get())
    .bind(name)
    .fetch_optional(conn)
    .await?
    });
    Ok(found.is_some())
}

/// Numbers of the organisations of a name, at most two: one is the one that is meant.
pub async fn organisations_named(tx: &mut Tx, name: &str) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select code from resources where kind = 'organisation' and name = $1 and state <> 'left' order by code limit 2"
    )
    .bind(name)
    .fetch_all(conn)
    .await?))
}

/// All entries that are no persons, in order of their ids, so many after one of them.
pub async fn resources_public(tx: &mut Tx, after: Uuid, most: i64) -> Result<Vec<ResourceRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from resources where kind <> 'volunteer' and state <> 'left' and id > $1 order by id limit $2"
    )
    .bind(after)
    .bind(most)
    .fetch_all(conn)
    .await?))
}

/// Organisations within some areas, the largest first, each with its booked places by slot of the range.
pub async fn team_page(
    tx: &mut Tx,
    areas: &[(i64, i64)],
    (from, until): (i64, i64),
    most: i64,
) -> Result<Vec<(ResourceRow, Vec<i64>)>> {
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ResourceRow> = on!(tx, |conn| {
        let mut query =
            QueryBuilder::new("select r.* from resources r where r.kind = 'organisation' and r.state = 'open' and (");
        let mut any = query.separated(" or ");
        for (low, high) in areas {
            any.push("r.area between ")
                .push_bind_unseparated(*low)
                .push_unseparated(" and ")
                .push_bind_unseparated(*high);
        }
        query.push(") order by r.at_once * r.capacity desc, r.id limit ").push_bind(most);
        query.build_query_as().fetch_all(conn).await?
    });
    let ids: Vec<ResourceId> = rows.iter().map(|row| row.id).collect();
    let bookings = super::offers::bookings_of(tx, &ids, (from, until)).await?;
    let booked = |id: ResourceId| {
        let mut places = vec![0; (until - from) as usize];
        for booking in bookings.iter().filter(|booking| booking.resource_id == id) {
            places[(booking.slot - from) as usize] += 1;
        }
        places
    };
    Ok(rows.into_iter().map(|row| (row.clone(), booked(row.id))).collect())
}

/// Entries changed at `after` or later, beyond that one, the oldest change first.
pub async fn resources_after(tx: &mut Tx, after: (Timestamp, ResourceId), most: i64) -> Result<Vec<ResourceRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from resources where (changed_at, id) > ($1, $2) order by changed_at, id limit $3"
    )
    .bind(after.0.0)
    .bind(after.1.0)
    .bind(most)
    .fetch_all(conn)
    .await?))
}

/// Entries with something sealed under a key of their own, the last changed first.
pub async fn resources_sealed(tx: &mut Tx, most: i64) -> Result<Vec<ResourceRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from resources where person_id is not null and state <> 'left' order by changed_at desc, id limit $1"
    )
    .bind(most)
    .fetch_all(conn)
    .await?))
}
