//! The reporter says that their report, joined to a case, is another matter.

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
use crate::usecase::report_part::report_part_own;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Parting {
    /// The secret of the receipt; it stays valid.
    secret: String,
}

/// Have a joined report handled apart
#[utoipa::path(
    post, path = "/api/v1/track/{code}/part", operation_id = "report_part_own", tag = "track",
    security((), ("bearer" = [])),
    params(("code" = String, Path, description = "Code of the case the report was joined to, in any spelling")),
    request_body = Parting,
    responses(
        (status = 200, description = "The case the report has now", body = Standing),
        Refusals<Token, Found, Body, Moves, Limited>
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<Parting>,
) -> Result<Json<Standing>> {
    state.limits.code(address, &code)?;
    let case = report_part_own(&state, &code, &typed.secret).await?;
    Ok(Json(Standing::from(&case)))
}
