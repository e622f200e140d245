//! A milestone or a key task of the programme: what its owner reports, and what is decided.

use axum::response::Response;
use muster_core::evaluate::programme::KeyTaskMove;
use muster_core::people::{Action, Actor};
use muster_core::time::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::findings::day;
use super::frame::{Frame, can, explain, is_about_form};
use super::programme::task_line;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::key_task_decide::{KeyTaskVerdict, key_task_decide};
use crate::usecase::key_task_report::key_task_report;
use crate::usecase::programme_view::key_task_view;
use crate::view::programme::KeyTaskPage;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    version: String,
    evidence: String,
    verdict: String,
    last: String,
    reason: String,
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, id, &Typed::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn report(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let version = typed.version.parse().ok();
    let done = key_task_report(&frame.state, frame.actor(), id, &typed.evidence, version).await;
    after(frame, id, &typed, done).await
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = match verdict(&frame, &typed) {
        Ok(verdict) => {
            let said = (verdict, typed.reason.as_str());
            key_task_decide(&frame.state, frame.actor(), id, said, typed.version.parse().ok()).await
        }
        Err(error) => Err(error),
    };
    after(frame, id, &typed, done).await
}

fn verdict(frame: &Frame, typed: &Typed) -> Result<KeyTaskVerdict> {
    match typed.verdict.parse() {
        Ok(KeyTaskMove::Accept) => Ok(KeyTaskVerdict::Accept),
        Ok(KeyTaskMove::SendBack) => Ok(KeyTaskVerdict::SendBack),
        Ok(KeyTaskMove::Cancel) => Ok(KeyTaskVerdict::Cancel),
        Ok(KeyTaskMove::Move) => day(frame, "last", &typed.last).map(KeyTaskVerdict::Move),
        _ => {
            let detail = format!("{:?} is no decision; use accept, send_back, move or cancel.", typed.verdict);
            Err(Error::invalid("verdict", "finding-verdict-unknown", detail))
        }
    }
}

async fn after(frame: Frame, id: Uuid, typed: &Typed, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/programme/tasks/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, id, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, id: Uuid, typed: &Typed) -> Result<KeyTaskPage> {
    let seen = key_task_view(&frame.state, frame.actor(), id).await?;
    let places = frame.places().await?;
    let row = &seen.row;
    let allowed = |step| row.state.allowed().contains(&step);
    let decides = can(frame.actor(), Action::KeyTaskDecide, &row.subject());
    let own = match frame.actor() {
        Actor::Account(account) => {
            row.reported_by == Some(account.id.0) || account.grants.iter().any(|grant| grant.unit == Some(row.unit_id))
        }
        _ => false,
    };
    let when = |at: Option<i64>, who: &String| at.map(|at| (who.clone(), frame.when(Timestamp(at))));
    Ok(KeyTaskPage {
        shell: frame.shell("key-task-page"),
        line: task_line(frame, &places, row),
        version: row.version,
        stage: seen.stage.clone(),
        words: row.words.clone(),
        evidence: row.evidence.clone().unwrap_or_default(),
        reported: when(row.reported_at, &seen.reported_by),
        decision: row.decision.clone().unwrap_or_default(),
        decided: when(row.decided_at, &seen.decided_by),
        may_report: allowed(KeyTaskMove::Report) && can(frame.actor(), Action::KeyTaskReport, &row.subject()),
        may_accept: decides && !own && allowed(KeyTaskMove::Accept),
        may_move: decides && allowed(KeyTaskMove::Move),
        may_cancel: decides && allowed(KeyTaskMove::Cancel),
        typed_evidence: typed.evidence.clone(),
        typed_reason: typed.reason.clone(),
        typed_last: typed.last.clone(),
    })
}
