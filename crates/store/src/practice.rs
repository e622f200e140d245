//! Practices: how something was solved, what curators made of it, and what the record says of how well it worked.

use muster_core::area::AreaId;
use muster_core::evaluate::{Effect, PracticeState};
use muster_core::id::CaseId;
use muster_core::people::{Scope, Subject};
use muster_core::time::Timestamp;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::process::CaseRow;
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct PracticeRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    /// Code of the level of the area.
    pub level: String,
    pub category: String,
    pub title: String,
    pub matter: String,
    pub measures: String,
    pub limits: String,
    /// The closed case it came from, its unit, and from when on the measure worked.
    pub case_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub worked_at: Option<i64>,
    #[sqlx(try_from = "String")]
    pub state: PracticeState,
    /// Everybody may read it.
    pub public: bool,
    #[sqlx(try_from = "i64")]
    pub proposed_at: Timestamp,
    pub proposed_by: Option<Uuid>,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub reason: Option<String>,
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    pub version: i64,
}

impl PracticeRow {
    /// The two digits of the large class.
    pub fn class(&self) -> &str {
        self.category.get(..2).unwrap_or("")
    }

    pub fn subject(&self) -> Subject {
        Subject { area: Some(self.area), unit: self.unit_id.map(Into::into) }
    }
}

record!(
    PracticeRow,
    "insert into practices (id, area, level, category, title, matter, measures, limits, case_id, unit_id, worked_at, state,
         public, proposed_at, proposed_by, decided_at, decided_by, reason, changed_at, version) ",
    |row| [
        row.id,
        row.area.get(),
        &row.level,
        &row.category,
        &row.title,
        &row.matter,
        &row.measures,
        &row.limits,
        row.case_id,
        row.unit_id,
        row.worked_at,
        row.state.as_str(),
        row.public,
        row.proposed_at.0,
        row.proposed_by,
        row.decided_at,
        row.decided_by,
        &row.reason,
        row.changed_at.0,
        row.version,
    ]
);

/// One wording or decision of a practice.
#[derive(Clone, Debug, FromRow)]
pub struct PracticeVersionRow {
    pub practice_id: Uuid,
    pub version: i64,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub account_id: Option<Uuid>,
    /// `proposed`, `edited` or a verdict.
    pub act: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub category: String,
    pub title: String,
    pub matter: String,
    pub measures: String,
    pub limits: String,
    pub reason: Option<String>,
}

record!(
    PracticeVersionRow,
    "insert into practice_versions (practice_id, version, at, account_id, act, area, category, title, matter, measures,
         limits, reason) ",
    |row| [
        row.practice_id,
        row.version,
        row.at.0,
        row.account_id,
        &row.act,
        row.area.get(),
        &row.category,
        &row.title,
        &row.matter,
        &row.measures,
        &row.limits,
        &row.reason,
    ]
);

/// A practice with what was counted of it.
#[derive(Clone, Debug, FromRow)]
pub struct PracticeShown {
    #[sqlx(flatten)]
    pub row: PracticeRow,
    pub views: i64,
    /// Cases for which it was taken as a reference.
    pub uses: i64,
    #[sqlx(flatten)]
    pub effect: EffectRow,
}

/// When an effect was read off the record, and what it was.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct EffectRow {
    pub before_cases: i64,
    pub before_days: i64,
    pub after_cases: i64,
    pub after_days: i64,
    pub told: i64,
    pub solved: i64,
    #[sqlx(try_from = "i64")]
    pub measured_at: Timestamp,
}

impl EffectRow {
    pub fn effect(self) -> Effect {
        Effect {
            before: self.before_cases,
            before_days: self.before_days,
            after: self.after_cases,
            after_days: self.after_days,
            told: self.told,
            solved: self.solved,
        }
    }
}

const SHOWN: &str = "select p.*, c.views, c.before_cases, c.before_days, c.after_cases, c.after_days, c.told, c.solved,
     c.measured_at, (select cast(count(*) as bigint) from practice_uses u where u.practice_id = p.id) as uses
     from practices p join practice_counts c on c.practice_id = p.id where ";

/// `Conflict` when the case is the source of one already.
pub async fn practice_insert(tx: &mut Tx, row: &PracticeRow, version: &PracticeVersionRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await?;
    insert(tx, std::slice::from_ref(version)).await?;
    on!(tx, |conn| {
        sqlx::query(
        "insert into practice_counts (practice_id, views, before_cases, before_days, after_cases, after_days, told, solved,
             measured_at) values ($1, 0, 0, 0, 0, 0, 0, 0, 0)"
    )
    .bind(row.id)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// Writes a practice that was read at the version before; `Conflict` where somebody was faster.
pub async fn practice_update(tx: &mut Tx, row: &PracticeRow, version: &PracticeVersionRow) -> Result<()> {
    let changed = on!(tx, |conn| {
        sqlx::query(
        "update practices set area = $2, level = $3, category = $4, title = $5, matter = $6, measures = $7, limits = $8,
             state = $9, public = $10, decided_at = $11, decided_by = $12, reason = $13, changed_at = $14, version = $15
         where id = $1 and version = $15 - 1"
    )
    .bind(row.id)
    .bind(row.area.get())
    .bind(&row.level)
    .bind(&row.category)
    .bind(&row.title)
    .bind(&row.matter)
    .bind(&row.measures)
    .bind(&row.limits)
    .bind(row.state.as_str())
    .bind(row.public)
    .bind(row.decided_at)
    .bind(row.decided_by)
    .bind(&row.reason)
    .bind(row.changed_at.0)
    .bind(row.version)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if changed != 1 {
        return Err(Error::Conflict("the practice has changed".to_owned()));
    }
    insert(tx, std::slice::from_ref(version)).await
}

pub async fn practice_get(tx: &mut Tx, id: Uuid) -> Result<Option<PracticeShown>> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new(SHOWN);
        query.push("p.id = ").push_bind(id);
        query.build_query_as().fetch_optional(conn).await?
    }))
}

/// Those of `ids`, in no particular order.
pub async fn practices_get(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<PracticeShown>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new(SHOWN);
        query.push("p.id in (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(")");
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Wordings and decisions, the newest first.
pub async fn practice_versions(tx: &mut Tx, id: Uuid) -> Result<Vec<PracticeVersionRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from practice_versions where practice_id = $1 order by version desc limit 200"
    )
    .bind(id)
    .fetch_all(conn)
    .await?))
}

/// What a list shows. Empty and `None` filter nothing.
#[derive(Clone, Debug, Default)]
pub struct PracticeFilter {
    /// Those that are not accepted are shown within it only; `None` shows accepted ones only.
    pub scope: Option<Scope>,
    pub state: Option<PracticeState>,
    pub public: bool,
    /// Words of title, matter, measures or limits; all must occur.
    pub text: String,
    /// Two digits.
    pub class: String,
    pub level: String,
    pub after: Option<(Timestamp, Uuid)>,
    pub limit: i64,
}

/// The conditions of a filter, the same for the list and its count.
macro_rules! push_filter {
    ($query:expr, $filter:expr) => {{
        let (query, filter) = (&mut $query, $filter);
        query.push(" (p.state = 'accepted'");
        if let Some(scope) = &filter.scope {
            for (first, last) in &scope.areas {
                query.push(" or p.area between ").push_bind(*first).push(" and ").push_bind(*last);
            }
            for unit in &scope.units {
                query.push(" or p.unit_id = ").push_bind(unit.0);
            }
        }
        query.push(")");
        if let Some(state) = filter.state {
            query.push(" and p.state = ").push_bind(state.as_str());
        }
        if filter.public {
            query.push(" and p.public");
        }
        if !filter.class.is_empty() {
            query.push(" and p.category >= ").push_bind(filter.class.clone());
            query.push(" and p.category < ").push_bind(format!("{}~", filter.class));
        }
        if !filter.level.is_empty() {
            query.push(" and p.level = ").push_bind(filter.level.clone());
        }
        for word in filter.text.split_whitespace() {
            let word = word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            query.push(" and lower(p.title || ' ' || p.matter || ' ' || p.measures || ' ' || p.limits) like ");
            query.push_bind(format!("%{word}%")).push(" escape '\\'");
        }
    }};
}

/// The newest first.
pub async fn practices(tx: &mut Tx, filter: &PracticeFilter) -> Result<Vec<PracticeShown>> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new(SHOWN);
        push_filter!(query, filter);
        if let Some((at, id)) = filter.after {
            query.push(" and (p.proposed_at, p.id) < (").push_bind(at.0).push(", ").push_bind(id).push(")");
        }
        query.push(" order by p.proposed_at desc, p.id desc limit ").push_bind(filter.limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

pub async fn practices_total(tx: &mut Tx, filter: &PracticeFilter) -> Result<i64> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new("select cast(count(*) as bigint) from practices p where ");
        push_filter!(query, filter);
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

/// What is compared with a message, of a practice in any state.
#[derive(Clone, Debug, FromRow)]
pub struct PracticeWords {
    pub id: Uuid,
    pub category: String,
    pub title: String,
    pub matter: String,
    pub measures: String,
    #[sqlx(try_from = "String")]
    pub state: PracticeState,
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    pub version: i64,
}

/// Those that changed after a moment, in that order.
pub async fn practices_after(tx: &mut Tx, after: (Timestamp, Uuid), limit: i64) -> Result<Vec<PracticeWords>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, category, title, matter, measures, state, changed_at, version from practices
         where (changed_at, id) > ($1, $2) order by changed_at, id limit $3"
    )
    .bind(after.0.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// The words of the newest cases, title and text.
pub async fn messages_at_large(tx: &mut Tx, limit: i64) -> Result<Vec<(String, String)>> {
    Ok(on!(tx, |conn| sqlx::query_as("select title, text from cases order by received_at desc, id desc limit $1")
        .bind(limit)
        .fetch_all(conn)
        .await?))
}

/// The practice that came from a case.
pub async fn practice_of_case(tx: &mut Tx, case: CaseId) -> Result<Option<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select id from practices where case_id = $1")
        .bind(case.0)
        .fetch_optional(conn)
        .await?))
}

pub async fn practice_seen(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, |conn| sqlx::query("update practice_counts set views = views + 1 where practice_id = $1")
        .bind(id)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// That a practice was taken as a reference for a case; twice is once.
pub async fn practice_use_insert(tx: &mut Tx, id: Uuid, case: CaseId, at: Timestamp) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into practice_uses (practice_id, case_id, at) values ($1, $2, $3)
         on conflict (practice_id, case_id) do nothing"
    )
    .bind(id)
    .bind(case.0)
    .bind(at.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The practices that were taken as a reference for a case.
pub async fn practices_used(tx: &mut Tx, case: CaseId) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select practice_id from practice_uses where case_id = $1 order by at")
        .bind(case.0)
        .fetch_all(conn)
        .await?))
}

/// A case in which the measure of a practice was taken, and from when on.
#[derive(Clone, Debug, FromRow)]
pub struct SiteRow {
    #[sqlx(flatten)]
    pub case: CaseRow,
    pub measure_at: Option<i64>,
}

/// The case it came from and those for which it was a reference, the newest first.
pub async fn practice_sites(tx: &mut Tx, id: Uuid, limit: i64) -> Result<Vec<SiteRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select c.*, p.worked_at as measure_at from practices p join cases c on c.id = p.case_id where p.id = $1
         union all
         select c.*, c.answered_at as measure_at from practice_uses u join cases c on c.id = u.case_id
         where u.practice_id = $1 and not exists (select 1 from practices p where p.id = $1 and p.case_id = c.id)
         order by received_at desc limit $2"
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// Which cases are like some (`but`, one at least): of a class, in a range of areas, received from the first moment until before the second.
#[derive(Clone, Debug)]
pub struct LikeCases {
    pub but: Vec<Uuid>,
    pub category: String,
    pub areas: (i64, i64),
    pub received: (Timestamp, Timestamp),
}

macro_rules! push_like {
    ($query:expr, $like:expr) => {{
        let (query, like) = (&mut $query, $like);
        query.push(" where area between ").push_bind(like.areas.0).push(" and ").push_bind(like.areas.1);
        query.push(" and received_at >= ").push_bind(like.received.0.0);
        query.push(" and received_at < ").push_bind(like.received.1.0);
        query.push(" and category >= ").push_bind(like.category.clone());
        query.push(" and category < ").push_bind(format!("{}~", like.category));
        query.push(" and id not in (");
        let mut list = query.separated(", ");
        for case in &like.but {
            list.push_bind(*case);
        }
        query.push(")");
    }};
}

pub async fn cases_like(tx: &mut Tx, like: &LikeCases) -> Result<i64> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new("select cast(count(*) as bigint) from cases");
        push_like!(query, like);
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

pub async fn cases_like_list(tx: &mut Tx, like: &LikeCases, limit: i64) -> Result<Vec<CaseRow>> {
    Ok(on!(tx, |conn| {
        let mut query = QueryBuilder::new("select * from cases");
        push_like!(query, like);
        query.push(" order by received_at desc, id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// When the first case of all came in.
pub async fn first_received(tx: &mut Tx) -> Result<Option<i64>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select min(received_at) from cases").fetch_one(conn).await?))
}

/// Accepted practices measured before a moment, the longest ago first.
pub async fn practices_to_measure(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select c.practice_id from practice_counts c join practices p on p.id = c.practice_id
         where c.measured_at < $1 and p.state = 'accepted' order by c.measured_at limit $2"
    )
    .bind(before.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

pub async fn practice_measured(tx: &mut Tx, id: Uuid, effect: &Effect, at: Timestamp) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update practice_counts set before_cases = $2, before_days = $3, after_cases = $4, after_days = $5, told = $6,
             solved = $7, measured_at = $8 where practice_id = $1"
    )
    .bind(id)
    .bind(effect.before)
    .bind(effect.before_days)
    .bind(effect.after)
    .bind(effect.after_days)
    .bind(effect.told)
    .bind(effect.solved)
    .bind(at.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}
