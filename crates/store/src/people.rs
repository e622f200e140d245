//! Areas, units, accounts, grants and sessions.

use muster_core::area::AreaId;
use muster_core::id::{AccountId, UnitId};
use muster_core::people::{Account, Grant, Role};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, insert_rows, on};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Area {
    #[sqlx(try_from = "i64")]
    pub id: AreaId,
    pub parent: Option<i64>,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Unit {
    #[sqlx(try_from = "Uuid")]
    pub id: UnitId,
    pub code: String,
    pub name: String,
    pub department: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
}

/// Parents must come before children. An area that is known already keeps its place and takes the new name.
pub async fn areas_put(tx: &mut Tx, areas: &[Area]) -> Result<()> {
    for chunk in areas.chunks(500) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("insert into areas (id, parent, name) ");
            query.push_values(chunk, |mut bind, area| {
                bind.push_bind(area.id.get()).push_bind(area.parent).push_bind(&area.name);
            });
            query.push(" on conflict (id) do update set name = excluded.name");
            query.build().execute(conn).await?;
        });
    }
    Ok(())
}

pub async fn area_get(tx: &mut Tx, id: AreaId) -> Result<Option<Area>> {
    Ok(on!(tx, |conn| sqlx::query_as("select id, parent, name from areas where id = $1")
        .bind(id.get())
        .fetch_optional(conn)
        .await?))
}

/// Those of `ids` that are stored, in no particular order.
pub async fn areas_get(tx: &mut Tx, ids: &[AreaId]) -> Result<Vec<Area>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let some: Vec<Area> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("select id, parent, name from areas where id in (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id.get());
            }
            query.push(")");
            query.build_query_as().fetch_all(conn).await?
        });
        found.extend(some);
    }
    Ok(found)
}

/// The areas of a subtree, by id, so that a parent comes before its children.
pub async fn area_list(tx: &mut Tx, range: (i64, i64), limit: i64) -> Result<Vec<Area>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, parent, name from areas where id between $1 and $2 order by id limit $3"
    )
    .bind(range.0)
    .bind(range.1)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// The areas in a range whose names stand in a text.
pub async fn areas_named_in(tx: &mut Tx, range: (i64, i64), text: &str) -> Result<Vec<Area>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "select id, parent, name from areas where id between $1 and $2 and $3 like '%' || name || '%' order by id limit 100"
    )
    .bind(range.0)
    .bind(range.1)
    .bind(text)
    .fetch_all(conn)
    .await?
    }))
}

/// The areas directly below, in order of their ids.
pub async fn area_children(tx: &mut Tx, id: AreaId) -> Result<Vec<AreaId>> {
    let children: Vec<i64> =
        on!(tx, |conn| sqlx::query_scalar("select id from areas where parent = $1 order by id limit 1000")
            .bind(id.get())
            .fetch_all(conn)
            .await?);
    Ok(children.into_iter().filter_map(|id| AreaId::new(id).ok()).collect())
}

/// Names from the top down to the area itself.
pub async fn area_path(tx: &mut Tx, id: AreaId) -> Result<Vec<Area>> {
    let mut ids: Vec<i64> = id.ancestors().map(AreaId::get).collect();
    ids.push(id.get());
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select id, parent, name from areas where id in (");
        let mut list = query.separated(", ");
        for id in &ids {
            list.push_bind(*id);
        }
        query.push(") order by id");
        query.build_query_as().fetch_all(conn).await?
    }))
}

pub async fn unit_put(tx: &mut Tx, unit: &Unit) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into units (id, code, name, department, area) values ($1, $2, $3, $4, $5)
         on conflict (code) do update set name = excluded.name, department = excluded.department, area = excluded.area"
    )
    .bind(unit.id.0)
    .bind(&unit.code)
    .bind(&unit.name)
    .bind(&unit.department)
    .bind(unit.area.get())
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

pub async fn unit_get(tx: &mut Tx, id: UnitId) -> Result<Option<Unit>> {
    Ok(on!(tx, |conn| sqlx::query_as("select id, code, name, department, area from units where id = $1")
        .bind(id.0)
        .fetch_optional(conn)
        .await?))
}

pub async fn unit_by_code(tx: &mut Tx, code: &str) -> Result<Option<Unit>> {
    Ok(on!(tx, |conn| sqlx::query_as("select id, code, name, department, area from units where code = $1")
        .bind(code)
        .fetch_optional(conn)
        .await?))
}

pub async fn unit_list(tx: &mut Tx) -> Result<Vec<Unit>> {
    Ok(on!(tx, |conn| sqlx::query_as("select id, code, name, department, area from units order by area, code")
        .fetch_all(conn)
        .await?))
}

/// Units by code, those after `after`.
pub async fn unit_page(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Unit>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, code, name, department, area from units where code > $1 order by code limit $2"
    )
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// The units that stand at one of the places `(department, area)`, in no particular order.
pub async fn units_at(tx: &mut Tx, places: &[(&str, AreaId)]) -> Result<Vec<Unit>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select id, code, name, department, area from units where ");
        for (i, (department, area)) in places.iter().enumerate() {
            query.push(if i == 0 { "(department = " } else { " or (department = " });
            query.push_bind((*department).to_owned()).push(" and area = ").push_bind(area.get()).push(")");
        }
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// An account with what only its sign-in needs.
#[derive(Clone, Debug, FromRow)]
pub struct Login {
    #[sqlx(try_from = "Uuid")]
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub password_hash: String,
    pub created_at: i64,
    pub disabled_at: Option<i64>,
}

pub async fn account_insert(tx: &mut Tx, account: &Login) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into accounts (id, login, name, password_hash, created_at, disabled_at) values ($1, $2, $3, $4, $5, $6)"
    )
    .bind(account.id.0)
    .bind(&account.login)
    .bind(&account.name)
    .bind(&account.password_hash)
    .bind(account.created_at)
    .bind(account.disabled_at)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

pub async fn account_by_login(tx: &mut Tx, login: &str) -> Result<Option<Login>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, login, name, password_hash, created_at, disabled_at from accounts where login = $1"
    )
    .bind(login)
    .fetch_optional(conn)
    .await?))
}

pub async fn account_get(tx: &mut Tx, id: AccountId) -> Result<Option<Login>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, login, name, password_hash, created_at, disabled_at from accounts where id = $1"
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await?))
}

pub async fn account_list(tx: &mut Tx, limit: i64) -> Result<Vec<Login>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, login, name, password_hash, created_at, disabled_at from accounts order by login limit $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// Disables an account and ends its sessions. True when it was enabled before.
pub async fn account_disable(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<bool> {
    let changed =
        on!(tx, |conn| sqlx::query("update accounts set disabled_at = $2 where id = $1 and disabled_at is null")
            .bind(id.0)
            .bind(at.0)
            .execute(conn)
            .await?
            .rows_affected());
    sessions_end(tx, id).await?;
    Ok(changed == 1)
}

#[derive(Clone, Debug, FromRow)]
pub struct GrantRow {
    pub id: Uuid,
    pub account_id: Uuid,
    #[sqlx(try_from = "String")]
    pub role: Role,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub unit_id: Option<Uuid>,
}

impl GrantRow {
    pub fn grant(&self) -> Grant {
        Grant { role: self.role, area: self.area, unit: self.unit_id.map(UnitId) }
    }
}

pub async fn grants_insert(tx: &mut Tx, grants: &[GrantRow], at: Timestamp, by: Option<AccountId>) -> Result<()> {
    insert_rows!(
        tx,
        "insert into grants (id, account_id, role, area, unit_id, granted_at, granted_by) ",
        grants,
        |bind, grant| bind
            .push_bind(grant.id)
            .push_bind(grant.account_id)
            .push_bind(grant.role.as_str())
            .push_bind(grant.area.get())
            .push_bind(grant.unit_id)
            .push_bind(at.0)
            .push_bind(by.map(|account| account.0))
    );
    Ok(())
}

/// The grants in force.
pub async fn grants_of(tx: &mut Tx, account: AccountId) -> Result<Vec<GrantRow>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "select id, account_id, role, area, unit_id from grants where account_id = $1 and revoked_at is null order by id"
    )
    .bind(account.0)
    .fetch_all(conn)
    .await?
    }))
}

pub async fn grants_all(tx: &mut Tx) -> Result<Vec<GrantRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, account_id, role, area, unit_id from grants where revoked_at is null order by account_id, id"
    )
    .fetch_all(conn)
    .await?))
}

pub async fn grant_revoke(tx: &mut Tx, grant: Uuid, at: Timestamp) -> Result<bool> {
    let changed = on!(tx, |conn| sqlx::query("update grants set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(grant)
        .bind(at.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(changed == 1)
}

/// A living session with the account it belongs to.
#[derive(Clone, Debug)]
pub struct Session {
    pub account: Account,
    pub seen_at: Timestamp,
}

pub async fn session_insert(
    tx: &mut Tx,
    token_hash: &[u8],
    account: AccountId,
    at: Timestamp,
    expires: Timestamp,
) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into sessions (token_hash, account_id, created_at, seen_at, expires_at) values ($1, $2, $3, $3, $4)"
    )
    .bind(token_hash)
    .bind(account.0)
    .bind(at.0)
    .bind(expires.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The session of a token if it has neither expired nor been idle since before `idle_since`.
pub async fn session_get(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<Option<Session>> {
    let rows: Vec<SessionRow> = on!(tx, |conn| sqlx::query_as(
        "select a.id, a.name, s.seen_at, g.role, g.area, g.unit_id
         from sessions s join accounts a on a.id = s.account_id
         left join grants g on g.account_id = a.id and g.revoked_at is null
         where s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $3 and a.disabled_at is null order by g.id"
    )
    .bind(token_hash)
    .bind(now.0)
    .bind(idle_since.0)
    .fetch_all(conn)
    .await?);
    let Some(first) = rows.first() else { return Ok(None) };
    let (id, name, seen_at) = (AccountId(first.id), first.name.clone(), Timestamp(first.seen_at));
    let grants = rows.iter().filter_map(|row| row.grant().transpose()).collect::<Result<_>>()?;
    Ok(Some(Session { account: Account { id, name, grants }, seen_at }))
}

/// A session beside one of its account's grants.
#[derive(FromRow)]
struct SessionRow {
    id: Uuid,
    name: String,
    seen_at: i64,
    role: Option<String>,
    area: Option<i64>,
    unit_id: Option<Uuid>,
}

impl SessionRow {
    fn grant(&self) -> Result<Option<Grant>> {
        let (Some(role), Some(area)) = (&self.role, self.area) else { return Ok(None) };
        let nonsense = |column: &'static str, value: String| Error::Corrupt { table: "grants", column, value };
        Ok(Some(Grant {
            role: role.parse().map_err(|fault| nonsense("role", fault))?,
            area: AreaId::new(area).map_err(|fault| nonsense("area", fault.to_string()))?,
            unit: self.unit_id.map(UnitId),
        }))
    }
}

pub async fn session_touch(tx: &mut Tx, token_hash: &[u8], at: Timestamp) -> Result<()> {
    on!(tx, |conn| sqlx::query("update sessions set seen_at = $2 where token_hash = $1")
        .bind(token_hash)
        .bind(at.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

pub async fn session_end(tx: &mut Tx, token_hash: &[u8]) -> Result<()> {
    on!(tx, |conn| sqlx::query("delete from sessions where token_hash = $1")
        .bind(token_hash)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

pub async fn sessions_end(tx: &mut Tx, account: AccountId) -> Result<()> {
    on!(tx, |conn| sqlx::query("delete from sessions where account_id = $1")
        .bind(account.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

pub async fn sessions_purge(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(on!(tx, |conn| sqlx::query("delete from sessions where expires_at <= $1")
        .bind(now.0)
        .execute(conn)
        .await?
        .rows_affected()))
}

/// A value of this instance kept by name, such as the check of the master key.
pub async fn instance_get(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select value from instance where key = $1")
        .bind(key)
        .fetch_optional(conn)
        .await?))
}

pub async fn instance_put(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into instance (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value"
    )
    .bind(key)
    .bind(value)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}
