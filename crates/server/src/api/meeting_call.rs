//! A joint meeting is called.

use axum::Json;
use axum::extract::State as Held;
use axum::http::StatusCode;
use muster_core::id::UnitId;
use muster_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::Member;
use super::body::area_code;
use super::refusals::{Body, Found, Refusals, Staff};
use crate::error::{Error, Result};
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::meeting_call::{NewMeeting, meeting_call};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MeetingCalled {
    /// The area for which it is held.
    #[schema(schema_with = area_code)]
    area: String,
    held_at: i64,
    place: String,
    chair: String,
    /// Ids of the units that are invited.
    #[serde(default)]
    units: Vec<Uuid>,
    /// Codes of cases, in the order of the agenda.
    cases: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MeetingId {
    id: Uuid,
}

/// Call a meeting
#[utoipa::path(
    post, path = "/api/v1/meetings", operation_id = "meeting_call", tag = "meetings",
    security(("bearer" = [])),
    request_body = MeetingCalled,
    responses((status = 201, description = "Called", body = MeetingId), Refusals<Staff, Found, Body>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiJson(typed): ApiJson<MeetingCalled>,
) -> Result<(StatusCode, Json<MeetingId>)> {
    let unknown = |_| Error::invalid("area", "area-unknown", format!("{:?} is no code of an area.", typed.area));
    let new = NewMeeting {
        area: typed.area.parse().map_err(unknown)?,
        held_at: Timestamp(typed.held_at),
        place: typed.place,
        chair: typed.chair,
        units: typed.units.into_iter().map(UnitId).collect(),
        cases: typed.cases,
    };
    let id = meeting_call(&state, &member.actor, &new).await?;
    Ok((StatusCode::CREATED, Json(MeetingId { id })))
}
