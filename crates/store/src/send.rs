//! What leaves the program: who holds it, what came of it.

use muster_core::id::{AccountId, ReportId, ResourceId};
use muster_core::people::Scope;
use muster_core::send::{Send, Way};
use muster_core::time::Timestamp;
use sqlx::types::JsonValue;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};

/// One recipient, one way.
#[derive(Clone, Debug, FromRow)]
pub struct SendRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    #[sqlx(try_from = "String")]
    pub way: Way,
    pub account_id: Option<Uuid>,
    pub account_way_id: Option<Uuid>,
    pub report_id: Option<Uuid>,
    pub resource_id: Option<Uuid>,
    pub urgent: bool,
    /// More notices may still join.
    pub joinable: bool,
    pub state: String,
    pub tries: i64,
    #[sqlx(try_from = "i64")]
    pub not_before: Timestamp,
    pub lease: Option<Uuid>,
    pub lease_until: Option<i64>,
    pub fault: Option<String>,
    pub ended_at: Option<i64>,
    pub ended_by: Option<Uuid>,
    pub reason: Option<String>,
}

impl SendRow {
    pub fn account(&self) -> Option<AccountId> {
        self.account_id.map(AccountId)
    }

    pub fn report(&self) -> Option<ReportId> {
        self.report_id.map(ReportId)
    }

    pub fn resource(&self) -> Option<ResourceId> {
        self.resource_id.map(ResourceId)
    }

    pub fn sending(&self) -> Result<Send> {
        let (tries, at) = (self.tries as u32, Timestamp(self.ended_at.unwrap_or_default()));
        Ok(match self.state.as_str() {
            "waiting" => Send::Waiting { not_before: self.not_before },
            "retry" => Send::Retry { tries, not_before: self.not_before },
            "sent" => Send::Sent { at },
            "dead" => Send::Dead { tries, at },
            "given_up" => Send::GivenUp { at },
            "void" => Send::Void { at },
            other => return Err(Error::Corrupt { table: "sends", column: "state", value: other.to_owned() }),
        })
    }

    /// Takes a state that core has decided.
    pub fn take(&mut self, next: Send) {
        next.code().clone_into(&mut self.state);
        match next {
            Send::Waiting { not_before } => (self.not_before, self.tries, self.ended_at) = (not_before, 0, None),
            Send::Retry { tries, not_before } => (self.not_before, self.tries) = (not_before, i64::from(tries)),
            Send::Dead { tries, at } => (self.tries, self.ended_at) = (i64::from(tries), Some(at.0)),
            Send::Sent { at } | Send::GivenUp { at } | Send::Void { at } => self.ended_at = Some(at.0),
        }
    }
}

/// Adds a send of one notice. A digest of the same way that still waits takes the notice instead.
pub async fn send_add(tx: &mut Tx, row: &SendRow, notice: Uuid) -> Result<()> {
    on!(tx, |conn| {
        sqlx::query(
        "insert into sends (id, at, way, account_id, account_way_id, report_id, resource_id, urgent, joinable, state, tries,
           not_before)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (account_way_id) where joinable do nothing"
    )
    .bind(row.id)
    .bind(row.at.0)
    .bind(row.way.as_str())
    .bind(row.account_id)
    .bind(row.account_way_id)
    .bind(row.report_id)
    .bind(row.resource_id)
    .bind(row.urgent)
    .bind(row.joinable)
    .bind(&row.state)
    .bind(row.tries)
    .bind(row.not_before.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    let id = if row.joinable { joined(tx, row).await? } else { row.id };
    on!(tx, |conn| sqlx::query("insert into send_notices (send_id, notice_id) values ($1, $2)")
        .bind(id)
        .bind(notice)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// The digest that a notice joins, held until the end of the transaction so that nobody sends it meanwhile.
async fn joined(tx: &mut Tx, row: &SendRow) -> Result<Uuid> {
    let sql = match tx {
        Tx::Sqlite(_) => "select id from sends where account_way_id = $1 and joinable",
        Tx::Postgres(_) => "select id from sends where account_way_id = $1 and joinable for update",
    };
    // Another node may have taken it away between the two: then the whole act is done again.
    let id: Option<Uuid> =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(row.account_way_id).fetch_optional(conn).await?);
    id.ok_or_else(|| Error::Conflict("a digest left while a notice was joining it".to_owned()))
}

/// Takes up to `limit` sends that are due on these ways, danger first, for as long as the lease runs. Another node passes
/// over what this one holds; what a node held that died is taken when its lease is over.
pub async fn sends_claim(
    tx: &mut Tx,
    ways: &[Way],
    now: Timestamp,
    lease: Uuid,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<SendRow>> {
    if ways.is_empty() {
        return Ok(Vec::new());
    }
    let lock = if matches!(tx, Tx::Postgres(_)) { " for update skip locked" } else { "" };
    let mut rows: Vec<SendRow> = on!(tx, |conn| {
        let mut query = QueryBuilder::new("update sends set joinable = false, lease = ");
        query.push_bind(lease).push(", lease_until = ").push_bind(until.0);
        query.push(" where id in (select id from sends where state in ('waiting', 'retry') and not_before <= ");
        query.push_bind(now.0).push(" and (lease_until is null or lease_until < ").push_bind(now.0);
        query.push(") and way in (");
        let mut list = query.separated(", ");
        for way in ways {
            list.push_bind(way.as_str());
        }
        query.push(") order by urgent desc, not_before limit ").push_bind(limit).push(lock).push(") returning *");
        query.build_query_as().fetch_all(conn).await?
    });
    rows.sort_by_key(|row| (!row.urgent, row.not_before));
    Ok(rows)
}

/// Writes what came of a send that this lease still holds; false when another has taken it since.
pub async fn send_settle(tx: &mut Tx, row: &SendRow) -> Result<bool> {
    let done = on!(tx, |conn| sqlx::query(
        "update sends set state = $3, tries = $4, not_before = $5, fault = $6, ended_at = $7, lease = null,
           lease_until = null
         where id = $1 and lease = $2 and state in ('waiting', 'retry')"
    )
    .bind(row.id)
    .bind(row.lease)
    .bind(&row.state)
    .bind(row.tries)
    .bind(row.not_before.0)
    .bind(&row.fault)
    .bind(row.ended_at)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(done == 1)
}

/// Holds a send until the end of the act, for a person to decide on.
pub async fn send_lock(tx: &mut Tx, id: Uuid) -> Result<Option<SendRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => "select * from sends where id = $1",
        Tx::Postgres(_) => "select * from sends where id = $1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
}

/// Writes what a person decided.
pub async fn send_decide(tx: &mut Tx, row: &SendRow) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update sends set state = $2, tries = $3, not_before = $4, ended_at = $5, ended_by = $6, reason = $7,
           joinable = false, lease = null, lease_until = null where id = $1"
    )
    .bind(row.id)
    .bind(&row.state)
    .bind(row.tries)
    .bind(row.not_before.0)
    .bind(row.ended_at)
    .bind(row.ended_by)
    .bind(&row.reason)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// A notice of a send, with what its words need.
#[derive(Clone, Debug, FromRow)]
pub struct SentNotice {
    pub send_id: Uuid,
    pub template: String,
    pub params: JsonValue,
    pub code: Option<String>,
    pub area: Option<i64>,
    pub unit_id: Option<Uuid>,
}

/// What these sends tell of, oldest first.
pub async fn notices_of_sends(tx: &mut Tx, sends: &[Uuid]) -> Result<Vec<SentNotice>> {
    if sends.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new(
            "select s.send_id, n.template, n.params, c.code, coalesce(c.area, r.area, n.area) as area, c.unit_id
             from send_notices s join notices n on n.id = s.notice_id left join cases c on c.id = n.case_id
               left join resources r on r.id = n.resource_id
             where s.send_id in (",
        );
        let mut list = query.separated(", ");
        for id in sends {
            list.push_bind(*id);
        }
        query.push(") order by n.at, n.id");
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Adds "it is about something in this scope": a case, whoever offered help, an area; what is about no place is everywhere's to a query over `sends s`.
macro_rules! push_within {
    ($query:expr, $scope:expr) => {
        $query.push(
            " and exists (select 1 from send_notices sn join notices n on n.id = sn.notice_id
                          left join cases c on c.id = n.case_id left join resources r on r.id = n.resource_id
                          where sn.send_id = s.id and (1 = 0",
        );
        for (lo, hi) in &$scope.areas {
            $query.push(" or coalesce(c.area, r.area, n.area, 0) between ").push_bind(*lo).push(" and ").push_bind(*hi);
        }
        $query.push("))");
    };
}

/// The oldest sends in one state that are about a case of this scope: letters that wait to be printed, or all others.
pub async fn sends_list(tx: &mut Tx, scope: &Scope, state: &str, letters: bool, limit: i64) -> Result<Vec<SendRow>> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new("select s.* from sends s where s.way ");
        query.push(if letters { "= 'letter'" } else { "<> 'letter'" }).push(" and s.state = ").push_bind(state);
        push_within!(query, scope);
        query.push(" order by s.at, s.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// How many sends of this scope are in each state, letters apart.
#[derive(Clone, Debug, FromRow)]
pub struct SendCount {
    pub letter: bool,
    pub state: String,
    pub count: i64,
}

pub async fn sends_count(tx: &mut Tx, scope: &Scope) -> Result<Vec<SendCount>> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new(
            "select s.way = 'letter' as letter, s.state, cast(count(*) as bigint) as count from sends s where 1 = 1",
        );
        push_within!(query, scope);
        query.push(" group by 1, 2");
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// For the doctor: how many wait on ways that are not letters, since when the oldest is due, and how many are dead.
pub async fn sends_late(tx: &mut Tx, now: Timestamp) -> Result<(i64, Option<Timestamp>)> {
    let (count, oldest): (i64, Option<i64>) = on!(tx, |conn| sqlx::query_as(
        "select cast(count(*) as bigint), cast(min(not_before) as bigint) from sends
         where state in ('waiting', 'retry') and way <> 'letter' and not_before <= $1"
    )
    .bind(now.0)
    .fetch_one(conn)
    .await?);
    Ok((count, oldest.map(Timestamp)))
}

pub async fn sends_dead(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select cast(count(*) as bigint) from sends where state = 'dead'")
        .fetch_one(conn)
        .await?))
}
