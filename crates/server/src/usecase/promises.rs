//! The promises of a case under way: begun by the pack, moved by pauses and extensions, explained by the same walk.

use muster_core::id::TaskId;
use muster_core::pack::{ClockKind, RequestKind, Urgency};
use muster_core::time::Timestamp;
use muster_core::time::clock::{Budget, Due, Ledger, Promise};
use muster_store::Tx;
use muster_store::process::{CaseRow, ClockEntryRow, ClockRow, clock_entries_of, clocks_move, clocks_of_case};

use super::act::Act;
use crate::error::Result;
use crate::state::State;

/// The budget of the pack for a promise of a case.
pub(crate) fn budget<'a>(state: &'a State, case: &CaseRow, kind: ClockKind) -> &'a Budget {
    let request = RequestKind::from_code(&case.kind).unwrap_or(RequestKind::Help);
    let urgency = Urgency::from_code(&case.urgency).unwrap_or(Urgency::Routine);
    state.pack.clocks.budget(kind, request, urgency, &case.category)
}

/// A promise of the pack for a case that runs since `from`; `made` is the time in its id.
pub(crate) fn new_clock(
    state: &State,
    case: &CaseRow,
    task: Option<TaskId>,
    kind: ClockKind,
    from: Timestamp,
    made: Timestamp,
) -> ClockRow {
    let budget = budget(state, case, kind);
    let mut clock = ClockRow {
        id: state.chance.uuid(made),
        case_id: case.id,
        task_id: task.map(|task| task.0),
        kind: kind.code().to_owned(),
        started_at: from,
        budget_amount: i64::from(budget.amount),
        budget_unit: budget.unit.code().to_owned(),
        rolls: budget.roll_to_working_day,
        extra: 0,
        calendar: String::new(),
        provisional: false,
        due_at: Timestamp::NEVER,
        stopped_at: None,
        broken_at: None,
        rung: 0,
        next_rung_at: Timestamp::NEVER.0,
    };
    place(state, kind, &mut clock, budget, &Ledger::default());
    clock
}

/// Lets the due time and the next rung of a clock follow from its budget and ledger.
fn place(state: &State, kind: ClockKind, clock: &mut ClockRow, budget: &Budget, ledger: &Ledger) {
    let promise = Promise { start: clock.started_at, budget, ledger, calendar: &state.pack.calendar };
    let due = promise.due();
    (clock.due_at, clock.provisional, clock.calendar) = (due.at, due.provisional, due.calendar_version);
    clock.next_rung_at = state.pack.ladder.next(kind, clock.rung as usize, &promise).0;
}

/// Counts a running clock anew, after its ledger or the calendar changed; returns when it was due before.
pub(super) fn recount(state: &State, clock: &mut ClockRow, entries: &[ClockEntryRow]) -> Result<Timestamp> {
    let before = clock.due_at;
    let (budget, ledger) = (clock.budget("")?, clock.ledger(entries));
    if let Some(kind) = ClockKind::from_code(&clock.kind) {
        place(state, kind, clock, &budget, &ledger);
    }
    Ok(before)
}

/// How the due time of a clock was found, by the walk that found it.
pub(crate) fn explained(state: &State, case: &CaseRow, clock: &ClockRow, entries: &[ClockEntryRow]) -> Result<Due> {
    let rule = ClockKind::from_code(&clock.kind).map(|kind| budget(state, case, kind));
    let same = |rule: &&Budget| {
        i64::from(rule.amount) == clock.budget_amount
            && rule.unit.code() == clock.budget_unit
            && rule.roll_to_working_day == clock.rolls
    };
    // Of an older pack, or of the class the case had then.
    let basis = rule.filter(same).map_or_else(|| case.pack.clone(), |rule| rule.basis.clone());
    let (budget, ledger) = (clock.budget(&basis)?, clock.ledger(entries));
    Ok(Promise { start: clock.started_at, budget: &budget, ledger: &ledger, calendar: &state.pack.calendar }.due())
}

/// The running clocks of a case with all that happened to them.
pub(super) async fn running(tx: &mut Tx, case: &CaseRow) -> Result<(Vec<ClockRow>, Vec<ClockEntryRow>)> {
    let mut clocks = clocks_of_case(tx, case.id).await?;
    clocks.retain(|clock| clock.stopped_at.is_none());
    let ids: Vec<_> = clocks.iter().map(|clock| clock.id).collect();
    let entries = clock_entries_of(tx, &ids).await?;
    Ok((clocks, entries))
}

/// An entry of the ledger of a clock, with what it did to the due time still to be told.
pub(super) fn entry(act: &Act<'_>, clock: &ClockRow, kind: &str, at: Timestamp, reason: &str) -> ClockEntryRow {
    ClockEntryRow {
        id: act.state.chance.uuid(act.at),
        clock_id: clock.id,
        case_id: clock.case_id,
        kind: kind.to_owned(),
        at,
        until_at: None,
        amount: None,
        reason: reason.to_owned(),
        by_id: act.actor.account_id().map(|id| id.0),
        due_before: clock.due_at.0,
        due_after: clock.due_at.0,
    }
}

/// Stops the clocks of a case from running, but for the duty to be heard.
pub(super) async fn pause(act: &mut Act<'_>, case: &CaseRow, reason: &str) -> Result<()> {
    act.flush().await?;
    let (mut clocks, mut entries) = running(&mut act.tx, case).await?;
    clocks
        .retain(|clock| clock.broken_at.is_none() && ClockKind::from_code(&clock.kind).is_some_and(ClockKind::pauses));
    for clock in &mut clocks {
        let mut pause = entry(act, clock, "pause", act.at, reason);
        entries.push(pause.clone());
        recount(act.state, clock, &entries)?;
        pause.due_after = clock.due_at.0;
        act.rows.clock_entries.push(pause);
    }
    clocks_move(&mut act.tx, &clocks).await?;
    Ok(())
}

/// Lets them go on: what is left of each is what was left.
pub(super) async fn go_on(act: &mut Act<'_>, case: &CaseRow) -> Result<()> {
    act.flush().await?;
    muster_store::process::pauses_end(&mut act.tx, case.id, act.at).await?;
    let (mut clocks, entries) = running(&mut act.tx, case).await?;
    for clock in &mut clocks {
        recount(act.state, clock, &entries)?;
    }
    clocks_move(&mut act.tx, &clocks).await?;
    Ok(())
}
