//! One act on the cases that were chosen in the list: what is about to be done, and row by row what became of it.

use axum::response::Response;
use muster_core::people::Action;
use muster_store::process::CaseRow;
use serde::Deserialize;
use uuid::Uuid;

use super::asked::Asked;
use super::frame::{Frame, explain, holds, is_about_form, words};
use super::inbox;
use super::words::Places;
use crate::error::{Code, Error, Result};
use crate::extract::PageForm;
use crate::usecase::case_bulk::{Became, Bulk, Chosen, case_bulk, cases_chosen};
use crate::view::inbox::{BulkBecame, BulkPage, BulkRow};
use crate::view::{Notice, Shell};

/// What can be done to many at once, and what it needs.
const ACTS: [(&str, Action); 3] =
    [("accept", Action::TaskAccept), ("assign", Action::CaseAssign), ("note", Action::NoteWrite)];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    act: String,
    /// What the list was asked for.
    back: String,
    key: String,
    /// Each as the code, a colon and the version.
    case: Vec<String>,
    unit: String,
    reason: String,
    note: String,
}

/// The acts that somebody's roles allow at all; whether of a case, its own use-case says.
pub(super) fn acts(frame: &Frame) -> Vec<&'static str> {
    ACTS.iter().filter(|(_, action)| holds(frame.actor(), *action)).map(|(code, _)| *code).collect()
}

/// What was chosen in the list, once more, with what the act needs.
pub(super) async fn chosen(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let Some(act) = acts(&frame).into_iter().find(|act| *act == typed.act) else { return Err(Error::not_found()) };
    let chosen = read(&typed.case);
    match cases_chosen(&frame.state, frame.actor(), &chosen).await {
        Ok(cases) => {
            let typed = Typed { key: frame.state.chance.uuid(frame.state.now()).to_string(), ..typed };
            let page = asking(&frame, act, chosen, cases, typed).await?;
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => inbox::refused(frame, &Asked::read(&typed.back), &error).await,
        Err(error) => Err(error),
    }
}

pub(super) async fn accept(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    does(frame, "accept", Ok(Bulk::Accept), typed).await
}

pub(super) async fn assign(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    let bulk = match typed.unit.parse() {
        Ok(unit) => Ok(Bulk::Assign { unit, reason: typed.reason.clone() }),
        Err(_) => Err(Error::invalid("unit", "unit-unknown", "Choose a unit from the list.")),
    };
    does(frame, "assign", bulk, typed).await
}

pub(super) async fn note(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    let once = typed.key.parse::<Uuid>();
    let once = once.map_err(|_| Error::invalid("note", "other", "The form is not whole. Open the list again."));
    let bulk = once.map(|once| Bulk::Note { text: typed.note.clone(), once });
    does(frame, "note", bulk, typed).await
}

async fn does(frame: Frame, act: &'static str, bulk: Result<Bulk>, typed: Typed) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let chosen = read(&typed.case);
    let became = match bulk {
        Ok(bulk) => case_bulk(&frame.state, frame.actor(), chosen.clone(), &bulk).await,
        Err(error) => Err(error),
    };
    let error = match became {
        Ok(became) => match about_form(became) {
            Ok(became) => {
                let page = over(&frame, act, became, typed).await?;
                return Ok(frame.draw(&page));
            }
            Err(error) => error,
        },
        Err(error) => error,
    };
    if !is_about_form(&error) {
        return Err(error);
    }
    if error.fields().iter().any(|fault| fault.pointer == "/case") {
        return inbox::refused(frame, &Asked::read(&typed.back), &error).await;
    }
    let cases = cases_chosen(&frame.state, frame.actor(), &chosen).await?;
    let mut page = asking(&frame, act, chosen, cases, typed).await?;
    explain(&mut page.shell, &error, str::to_owned);
    Ok(frame.draw_error(&error, &page))
}

/// What was refused of every case because of what was typed is said once, at its field.
fn about_form(mut became: Vec<Became>) -> Result<Vec<Became>> {
    let of_field = |error: &Error| error.code() == Code::Invalid;
    if became.iter().all(|one| one.done.as_ref().is_err_and(of_field))
        && let Some(Became { done: Err(error), .. }) = became.pop()
    {
        return Err(error);
    }
    Ok(became)
}

async fn asking(
    frame: &Frame,
    act: &'static str,
    chosen: Vec<Chosen>,
    cases: Vec<Option<CaseRow>>,
    typed: Typed,
) -> Result<BulkPage> {
    let places = frame.places().await?;
    let rows = chosen.iter().zip(&cases).map(|(one, case)| row(frame, &places, one, case.as_ref(), None)).collect();
    Ok(page(frame, act, &places, rows, typed))
}

/// What became of each, what failed first.
async fn over(frame: &Frame, act: &'static str, became: Vec<Became>, typed: Typed) -> Result<BulkPage> {
    let places = frame.places().await?;
    let shell = frame.shell("bulk-page");
    let mut rows: Vec<BulkRow> = Vec::with_capacity(became.len());
    let mut retry = Vec::new();
    for one in &became {
        if let (Err(_), Some(case)) = (&one.done, &one.case) {
            retry.push(format!("{}:{}", case.code, case.version));
        }
        rows.push(row(frame, &places, &one.chosen, one.case.as_ref(), Some(became_words(&shell, one))));
    }
    rows.sort_by_key(|row| row.became.as_ref().is_some_and(|became| became.done));
    let failed = became.iter().filter(|one| one.done.is_err()).count();
    let mut page = page(frame, act, &places, rows, typed);
    let text = match failed {
        0 => page.shell.count("bulk-all-done", became.len()),
        _ => page.shell.with2("bulk-some-done", "n", became.len() - failed, "failed", failed),
    };
    page.shell.notice = Some(Notice { good: failed == 0, text });
    (page.over, page.retry) = (true, retry);
    Ok(page)
}

fn page(frame: &Frame, act: &'static str, places: &Places, rows: Vec<BulkRow>, typed: Typed) -> BulkPage {
    let back = Asked::read(&typed.back);
    let mut shell = frame.shell("bulk-page");
    // This page cannot be asked for again by its address.
    shell.path = back.address();
    BulkPage {
        act,
        back: back.query(),
        rows,
        over: false,
        retry: Vec::new(),
        units: places.unit_groups(),
        key: typed.key,
        unit: typed.unit,
        reason: typed.reason,
        note: typed.note,
        shell,
    }
}

fn row(frame: &Frame, places: &Places, one: &Chosen, case: Option<&CaseRow>, became: Option<BulkBecame>) -> BulkRow {
    let value = format!("{}:{}", one.code, one.version);
    BulkRow { value, code: one.code.clone(), row: case.map(|case| frame.row(case, places)), became }
}

fn became_words(shell: &Shell, one: &Became) -> BulkBecame {
    let Err(error) = &one.done else { return BulkBecame { done: true, why: String::new(), error: "" } };
    let why = match error.status() {
        403 | 404 => shell.t("bulk-foreign").into_owned(),
        409 | 412 | 422 => words(shell, error),
        _ => shell.t("bulk-not-now").into_owned(),
    };
    BulkBecame { done: false, why, error: error.code().row().name }
}

/// The chosen cases as the form sends them; one chosen twice counts once.
fn read(values: &[String]) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = Vec::with_capacity(values.len());
    for value in values {
        let Some((code, version)) = value.rsplit_once(':') else { continue };
        let Ok(version) = version.parse() else { continue };
        if chosen.iter().all(|known| known.code != code) {
            chosen.push(Chosen { code: code.to_owned(), version });
        }
    }
    chosen
}
