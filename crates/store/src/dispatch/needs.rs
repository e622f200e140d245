//! Help that is asked for.

use muster_core::area::AreaId;
use muster_core::dispatch::offer::{NeedKind, NeedState, OfferState};
use muster_core::dispatch::registry::Place;
use muster_core::id::{CaseId, Code, NeedId, ResourceId};
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

/// Help that is asked for. Title, text and place tell nobody who is helped.
#[derive(Clone, Debug, FromRow)]
pub struct NeedRow {
    #[sqlx(try_from = "Uuid")]
    pub id: NeedId,
    #[sqlx(try_from = "String")]
    pub code: Code,
    #[sqlx(try_from = "String")]
    pub kind: NeedKind,
    pub case_id: Option<Uuid>,
    pub part_id: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    /// Millionths of a degree.
    pub latitude: i64,
    pub longitude: i64,
    pub title: String,
    pub text: String,
    pub place: String,
    /// Under whose key `contact_sealed` stands.
    pub person_id: Option<Uuid>,
    pub contact_sealed: Option<Vec<u8>>,
    pub secret_hash: Option<Vec<u8>>,
    /// Words of the pack with a blank before and after each.
    pub skills: String,
    /// Helpers; of goods the quantity.
    pub head: i64,
    pub item: Option<String>,
    #[sqlx(try_from = "i64")]
    pub opens_at: Timestamp,
    #[sqlx(try_from = "i64")]
    pub closes_at: Timestamp,
    pub minutes: i64,
    pub risk: String,
    pub risk_text: String,
    pub priority: i64,
    pub vulnerable: bool,
    #[sqlx(try_from = "String")]
    pub state: NeedState,
    pub filled: i64,
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    pub created_by: Option<Uuid>,
    pub ended_at: Option<i64>,
    pub reason: Option<String>,
    pub version: i64,
}

/// Of a need what the plan is made with, so that a hundred thousand of them are read at once.
#[derive(Clone, Debug, FromRow)]
pub struct NeedBrief {
    #[sqlx(try_from = "Uuid")]
    pub id: NeedId,
    #[sqlx(try_from = "String")]
    pub code: Code,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub latitude: i64,
    pub longitude: i64,
    pub title: String,
    pub skills: String,
    pub head: i64,
    #[sqlx(try_from = "i64")]
    pub opens_at: Timestamp,
    #[sqlx(try_from = "i64")]
    pub closes_at: Timestamp,
    pub minutes: i64,
    pub risk: String,
    pub priority: i64,
    pub vulnerable: bool,
    pub filled: i64,
}

impl NeedBrief {
    pub fn skills(&self) -> impl Iterator<Item = &str> {
        self.skills.split_whitespace()
    }

    pub fn at(&self) -> Place {
        Place { latitude: self.latitude, longitude: self.longitude }
    }

    pub fn missing(&self) -> i64 {
        (self.head - self.filled).max(0)
    }
}

impl NeedRow {
    pub fn brief(&self) -> NeedBrief {
        NeedBrief {
            id: self.id,
            code: self.code.clone(),
            area: self.area,
            latitude: self.latitude,
            longitude: self.longitude,
            title: self.title.clone(),
            skills: self.skills.clone(),
            head: self.head,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            minutes: self.minutes,
            risk: self.risk.clone(),
            priority: self.priority,
            vulnerable: self.vulnerable,
            filled: self.filled,
        }
    }

    pub fn skills(&self) -> impl Iterator<Item = &str> {
        self.skills.split_whitespace()
    }

    pub fn at(&self) -> Place {
        Place { latitude: self.latitude, longitude: self.longitude }
    }

    pub fn case(&self) -> Option<CaseId> {
        self.case_id.map(CaseId)
    }

    /// Helpers still looked for.
    pub fn missing(&self) -> i64 {
        (self.head - self.filled).max(0)
    }
}

record!(
    NeedRow,
    "insert into needs (id, code, kind, case_id, part_id, area, latitude, longitude, title, text, place, person_id,
         contact_sealed, secret_hash, skills, head, item, opens_at, closes_at, minutes, risk, risk_text, priority,
         vulnerable, state, filled, created_at, created_by, ended_at, reason, version) ",
    |row| [
        row.id.0,
        row.code.as_str(),
        row.kind.as_str(),
        row.case_id,
        row.part_id,
        row.area.get(),
        row.latitude,
        row.longitude,
        &row.title,
        &row.text,
        &row.place,
        row.person_id,
        &row.contact_sealed,
        &row.secret_hash,
        &row.skills,
        row.head,
        &row.item,
        row.opens_at.0,
        row.closes_at.0,
        row.minutes,
        &row.risk,
        &row.risk_text,
        row.priority,
        row.vulnerable,
        row.state.as_str(),
        row.filled,
        row.created_at.0,
        row.created_by,
        row.ended_at,
        &row.reason,
        row.version,
    ]
);

pub async fn needs_insert(tx: &mut Tx, needs: &[NeedRow]) -> Result<()> {
    insert(tx, needs).await
}

pub async fn need_insert(tx: &mut Tx, need: &NeedRow) -> Result<()> {
    insert(tx, std::slice::from_ref(need)).await
}

pub async fn need_get(tx: &mut Tx, id: NeedId) -> Result<Option<NeedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from needs where id = $1").bind(id.0).fetch_optional(conn).await?))
}

pub async fn need_by_code(tx: &mut Tx, code: &Code) -> Result<Option<NeedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from needs where code = $1")
        .bind(code.as_str())
        .fetch_optional(conn)
        .await?))
}

/// Holds a need until the end of the transaction. All that touches offers, bookings or resources of a need holds it first.
pub async fn need_lock(tx: &mut Tx, id: NeedId) -> Result<Option<NeedRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => "select * from needs where id = $1",
        Tx::Postgres(_) => "select * from needs where id = $1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(id.0).fetch_optional(conn).await?))
}

/// Writes what can change; `Conflict` when somebody wrote since it was read.
pub async fn need_update(tx: &mut Tx, need: &mut NeedRow) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update needs set head = $2, opens_at = $3, closes_at = $4, priority = $5, state = $6, filled = $7,
             ended_at = $8, reason = $9, version = version + 1
         where id = $1 and version = $10"
    )
    .bind(need.id.0)
    .bind(need.head)
    .bind(need.opens_at.0)
    .bind(need.closes_at.0)
    .bind(need.priority)
    .bind(need.state.as_str())
    .bind(need.filled)
    .bind(need.ended_at)
    .bind(&need.reason)
    .bind(need.version)
    .execute(conn)
    .await?
    .rows_affected());
    if written != 1 {
        return Err(Error::Conflict("the need was written meanwhile".to_owned()));
    }
    need.version += 1;
    Ok(())
}

/// Which needs of those that `scope` reaches: in its areas, or of a case of its units.
#[derive(Clone, Debug, Default)]
pub struct NeedFilter {
    pub scope: Scope,
    /// Open or filled only.
    pub living: bool,
    pub case: Option<CaseId>,
}

macro_rules! push_needs {
    ($query:expr, $filter:expr) => {{
        let filter: &NeedFilter = $filter;
        $query.push(" from needs n where (1 = 0");
        for (from, to) in &filter.scope.areas {
            $query.push(" or n.area between ").push_bind(*from).push(" and ").push_bind(*to);
        }
        for unit in &filter.scope.units {
            $query
                .push(" or exists (select 1 from cases c where c.id = n.case_id and c.unit_id = ")
                .push_bind(unit.0)
                .push(")");
        }
        $query.push(")");
        if filter.living {
            $query.push(" and n.state in ('open', 'filled')");
        }
        if let Some(case) = filter.case {
            $query.push(" and n.case_id = ").push_bind(case.0);
        }
    }};
}

/// What is most pressing first; and how many there are.
pub async fn needs_page(tx: &mut Tx, filter: &NeedFilter, most: i64) -> Result<(Vec<NeedRow>, i64)> {
    let rows = on!(tx, |conn| {
        let mut query = QueryBuilder::new("select n.*");
        push_needs!(query, filter);
        query.push(" order by case when n.state = 'open' then 0 when n.state = 'filled' then 1 else 2 end, ");
        query.push("n.priority desc, n.closes_at, n.id limit ").push_bind(most);
        query.build_query_as().fetch_all(conn).await?
    });
    let count = on!(tx, |conn| {
        let mut query = QueryBuilder::new("select cast(count(*) as bigint)");
        push_needs!(query, filter);
        query.build_query_scalar().fetch_one(conn).await?
    });
    Ok((rows, count))
}

/// Needs for helpers that anybody may read of, the nearest in time first.
pub async fn needs_open(tx: &mut Tx, range: (i64, i64), now: Timestamp, most: i64) -> Result<Vec<NeedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from needs where state = 'open' and kind = 'help' and area between $1 and $2 and closes_at > $3
         order by closes_at, id limit $4"
    )
    .bind(range.0)
    .bind(range.1)
    .bind(now.0)
    .bind(most)
    .fetch_all(conn)
    .await?))
}

/// Living needs whose time is over, the oldest first.
pub async fn needs_closing(tx: &mut Tx, now: Timestamp, most: i64) -> Result<Vec<NeedId>> {
    let ids: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(
        "select id from needs where state in ('open', 'filled') and closes_at <= $1 order by closes_at, id limit $2"
    )
    .bind(now.0)
    .bind(most)
    .fetch_all(conn)
    .await?);
    Ok(ids.into_iter().map(NeedId).collect())
}

/// All open needs of a kind that `filter` reaches and whose time is not over, by id: what a plan is made for.
pub async fn needs_living(tx: &mut Tx, filter: &NeedFilter, kind: NeedKind, now: Timestamp) -> Result<Vec<NeedBrief>> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new(
            "select n.id, n.code, n.area, n.latitude, n.longitude, n.title, n.skills, n.head, n.opens_at, n.closes_at,
               n.minutes, n.risk, n.priority, n.vulnerable, n.filled",
        );
        push_needs!(query, filter);
        query.push(" and n.state = 'open' and n.kind = ").push_bind(kind.as_str());
        query.push(" and n.closes_at > ").push_bind(now.0).push(" order by n.id");
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Needs that keep who is helped, the newest first.
pub async fn needs_sealed(tx: &mut Tx, most: i64) -> Result<Vec<NeedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from needs where contact_sealed is not null order by created_at desc, id limit $1"
    )
    .bind(most)
    .fetch_all(conn)
    .await?))
}

/// Who was ever invited to the open needs that `filter` reaches, and how far that is.
pub async fn offers_living(tx: &mut Tx, filter: &NeedFilter) -> Result<Vec<(NeedId, ResourceId, OfferState)>> {
    #[derive(FromRow)]
    struct Asked {
        need_id: Uuid,
        resource_id: Uuid,
        #[sqlx(try_from = "String")]
        state: OfferState,
    }
    let rows: Vec<Asked> = on!(tx, |conn| {
        let mut query =
            QueryBuilder::new("select o.need_id, o.resource_id, o.state from offers o where o.need_id in (select n.id");
        push_needs!(query, filter);
        query.push(" and n.state = 'open')");
        query.build_query_as().fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(|row| (row.need_id.into(), row.resource_id.into(), row.state)).collect())
}
