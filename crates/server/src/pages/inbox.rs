//! My queue in my area, most pressing first.

use axum::response::Response;
use muster_core::id::UnitId;
use muster_core::process::CaseState;
use muster_store::process::{CaseFilter, CaseOrder, Cursor};
use serde::Deserialize;

use super::frame::Frame;
use super::plan_parts::owed;
use crate::error::Result;
use crate::extract::ApiQuery;
use crate::usecase::case_list::{case_list, case_total};
use crate::view::process::{Filter, InboxPage, Pager, Tab};
use crate::view::{Choice, Group};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    tab: String,
    area: String,
    unit: String,
    state: String,
    q: String,
    /// `key_id` of the last row shown.
    cursor: String,
}

/// A tab and the states it shows.
const TABS: [(&str, &[CaseState]); 4] = [
    ("mine", &[CaseState::Assigned, CaseState::Working]),
    ("waiting", &[CaseState::Assigned]),
    ("answered", &[CaseState::Answered]),
    ("all", &[]),
];

pub(super) async fn list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let tab = if asked.tab.is_empty() { "mine" } else { asked.tab.as_str() };
    let places = frame.places().await?;
    let filter = |tab: &str| {
        let states = TABS.iter().find(|(code, _)| *code == tab).map_or(&[][..], |(_, states)| states);
        CaseFilter {
            area: places.find(&asked.area),
            unit: asked.unit.parse::<UnitId>().ok(),
            states: asked.state.parse().map_or_else(|_| states.to_vec(), |state| vec![state]),
            text: Some(asked.q.trim().to_owned()).filter(|q| !q.is_empty()),
            order: CaseOrder::Due,
            limit: 30,
            ..CaseFilter::default()
        }
    };
    let mut tabs = Vec::new();
    for (code, _) in TABS {
        let here = Asked { tab: code.to_owned(), cursor: String::new(), ..asked.clone() };
        let count = case_total(&frame.state, frame.actor(), filter(code)).await? as u64;
        tabs.push(Tab { code: code.to_owned(), href: address(&here), count, current: code == tab });
    }
    let total = tabs.iter().find(|tab| tab.current).map_or(0, |tab| tab.count);
    let page =
        case_list(&frame.state, frame.actor(), CaseFilter { after: cursor(&asked.cursor), ..filter(tab) }).await?;
    let next = page.next.map(|c| address(&Asked { cursor: format!("{}_{}", c.key, c.id), ..asked.clone() }));
    let first = (!asked.cursor.is_empty()).then(|| address(&Asked { cursor: String::new(), ..asked.clone() }));
    let (owed, owed_total) = owed(&frame).await?;
    let shell = frame.shell("inbox-page");
    let states = CaseState::ALL.iter().map(|s| Choice::new(s.as_str(), shell.label("state", s.as_str()))).collect();
    let page = InboxPage {
        shell,
        tabs,
        areas: places.area_groups(),
        units: places.unit_groups(),
        states: vec![Group { label: String::new(), options: states }],
        rows: page.cases.iter().map(|case| frame.row(case, &places)).collect(),
        total,
        pager: Pager { first, next },
        owed,
        owed_total,
        filter: Filter { tab: tab.to_owned(), area: asked.area, unit: asked.unit, state: asked.state, q: asked.q },
    };
    Ok(frame.draw(&page))
}

fn cursor(text: &str) -> Option<Cursor> {
    let (key, id) = text.split_once('_')?;
    Some(Cursor { key: key.parse().ok()?, id: id.parse().ok()? })
}

fn address(asked: &Asked) -> String {
    let pairs = [
        ("tab", &asked.tab),
        ("area", &asked.area),
        ("unit", &asked.unit),
        ("state", &asked.state),
        ("q", &asked.q),
        ("cursor", &asked.cursor),
    ];
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    format!("/inbox?{}", query.finish())
}
