//! A unit signs for its task.

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
use crate::usecase::task_accept::task_accept;

/// An empty object; the body may also be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Acceptance {}

/// Accept a task
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/accept", operation_id = "task_accept", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Option<Acceptance>,
    responses(
        (status = 200, description = "Accepted", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    _: Option<ApiJson<Option<Acceptance>>>,
) -> Result<Response> {
    task_accept(&state, &actor, &code, version).await.map(|case| changed(&case))
}
