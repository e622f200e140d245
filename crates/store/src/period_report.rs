//! Reports of a period: frozen snapshots and how far each has come, and what came in by channel and kind.

use muster_core::area::AreaId;
use muster_core::evaluate::period::Period;
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};

/// A report without its content.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PeriodReportRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "String")]
    pub period: Period,
    /// SHA-256 of the content in hex.
    pub hash: String,
    /// `draft`, `approved`, `published`, `withdrawn` or `superseded`.
    pub state: String,
    pub written_by: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub written_at: Timestamp,
    pub approved_by: Option<Uuid>,
    pub approved_at: Option<i64>,
    pub published_by: Option<Uuid>,
    pub published_at: Option<i64>,
    pub ended_by: Option<Uuid>,
    pub ended_at: Option<i64>,
    pub reason: Option<String>,
    pub superseded_by: Option<Uuid>,
}

/// Everything but the content, which may be large.
macro_rules! head_sql {
    ($rest:literal) => {
        concat!(
            "select id, area, period, hash, state, written_by, written_at, approved_by, approved_at, published_by,
             published_at, ended_by, ended_at, reason, superseded_by from period_reports ",
            $rest
        )
    };
}

pub async fn period_report_insert(tx: &mut Tx, row: &PeriodReportRow, content: &str) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into period_reports (id, area, period, content, hash, state, written_by, written_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(row.id)
    .bind(row.area.get())
    .bind(row.period.to_string())
    .bind(content)
    .bind(&row.hash)
    .bind(&row.state)
    .bind(row.written_by)
    .bind(row.written_at.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

pub async fn period_report_get(tx: &mut Tx, id: Uuid) -> Result<Option<PeriodReportRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(head_sql!("where id = $1")).bind(id).fetch_optional(conn).await?))
}

/// What it says, as it was written.
pub async fn period_report_content(tx: &mut Tx, id: Uuid) -> Result<String> {
    let found: Option<String> = on!(tx, |conn| sqlx::query_scalar("select content from period_reports where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?);
    found.ok_or(Error::NotFound)
}

/// The reports of one area and period, the newest first.
pub async fn period_reports_of(tx: &mut Tx, area: AreaId, period: Period) -> Result<Vec<PeriodReportRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(head_sql!("where area = $1 and period = $2 order by written_at desc, id desc"))
        .bind(area.get())
        .bind(period.to_string())
        .fetch_all(conn)
        .await?))
}

/// The reports of the areas of `scope`, the newest first.
pub async fn period_reports(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<PeriodReportRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(head_sql!("where (false"));
        for (first, last) in &scope.areas {
            query.push(" or area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        query.push(") order by written_at desc, id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// What is open to everybody, the latest first.
pub async fn period_reports_published(tx: &mut Tx, limit: i64) -> Result<Vec<PeriodReportRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(head_sql!(
        "where state = 'published' order by published_at desc, id desc limit $1"
    ))
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// Writes the new state of a report that was in state `from`; `Conflict` where somebody was quicker.
pub async fn period_report_move(tx: &mut Tx, from: &str, row: &PeriodReportRow) -> Result<()> {
    let changed = on!(tx, |conn| {
        sqlx::query(
        "update period_reports set state = $3, approved_by = $4, approved_at = $5, published_by = $6, published_at = $7,
           ended_by = $8, ended_at = $9, reason = $10, superseded_by = $11
         where id = $1 and state = $2"
    )
    .bind(row.id)
    .bind(from)
    .bind(&row.state)
    .bind(row.approved_by)
    .bind(row.approved_at)
    .bind(row.published_by)
    .bind(row.published_at)
    .bind(row.ended_by)
    .bind(row.ended_at)
    .bind(&row.reason)
    .bind(row.superseded_by)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("the report is in another state by now".to_owned())) }
}

/// What came in from `since` until before `until` in a range of areas, by channel: reports, joined ones too.
pub async fn received_by_channel(
    tx: &mut Tx,
    range: (i64, i64),
    span: (Timestamp, Timestamp),
) -> Result<Vec<(String, i64)>> {
    let sql = "select channel, cast(count(*) as bigint) from reports
         where received_at >= $1 and received_at < $2 and area between $3 and $4 group by channel order by channel";
    counted(tx, sql, range, span).await
}

/// What came in from `since` until before `until` in a range of areas, by kind: cases, as they are classed today.
pub async fn received_by_kind(
    tx: &mut Tx,
    range: (i64, i64),
    span: (Timestamp, Timestamp),
) -> Result<Vec<(String, i64)>> {
    let sql = "select kind, cast(count(*) as bigint) from cases
         where received_at >= $1 and received_at < $2 and area between $3 and $4 group by kind order by kind";
    counted(tx, sql, range, span).await
}

async fn counted(
    tx: &mut Tx,
    sql: &'static str,
    range: (i64, i64),
    (since, until): (Timestamp, Timestamp),
) -> Result<Vec<(String, i64)>> {
    Ok(on!(tx, |conn| sqlx::query_as(sql)
        .bind(since.0)
        .bind(until.0)
        .bind(range.0)
        .bind(range.1)
        .fetch_all(conn)
        .await?))
}
