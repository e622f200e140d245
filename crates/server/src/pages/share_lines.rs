//! The account of a joint project as its page shows it.

use std::collections::BTreeMap;

use muster_core::pack::UsualShare;
use muster_core::people::{Action, Actor};
use muster_core::process::TaskState;
use muster_core::process::money::{percent, yuan};
use muster_core::process::shares::{Entry, EntryKind, PARTIES_MOST, PartyKind, Statement, is_reversed, statement, sum};
use muster_core::time::Timestamp;
use muster_store::share::{ShareBook, ShareEntryRow, SharePartyRow, ShareWaiverRow};

use super::frame::{Frame, can};
use super::words::groups;
use crate::error::Result;
use crate::paper::{dated, entry_words};
use crate::usecase::share_view::{CaseShares, KindShare, share_view};
use crate::view::shares::{
    Amounts, EntryLine, KindLine, Money, PartyField, PartyLine, ShareActs, SharesPage, WaiverLine,
};
use crate::view::{Choice, Group};

/// Rows of the form for parties that are offered beyond those that are there.
const SPARE: usize = 3;
/// Entries that the page lists; the statement on paper has them all.
const ENTRIES_SHOWN: usize = 200;
/// Rows that are read.
pub(super) const ROWS_MOST: usize = PARTIES_MOST + SPARE;

/// What stood in a form when it comes back.
#[derive(Debug, Default)]
pub(super) struct Back {
    pub(super) form: &'static str,
    /// The entry or waiver it was about.
    pub(super) of: String,
    pub(super) typed: BTreeMap<String, String>,
}

pub(super) async fn page(frame: &Frame, code: &str, back: Back) -> Result<SharesPage> {
    let shares = share_view(&frame.state, frame.actor(), code).await?;
    let shell = frame.shell("shares-page");
    let (case, book) = (&shares.case, shares.book.as_ref());
    let entries = book.map(ShareBook::ledger).unwrap_or_default();
    let one = |options: Vec<Choice>| vec![Group { label: String::new(), options }];
    let kinds = PartyKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_name(frame, *kind)));
    let by_hand = [EntryKind::Payment, EntryKind::Pledge, EntryKind::Refund];
    let entry_kinds = by_hand.map(|kind| Choice::new(kind.as_str(), shell.label("entry", kind.as_str())));
    let parties = book.map_or(&[][..], |book| &book.parties);
    let choices = parties.iter().map(|party| Choice::new(party.number.to_string(), party.name.clone()));
    Ok(SharesPage {
        code: case.code.to_string(),
        code_groups: groups(case.code.as_str()),
        title: case.title.clone(),
        version: book.map_or(0, |book| book.account.version).to_string(),
        is_open: book.is_some(),
        has_plan: shares.parts.rows.iter().any(|part| part.state != TaskState::Cancelled),
        cost: book.map(|book| yuan(book.account.cost)).unwrap_or_default(),
        closed: book.and_then(|book| book.account.closed_at).map(|at| frame.when(Timestamp(at))),
        parties: parties.iter().map(|party| party_line(frame, party, &entries)).collect(),
        whole: amounts(sum(&entries)),
        entries: book.map(|book| lines(frame, &shares, book, &entries, &back)).unwrap_or_default(),
        unlisted: entries.len().saturating_sub(ENTRIES_SHOWN),
        waivers: book.map(|book| waivers(frame, &shares, book)).unwrap_or_default(),
        acts: acts(frame, &shares),
        basis: frame.state.pack.shares.basis.clone(),
        fields: fields(frame, book, &back),
        kinds: one(kinds.collect()),
        entry_kinds: one(entry_kinds.into()),
        party_choices: one(choices.collect()),
        form: back.form.to_owned(),
        typed: typed(frame, book, &back),
        shell,
    })
}

/// What the forms show in their fields, by the id of the control.
fn typed(frame: &Frame, book: Option<&ShareBook>, back: &Back) -> BTreeMap<String, String> {
    let today = frame.state.pack.calendar.local_date(frame.state.now()).to_string();
    let mut typed =
        BTreeMap::from([("entry-dated".to_owned(), today), ("entry-kind".to_owned(), "payment".to_owned())]);
    if let Some(book) = book {
        typed.insert("cost".to_owned(), yuan(book.account.cost));
    }
    let prefix = match back.form {
        "entry" => "entry-",
        "waive" => "waive-",
        _ => "",
    };
    typed.extend(back.typed.iter().map(|(name, value)| (format!("{prefix}{name}"), value.clone())));
    if back.form == "decide" {
        typed.insert(format!("answer-{}", back.of), back.typed.get("answer").cloned().unwrap_or_default());
    }
    typed
}

fn amounts(stands: Statement) -> Amounts {
    Amounts {
        owed: yuan(stands.owed),
        pledged: yuan(stands.pledged),
        paid: yuan(stands.paid),
        waived: yuan(stands.waived),
        balance: yuan(stands.balance()),
        settled: stands.balance() == 0,
    }
}

fn kind_name(frame: &Frame, kind: PartyKind) -> String {
    frame.state.pack.shares.name(kind).map(|name| frame.name(name)).unwrap_or_default()
}

fn party_line(frame: &Frame, party: &SharePartyRow, entries: &[Entry]) -> PartyLine {
    PartyLine {
        number: party.number,
        name: party.name.clone(),
        kind: kind_name(frame, party.kind),
        share: percent(party.share as u32),
        amounts: amounts(statement(entries, party.number)),
    }
}

fn lines(frame: &Frame, shares: &CaseShares, book: &ShareBook, entries: &[Entry], back: &Back) -> Vec<EntryLine> {
    let may = book.account.closed_at.is_none() && can(frame.actor(), Action::ShareEnter, &shares.case.subject());
    let text = frame.shell("shares-page").text;
    let line = |row: &ShareEntryRow| {
        let is_fixed = row.kind == EntryKind::Charge || row.reverses.is_some() || is_reversed(entries, row.number);
        let is_back = back.form == "reverse" && back.of == row.number.to_string();
        EntryLine {
            number: row.number,
            dated: dated(row.dated),
            what: entry_words(text, row),
            party: book.party(row.party).map(|party| party.name.clone()).unwrap_or_default(),
            amount: yuan(if row.reverses.is_some() { -row.amount } else { row.amount }),
            document: row.document.clone().unwrap_or_default(),
            note: row.note.clone(),
            by: row.entered_by.and_then(|id| shares.names.get(&id).cloned()).unwrap_or_default(),
            when: frame.when(row.at),
            may_reverse: may && !is_fixed,
            reason_id: format!("reason-{}", row.number),
            reason: is_back.then(|| back.typed.get("reason").cloned()).flatten().unwrap_or_default(),
        }
    };
    // The latest first: that is what somebody looks for.
    book.entries.iter().rev().take(ENTRIES_SHOWN).map(line).collect()
}

fn waivers(frame: &Frame, shares: &CaseShares, book: &ShareBook) -> Vec<WaiverLine> {
    let me = match frame.actor() {
        Actor::Account(account) => Some(account.id.0),
        _ => None,
    };
    let decides = book.account.closed_at.is_none() && can(frame.actor(), Action::ShareDecide, &shares.case.subject());
    let line = |row: &ShareWaiverRow| WaiverLine {
        id: row.id.to_string(),
        party: book.party(row.party).map(|party| party.name.clone()).unwrap_or_default(),
        amount: yuan(row.amount),
        reason: row.reason.clone(),
        who: row.asked_by.and_then(|id| shares.names.get(&id).cloned()).unwrap_or_default(),
        when: frame.when(row.asked_at),
        state: row.state.clone(),
        answer: row.answer.clone().unwrap_or_default(),
        may_decide: decides && row.state == "open" && row.asked_by != me,
        answer_id: format!("answer-{}", row.id),
    };
    book.waivers.iter().map(line).collect()
}

fn acts(frame: &Frame, shares: &CaseShares) -> ShareActs {
    let may = |action: Action| can(frame.actor(), action, &shares.case.subject());
    let is_closed = shares.book.as_ref().is_some_and(|book| book.account.closed_at.is_some());
    let is_there = shares.book.is_some() && !is_closed;
    ShareActs {
        set: !is_closed && may(Action::ShareSet),
        enter: is_there && may(Action::ShareEnter),
        waive: is_there && may(Action::ShareWaive),
        close: is_there && may(Action::ShareClose),
    }
}

/// The rows of the form: as they were typed, as they stand, or as the pack begins.
fn fields(frame: &Frame, book: Option<&ShareBook>, back: &Back) -> Vec<PartyField> {
    let row = |place: usize, number: String, kind: String, name: String, share: String| PartyField {
        place,
        number,
        kind,
        name,
        share,
        kind_id: format!("kind-{place}"),
        name_id: format!("name-{place}"),
        share_id: format!("share-{place}"),
    };
    if back.form == "set" {
        let at = |name: &str, place: usize| back.typed.get(&format!("{name}-{place}")).cloned().unwrap_or_default();
        let sent = |place: &usize| back.typed.contains_key(&format!("name-{place}"));
        let places = (1..=ROWS_MOST).filter(sent);
        return places
            .map(|place| row(place, at("number", place), at("kind", place), at("name", place), at("share", place)))
            .collect();
    }
    let standing = |party: &SharePartyRow| {
        let (kind, share) = (party.kind.as_str().to_owned(), percent(party.share as u32));
        (party.number.to_string(), kind, party.name.clone(), share)
    };
    let usual = |party: &UsualShare| {
        let (kind, share) = (party.kind.as_str().to_owned(), percent(party.share));
        (String::new(), kind, frame.name(&party.name), share)
    };
    let rows: Vec<_> = if let Some(book) = book {
        book.parties.iter().map(standing).collect()
    } else {
        frame.state.pack.shares.parties.iter().map(usual).collect()
    };
    let rows = rows.into_iter().zip(1..);
    let mut fields: Vec<PartyField> =
        rows.map(|((number, kind, name, share), place)| row(place, number, kind, name, share)).collect();
    let first = fields.len() + 1;
    let spare = (first..first + SPARE).filter(|place| *place <= PARTIES_MOST);
    let blank = PartyKind::Residents.as_str();
    fields.extend(spare.map(|place| row(place, String::new(), blank.to_owned(), String::new(), String::new())));
    fields
}

/// What a resident sees: totals by kind, and no name.
pub(super) fn money(frame: &Frame, cost: i64, kinds: &[KindShare]) -> Money {
    let line = |kind: &KindShare| KindLine {
        kind: kind_name(frame, kind.kind),
        share: percent(kind.share as u32),
        owed: yuan(kind.stands.owed),
        paid: yuan(kind.stands.paid),
        rest: yuan(kind.stands.balance()),
    };
    Money { cost: yuan(cost), kinds: kinds.iter().map(line).collect() }
}
