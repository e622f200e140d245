//! What runs by itself beside the requests. Any number of nodes may run it.

use std::time::Duration;

use tokio::sync::watch;

use crate::error::Result;
use crate::state::State;
use crate::usecase::gazetteer_learn::{gazetteer_learn, gazetteer_load};
use crate::usecase::hotspot_watch::hotspot_watch;
use crate::usecase::model_decide::model_follow;
use crate::usecase::need_change::{needs_close, offers_expire};
use crate::usecase::notice_list::notices_deliver;
use crate::usecase::practice_measure::practices_measure;
use crate::usecase::send_go::sends_go;
use crate::usecase::tick;

/// Well under a second, so that an audit line is sealed within one.
const BEAT: Duration = Duration::from_millis(400);
/// Beats between two looks for what is due: two seconds.
const DUE_EVERY: u64 = 5;
/// Beats between two rounds of folding: about five seconds. Readers add the unfolded tail meanwhile.
const FOLD_EVERY: u64 = 12;
/// Beats between two rounds of forgetting: about five minutes.
const FORGET_EVERY: u64 = 750;
/// Between two looks whether it is time to look for hot spots, and whether another classifier was adopted.
const WATCH_EVERY: Duration = Duration::from_mins(1);
/// Between two looks for what is due to go out.
const SEND_EVERY: Duration = Duration::from_secs(2);
/// Looks between two loads of the names of places: ten minutes.
const LOAD_EVERY: u64 = 10;
/// Batches of what is due that one round takes, so that a history that was imported catches up in minutes.
const MOST_DUE: usize = 20;
/// Batches of lines and deltas, and of facts.
const MOST_COUNTED: usize = 40;
const MOST_CLEARED: usize = 10;

/// Runs until `stop` says so; finishes the round under way. The look for hot spots reads long and receivers of notices may
/// be slow, so each has a turn of its own: the audit is sealed meanwhile.
pub async fn run(state: State, stop: watch::Receiver<bool>) {
    tokio::join!(beats(&state, stop.clone()), watch(&state, stop.clone()), send(&state, stop));
}

/// Sends what is due, at once where there is more.
async fn send(state: &State, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let more = sends_go(state).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is due to go out will be looked for again");
            0
        });
        if more == 0 {
            tokio::select! {
                () = tokio::time::sleep(SEND_EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

async fn watch(state: &State, mut stop: watch::Receiver<bool>) {
    let mut round = 0_u64;
    while !*stop.borrow() {
        round += 1;
        if let Err(error) = model_follow(state).await {
            tracing::warn!(%error, "the model that judges will be looked for again");
        }
        if let Err(error) = places(state, round).await {
            tracing::warn!(%error, "names of places will be read again");
        }
        if let Err(error) = hotspot_watch(state).await {
            tracing::warn!(%error, "hot spots will be looked for again");
        }
        if let Err(error) = practices(state).await {
            tracing::warn!(%error, "how well practices work will be looked at again");
        }
        tokio::select! {
            () = tokio::time::sleep(WATCH_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Reads what was confirmed, and now and then takes up the names known by then.
async fn places(state: &State, round: u64) -> Result<()> {
    gazetteer_learn(state).await?;
    if round.is_multiple_of(LOAD_EVERY) { gazetteer_load(state).await } else { Ok(()) }
}

/// How well they work, and what this node holds of them.
async fn practices(state: &State) -> Result<()> {
    practices_measure(state).await?;
    state.practices.settle(state).await
}

async fn beats(state: &State, mut stop: watch::Receiver<bool>) {
    let mut beat = 0_u64;
    while !*stop.borrow() {
        if let Err(error) = round(state, beat, &stop).await {
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
async fn round(state: &State, beat: u64, stop: &watch::Receiver<bool>) -> Result<()> {
    repeat(MOST_COUNTED, || seal(state)).await?;
    if beat.is_multiple_of(DUE_EVERY) {
        // Only a node that has looked once keeps the registry in memory.
        if state.roster.read().is_some() {
            state.roster.follow(state).await?;
        }
        repeat(MOST_DUE, || due(state, stop)).await?;
        repeat(MOST_CLEARED, || clear(state)).await?;
    }
    if beat.is_multiple_of(FOLD_EVERY) {
        repeat(MOST_COUNTED, || fold(state)).await?;
    }
    if beat.is_multiple_of(FORGET_EVERY) {
        tick::forget(state).await?;
    }
    Ok(())
}

/// Links a batch of audit lines; true when there may be more.
async fn seal(state: &State) -> Result<bool> {
    Ok(tick::audit_link(state).await? == tick::ROWS)
}

/// Counts a batch of what acts have left behind; true when there may be more.
async fn fold(state: &State) -> Result<bool> {
    Ok(tick::deltas_fold(state).await? == tick::DELTAS)
}

/// Does a batch of what time has made due; true when there may be more and nobody has said stop.
async fn due(state: &State, stop: &watch::Receiver<bool>) -> Result<bool> {
    let broken = tick::promises_break(state).await?;
    let climbed = tick::rungs_climb(state).await?.max(tick::parts_climb(state).await?);
    let resumed = tick::cases_resume(state).await?;
    let counted = tick::calendars_follow(state).await?;
    let lapsed = tick::callbacks_lapse(state).await?;
    let (unanswered, over) = (offers_expire(state).await?, needs_close(state).await?);
    let told = notices_deliver(state).await?;
    let most =
        [unanswered, over, broken, climbed, resumed, counted, lapsed, told].into_iter().max().unwrap_or_default();
    let more = most == tick::BATCH;
    if more {
        // However much is due, what was done is sealed and counted meanwhile.
        repeat(MOST_COUNTED, || seal(state)).await?;
        repeat(MOST_COUNTED, || fold(state)).await?;
    }
    Ok(more && !*stop.borrow())
}

/// Takes facts off the outbox; true when there may be more.
async fn clear(state: &State) -> Result<bool> {
    Ok(tick::outbox_clear(state).await? == tick::ROWS)
}

/// Does a job again while it says that there is more, `most` times in all.
async fn repeat<F: Future<Output = Result<bool>>>(most: usize, mut job: impl FnMut() -> F) -> Result<()> {
    for _ in 0..most {
        if !job().await? {
            break;
        }
    }
    Ok(())
}

/// Everything that is due now, to the end: for the demo's virtual clock, tests and `doctor`.
pub async fn settle(state: &State) -> Result<()> {
    while tick::promises_break(state).await? > 0 {}
    while tick::rungs_climb(state).await? > 0 {}
    while tick::parts_climb(state).await? > 0 {}
    while offers_expire(state).await? > 0 {}
    while needs_close(state).await? > 0 {}
    while tick::cases_resume(state).await? > 0 {}
    while tick::calendars_follow(state).await? > 0 {}
    while tick::callbacks_lapse(state).await? > 0 {}
    while notices_deliver(state).await? > 0 {}
    while sends_go(state).await? > 0 {}
    while tick::deltas_fold(state).await? > 0 {}
    while tick::audit_link(state).await? > 0 {}
    while tick::outbox_clear(state).await? > 0 {}
    tick::forget(state).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;

    #[tokio::test]
    async fn a_job_is_done_again_while_there_is_more_and_not_for_ever() {
        for (due, done) in [(0, 1), (499, 1), (500, 2), (1200, 3), (1_000_000, 20)] {
            let (mut left, mut times) = (due, 0);
            repeat(MOST_DUE, || {
                let batch = left.min(tick::BATCH);
                left -= batch;
                times += 1;
                ready(Ok(batch == tick::BATCH))
            })
            .await
            .unwrap();
            assert_eq!(times, done, "{due}");
        }
    }

    #[tokio::test]
    async fn a_job_that_fails_is_not_done_again() {
        let mut times = 0;
        let failed = repeat(MOST_DUE, || {
            times += 1;
            ready(Err(crate::error::Error::unavailable(1)))
        });
        assert!(failed.await.is_err());
        assert_eq!(times, 1);
    }
}
