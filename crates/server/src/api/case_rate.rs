//! The reporter answers the callback: solved or not, and how satisfied.

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
use crate::usecase::case_rate::{Rating as Said, case_rate};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rating {
    /// The secret of the receipt.
    secret: String,
    solved: bool,
    /// 1 to 5.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    satisfied: Option<u8>,
    #[serde(default)]
    comment: String,
}

/// Answer the callback
///
/// Possible when the unit has answered, once.
#[utoipa::path(
    post, path = "/api/v1/track/{code}/rate", operation_id = "case_rate", tag = "track",
    security((), ("bearer" = [])),
    params(("code" = String, Path, description = "Code of the case, in any spelling")),
    request_body = Rating,
    responses((status = 200, description = "Said, and counted", body = Standing), Refusals<Token, Found, Body, Moves, Limited>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<Rating>,
) -> Result<Json<Standing>> {
    state.limits.code(address, &code)?;
    let said = Said { solved: Some(typed.solved), satisfied: typed.satisfied, comment: typed.comment };
    let case = case_rate(&state, &code, &typed.secret, &said).await?;
    Ok(Json(Standing::from(&case)))
}
