//! Staff urge a case for whoever waits.

use axum::extract::State as Held;
use axum::response::Response;

use super::body::{Case, changed};
use super::on_case::OnCase;
use super::refusals::{Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::state::State;
use crate::usecase::case_urge::case_urge;

/// Urge a case
///
/// The unit and its head hear of it.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/urge", operation_id = "case_urge", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    responses(
        (status = 200, description = "Urged", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Moves>,
    ),
)]
pub(super) async fn handle(Held(state): Held<State>, OnCase { actor, code, .. }: OnCase) -> Result<Response> {
    let case = case_urge(&state, &actor, &code).await?;
    Ok(changed(&case))
}
