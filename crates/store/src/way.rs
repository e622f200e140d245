//! How accounts and reporters want to hear. Addresses are sealed; nothing here can read them.

use muster_core::id::{AccountId, ReportId};
use muster_core::send::Way;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

/// What an account wants, with the key over its addresses.
#[derive(Clone, Debug, FromRow)]
pub struct WantsRow {
    #[sqlx(try_from = "Uuid")]
    pub account_id: AccountId,
    pub wrapped_key: Vec<u8>,
    /// `zh` or `en`.
    pub lang: String,
    pub digest_hour: Option<i64>,
    /// Minutes after midnight; `None`: as the pack has it.
    pub quiet_from: Option<i64>,
    pub quiet_until: Option<i64>,
    pub changed_at: i64,
}

/// One address of an account.
#[derive(Clone, Debug, FromRow)]
pub struct AccountWayRow {
    pub id: Uuid,
    pub account_id: Uuid,
    #[sqlx(try_from = "String")]
    pub way: Way,
    /// `None` once it was taken back.
    pub address_sealed: Option<Vec<u8>>,
    pub address_index: Option<Vec<u8>>,
    pub enabled: bool,
    pub made_at: i64,
}

pub async fn wants_get(tx: &mut Tx, account: AccountId) -> Result<Option<WantsRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from account_wants where account_id = $1")
        .bind(account.0)
        .fetch_optional(conn)
        .await?))
}

/// Keeps what an account wants; the key that is there already stays.
pub async fn wants_put(tx: &mut Tx, row: &WantsRow) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into account_wants (account_id, wrapped_key, lang, digest_hour, quiet_from, quiet_until, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (account_id) do update set lang = excluded.lang, digest_hour = excluded.digest_hour,
           quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, changed_at = excluded.changed_at"
    )
    .bind(row.account_id.0)
    .bind(&row.wrapped_key)
    .bind(&row.lang)
    .bind(row.digest_hour)
    .bind(row.quiet_from)
    .bind(row.quiet_until)
    .bind(row.changed_at)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

pub async fn account_ways(tx: &mut Tx, account: AccountId) -> Result<Vec<AccountWayRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from account_ways where account_id = $1 order by made_at, id")
        .bind(account.0)
        .fetch_all(conn)
        .await?))
}

pub async fn account_way_get(tx: &mut Tx, id: Uuid) -> Result<Option<AccountWayRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from account_ways where id = $1").bind(id).fetch_optional(conn).await?))
}

/// Adds a way, or changes the address and switch of one that is there.
pub async fn account_way_put(tx: &mut Tx, row: &AccountWayRow) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into account_ways (id, account_id, way, address_sealed, address_index, enabled, made_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set address_sealed = excluded.address_sealed,
           address_index = excluded.address_index, enabled = excluded.enabled"
    )
    .bind(row.id)
    .bind(row.account_id)
    .bind(row.way.as_str())
    .bind(&row.address_sealed)
    .bind(&row.address_index)
    .bind(row.enabled)
    .bind(row.made_at)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Takes a way back for good.
pub async fn account_way_forget(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update account_ways set address_sealed = null, address_index = null, enabled = false where id = $1"
    )
    .bind(id)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// How a reporter chose to hear what becomes of a report.
#[derive(Clone, Debug, FromRow)]
pub struct ReportWayRow {
    #[sqlx(try_from = "Uuid")]
    pub report_id: ReportId,
    /// A [`Way`], or `none`: they said stop.
    pub way: String,
    pub lang: String,
    /// Where a letter goes.
    pub letter_sealed: Option<Vec<u8>>,
    pub chosen_at: i64,
}

record!(
    ReportWayRow,
    "insert into report_ways (report_id, way, lang, letter_sealed, chosen_at) ",
    |row| [row.report_id.0, &row.way, &row.lang, &row.letter_sealed, row.chosen_at],
    after " on conflict (report_id) do update set way = excluded.way, lang = excluded.lang,
        letter_sealed = excluded.letter_sealed, chosen_at = excluded.chosen_at"
);

pub async fn report_way_put(tx: &mut Tx, row: &ReportWayRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

pub async fn report_way_get(tx: &mut Tx, report: ReportId) -> Result<Option<ReportWayRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from report_ways where report_id = $1")
        .bind(report.0)
        .fetch_optional(conn)
        .await?))
}

/// A notice and one way on which its recipient wants to hear it.
#[derive(Clone, Debug, FromRow)]
pub struct Heard {
    pub notice_id: Uuid,
    pub template: String,
    pub urgent: bool,
    #[sqlx(try_from = "String")]
    pub way: Way,
    pub account_id: Option<Uuid>,
    pub account_way_id: Option<Uuid>,
    pub report_id: Option<Uuid>,
    pub resource_id: Option<Uuid>,
    pub digest_hour: Option<i64>,
    pub quiet_from: Option<i64>,
    pub quiet_until: Option<i64>,
}

/// Of these notices, the ways of the accounts they were given to, of whoever reported the case, and of whoever offered help.
pub async fn ways_heard(tx: &mut Tx, notices: &[Uuid]) -> Result<Vec<Heard>> {
    if notices.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("with taken as (select * from notices where id in (");
        let mut list = query.separated(", ");
        for id in notices {
            list.push_bind(*id);
        }
        query.push(
            "))
             select n.id as notice_id, n.template, n.urgent, w.way, w.account_id, w.id as account_way_id,
               cast(null as uuid) as report_id, cast(null as uuid) as resource_id, a.digest_hour, a.quiet_from, a.quiet_until
             from taken n join deliveries d on d.notice_id = n.id join account_wants a on a.account_id = d.account_id
               join account_ways w on w.account_id = a.account_id
             where w.enabled and w.address_sealed is not null
             union all
             select n.id, n.template, n.urgent, w.way, null, null, r.id, null, null, null, null
             from taken n join reports r on r.case_id = n.case_id join report_ways w on w.report_id = r.id
             where n.audience = 'reporters' and w.way <> 'none'
             union all
             select n.id, n.template, n.urgent, r.way, null, null, null, r.id, null, null, null
             from taken n join resources r on r.id = n.resource_id
             where r.way in ('sms', 'mail') and r.state <> 'left'",
        );
        query.build_query_as().fetch_all(conn).await?
    }))
}
