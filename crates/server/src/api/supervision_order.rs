//! A unit is put under supervision.

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
use crate::usecase::supervision_order::supervision_order;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ordered {
    /// A ground of the pack.
    ground: String,
    /// What is expected.
    text: String,
}

/// Put a unit under supervision
///
/// It owes a report by a clock of its own.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/supervision", operation_id = "supervision_order", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Ordered,
    responses(
        (status = 200, description = "Ordered", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Ordered>,
) -> Result<Response> {
    let case = supervision_order(&state, &actor, &code, &typed.ground, &typed.text, version).await?;
    Ok(changed(&case))
}
