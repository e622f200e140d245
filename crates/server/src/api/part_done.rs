//! A unit has done its part of the work.

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
use crate::usecase::part_done::{PartResult, part_done};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartFinished {
    /// What was done.
    text: String,
    /// What shows it: a place, a date, a document.
    #[serde(default)]
    evidence: String,
}

/// Finish a part
///
/// Not while a part that comes before it, or a required one below it, is open. What waited for it begins.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/parts/{number}/done", operation_id = "part_done", tag = "cases",
    security(("bearer" = [])),
    params(OnPart),
    request_body = PartFinished,
    responses(
        (status = 200, description = "Done", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves, Order>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnPart { actor, code, number, version }: OnPart,
    ApiJson(typed): ApiJson<PartFinished>,
) -> Result<Response> {
    let result = PartResult { text: typed.text, evidence: typed.evidence };
    part_done(&state, &actor, (&code, number), &result, version).await.map(|case| changed(&case))
}
