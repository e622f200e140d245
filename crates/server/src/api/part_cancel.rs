//! A part of the work is called off.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Case, changed};
use super::on_case::OnPart;
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::part_cancel::part_cancel;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartOff {
    /// Why; the unit that loses the part reads it.
    reason: String,
}

/// Call a part off
///
/// With all that belongs to it. What waited for it waits no longer.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/parts/{number}/cancel", operation_id = "part_cancel", tag = "cases",
    security(("bearer" = [])),
    params(OnPart),
    request_body = PartOff,
    responses(
        (status = 200, description = "Called off", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnPart { actor, code, number, version }: OnPart,
    ApiJson(typed): ApiJson<PartOff>,
) -> Result<Response> {
    part_cancel(&state, &actor, (&code, number), &typed.reason, version).await.map(|case| changed(&case))
}
