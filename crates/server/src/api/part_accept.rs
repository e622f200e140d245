//! A unit signs for its part of the work.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Case, changed};
use super::on_case::OnPart;
use super::refusals::{Body, Found, Moves, Order, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::part_accept::part_accept;

/// An empty object; the body may also be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartAcceptance {}

/// Accept a part
///
/// Not while a part that comes before it is open.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/parts/{number}/accept", operation_id = "part_accept", tag = "cases",
    security(("bearer" = [])),
    params(OnPart),
    request_body = Option<PartAcceptance>,
    responses(
        (status = 200, description = "Accepted", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves, Order>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnPart { actor, code, number, version }: OnPart,
    _: Option<ApiJson<Option<PartAcceptance>>>,
) -> Result<Response> {
    part_accept(&state, &actor, (&code, number), version).await.map(|case| changed(&case))
}
