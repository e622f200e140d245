//! A party need not pay all it owes: one person asks with a reason, another decides.

use muster_core::people::{Action, Actor};
use muster_core::process::shares::{EntryKind, enter};
use muster_store::share::{ShareBook, ShareWaiverRow, share_update, share_waiver_decide, share_waiver_insert};
use uuid::Uuid;

use super::act::{Act, fits};
use super::shares::{Ground, hold_open, party_unknown, said, write};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct NewWaiver {
    /// Number of the party.
    pub party: i64,
    /// Fen.
    pub amount: i64,
    /// Required: whoever decides reads it.
    pub reason: String,
    /// Of the account.
    pub version: Option<i64>,
}

/// Waivers of one project, at most.
const WAIVERS_MOST: usize = 500;

pub async fn share_waive(state: &State, actor: &Actor, code: &str, new: &NewWaiver) -> Result<ShareBook> {
    let mut act = Act::begin(state, actor).await?;
    let (case, mut book) = hold_open(&mut act, code, Action::ShareWaive, new.version).await?;
    if book.party(new.party).is_none() {
        return Err(party_unknown(new.party));
    }
    let reason = said(state, "reason", &new.reason)?;
    if book.waivers.iter().any(|waiver| waiver.party == new.party && waiver.state == "open") {
        return Err(Error::invalid("party", "request-open", "It has been asked for this party; somebody will decide."));
    }
    if book.waivers.len() >= WAIVERS_MOST {
        return Err(Error::invalid(
            "party",
            "ledger-full",
            format!("{WAIVERS_MOST} waivers were asked for; no more fit."),
        ));
    }
    // What could not be entered now is not asked for.
    enter(&book.ledger(), new.party, EntryKind::Waive, new.amount)?;
    let waiver = ShareWaiverRow {
        id: state.chance.uuid(act.at),
        case_id: case.id,
        party: new.party,
        amount: new.amount,
        reason,
        asked_at: act.at,
        asked_by: actor.account_id().map(|account| account.0),
        state: "open".to_owned(),
        decided_at: None,
        decided_by: None,
        answer: None,
    };
    share_waiver_insert(&mut act.tx, &waiver).await?;
    share_update(&mut act.tx, &mut book.account).await?;
    book.waivers.push(waiver);
    act.audit(Action::ShareWaive, "shares", case.code.as_str(), None);
    act.commit().await?;
    Ok(book)
}

/// Whoever asked cannot decide. `answer` is required when it is refused.
pub async fn share_decide(
    state: &State,
    actor: &Actor,
    (code, id): (&str, Uuid),
    granted: bool,
    answer: &str,
) -> Result<ShareBook> {
    let mut act = Act::begin(state, actor).await?;
    let (case, mut book) = hold_open(&mut act, code, Action::ShareDecide, None).await?;
    let mut waiver = book.waivers.iter().find(|waiver| waiver.id == id).cloned().ok_or_else(Error::not_found)?;
    let by = actor.account_id().map(|account| account.0);
    if waiver.asked_by == by {
        let detail = "Whoever asked for it cannot decide; somebody else must.";
        return Err(Error::invalid("answer", "own-request", detail));
    }
    let answer = answer.trim();
    if !granted && answer.is_empty() {
        return Err(Error::invalid("answer", "reason-missing", "Say why not; whoever asked reads it."));
    }
    fits(state, "answer", answer)?;
    if waiver.state != "open" {
        return Err(Error::conflict(format!("The waiver is {}.", waiver.state), Vec::<String>::new()));
    }
    if granted { "granted" } else { "refused" }.clone_into(&mut waiver.state);
    (waiver.decided_at, waiver.decided_by) = (Some(act.at.0), by);
    waiver.answer = Some(answer.to_owned()).filter(|answer| !answer.is_empty());
    share_waiver_decide(&mut act.tx, &waiver).await?;
    let entry =
        if granted { Some(enter(&book.ledger(), waiver.party, EntryKind::Waive, waiver.amount)?) } else { None };
    let ground = Ground::words(&act, &waiver.reason);
    write(&mut act, &mut book, entry.as_slice(), &ground).await?;
    if let Some(held) = book.waivers.iter_mut().find(|held| held.id == id) {
        *held = waiver;
    }
    act.audit(Action::ShareDecide, "shares", case.code.as_str(), None);
    act.commit().await?;
    Ok(book)
}
