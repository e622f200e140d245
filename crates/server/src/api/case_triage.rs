//! A person decides what a case is about and so who answers it.

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
use crate::usecase::case_triage::{Decision, case_triage};
use crate::usecase::reference::unit_find;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Triage {
    /// Code of the pack's tree.
    #[schema(examples("0101"))]
    category: String,
    /// Id or code.
    #[serde(default)]
    unit: Option<String>,
    /// Read by staff only.
    #[serde(default)]
    note: Option<String>,
    /// A complex matter: the unit has longer to object.
    #[serde(default)]
    complex: bool,
}

/// Decide a case that waits
///
/// Without `unit` the duty list names it.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/triage", operation_id = "case_triage", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Triage,
    responses(
        (status = 200, description = "Decided and given to a unit", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<Triage>,
) -> Result<Response> {
    let unit = match &typed.unit {
        Some(text) => Some(unit_find(&state, &actor, "unit", text).await?),
        None => None,
    };
    let decision = Decision { category: typed.category, unit, note: typed.note, complex: typed.complex, version };
    case_triage(&state, &actor, &code, &decision).await.map(|case| changed(&case))
}
