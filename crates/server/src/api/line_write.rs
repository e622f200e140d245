//! A unit writes to the resident.

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
use crate::usecase::case_line::line_write;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    /// What the resident reads.
    text: String,
}

/// Write to the resident
///
/// Answers the duty to be heard, and begins it anew.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/line", operation_id = "line_write", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Line,
    responses(
        (status = 200, description = "Written", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, .. }: OnCase,
    ApiJson(typed): ApiJson<Line>,
) -> Result<Response> {
    let case = line_write(&state, &actor, &code, &typed.text).await?;
    Ok(changed(&case))
}
