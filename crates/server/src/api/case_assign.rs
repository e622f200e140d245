//! A coordinator makes another unit answerable.

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
use crate::usecase::case_assign::case_assign;
use crate::usecase::reference::unit_find;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assignment {
    /// Id or code.
    #[schema(examples("mh-water"))]
    unit: String,
    /// Read by the unit that receives the case and by the one that loses it.
    reason: String,
}

/// Make a unit answerable
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/assign", operation_id = "case_assign", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Assignment,
    responses(
        (status = 200, description = "Given to the unit", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Assignment>,
) -> Result<Response> {
    let unit = unit_find(&state, &actor, "unit", &typed.unit).await?;
    let case = case_assign(&state, &actor, &code, unit, &typed.reason, version).await?;
    Ok(changed(&case))
}
