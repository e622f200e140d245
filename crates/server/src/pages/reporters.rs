//! Who reports often: what they said, so that the whole of it can be handled.

use axum::response::Response;

use super::frame::Frame;
use crate::error::Result;
use crate::usecase::reporter_list::reporter_list;
use crate::view::hotspots::Member;
use crate::view::reporters::{Often, ReportersPage};

/// Reports of one person that are listed.
const LISTED: usize = 12;

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let found = reporter_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let people = found.iter().map(|often| Often {
        count: often.count,
        matters: often.matters,
        last: often.reports.first().map(|row| frame.when(row.received_at)).unwrap_or_default(),
        reports: (often.reports.iter().take(LISTED))
            .map(|row| Member {
                code: row.code.clone(),
                title: row.title.clone(),
                state: row.state.clone(),
                area: places.area(row.area),
            })
            .collect(),
    });
    let rule = &frame.state.pack.intake.serial;
    let (reports, days) = (rule.reports, rule.days);
    let page = ReportersPage { shell: frame.shell("reporters-page"), reports, days, people: people.collect() };
    Ok(frame.draw(&page))
}
