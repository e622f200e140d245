//! What left the program, what did not, and what is done about it.

use axum::response::Response;
use muster_core::send::{Send, Way};
use muster_core::time::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::notice_words::code_in;
use crate::usecase::send_decide::{Decision, send_decide};
use crate::usecase::send_list::{SendFile, send_list};
use crate::view::sends::{SendsPage, Sent};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    #[serde(rename = "do")]
    act: String,
    reason: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let decision = match typed.act.as_str() {
        "again" => Decision::Again,
        "give_up" => Decision::GiveUp { reason: typed.reason.clone() },
        _ => return Err(Error::invalid("do", "decision-unknown", "Choose what to do: again or give_up.")),
    };
    match send_decide(&frame.state, frame.actor(), id, &decision).await {
        Ok(()) => Ok(frame.go("/admin/sends")),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame).await?;
            page.typed = (id.to_string(), typed.reason);
            explain(&mut page.shell, &error, |field| format!("{field}-{id}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame) -> Result<SendsPage> {
    let sends = send_list(&frame.state, frame.actor()).await?;
    let count =
        |state: &str| sends.counts.iter().filter(|row| !row.letter && row.state == state).map(|row| row.count).sum();
    let shown = |files: &[SendFile]| files.iter().map(|file| sent(frame, file)).collect();
    Ok(SendsPage {
        ways: Way::ALL.iter().map(|way| (way.as_str(), frame.state.senders.has(*way))).collect(),
        counts: Send::CODES.iter().map(|state| (*state, count(state))).collect(),
        dead: shown(&sends.dead),
        retry: shown(&sends.retry),
        typed: Default::default(),
        shell: frame.shell("sends-page"),
    })
}

/// As a list shows it.
pub(super) fn sent(frame: &Frame, file: &SendFile) -> Sent {
    let row = &file.row;
    Sent {
        id: row.id.to_string(),
        way: row.way.as_str().to_owned(),
        staff: row.account_id.is_some(),
        helper: row.resource_id.is_some(),
        codes: file.notices.iter().map(|notice| code_in(&notice.params)).collect(),
        tries: row.tries,
        fault: row.fault.clone().unwrap_or_default(),
        told: frame.when(row.at),
        then: frame.when(row.ended_at.map_or(row.not_before, Timestamp)),
        urgent: row.urgent,
    }
}
