//! A parked case goes on before its day of review.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Case, changed};
use super::on_case::OnCase;
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::case_resume::case_resume;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resumed {
    /// Why it goes on.
    reason: String,
}

/// Take up a parked case
///
/// Its clocks run again.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/resume", operation_id = "case_resume", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Resumed,
    responses(
        (status = 200, description = "Goes on", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Resumed>,
) -> Result<Response> {
    let case = case_resume(&state, &actor, &code, &typed.reason, version).await?;
    Ok(changed(&case))
}
