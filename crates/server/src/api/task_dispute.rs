//! "Not ours": a unit hands its task back with a reason.

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
use crate::usecase::task_dispute::task_dispute;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Dispute {
    /// Why it is not the unit's duty, and whose it is.
    reason: String,
}

/// Hand the task back
///
/// Someone rules; the clocks keep running.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/dispute", operation_id = "task_dispute", tag = "cases",
    security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("If-Match" = Option<String>, Header, pattern = "^([*]|\"[0-9]+\")$", description = "ETag of the version you decided on, or `*`"),
    ),
    request_body = Dispute,
    responses(
        (status = 200, description = "Back in triage", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
    IfMatch(version): IfMatch,
    ApiJson(typed): ApiJson<Dispute>,
) -> Result<Response> {
    let case = task_dispute(&state, &member.actor, &code, &typed.reason, version).await?;
    Ok(changed(&case))
}
