//! What must be true of the parts of a case's work: nothing required is left open, and they can be planned.

use muster_core::id::PartId;
use muster_core::process::{Planned, Stage, plan};
use muster_core::time::Timestamp;
use muster_core::time::calendar::Calendar;
use muster_core::time::clock::{Budget, BudgetUnit, due};
use uuid::Uuid;

use super::{Check, Weight};
use crate::db::{Result, Tx, on};
use crate::process::{PartRow, Parts, parts_of_case};

/// Cases with parts that are read at once.
const PAGE: i64 = 200;

pub(super) async fn whole(tx: &mut Tx, calendar: &Calendar) -> Result<[Check; 3]> {
    let rule = |name, sentence| Check::new(name, Weight::Finding, sentence);
    let mut open = rule("parts-required", "No required part is open under a case that is answered or closed.");
    let mut order = rule("parts-order", "No parts wait for each other in a circle.");
    let mut times = rule("parts-due", "The due time of a part follows from start, budget and calendar.");
    let mut after = Uuid::nil();
    loop {
        let cases: Vec<(Uuid, String)> = on!(tx, |conn| {
            sqlx::query_as(
            "select c.id, c.state from cases c where c.id > $1 and exists (select 1 from parts p where p.case_id = c.id)
             order by c.id limit $2"
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(conn)
        .await?
        });
        for (case, state) in &cases {
            let parts = parts_of_case(tx, (*case).into()).await?;
            let over = matches!(state.as_str(), "answered" | "closed");
            for part in &parts.rows {
                let left = over && part.required && part.state.is_open();
                open.judge(left.then(|| format!("part {} is {} under a case that is {state}", part.code, part.state)));
                times.judge(due_fault(part, calendar).map(|fault| format!("part {}: {fault}", part.code)));
            }
            let name = parts.rows.first().map_or("", |part| part.code.as_str());
            order.judge(circle(&parts).map(|fault| format!("the case of part {name}: {fault}")));
        }
        let Some((last, _)) = cases.last() else { break };
        after = *last;
    }
    Ok([open, order, times])
}

fn circle(parts: &Parts) -> Option<String> {
    let number = |part: &PartRow| u32::try_from(part.number).unwrap_or_default();
    let planned: Vec<Planned> = parts
        .rows
        .iter()
        .map(|part| Planned {
            number: number(part),
            parent: part.parent_id.and_then(|id| parts.by_id(PartId(id))).map(number),
            after: parts.before(part.id).into_iter().map(number).collect(),
            not_before: None,
            stage: Stage::Waiting,
        })
        .collect();
    plan(&planned, Timestamp(0), |_, start| start).err().map(|fault| fault.to_string())
}

fn due_fault(part: &PartRow, calendar: &Calendar) -> Option<String> {
    let (Some(started), Some(stored)) = (part.started_at, part.due_at) else {
        return (part.started_at.is_some() || part.due_at.is_some()).then(|| "a start without a due time".to_owned());
    };
    if part.calendar.as_deref() != Some(calendar.version()) {
        return None;
    }
    let Some(unit) = BudgetUnit::from_code(&part.budget_unit) else {
        return Some(format!("{:?} is no unit of time", part.budget_unit));
    };
    let amount = u32::try_from(part.budget_amount).ok()?;
    let budget = Budget { amount, unit, ..Budget::default() };
    let should = due(Timestamp(started), &budget, calendar).at.0;
    (should != stored).then(|| format!("is due at {stored}, should be {should}"))
}
