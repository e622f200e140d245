//! Hot spots, their members, and the texts they are found in.

use muster_core::area::AreaId;
use muster_core::id::ReportId;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};

/// A report as the watch reads it.
#[derive(Clone, Debug, FromRow)]
pub struct HeardRow {
    #[sqlx(try_from = "Uuid")]
    pub id: ReportId,
    pub person_id: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub title: String,
    pub text: String,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
}

/// Reports received from `since` until before `until`, newest first.
pub async fn reports_heard(tx: &mut Tx, (since, until): (Timestamp, Timestamp), limit: i64) -> Result<Vec<HeardRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, person_id, area, title, text, received_at from reports
         where received_at >= $1 and received_at < $2 order by received_at desc limit $3"
    )
    .bind(since.0)
    .bind(until.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

#[derive(Clone, Debug, FromRow)]
pub struct HotspotRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub name: String,
    #[sqlx(try_from = "i64")]
    pub since: Timestamp,
    #[sqlx(try_from = "i64")]
    pub last_at: Timestamp,
    pub people: i64,
    pub chance: f64,
    /// `new`, `taken` or `dismissed`.
    pub state: String,
    pub unit_id: Option<Uuid>,
    pub reason: Option<String>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<i64>,
}

pub async fn hotspot_insert(tx: &mut Tx, spot: &HotspotRow) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "insert into hotspots (id, area, name, since, last_at, people, chance, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(spot.id)
    .bind(spot.area.get())
    .bind(&spot.name)
    .bind(spot.since.0)
    .bind(spot.last_at.0)
    .bind(spot.people)
    .bind(spot.chance)
    .bind(&spot.state)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// A spot that has gone on: more people, a later report, perhaps another name.
pub async fn hotspot_grow(tx: &mut Tx, spot: &HotspotRow) -> Result<()> {
    on!(tx, |conn| sqlx::query("update hotspots set name = $2, last_at = $3, people = $4 where id = $1")
        .bind(spot.id)
        .bind(&spot.name)
        .bind(spot.last_at.0)
        .bind(spot.people)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Adds members; those that are there already stay.
pub async fn hotspot_add(tx: &mut Tx, spot: Uuid, reports: &[ReportId]) -> Result<()> {
    for chunk in reports.chunks(500) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("insert into hotspot_reports (hotspot_id, report_id) ");
            query.push_values(chunk, |mut bind, report| {
                bind.push_bind(spot).push_bind(report.0);
            });
            query.push(" on conflict (hotspot_id, report_id) do nothing");
            query.build().execute(conn).await?;
        });
    }
    Ok(())
}

/// Spots within a range of areas whose last report is not older than `since`, newest first.
pub async fn hotspots(tx: &mut Tx, range: (i64, i64), since: Timestamp, limit: i64) -> Result<Vec<HotspotRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from hotspots where area between $1 and $2 and last_at >= $3 order by last_at desc, id desc limit $4"
    )
    .bind(range.0)
    .bind(range.1)
    .bind(since.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// The newest spot of just this area, not older than `since`, that has at least half of these reports.
pub async fn hotspot_of(
    tx: &mut Tx,
    area: AreaId,
    since: Timestamp,
    reports: &[ReportId],
) -> Result<Option<HotspotRow>> {
    if reports.is_empty() {
        return Ok(None);
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select h.* from hotspots h where h.area = ");
        query.push_bind(area.get()).push(" and h.last_at >= ").push_bind(since.0);
        query.push(" and (select count(*) from hotspot_reports m where m.hotspot_id = h.id and m.report_id in (");
        let mut list = query.separated(", ");
        for report in reports {
            list.push_bind(report.0);
        }
        query.push(")) * 2 >= ").push_bind(reports.len() as i64);
        query.push(" order by h.last_at desc, h.id desc limit 1");
        query.build_query_as().fetch_optional(conn).await?
    }))
}

pub async fn hotspot_get(tx: &mut Tx, id: Uuid) -> Result<Option<HotspotRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from hotspots where id = $1").bind(id).fetch_optional(conn).await?))
}

/// Writes a decision about a spot that nobody has decided; `Conflict` where somebody has.
pub async fn hotspot_decide(tx: &mut Tx, spot: &HotspotRow) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update hotspots set state = $2, unit_id = $3, reason = $4, decided_by = $5, decided_at = $6
         where id = $1 and state = 'new'"
    )
    .bind(spot.id)
    .bind(&spot.state)
    .bind(spot.unit_id)
    .bind(&spot.reason)
    .bind(spot.decided_by)
    .bind(spot.decided_at)
    .execute(conn)
    .await?
    .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("the hot spot has been decided".to_owned())) }
}

/// A member of a spot with its case.
#[derive(Clone, Debug, FromRow)]
pub struct MemberRow {
    pub report_id: Uuid,
    pub code: String,
    pub state: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub unit_id: Option<Uuid>,
    pub title: String,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
}

/// The reports of a spot, newest first.
pub async fn hotspot_members(tx: &mut Tx, id: Uuid, limit: i64) -> Result<Vec<MemberRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select r.id as report_id, c.code, c.state, c.area, c.unit_id, r.title, r.received_at
         from hotspot_reports h join reports r on r.id = h.report_id join cases c on c.id = r.case_id
         where h.hotspot_id = $1 order by r.received_at desc, r.id desc limit $2"
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// Whether it is this caller's turn to do a job: the first after `rest` has passed since the last turn.
pub async fn turn_take(tx: &mut Tx, job: &str, now: Timestamp, rest: i64) -> Result<bool> {
    on!(tx, |conn| sqlx::query("insert into instance (key, value) values ($1, '0') on conflict (key) do nothing")
        .bind(job)
        .execute(conn)
        .await?
        .rows_affected());
    let taken =
        on!(tx, |conn| sqlx::query("update instance set value = $2 where key = $1 and cast(value as bigint) <= $3")
            .bind(job)
            .bind(now.0.to_string())
            .bind(now.plus(-rest).0)
            .execute(conn)
            .await?
            .rows_affected());
    Ok(taken == 1)
}
