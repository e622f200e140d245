//! A coordinator makes another unit answerable.

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
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("If-Match" = Option<String>, Header, pattern = "^([*]|\"[0-9]+\")$", description = "ETag of the version you decided on, or `*`"),
    ),
    request_body = Assignment,
    responses(
        (status = 200, description = "Given to the unit", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
    IfMatch(version): IfMatch,
    ApiJson(typed): ApiJson<Assignment>,
) -> Result<Response> {
    let unit = unit_find(&state, &member.actor, "unit", &typed.unit).await?;
    let case = case_assign(&state, &member.actor, &code, unit, &typed.reason, version).await?;
    Ok(changed(&case))
}
