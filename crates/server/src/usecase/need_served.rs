//! The side of the one who is helped: who comes when, and how long it took; by code and secret, or told to staff.

use muster_core::dispatch::offer::OfferState;
use muster_core::id::{OfferId, ResourceId};
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, OfferRow, ResourceRow, offer_update, offers_of_need, resource_get};

use super::act::{Act, deny};
use super::need::{served, slots, subject_of};
use super::offer::{again, held};
use crate::error::{Error, Result};
use crate::state::State;

/// Somebody who comes, or came.
#[derive(Debug)]
pub struct Helper {
    pub offer: OfferRow,
    /// A volunteer's family name only.
    pub name: String,
    pub from: Timestamp,
    pub until: Timestamp,
    pub may_confirm: bool,
}

#[derive(Debug)]
pub struct Served {
    pub need: NeedRow,
    pub helpers: Vec<Helper>,
}

pub async fn need_served(state: &State, code: &str, secret: &str) -> Result<Served> {
    may(&Actor::Anonymous, Action::NeedServed, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let need = served(&mut tx, state, code, secret).await?;
    let mut helpers = Vec::new();
    for offer in offers_of_need(&mut tx, need.id).await?.into_iter().filter(|offer| offer.state.fills()) {
        let name = resource_get(&mut tx, ResourceId(offer.resource_id.0)).await?.map(|row: ResourceRow| row.name);
        let (from, until) = slots(state).bounds(offer.slot);
        let (from, until) = (from.max(need.opens_at), until.min(need.closes_at));
        let may_confirm = confirmable(state, &offer).is_ok();
        helpers.push(Helper { offer, name: name.unwrap_or_default(), from, until, may_confirm });
    }
    Ok(Served { need, helpers })
}

/// The one who was helped says how long it took; no more than the helper said.
pub async fn offer_confirm(state: &State, code: &str, secret: &str, id: OfferId, minutes: i64) -> Result<OfferRow> {
    again(|| async {
        let mut act = Act::begin(state, &Actor::Anonymous).await?;
        act.may(Action::OfferConfirm, &Subject::NONE)?;
        let known = served(&mut act.tx, state, code, secret).await?;
        let (need, offer) = held(&mut act, id).await?;
        if need.id != known.id {
            return Err(Error::not_found());
        }
        confirm(act, Action::OfferConfirm, &need, offer, minutes).await
    })
    .await
}

/// The same, told to staff by phone or at the door.
pub async fn offer_settle(state: &State, actor: &Actor, code: &str, id: OfferId, minutes: i64) -> Result<OfferRow> {
    again(|| async {
        let mut act = Act::begin(state, actor).await?;
        let (need, offer) = held(&mut act, id).await?;
        let subject = subject_of(&mut act.tx, &need).await?;
        act.may(Action::OfferSettle, &subject)?;
        if code.parse() != Ok(need.code.clone()) {
            return Err(Error::not_found());
        }
        confirm(act, Action::OfferSettle, &need, offer, minutes).await
    })
    .await
}

async fn confirm(
    mut act: Act<'_>,
    action: Action,
    need: &NeedRow,
    mut offer: OfferRow,
    minutes: i64,
) -> Result<OfferRow> {
    confirmable(act.state, &offer)?;
    let said = offer.minutes.unwrap_or_default();
    if !(0..=said).contains(&minutes) {
        let detail = format!("{minutes} minutes is out of bounds; the helper said {said}. Use 0 to {said}.");
        return Err(Error::invalid("minutes", "confirm-range", detail));
    }
    offer.confirmed_minutes = Some(minutes);
    offer.confirmed_at = Some(act.at.0);
    offer_update(&mut act.tx, &mut offer).await?;
    act.audit(action, "need", need.code.as_str(), None);
    act.commit().await?;
    Ok(offer)
}

fn confirmable(state: &State, offer: &OfferRow) -> Result<()> {
    let nothing = |detail: &str| Err(Error::conflict(detail, [] as [&str; 0]));
    if offer.state != OfferState::Done {
        return nothing("The helper has not said yet that it is done.");
    }
    if offer.confirmed_at.is_some() {
        return nothing("These hours were confirmed already.");
    }
    let days = i64::from(state.pack.dispatch.offer.confirm_days);
    if offer.done_at.is_some_and(|done| state.now().since(Timestamp(done)) > days * Timestamp::DAY) {
        return nothing("The days in which hours are confirmed are over.");
    }
    Ok(())
}
