//! A need is changed or called off, and what time does to needs and invitations by itself.

use muster_core::dispatch::offer::{NeedKind, NeedState, OfferMove, OfferState};
use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, need_update, needs_closing, offers_lapsed, offers_of_need};

use super::act::{Act, reason};
use super::need::{held, lock, slots};
use super::need_post::{head, window};
use super::offer::{again, apply, ask_next, finish, withdraw_waiting};
use super::resource::Faults;
use super::tick::BATCH;
use crate::error::{Error, Result};
use crate::state::State;

/// What can be changed while nobody has to be asked anew; text and place stay as those invited have read them.
#[derive(Clone, Debug)]
pub struct NeedChange {
    pub head: i64,
    pub priority: i64,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub version: Option<i64>,
}

pub async fn need_change(state: &State, actor: &Actor, code: &str, change: &NeedChange) -> Result<NeedRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut need = held(&mut act, code, Action::NeedChange, change.version).await?;
    if need.state.is_over() {
        return Err(Error::conflict(format!("The need is {}; ask for help anew.", need.state), [] as [&str; 0]));
    }
    let mut faults = Faults::default();
    if need.kind == NeedKind::Help {
        head(change.head, &mut faults);
    }
    let detail =
        format!("{} have agreed to come; fewer cannot be asked for. Take an invitation back first.", need.filled);
    faults.unless(change.head >= need.filled, "head", "head-below", &detail);
    let detail = format!("{} is no priority; use 1, 2, 4 or 8.", change.priority);
    faults.unless(matches!(change.priority, 1 | 2 | 4 | 8), "priority", "priority-unknown", &detail);
    let mut held_offers = Vec::new();
    let moved = (change.opens_at, change.closes_at) != (need.opens_at, need.closes_at);
    if moved {
        window(state, need.kind, (change.opens_at, change.closes_at), need.minutes, &mut faults);
        held_offers = offers_of_need(&mut act.tx, need.id).await?;
        held_offers.retain(|offer| matches!(offer.state, OfferState::Invited) || offer.state.fills());
        // Their time is kept by parts of a day: within it the hour may change, and they are told.
        let left = slots(state).fitting(change.opens_at.max(act.at), change.closes_at, need.minutes);
        let keeps = held_offers.iter().all(|offer| offer.state != OfferState::CheckedIn && left.contains(&offer.slot));
        let detail = "Somebody was invited for this time and not for that; call the need off and post it anew.";
        faults.unless(keeps, "closes", "window-held", detail);
    }
    faults.end()?;
    need.head = change.head;
    need.priority = change.priority;
    (need.opens_at, need.closes_at) = (change.opens_at, change.closes_at);
    for offer in &held_offers {
        act.notify_helper(offer, Template::OfferChanged).await?;
    }
    finish(&mut act, &mut need).await?;
    act.audit(Action::NeedChange, "need", need.code.as_str(), None);
    act.commit().await?;
    Ok(need)
}

/// Called off: everybody who was invited is told so and has their time back.
pub async fn need_cancel(state: &State, actor: &Actor, code: &str, why: &str) -> Result<NeedRow> {
    again(|| async {
        let mut act = Act::begin(state, actor).await?;
        let mut need = held(&mut act, code, Action::NeedCancel, None).await?;
        let why = reason(state, why)?;
        if need.state.is_over() {
            return Err(Error::conflict(format!("The need is {} already.", need.state), [] as [&str; 0]));
        }
        let mut offers = offers_of_need(&mut act.tx, need.id).await?;
        offers.retain(|offer| matches!(offer.state, OfferState::Invited | OfferState::Accepted));
        offers.sort_by_key(|offer| offer.resource_id);
        for offer in &mut offers {
            apply(&mut act, &mut need, offer, OfferMove::Withdraw).await?;
            act.notify_helper(offer, Template::OfferWithdrawn).await?;
        }
        end(&mut act, &mut need, NeedState::Cancelled, Some(muster_core::intake::redact(&why, None))).await?;
        act.audit(Action::NeedCancel, "need", need.code.as_str(), None);
        act.commit().await?;
        Ok(need)
    })
    .await
}

async fn end(act: &mut Act<'_>, need: &mut NeedRow, state: NeedState, reason: Option<String>) -> Result<()> {
    (need.state, need.ended_at, need.reason) = (state, Some(act.at.0), reason);
    need_update(&mut act.tx, need).await.map_err(Error::from)
}

/// Invitations that nobody answered in time: the next ones are asked. Returns how many there were.
pub async fn offers_expire(state: &State) -> Result<usize> {
    let due = offers_lapsed(&mut state.read().await?, state.now(), BATCH as i64).await?;
    for id in &due {
        again(|| async {
            let mut act = Act::begin(state, &Actor::System).await?;
            let (mut need, mut offer) = super::offer::held(&mut act, *id).await?;
            // Another node, or the one invited, may have been first.
            if offer.state != OfferState::Invited || offer.expires_at > act.at {
                return Ok(());
            }
            apply(&mut act, &mut need, &mut offer, OfferMove::Expire).await?;
            finish(&mut act, &mut need).await?;
            ask_next(&mut act, &need).await?;
            act.commit().await
        })
        .await?;
    }
    Ok(due.len())
}

/// Needs whose time is over: done where somebody agreed to come, expired where nobody did. Returns how many.
pub async fn needs_close(state: &State) -> Result<usize> {
    let due = needs_closing(&mut state.read().await?, state.now(), BATCH as i64).await?;
    for id in &due {
        again(|| async {
            let mut act = Act::begin(state, &Actor::System).await?;
            let mut need = lock(&mut act, *id).await?;
            if need.state.is_over() || need.closes_at > act.at {
                return Ok(());
            }
            withdraw_waiting(&mut act, &mut need, None).await?;
            if need.filled < need.head {
                act.notify_asker(&need, Template::NeedExpired).await?;
            }
            let end_state = if need.filled > 0 { NeedState::Done } else { NeedState::Expired };
            end(&mut act, &mut need, end_state, None).await?;
            act.commit().await
        })
        .await?;
    }
    Ok(due.len())
}
