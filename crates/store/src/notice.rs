//! What somebody shall hear, and to whom it has come.

use muster_core::id::AccountId;
use muster_core::time::Timestamp;
use sqlx::types::JsonValue;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::record;

/// A fact that somebody shall hear. Whom it is for stands in the one of `account_id`, `unit_id`, `area`, `resource_id`
/// and `case_id` that goes with `audience`.
#[derive(Clone, Debug, FromRow)]
pub struct NoticeRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    /// `account`, `unit` (its handlers), `head` (its leaders), `level` (coordinators of an area), `reporters` or `resource`.
    pub audience: String,
    pub account_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub area: Option<i64>,
    pub resource_id: Option<Uuid>,
    /// What it is about.
    pub case_id: Option<Uuid>,
    /// A code of the pack's texts.
    pub template: String,
    /// What stands in the gaps of the text: an object of texts.
    pub params: JsonValue,
    pub urgent: bool,
    /// A second notice with the same key is not written.
    pub dedup: Option<String>,
    /// Where it leads when it is about no case.
    pub path: Option<String>,
}

record!(
    NoticeRow,
    "insert into notices (id, at, audience, account_id, unit_id, area, resource_id, case_id, template, params, urgent, dedup,
         path) ",
    |row| [
        row.id,
        row.at.0,
        &row.audience,
        row.account_id,
        row.unit_id,
        row.area,
        row.resource_id,
        row.case_id,
        &row.template,
        &row.params,
        row.urgent,
        &row.dedup,
        &row.path,
    ],
    after " on conflict (dedup) do nothing"
);

/// Takes up to `limit` notices whose recipients are not found yet, oldest first, and gives them to whoever the grants of
/// this moment name; returns their ids. Another node passes over what this one holds.
pub async fn notices_spread(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Uuid>> {
    let claim = match tx {
        Tx::Sqlite(_) => {
            "update notices set spread_at = $1 where id in
             (select id from notices where spread_at is null order by at limit $2) returning id"
        }
        Tx::Postgres(_) => {
            "update notices set spread_at = $1 where id in
             (select id from notices where spread_at is null order by at limit $2 for update skip locked) returning id"
        }
    };
    let ids: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(claim).bind(now.0).bind(limit).fetch_all(conn).await?);
    if ids.is_empty() {
        return Ok(ids);
    }
    on!(tx, |conn| {
        let mut query = QueryBuilder::new("with taken as (select * from notices where id in (");
        let mut list = query.separated(", ");
        for id in &ids {
            list.push_bind(*id);
        }
        query.push(
            ")), told (notice_id, account_id, at) as (
               select id, account_id, at from taken where account_id is not null
               union select n.id, g.account_id, n.at from taken n join grants g on g.unit_id = n.unit_id
                 and g.role = case n.audience when 'head' then 'leader' else 'unit_handler' end
                 and g.revoked_at is null
               union select n.id, g.account_id, n.at from taken n join grants g on g.area = n.area
                 and g.role = 'coordinator' and g.revoked_at is null)
             insert into deliveries (notice_id, account_id, at)
             select t.notice_id, t.account_id, t.at from told t join accounts a on a.id = t.account_id
             where a.disabled_at is null",
        );
        query.build().execute(conn).await?;
    });
    Ok(ids)
}

/// A notice as one account has it.
#[derive(Clone, Debug, FromRow)]
pub struct ToldRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub template: String,
    pub params: JsonValue,
    pub urgent: bool,
    pub read_at: Option<i64>,
}

/// What an account was told, newest first.
pub async fn told_to(tx: &mut Tx, account: AccountId, limit: i64) -> Result<Vec<ToldRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select n.id, n.at, n.template, n.params, n.urgent, d.read_at
         from deliveries d join notices n on n.id = d.notice_id
         where d.account_id = $1 order by d.at desc, d.notice_id desc limit $2"
    )
    .bind(account.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// How much of it is not read.
pub async fn told_unread(tx: &mut Tx, account: AccountId) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select cast(count(*) as bigint) from deliveries where account_id = $1 and read_at is null"
    )
    .bind(account.0)
    .fetch_one(conn)
    .await?))
}

/// Notes that an account has read one notice; when it was read first stays. Returns the address of what it is about;
/// `None` when it was not told to this account.
pub async fn told_read(tx: &mut Tx, account: AccountId, notice: Uuid, at: Timestamp) -> Result<Option<String>> {
    on!(tx, |conn| sqlx::query(
        "update deliveries set read_at = $3 where account_id = $1 and notice_id = $2 and read_at is null"
    )
    .bind(account.0)
    .bind(notice)
    .bind(at.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select coalesce(n.path, '/case/' || c.code) from deliveries d join notices n on n.id = d.notice_id
         left join cases c on c.id = n.case_id
         where d.account_id = $1 and d.notice_id = $2 and coalesce(n.path, c.code) is not null"
    )
    .bind(account.0)
    .bind(notice)
    .fetch_optional(conn)
    .await?))
}

/// Notes that an account has read everything it was told up to `last`.
pub async fn told_read_all(tx: &mut Tx, account: AccountId, last: Timestamp, at: Timestamp) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update deliveries set read_at = $3 where account_id = $1 and at <= $2 and read_at is null"
    )
    .bind(account.0)
    .bind(last.0)
    .bind(at.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The areas that a coordinator is named for.
pub async fn areas_coordinated(tx: &mut Tx) -> Result<Vec<i64>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select distinct g.area from grants g join accounts a on a.id = g.account_id
         where g.role = 'coordinator' and g.revoked_at is null and a.disabled_at is null"
    )
    .fetch_all(conn)
    .await?))
}

/// Whether a notice with this key has gone out to anybody.
pub async fn notice_went(tx: &mut Tx, dedup: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, |conn| {
        sqlx::query_scalar(
        "select cast(1 as bigint) from notices n join send_notices sn on sn.notice_id = n.id join sends s on s.id = sn.send_id
         where n.dedup = $1 and s.state = 'sent' limit 1"
    )
    .bind(dedup)
    .fetch_optional(conn)
    .await?
    });
    Ok(found.is_some())
}

/// The oldest notice whose recipients are not found yet.
pub async fn notice_oldest(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let at: Option<i64> =
        on!(tx, |conn| sqlx::query_scalar("select cast(min(at) as bigint) from notices where spread_at is null")
            .fetch_one(conn)
            .await?);
    Ok(at.map(Timestamp))
}
