//! What those who offered help hear of an invitation, and whether it still holds when it goes out.

use muster_core::dispatch::offer::OfferState;
use muster_core::pack::Template;
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::dispatch::{OfferRow, offer_get, resource_get};
use muster_store::notice::notice_went;
use muster_store::send::SentNotice;

use super::act::Act;
use super::notice::{Word, invited_key};
use crate::error::{Error, Result};
use crate::state::State;

impl Act<'_> {
    /// Tells whoever an offer was made to what becomes of it.
    pub(super) async fn notify_helper(&mut self, offer: &OfferRow, template: Template) -> Result<()> {
        let who = resource_get(&mut self.tx, offer.resource_id).await?.ok_or_else(Error::not_found)?;
        self.tell(Word::of_offer(offer, &who, template));
        Ok(())
    }
}

/// From when somebody can hear of an invitation that is made now: nobody is written to in the night, so the time to answer
/// begins with the morning.
pub(super) fn heard_from(state: &State, at: Timestamp) -> Timestamp {
    state.pack.notices.sending.quiet.after(&state.pack.calendar, at)
}

/// Whether what a helper shall hear still holds: an invitation while it waits for its answer; its end where they had heard of
/// it, or had said yes.
pub(super) async fn still_told(tx: &mut Tx, now: Timestamp, notices: &[SentNotice]) -> Result<bool> {
    let [notice] = notices else { return Ok(true) };
    let told = notice.params["offer"].as_str().unwrap_or_default();
    match notice.template.parse::<Template>() {
        Ok(Template::OfferInvited) => {
            let Ok(id) = told.parse() else { return Ok(false) };
            let offer = offer_get(tx, id).await?;
            Ok(offer.is_some_and(|offer| offer.state == OfferState::Invited && offer.expires_at > now))
        }
        Ok(Template::OfferChanged | Template::OfferWithdrawn | Template::OfferFilled) => {
            let agreed = notice.params["agreed"].as_bool().unwrap_or_default();
            Ok(agreed || notice_went(tx, &invited_key(told)).await?)
        }
        _ => Ok(true),
    }
}
