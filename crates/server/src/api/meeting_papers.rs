//! What is printed and counted of meetings: the minutes as a paper, and how long matters waited.

use axum::Json;
use axum::extract::State as Held;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use muster_core::time::Timestamp;
use muster_store::people::area_get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ask::Member;
use super::refusals::{Found, Query, Refusals, Staff};
use super::shares::lang;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery};
use crate::paper;
use crate::state::State;
use crate::usecase::meeting_view::meeting_view;
use crate::usecase::meeting_waits::{Waited, meeting_waits};

/// Print the minutes
///
/// In the language of `Accept-Language`.
#[utoipa::path(
    get, path = "/api/v1/meetings/{id}/minutes.pdf", operation_id = "meeting_print", tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Id of the meeting")),
    responses(
        (status = 200, description = "The paper", content_type = "application/pdf", body = Vec<u8>),
        Refusals<Staff, Found>,
    ),
)]
pub(super) async fn print(
    Held(state): Held<State>,
    member: Member,
    ApiPath(id): ApiPath<Uuid>,
    headers: HeaderMap,
) -> Result<Response> {
    let minutes = meeting_view(&state, &member.actor, id).await?;
    let area = area_get(&mut state.read().await?, minutes.meeting.area).await?.map(|area| area.name);
    let paper = paper::minutes(&state, lang(&headers), &area.unwrap_or_default(), &minutes);
    let pdf = state.press.print(&state.config.fonts, paper).await?;
    let day = state.pack.calendar.local_date(minutes.meeting.held_at);
    Ok(paper::answer(pdf, &format!("minutes-{day}")))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Period {
    /// First day; both or none.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day; without both, the last 365 days.
    #[param(format = Date)]
    to: Option<String>,
}

/// How long matters waited from the queue to the decision.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WaitsShown {
    /// Null where nothing was decided.
    whole: Option<WaitedShown>,
    areas: Vec<AreaWaited>,
    /// Codes of the cases behind, the longest wait first.
    cases: Vec<String>,
}

/// Seconds that half of the matters waited at most, and nine of ten.
#[derive(Debug, Serialize, ToSchema)]
struct WaitedShown {
    count: usize,
    median: i64,
    most: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct AreaWaited {
    area: String,
    waited: WaitedShown,
}

/// How long matters waited
#[utoipa::path(
    get, path = "/api/v1/meetings/waits", operation_id = "meeting_waits", tag = "meetings",
    security(("bearer" = [])),
    params(Period),
    responses((status = 200, description = "By area", body = WaitsShown), Refusals<Staff, Query>),
)]
pub(super) async fn waits(
    Held(state): Held<State>,
    member: Member,
    ApiQuery(asked): ApiQuery<Period>,
) -> Result<Json<WaitsShown>> {
    let day = |name: &str, text: Option<String>| {
        let wrong =
            |text: &str| Error::invalid(name, "date-wrong", format!("{text:?} is no day; write it like 2026-05-12."));
        text.map(|text| text.parse::<Date>().map_err(|_| wrong(&text))).transpose()
    };
    let days = day("from", asked.from)?.zip(day("to", asked.to)?);
    if let Some((from, to)) = days.filter(|(from, to)| from > to) {
        return Err(Error::invalid("to", "period-reversed", format!("{to} is before {from}.")));
    }
    let waits = meeting_waits(&state, &member.actor, days).await?;
    Ok(Json(WaitsShown {
        whole: waits.whole.map(WaitedShown::from),
        areas: waits
            .areas
            .into_iter()
            .map(|(area, waited)| AreaWaited { area: area.to_string(), waited: waited.into() })
            .collect(),
        cases: waits.cases.into_iter().map(|case| case.code).collect(),
    }))
}

impl From<Waited> for WaitedShown {
    fn from(waited: Waited) -> Self {
        let seconds = |micros: i64| micros / Timestamp::SECOND;
        Self { count: waited.count, median: seconds(waited.median), most: seconds(waited.most) }
    }
}
