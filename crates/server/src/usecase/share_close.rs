//! The account of a joint project is closed: everybody has paid, or the rest was waived.

use muster_core::people::{Action, Actor};
use muster_core::process::money::yuan;
use muster_core::process::shares::unsettled;
use muster_store::share::{ShareBook, share_update};

use super::act::Act;
use super::shares::hold_open;
use crate::error::{Error, Result};
use crate::state::State;

pub async fn share_close(state: &State, actor: &Actor, code: &str, version: Option<i64>) -> Result<ShareBook> {
    let mut act = Act::begin(state, actor).await?;
    let (case, mut book) = hold_open(&mut act, code, Action::ShareClose, version).await?;
    let left = unsettled(&book.ledger());
    if !left.is_empty() {
        let name = |number| book.party(number).map_or("", |party| party.name.as_str());
        let named: Vec<_> = left.iter().map(|(number, rest)| format!("{} {}", name(*number), yuan(*rest))).collect();
        let detail =
            format!("Not every balance is zero: {}. Enter payments or refunds, or ask for a waiver.", named.join("; "));
        return Err(Error::invalid("close", "shares-unsettled", detail));
    }
    if book.waivers.iter().any(|waiver| waiver.state == "open") {
        return Err(Error::invalid("close", "waiver-open", "A waiver is not decided; decide it first."));
    }
    book.account.closed_at = Some(act.at.0);
    book.account.closed_by = actor.account_id().map(|account| account.0);
    share_update(&mut act.tx, &mut book.account).await?;
    act.audit(Action::ShareClose, "shares", case.code.as_str(), None);
    act.commit().await?;
    Ok(book)
}
