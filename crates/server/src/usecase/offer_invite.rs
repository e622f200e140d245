//! A coordinator invites: those chosen by hand, or as many of the best as are likely enough.

use muster_core::dispatch::offer::NeedState;
use muster_core::id::{Code, ResourceId};
use muster_core::people::{Action, Actor};
use muster_store::dispatch::{NeedRow, resource_by_code};

use super::act::Act;
use super::need::held;
use super::need_candidates::{candidates, refused};
use super::offer::{again, ask_more, finish, invite};
use crate::error::{Error, Result};
use crate::state::State;

/// Invites these, all or none; without any, as many of the best as the pack's target asks for. Returns how many.
pub async fn offer_invite(state: &State, actor: &Actor, need: &str, resources: &[String]) -> Result<usize> {
    state.roster.follow(state).await?;
    again(|| invite_once(state, actor, need, resources)).await
}

async fn invite_once(state: &State, actor: &Actor, code: &str, resources: &[String]) -> Result<usize> {
    let mut act = Act::begin(state, actor).await?;
    let mut need = held(&mut act, code, Action::OfferInvite, None).await?;
    ready(state, &need)?;
    let invited = if resources.is_empty() {
        ask_more(&mut act, &need).await?.asked
    } else {
        let mut ids = Vec::new();
        for code in resources {
            ids.push(named(&mut act, code).await?);
        }
        ids.sort_unstable();
        ids.dedup();
        for id in &ids {
            if let Err(barred) = invite(&mut act, &need, *id).await? {
                // Nobody else waits while the next best is looked for.
                drop(act);
                let (best, _) = candidates(state, &mut state.read().await?, &need).await?;
                return Err(refused(&barred, best.iter().find(|next| !ids.contains(&next.row.id))));
            }
        }
        ids.len()
    };
    if invited == 0 {
        let detail =
            "Nobody more can be asked now: enough were asked, or nobody near fits. See the reasons in the list.";
        return Err(Error::invalid("resource", "offer-nobody", detail));
    }
    finish(&mut act, &mut need).await?;
    act.audit(Action::OfferInvite, "need", need.code.as_str(), None);
    act.commit().await?;
    Ok(invited)
}

async fn named(act: &mut Act<'_>, code: &str) -> Result<ResourceId> {
    let unknown = || Error::invalid("resource", "resource-unknown", format!("{code:?} is no number of the registry."));
    let code: Code = code.parse().map_err(|_| unknown())?;
    Ok(resource_by_code(&mut act.tx, &code).await?.ok_or_else(unknown)?.id)
}

/// Whether anybody can be invited to a need now.
fn ready(state: &State, need: &NeedRow) -> Result<()> {
    if need.state != NeedState::Open {
        return Err(Error::conflict(format!("The need is {}; nobody more is invited.", need.state), [] as [&str; 0]));
    }
    let today = state.pack.calendar.local_date(state.now());
    if need.opens_at >= super::need::slots(state).horizon(today) {
        let detail = "The need lies more than seven days ahead; people are invited for the coming seven days only.";
        return Err(Error::invalid("resource", "need-early", detail));
    }
    Ok(())
}
