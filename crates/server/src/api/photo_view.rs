//! A photo of a case, for staff who may see the case.

use axum::extract::State as Held;
use axum::response::Response;
use uuid::Uuid;

use super::ask::Member;
use super::refusals::{Found, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiPath;
use crate::pages::photos::picture;
use crate::state::State;
use crate::usecase::photo::photo_view;

/// Look at a photo
///
/// Every look is on the record.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/photos/{id}", operation_id = "photo_view", tag = "cases",
    security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("id" = Uuid, Path, description = "One of `photos` of the case"),
    ),
    responses(
        (status = 200, description = "The photo", content_type = "image/jpeg", body = Vec<u8>),
        Refusals<Staff, Found>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
) -> Result<Response> {
    Ok(picture(&photo_view(&state, &member.actor, &code, id).await?))
}
