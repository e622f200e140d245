//! 约谈: units that failed again are called, and what was said is written down.

use axum::response::Response;
use muster_core::people::{Action, Subject};
use muster_core::time::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can, explain, is_about_form};
use super::performance::{instant, tabs, term_name};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::interview_call::{Summons, interview_call};
use crate::usecase::interview_record::interview_record;
use crate::usecase::interview_view::{Interview, interview_list, interview_view};
use crate::view::performance::{InterviewPage, InterviewShown, InterviewsPage, SummonsForm};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    held: String,
    place: String,
    chair: String,
    why: String,
    record: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let found = interview_list(&frame.state, frame.actor()).await?;
    let rules = &frame.state.pack.performance;
    let page = InterviewsPage {
        tabs: tabs(&frame, "/interviews"),
        interviews: found.iter().map(|interview| shown(&frame, interview)).collect(),
        failures: rules.interview,
        basis: rules.interview_basis.clone(),
        shell: frame.shell("interviews-page"),
    };
    Ok(frame.draw(&page))
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, id, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn call(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = match instant(&frame, &typed.held) {
        None => {
            let detail = "Say when: a date and a time, such as 2026-06-01T14:00.";
            Err(Error::invalid("held", "time-wrong", detail))
        }
        Some(held_at) => {
            let Typed { place, chair, why, .. } = &typed;
            let summons = Summons { held_at, place: place.clone(), chair: chair.clone(), why: why.clone() };
            interview_call(&frame.state, frame.actor(), id, &summons).await.map(|_| ())
        }
    };
    answer(frame, id, typed, done).await
}

pub(super) async fn record(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = interview_record(&frame.state, frame.actor(), id, &typed.record).await.map(|_| ());
    answer(frame, id, typed, done).await
}

async fn answer(frame: Frame, id: Uuid, typed: Typed, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/interviews/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, id, Some(typed)).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn shown(frame: &Frame, interview: &Interview) -> InterviewShown {
    let row = &interview.row;
    InterviewShown {
        id: row.id.to_string(),
        unit: interview.unit.name.clone(),
        term: term_name(frame, interview.score.term),
        failures: row.failures,
        state: row.state.clone(),
        held: row.held_at.map(|at| frame.when(Timestamp(at))),
        place: row.place.clone().unwrap_or_default(),
    }
}

async fn page(frame: &Frame, id: Uuid, typed: Option<Typed>) -> Result<InterviewPage> {
    let interview = interview_view(&frame.state, frame.actor(), id).await?;
    let row = &interview.row;
    let unit = Subject { area: Some(interview.unit.area), unit: Some(interview.unit.id) };
    let is_held = row.state == "held";
    let may = |action: Action| can(frame.actor(), action, &unit);
    let shell = frame.shell("interview-page");
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    let form = typed.map_or_else(
        || SummonsForm {
            place: words(&row.place),
            chair: words(&row.chair),
            why: words(&row.why),
            ..Default::default()
        },
        |typed| SummonsForm {
            held: typed.held,
            place: typed.place,
            chair: typed.chair,
            why: typed.why,
            record: typed.record,
        },
    );
    let title = shell.with("interview-title", "unit", &interview.unit.name);
    Ok(InterviewPage {
        interview: shown(frame, &interview),
        score: interview.score.id.to_string(),
        chair: words(&row.chair),
        why: words(&row.why),
        record: words(&row.record),
        recorded: row.recorded_at.map(|at| frame.when(Timestamp(at))),
        may_call: !is_held && may(Action::InterviewCall),
        may_record: row.state == "called" && may(Action::InterviewRecord),
        commit: (is_held && may(Action::InterviewRecord)).then(|| finding("interview", &interview.unit, &title)),
        form,
        shell,
    })
}

/// The form of a finding, with what is known.
pub(super) fn finding(source: &str, unit: &muster_store::people::Unit, title: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("source", source).append_pair("unit", &unit.id.to_string());
    query.append_pair("area", &unit.area.get().to_string()).append_pair("title", title);
    format!("/findings/new?{}", query.finish())
}
