//! The reporter writes to whoever handles the case.

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
use crate::usecase::case_line::line_write_own;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnLine {
    /// The secret of the receipt.
    secret: String,
    /// What the unit reads.
    text: String,
}

/// Write to the unit
///
/// In the thread of the case.
#[utoipa::path(
    post, path = "/api/v1/track/{code}/line", operation_id = "line_write_own", tag = "track",
    security((), ("bearer" = [])),
    params(("code" = String, Path, description = "Code of the case, in any spelling")),
    request_body = OwnLine,
    responses((status = 200, description = "Written", body = Standing), Refusals<Token, Found, Body, Moves, Limited>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<OwnLine>,
) -> Result<Json<Standing>> {
    state.limits.code(address, &code)?;
    let case = line_write_own(&state, &code, &typed.secret, &typed.text).await?;
    Ok(Json(Standing::from(&case)))
}
