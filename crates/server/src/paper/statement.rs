//! The account of a joint project as a paper: who bears what, and every entry of the ledger.

use muster_core::process::money::{percent, yuan};
use muster_core::process::shares::{Statement, statement as stands, sum};
use muster_print::{Column, Paper, Section, Table};
use muster_store::share::{ShareBook, ShareEntryRow};

use super::{blank, name};
use crate::i18n::{Lang, Text};
use crate::pages::{groups, when};
use crate::state::State;
use crate::usecase::share_view::CaseShares;

pub(crate) fn statement(state: &State, lang: Lang, shares: &CaseShares, book: &ShareBook) -> Paper {
    let text = Text { lang };
    let code = groups(shares.case.code.as_str()).join("-");
    let last = book.entries.last().map_or(book.account.opened_at, |entry| entry.at);
    let day = state.pack.calendar.local_date(last);
    let fact = |key: &str, words: String| (text.get(key).into_owned(), words);
    let mut facts = vec![
        fact("field-code", code.clone()),
        fact("shares-project", shares.case.title.clone()),
        fact("shares-cost-yuan", yuan(book.account.cost)),
        fact("paper-as-of", when(&state.pack, lang, last).text),
    ];
    if let Some(closed) = book.account.closed_at {
        facts.push(fact("shares-closed-at", when(&state.pack, lang, muster_core::time::Timestamp(closed)).text));
    }
    let section = |key: &str, table: Table| Section {
        heading: text.get(key).into_owned(),
        mark: code.clone(),
        table: Some(table),
        ..Section::default()
    };
    Paper {
        date: (i32::from(day.year()), day.month() as u8, day.day() as u8),
        facts,
        sections: vec![
            section("shares-statement", parties(state, lang, book)),
            section("shares-ledger", ledger(lang, shares, book)),
        ],
        signatures: ["paper-sign-lead", "paper-sign-check"].map(|key| text.get(key).into_owned()).into(),
        note: text.get("paper-statement-note").into_owned(),
        ..blank(state, lang, "shares-paper-title")
    }
}

fn columns<const N: usize>(text: Text, keys: [(&str, bool); N]) -> Vec<Column> {
    keys.map(|(key, amount)| Column { name: text.get(key).into_owned(), amount }).into()
}

fn parties(state: &State, lang: Lang, book: &ShareBook) -> Table {
    let (text, entries) = (Text { lang }, book.ledger());
    let amounts = |stands: Statement| {
        [stands.owed, stands.pledged, stands.paid, stands.waived, stands.balance()].map(yuan).into_iter()
    };
    let kind = |party: &muster_store::share::SharePartyRow| {
        state.pack.shares.name(party.kind).map(|kind| name(lang, kind)).unwrap_or_default()
    };
    let row = |party: &muster_store::share::SharePartyRow| {
        let head = [format!("{} {}", party.number, party.name), kind(party), percent(party.share as u32)];
        head.into_iter().chain(amounts(stands(&entries, party.number))).collect()
    };
    let mut rows: Vec<Vec<String>> = book.parties.iter().map(row).collect();
    let head = [text.get("shares-sum").into_owned(), String::new(), "100".to_owned()];
    rows.push(head.into_iter().chain(amounts(sum(&entries))).collect());
    Table {
        columns: columns(
            text,
            [
                ("shares-party", false),
                ("shares-kind", true),
                ("shares-share", true),
                ("shares-owed", true),
                ("shares-pledged", true),
                ("shares-paid", true),
                ("shares-waived", true),
                ("shares-balance", true),
            ],
        ),
        rows,
        sums: true,
        even: false,
    }
}

fn ledger(lang: Lang, shares: &CaseShares, book: &ShareBook) -> Table {
    let text = Text { lang };
    let row = |entry: &ShareEntryRow| {
        let by = entry.entered_by.and_then(|id| shares.names.get(&id).cloned()).unwrap_or_default();
        vec![
            entry.number.to_string(),
            dated(entry.dated),
            entry_words(text, entry),
            book.party(entry.party).map(|party| party.name.clone()).unwrap_or_default(),
            entry.document.clone().unwrap_or_default(),
            yuan(if entry.reverses.is_some() { -entry.amount } else { entry.amount }),
            by,
        ]
    };
    Table {
        columns: columns(
            text,
            [
                ("shares-number", true),
                ("paper-day", true),
                ("shares-entry", false),
                ("shares-party", false),
                ("shares-document", false),
                ("shares-amount", true),
                ("shares-by", true),
            ],
        ),
        rows: book.entries.iter().map(row).collect(),
        sums: false,
        even: false,
    }
}

/// What an entry is, and which it takes back.
pub(crate) fn entry_words(text: Text, entry: &ShareEntryRow) -> String {
    let kind = text.label("entry", entry.kind.as_str());
    match entry.reverses {
        Some(number) => text.with2("shares-reverses", "kind", kind, "number", number),
        None => kind.into_owned(),
    }
}

/// `2026-05-12` from yyyymmdd.
pub(crate) fn dated(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}
