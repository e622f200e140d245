//! A unit answers: what came of it, in words for the resident.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::{IfMatch, Member};
use super::body::{Case, changed, outcome};
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::state::State;
use crate::usecase::task_answer::{Answer, task_answer};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerGiven {
    #[schema(schema_with = outcome)]
    outcome: String,
    /// Read by the resident.
    text: String,
    /// What shows it: a place, a date, a document. Needed for the outcomes the pack names.
    #[serde(default)]
    evidence: String,
    /// Read by staff only.
    #[serde(default)]
    note: Option<String>,
}

/// Answer
///
/// Answering without having accepted accepts in the same act.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/answer", operation_id = "task_answer", tag = "cases",
    security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("If-Match" = Option<String>, Header, pattern = "^([*]|\"[0-9]+\")$", description = "ETag of the version you decided on, or `*`"),
    ),
    request_body = AnswerGiven,
    responses(
        (status = 200, description = "Answered; the resident is asked", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
    IfMatch(version): IfMatch,
    ApiJson(typed): ApiJson<AnswerGiven>,
) -> Result<Response> {
    let AnswerGiven { outcome, text, evidence, note } = typed;
    let answer = Answer { outcome, text, evidence, note, version };
    task_answer(&state, &member.actor, &code, &answer).await.map(|case| changed(&case))
}
