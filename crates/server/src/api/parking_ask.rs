//! A unit asks that a case be parked.

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
use crate::usecase::parking_ask::{Parking, parking_ask};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedParking {
    /// A ground of the pack.
    ground: String,
    /// The day on which it is looked at again, such as `2026-12-31`.
    review: String,
    /// The resident reads it when it is granted.
    reason: String,
}

/// Ask that a case be parked
///
/// A coordinator decides; its clocks stand still but for the duty to be heard.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/parking", operation_id = "parking_ask", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = AskedParking,
    responses(
        (status = 200, description = "Asked for", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<AskedParking>,
) -> Result<Response> {
    let asked = Parking { ground: typed.ground, review: typed.review, reason: typed.reason, version };
    let case = parking_ask(&state, &actor, &code, &asked).await?;
    Ok(changed(&case))
}
