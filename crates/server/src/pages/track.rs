//! The resident follows a case, and has the last word on it.

use axum::Extension;
use axum::extract::rejection::ExtensionRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use muster_core::process::{CaseState, Move};
use muster_core::send::Way;
use muster_store::process::{CaseRow, StepRow};
use serde::Deserialize;

use super::frame::{Frame, explain, is_about_form};
use super::photos::shown;
use super::words::groups;
use super::{conflict, share_lines, side, way};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::case_line::line_write_own;
use crate::usecase::case_rate::{Rating, case_rate, case_reopen};
use crate::usecase::case_track::{Tracked, case_track};
use crate::usecase::case_urge::{case_urge_own, urged_until};
use crate::usecase::report_hear::{Hearing, report_hear, report_hearing};
use crate::usecase::report_part::report_part_own;
use crate::view::Notice;
use crate::view::process::{Answer, HearForm, Opened, RatingForm, TrackFormPage, TrackPage, Urge};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    code: String,
    secret: String,
    resolved: String,
    satisfaction: String,
    comment: String,
    reason: String,
    line: String,
    way: String,
    letter: String,
}

/// A form of the resident on their own case: sent from our page, and no more often than a secret may be tried.
pub(super) struct Own {
    frame: Frame,
    code: String,
    typed: Typed,
}

impl FromRequest<State> for Own {
    type Rejection = Error;

    async fn from_request(request: Request, state: &State) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let frame = Frame::from_request_parts(&mut parts, state).await?;
        let ApiPath(code) = ApiPath::<String>::from_request_parts(&mut parts, state).await?;
        let Extension(ClientAddress(address)) = Extension::from_request_parts(&mut parts, state)
            .await
            .map_err(|error: ExtensionRejection| Error::internal(&error))?;
        let PageForm(typed) = PageForm::<Typed>::from_request(Request::from_parts(parts, body), state).await?;
        frame.check(&typed.csrf)?;
        frame.state.limits.code(address, &code)?;
        Ok(Self { frame, code, typed })
    }
}

pub(super) async fn form(frame: Frame) -> Response {
    let page = TrackFormPage { shell: frame.shell("track-page"), code: String::new() };
    frame.draw(&page)
}

/// By the code alone: state, class, unit and dates.
pub(super) async fn by_code(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    let tracked = case_track(&frame.state, &code, None).await?;
    let page = page(&frame, tracked, "", &Typed::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn open(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let found = match frame.state.limits.code(address, &typed.code) {
        Ok(()) => case_track(&frame.state, &typed.code, Some(&typed.secret)).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(tracked) => {
            let page = page(&frame, tracked, &typed.secret, &Typed::default()).await?;
            Ok(frame.draw(&page))
        }
        Err(error) => {
            let mut shell = frame.shell("track-page");
            if error.status() == 404 {
                shell.refuse("code", "not-found", None);
            } else {
                explain(&mut shell, &error, str::to_owned);
            }
            let page = TrackFormPage { shell, code: typed.code };
            Ok(frame.draw_error(&error, &page))
        }
    }
}

pub(super) async fn callback(Own { frame, code, typed }: Own) -> Result<Response> {
    let rating = Rating {
        solved: match typed.resolved.as_str() {
            "yes" => Some(true),
            "partly" | "no" => Some(false),
            _ => None,
        },
        satisfied: typed.satisfaction.parse().ok(),
        comment: typed.comment.clone(),
    };
    let done = case_rate(&frame.state, &code, &typed.secret, &rating).await.map(drop);
    after(frame, &code, &typed, done).await
}

pub(super) async fn reopen(Own { frame, code, typed }: Own) -> Result<Response> {
    let done = case_reopen(&frame.state, &code, &typed.secret, &typed.reason).await.map(drop);
    after(frame, &code, &typed, done).await
}

pub(super) async fn line(Own { frame, code, typed }: Own) -> Result<Response> {
    let done = line_write_own(&frame.state, &code, &typed.secret, &typed.line).await.map(drop);
    after(frame, &code, &typed, done).await
}

pub(super) async fn urge(Own { frame, code, typed }: Own) -> Result<Response> {
    let done = case_urge_own(&frame.state, &code, &typed.secret).await.map(drop);
    after(frame, &code, &typed, done).await
}

/// How they want to hear what becomes of it.
pub(super) async fn hear(Own { frame, code, typed }: Own) -> Result<Response> {
    let done = report_hear(&frame.state, &code, &typed.secret, &typed.way, &typed.letter, frame.lang).await;
    after(frame, &code, &typed, done.map(drop)).await
}

/// Their report was joined to a case and is another matter: it goes on under a code of its own.
pub(super) async fn part(Own { frame, code, typed }: Own) -> Result<Response> {
    let parted = report_part_own(&frame.state, &code, &typed.secret).await;
    let tracked = case_track(&frame.state, &code, Some(&typed.secret)).await?;
    // Pressed twice, it has been parted already: the code it has now is the answer.
    match parted {
        Err(error) if code.parse() != Ok(tracked.case.code.clone()) => drop(error),
        other => drop(other?),
    }
    let mut page = page(&frame, tracked, &typed.secret, &Typed::default()).await?;
    let text = page.shell.with("track-parted", "code", page.code_groups.join(" "));
    page.shell.notice = Some(Notice { good: true, text });
    Ok(frame.draw(&page))
}

/// The case again: as it is now, or with what was typed and why it was not taken.
async fn after(frame: Frame, code: &str, typed: &Typed, done: Result<()>) -> Result<Response> {
    let tracked = case_track(&frame.state, code, Some(&typed.secret)).await?;
    match done {
        Ok(()) => {
            let mut page = page(&frame, tracked, &typed.secret, &Typed::default()).await?;
            let state = page.shell.label("state", &page.state).into_owned();
            page.shell.notice = Some(Notice { good: true, text: state });
            Ok(frame.draw(&page))
        }
        // The form is gone from the case as it is now: the error page keeps what was typed.
        Err(error) if is_about_form(&error) && !conflict::is_conflict(&error) => {
            let mut page = page(&frame, tracked, &typed.secret, typed).await?;
            explain(&mut page.shell, &error, |field| match field {
                "solved" => "resolved".to_owned(),
                "satisfied" => "satisfaction".to_owned(),
                other => other.to_owned(),
            });
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, tracked: Tracked, secret: &str, typed: &Typed) -> Result<TrackPage> {
    let hearing = if tracked.own {
        report_hearing(&frame.state, tracked.case.code.as_str(), secret).await?
    } else {
        Hearing::default()
    };
    let shell = frame.shell("track-page");
    let way = way::of_track(frame, &shell, &tracked);
    let Tracked { case, unit, steps, lines, photos, money, own, joined, .. } = tracked;
    let answer = steps.iter().rfind(|step| step.step == Move::Answer);
    let opened = own.then(|| Opened {
        secret: secret.to_owned(),
        text: case.text.clone(),
        place: case.place.clone(),
        photos: shown(&photos),
        history: steps.iter().flat_map(|step| frame.steps(step, "", true)).collect(),
        thread: lines.iter().map(|line| side::line_of(&shell, frame, line, unit.as_deref())).collect(),
        answer: answer.map(|step| Answer {
            outcome: step.detail["outcome"].as_str().unwrap_or("explained").to_owned(),
            unit: unit.clone().unwrap_or_default(),
            text: step.public_text.clone().unwrap_or_default(),
            when: frame.when(step.at),
        }),
        hear: hear_form(&hearing, typed),
        money: money.map(|(cost, kinds)| share_lines::money(frame, cost, &kinds)),
        may_part: joined,
        urge: may_urge(frame, &case, &steps),
        may_rate: case.state == CaseState::Answered,
        may_reopen: matches!(case.state, CaseState::Answered | CaseState::Closed | CaseState::Refused),
        rating: RatingForm {
            resolved: typed.resolved.clone(),
            satisfaction: typed.satisfaction.clone(),
            comment: typed.comment.clone(),
            reason: typed.reason.clone(),
            line: typed.line.clone(),
        },
    });
    Ok(TrackPage {
        way,
        sheet: way::sheet(frame, &shell, &case),
        shell,
        code: case.code.to_string(),
        code_groups: groups(case.code.as_str()),
        class: frame.category(case.class()),
        unit,
        state: case.state.as_str().to_owned(),
        received: frame.when(case.received_at),
        opened,
    })
}

fn may_urge(frame: &Frame, case: &CaseRow, steps: &[StepRow]) -> Urge {
    let may = case.state_machine().is_ok_and(|machine| machine.allowed().contains(&Move::Urge));
    match urged_until(&frame.state, steps.iter()).filter(|until| *until > frame.state.now()) {
        _ if !may => Urge::Never,
        Some(until) => Urge::From(frame.when(until)),
        None => Urge::Now,
    }
}

fn hear_form(hearing: &Hearing, typed: &Typed) -> HearForm {
    let chosen = hearing.chosen.map_or("none", Way::as_str);
    HearForm {
        ways: hearing.offered.iter().map(|way| way.as_str()).collect(),
        chosen: if typed.way.is_empty() { chosen.to_owned() } else { typed.way.clone() },
        now: chosen,
        letter: typed.letter.clone(),
    }
}

impl From<axum::extract::rejection::ExtensionRejection> for Error {
    fn from(error: axum::extract::rejection::ExtensionRejection) -> Self {
        Self::internal(&error)
    }
}
