//! What a score is counted from beside the counts of the figures: what is left out, and parts of joint work.

use muster_core::evaluate::Measure;
use muster_core::id::{CaseId, UnitId};
use muster_core::pack::Exempt;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};

/// How often a measure was counted for the cases that are left out of a unit's score.
#[derive(Clone, Debug, FromRow)]
pub struct ExemptSum {
    #[sqlx(try_from = "String")]
    pub kind: Exempt,
    /// Two digits.
    pub class: String,
    #[sqlx(try_from = "String")]
    pub measure: Measure,
    pub amount: i64,
}

/// By kind, class and measure, on inclusive days (yyyymmdd).
pub async fn exempt_sums(tx: &mut Tx, unit: UnitId, days: (i64, i64)) -> Result<Vec<ExemptSum>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select e.kind, d.class, d.measure, cast(sum(d.amount) as bigint) as amount
         from exclusions e join deltas d on d.case_id = e.case_id and d.unit_id = e.unit_id
         where e.unit_id = $1 and e.state = 'granted' and d.day between $2 and $3
         group by e.kind, d.class, d.measure order by e.kind, d.class, d.measure"
    )
    .bind(unit.0)
    .bind(days.0)
    .bind(days.1)
    .fetch_all(conn)
    .await?))
}

/// A part of joint work that a unit owes or helps with.
#[derive(Clone, Debug, FromRow)]
pub struct JointRow {
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub code: String,
    pub title: String,
    /// Two digits.
    pub class: String,
    /// 1 where it was done in time.
    pub met: i64,
    /// What became of it for the score, if anything was granted.
    pub kind: Option<String>,
}

/// Parts of joint work that were kept or ran out from `first` until before `end`, each once for this unit, whether it owes
/// the part or helps with it. What was called off is none.
pub async fn joint_rows(
    tx: &mut Tx,
    unit: UnitId,
    (first, end): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<JointRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select p.case_id, c.code, p.title, substr(c.category, 1, 2) as class,
           cast(case when p.ended_at is not null and p.ended_at <= p.due_at then 1 else 0 end as bigint) as met, e.kind
         from parts p join cases c on c.id = p.case_id
         left join exclusions e on e.case_id = p.case_id and e.unit_id = $1 and e.state = 'granted'
         where p.due_at is not null and p.state <> 'cancelled'
           and (p.unit_id = $1 or exists (select 1 from part_units h where h.part_id = p.id and h.unit_id = $1))
           and ((p.ended_at is not null and p.ended_at <= p.due_at and p.ended_at >= $2 and p.ended_at < $3)
             or ((p.ended_at is null or p.ended_at > p.due_at) and p.due_at >= $2 and p.due_at < $3 and p.due_at <= $4))
         order by p.case_id, p.number"
    )
    .bind(unit.0)
    .bind(first.0)
    .bind(end.0)
    .bind(now.0)
    .fetch_all(conn)
    .await?))
}
