//! A unit signs for its task.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::{IfMatch, Member};
use super::body::{Case, changed};
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
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
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("If-Match" = Option<String>, Header, pattern = "^([*]|\"[0-9]+\")$", description = "ETag of the version you decided on, or `*`"),
    ),
    request_body = Option<Acceptance>,
    responses(
        (status = 200, description = "Accepted", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
    IfMatch(version): IfMatch,
    _: Option<ApiJson<Option<Acceptance>>>,
) -> Result<Response> {
    task_accept(&state, &member.actor, &code, version).await.map(|case| changed(&case))
}
