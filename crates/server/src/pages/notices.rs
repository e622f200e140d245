//! What an account was told, and what it has read.

use axum::response::Response;
use muster_core::id::Code;
use muster_core::pack::{Template, fill};
use muster_core::time::Timestamp;
use muster_store::notice::ToldRow;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::Frame;
use super::words::Places;
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::usecase::notice_list::{notice_list, notice_read, notices_read, notices_unread};
use crate::view::Shell;
use crate::view::notices::{NoticesPage, Told};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    last: i64,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let rows = notice_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let shell = frame.shell("notices-page");
    let page = NoticesPage {
        unread: notices_unread(&frame.state, frame.actor()).await?,
        last: rows.first().map_or(0, |row| row.at.0),
        notices: rows.iter().map(|row| told(&frame, &shell, &places, row)).collect(),
        shell,
    };
    Ok(frame.draw(&page))
}

/// Opens what a notice is about.
pub(super) async fn read(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let code = notice_read(&frame.state, frame.actor(), id).await?;
    Ok(frame.go(&format!("/case/{code}")))
}

pub(super) async fn read_all(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    notices_read(&frame.state, frame.actor(), Timestamp(typed.last)).await?;
    Ok(frame.go("/notices"))
}

fn told(frame: &Frame, shell: &Shell, places: &Places, row: &ToldRow) -> Told {
    let words = row.template.parse::<Template>().map(|template| frame.state.pack.notices.text(template));
    let filled = |text: &str| fill(text, |gap| Some(word(frame, shell, places, row, gap))).unwrap_or_default();
    let (title, body) = words.map_or_else(
        // A template that another version of the program knew.
        |_| (row.template.clone(), String::new()),
        |text| (filled(&frame.name(&text.title)), filled(&frame.name(&text.body))),
    );
    Told {
        id: row.id.to_string(),
        code: word(frame, shell, places, row, "code"),
        title,
        body,
        when: frame.when(row.at),
        is_read: row.read_at.is_some(),
        urgent: row.urgent,
    }
}

/// What stands in one gap, in the reader's language.
fn word(frame: &Frame, shell: &Shell, places: &Places, row: &ToldRow, gap: &str) -> String {
    let param = &row.params[gap];
    match gap {
        "code" => param.as_str().and_then(|code| code.parse::<Code>().ok()).map(|c| c.to_string()).unwrap_or_default(),
        "clock" => shell.label("clock", param.as_str().unwrap_or_default()).into_owned(),
        "due" => param.as_i64().map(|at| frame.when(Timestamp(at)).text).unwrap_or_default(),
        "share" => param.as_i64().map(|share| share.to_string()).unwrap_or_default(),
        "unit" => {
            let unit = param.as_str().and_then(|unit| unit.parse::<Uuid>().ok());
            unit.map_or_else(|| shell.t("notices-no-unit").into_owned(), |unit| places.unit(unit.into()))
        }
        _ => param.as_str().unwrap_or_default().to_owned(),
    }
}
