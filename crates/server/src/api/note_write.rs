//! A note among staff.

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
use crate::usecase::case_note::note_write;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    /// Read by staff only.
    text: String,
}

/// Write a note among staff
///
/// No resident reads it.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/note", operation_id = "note_write", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = Note,
    responses(
        (status = 200, description = "Written", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, .. }: OnCase,
    ApiJson(typed): ApiJson<Note>,
) -> Result<Response> {
    let case = note_write(&state, &actor, &code, &typed.text, None).await?;
    Ok(changed(&case))
}
