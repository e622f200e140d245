//! The helper is there, and has finished. Nobody punches a clock: one code at the door, and the minutes they say.

use muster_core::dispatch::offer::OfferMove;
use muster_core::id::OfferId;
use muster_core::people::{Action, Actor};
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, OfferRow, ResourceRow, resource_get};
use subtle::ConstantTimeEq;

use super::act::{Act, day};
use super::need::{served, slots};
use super::offer::{again, apply, finish, held};
use super::offer_own::mine;
use crate::error::{Error, Result};
use crate::state::State;

/// The helper types the six digits that the one who is helped has.
pub async fn offer_check_in(state: &State, id: OfferId, own: (&str, &str), digits: &str) -> Result<OfferRow> {
    again(|| async {
        let mut act = Act::begin(state, &Actor::Anonymous).await?;
        let (need, offer, resource) = mine(&mut act, Action::OfferCheckIn, id, own).await?;
        let typed: String = digits.chars().filter(char::is_ascii_digit).collect();
        if !bool::from(typed.as_bytes().ct_eq(offer.meeting_code.as_bytes())) {
            let detail = "These are not the six digits; the one you help has them on their slip.";
            return Err(Error::invalid("digits", "digits-wrong", detail));
        }
        arrive(act, need, offer, &resource).await
    })
    .await
}

/// The one who is helped says, on their own page, that the helper is there.
pub async fn offer_arrived(state: &State, code: &str, secret: &str, id: OfferId) -> Result<OfferRow> {
    again(|| async {
        let mut act = Act::begin(state, &Actor::Anonymous).await?;
        act.may(Action::OfferCheckIn, &muster_core::people::Subject::NONE)?;
        let known = served(&mut act.tx, state, code, secret).await?;
        let (need, offer) = held(&mut act, id).await?;
        if need.id != known.id {
            return Err(Error::not_found());
        }
        let resource = resource_get(&mut act.tx, offer.resource_id).await?.ok_or_else(Error::not_found)?;
        arrive(act, need, offer, &resource).await
    })
    .await
}

async fn arrive(mut act: Act<'_>, mut need: NeedRow, mut offer: OfferRow, resource: &ResourceRow) -> Result<OfferRow> {
    let (state, rule) = (act.state, &act.state.pack.dispatch.offer);
    let (begin, end) = slots(state).bounds(offer.slot);
    let from = begin.max(need.opens_at).plus(-i64::from(rule.early) * Timestamp::MINUTE);
    let until = end.min(need.closes_at).plus(i64::from(rule.late) * Timestamp::MINUTE);
    // The state is said first: of a need that was called off, no time is right.
    offer.state.take(OfferMove::CheckIn)?;
    if act.at < from || act.at > until {
        let (early, late) = (rule.early, rule.late);
        let detail = format!("One arrives from {early} minutes before the time until {late} minutes after it.");
        return Err(Error::invalid("digits", "check-in-time", detail));
    }
    let insured = state.pack.dispatch.risk(&need.risk).is_some_and(|risk| risk.insured);
    let person = resource.kind == muster_core::dispatch::registry::ResourceKind::Volunteer;
    if insured && person && resource.insured_until.is_none_or(|until| until < day(state, act.at)) {
        let detail = "The insurance that this work asks for has run out; call who invited you before you begin.";
        return Err(Error::invalid("digits", "offer-insurance", detail));
    }
    apply(&mut act, &mut need, &mut offer, OfferMove::CheckIn).await?;
    finish(&mut act, &mut need).await?;
    act.audit(Action::OfferCheckIn, "need", need.code.as_str(), None);
    act.commit().await?;
    Ok(offer)
}

/// The helper says that it is done and how many minutes it took.
pub async fn offer_done(state: &State, id: OfferId, own: (&str, &str), minutes: i64) -> Result<OfferRow> {
    again(|| async {
        let mut act = Act::begin(state, &Actor::Anonymous).await?;
        let (mut need, mut offer, resource) = mine(&mut act, Action::OfferDone, id, own).await?;
        let most = need.minutes + i64::from(state.pack.dispatch.offer.late);
        if !(1..=most).contains(&minutes) {
            let detail = format!("{minutes} minutes is out of bounds; {} were planned, use 1 to {most}.", need.minutes);
            return Err(Error::invalid("minutes", "served-range", detail));
        }
        offer.minutes = Some(minutes);
        apply(&mut act, &mut need, &mut offer, OfferMove::Finish).await?;
        finish(&mut act, &mut need).await?;
        act.audit(Action::OfferDone, "resource", resource.code.as_str(), None);
        act.commit().await?;
        Ok(offer)
    })
    .await
}
