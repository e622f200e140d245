//! Signing in: name and password for a token.

use axum::extract::State as Held;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::role;
use super::refusals::{Body, Limited, Refusals};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::session::session_login;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    login: String,
    #[schema(format = Password)]
    password: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Session {
    /// Send it as `Authorization: Bearer …`. It ends at `expires_at`, or earlier when it is not used for half an hour.
    token: String,
    expires_at: i64,
    name: String,
    #[schema(schema_with = roles)]
    roles: Vec<&'static str>,
}

fn roles() -> utoipa::openapi::schema::Array {
    utoipa::openapi::schema::Array::new(role())
}

/// Sign in
#[utoipa::path(
    post, path = "/api/v1/sessions", operation_id = "session_login", tag = "sessions",
    request_body = Credentials,
    responses((status = 201, description = "Signed in", body = Session), Refusals<Body, Limited>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiJson(typed): ApiJson<Credentials>,
) -> Result<(StatusCode, Json<Session>)> {
    state.limits.login(address, &typed.login)?;
    let signed = session_login(&state, &typed.login, &typed.password).await?;
    let mut roles: Vec<_> = signed.account.grants.iter().map(|grant| grant.role.as_str()).collect();
    roles.dedup();
    let (token, expires_at, name) = (signed.token, signed.expires_at.0, signed.account.name);
    Ok((StatusCode::CREATED, Json(Session { token, expires_at, name, roles })))
}
