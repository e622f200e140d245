//! Lists of cases: my queue and my area, filtered, sorted and paged by the database.

use muster_core::area::AreaId;
use muster_core::id::UnitId;
use muster_core::people::Scope;
use muster_core::process::CaseState;
use muster_core::time::Timestamp;
use uuid::Uuid;

use super::cases::CaseRow;
use crate::db::{Result, Tx, on};
use crate::search;

/// What a list shows. Empty lists and `None` filter nothing, except `scope`, which always binds.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    pub scope: Scope,
    pub area: Option<AreaId>,
    pub unit: Option<UnitId>,
    pub states: Vec<CaseState>,
    /// Two digits.
    pub class: Option<String>,
    /// What runs out next does so from the first moment on, and before the second.
    pub due: (Option<Timestamp>, Option<Timestamp>),
    /// Words of title, text or place; all must occur.
    pub text: Option<String>,
    pub order: CaseOrder,
    pub after: Option<Cursor>,
    pub limit: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// What runs out first comes first; cases without a promise last.
    #[default]
    Due,
    Newest,
}

/// The place after which a page begins: the sort key and id of the last row shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub key: i64,
    pub id: Uuid,
}

impl CaseOrder {
    pub fn cursor(self, case: &CaseRow) -> Cursor {
        let key = match self {
            Self::Due => case.due_at.unwrap_or(i64::MAX),
            Self::Newest => case.received_at.0,
        };
        Cursor { key, id: case.id.0 }
    }
}

/// The part after `from`, the same for both databases but for the match of words.
macro_rules! push_where {
    ($query:expr, $filter:expr, $words:expr, $search:expr, $close:expr) => {{
        let (query, filter) = (&mut $query, $filter);
        match $words {
            Some(words) => query.push($search).push_bind(words).push($close),
            None => query.push(" from cases c where true"),
        };
        query.push(" and (false");
        for (first, last) in &filter.scope.areas {
            query.push(" or c.area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        for unit in &filter.scope.units {
            query.push(" or c.unit_id = ").push_bind(unit.0);
        }
        query.push(")");
        if let Some(area) = filter.area {
            let (first, last) = area.range();
            query.push(" and c.area between ").push_bind(first).push(" and ").push_bind(last);
        }
        if let Some(unit) = filter.unit {
            query.push(" and c.unit_id = ").push_bind(unit.0);
        }
        if !filter.states.is_empty() {
            query.push(" and c.state in (");
            let mut list = query.separated(", ");
            for state in &filter.states {
                list.push_bind(state.as_str());
            }
            query.push(")");
        }
        if let Some(class) = &filter.class {
            query.push(" and c.category >= ").push_bind(class.clone());
            query.push(" and c.category < ").push_bind(format!("{class}~"));
        }
        if let Some(from) = filter.due.0 {
            query.push(" and c.due_at >= ").push_bind(from.0);
        }
        if let Some(before) = filter.due.1 {
            query.push(" and c.due_at < ").push_bind(before.0);
        }
        if let Some(text) = &filter.text {
            // Pairs of characters find candidates; this makes sure the words stand there as typed.
            for word in text.split_whitespace() {
                let pattern =
                    format!("%{}%", word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
                query.push(" and (lower(c.title) like ").push_bind(pattern.clone()).push(" escape '\\'");
                query.push(" or lower(c.text) like ").push_bind(pattern.clone()).push(" escape '\\'");
                query.push(" or lower(c.place) like ").push_bind(pattern).push(" escape '\\')");
            }
        }
    }};
}

const SEARCH_SQLITE: &str = " from case_search s join case_rows r on r.seq = s.rowid join cases c on c.id = r.case_id
     where (s.case_search match ";
const SEARCH_POSTGRES: &str = " from case_search s join cases c on c.id = s.case_id where (s.tokens @@ cast(";

/// One page. With words the newest entered come first, whatever the order asked for. Among open cases the search looks no
/// further back than to the oldest of them, so that it costs what is open, not what has ever been.
pub async fn case_list(tx: &mut Tx, filter: &CaseFilter) -> Result<Vec<CaseRow>> {
    // SQLite reads its index of words from the newest entry on and stops when the page is full.
    if filter.text.is_none() || matches!(tx, Tx::Sqlite(_)) {
        return case_page(tx, filter, None, &[]).await;
    }
    if is_open_only(filter) {
        let months = open_months(tx, &filter.states).await?;
        return if months.is_empty() { Ok(Vec::new()) } else { case_page(tx, filter, None, &months).await };
    }
    for newest in NEWEST {
        let page = case_page(tx, filter, Some(newest), &[]).await?;
        if page.len() as i64 >= filter.limit {
            return Ok(page);
        }
    }
    case_page(tx, filter, None, &[]).await
}

/// The months (yyyymm) from the oldest case in one of the states to the newest case of all; empty if there is none.
async fn open_months(tx: &mut Tx, states: &[CaseState]) -> Result<Vec<i64>> {
    let (oldest, newest): (Option<i64>, Option<i64>) = on!(tx, |conn| {
        // The oldest of a state by its id, which its index holds; asked for `received_at`, it would read the table.
        let mut query = sqlx::QueryBuilder::new("select (select min(received_at) from cases where id in (");
        for (i, state) in states.iter().enumerate() {
            query.push(if i == 0 { "" } else { " union all " });
            query.push("select * from (select coalesce(id, id) from cases where state = ").push_bind(state.as_str());
            query.push(" order by id limit 1) one");
        }
        query.push(")), (select max(received_at) from cases)");
        query.build_query_as().fetch_one(conn).await?
    });
    let (Some(oldest), Some(newest)) = (oldest, newest) else { return Ok(Vec::new()) };
    let (mut month, last) = (Timestamp(oldest).month(), Timestamp(newest).month());
    let mut months = Vec::new();
    while month <= last {
        months.push(month);
        month = if month % 100 == 12 { month + 89 } else { month + 1 };
    }
    Ok(months)
}

fn is_open_only(filter: &CaseFilter) -> bool {
    !filter.states.is_empty() && filter.states.iter().all(|state| state.is_open())
}

/// How many of the newest entries a search by words on PostgreSQL looks through before it looks through more: its index
/// knows no order, so that without a bound every page would read the matches of all times.
const NEWEST: [i64; 2] = [50_000, 1_000_000];

/// One page, of the newest entries below the cursor only, `within` so many.
async fn case_page(tx: &mut Tx, filter: &CaseFilter, within: Option<i64>, months: &[i64]) -> Result<Vec<CaseRow>> {
    let words = filter.text.as_deref().and_then(|text| search::query(tx, text, filter.area, months));
    let (search, close, newest, entered) = match tx {
        Tx::Sqlite(_) => (SEARCH_SQLITE, ")", "s.rowid", "case_rows"),
        Tx::Postgres(_) => (SEARCH_POSTGRES, " as tsquery))", "s.seq", "case_search"),
    };
    let by_words = words.is_some();
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select c.*");
        push_where!(query, filter, words.clone(), search, close);
        match (by_words, filter.order) {
            (true, _) => {
                if let Some(cursor) = filter.after {
                    query.push(format!(" and {newest} < (select seq from {entered} where case_id = "));
                    query.push_bind(cursor.id).push(")");
                }
                if let Some(within) = within {
                    query.push(format!(" and {newest} > (select max(seq) from {entered}"));
                    if let Some(cursor) = filter.after {
                        query.push(" where case_id = ").push_bind(cursor.id);
                    }
                    query.push(") - ").push_bind(within);
                }
                if is_open_only(filter) {
                    // As expressions, `seq` and `id` keep SQLite from walking the whole table: in the order of `seq`, or
                    // because the columns compared are declared with different types.
                    query.push(format!(" and {newest} >= (select min(+seq) from {entered} where case_id in ("));
                    for (i, state) in filter.states.iter().enumerate() {
                        query.push(if i == 0 { "" } else { " union all " });
                        query
                            .push("select * from (select coalesce(id, id) from cases where state = ")
                            .push_bind(state.as_str());
                        query.push(" order by id limit 1) oldest");
                    }
                    query.push("))");
                }
                query.push(" order by ").push(newest).push(" desc");
            }
            (false, CaseOrder::Newest) => {
                if let Some(cursor) = filter.after {
                    query.push(" and (c.received_at, c.id) < (").push_bind(cursor.key);
                    query.push(", ").push_bind(cursor.id).push(")");
                }
                query.push(" order by c.received_at desc, c.id desc");
            }
            (false, CaseOrder::Due) => {
                match filter.after {
                    Some(Cursor { key: i64::MAX, id }) => {
                        query.push(" and c.due_at is null and c.id > ").push_bind(id);
                    }
                    Some(Cursor { key, id }) => {
                        query.push(" and (c.due_at is null or (c.due_at, c.id) > (").push_bind(key);
                        query.push(", ").push_bind(id).push("))");
                    }
                    None => {}
                }
                query.push(" order by c.due_at nulls last, c.id");
            }
        }
        query.push(" limit ").push_bind(filter.limit.clamp(1, 200));
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// How many there are, counted up to `most`.
pub async fn case_count(tx: &mut Tx, filter: &CaseFilter, most: i64) -> Result<i64> {
    let words = filter.text.as_deref().and_then(|text| search::query(tx, text, filter.area, &[]));
    let (search, close) = match tx {
        Tx::Sqlite(_) => (SEARCH_SQLITE, ")"),
        Tx::Postgres(_) => (SEARCH_POSTGRES, " as tsquery))"),
    };
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select cast(count(*) as bigint) from (select 1 as one");
        push_where!(query, filter, words.clone(), search, close);
        query.push(" limit ").push_bind(most).push(") counted");
        query.build_query_scalar().fetch_one(conn).await?
    }))
}
