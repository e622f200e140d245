//! Letters to whoever reported, for somebody to print and post.

use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::Frame;
use super::sends::sent;
use super::words::groups;
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::usecase::send_decide::{Decision, send_decide};
use crate::usecase::send_letter::send_letter;
use crate::usecase::send_list::letter_list;
use crate::view::qr::Qr;
use crate::view::sends::{LetterPage, LettersPage};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let (letters, waiting) = letter_list(&frame.state, frame.actor()).await?;
    let letters = letters.iter().map(|file| sent(&frame, file)).collect();
    let page = LettersPage { waiting, letters, shell: frame.shell("letters-page") };
    Ok(frame.draw(&page))
}

/// The sheet, with where it goes.
pub(super) async fn sheet(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let letter = send_letter(&frame.state, frame.actor(), id).await?;
    let origin = frame.origin();
    let link = format!("{}/track/{}", origin.as_deref().unwrap_or_default(), letter.code.replace('-', ""));
    let page = LetterPage {
        id: id.to_string(),
        address: letter.address.lines().map(str::to_owned).collect(),
        code: groups(&letter.code),
        text: letter.text,
        date: frame.when(frame.state.now()),
        qr: origin.and_then(|_| Qr::of(&link)),
        link,
        sheet: crate::i18n::Text { lang: letter.lang },
        shell: frame.shell("letter-page"),
    };
    Ok(frame.draw(&page))
}

pub(super) async fn printed(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    send_decide(&frame.state, frame.actor(), id, &Decision::Printed).await?;
    Ok(frame.go("/letters"))
}
