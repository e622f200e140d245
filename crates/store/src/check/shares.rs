//! What must be true of the money of joint projects: the ledger follows from the shares, and what is closed is settled.

use muster_core::process::shares::{Entry, EntryKind, accounts, is_reversed, split, statement, unsettled};
use uuid::Uuid;

use super::{Check, Weight};
use crate::db::{Result, Tx};
use crate::share::{ShareBook, SharePartyRow, share_book, share_cases};

/// Projects that are read at once.
const PAGE: i64 = 200;

pub(super) async fn whole(tx: &mut Tx) -> Result<[Check; 2]> {
    let rule = |name, sentence| Check::new(name, Weight::Finding, sentence);
    let mut ledger =
        rule("shares-ledger", "The parties of a project owe its cost by their shares, and its ledger is zero in all.");
    let mut closed = rule("shares-closed", "An account that is closed has no balance and no open waiver.");
    let mut after = Uuid::nil();
    loop {
        let cases = share_cases(tx, after, PAGE).await?;
        for case in &cases {
            let Some(book) = share_book(tx, (*case).into()).await? else { continue };
            ledger.judge(wrong(&book).map(|fault| format!("the account of case {case}: {fault}")));
            if book.account.closed_at.is_some() {
                closed.judge(left(&book).map(|fault| format!("the account of case {case}: {fault}")));
            }
        }
        let Some(last) = cases.last() else { break };
        after = *last;
    }
    Ok([ledger, closed])
}

fn wrong(book: &ShareBook) -> Option<String> {
    let entries = book.ledger();
    if let Some((entry, _)) = entries.iter().zip(1..).find(|(entry, number)| entry.number != *number) {
        return Some(format!("entry {} is not in its place", entry.number));
    }
    if let Some(entry) = entries.iter().find(|entry| book.party(entry.party).is_none()) {
        return Some(format!("entry {} is of no party", entry.number));
    }
    if let Some(entry) = entries.iter().find(|entry| !takes_back(entry, &entries)) {
        return Some(format!("entry {} takes back another amount than it says", entry.number));
    }
    let standing = |number: i64| entries.iter().filter(move |entry| entry.party == number);
    let charges = |number: i64| {
        let charged = standing(number).filter(|entry| entry.kind == EntryKind::Charge && entry.reverses.is_none());
        charged.filter(|entry| !is_reversed(&entries, entry.number)).count()
    };
    if let Some(party) = book.parties.iter().find(|party| charges(party.number) > 1) {
        return Some(format!("party {} is charged twice", party.number));
    }
    let shares: Vec<u32> = book.parties.iter().map(|party| party.share as u32).collect();
    let should = match split(book.account.cost, &shares) {
        Ok(should) => should,
        Err(fault) => return Some(fault.to_string()),
    };
    let owes = |(party, should): (&SharePartyRow, i64)| {
        let owed = statement(&entries, party.number).owed;
        (owed != should).then(|| format!("party {} owes {owed} fen, should be {should}", party.number))
    };
    let sum: i64 = accounts(&entries).values().sum();
    book.parties
        .iter()
        .zip(should)
        .find_map(owes)
        .or_else(|| (sum != 0).then(|| format!("all accounts make {sum} fen")))
}

fn takes_back(entry: &Entry, entries: &[Entry]) -> bool {
    let Some(number) = entry.reverses else { return true };
    let same = |other: &Entry| (other.party, other.kind, other.amount) == (entry.party, entry.kind, entry.amount);
    entries.iter().any(|other| other.number == number && other.reverses.is_none() && same(other))
}

fn left(book: &ShareBook) -> Option<String> {
    if let Some((party, balance)) = unsettled(&book.ledger()).first() {
        return Some(format!("party {party} has a balance of {balance} fen"));
    }
    book.waivers.iter().any(|waiver| waiver.state == "open").then(|| "a waiver is open".to_owned())
}
