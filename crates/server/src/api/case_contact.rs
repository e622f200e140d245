//! The unit spoke with the resident, or tried to.

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
use crate::usecase::case_contact::{Contact, case_contact};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Contacted {
    /// `phone`, `visit` or `message`.
    way: String,
    /// Whether they spoke; then it counts as feedback.
    reached: bool,
}

/// Note a contact with the resident
///
/// A try that found nobody is on the record; the duty to be heard runs on.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/contact", operation_id = "case_contact", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Contacted,
    responses(
        (status = 200, description = "Noted", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, .. }: OnCase,
    ApiJson(typed): ApiJson<Contacted>,
) -> Result<Response> {
    let case = case_contact(&state, &actor, &code, &Contact { way: typed.way, reached: Some(typed.reached) }).await?;
    Ok(changed(&case))
}
