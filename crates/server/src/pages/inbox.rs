//! My queue in my area, most pressing first.

use axum::response::Response;
use muster_core::id::CaseId;
use muster_core::process::CaseState;
use muster_store::process::{CaseFilter, CaseRow};

use super::asked::{Asked, counted};
use super::bulk;
use super::frame::{Frame, explain};
use super::plan_parts::owed;
use super::words::Places;
use super::{presence, saved};
use crate::error::{Error, Result};
use crate::extract::ApiQuery;
use crate::usecase::case_list::{COUNT_MOST, case_list, case_total};
use crate::view::inbox::{Filter, InboxPage, Tab};
use crate::view::process::{Pager, Row};
use crate::view::{Choice, Group};

pub(super) async fn list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, &asked).await?;
    Ok(frame.draw(&page))
}

/// The list with what is wrong with what was chosen of it.
pub(super) async fn refused(frame: Frame, asked: &Asked, error: &Error) -> Result<Response> {
    let mut page = page(&frame, asked).await?;
    page.shell.path = asked.address();
    explain(&mut page.shell, error, |_| "count".to_owned());
    Ok(frame.draw_error(error, &page))
}

async fn page(frame: &Frame, asked: &Asked) -> Result<InboxPage> {
    let places = frame.places().await?;
    let shell = frame.shell("inbox-page");
    let gone = asked.gone(frame, &places);
    let tabs = tabs(frame, asked, &places, !gone.is_empty()).await?;
    let mut total = 0;
    let (mut rows, mut next) = (Vec::new(), None);
    // Without what it names, the filter would show what nobody asked for.
    if gone.is_empty() {
        let filter = asked.filter(&places, frame.state.now());
        total = case_total(&frame.state, frame.actor(), CaseFilter { after: None, ..filter.clone() }).await?;
        let page = case_list(&frame.state, frame.actor(), filter).await?;
        let ids: Vec<_> = page.cases.iter().map(|case| case.id).collect();
        let around = presence::on_each(frame, &ids).await?;
        rows = page.cases.iter().map(|case| row(frame, &places, case, &around)).collect();
        next = page.next.map(|cursor| asked.after(cursor).address());
    }
    let (owed, owed_total) = owed(frame).await?;
    let states = CaseState::ALL.iter().map(|s| Choice::new(s.as_str(), shell.label("state", s.as_str()))).collect();
    Ok(InboxPage {
        tabs,
        saved: saved::tabs(frame, asked, &places).await?,
        gone: gone.into_iter().map(|key| shell.t(key)).collect::<Vec<_>>().join(&shell.t("notice-and")),
        areas: places.area_groups(),
        units: places.unit_groups(),
        classes: frame.classes(),
        acts: bulk::acts(frame),
        states: vec![Group { label: String::new(), options: states }],
        rows,
        total: shell.count(if total > COUNT_MOST { "inbox-total-more" } else { "inbox-total" }, total.min(COUNT_MOST)),
        pager: Pager { first: (!asked.cursor.is_empty()).then(|| asked.first().address()), next },
        owed,
        owed_total,
        filter: filter(asked),
        shell,
    })
}

/// A line with the names of who has the case open now.
fn row(frame: &Frame, places: &Places, case: &CaseRow, around: &[(CaseId, String)]) -> Row {
    let names = around.iter().find(|(id, _)| *id == case.id).map(|(_, names)| names.clone());
    Row { around: names.unwrap_or_default(), ..frame.row(case, places) }
}

fn filter(asked: &Asked) -> Filter {
    let Asked { area, unit, class, state, q, .. } = asked.clone();
    Filter { tab: asked.tab().to_owned(), area, unit, class, state, q, query: asked.query() }
}

async fn tabs(frame: &Frame, asked: &Asked, places: &Places, gone: bool) -> Result<Vec<Tab>> {
    let mut tabs = Vec::new();
    for code in Asked::tabs() {
        let here = asked.under(code);
        let count = if gone {
            0
        } else {
            case_total(&frame.state, frame.actor(), here.filter(places, frame.state.now())).await?
        };
        let current = code == asked.tab();
        tabs.push(Tab { code: code.to_owned(), href: here.address(), count: counted(count), current });
    }
    Ok(tabs)
}
