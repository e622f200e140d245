//! "Not ours": a unit hands its task back with a reason.

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
    params(OnCase),
    request_body = Dispute,
    responses(
        (status = 200, description = "Back in triage", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Dispute>,
) -> Result<Response> {
    let case = task_dispute(&state, &actor, &code, &typed.reason, version).await?;
    Ok(changed(&case))
}
