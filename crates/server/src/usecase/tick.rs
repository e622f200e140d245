//! What time does by itself: promises run out, callbacks lapse, deltas fold, the audit is sealed, the old is forgotten.
//!
//! Each is a bounded batch in a transaction of its own, so that any number of nodes may do it and a crash loses nothing.

use std::collections::BTreeSet;

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::pack::{ClockKind, Template};
use muster_core::people::Actor;
use muster_core::process::{CaseState, Move};
use muster_core::time::Timestamp;
use muster_core::time::clock::Promise;
use muster_store::audit::audit_seal;
use muster_store::evaluate::fold;
use muster_store::intake::idempotency_forget;
use muster_store::notice::areas_coordinated;
use muster_store::outbox::{outbox_forget, outbox_settle};
use muster_store::people::sessions_purge;
use muster_store::photo::waiting_forget;
use muster_store::presence::presences_forget;
use muster_store::process::{
    ClockEntryRow, ClockRow, ReachedClock, ReachedPart, RungRow, callbacks_lapsed, cases_review, clock_entries_of,
    clocks_break, clocks_move, clocks_of_other_calendars, clocks_reached, part_update, parts_reached, rungs_pass,
};

use super::act::{Act, Words};
use super::case_resume::{resume, tell_resumed};
use super::dispatch::promise_measure;
use super::notice::{Climbed, tell_rungs};
use super::parts::next_rung;
use super::promises::{entry, recount};
use crate::error::Result;
use crate::state::State;

/// Clocks or cases that one call takes.
pub const BATCH: usize = 500;

/// Counts promises that ran out, oldest first; returns how many.
pub async fn promises_break(state: &State) -> Result<usize> {
    let mut act = Act::begin(state, &Actor::System).await?;
    let broken = clocks_break(&mut act.tx, act.at, BATCH as i64).await?;
    // Nothing happened: no commit, and no bell for the live pages.
    if broken.is_empty() {
        return Ok(0);
    }
    for clock in &broken {
        if let Some(measure) = promise_measure(&clock.kind, true) {
            let case = act.lock(clock.case_id).await?;
            // The promise to the resident is of no task: it is charged to whoever has the case when it runs out.
            let unit = clock.unit_id.map(Into::into).or(case.unit());
            act.count_for(&case, unit, measure, clock.due_at);
        }
    }
    act.commit().await?;
    Ok(broken.len())
}

/// Closes cases whose callback nobody answered: claimed, unconfirmed.
pub async fn callbacks_lapse(state: &State) -> Result<usize> {
    let due = {
        let mut tx = state.read().await?;
        callbacks_lapsed(&mut tx, state.now(), BATCH as i64).await?
    };
    for id in &due {
        let mut act = Act::begin(state, &Actor::System).await?;
        let mut case = act.lock((*id).into()).await?;
        let from = case.state;
        // Another node, or the resident, may have been first.
        let Ok(next) = case.state_machine()?.lapse(act.at) else { continue };
        case.take(&next);
        act.stop_clocks(&case, |_| true).await?;
        act.count(&case, Measure::Unconfirmed);
        act.count(&case, Measure::Closed);
        act.step(&case, from, Move::Lapse, None, Words::default());
        act.notify_unit(&case, Template::Closed);
        act.notify_reporters(&case, Template::Closed);
        act.update(&mut case).await?;
        act.commit().await?;
    }
    Ok(due.len())
}

/// Passes the rungs of the ladder that are reached, the longest reached first, each once and in their order; returns how
/// many clocks moved. After a stop, a clock passes all that were reached meanwhile.
pub async fn rungs_climb(state: &State) -> Result<usize> {
    let mut act = Act::begin(state, &Actor::System).await?;
    let reached = clocks_reached(&mut act.tx, act.at, BATCH as i64).await?;
    if reached.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = reached.iter().map(|reached| reached.clock.id).collect();
    let entries = clock_entries_of(&mut act.tx, &ids).await?;
    let (mut rungs, mut clocks) = (Vec::new(), Vec::new());
    let coordinated = areas_coordinated(&mut act.tx).await?;
    for mut reached in reached {
        let first = reached.clock.rung;
        climb(state, act.at, &mut reached.clock, &entries, &mut rungs)?;
        tell_clock(&mut act, &reached, first, &coordinated);
        clocks.push(reached.clock);
    }
    rungs_pass(&mut act.tx, &rungs, &clocks).await?;
    act.commit().await?;
    Ok(clocks.len())
}

fn tell_clock(act: &mut Act<'_>, reached: &ReachedClock, first: i64, coordinated: &[i64]) {
    let clock = &reached.clock;
    let Some(kind) = ClockKind::from_code(&clock.kind) else { return };
    let passed = act.state.pack.ladder.rungs(kind).get(first as usize..clock.rung as usize).unwrap_or_default();
    let climbed = Climbed {
        id: clock.id,
        case: clock.case_id,
        code: &reached.code,
        clock: kind.code(),
        due: clock.due_at.0,
        urgency: &reached.urgency,
        unit: reached.unit.map(Into::into),
        area: reached.unit_area.and_then(|area| AreaId::new(area).ok()).unwrap_or(reached.area),
    };
    tell_rungs(act, &climbed, passed, clock.rung - 1, coordinated);
}

/// The same for the parts of the work, whose rungs are those of an answer; returns how many were reached.
pub async fn parts_climb(state: &State) -> Result<usize> {
    let mut act = Act::begin(state, &Actor::System).await?;
    let reached = parts_reached(&mut act.tx, act.at, BATCH as i64).await?;
    if reached.is_empty() {
        return Ok(0);
    }
    let coordinated = areas_coordinated(&mut act.tx).await?;
    for ReachedPart { mut part, code, area, urgency, case_state, unit_area } in reached.iter().cloned() {
        let first = part.rung as usize;
        while part.next_rung_at.is_some_and(|next| next <= act.at.0) {
            part.rung += 1;
            part.next_rung_at = next_rung(state, &part);
        }
        // Of a case that is closed nothing is owed any more.
        if !matches!(case_state, CaseState::Closed | CaseState::Refused) {
            let passed = state.pack.ladder.rungs(ClockKind::Answer).get(first..part.rung as usize).unwrap_or_default();
            let climbed = Climbed {
                id: part.id.0,
                case: part.case_id,
                code: &code,
                clock: "part",
                due: part.due_at.unwrap_or_default(),
                urgency: &urgency,
                unit: Some(part.unit_id),
                area: AreaId::new(unit_area).unwrap_or(area),
            };
            tell_rungs(&mut act, &climbed, passed, part.rung - 1, &coordinated);
        }
        part_update(&mut act.tx, &part, part.state).await?;
    }
    act.commit().await?;
    Ok(reached.len())
}

/// The rungs of a clock reached by `now`.
fn climb(
    state: &State,
    now: Timestamp,
    clock: &mut ClockRow,
    entries: &[ClockEntryRow],
    rungs: &mut Vec<RungRow>,
) -> Result<()> {
    let Some(kind) = ClockKind::from_code(&clock.kind) else {
        clock.next_rung_at = Timestamp::NEVER.0;
        return Ok(());
    };
    let (budget, ledger) = (clock.budget("")?, clock.ledger(entries));
    let promise = Promise { start: clock.started_at, budget: &budget, ledger: &ledger, calendar: &state.pack.calendar };
    loop {
        let next = state.pack.ladder.next(kind, clock.rung as usize, &promise);
        if next > now {
            clock.next_rung_at = next.0;
            return Ok(());
        }
        rungs.push(RungRow { clock_id: clock.id, number: clock.rung, at: next, fired_at: now });
        clock.rung += 1;
    }
}

/// Takes up parked cases whose day of review has come; returns how many.
pub async fn cases_resume(state: &State) -> Result<usize> {
    let due = {
        let mut tx = state.read().await?;
        cases_review(&mut tx, state.now(), BATCH as i64).await?
    };
    for id in &due {
        let mut act = Act::begin(state, &Actor::System).await?;
        let mut case = act.lock((*id).into()).await?;
        // Another node, or a person, may have been first.
        if case.parked_until.is_none_or(|until| Timestamp(until) > act.at) {
            continue;
        }
        resume(&mut act, &mut case, None).await?;
        tell_resumed(&mut act, &case);
        act.update(&mut case).await?;
        act.commit().await?;
    }
    Ok(due.len())
}

/// Counts anew what runs by another calendar than the pack's: holidays of a year that were not known, or corrected.
/// Both due times stay in the ledger. Returns how many clocks were counted.
pub async fn calendars_follow(state: &State) -> Result<usize> {
    let version = state.pack.calendar.version();
    let mut act = Act::begin(state, &Actor::System).await?;
    let clocks = clocks_of_other_calendars(&mut act.tx, version, BATCH as i64).await?;
    if clocks.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = clocks.iter().map(|clock| clock.id).collect();
    let entries = clock_entries_of(&mut act.tx, &ids).await?;
    let mut cases = BTreeSet::new();
    let mut moved = Vec::new();
    for mut clock in clocks {
        let mut changed = entry(&act, &clock, "calendar", act.at, &format!("{} → {version}", clock.calendar));
        recount(state, &mut clock, &entries)?;
        if clock.due_at.0 != changed.due_before {
            changed.due_after = clock.due_at.0;
            act.rows.clock_entries.push(changed);
            cases.insert(clock.case_id);
        }
        moved.push(clock);
    }
    clocks_move(&mut act.tx, &moved).await?;
    for id in cases {
        // What is due next on the case follows from its clocks.
        let mut case = act.lock(id).await?;
        act.update(&mut case).await?;
    }
    act.commit().await?;
    Ok(moved.len())
}

/// Rows that one transaction links, settles or forgets: bounded, since writers wait for it on SQLite.
pub const ROWS: u64 = 1000;
/// Deltas that one transaction folds. Many at once cost little more than few, since they fall on the same counts.
pub const DELTAS: u64 = 10_000;

/// Folds deltas into counts; returns how many.
pub async fn deltas_fold(state: &State) -> Result<u64> {
    let mut tx = state.db.write().await?;
    let folded = fold(&mut tx, DELTAS as i64).await?;
    tx.commit().await?;
    Ok(folded)
}

/// Links committed audit lines into the chain; returns how many.
pub async fn audit_link(state: &State) -> Result<u64> {
    let mut tx = state.db.write().await?;
    let sealed = audit_seal(&mut tx, ROWS as i64).await?;
    tx.commit().await?;
    Ok(sealed)
}

/// Takes facts off the outbox a minute after they happened, and forgets them after a week; returns how many.
pub async fn outbox_clear(state: &State) -> Result<u64> {
    let now = state.now();
    let mut tx = state.db.write().await?;
    let settled = outbox_settle(&mut tx, now.plus(-Timestamp::MINUTE), ROWS as i64).await?;
    let gone = outbox_forget(&mut tx, now.plus(-7 * Timestamp::DAY), ROWS as i64).await?;
    tx.commit().await?;
    Ok(settled.max(gone))
}

/// Forgets what has served: ended sessions, who was on which case, and after a day remembered answers and photos of forms that never came.
pub async fn forget(state: &State) -> Result<()> {
    let now = state.now();
    let mut tx = state.db.write().await?;
    sessions_purge(&mut tx, now).await?;
    idempotency_forget(&mut tx, now.plus(-Timestamp::DAY)).await?;
    waiting_forget(&mut tx, now.plus(-Timestamp::DAY)).await?;
    presences_forget(&mut tx, now).await?;
    tx.commit().await.map_err(crate::error::Error::from)
}
