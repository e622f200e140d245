//! Giving a case to a unit: the task, its clocks, and what is counted. Used by intake, triage and assignment.

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::{TaskId, UnitId};
use muster_core::pack::{ClockKind, Template};
use muster_core::process::{NoOwner, TaskMove, TaskState, route};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::meeting::amended_owner;
use muster_store::people::{Unit, unit_get, units_at};
use muster_store::process::{CaseRow, ClockRow, TaskRow, requests_void, task_update, tasks_of_case};

use super::act::Act;
use super::notice::{Notice, To};
use crate::error::{Error, Result};
use crate::state::State;

/// The unit that the duty list names for a category in an area, with the rule that names it. What a meeting decided since
/// stands before the list of the pack.
pub(super) async fn owner(tx: &mut Tx, state: &State, category: &str, area: AreaId) -> Result<Owner> {
    let areas: Vec<AreaId> = std::iter::once(area).chain(area.ancestors()).collect();
    if let Some(amended) = amended_owner(tx, category, &areas, state.now()).await? {
        return Ok(Ok(amended));
    }
    let route = match route(&state.pack.duties, category, area) {
        Ok(route) => route,
        Err(why) => return Ok(Err(why)),
    };
    let places: Vec<_> = route.places.iter().map(|(department, area)| (department.as_str(), *area)).collect();
    let units = units_at(tx, &places).await?;
    let standing: Vec<_> = units.iter().map(|unit| (unit.id, unit.department.as_str(), unit.area)).collect();
    Ok(match route.choose(&standing).and_then(|id| units.into_iter().find(|unit| unit.id == id)) {
        Some(unit) => Ok((unit, route.basis)),
        None => Err(NoOwner::NoUnit),
    })
}

/// The unit somebody named in `field`, which must exist.
pub(super) async fn known_unit(tx: &mut Tx, field: &str, unit: UnitId) -> Result<Unit> {
    let unknown = || Error::invalid(field, "unit-unknown", "There is no such unit; choose one from the list.");
    unit_get(tx, unit).await?.ok_or_else(unknown)
}

/// The unit and the rule that names it, or why there is none.
pub(super) type Owner = std::result::Result<(Unit, String), NoOwner>;

/// Makes `unit` answerable: the former task ends, a new one begins with its clocks. A parked case has gone on before
/// (`unpark`), while it still was in its former state.
///
/// A unit that disputed and is given the case back keeps the time it has used: its clocks go on from where they began
/// (潍坊市条例 art. 22: a ruled order goes on; the delay is the unit's).
pub(super) async fn give_to(act: &mut Act<'_>, case: &mut CaseRow, unit: UnitId) -> Result<TaskId> {
    give_as(act, case, unit, Template::Assigned).await
}

/// The same where the unit is told that it was asked for again, or sent up. What follows from a ruling is told as one, to
/// the unit that objected too.
pub(super) async fn give_as(act: &mut Act<'_>, case: &mut CaseRow, unit: UnitId, template: Template) -> Result<TaskId> {
    requests_void(&mut act.tx, case.id, act.at).await?;
    let before = tasks_of_case(&mut act.tx, case.id).await?;
    let mut since = act.at;
    let is_ruled = before.last().is_some_and(|last| last.state == TaskState::Disputed);
    if let Some(mut last) = before.last().cloned() {
        let state = last.state;
        if let Some(next) = state.after(TaskMove::Cancel) {
            last.state = next;
            last.ended_at = Some(act.at.0);
            task_update(&mut act.tx, &last, state).await?;
        }
        if state == TaskState::Disputed && last.unit_id == unit {
            since = last.assigned_at;
        }
    }
    // The unit's clocks end with its task; the city's promise to the resident goes on.
    let which =
        |clock: &ClockRow| clock.task_id.is_some() || clock.is(ClockKind::Dispatch) || clock.is(ClockKind::Rule);
    release_promises(act, case, which).await?;
    let template = if is_ruled { Template::Ruled } else { template };
    let (mut task, _) = begin_task(act, case, unit, before.len() + 1, since, template);
    task.ruled = is_ruled;
    if let Some(objected) = before.last().filter(|last| is_ruled && last.unit_id != unit) {
        act.notify(Notice::about(case, To::Unit(objected.unit_id), Template::Ruled));
    }
    let id = task.id;
    act.rows.tasks.push(task);
    Ok(id)
}

/// A task of `unit` with its clocks running since `since`, told to it by `template`; returns the row to insert and what
/// runs out first.
pub(super) fn begin_task(
    act: &mut Act<'_>,
    case: &mut CaseRow,
    unit: UnitId,
    number: usize,
    since: Timestamp,
    template: Template,
) -> (TaskRow, Timestamp) {
    let row = TaskRow {
        id: TaskId(act.state.chance.uuid(act.at)),
        case_id: case.id,
        code: case.code.task(number),
        unit_id: unit,
        state: TaskState::Assigned,
        assigned_at: act.at,
        accepted_at: None,
        ended_at: None,
        ruled: false,
        for_unit_id: None,
    };
    case.unit_id = Some(unit.0);
    if number == 1 {
        act.count(case, Measure::Dispatched);
    }
    let accept = act.start_clock(case, Some(row.id), ClockKind::Accept, since);
    let answer = act.start_clock(case, Some(row.id), ClockKind::Answer, since);
    let feedback = act.start_clock(case, Some(row.id), ClockKind::FeedbackFirst, act.at);
    act.count(case, Measure::Assigned);
    act.notify_unit(case, template);
    (row, accept.min(answer).min(feedback))
}

/// The task under way of a case that is with a unit.
pub(super) async fn open_task(act: &mut Act<'_>, case: &CaseRow) -> Result<TaskRow> {
    let tasks = tasks_of_case(&mut act.tx, case.id).await?;
    tasks.into_iter().rev().find(|task| task.state.is_open()).ok_or_else(|| {
        Error::conflict(
            "The case has no task under way.",
            case.state_machine().map(|c| c.choices()).unwrap_or_default().iter().map(|m| m.as_str()),
        )
    })
}

/// Moves a task on.
pub(super) async fn move_task(act: &mut Act<'_>, task: &mut TaskRow, m: TaskMove) -> Result<()> {
    let from = task.state;
    let Some(next) = from.after(m) else {
        return Err(Error::conflict(format!("A task that is {from} cannot {m}."), Vec::<String>::new()));
    };
    task.state = next;
    match m {
        TaskMove::Accept => task.accepted_at = Some(act.at.0),
        TaskMove::Finish | TaskMove::Dispute | TaskMove::Cancel => task.ended_at = Some(act.at.0),
    }
    task_update(&mut act.tx, task, from).await?;
    Ok(())
}

/// Stops promises and counts each as kept or broken; one that broke earlier was counted then.
pub(super) async fn keep_promises(act: &mut Act<'_>, case: &CaseRow, kinds: &[ClockKind]) -> Result<()> {
    let stopped = act.stop_clocks(case, |clock| kinds.iter().any(|kind| clock.is(*kind))).await?;
    for clock in stopped {
        let late = clock.due_at <= act.at;
        let Some(measure) = promise_measure(&clock.kind, late) else { continue };
        if clock.broken_at.is_some() && late {
            continue;
        }
        if clock.broken_at.is_some() {
            take_back(act, case, case.unit(), &clock);
        }
        let when: Timestamp = if late { clock.due_at } else { act.at };
        act.count_for(case, case.unit(), measure, when);
    }
    Ok(())
}

/// It was counted as broken by a machine whose time ran ahead, and is kept.
fn take_back(act: &mut Act<'_>, case: &CaseRow, unit: Option<UnitId>, clock: &ClockRow) {
    if let Some(measure) = promise_measure(&clock.kind, true) {
        act.count_by(case, unit, measure, clock.due_at, -1);
    }
}

/// Stops promises of a case that is taken from its unit. One that has run out is counted as broken, unless it was when it
/// did.
pub(super) async fn release_promises(
    act: &mut Act<'_>,
    case: &CaseRow,
    which: impl Fn(&ClockRow) -> bool,
) -> Result<()> {
    let stopped = act.stop_clocks(case, which).await?;
    let late = |clock: &ClockRow| clock.due_at <= act.at;
    let is_counted = |clock: &ClockRow| promise_measure(&clock.kind, true).is_some();
    let changes = |clock: &&ClockRow| is_counted(clock) && clock.broken_at.is_some() != late(clock);
    let counted: Vec<&ClockRow> = stopped.iter().filter(changes).collect();
    if counted.is_empty() {
        return Ok(());
    }
    let tasks = tasks_of_case(&mut act.tx, case.id).await?;
    for clock in counted {
        let of_task = tasks.iter().find(|task| Some(task.id.0) == clock.task_id).map(|task| task.unit_id);
        let unit = of_task.or(case.unit());
        if clock.broken_at.is_some() {
            take_back(act, case, unit, clock);
        } else if let Some(measure) = promise_measure(&clock.kind, true) {
            act.count_for(case, unit, measure, clock.due_at);
        }
    }
    Ok(())
}

/// What is counted when a promise ends; none of a promise that is no figure.
pub(crate) fn promise_measure(kind: &str, late: bool) -> Option<Measure> {
    match (ClockKind::from_code(kind)?, late) {
        (ClockKind::Accept, false) => Some(Measure::AcceptKept),
        (ClockKind::Accept, true) => Some(Measure::AcceptBroken),
        (ClockKind::Answer, false) => Some(Measure::AnswerKept),
        (ClockKind::Answer, true) => Some(Measure::AnswerBroken),
        (ClockKind::Promise, false) => Some(Measure::PromiseKept),
        (ClockKind::Promise, true) => Some(Measure::PromiseBroken),
        (ClockKind::FeedbackFirst | ClockKind::FeedbackNext, false) => Some(Measure::FeedbackKept),
        (ClockKind::FeedbackFirst | ClockKind::FeedbackNext, true) => Some(Measure::FeedbackBroken),
        _ => None,
    }
}
