//! Who has a case open now. Rows end by themselves and are removed, so that they never become a record of anybody's day.

use muster_core::id::{AccountId, CaseId};
use muster_core::time::Timestamp;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Result, Tx, on};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PresenceRow {
    pub case_id: Uuid,
    pub account_id: Uuid,
    pub name: String,
    #[sqlx(try_from = "i64")]
    pub since: Timestamp,
    #[sqlx(try_from = "i64")]
    pub until_at: Timestamp,
}

/// Who is on these cases at `now`, the longest first.
pub async fn presences_of(tx: &mut Tx, cases: &[CaseId], now: Timestamp) -> Result<Vec<PresenceRow>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new(
            "select p.case_id, p.account_id, a.name, p.since, p.until_at
             from presences p join accounts a on a.id = p.account_id where p.case_id in (",
        );
        let mut list = query.separated(", ");
        for case in cases {
            list.push_bind(case.0);
        }
        query.push(") and p.until_at > ").push_bind(now.0).push(" order by p.since, p.account_id limit 500");
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Says that an account is on a case until `until`: since now, unless it was there without a break.
pub async fn presence_put(
    tx: &mut Tx,
    case: CaseId,
    account: AccountId,
    now: Timestamp,
    until: Timestamp,
) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into presences (case_id, account_id, since, until_at) values ($1, $2, $3, $4)
         on conflict (case_id, account_id) do update set until_at = excluded.until_at,
           since = case when presences.until_at > excluded.since then presences.since else excluded.since end"
    )
    .bind(case.0)
    .bind(account.0)
    .bind(now.0)
    .bind(until.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Removes what has ended.
pub async fn presences_forget(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(on!(tx, |conn| sqlx::query("delete from presences where until_at <= $1")
        .bind(now.0)
        .execute(conn)
        .await?
        .rows_affected()))
}
