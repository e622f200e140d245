//! The money of a joint project: read the form, call one use-case, show the account again.

use std::collections::BTreeMap;

use axum::response::Response;
use muster_core::process::money::hundredths;
use muster_core::process::shares::{EntryKind, PartyKind};
use muster_store::share::ShareBook;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use super::share_lines::{Back, page};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::paper;
use crate::usecase::share_close::share_close;
use crate::usecase::share_enter::{NewEntry, share_enter, share_reverse};
use crate::usecase::share_set::{NewParty, NewShares, share_set};
use crate::usecase::share_view::share_view;
use crate::usecase::share_waive::{NewWaiver, share_decide, share_waive};

type Typed = BTreeMap<String, String>;

pub(super) async fn view(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, &code, Back::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn print(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let shares = share_view(&frame.state, frame.actor(), &code).await?;
    let book = shares.book.as_ref().ok_or_else(Error::not_found)?;
    let paper = paper::statement(&frame.state, frame.lang, &shares, book);
    let pdf = frame.state.press.print(&frame.state.config.fonts, paper).await?;
    Ok(paper::answer(pdf, &format!("shares-{}", shares.case.code)))
}

pub(super) async fn set(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let (places, parties) = parties(&typed);
    let done = match (hundredths(word(&typed, "cost")), parties) {
        (_, Err(error)) => Err(error),
        (None, _) => Err(no_amount("cost", word(&typed, "cost"))),
        (Some(cost), Ok(parties)) => {
            let new = NewShares { cost, parties, reason: word(&typed, "reason").to_owned(), version: version(&typed) };
            share_set(&frame.state, frame.actor(), &code, &new).await
        }
    };
    // `parties/2/name` is the third row that was filled in.
    let rename = |field: &str| {
        let mut parts = field.split('/');
        let (_, row, name) = (parts.next(), parts.next(), parts.next());
        let place = row.and_then(|row| row.parse::<usize>().ok()).and_then(|row| places.get(row));
        match (place, name) {
            (Some(place), Some(name)) => format!("{name}-{place}"),
            _ => field.to_owned(),
        }
    };
    after(frame, &code, Back { form: "set", typed, ..Back::default() }, done, rename).await
}

pub(super) async fn enter(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let kind = word(&typed, "kind").parse::<EntryKind>();
    let done = match (kind, hundredths(word(&typed, "amount"))) {
        (Err(detail), _) => Err(Error::invalid("kind", "entry-kind", format!("{detail}."))),
        (_, None) => Err(no_amount("amount", word(&typed, "amount"))),
        (Ok(kind), Some(amount)) => {
            let new = NewEntry {
                kind,
                party: word(&typed, "party").parse().unwrap_or_default(),
                amount,
                document: word(&typed, "document").to_owned(),
                dated: word(&typed, "dated").to_owned(),
                note: word(&typed, "note").to_owned(),
                version: version(&typed),
            };
            share_enter(&frame.state, frame.actor(), &code, &new).await
        }
    };
    after(frame, &code, Back { form: "entry", typed, ..Back::default() }, done, |field| format!("entry-{field}")).await
}

pub(super) async fn reverse(
    frame: Frame,
    ApiPath((code, number)): ApiPath<(String, i64)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let (why, known) = (word(&typed, "reason"), version(&typed));
    let done = share_reverse(&frame.state, frame.actor(), (&code, number), why, known).await;
    let back = Back { form: "reverse", of: number.to_string(), typed };
    after(frame, &code, back, done, |_| format!("reason-{number}")).await
}

pub(super) async fn waive(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match hundredths(word(&typed, "amount")) {
        None => Err(no_amount("amount", word(&typed, "amount"))),
        Some(amount) => {
            let new = NewWaiver {
                party: word(&typed, "party").parse().unwrap_or_default(),
                amount,
                reason: word(&typed, "reason").to_owned(),
                version: version(&typed),
            };
            share_waive(&frame.state, frame.actor(), &code, &new).await
        }
    };
    after(frame, &code, Back { form: "waive", typed, ..Back::default() }, done, |field| format!("waive-{field}")).await
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let (granted, answer) = (word(&typed, "granted") == "yes", word(&typed, "answer"));
    let done = share_decide(&frame.state, frame.actor(), (&code, id), granted, answer).await;
    let back = Back { form: "decide", of: id.to_string(), typed };
    after(frame, &code, back, done, |_| format!("answer-{id}")).await
}

pub(super) async fn close(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = share_close(&frame.state, frame.actor(), &code, version(&typed)).await;
    after(frame, &code, Back::default(), done, str::to_owned).await
}

/// The account again: changed, or with what was typed and why it was not taken.
async fn after(
    frame: Frame,
    code: &str,
    back: Back,
    done: Result<ShareBook>,
    rename: impl Fn(&str) -> String,
) -> Result<Response> {
    match done {
        Ok(_) => Ok(frame.go(&format!("/case/{code}/shares"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, code, back).await?;
            explain(&mut page.shell, &error, rename);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn word<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

fn version(typed: &Typed) -> Option<i64> {
    word(typed, "version").parse().ok()
}

fn no_amount(field: &str, text: &str) -> Error {
    let detail = format!("{text:?} is no amount; write yuan such as 12345.60.");
    Error::invalid(field, "amount-wrong", detail)
}

/// The rows that were filled in, with their places in the form.
fn parties(typed: &Typed) -> (Vec<usize>, Result<Vec<NewParty>>) {
    let at = |name: &str, place: usize| word(typed, &format!("{name}-{place}")).trim();
    let filled = |place: &usize| ["number", "name", "share"].iter().any(|name| !at(name, *place).is_empty());
    let places: Vec<usize> = (1..=super::share_lines::ROWS_MOST).filter(filled).collect();
    let party = |(row, place): (usize, &usize)| -> Result<NewParty> {
        let share = match at("share", *place) {
            "" => Some(0),
            text => hundredths(text),
        };
        let wrong =
            |field: &str, code: &str, detail: String| Error::invalid(&format!("parties.{row}.{field}"), code, detail);
        let no_share = || {
            wrong(
                "share",
                "share-range",
                format!("{:?} is no share; write per cent such as 33.33.", at("share", *place)),
            )
        };
        let kind: std::result::Result<PartyKind, String> = at("kind", *place).parse();
        Ok(NewParty {
            number: at("number", *place).parse().ok(),
            kind: kind.map_err(|detail| wrong("kind", "party-kind", format!("{detail}.")))?,
            name: at("name", *place).to_owned(),
            share: share.ok_or_else(no_share)?,
        })
    };
    let parties = places.iter().enumerate().map(party).collect();
    (places, parties)
}
