//! One waiting case at a time: the two likeliest answers, and the words that weighed.

use axum::response::Response;
use muster_core::people::Action;
use muster_core::process::{CaseState, Move, route};
use muster_core::sense::Judgement;
use muster_core::time::Timestamp;
use muster_store::intake::in_force;
use muster_store::process::{CaseFilter, CaseOrder};
use serde::Deserialize;

use super::conflict::{self, Attempt};
use super::frame::{Frame, explain, is_about_form};
use super::practice_beside::beside;
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::case_list::{case_list, case_total};
use crate::usecase::case_refuse::case_refuse;
use crate::usecase::case_triage::{Decision, case_triage};
use crate::usecase::case_view::{CaseFile, case_view};
use crate::view::process::{Likely, Run, TriagePage, Typed as Kept, Waiting};
use crate::view::{Choice, Group};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    case: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    version: String,
    category: String,
    unit: String,
    complex: String,
    reason: String,
    note: String,
}

pub(super) async fn view(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, &asked.case, &Typed::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let decision = Decision {
        category: typed.category.clone(),
        unit: typed.unit.parse().ok(),
        note: None,
        complex: typed.complex == "yes",
        version: typed.version.parse().ok(),
    };
    let done = case_triage(&frame.state, frame.actor(), &code, &decision).await.map(drop);
    let places = frame.places().await?;
    let unit = decision.unit.map(|unit| places.unit(unit));
    let category = Some(frame.category(&typed.category)).filter(|_| !typed.category.is_empty());
    let kept = [("category", "triage-category", &typed.category, category), ("unit", "triage-lead", &typed.unit, unit)];
    let attempt = attempt(&frame, format!("/triage/{code}"), Action::CaseTriage, &typed, kept);
    after(frame, &code, &typed, attempt, done).await
}

pub(super) async fn refuse(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let note = Some(typed.note.trim().to_owned()).filter(|note| !note.is_empty());
    let version = typed.version.parse().ok();
    let done = case_refuse(&frame.state, frame.actor(), &code, &typed.reason, note, version).await.map(drop);
    let reason = frame.state.pack.refusals.iter().find(|known| known.code == typed.reason);
    let reason = reason.map(|reason| frame.name(&reason.name));
    let kept = [("reason", "triage-reason", &typed.reason, reason), ("note", "triage-note", &typed.note, None)];
    let attempt = attempt(&frame, format!("/triage/{code}/refuse"), Action::CaseRefuse, &typed, kept);
    after(frame, &code, &typed, attempt, done).await
}

/// A decision as the conflict page knows it: name, label, value and the words of a choice.
fn attempt(
    frame: &Frame,
    address: String,
    action: Action,
    typed: &Typed,
    fields: [(&str, &str, &String, Option<String>); 2],
) -> Attempt {
    let shell = frame.shell("triage-page");
    let kept = fields.into_iter().filter(|(_, _, value, _)| !value.is_empty()).map(|(name, label, value, shown)| {
        Kept { name: name.to_owned(), label: shell.t(label).into_owned(), value: value.clone(), shown }
    });
    let step = if action == Action::CaseRefuse { Move::Refuse } else { Move::Assign };
    Attempt { address, step, action, seen: typed.version.parse().ok(), typed: kept.collect() }
}

/// The next case, or this one again with what was typed.
async fn after(frame: Frame, code: &str, typed: &Typed, attempt: Attempt, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go("/triage")),
        Err(error) if conflict::is_conflict(&error) => conflict::draw(frame, code, attempt, &error).await,
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, code, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, code: &str, typed: &Typed) -> Result<TriagePage> {
    let places = frame.places().await?;
    let filter =
        CaseFilter { states: vec![CaseState::Triage], order: CaseOrder::Due, limit: 20, ..CaseFilter::default() };
    let total = case_total(&frame.state, frame.actor(), filter.clone()).await? as u64;
    let waiting = case_list(&frame.state, frame.actor(), filter).await?.cases;
    let chosen = match code {
        "" => waiting.first().map(|case| case.code.to_string()),
        code => Some(code.to_owned()),
    };
    let case = match chosen {
        Some(code) => {
            let file = case_view(&frame.state, frame.actor(), &code).await?;
            if file.case.state == CaseState::Triage { Some(describe(frame, &places, &file).await?) } else { None }
        }
        None => None,
    };
    let refusals = frame.state.pack.refusals.iter().map(|r| Choice::new(r.code.clone(), frame.name(&r.name))).collect();
    let (case, elsewhere) = case.unzip();
    let elsewhere = elsewhere.flatten().unwrap_or_default();
    let shown = case.as_ref().map(|case| case.code.clone());
    Ok(TriagePage {
        shell: frame.shell("triage-page"),
        categories: frame.categories(),
        units: places.unit_groups(),
        refusals: vec![Group { label: String::new(), options: refusals }],
        category: typed.category.clone(),
        unit: typed.unit.clone(),
        reason: if typed.reason.is_empty() { elsewhere } else { typed.reason.clone() },
        note: typed.note.clone(),
        queue: waiting.iter().filter(|c| Some(c.code.to_string()) != shown).map(|c| frame.row(c, &places)).collect(),
        total,
        case,
    })
}

/// The case, and the reason for which it may belong elsewhere.
async fn describe(frame: &Frame, places: &Places, file: &CaseFile) -> Result<(Waiting, Option<String>)> {
    let case = &file.case;
    let last = in_force(&file.judgements).ok_or_else(Error::not_found)?;
    let judgement: Judgement = serde_json::from_value(last.detail.clone()).map_err(|error| Error::internal(&error))?;
    let shell = frame.shell("triage-page");
    let likely = [
        (&judgement.category, judgement.confidence, true),
        (&judgement.runner_up, judgement.runner_up_confidence, false),
    ]
    .into_iter()
    .filter(|(code, _, _)| !code.is_empty())
    .map(|(code, confidence, first)| Likely {
        category: code.clone(),
        label: frame.category(code),
        chance: chance(confidence).to_owned(),
        percent: (confidence * 100.0).round() as u8,
        words: if first { judgement.evidence.iter().map(|span| span.text.clone()).collect() } else { Vec::new() },
        unit: leading(frame, places, code, case),
    })
    .collect();
    let reason = case.triage_reason.as_deref().unwrap_or("unsure");
    let elsewhere = judgement.elsewhere.as_ref().map(|elsewhere| elsewhere.reason.clone());
    let waiting = Waiting {
        code: case.code.to_string(),
        version: case.version.to_string(),
        text: runs(&case.text, &judgement),
        area: places.area_label(case.area),
        place: case.place.clone(),
        channel: case.channel.as_str().to_owned(),
        received: frame.when(case.received_at),
        due: frame.due(Timestamp(case.due_at.unwrap_or(case.received_at.0))),
        why: shell.label("waits", reason).into_owned(),
        likely,
        practices: beside(frame, &shell, places, file).await?.likely,
    };
    Ok((waiting, elsewhere))
}

/// The unit that would lead under a category.
fn leading(frame: &Frame, places: &Places, code: &str, case: &muster_store::process::CaseRow) -> Option<String> {
    let route = route(&frame.state.pack.duties, code, case.area).ok()?;
    let units: Vec<_> = places.units.iter().map(|unit| (unit.id, unit.department.as_str(), unit.area)).collect();
    route.choose(&units).map(|id| places.unit(id))
}

pub(super) fn chance(confidence: f32) -> &'static str {
    match confidence {
        c if c >= 0.65 => "likely",
        c if c >= 0.25 => "perhaps",
        _ => "unlikely",
    }
}

/// The text cut where its weighed words begin and end. A headline made from the text has its words at the same place.
fn runs(text: &str, judgement: &Judgement) -> Vec<Run> {
    let here = judgement.evidence.iter().filter(|s| text.get(s.range.clone()) == Some(s.text.as_str()));
    let mut spans: Vec<_> = here.map(|s| s.range.clone()).collect();
    spans.sort_by_key(|range| range.start);
    let mut runs = Vec::new();
    let mut at = 0;
    for range in spans {
        if range.start < at {
            continue;
        }
        runs.push(Run { text: text[at..range.start].to_owned(), weighed: false });
        runs.push(Run { text: text[range.clone()].to_owned(), weighed: true });
        at = range.end;
    }
    runs.push(Run { text: text[at..].to_owned(), weighed: false });
    runs.retain(|run| !run.text.is_empty());
    runs
}
