//! Cases as rules are tried on them: what decided whom they went to and when they were due, and nothing of anybody.

use muster_core::area::AreaId;
use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};

#[derive(Clone, Debug, FromRow)]
pub struct ReplayRow {
    #[sqlx(try_from = "Uuid")]
    pub id: CaseId,
    pub code: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub category: String,
    pub kind: String,
    pub urgency: String,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    pub assigned_at: Option<i64>,
    pub answered_at: Option<i64>,
}

/// Cases received from `since` until before `until` in some ranges of areas, the oldest first, after the one named. What was
/// refused or has no class is none.
pub async fn cases_replayed(
    tx: &mut Tx,
    ranges: &[(i64, i64)],
    (since, until): (Timestamp, Timestamp),
    after: Option<(Timestamp, CaseId)>,
    limit: i64,
) -> Result<Vec<ReplayRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select id, code, area, category, kind, urgency, received_at, assigned_at, answered_at from cases
             where received_at >= ",
        );
        query.push_bind(since.0).push(" and received_at < ").push_bind(until.0);
        query.push(" and state <> 'refused' and category <> '' and (false");
        for (first, last) in ranges {
            query.push(" or area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        query.push(")");
        if let Some((at, id)) = after {
            query.push(" and (received_at, id) > (").push_bind(at.0).push(", ").push_bind(id.0).push(")");
        }
        query.push(" order by received_at, id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// When the answers of some cases stood still: `(case, from, until)`.
pub async fn pauses_replayed(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(Uuid, i64, Option<i64>)>> {
    let mut pauses = Vec::new();
    for chunk in cases.chunks(500) {
        let rows: Vec<(Uuid, i64, Option<i64>)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "select e.case_id, e.at, e.until_at from clock_entries e join clocks k on k.id = e.clock_id
                 where e.kind = 'pause' and k.kind = 'answer' and e.case_id in (",
            );
            let mut list = query.separated(", ");
            for case in chunk {
                list.push_bind(case.0);
            }
            query.push(")");
            query.build_query_as().fetch_all(conn).await?
        });
        pauses.extend(rows);
    }
    Ok(pauses)
}
