//! The earlier cases of a caller.

use axum::Json;
use axum::extract::State as Held;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::Member;
use super::body::Case;
use super::page::Page;
use super::refusals::{Body, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::person::person_lookup;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Caller {
    /// As the caller says it: digits, with or without spaces and country code.
    #[schema(examples("199 0000 0077"))]
    phone: String,
}

/// Look up a caller
///
/// At most 20 cases in reach, the newest report first. The look-up is on the record.
#[utoipa::path(
    post, path = "/api/v1/persons/lookup", operation_id = "person_lookup", tag = "cases",
    security(("bearer" = [])),
    request_body = Caller,
    responses((status = 200, description = "Earlier cases", body = Page<Case>), Refusals<Staff, Body>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiJson(typed): ApiJson<Caller>,
) -> Result<Json<Page<Case>>> {
    let found = person_lookup(&state, &member.actor, &typed.phone).await?;
    Ok(Json(Page::whole(found.iter().map(Case::from).collect())))
}
