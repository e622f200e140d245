//! Who reported a case, for staff who say why.

use axum::Json;
use axum::extract::State as Held;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::Member;
use super::page::Page;
use super::refusals::{Body, Found, Refusals, Staff};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::state::State;
use crate::usecase::person::{Revealed, person_reveal};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reveal {
    /// Why you need to know, in a few words; it stays on the record.
    #[schema(min_length = 4)]
    reason: String,
}

/// One reporter, in clear.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reporter {
    name: Option<String>,
    phone: Option<String>,
    /// How a message channel knows them, such as `mail:wang@example.org`.
    handle: Option<String>,
    /// The exact words.
    original: Option<String>,
}

impl From<Revealed> for Reporter {
    fn from(revealed: Revealed) -> Self {
        let clear = |sealed: Option<zeroize::Zeroizing<String>>| sealed.map(|text| text.as_str().to_owned());
        Self {
            name: clear(revealed.name),
            phone: clear(revealed.phone),
            handle: clear(revealed.handle),
            original: clear(revealed.original),
        }
    }
}

/// See who reported
///
/// Every look is on the record.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/reveal", operation_id = "person_reveal", tag = "cases",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the case, in any spelling")),
    request_body = Reveal,
    responses(
        (status = 200, description = "The reporters, oldest report first", body = Page<Reporter>),
        Refusals<Staff, Found, Body>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<Reveal>,
) -> Result<Json<Page<Reporter>>> {
    let revealed = person_reveal(&state, &member.actor, &code, &typed.reason).await?;
    Ok(Json(Page::whole(revealed.into_iter().map(Reporter::from).collect())))
}
