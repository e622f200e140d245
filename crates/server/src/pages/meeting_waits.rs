//! How long what no single unit owns waited for a decision, with the cases behind.

use axum::response::Response;
use jiff::civil::Date;
use muster_core::time::Timestamp;
use muster_store::meeting::DecidedRow;
use serde::Deserialize;

use super::frame::Frame;
use crate::error::Result;
use crate::extract::ApiQuery;
use crate::i18n::Text;
use crate::usecase::meeting_waits::{Waited, meeting_waits};
use crate::view::meetings::{WaitLine, WaitedCase, WaitsPage};

/// Cases behind the figures that are shown.
const WAITED_SHOWN: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Period {
    from: String,
    to: String,
}

pub(super) async fn view(frame: Frame, ApiQuery(asked): ApiQuery<Period>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let days = day(&asked.from).zip(day(&asked.to)).filter(|(from, to)| from <= to);
    let waits = meeting_waits(&frame.state, frame.actor(), days).await?;
    let places = frame.places().await?;
    let shell = frame.shell("waited-page");
    let time = |micros: i64| wait_words(shell.text, micros);
    let line = |area: String, waited: &Waited| WaitLine {
        area,
        count: waited.count,
        median: time(waited.median),
        most: time(waited.most),
    };
    let case = |row: &DecidedRow| WaitedCase {
        code: row.code.clone(),
        title: row.title.clone(),
        area: places.area_label(row.area),
        waited: time(row.decided_at.since(row.waiting_since)),
        decided: frame.when(row.decided_at),
        decision: row.decision.clone(),
        meeting: row.meeting_id.map(|id| format!("/meetings/{id}")),
    };
    let page = WaitsPage {
        from: waits.days.0.to_string(),
        to: waits.days.1.to_string(),
        whole: waits.whole.as_ref().map(|waited| line(shell.t("shares-sum").into_owned(), waited)),
        areas: waits.areas.iter().map(|(area, waited)| line(places.area_label(*area), waited)).collect(),
        cases: waits.cases.iter().take(WAITED_SHOWN).map(case).collect(),
        total: waits.cases.len(),
        cut: waits.cut,
        shell,
    };
    Ok(frame.draw(&page))
}

/// Hours up to three days, then days, to the nearest.
fn wait_words(text: Text, micros: i64) -> String {
    let nearest = |unit: i64| (micros + unit / 2) / unit;
    if micros < 3 * Timestamp::DAY {
        text.count("wait-hours", nearest(Timestamp::HOUR))
    } else {
        text.count("wait-days", nearest(Timestamp::DAY))
    }
}
