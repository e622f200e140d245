//! What somebody who was invited sees, by their number and secret: what, when, how far and how risky; after a yes, whom.

use muster_core::dispatch::offer::OfferState;
use muster_core::id::OfferId;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::dispatch::{NeedRow, OfferRow, ResourceRow, need_get, offer_get, offers_of_resource};
use muster_store::people::area_get;

use super::act::{Act, deny};
use super::need::{Contact, contact_of, slots};
use super::resource::own;
use crate::error::{Error, Result};
use crate::state::State;

/// The latest that are shown.
const SHOWN: i64 = 30;

/// An invitation as the one invited sees it.
#[derive(Debug)]
pub struct OwnOffer {
    pub offer: OfferRow,
    pub need: NeedRow,
    pub area: String,
    /// The part of the day that is kept for it.
    pub from: Timestamp,
    pub until: Timestamp,
    /// Only of one that was accepted and is not over.
    pub contact: Option<Contact>,
}

/// All of one's invitations, the newest first.
pub async fn offers_own(state: &State, code: &str, secret: &str) -> Result<Vec<OwnOffer>> {
    may(&Actor::Anonymous, Action::OfferView, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let row = own(&mut tx, state, code, secret).await?;
    let mut found = Vec::new();
    for offer in offers_of_resource(&mut tx, row.id, SHOWN).await? {
        found.push(seen(state, &mut tx, offer).await?);
    }
    Ok(found)
}

pub async fn offer_own(state: &State, id: OfferId, code: &str, secret: &str) -> Result<OwnOffer> {
    may(&Actor::Anonymous, Action::OfferView, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let row = own(&mut tx, state, code, secret).await?;
    let offer = offer_get(&mut tx, id).await?.filter(|offer| offer.resource_id == row.id);
    seen(state, &mut tx, offer.ok_or_else(Error::not_found)?).await
}

async fn seen(state: &State, tx: &mut Tx, offer: OfferRow) -> Result<OwnOffer> {
    let need = need_get(tx, offer.need_id).await?.ok_or_else(Error::not_found)?;
    let shown = offer.state.shows_contact() && !matches!(need.state.as_str(), "cancelled");
    let contact = if shown { contact_of(tx, state, &need).await? } else { None };
    let area = area_get(tx, need.area).await?.map(|area| area.name).unwrap_or_default();
    let (from, until) = slots(state).bounds(offer.slot);
    let (from, until) = (from.max(need.opens_at), until.min(need.closes_at));
    Ok(OwnOffer { offer, need, area, from, until, contact })
}

/// One's own offer with its need, held until the end of the act.
pub(super) async fn mine(
    act: &mut Act<'_>,
    action: Action,
    id: OfferId,
    (code, secret): (&str, &str),
) -> Result<(NeedRow, OfferRow, ResourceRow)> {
    act.may(action, &Subject::NONE)?;
    let row = own(&mut act.tx, act.state, code, secret).await?;
    let known = offer_get(&mut act.tx, id).await?.is_some_and(|offer| offer.resource_id == row.id);
    if !known {
        return Err(Error::not_found());
    }
    let (need, offer) = super::offer::held(act, id).await?;
    Ok((need, offer, row))
}

/// Whether an invitation still waits for its answer.
pub fn is_waiting(state: &State, offer: &OfferRow) -> bool {
    offer.state == OfferState::Invited && offer.expires_at > state.now()
}
