//! What the acts on parts share: who reaches them, what is open, and when the time of each begins to run.

use std::collections::BTreeMap;

use muster_core::id::PartId;
use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor, Denied, Subject, may};
use muster_core::process::{Planned, Slot, Stage, plan};
use muster_core::time::Timestamp;
use muster_core::time::clock::{Budget, BudgetUnit, Ledger, Promise, due};
use muster_store::Tx;
use muster_store::people::unit_get;
use muster_store::process::{CaseRow, PartRow, Parts, case_by_code, part_update, parts_of_case};

use super::act::Act;
use crate::error::{Code, Error, Result};
use crate::state::State;

/// Whoever sees the case sees its parts; a unit that leads or helps with one of them sees the case.
pub(super) fn may_see(actor: &Actor, action: Action, case: &CaseRow, parts: &Parts) -> std::result::Result<(), Denied> {
    let own = may(actor, action, &case.subject());
    let by_part = |unit| may(actor, action, &Subject { area: None, unit: Some(unit) }).is_ok();
    if own.is_ok() || parts.all_units().any(by_part) { Ok(()) } else { own }
}

/// A case that is held for an act on one of its parts.
pub(super) struct Held {
    pub(super) case: CaseRow,
    pub(super) parts: Parts,
    pub(super) part: PartRow,
}

/// Finds part `number` of a case, checks that the actor may do this for its unit, and holds the case.
pub(super) async fn hold(
    act: &mut Act<'_>,
    (code, number): (&str, i64),
    action: Action,
    version: Option<i64>,
) -> Result<Held> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    let found = case_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?;
    let case = act.lock(found.id).await?;
    let parts = parts_of_case(&mut act.tx, case.id).await?;
    let unit = parts.by_number(number).map(|part| part.unit_id);
    act.may(action, &Subject { area: Some(case.area), unit })?;
    let part = parts.by_number(number).cloned().ok_or_else(Error::not_found)?;
    if version.is_some_and(|version| version != case.version) {
        return Err(Error::stale_etag());
    }
    Ok(Held { case, parts, part })
}

/// Refuses where parts are open that must be over first: which, whose, and due when.
pub(super) async fn none_open(tx: &mut Tx, state: &State, what: &str, open: &[&PartRow]) -> Result<()> {
    if open.is_empty() {
        return Ok(());
    }
    let mut named = Vec::with_capacity(open.len());
    for part in open {
        let unit = unit_get(tx, part.unit_id).await?.map(|unit| unit.name).unwrap_or_default();
        let due = match part.due_at {
            Some(at) => format!("due {}", state.pack.calendar.local(Timestamp(at)).strftime("%Y-%m-%d %H:%M")),
            None => "not begun".to_owned(),
        };
        named.push(format!("{} {} ({unit}, {due})", part.code, part.title));
    }
    Err(Error::new(Code::PartsOpen, format!("{what}: {}.", named.join("; "))))
}

/// The lead cannot answer for a case while a part that is required is open.
pub(super) async fn required_over(act: &mut Act<'_>, case: &CaseRow) -> Result<()> {
    let parts = parts_of_case(&mut act.tx, case.id).await?;
    let open: Vec<&PartRow> = parts.rows.iter().filter(|part| part.required && part.state.is_open()).collect();
    none_open(&mut act.tx, act.state, "Required parts of the work are open", &open).await
}

/// The parts that are open among those that come before this one, itself or through what it belongs to.
pub(super) fn waited_for<'a>(parts: &'a Parts, part: &PartRow) -> Vec<&'a PartRow> {
    let mut open: Vec<&PartRow> = Vec::new();
    let mut next: Option<PartId> = Some(part.id);
    // At most as many steps up as there are parts: a circle, which `doctor` would name, ends too.
    for _ in 0..=parts.rows.len() {
        let Some(id) = next else { break };
        open.extend(parts.before(id).into_iter().filter(|before| before.state.is_open()));
        next = parts.by_id(id).and_then(|row| row.parent_id).map(PartId);
    }
    open
}

/// Lets the time of every part run that no longer waits for another; returns the places of those that changed.
///
/// It runs since the last it waited for was over, and not before its date: also where that is still to come.
pub(super) fn begin_ready(state: &State, parts: &mut Parts) -> Vec<usize> {
    let mut begun = Vec::new();
    // Parents are numbered before their children, so that one pass is enough.
    for place in 0..parts.rows.len() {
        let part = &parts.rows[place];
        if part.started_at.is_some() || !part.state.is_open() {
            continue;
        }
        let parent = part.parent_id.and_then(|id| parts.by_id(PartId(id)));
        let before = parts.before(part.id);
        if before.iter().any(|before| before.state.is_open()) || parent.is_some_and(|up| up.started_at.is_none()) {
            continue;
        }
        let times = before.iter().filter_map(|before| before.ended_at).chain(parent.and_then(|up| up.started_at));
        let since = Timestamp(times.chain(part.not_before).fold(part.given_at.0, i64::max));
        let due = due(since, &budget(part), &state.pack.calendar);
        let part = &mut parts.rows[place];
        part.started_at = Some(since.0);
        part.due_at = Some(due.at.0);
        (part.calendar, part.provisional) = (Some(due.calendar_version), due.provisional);
        part.next_rung_at = next_rung(state, part);
        begun.push(place);
    }
    begun
}

/// Writes the parts whose time [`begin_ready`] lets run.
pub(super) async fn begin_and_write(act: &mut Act<'_>, parts: &mut Parts) -> Result<()> {
    for place in begin_ready(act.state, parts) {
        let part = &parts.rows[place];
        part_update(&mut act.tx, part, part.state).await?;
    }
    Ok(())
}

/// How long a part has. A stored word that is no unit counts as working days: the doctor compares every due time.
pub(super) fn budget(part: &PartRow) -> Budget {
    Budget {
        amount: u32::try_from(part.budget_amount).unwrap_or(u32::MAX),
        unit: BudgetUnit::from_code(&part.budget_unit).unwrap_or_default(),
        roll_to_working_day: false,
        basis: part.reason.clone(),
    }
}

/// When the next rung of a part is reached: the rungs of its time are those of an answer.
pub(super) fn next_rung(state: &State, part: &PartRow) -> Option<i64> {
    let budget = budget(part);
    let start = Timestamp(part.started_at?);
    let promise = Promise { start, budget: &budget, ledger: &Ledger::default(), calendar: &state.pack.calendar };
    let next = state.pack.ladder.next(ClockKind::Answer, usize::try_from(part.rung).ok()?, &promise);
    (next != Timestamp::NEVER).then_some(next.0)
}

/// When the parts that are not called off run, each by its id.
pub(super) fn slots(state: &State, parts: &Parts, now: Timestamp) -> Result<BTreeMap<PartId, Slot>> {
    let (living, planned) = planned(parts, now);
    let span = |i: usize, start: Timestamp| match living[i].due_at {
        // Kept in the last moment before it is due.
        Some(due) if planned[i].stage != Stage::Waiting => Timestamp(due).plus(-1),
        _ => due(start, &budget(living[i]), &state.pack.calendar).at.plus(-1),
    };
    let slots = plan(&planned, now, span).map_err(|fault| Error::internal(&fault))?;
    Ok(living.iter().zip(slots).map(|(part, slot)| (part.id, slot)).collect())
}

/// The parts that are not called off, as rows and as the plan knows them.
pub(super) fn planned(parts: &Parts, now: Timestamp) -> (Vec<&PartRow>, Vec<Planned>) {
    let is_off = |part: &PartRow| part.state == muster_core::process::TaskState::Cancelled;
    let living: Vec<&PartRow> = parts.rows.iter().filter(|part| !is_off(part)).collect();
    let number = |part: &PartRow| u32::try_from(part.number).unwrap_or(u32::MAX);
    let planned = living.iter().map(|part| {
        let parent = part.parent_id.and_then(|id| parts.by_id(PartId(id))).filter(|up| !is_off(up));
        let begun = part.started_at.map(Timestamp);
        Planned {
            number: number(part),
            parent: parent.map(number),
            after: parts.before(part.id).into_iter().filter(|before| !is_off(before)).map(number).collect(),
            not_before: part.not_before.map(Timestamp),
            stage: match (part.ended_at, begun) {
                (Some(at), from) => Stage::Ended { from: from.unwrap_or(part.given_at), at: Timestamp(at) },
                (None, Some(at)) if at <= now => Stage::Begun { at },
                (None, _) => Stage::Waiting,
            },
        }
    });
    let planned = planned.collect();
    (living, planned)
}
