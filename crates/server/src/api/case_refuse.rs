//! A matter that is not accepted, with a coded reason.

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
use crate::usecase::case_refuse::case_refuse;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusal {
    /// Code of the pack's reason.
    reason: String,
    /// Read by staff only.
    #[serde(default)]
    note: Option<String>,
}

/// Refuse a case that waits
///
/// The resident reads the right door for the matter; the pack words it.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/refuse", operation_id = "case_refuse", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Refusal,
    responses(
        (status = 200, description = "Refused", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Refusal>,
) -> Result<Response> {
    let case = case_refuse(&state, &actor, &code, &typed.reason, typed.note, version).await?;
    Ok(changed(&case))
}
