//! Who else has this case open, and whether it changed meanwhile: what an open page asks for again and again.

use axum::response::Response;
use muster_core::id::CaseId;
use muster_store::presence::PresenceRow;
use serde::Deserialize;

use super::frame::Frame;
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::usecase::presence::{Stay, presence_list, presence_say};
use crate::view::presence::{AroundPart, Present};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    csrf: String,
    /// The version the page shows.
    version: String,
    /// `yes` when the page is being left.
    gone: String,
}

/// An open page says that it is open, and is told who else is there.
pub(super) async fn say(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(said): PageForm<Said>,
) -> Result<Response> {
    frame.check(&said.csrf)?;
    let stay = if said.gone == "yes" { Stay::Left } else { Stay::Open };
    let around = presence_say(&frame.state, frame.actor(), &code, stay).await?;
    let part = AroundPart {
        others: around.others.iter().map(|row| present(&frame, row)).collect(),
        changed: said.version.parse().is_ok_and(|version: i64| version != around.version),
        code,
        shell: frame.shell("case-page"),
    };
    Ok(frame.draw(&part))
}

/// A page was asked for: it counts as open for some minutes, with or without scripts.
pub(super) async fn opened(frame: &Frame, code: &str) -> Result<Vec<Present>> {
    let around = presence_say(&frame.state, frame.actor(), code, Stay::Opened).await?;
    Ok(around.others.iter().map(|row| present(frame, row)).collect())
}

/// The names of those on each of some cases.
pub(super) async fn on_each(frame: &Frame, cases: &[CaseId]) -> Result<Vec<(CaseId, String)>> {
    let and = crate::i18n::Text { lang: frame.lang }.get("notice-and");
    let mut names: Vec<(CaseId, String)> = Vec::new();
    for row in presence_list(&frame.state, frame.actor(), cases).await? {
        match names.iter_mut().find(|(case, _)| case.0 == row.case_id) {
            Some((_, there)) => {
                there.push_str(&and);
                there.push_str(&row.name);
            }
            None => names.push((CaseId(row.case_id), row.name)),
        }
    }
    Ok(names)
}

fn present(frame: &Frame, row: &PresenceRow) -> Present {
    Present { name: row.name.clone(), since: frame.when(row.since) }
}
