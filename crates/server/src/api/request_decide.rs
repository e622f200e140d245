//! A coordinator decides what a unit asked for.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::Member;
use super::body::{Case, changed};
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::state::State;
use crate::usecase::request_decide::{Decision, request_decide};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decided {
    granted: bool,
    /// Needed when it is refused; the unit reads it.
    #[serde(default)]
    answer: String,
}

/// Decide a request
///
/// More time, or parking, that a unit asked for; the ids stand in the case under `requests`.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/requests/{request}", operation_id = "request_decide", tag = "cases",
    security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("request" = Uuid, Path, description = "Id of the request"),
    ),
    request_body = Decided,
    responses(
        (status = 200, description = "Decided", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    Member { actor, .. }: Member,
    ApiPath((code, request)): ApiPath<(String, Uuid)>,
    ApiJson(typed): ApiJson<Decided>,
) -> Result<Response> {
    let decision = Decision { granted: typed.granted, answer: typed.answer };
    let case = request_decide(&state, &actor, &code, request, &decision).await?;
    Ok(changed(&case))
}
