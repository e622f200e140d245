//! Calls the hotline makes for a third-party evaluation.

use axum::response::Response;
use muster_core::area::AreaId;
use muster_core::evaluate::question::AnsweredBy;
use muster_core::time::Timestamp;
use muster_store::room::CallRow;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use super::room::{Typed, about, asked, name_questions, word};
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::usecase::room_call::{room_call, room_call_view, room_calls};
use crate::view::room::{CallPage, CallShown, CallsPage};

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let calls = room_calls(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let shown = |row: &CallRow| CallShown {
        href: format!("/rooms/{}/calls/{}", row.room_id, row.number),
        title: row.title.clone(),
        code: row.code.clone(),
        area: AreaId::new(row.area).map(|area| places.area_label(area)).unwrap_or_default(),
        room: row.room_title.clone(),
        until: frame.when(Timestamp(row.work_until)),
    };
    let page = CallsPage { calls: calls.iter().map(shown).collect(), shell: frame.shell("calls-page") };
    Ok(frame.draw(&page))
}

pub(super) async fn view(frame: Frame, ApiPath(place): ApiPath<(Uuid, i64)>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = call_page(&frame, place, None).await?;
    Ok(frame.draw(&page))
}

async fn call_page(frame: &Frame, (id, number): (Uuid, i64), typed: Option<&Typed>) -> Result<CallPage> {
    let call = room_call_view(&frame.state, frame.actor(), id, number).await?;
    let chosen = |code: &str| typed.map_or("", |typed| word(typed, code)).to_owned();
    Ok(CallPage {
        id: id.to_string(),
        number,
        code: call.case.code.as_str().to_owned(),
        title: call.case.title.clone(),
        text: call.case.text.clone(),
        questions: asked(frame, &call.questions, AnsweredBy::Call, chosen),
        revision: typed.and_then(|typed| word(typed, "revision").parse().ok()).unwrap_or(call.revision),
        shell: frame.shell("call-page"),
    })
}

pub(super) async fn keep(
    frame: Frame,
    ApiPath(place): ApiPath<(Uuid, i64)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    match room_call(&frame.state, frame.actor(), about(place, &typed), &typed).await {
        Ok(()) => Ok(frame.go("/rooms/calls")),
        Err(error) if is_about_form(&error) && error.field("room").is_none() => {
            let mut page = call_page(&frame, place, Some(&typed)).await?;
            explain(&mut page.shell, &error, |field| format!("q-{field}"));
            name_questions(&mut page.shell, &page.questions);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}
