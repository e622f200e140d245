//! What waits for a joint meeting; and a coordinator puts a case there.

use axum::Json;
use axum::extract::State as Held;
use axum::http::StatusCode;
use muster_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::Member;
use super::on_case::OnCase;
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::meeting_queue::{matter_put, meeting_queue};

/// The queue: at most 500 cases, the longest waiting first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MeetingQueue {
    /// Seconds that half of them have waited at least; null where nothing waits.
    median_wait: Option<i64>,
    waiting: Vec<MatterWaiting>,
}

/// A case that no single unit owns.
#[derive(Debug, Serialize, ToSchema)]
struct MatterWaiting {
    /// Code of the case.
    code: String,
    title: String,
    area: String,
    waiting_since: i64,
    /// `no-duty`, `no-unit`, `disputed`, or the words of whoever put it there.
    reason: String,
    /// The meeting that has it on its agenda.
    meeting: Option<Uuid>,
}

/// What waits for a meeting
#[utoipa::path(
    get, path = "/api/v1/meetings/queue", operation_id = "meeting_queue", tag = "meetings",
    security(("bearer" = [])),
    responses((status = 200, description = "The queue", body = MeetingQueue), Refusals<Staff>),
)]
pub(super) async fn handle(Held(state): Held<State>, member: Member) -> Result<Json<MeetingQueue>> {
    let queue = meeting_queue(&state, &member.actor).await?;
    let waiting = queue.waiting.into_iter().map(|row| MatterWaiting {
        code: row.code,
        title: row.title,
        area: row.area.to_string(),
        waiting_since: row.waiting_since.0,
        reason: row.reason,
        meeting: row.meeting_id,
    });
    let median_wait = queue.median.map(|wait| wait / Timestamp::SECOND);
    Ok(Json(MeetingQueue { median_wait, waiting: waiting.collect() }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatterPut {
    /// Why a meeting is needed; the units read it on the agenda.
    reason: String,
}

/// Put a case before a meeting
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/matter", operation_id = "matter_put", tag = "meetings",
    security(("bearer" = [])),
    params(OnCase),
    request_body = MatterPut,
    responses((status = 204, description = "It waits"), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn put(
    Held(state): Held<State>,
    OnCase { actor, code, .. }: OnCase,
    ApiJson(typed): ApiJson<MatterPut>,
) -> Result<StatusCode> {
    matter_put(&state, &actor, &code, &typed.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
