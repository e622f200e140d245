//! Yes or no. A no needs no reason and has no consequence, but that the next one is asked at once.

use muster_core::dispatch::offer::{OfferMove, OfferState};
use muster_core::id::OfferId;
use muster_core::people::{Action, Actor};
use muster_store::dispatch::OfferRow;

use super::act::{Act, fits};
use super::offer::{again, apply, ask_next, finish};
use super::offer_own::{mine, offers_own};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct OfferAnswer {
    pub yes: bool,
    /// That they have read the written agreement, where the risk asks for one.
    pub agreed: bool,
    /// Of a no, if they want to say.
    pub reason: String,
}

pub async fn offer_answer(state: &State, id: OfferId, own: (&str, &str), answer: &OfferAnswer) -> Result<OfferRow> {
    again(|| answer_once(state, id, own, answer)).await
}

async fn answer_once(state: &State, id: OfferId, own: (&str, &str), answer: &OfferAnswer) -> Result<OfferRow> {
    let mut act = Act::begin(state, &Actor::Anonymous).await?;
    let (mut need, mut offer, resource) = mine(&mut act, Action::OfferAnswer, id, own).await?;
    fits(state, "reason", &answer.reason)?;
    if answer.yes {
        if offer.state == OfferState::Invited && offer.expires_at <= act.at {
            let detail = "The time to answer is over and somebody else was asked; nothing is held against you.";
            return Err(Error::conflict(detail, [] as [&str; 0]));
        }
        let written = state.pack.dispatch.risk(&need.risk).is_some_and(|risk| risk.agreement);
        if written && !answer.agreed {
            let detail = "This work is dangerous: tick that you have read the agreement and agree, or say no.";
            return Err(Error::invalid("agreed", "agreement-missing", detail));
        }
        offer.agreed_at = written.then_some(act.at.0);
        apply(&mut act, &mut need, &mut offer, OfferMove::Accept).await?;
    } else {
        let reason = answer.reason.trim();
        offer.decline_reason = (!reason.is_empty()).then(|| muster_core::intake::redact(reason, None));
        apply(&mut act, &mut need, &mut offer, OfferMove::Decline).await?;
    }
    finish(&mut act, &mut need).await?;
    if !answer.yes {
        ask_next(&mut act, &need).await?;
    }
    act.audit(Action::OfferAnswer, "resource", resource.code.as_str(), None);
    act.commit().await?;
    Ok(offer)
}

/// A no to all that somebody was asked for or had agreed to: of one who leaves, so that others are asked.
pub(super) async fn decline_all(state: &State, own: (&str, &str)) -> Result<()> {
    for offer in offers_own(state, own.0, own.1).await? {
        if matches!(offer.offer.state, OfferState::Invited | OfferState::Accepted) {
            offer_answer(state, offer.offer.id, own, &OfferAnswer::default()).await?;
        }
    }
    Ok(())
}
