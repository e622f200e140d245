//! To the level above or below.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{Case, changed};
use super::on_case::OnCase;
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::case_send::case_send;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sent {
    /// A unit above or below the one that has the case.
    unit: Uuid,
    /// Read by staff.
    reason: String,
}

/// Send a case to another level
///
/// What goes up comes back with its answer; what the list of a level does not hold is not sent down to it.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/send", operation_id = "case_send", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Sent,
    responses(
        (status = 200, description = "Sent", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Sent>,
) -> Result<Response> {
    let case = case_send(&state, &actor, &code, typed.unit.into(), &typed.reason, version).await?;
    Ok(changed(&case))
}
