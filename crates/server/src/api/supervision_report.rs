//! A unit reports under supervision.

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
use crate::usecase::supervision_report::supervision_report;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reported {
    /// What was done.
    text: String,
}

/// Report under supervision
///
/// Ends the order.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/supervision/report", operation_id = "supervision_report", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Reported,
    responses(
        (status = 200, description = "Reported", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Reported>,
) -> Result<Response> {
    let case = supervision_report(&state, &actor, &code, &typed.text, version).await?;
    Ok(changed(&case))
}
