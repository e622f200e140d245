//! What a joint project costs, and who bears which share of it: said once, and changed by saying it anew.

use muster_core::people::{Action, Actor};
use muster_core::process::TaskState;
use muster_core::process::shares::{PARTIES_MOST, PartyKind, charge, split};
use muster_store::process::{CaseRow, parts_of_case};
use muster_store::share::{
    ShareAccountRow, ShareBook, SharePartyRow, share_open, share_parties_insert, share_party_update,
};

use super::act::Act;
use super::shares::{Ground, hold, said, write};
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// Cost and shares as somebody sets them.
#[derive(Clone, Debug, Default)]
pub struct NewShares {
    /// Fen.
    pub cost: i64,
    /// Those of the project that are not named here keep their place and bear nothing.
    pub parties: Vec<NewParty>,
    /// The agreement, the minutes or the decision they follow from.
    pub reason: String,
    /// Of the account; 0 where there is none yet.
    pub version: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct NewParty {
    /// Of one that is there already.
    pub number: Option<i64>,
    pub kind: PartyKind,
    /// Of a group, a unit or a firm; of no single resident.
    pub name: String,
    /// Basis points of the cost.
    pub share: i64,
}

/// Everybody is charged anew where what they owe has changed; what was paid stays paid.
pub async fn share_set(state: &State, actor: &Actor, code: &str, new: &NewShares) -> Result<ShareBook> {
    let mut act = Act::begin(state, actor).await?;
    let (case, book) = hold(&mut act, code, Action::ShareSet, new.version).await?;
    let note = said(state, "reason", &new.reason)?;
    check(state, book.as_ref(), new)?;
    let parties = joined(&act, &case, book.as_ref(), &new.parties);
    if parties.len() > PARTIES_MOST {
        let detail = format!("The project would have {} parties; at most {PARTIES_MOST} fit.", parties.len());
        return Err(Error::invalid("parties", "parties-count", detail));
    }
    let shares: Vec<u32> = parties.iter().map(|party| party.share as u32).collect();
    let owed = split(new.cost, &shares).map_err(|fault| match Error::from(fault) {
        error if error.fields().iter().any(|field| field.pointer == "/amount") => {
            Error::invalid("cost", "amount-range", error.fields()[0].detail.clone())
        }
        error => error,
    })?;
    let mut book = match book {
        Some(book) => book,
        None => opened(&mut act, &case, new.cost).await?,
    };
    let (there, added) = parties.into_iter().partition::<Vec<_>, _>(|party| book.party(party.number).is_some());
    for party in &there {
        share_party_update(&mut act.tx, party).await?;
    }
    share_parties_insert(&mut act.tx, &added).await?;
    book.parties = there.into_iter().chain(added).collect();
    let owed: Vec<(i64, i64)> = book.parties.iter().map(|party| party.number).zip(owed).collect();
    let entries = charge(&book.ledger(), &owed)?;
    book.account.cost = new.cost;
    let ground = Ground::words(&act, &note);
    write(&mut act, &mut book, &entries, &ground).await?;
    act.audit(Action::ShareSet, "shares", case.code.as_str(), None);
    act.commit().await?;
    Ok(book)
}

/// Only work that is parted among several is a joint project.
async fn opened(act: &mut Act<'_>, case: &CaseRow, cost: i64) -> Result<ShareBook> {
    let parts = parts_of_case(&mut act.tx, case.id).await?;
    if parts.rows.iter().all(|part| part.state == TaskState::Cancelled) {
        let detail = "The work of this case is not parted. Make a plan first; costs are shared of a joint project.";
        return Err(Error::invalid("cost", "shares-no-plan", detail));
    }
    let account = ShareAccountRow {
        case_id: case.id,
        cost,
        opened_at: act.at,
        opened_by: act.actor.account_id().map(|account| account.0),
        version: 0,
        closed_at: None,
        closed_by: None,
    };
    share_open(&mut act.tx, &account).await?;
    Ok(ShareBook { account, parties: Vec::new(), entries: Vec::new(), waivers: Vec::new() })
}

/// The parties as they will be, by number.
fn joined(act: &Act<'_>, case: &CaseRow, book: Option<&ShareBook>, new: &[NewParty]) -> Vec<SharePartyRow> {
    let named = |number: i64| new.iter().find(|party| party.number == Some(number));
    let there = book.map(|book| book.parties.clone()).unwrap_or_default();
    let kept = there.into_iter().map(|row| match named(row.number) {
        Some(party) => {
            SharePartyRow { kind: party.kind, name: party.name.trim().to_owned(), share: party.share, ..row }
        }
        None => SharePartyRow { share: 0, ..row },
    });
    let mut parties: Vec<SharePartyRow> = kept.collect();
    let first = parties.last().map_or(0, |party| party.number) + 1;
    let added = new.iter().filter(|party| party.number.is_none()).zip(first..).map(|(party, number)| SharePartyRow {
        id: act.state.chance.uuid(act.at),
        case_id: case.id,
        number,
        kind: party.kind,
        name: party.name.trim().to_owned(),
        share: party.share,
    });
    parties.extend(added);
    parties
}

fn check(state: &State, book: Option<&ShareBook>, new: &NewShares) -> Result<()> {
    let mut faults = Vec::new();
    let mut fault = |place: usize, field: &str, code: &str, detail: String| {
        faults.push(FieldError { pointer: format!("/parties/{place}/{field}"), code: code.to_owned(), detail });
    };
    let most = state.pack.intake.title_max;
    for (place, party) in new.parties.iter().enumerate() {
        let name = party.name.trim();
        if name.is_empty() {
            fault(place, "name", "party-name-missing", "Say who it is: a group, a unit or a firm.".to_owned());
        } else if name.chars().count() > most {
            fault(place, "name", "text-long", format!("The name has more than {most} characters."));
        } else if new.parties[..place].iter().any(|other| other.name.trim() == name) {
            fault(place, "name", "party-twice", format!("{name} is named twice; put the shares together."));
        }
        if !(0..=10_000).contains(&party.share) {
            fault(place, "share", "share-range", format!("{} is no share; use 0 to 10000 basis points.", party.share));
        }
        let same = |other: &NewParty| other.number == party.number;
        let known = |number| book.is_some_and(|book| book.party(number).is_some());
        if let Some(number) = party.number
            && (!known(number) || new.parties[..place].iter().any(same))
        {
            fault(
                place,
                "number",
                "party-unknown",
                format!("{number} is no party of this project, or is named twice."),
            );
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}
