//! Work of a case is given to a unit as a part of its own, with an order and a time.

use jiff::civil::Date;
use muster_core::id::{PartId, UnitId};
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, TaskState, plan};
use muster_core::time::clock::BudgetUnit;
use muster_store::process::{CaseRow, PartAfter, PartRow, PartUnit, Parts, parts_insert, parts_of_case};

use super::act::{Act, Words, fits};
use super::dispatch::known_unit;
use super::parts::{begin_ready, planned};
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// What is given out. Other parts are named by their numbers.
#[derive(Clone, Debug, Default)]
pub struct NewPart {
    pub title: String,
    pub unit: Option<UnitId>,
    /// Units that help.
    pub cooperating: Vec<UnitId>,
    pub required: bool,
    pub amount: i64,
    /// A word of `BudgetUnit`.
    pub budget_unit: String,
    pub parent: Option<i64>,
    pub after: Vec<i64>,
    pub not_before: Option<Date>,
    /// Why; the unit reads it.
    pub reason: String,
}

/// Parts of one case, at most: more belong in a project of its own.
pub const PARTS_MOST: usize = 200;

/// Returns the case and the number of the new part.
pub async fn part_add(
    state: &State,
    actor: &Actor,
    code: &str,
    new: &NewPart,
    version: Option<i64>,
) -> Result<(CaseRow, i64)> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::PartAdd, version).await?;
    let from = case.state;
    case.take(&case.state_machine()?.of_part(Move::PartAdd)?);
    let parts = parts_of_case(&mut act.tx, case.id).await?;
    check(state, new, &parts)?;
    let unit = new.unit.ok_or_else(|| Error::invalid("unit", "unit-unknown", "Choose a unit from the list."))?;
    known_unit(&mut act.tx, "unit", unit).await?;
    for helper in &new.cooperating {
        known_unit(&mut act.tx, "cooperating", *helper).await?;
    }
    let number = parts.rows.last().map_or(0, |part| part.number) + 1;
    let added = rows(&act, &case, &parts, (number, unit), new);
    let whole = join(parts, added);
    plan(&planned(&whole, act.at).1, act.at, |_, start| start)
        .map_err(|fault| Error::invalid("after", "part-circle", format!("{fault}. Take one of them out.")))?;
    add(&mut act, whole, number).await?;
    let detail = serde_json::json!({ "parts": [number], "unit": unit });
    let words = Words { internal: Some(format!("{} {}", new.title.trim(), new.reason.trim())), detail, public: None };
    act.step(&case, from, Move::PartAdd, None, words);
    act.audit(Action::PartAdd, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok((case, number))
}

/// Writes the parts from number `first` on, with their times where they can begin.
pub(super) async fn add(act: &mut Act<'_>, mut whole: Parts, first: i64) -> Result<()> {
    begin_ready(act.state, &mut whole);
    let is_new = |id: PartId| whole.by_id(id).is_some_and(|part| part.number >= first);
    let units = whole.units.iter().filter(|row| is_new(row.part_id)).cloned().collect();
    let after = whole.after.iter().filter(|row| is_new(row.part_id)).cloned().collect();
    let rows = whole.rows.iter().filter(|part| part.number >= first).cloned().collect();
    parts_insert(&mut act.tx, &Parts { rows, units, after }).await?;
    Ok(())
}

pub(super) fn join(mut parts: Parts, added: Parts) -> Parts {
    parts.rows.extend(added.rows);
    parts.units.extend(added.units);
    parts.after.extend(added.after);
    parts
}

/// INVARIANT: `check` has passed.
pub(super) fn rows(
    act: &Act<'_>,
    case: &CaseRow,
    parts: &Parts,
    (number, unit): (i64, UnitId),
    new: &NewPart,
) -> Parts {
    let id = PartId(act.state.chance.uuid(act.at));
    let by_number = |number: &i64| parts.by_number(*number).map(|part| part.id);
    let row = PartRow {
        id,
        case_id: case.id,
        number,
        code: case.code.part(number),
        parent_id: new.parent.as_ref().and_then(by_number).map(|parent| parent.0),
        title: new.title.trim().to_owned(),
        unit_id: unit,
        required: new.required,
        state: TaskState::Assigned,
        budget_amount: new.amount,
        budget_unit: new.budget_unit.clone(),
        not_before: new.not_before.map(|date| act.state.pack.calendar.day_bounds(date).0.0),
        given_at: act.at,
        given_by: act.actor.account_id().map(|account| account.0),
        reason: new.reason.trim().to_owned(),
        started_at: None,
        calendar: None,
        provisional: false,
        due_at: None,
        accepted_at: None,
        ended_at: None,
        result: None,
        evidence: None,
        rung: 0,
        next_rung_at: None,
    };
    let mut helpers = new.cooperating.clone();
    helpers.sort_unstable();
    helpers.dedup();
    let units = helpers.into_iter().filter(|helper| *helper != unit);
    let mut after: Vec<PartId> = new.after.iter().filter_map(by_number).collect();
    after.sort_unstable();
    after.dedup();
    Parts {
        rows: vec![row],
        units: units.map(|unit_id| PartUnit { part_id: id, unit_id }).collect(),
        after: after.into_iter().map(|after_id| PartAfter { part_id: id, after_id }).collect(),
    }
}

fn check(state: &State, new: &NewPart, parts: &Parts) -> Result<()> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: String| {
        faults.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail });
    };
    let title = new.title.trim().chars().count();
    if title == 0 {
        fault("title", "part-title-missing", "Say in a few words what is to be done.".to_owned());
    } else if title > state.pack.intake.title_max {
        let max = state.pack.intake.title_max;
        fault("title", "text-long", format!("The title has {title} characters; at most {max} fit."));
    }
    if new.reason.trim().is_empty() {
        fault("reason", "reason-missing", "Say why this unit is to do it.".to_owned());
    }
    match BudgetUnit::from_code(&new.budget_unit) {
        None => {
            let known = BudgetUnit::CODES.join(", ");
            fault("budget_unit", "budget-unknown", format!("{:?} is no unit of time; use {known}.", new.budget_unit));
        }
        Some(unit) if !(1..=unit.most()).contains(&new.amount) => {
            let detail = format!("{} is not a time in range; use 1 to {}.", new.amount, unit.most());
            fault("amount", "budget-range", detail);
        }
        Some(_) => {}
    }
    let open = |number: &i64| parts.by_number(*number).is_some_and(|part| part.state.is_open());
    if let Some(parent) = new.parent.filter(|parent| !open(parent)) {
        fault("parent", "part-unknown", format!("{parent} is no open part of this case; choose one that is."));
    }
    let there = |number: &&i64| parts.by_number(**number).is_none_or(|part| part.state == TaskState::Cancelled);
    if let Some(after) = new.after.iter().find(there) {
        fault("after", "part-unknown", format!("{after} is no part of this case; choose one that is."));
    }
    if parts.rows.len() >= PARTS_MOST {
        fault("title", "parts-many", format!("The case has {PARTS_MOST} parts already; no more fit."));
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    fits(state, "reason", &new.reason)
}
