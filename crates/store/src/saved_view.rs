//! Filters of the list of cases that somebody keeps under a name.

use muster_core::area::AreaId;
use muster_core::id::AccountId;
use muster_core::time::Timestamp;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct SavedViewRow {
    pub id: Uuid,
    pub account_id: Uuid,
    pub name: String,
    /// What follows `?` in the address of the list.
    pub query: String,
    /// The area whose staff see it too.
    pub area: Option<i64>,
    #[sqlx(try_from = "i64")]
    pub saved_at: Timestamp,
}

record!(SavedViewRow, "insert into saved_views (id, account_id, name, query, area, saved_at) ", |row| [
    row.id,
    row.account_id,
    &row.name,
    &row.query,
    row.area,
    row.saved_at.0,
]);

/// One with the name of its owner.
#[derive(Clone, Debug, FromRow)]
pub struct SavedViewShown {
    #[sqlx(flatten)]
    pub row: SavedViewRow,
    pub owner: String,
}

/// `Conflict` when the account has one of this name.
pub async fn saved_view_insert(tx: &mut Tx, row: &SavedViewRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

pub async fn saved_view_get(tx: &mut Tx, id: Uuid) -> Result<Option<SavedViewRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from saved_views where id = $1").bind(id).fetch_optional(conn).await?))
}

/// An account's own and those shared with one of `areas`, the own first, each in the order of names.
pub async fn saved_views_of(
    tx: &mut Tx,
    account: AccountId,
    areas: &[AreaId],
    limit: i64,
) -> Result<Vec<SavedViewShown>> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new("select v.*, a.name as owner from saved_views v join accounts a on ");
        query.push("a.id = v.account_id where v.account_id = ").push_bind(account.0);
        if !areas.is_empty() {
            query.push(" or v.area in (");
            let mut list = query.separated(", ");
            for area in areas {
                list.push_bind(area.get());
            }
            query.push(")");
        }
        query.push(" order by case when v.account_id = ").push_bind(account.0);
        query.push(" then 0 else 1 end, v.name, v.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// How many an account has.
pub async fn saved_views_own(tx: &mut Tx, account: AccountId) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select cast(count(*) as bigint) from saved_views where account_id = $1")
        .bind(account.0)
        .fetch_one(conn)
        .await?))
}

/// How many are shared with an area.
pub async fn saved_views_shared(tx: &mut Tx, area: AreaId) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select cast(count(*) as bigint) from saved_views where area = $1")
        .bind(area.get())
        .fetch_one(conn)
        .await?))
}

/// Writes name and area; `Conflict` when the account has another of this name.
pub async fn saved_view_update(tx: &mut Tx, row: &SavedViewRow) -> Result<()> {
    on!(tx, |conn| sqlx::query("update saved_views set name = $2, area = $3 where id = $1")
        .bind(row.id)
        .bind(&row.name)
        .bind(row.area)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

pub async fn saved_view_remove(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, |conn| sqlx::query("delete from saved_views where id = $1").bind(id).execute(conn).await?.rows_affected());
    Ok(())
}
