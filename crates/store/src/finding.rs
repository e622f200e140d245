//! Findings (问题清单), what happened to each, and the cases that show it.

use muster_core::area::AreaId;
use muster_core::evaluate::Ratio;
use muster_core::evaluate::finding::{FindingMove, FindingSource, FindingStage, FindingState, Owner};
use muster_core::id::{CaseId, UnitId};
use muster_core::people::{Scope, Subject};
use muster_core::time::Timestamp;
use sqlx::types::JsonValue;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::process::rung_write;
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct FindingRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "String")]
    pub source: FindingSource,
    pub title: String,
    /// What is wrong, for staff.
    pub words: String,
    #[sqlx(rename = "state", try_from = "String")]
    pub stage: FindingStage,
    pub unit_id: Option<Uuid>,
    pub due_at: Option<i64>,
    pub measure: Option<String>,
    pub plan_due_at: Option<i64>,
    pub evidence: Option<String>,
    pub own_checked_by: Option<Uuid>,
    pub checked_by: Option<Uuid>,
    pub public_title: Option<String>,
    pub public_words: Option<String>,
    pub published_at: Option<i64>,
    pub struck_at: Option<i64>,
    pub looks: i64,
    pub look_at: Option<i64>,
    /// Whether a person is asked whether it holds.
    pub look_asked: bool,
    /// How often it came back.
    pub reopened: i64,
    /// Code of the figure it was seen in; unit, class and days (yyyymmdd) belong to its question.
    pub indicator: Option<String>,
    pub figure_unit_id: Option<Uuid>,
    pub class: String,
    pub from_day: Option<i64>,
    pub to_day: Option<i64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub hotspot_id: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub found_at: Timestamp,
    pub found_by: Option<Uuid>,
    /// Since when and until when whoever has it owes the next step.
    pub owed_from: Option<i64>,
    pub owed_at: Option<i64>,
    pub rung: i64,
    pub next_rung_at: Option<i64>,
    pub version: i64,
}

impl FindingRow {
    pub fn subject(&self) -> Subject {
        Subject { area: Some(self.area), unit: self.unit_id.map(UnitId) }
    }

    /// The figure as it was when it was found.
    pub fn figure(&self) -> Option<Ratio> {
        Some(Ratio { numerator: self.numerator?, denominator: self.denominator? })
    }

    /// The state as core knows it; an error names what the row lacks.
    pub fn state(&self) -> Result<FindingState> {
        let lacks = |column| Error::Corrupt { table: "findings", column, value: format!("none, {}", self.stage) };
        let owner = || {
            let owner = self.unit_id.zip(self.due_at);
            owner.map(|(unit, due)| Owner { unit: UnitId(unit), due: Timestamp(due) }).ok_or_else(|| lacks("unit_id"))
        };
        let by = || self.plan_due_at.map(Timestamp).ok_or_else(|| lacks("plan_due_at"));
        Ok(match self.stage {
            FindingStage::Found => FindingState::Found,
            FindingStage::Dropped => FindingState::Dropped,
            FindingStage::Registered => FindingState::Registered(owner()?),
            FindingStage::Claimed => FindingState::Claimed(owner()?),
            FindingStage::Planned => FindingState::Planned { owner: owner()?, by: by()? },
            FindingStage::Fixing => FindingState::Fixing { owner: owner()?, by: by()? },
            FindingStage::OwnChecked => {
                FindingState::OwnChecked { owner: owner()?, by: by()?, who: self.own_checked_by.map(Into::into) }
            }
            FindingStage::Checked => FindingState::Checked(owner()?),
            FindingStage::Published => {
                let at = self.published_at.map(Timestamp).ok_or_else(|| lacks("published_at"))?;
                FindingState::Published { owner: owner()?, at }
            }
            FindingStage::StruckOff => {
                let at = self.struck_at.map(Timestamp).ok_or_else(|| lacks("struck_at"))?;
                FindingState::StruckOff { owner: owner()?, at, looks: self.looks.max(0) as usize }
            }
        })
    }

    /// Takes the state core has decided on. What belongs to a state that is left behind is forgotten here and stays in the
    /// history.
    pub fn take(&mut self, state: &FindingState) {
        self.stage = state.stage();
        self.unit_id = state.owner().map(|owner| owner.unit.0);
        self.due_at = state.owner().map(|owner| owner.due.0);
        match state {
            FindingState::Claimed(_) => {
                (self.measure, self.plan_due_at, self.evidence) = (None, None, None);
                (self.own_checked_by, self.checked_by, self.struck_at) = (None, None, None);
                (self.look_at, self.look_asked, self.looks) = (None, false, 0);
            }
            FindingState::Planned { by, .. } | FindingState::Fixing { by, .. } => {
                self.plan_due_at = Some(by.0);
                (self.own_checked_by, self.checked_by) = (None, None);
            }
            FindingState::OwnChecked { who, .. } => self.own_checked_by = who.map(|who| who.0),
            FindingState::Published { at, .. } => self.published_at = Some(at.0),
            FindingState::StruckOff { at, looks, .. } => {
                (self.struck_at, self.looks) = (Some(at.0), *looks as i64);
            }
            _ => {}
        }
    }
}

record!(
    FindingRow,
    "insert into findings (id, area, source, title, words, state, unit_id, due_at, indicator, figure_unit_id, class,
         from_day, to_day, numerator, denominator, hotspot_id, found_at, found_by, owed_from, owed_at, rung,
         next_rung_at) ",
    |row| [
        row.id,
        row.area.get(),
        row.source.as_str(),
        &row.title,
        &row.words,
        row.stage.as_str(),
        row.unit_id,
        row.due_at,
        &row.indicator,
        row.figure_unit_id,
        &row.class,
        row.from_day,
        row.to_day,
        row.numerator,
        row.denominator,
        row.hotspot_id,
        row.found_at.0,
        row.found_by,
        row.owed_from,
        row.owed_at,
        row.rung,
        row.next_rung_at,
    ]
);

/// A line of its history.
#[derive(Clone, Debug, FromRow)]
pub struct FindingStep {
    pub finding_id: Uuid,
    /// From 1.
    pub number: i64,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    #[sqlx(rename = "move", try_from = "String")]
    pub step: FindingMove,
    #[sqlx(try_from = "String")]
    pub from_state: FindingStage,
    #[sqlx(try_from = "String")]
    pub to_state: FindingStage,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub words: String,
    pub detail: JsonValue,
}

record!(
    FindingStep,
    "insert into finding_steps (finding_id, number, at, move, from_state, to_state, actor_kind, actor_id, words,
         detail) ",
    |step| [
        step.finding_id,
        step.number,
        step.at.0,
        step.step.as_str(),
        step.from_state.as_str(),
        step.to_state.as_str(),
        &step.actor_kind,
        step.actor_id,
        &step.words,
        &step.detail,
    ]
);

struct FindingCase {
    finding_id: Uuid,
    case_id: CaseId,
}

record!(FindingCase, "insert into finding_cases (finding_id, case_id) ", |row| [row.finding_id, row.case_id.0],
    after " on conflict (finding_id, case_id) do nothing");

pub async fn finding_insert(tx: &mut Tx, row: &FindingRow, cases: &[CaseId]) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await?;
    let cases: Vec<FindingCase> = cases.iter().map(|case| FindingCase { finding_id: row.id, case_id: *case }).collect();
    insert(tx, &cases).await
}

pub async fn finding_get(tx: &mut Tx, id: Uuid) -> Result<Option<FindingRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from findings where id = $1").bind(id).fetch_optional(conn).await?))
}

/// Holds a finding until the end of the transaction.
pub async fn finding_lock(tx: &mut Tx, id: Uuid) -> Result<Option<FindingRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => "select * from findings where id = $1",
        Tx::Postgres(_) => "select * from findings where id = $1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
}

/// Writes what can change; `Conflict` when somebody wrote since it was read.
pub async fn finding_update(tx: &mut Tx, row: &mut FindingRow) -> Result<()> {
    let changed = on!(tx, |conn| sqlx::query(
        "update findings set state = $2, unit_id = $3, due_at = $4, measure = $5, plan_due_at = $6, evidence = $7,
             own_checked_by = $8, checked_by = $9, public_title = $10, public_words = $11, published_at = $12,
             struck_at = $13, looks = $14, look_at = $15, look_asked = $16, reopened = $17, owed_from = $18,
             owed_at = $19, rung = $20, next_rung_at = $21, version = version + 1
         where id = $1 and version = $22"
    )
    .bind(row.id)
    .bind(row.stage.as_str())
    .bind(row.unit_id)
    .bind(row.due_at)
    .bind(&row.measure)
    .bind(row.plan_due_at)
    .bind(&row.evidence)
    .bind(row.own_checked_by)
    .bind(row.checked_by)
    .bind(&row.public_title)
    .bind(&row.public_words)
    .bind(row.published_at)
    .bind(row.struck_at)
    .bind(row.looks)
    .bind(row.look_at)
    .bind(row.look_asked)
    .bind(row.reopened)
    .bind(row.owed_from)
    .bind(row.owed_at)
    .bind(row.rung)
    .bind(row.next_rung_at)
    .bind(row.version)
    .execute(conn)
    .await?
    .rows_affected());
    if changed != 1 {
        return Err(Error::Conflict(format!("finding {} was changed meanwhile", row.id)));
    }
    row.version += 1;
    Ok(())
}

/// Adds a line to the history of a finding that is held; its number is the next.
pub async fn finding_step_add(tx: &mut Tx, mut step: FindingStep) -> Result<()> {
    let last: i64 = on!(tx, |conn| sqlx::query_scalar(
        "select cast(coalesce(max(number), 0) as bigint) from finding_steps where finding_id = $1"
    )
    .bind(step.finding_id)
    .fetch_one(conn)
    .await?);
    step.number = last + 1;
    insert(tx, &[step]).await
}

/// In their order.
pub async fn finding_steps(tx: &mut Tx, id: Uuid) -> Result<Vec<FindingStep>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from finding_steps where finding_id = $1 order by number")
        .bind(id)
        .fetch_all(conn)
        .await?))
}

/// Code and title of a case that shows it.
#[derive(Clone, Debug, FromRow)]
pub struct FindingCaseRow {
    pub code: String,
    pub title: String,
    pub state: String,
}

pub async fn finding_cases(tx: &mut Tx, id: Uuid) -> Result<Vec<FindingCaseRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select c.code, c.title, c.state from finding_cases f join cases c on c.id = f.case_id
         where f.finding_id = $1 order by c.received_at desc, c.id"
    )
    .bind(id)
    .fetch_all(conn)
    .await?))
}

/// Which findings a list shows.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    pub scope: Scope,
    /// None for all.
    pub stages: Vec<FindingStage>,
    pub source: Option<FindingSource>,
    pub area: Option<AreaId>,
    pub unit: Option<UnitId>,
    pub indicator: Option<String>,
    pub hotspot: Option<Uuid>,
    /// Only those whose next step is owed since before this moment.
    pub late: Option<Timestamp>,
}

macro_rules! push_filter {
    ($query:expr, $filter:expr) => {
        $query.push(" where (false");
        for (first, last) in &$filter.scope.areas {
            $query.push(" or area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        for unit in &$filter.scope.units {
            $query.push(" or unit_id = ").push_bind(unit.0);
        }
        $query.push(")");
        if !$filter.stages.is_empty() {
            $query.push(" and state in (");
            let mut list = $query.separated(", ");
            for stage in &$filter.stages {
                list.push_bind(stage.as_str());
            }
            $query.push(")");
        }
        if let Some(source) = $filter.source {
            $query.push(" and source = ").push_bind(source.as_str());
        }
        if let Some(area) = $filter.area {
            let (first, last) = area.range();
            $query.push(" and area between ").push_bind(first).push(" and ").push_bind(last);
        }
        if let Some(unit) = $filter.unit {
            $query.push(" and unit_id = ").push_bind(unit.0);
        }
        if let Some(indicator) = &$filter.indicator {
            $query.push(" and indicator = ").push_bind(indicator.clone());
        }
        if let Some(hotspot) = $filter.hotspot {
            $query.push(" and hotspot_id = ").push_bind(hotspot);
        }
        if let Some(late) = $filter.late {
            $query.push(" and owed_at < ").push_bind(late.0);
        }
    };
}

/// Those whose next step is owed first; then those of which nothing is owed, the newest first. With how many there are.
pub async fn findings_page(tx: &mut Tx, filter: &FindingFilter, limit: i64) -> Result<(Vec<FindingRow>, i64)> {
    let rows = on!(tx, |conn| {
        let mut query = QueryBuilder::new("select * from findings");
        push_filter!(query, filter);
        query.push(" order by coalesce(owed_at, 9223372036854775807), found_at desc, id limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    });
    let total = on!(tx, |conn| {
        let mut query = QueryBuilder::new("select cast(count(*) as bigint) from findings");
        push_filter!(query, filter);
        query.build_query_scalar().fetch_one(conn).await?
    });
    Ok((rows, total))
}

/// How many stand in each state.
pub async fn findings_by_stage(tx: &mut Tx, filter: &FindingFilter) -> Result<Vec<(FindingStage, i64)>> {
    let rows: Vec<(String, i64)> = on!(tx, |conn| {
        let mut query = QueryBuilder::new("select state, cast(count(*) as bigint) from findings");
        push_filter!(query, filter);
        query.push(" group by state");
        query.build_query_as().fetch_all(conn).await?
    });
    let stage = |text: String| {
        text.parse().map_err(|_| Error::Corrupt { table: "findings", column: "state", value: text.clone() })
    };
    rows.into_iter().map(|(text, count)| Ok((stage(text)?, count))).collect()
}

/// What is public within a range of areas, the newest first, with how many there are.
pub async fn findings_public(tx: &mut Tx, range: (i64, i64), limit: i64) -> Result<(Vec<FindingRow>, i64)> {
    let rows = on!(tx, |conn| sqlx::query_as(
        "select * from findings where published_at is not null and area between $1 and $2
         order by published_at desc, id limit $3"
    )
    .bind(range.0)
    .bind(range.1)
    .bind(limit)
    .fetch_all(conn)
    .await?);
    let total = on!(tx, |conn| sqlx::query_scalar(
        "select cast(count(*) as bigint) from findings where published_at is not null and area between $1 and $2"
    )
    .bind(range.0)
    .bind(range.1)
    .fetch_one(conn)
    .await?);
    Ok((rows, total))
}

/// A finding whose next rung is reached, with where its unit stands.
#[derive(Clone, Debug, FromRow)]
pub struct ReachedFinding {
    #[sqlx(flatten)]
    pub row: FindingRow,
    pub unit_area: Option<i64>,
}

/// Takes up to `limit` findings whose next rung is reached by `now`, the longest reached first. Another node passes over
/// what this one holds.
pub async fn findings_reached(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ReachedFinding>> {
    macro_rules! sql {
        () => {
            "select f.*, u.area as unit_area from findings f left join units u on u.id = f.unit_id
             where f.next_rung_at <= $1 order by f.next_rung_at limit $2"
        };
    }
    let claim = match tx {
        Tx::Sqlite(_) => sql!(),
        Tx::Postgres(_) => concat!(sql!(), " for update of f skip locked"),
    };
    Ok(on!(tx, |conn| sqlx::query_as(claim).bind(now.0).bind(limit).fetch_all(conn).await?))
}

/// Writes how far the ladder has been climbed. Nothing of what people decide changes, and so the version does not.
pub async fn finding_rung(tx: &mut Tx, id: Uuid, rung: i64, next: Option<i64>) -> Result<()> {
    rung_write(tx, "update findings set rung = $2, next_rung_at = $3 where id = $1", id, rung, next).await
}

/// Findings at which one is to look back by `now`.
pub async fn findings_to_look_at(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select id from findings where look_at <= $1 order by look_at limit $2")
        .bind(now.0)
        .bind(limit)
        .fetch_all(conn)
        .await?))
}
