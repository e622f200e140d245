//! Joint meetings: the queue of what no single unit owns, agendas, decisions, and what they change in the duty list.

use muster_core::area::AreaId;
use muster_core::id::{CaseId, UnitId};
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::people::Unit;
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct MeetingRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "i64")]
    pub held_at: Timestamp,
    pub place: String,
    pub chair: String,
    #[sqlx(try_from = "i64")]
    pub called_at: Timestamp,
    pub called_by: Option<Uuid>,
}

record!(MeetingRow, "insert into meetings (id, area, held_at, place, chair, called_at, called_by) ", |meeting| [
    meeting.id,
    meeting.area.get(),
    meeting.held_at.0,
    &meeting.place,
    &meeting.chair,
    meeting.called_at.0,
    meeting.called_by,
]);

struct Invited {
    meeting: Uuid,
    unit: UnitId,
}

record!(Invited, "insert into meeting_units (meeting_id, unit_id) ", |row| [row.meeting, row.unit.0]);

/// A matter of a meeting, or one that waits for a meeting.
#[derive(Clone, Debug, FromRow)]
pub struct MatterRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    #[sqlx(try_from = "i64")]
    pub waiting_since: Timestamp,
    pub reason: String,
    pub put_by: Option<Uuid>,
    pub meeting_id: Option<Uuid>,
    pub position: Option<i64>,
    /// `owner`, `joint`, `up` or `postponed`; none while it waits.
    pub decision: Option<String>,
    pub unit_id: Option<Uuid>,
    pub words: Option<String>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<i64>,
}

record!(
    MatterRow,
    "insert into meeting_matters (id, case_id, waiting_since, reason, put_by, meeting_id, position, decision, unit_id,
         words, decided_by, decided_at) ",
    |matter| [
        matter.id,
        matter.case_id.0,
        matter.waiting_since.0,
        &matter.reason,
        matter.put_by,
        matter.meeting_id,
        matter.position,
        &matter.decision,
        matter.unit_id,
        &matter.words,
        matter.decided_by,
        matter.decided_at,
    ]
);

/// A change of the duty list.
#[derive(Clone, Debug)]
pub struct Amendment {
    pub id: Uuid,
    pub area: AreaId,
    /// The category and all below it.
    pub category: String,
    pub unit_id: UnitId,
    pub effective_at: Timestamp,
    pub matter_id: Uuid,
    pub basis: String,
}

record!(
    Amendment,
    "insert into duty_amendments (id, area, category, unit_id, effective_at, matter_id, basis) ",
    |row| [row.id, row.area.get(), &row.category, row.unit_id.0, row.effective_at.0, row.matter_id, &row.basis]
);

pub async fn meeting_insert(tx: &mut Tx, meeting: &MeetingRow, units: &[UnitId]) -> Result<()> {
    insert(tx, std::slice::from_ref(meeting)).await?;
    let invited: Vec<Invited> = units.iter().map(|unit| Invited { meeting: meeting.id, unit: *unit }).collect();
    insert(tx, &invited).await
}

pub async fn matter_insert(tx: &mut Tx, matter: &MatterRow) -> Result<()> {
    insert(tx, std::slice::from_ref(matter)).await
}

pub async fn amendment_insert(tx: &mut Tx, amendment: &Amendment) -> Result<()> {
    insert(tx, std::slice::from_ref(amendment)).await
}

pub async fn meeting_get(tx: &mut Tx, id: Uuid) -> Result<Option<MeetingRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from meetings where id = $1").bind(id).fetch_optional(conn).await?))
}

/// The units that were invited.
pub async fn meeting_units(tx: &mut Tx, id: Uuid) -> Result<Vec<Unit>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select u.id, u.code, u.name, u.department, u.area from meeting_units m join units u on u.id = m.unit_id
         where m.meeting_id = $1 order by u.code"
    )
    .bind(id)
    .fetch_all(conn)
    .await?))
}

/// The agenda, in its order.
pub async fn meeting_agenda(tx: &mut Tx, id: Uuid) -> Result<Vec<MatterRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from meeting_matters where meeting_id = $1 order by position")
        .bind(id)
        .fetch_all(conn)
        .await?))
}

/// The matter of a case that is not decided yet.
pub async fn matter_open(tx: &mut Tx, case: CaseId) -> Result<Option<MatterRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from meeting_matters where case_id = $1 and decision is null")
        .bind(case.0)
        .fetch_optional(conn)
        .await?))
}

/// Puts an open matter on an agenda, or writes its decision; `Conflict` when it was decided meanwhile.
pub async fn matter_update(tx: &mut Tx, matter: &MatterRow) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update meeting_matters set meeting_id = $2, position = $3, decision = $4, unit_id = $5, words = $6,
         decided_by = $7, decided_at = $8 where id = $1 and decision is null"
    )
    .bind(matter.id)
    .bind(matter.meeting_id)
    .bind(matter.position)
    .bind(&matter.decision)
    .bind(matter.unit_id)
    .bind(&matter.words)
    .bind(matter.decided_by)
    .bind(matter.decided_at)
    .execute(conn)
    .await?
    .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict(format!("matter {} was decided meanwhile", matter.id))) }
}

/// A case that waits for a meeting.
#[derive(Clone, Debug, FromRow)]
pub struct WaitingRow {
    pub code: String,
    pub title: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "i64")]
    pub waiting_since: Timestamp,
    pub reason: String,
    /// The meeting that has it on its agenda.
    pub meeting_id: Option<Uuid>,
    /// Name of the account that put it there; none where the list of duties did.
    pub put_by: Option<String>,
}

/// What waits for a meeting in the areas of `scope`, the longest first: matters that were put there, and cases in triage
/// that the duty list gives to nobody or that two units handed back.
pub async fn matters_waiting(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<WaitingRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select c.code, c.title, c.area, coalesce(m.waiting_since, c.received_at) as waiting_since,
             coalesce(m.reason, c.triage_reason, '') as reason, m.meeting_id, a.name as put_by
             from cases c left join meeting_matters m on m.case_id = c.id and m.decision is null
             left join accounts a on a.id = m.put_by
             where (m.id is not null or (c.state = 'triage' and (c.triage_reason in ('no-duty', 'no-unit')
               or (c.triage_reason = 'disputed'
                   and (select count(*) from steps s where s.case_id = c.id and s.move = 'dispute') >= 2))))
             and (false",
        );
        for (first, last) in &scope.areas {
            query.push(" or c.area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        query.push(") order by 4, c.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// A matter that a meeting decided, and how long it had waited.
#[derive(Clone, Debug, FromRow)]
pub struct DecidedRow {
    pub code: String,
    pub title: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "i64")]
    pub waiting_since: Timestamp,
    #[sqlx(try_from = "i64")]
    pub decided_at: Timestamp,
    pub decision: String,
    pub meeting_id: Option<Uuid>,
}

/// What was decided from `first` up to but not including `end` in the areas of `scope`, the longest wait first. What was
/// postponed waits on and is not among it.
pub async fn matters_decided(
    tx: &mut Tx,
    scope: &Scope,
    (first, end): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<DecidedRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select c.code, c.title, c.area, m.waiting_since, m.decided_at, m.decision, m.meeting_id
             from meeting_matters m join cases c on c.id = m.case_id
             where m.decision in ('owner', 'joint', 'up') and m.decided_at >= ",
        );
        query.push_bind(first.0).push(" and m.decided_at < ").push_bind(end.0).push(" and (false");
        for (first, last) in &scope.areas {
            query.push(" or c.area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        query.push(") order by m.decided_at - m.waiting_since desc, m.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// A unit by amendment: as in `Unit`, with where and why.
#[derive(Clone, Debug, FromRow)]
struct Amended {
    #[sqlx(flatten)]
    unit: Unit,
    at_area: i64,
    of_category: String,
    basis: String,
}

/// The unit that a meeting made the owner of a category in an area: the longest category decides, then the nearest area,
/// then the latest decision.
pub async fn amended_owner(
    tx: &mut Tx,
    category: &str,
    areas: &[AreaId],
    now: Timestamp,
) -> Result<Option<(Unit, String)>> {
    let mut found: Vec<Amended> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select u.id, u.code, u.name, u.department, u.area, a.area as at_area, a.category as of_category, a.basis
             from duty_amendments a join units u on u.id = a.unit_id where a.effective_at <= ",
        );
        query.push_bind(now.0).push(" and a.category in (");
        let mut list = query.separated(", ");
        for code in [2, 4, 6].into_iter().filter_map(|length| category.get(..length)) {
            list.push_bind(code.to_owned());
        }
        query.push(") and a.area in (");
        let mut list = query.separated(", ");
        for area in areas {
            list.push_bind(area.get());
        }
        query.push(") order by a.effective_at desc, a.id desc");
        query.build_query_as().fetch_all(conn).await?
    });
    let near = |area: i64| areas.iter().position(|known| known.get() == area);
    found.sort_by_key(|row| (std::cmp::Reverse(row.of_category.len()), near(row.at_area)));
    Ok(found.into_iter().next().map(|row| (row.unit, row.basis)))
}
