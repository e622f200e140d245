//! The reports of a case: which were joined to it, and which reporters know what became of it.

use axum::response::Response;
use muster_core::people::Action;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can};
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::usecase::case_track::opened_by;
use crate::usecase::case_view::CaseFile;
use crate::usecase::report_part::report_part;
use crate::usecase::report_tell::{knows, last_word, report_tell};
use crate::view::process::Told;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    version: String,
}

/// The report gets a case of its own, which is shown next.
pub(super) async fn part(
    frame: Frame,
    ApiPath((code, report)): ApiPath<(String, Uuid)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let version = typed.version.parse().ok();
    let new = report_part(&frame.state, frame.actor(), &code, report.into(), version).await?;
    Ok(frame.go(&format!("/case/{}", new.code)))
}

pub(super) async fn tell(
    frame: Frame,
    ApiPath((code, report)): ApiPath<(String, Uuid)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    report_tell(&frame.state, frame.actor(), &code, report.into()).await?;
    Ok(frame.go(&format!("/case/{code}#told")))
}

/// One line each, the report that opened the case first.
pub(super) fn told(frame: &Frame, file: &CaseFile) -> Vec<Told> {
    let steps = || file.steps.iter().map(|(step, _)| step);
    let word = last_word(steps());
    let subject = file.case.subject();
    let may = |action| can(frame.actor(), action, &subject);
    let mut told: Vec<Told> = (file.reports.iter())
        .map(|report| {
            let first = opened_by(report.id, steps());
            let knows = word.map(|word| knows(report, word));
            Told {
                id: report.id.to_string(),
                text: report.text.clone(),
                channel: report.channel.as_str().to_owned(),
                when: frame.when(report.received_at),
                first,
                knows: knows.map_or("none", |knows| if knows { "seen" } else { "open" }),
                seen: report.seen_at.filter(|_| knows == Some(true)).map(|at| frame.when(at.into())),
                may_part: !first && may(Action::ReportPart),
                may_tell: knows == Some(false) && may(Action::ReportTell),
            }
        })
        .collect();
    told.sort_by_key(|report| !report.first);
    told
}
