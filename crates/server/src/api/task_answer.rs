//! A unit answers: what came of it, in words for the resident.

use axum::extract::State as Held;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Case, changed, outcome};
use super::on_case::OnCase;
use super::refusals::{Body, Found, Moves, Order, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
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
/// Answering without having accepted accepts in the same act. While a required part of the work is open there is no answer.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/answer", operation_id = "task_answer", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = AnswerGiven,
    responses(
        (status = 200, description = "Answered; the resident is asked", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves, Order>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<AnswerGiven>,
) -> Result<Response> {
    let AnswerGiven { outcome, text, evidence, note } = typed;
    let answer = Answer { outcome, text, evidence, note, version };
    task_answer(&state, &actor, &code, &answer).await.map(|case| changed(&case))
}
