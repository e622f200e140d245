//! The reporter asks for the work again.

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
use crate::usecase::case_rate::case_reopen;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reopening {
    /// The secret of the receipt.
    secret: String,
    /// What is still not right.
    reason: String,
}

/// Ask for the work again
#[utoipa::path(
    post, path = "/api/v1/track/{code}/reopen", operation_id = "case_reopen", tag = "track",
    security((), ("bearer" = [])),
    params(("code" = String, Path, description = "Code of the case, in any spelling")),
    request_body = Reopening,
    responses((status = 200, description = "Open again", body = Standing), Refusals<Token, Found, Body, Moves, Limited>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<Reopening>,
) -> Result<Json<Standing>> {
    state.limits.code(address, &code)?;
    let case = case_reopen(&state, &code, &typed.secret, &typed.reason).await?;
    Ok(Json(Standing::from(&case)))
}
