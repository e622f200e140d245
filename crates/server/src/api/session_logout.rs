//! Signing out: the token ends.

use axum::extract::State as Held;
use axum::http::StatusCode;

use super::ask::Member;
use super::refusals::{Nothing, Refusals, Staff};
use crate::error::Result;
use crate::state::State;
use crate::usecase::session::session_logout;

/// Sign out
#[utoipa::path(
    delete, path = "/api/v1/sessions/current", operation_id = "session_logout", tag = "sessions",
    security(("bearer" = [])),
    responses((status = 204, description = "The token has ended"), Refusals<Staff, Nothing>),
)]
pub(super) async fn handle(Held(state): Held<State>, member: Member) -> Result<StatusCode> {
    session_logout(&state, &member.actor, &member.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
