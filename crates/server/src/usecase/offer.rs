//! What all acts on offers share: one move with everything that follows from it, and the next ones who are asked.

use std::future::Future;

use muster_core::dispatch::offer::{NeedKind, NeedState, OfferMove, OfferRefusal, OfferState};
use muster_core::id::{OfferId, ResourceId};
use muster_core::pack::Template;
use muster_core::time::Timestamp;
use muster_store::dispatch::{
    NeedRow, OfferRow, booking_release, booking_take, need_update, offer_get, offer_insert, offer_update,
    offers_of_need, resource_lock, resource_update,
};

use super::act::Act;
use super::need::{lock, slots};
use super::need_candidates::{Around, Barred, Candidate, candidates, refused, to_ask};
use super::notice::Word;
use super::offer_told::heard_from;
use crate::error::{Code, Error, Result};

impl From<OfferRefusal> for Error {
    fn from(refusal: OfferRefusal) -> Self {
        Self::conflict(refusal.to_string(), refusal.allowed.iter().map(|m| m.as_str()))
    }
}

/// Does an act again that met another on the same rows: two that hold each other's are told apart by the database.
pub(super) async fn again<T, F: Future<Output = Result<T>>>(mut act: impl FnMut() -> F) -> Result<T> {
    for _ in 0..3 {
        match act().await {
            Err(error) if error.code() == Code::StaleEtag => {}
            other => return other,
        }
    }
    act().await
}

/// An offer with its need, held in the order in which everybody holds them.
pub(super) async fn held(act: &mut Act<'_>, id: OfferId) -> Result<(NeedRow, OfferRow)> {
    let offer = offer_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let need = lock(act, offer.need_id).await?;
    let offer = offer_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    Ok((need, offer))
}

/// One move of an offer: its time is given back, its need counts its helpers, and the resource what it was asked for.
/// The need is written by the caller ([`finish`]).
pub(super) async fn apply(act: &mut Act<'_>, need: &mut NeedRow, offer: &mut OfferRow, m: OfferMove) -> Result<()> {
    let (was, is) = (offer.state, offer.state.take(m)?);
    offer.state = is;
    need.filled += i64::from(is.fills()) - i64::from(was.fills());
    match m {
        OfferMove::Accept | OfferMove::Decline => offer.answered_at = Some(act.at.0),
        OfferMove::CheckIn => offer.checked_in_at = Some(act.at.0),
        OfferMove::Finish => offer.done_at = Some(act.at.0),
        _ => {}
    }
    if was.is_booked() && !is.is_booked() {
        booking_release(&mut act.tx, offer.id).await?;
    }
    offer_update(&mut act.tx, offer).await?;
    let mut resource = resource_lock(&mut act.tx, offer.resource_id).await?.ok_or_else(Error::not_found)?;
    match m {
        OfferMove::Accept => resource.agreed += 1,
        OfferMove::Finish => resource.came += 1,
        // It had no chance to answer.
        OfferMove::Withdraw if offer.answered_at.is_none() => resource.asked -= 1,
        _ => {}
    }
    // Also where nothing is counted: whoever keeps the registry in memory follows by this.
    let at = act.at;
    resource_update(&mut act.tx, &mut resource, at).await?;
    Ok(())
}

/// Writes the need after its offers moved. When as many have agreed as were asked for, nobody else is kept waiting.
pub(super) async fn finish(act: &mut Act<'_>, need: &mut NeedRow) -> Result<()> {
    let before = need.state;
    if !need.state.is_over() && need.kind == NeedKind::Help {
        need.state = if need.filled >= need.head { NeedState::Filled } else { NeedState::Open };
    }
    if need.state == NeedState::Filled {
        withdraw_waiting(act, need, Some(Template::OfferFilled)).await?;
        if before != NeedState::Filled {
            act.notify_asker(need, Template::NeedFilled).await?;
        }
    }
    need_update(&mut act.tx, need).await?;
    Ok(())
}

/// Takes the invitations back that nobody has answered; `told` is what those who were invited hear of it.
pub(super) async fn withdraw_waiting(act: &mut Act<'_>, need: &mut NeedRow, told: Option<Template>) -> Result<()> {
    let mut waiting = offers_of_need(&mut act.tx, need.id).await?;
    waiting.retain(|offer| offer.state == OfferState::Invited);
    waiting.sort_by_key(|offer| offer.resource_id);
    for offer in &mut waiting {
        apply(act, need, offer, OfferMove::Withdraw).await?;
        if let Some(told) = told {
            act.notify_helper(offer, told).await?;
        }
    }
    Ok(())
}

/// Invites one, as far as it may be: all that decides is looked at again while it is held.
pub(super) async fn invite(
    act: &mut Act<'_>,
    need: &NeedRow,
    id: ResourceId,
) -> Result<std::result::Result<OfferRow, Barred>> {
    let row = resource_lock(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let around = Around::read(act.state, &mut act.tx, need, &[id]).await?;
    let candidate = match around.judge(row) {
        Ok(candidate) => candidate,
        Err(barred) => return Ok(Err(barred)),
    };
    let offer = offer_of(act, need, &candidate);
    offer_insert(&mut act.tx, &offer).await?;
    let mut resource = candidate.row;
    if !booking_take(&mut act.tx, &resource, offer.slot, offer.id).await? {
        // What was read said that it is free: another node was faster, and its row stands.
        return Err(refused(&Barred { row: resource, why: vec!["taken"] }, None));
    }
    resource.asked += 1;
    let at = act.at;
    resource_update(&mut act.tx, &mut resource, at).await?;
    act.tell(Word::of_offer(&offer, &resource, Template::OfferInvited));
    Ok(Ok(offer))
}

fn offer_of(act: &Act<'_>, need: &NeedRow, candidate: &Candidate) -> OfferRow {
    let (state, rule) = (act.state, &act.state.pack.dispatch.offer);
    let wait = if need.priority == 8 { rule.wait_urgent } else { rule.wait };
    let (_, end) = slots(state).bounds(candidate.slot);
    let last = end.min(need.closes_at).plus(-need.minutes * Timestamp::MINUTE);
    let digits = u64::from_le_bytes(state.chance.bytes()) % 1_000_000;
    OfferRow {
        id: OfferId(state.chance.uuid(act.at)),
        need_id: need.id,
        resource_id: candidate.row.id,
        state: OfferState::Invited,
        slot: candidate.slot,
        reason: serde_json::json!({
            "value": candidate.value, "km": (candidate.km * 10.0).round() / 10.0, "week": candidate.week,
            "asked": candidate.row.asked, "came": candidate.row.came, "pack": state.pack.version,
        })
        .to_string(),
        chance: (candidate.chance * 1_000.0).round() as i64,
        invited_at: act.at,
        invited_by: act.actor.account_id().map(|id| id.0),
        expires_at: heard_from(state, act.at)
            .plus(i64::from(wait) * Timestamp::MINUTE)
            .min(last.max(act.at.plus(Timestamp::MINUTE))),
        answered_at: None,
        decline_reason: None,
        agreed_at: None,
        meeting_code: format!("{digits:06}"),
        checked_in_at: None,
        done_at: None,
        minutes: None,
        confirmed_minutes: None,
        confirmed_at: None,
        version: 1,
    }
}

/// Rounds in which somebody is looked for in place of one who could not be asked after all.
const ROUNDS: usize = 3;

/// How many more were asked.
pub(super) struct Asked {
    pub(super) asked: usize,
    /// Helpers are missing, nobody could be asked and no answer is awaited.
    pub(super) nobody: bool,
}

/// The same where nobody looks on: whoever asked for help hears when nobody more can be asked.
pub(super) async fn ask_next(act: &mut Act<'_>, need: &NeedRow) -> Result<()> {
    if ask_more(act, need).await?.nobody {
        act.notify_asker(need, Template::NeedShort).await?;
    }
    Ok(())
}

/// Asks as many more as make it likely enough that all come who are needed.
pub(super) async fn ask_more(act: &mut Act<'_>, need: &NeedRow) -> Result<Asked> {
    let mut asked = 0;
    let mut waits = false;
    for _ in 0..ROUNDS {
        if need.state != NeedState::Open || need.closes_at <= act.at {
            break;
        }
        let offers = offers_of_need(&mut act.tx, need.id).await?;
        waits = offers.iter().any(|offer| offer.state == OfferState::Invited);
        let (best, _) = candidates(act.state, &mut act.tx, need).await?;
        let count = to_ask(act.state, need, &offers, &best);
        if count == 0 {
            break;
        }
        let mut ids: Vec<ResourceId> = best.iter().take(count).map(|candidate| candidate.row.id).collect();
        ids.sort_unstable();
        for id in ids {
            asked += usize::from(invite(act, need, id).await?.is_ok());
        }
    }
    Ok(Asked { asked, nobody: asked == 0 && !waits && need.state == NeedState::Open })
}
