//! A named plan of the pack is taken up for a case: its parts are given out in one act.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::id::UnitId;
use muster_core::pack::{PlanPart, PlanTemplate};
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, Planned, Slot, plan};
use muster_core::time::Timestamp;
use muster_core::time::clock::due;
use muster_store::Tx;
use muster_store::people::{Unit, units_at};
use muster_store::process::{CaseRow, case_by_code, parts_of_case};

use super::act::{Act, Words, deny, fits};
use super::dispatch::known_unit;
use super::part_add::{NewPart, PARTS_MOST, add, join, rows};
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// A part of a plan with the unit nearest to the case that could lead it, and when it would run.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub part: PlanPart,
    pub unit: Option<Unit>,
    pub slot: Slot,
}

/// What a plan would be for this case, from now on. Nothing is written.
pub async fn plan_propose(state: &State, actor: &Actor, code: &str, template: &str) -> Result<Vec<Proposed>> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    muster_core::people::may(actor, Action::PartAdd, &case.subject()).map_err(deny)?;
    let template = known(state, template)?;
    let planned: Vec<Planned> = template.parts.iter().zip(1..).map(|(part, number)| part.planned(number)).collect();
    let span = |i: usize, start: Timestamp| due(start, &template.parts[i].budget, &state.pack.calendar).at.plus(-1);
    let slots = plan(&planned, state.now(), span).map_err(|fault| Error::internal(&fault))?;
    let mut proposed = Vec::with_capacity(slots.len());
    for (part, slot) in template.parts.iter().zip(slots) {
        let unit = nearest(&mut tx, &part.department, case.area).await?;
        proposed.push(Proposed { part: part.clone(), unit, slot });
    }
    Ok(proposed)
}

/// A plan as somebody takes it up: the unit of each part by its key; for those left out, the nearest of the department.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    pub template: String,
    pub units: BTreeMap<String, UnitId>,
    pub reason: String,
    pub version: Option<i64>,
}

/// Returns the case and how many parts were given out.
pub async fn plan_apply(state: &State, actor: &Actor, code: &str, taken: &Taken) -> Result<(CaseRow, usize)> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::PartAdd, taken.version).await?;
    let count = take_up(&mut act, &mut case, taken).await?;
    act.update(&mut case).await?;
    act.commit().await?;
    Ok((case, count))
}

/// Gives out the parts of a named plan, in the act of a person or of a meeting; returns how many.
pub(super) async fn take_up(act: &mut Act<'_>, case: &mut CaseRow, taken: &Taken) -> Result<usize> {
    let template = known(act.state, &taken.template)?;
    if taken.reason.trim().is_empty() {
        return Err(Error::invalid("reason", "reason-missing", "Say why the work is parted so."));
    }
    fits(act.state, "reason", &taken.reason)?;
    let from = case.state;
    case.take(&case.state_machine()?.of_part(Move::PartAdd)?);
    let mut whole = parts_of_case(&mut act.tx, case.id).await?;
    if whole.rows.len() + template.parts.len() > PARTS_MOST {
        let detail = format!("The case has {} parts; at most {PARTS_MOST} fit.", whole.rows.len());
        return Err(Error::invalid("template", "parts-many", detail));
    }
    let units = units(&mut act.tx, case, template, taken).await?;
    let before = whole.rows.last().map_or(0, |part| part.number);
    for ((part, unit), place) in template.parts.iter().zip(units).zip(1..) {
        let new = NewPart {
            title: part.name.zh.clone(),
            cooperating: helpers(&mut act.tx, part, case.area).await?,
            required: part.required,
            amount: i64::from(part.budget.amount),
            budget_unit: part.budget.unit.code().to_owned(),
            parent: part.parent.map(|place| before + i64::from(place)),
            after: part.after.iter().map(|place| before + i64::from(*place)).collect(),
            reason: format!("{}（{}）", taken.reason.trim(), part.budget.basis),
            ..NewPart::default()
        };
        let added = rows(act, case, &whole, (before + place, unit), &new);
        whole = join(whole, added);
    }
    add(act, whole, before + 1).await?;
    let count = template.parts.len();
    let numbers: Vec<i64> = (1..=count as i64).map(|place| before + place).collect();
    let detail = serde_json::json!({ "plan": template.code, "parts": numbers });
    let words = Words { internal: Some(format!("{} {}", template.name.zh, taken.reason.trim())), detail, public: None };
    act.step(case, from, Move::PartAdd, None, words);
    act.audit(Action::PartAdd, "case", case.code.as_str(), None);
    Ok(count)
}

fn known<'a>(state: &'a State, code: &str) -> Result<&'a PlanTemplate> {
    state.pack.plan(code).ok_or_else(|| {
        let codes: Vec<_> = state.pack.plans.iter().map(|plan| plan.code.as_str()).collect();
        Error::invalid("template", "plan-unknown", format!("{code:?} is no plan; use {}.", codes.join(", ")))
    })
}

/// The unit of each part: the one that was chosen, else the nearest; every part without one is named.
async fn units(tx: &mut Tx, case: &CaseRow, template: &PlanTemplate, taken: &Taken) -> Result<Vec<UnitId>> {
    let (mut units, mut faults) = (Vec::with_capacity(template.parts.len()), Vec::new());
    for part in &template.parts {
        let field = format!("units/{}", part.key);
        let unit = match taken.units.get(&part.key) {
            Some(unit) => Some(known_unit(tx, &field, *unit).await?.id),
            None => nearest(tx, &part.department, case.area).await?.map(|unit| unit.id),
        };
        match unit {
            Some(unit) => units.push(unit),
            None => faults.push(FieldError {
                pointer: format!("/{field}"),
                code: "unit-unknown".to_owned(),
                detail: format!("No unit of department {} stands near the case; choose one.", part.department),
            }),
        }
    }
    if let Some(strange) = taken.units.keys().find(|key| template.parts.iter().all(|part| part.key != **key)) {
        faults.push(FieldError {
            pointer: "/units".to_owned(),
            code: "part-unknown".to_owned(),
            detail: format!("{strange:?} is no part of plan {}.", template.code),
        });
    }
    if faults.is_empty() { Ok(units) } else { Err(Error::invalid_fields(faults)) }
}

/// The unit of a department at the case's area or, where there is none, at the next area above.
async fn nearest(tx: &mut Tx, department: &str, area: AreaId) -> Result<Option<Unit>> {
    let places: Vec<AreaId> = std::iter::once(area).chain(area.ancestors()).collect();
    let asked: Vec<(&str, AreaId)> = places.iter().map(|area| (department, *area)).collect();
    let mut units = units_at(tx, &asked).await?;
    units.sort_by_key(|unit| (places.iter().position(|area| *area == unit.area), unit.id));
    Ok(units.into_iter().next())
}

/// Those who help, as far as their departments have units.
async fn helpers(tx: &mut Tx, part: &PlanPart, area: AreaId) -> Result<Vec<UnitId>> {
    let mut helpers = Vec::with_capacity(part.cooperating.len());
    for department in &part.cooperating {
        helpers.extend(nearest(tx, department, area).await?.map(|unit| unit.id));
    }
    Ok(helpers)
}
