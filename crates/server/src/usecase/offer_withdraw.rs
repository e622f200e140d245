//! A coordinator takes an invitation back, or notes that a helper did not come. Neither is held against anybody.

use muster_core::dispatch::offer::OfferMove;
use muster_core::id::OfferId;
use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_store::dispatch::OfferRow;

use super::act::Act;
use super::need::subject_of;
use super::offer::{again, apply, ask_next, finish, held};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn offer_withdraw(state: &State, actor: &Actor, need: &str, id: OfferId) -> Result<OfferRow> {
    again(|| take(state, actor, need, id, (Action::OfferWithdraw, OfferMove::Withdraw))).await
}

/// The next one is asked, while there is time.
pub async fn offer_no_show(state: &State, actor: &Actor, need: &str, id: OfferId) -> Result<OfferRow> {
    again(|| take(state, actor, need, id, (Action::OfferNoShow, OfferMove::Miss))).await
}

async fn take(
    state: &State,
    actor: &Actor,
    code: &str,
    id: OfferId,
    (action, m): (Action, OfferMove),
) -> Result<OfferRow> {
    let mut act = Act::begin(state, actor).await?;
    let (mut need, mut offer) = held(&mut act, id).await?;
    let subject = subject_of(&mut act.tx, &need).await?;
    act.may(action, &subject)?;
    if code.parse() != Ok(need.code.clone()) {
        return Err(Error::not_found());
    }
    if m == OfferMove::Miss && act.at < need.opens_at {
        let detail = "The time has not come yet; take the invitation back instead.";
        return Err(Error::invalid("resource", "no-show-early", detail));
    }
    apply(&mut act, &mut need, &mut offer, m).await?;
    finish(&mut act, &mut need).await?;
    if m == OfferMove::Withdraw {
        act.notify_helper(&offer, Template::OfferWithdrawn).await?;
    }
    if m == OfferMove::Miss {
        ask_next(&mut act, &need).await?;
    }
    act.audit(action, "need", need.code.as_str(), None);
    act.commit().await?;
    Ok(offer)
}
