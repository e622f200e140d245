//! Looks once a day for what a unit does far more often than its peers. Run by a job, on one node at a time.

use std::collections::HashMap;

use muster_core::evaluate::detect::{Handled, signals};
use muster_core::id::{CaseId, TaskId, UnitId};
use muster_core::process::TaskState;
use muster_core::sense::likeness::{Shingles, repeats};
use muster_core::time::Timestamp;
use muster_store::hotspot::turn_take;
use muster_store::performance::{HistoryRow, SignalRow, StepSeen, history_steps, history_tasks, signal_keep};

use super::act::day;
use crate::error::{Error, Result};
use crate::state::State;

/// Time between two looks.
const REST: i64 = Timestamp::DAY;
/// Tasks that are read, the newest.
const TASKS_MOST: i64 = 200_000;

/// Returns how many signals stand out; nothing where another node has looked within the day.
pub async fn signal_watch(state: &State) -> Result<usize> {
    let now = state.now();
    let mut tx = state.db.write().await?;
    if !turn_take(&mut tx, "signal_watch", now, REST).await? {
        return Ok(0);
    }
    tx.commit().await?;
    let rule = state.pack.performance.detect.clone();
    let since = now.plus(-rule.days * Timestamp::DAY);
    let mut tx = state.read().await?;
    let tasks = history_tasks(&mut tx, (since, now), TASKS_MOST).await?;
    let mut cases: Vec<CaseId> = tasks.iter().map(|task| task.case_id).collect();
    cases.sort_unstable();
    cases.dedup();
    let steps = history_steps(&mut tx, &cases, since).await?;
    drop(tx);
    // Many texts: not on the threads that answer requests.
    let look = move || {
        let (units, histories) = histories(&tasks, &steps, rule.alike);
        let found = signals(&histories, &rule);
        (units, tasks, found)
    };
    let (units, tasks, found) = tokio::task::spawn_blocking(look).await.map_err(|error| Error::internal(&error))?;
    let days = (day(state, since), day(state, now));
    for signal in &found {
        let row = SignalRow {
            id: state.chance.uuid(now),
            detector: signal.detector,
            unit_id: units[signal.unit],
            found_at: now,
            seen_at: now,
            first_day: days.0,
            last_day: days.1,
            trials: signal.trials,
            hits: signal.hits,
            expected: signal.expected,
            chance: signal.chance,
            corrected: signal.corrected,
            state: "new".to_owned(),
            words: None,
            decided_at: None,
            decided_by: None,
        };
        let mut behind: Vec<CaseId> = signal.cases.iter().map(|place| tasks[*place].case_id).collect();
        behind.sort_unstable();
        behind.dedup();
        let mut tx = state.db.write().await?;
        signal_keep(&mut tx, &row, &behind).await?;
        tx.commit().await?;
    }
    Ok(found.len())
}

/// The tasks as the detectors read them, in their own order, and the units they name.
fn histories(tasks: &[HistoryRow], steps: &[StepSeen], alike: i64) -> (Vec<UnitId>, Vec<Handled>) {
    let mut units: Vec<UnitId> = tasks.iter().map(|task| task.unit_id).collect();
    units.sort_unstable();
    units.dedup();
    let mut of_case: HashMap<CaseId, Vec<&StepSeen>> = HashMap::new();
    for step in steps {
        of_case.entry(step.case_id).or_default().push(step);
    }
    let mut histories: Vec<Handled> = tasks
        .iter()
        .map(|task| {
            let steps = of_case.get(&task.case_id).map_or(&[][..], Vec::as_slice);
            handled(task, units.binary_search(&task.unit_id).unwrap_or_default(), steps)
        })
        .collect();
    let texts: HashMap<TaskId, &str> = steps
        .iter()
        .filter(|step| step.step == "answer")
        .filter_map(|step| Some((TaskId(step.task_id?), step.public_text.as_deref()?)))
        .collect();
    let mut of_unit: HashMap<UnitId, Vec<(usize, Shingles)>> = HashMap::new();
    for (place, task) in tasks.iter().enumerate() {
        let Some(text) = texts.get(&task.task_id) else { continue };
        let shingles = Shingles::of(text);
        if !shingles.is_empty() {
            of_unit.entry(task.unit_id).or_default().push((place, shingles));
        }
    }
    for answers in of_unit.into_values() {
        let (places, texts): (Vec<usize>, Vec<Shingles>) = answers.into_iter().unzip();
        for (place, is) in places.into_iter().zip(repeats(&texts, alike as f64 / 100.0)) {
            histories[place].alike = Some(is);
        }
    }
    (units, histories)
}

fn handled(task: &HistoryRow, unit: usize, steps: &[&StepSeen]) -> Handled {
    let answered = (task.state == TaskState::Done).then_some(task.ended_at);
    // Up to the next answer of the case: what came after that is not about this one.
    let later: Vec<&&StepSeen> = steps
        .iter()
        .filter(|step| answered.is_some_and(|at| step.at > at))
        .take_while(|step| step.step != "answer")
        .collect();
    let first = |word: &str| later.iter().find(|step| step.step == word);
    let rated = first("rate");
    let sent = |step: &&&StepSeen| step.step.starts_with("send_") && step.at == task.ended_at;
    Handled {
        unit,
        class: task.class.clone(),
        started: Timestamp(task.started_at.unwrap_or_default()),
        due: task.due_at.filter(|due| *due < Timestamp::NEVER.0).map(Timestamp),
        answered,
        reopened: first("reopen").map(|step| step.at),
        confirmed: rated.filter(|step| step.detail["solved"].as_bool() == Some(true)).map(|step| step.at),
        called: rated.is_some(),
        alike: None,
        paused: task.asked > 0,
        left_out: task.left_out > 0,
        passed_on: task.state == TaskState::Disputed
            || (task.state == TaskState::Cancelled && steps.iter().any(|step| sent(&step))),
    }
}
