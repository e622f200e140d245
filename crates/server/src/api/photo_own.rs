//! A photo for the one who sent it.

use axum::Extension;
use axum::extract::State as Held;
use axum::response::Response;
use uuid::Uuid;

use super::ask::{Caller, CaseSecret};
use super::refusals::{Found, Limited, Query, Refusals, Token};
use crate::error::Result;
use crate::extract::ApiPath;
use crate::pages::photos::picture;
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::photo::photo_own;

/// See one's own photo
#[utoipa::path(
    get, path = "/api/v1/track/{code}/photos/{id}", operation_id = "photo_own", tag = "track",
    security((), ("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("id" = Uuid, Path, description = "One of `photos` of the case as its reporter sees it"),
        ("Case-Secret" = String, Header, description = "The secret of the receipt"),
    ),
    responses(
        (status = 200, description = "The photo", content_type = "image/jpeg", body = Vec<u8>),
        Refusals<Token, Found, Query, Limited>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    CaseSecret(secret): CaseSecret,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
) -> Result<Response> {
    state.limits.code(address, &code)?;
    Ok(picture(&photo_own(&state, &code, secret.as_deref().unwrap_or_default(), id).await?))
}
