//! The reporter urges.

use axum::extract::State as Held;
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::Caller;
use super::body::Standing;
use super::refusals::{Body, Found, Limited, Moves, Refusals, Token};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::case_urge::case_urge_own;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnUrge {
    /// The secret of the receipt.
    secret: String,
}

/// Urge your case
///
/// The unit and its head hear of it; once in the time the pack names.
#[utoipa::path(
    post, path = "/api/v1/track/{code}/urge", operation_id = "case_urge_own", tag = "track",
    security((), ("bearer" = [])),
    params(("code" = String, Path, description = "Code of the case, in any spelling")),
    request_body = OwnUrge,
    responses((status = 200, description = "Urged", body = Standing), Refusals<Token, Found, Body, Moves, Limited>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<OwnUrge>,
) -> Result<Json<Standing>> {
    state.limits.code(address, &code)?;
    let case = case_urge_own(&state, &code, &typed.secret).await?;
    Ok(Json(Standing::from(&case)))
}
