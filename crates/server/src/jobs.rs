//! What runs by itself beside the requests. Any number of nodes may run it.

use std::time::Duration;

use tokio::sync::watch;

use crate::error::Result;
use crate::state::State;
use crate::usecase::tick;

/// Well under a second, so that an audit line is sealed within one.
const BEAT: Duration = Duration::from_millis(400);
/// Beats between two rounds of forgetting: about five minutes.
const FORGET_EVERY: u64 = 750;

/// Runs until `stop` says so; finishes the round under way.
pub async fn run(state: State, mut stop: watch::Receiver<bool>) {
    let mut beat = 0_u64;
    while !*stop.borrow() {
        if let Err(error) = round(&state, beat).await {
            tracing::warn!(%error, "a job will be tried again");
        }
        beat += 1;
        tokio::select! {
            () = tokio::time::sleep(BEAT) => {}
            _ = stop.changed() => {}
        }
    }
}

/// One round of every job; each repeats while it finds full batches, up to a bound.
async fn round(state: &State, beat: u64) -> Result<()> {
    for _ in 0..40 {
        let sealed = tick::audit_link(state).await?;
        let folded = tick::deltas_fold(state).await?;
        if sealed.max(folded) < tick::ROWS {
            break;
        }
    }
    if beat.is_multiple_of(5) {
        tick::promises_break(state).await?;
        tick::callbacks_lapse(state).await?;
        for _ in 0..10 {
            if tick::outbox_clear(state).await? < tick::ROWS {
                break;
            }
        }
    }
    if beat.is_multiple_of(FORGET_EVERY) {
        tick::forget(state).await?;
    }
    Ok(())
}

/// Everything that is due now, to the end: for the demo's virtual clock, tests and `doctor`.
pub async fn settle(state: &State) -> Result<()> {
    while tick::promises_break(state).await? > 0 {}
    while tick::callbacks_lapse(state).await? > 0 {}
    while tick::deltas_fold(state).await? > 0 {}
    while tick::audit_link(state).await? > 0 {}
    while tick::outbox_clear(state).await? > 0 {}
    tick::forget(state).await
}
