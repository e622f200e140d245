//! What a party promised, paid or got back is entered with its paper; a wrong entry is taken back by another.

use jiff::civil::Date;
use muster_core::people::{Action, Actor};
use muster_core::process::shares::{EntryKind, enter, is_reversed, reverse};
use muster_core::time::day_number;
use muster_store::share::ShareBook;

use super::act::{Act, day, fits};
use super::shares::{Ground, hold_open, party_unknown, said, write};
use crate::error::{Error, Result};
use crate::state::State;

/// A pledge, a payment or a refund.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub kind: EntryKind,
    /// Number of the party.
    pub party: i64,
    /// Fen.
    pub amount: i64,
    /// Number of the receipt or voucher; of a pledge it may be empty.
    pub document: String,
    /// Its day, such as 2026-05-12.
    pub dated: String,
    pub note: String,
    /// Of the account.
    pub version: Option<i64>,
}

/// Characters of the number of a document.
const DOCUMENT_MOST: usize = 64;

pub async fn share_enter(state: &State, actor: &Actor, code: &str, new: &NewEntry) -> Result<ShareBook> {
    let mut act = Act::begin(state, actor).await?;
    let (case, mut book) = hold_open(&mut act, code, Action::ShareEnter, new.version).await?;
    if !matches!(new.kind, EntryKind::Pledge | EntryKind::Payment | EntryKind::Refund) {
        let detail = format!("{} is not entered by hand; use pledge, payment or refund.", new.kind);
        return Err(Error::invalid("kind", "entry-kind", detail));
    }
    if book.party(new.party).is_none() {
        return Err(party_unknown(new.party));
    }
    let document = document(&book, new)?;
    let dated = dated(&act, &new.dated)?;
    fits(state, "note", &new.note)?;
    let entry = enter(&book.ledger(), new.party, new.kind, new.amount)?;
    let ground = Ground { document, dated, note: new.note.trim().to_owned() };
    write(&mut act, &mut book, &[entry], &ground).await?;
    act.audit(Action::ShareEnter, "shares", case.code.as_str(), None);
    act.commit().await?;
    Ok(book)
}

/// `why` is required: it stands in the ledger beside what it takes back.
pub async fn share_reverse(
    state: &State,
    actor: &Actor,
    (code, number): (&str, i64),
    why: &str,
    version: Option<i64>,
) -> Result<ShareBook> {
    let mut act = Act::begin(state, actor).await?;
    let (case, mut book) = hold_open(&mut act, code, Action::ShareEnter, version).await?;
    let note = said(state, "reason", why)?;
    let entry = reverse(&book.ledger(), number)?;
    let ground = Ground::words(&act, &note);
    write(&mut act, &mut book, &[entry], &ground).await?;
    act.audit(Action::ShareEnter, "shares", case.code.as_str(), None);
    act.commit().await?;
    Ok(book)
}

/// One paper is entered once: pressed twice, the second is refused. A paper whose entry was taken back may be entered anew.
fn document(book: &ShareBook, new: &NewEntry) -> Result<Option<String>> {
    let document = new.document.trim();
    let length = document.chars().count();
    if length > DOCUMENT_MOST {
        let detail = format!("The number has {length} characters; at most {DOCUMENT_MOST} fit.");
        return Err(Error::invalid("document", "text-long", detail));
    }
    if document.is_empty() && new.kind != EntryKind::Pledge {
        let detail = "Give the number of the receipt or voucher; nothing is booked without a paper.";
        return Err(Error::invalid("document", "document-missing", detail));
    }
    let entries = book.ledger();
    let used = book.entries.iter().find(|row| {
        row.kind == new.kind && row.document.as_deref() == Some(document) && !is_reversed(&entries, row.number)
    });
    if let Some(used) = used.filter(|_| !document.is_empty()) {
        let detail = format!("{document} is entered already, as number {} of the ledger.", used.number);
        return Err(Error::invalid("document", "document-used", detail));
    }
    Ok(Some(document.to_owned()).filter(|document| !document.is_empty()))
}

/// A day from 2000 to today as yyyymmdd.
fn dated(act: &Act<'_>, text: &str) -> Result<i64> {
    let today = day(act.state, act.at);
    let found = text.trim().parse::<Date>().ok().map(day_number).filter(|day| (20_000_101..=today).contains(day));
    found.ok_or_else(|| {
        let detail = format!("{text:?} is no day up to today; write it like 2026-05-12.");
        Error::invalid("dated", "dated-wrong", detail)
    })
}
