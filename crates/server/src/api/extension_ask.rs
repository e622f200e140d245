//! A unit asks for more time.

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
use crate::usecase::extension_ask::{Extension, extension_ask};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedTime {
    /// In the unit of the promise to answer.
    amount: i64,
    /// The resident reads it when it is granted.
    reason: String,
}

/// Ask for more time
///
/// Before it runs out; a coordinator decides.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/extension", operation_id = "extension_ask", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = AskedTime,
    responses(
        (status = 200, description = "Asked for", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<AskedTime>,
) -> Result<Response> {
    let case = extension_ask(&state, &actor, &code, &Extension { amount: typed.amount, reason: typed.reason, version })
        .await?;
    Ok(changed(&case))
}
