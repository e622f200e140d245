//! What time does by itself: promises run out, callbacks lapse, deltas fold, the audit is sealed, the old is forgotten.
//!
//! Each is a bounded batch in a transaction of its own, so that any number of nodes may do it and a crash loses nothing.

use muster_core::evaluate::Measure;
use muster_core::pack::ClockKind;
use muster_core::people::Actor;
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_store::audit::audit_seal;
use muster_store::evaluate::fold;
use muster_store::intake::idempotency_forget;
use muster_store::outbox::{outbox_forget, outbox_settle};
use muster_store::people::sessions_purge;
use muster_store::photo::waiting_forget;
use muster_store::process::{ClockRow, callbacks_lapsed, clocks_break};

use super::act::{Act, Words};
use super::dispatch::promise_measure;
use crate::error::Result;
use crate::state::State;

/// Clocks or cases that one call takes.
pub const BATCH: usize = 500;

/// Counts promises that ran out, oldest first; returns how many.
pub async fn promises_break(state: &State) -> Result<usize> {
    let mut act = Act::begin(state, &Actor::System).await?;
    let broken = clocks_break(&mut act.tx, act.at, BATCH as i64).await?;
    for clock in broken.iter().filter(|clock| clock.task_id.is_some()) {
        if let Some(measure) = promise_measure(&clock.kind, true) {
            let case = act.lock(clock.case_id).await?;
            act.count_for(&case, clock.unit_id.map(Into::into), measure, clock.due_at);
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
        let which = |clock: &ClockRow| clock.is(ClockKind::Callback) || clock.is(ClockKind::Answer);
        act.stop_clocks(&case, which).await?;
        act.count(&case, Measure::Unconfirmed);
        act.step(&case, from, Move::Lapse, None, Words::default());
        act.update(&mut case).await?;
        act.commit().await?;
    }
    Ok(due.len())
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

/// Forgets what has served: ended sessions, and after a day remembered answers and photos of forms that never came.
pub async fn forget(state: &State) -> Result<()> {
    let now = state.now();
    let mut tx = state.db.write().await?;
    sessions_purge(&mut tx, now).await?;
    idempotency_forget(&mut tx, now.plus(-Timestamp::DAY)).await?;
    waiting_forget(&mut tx, now.plus(-Timestamp::DAY)).await?;
    tx.commit().await.map_err(crate::error::Error::from)
}
