//! A meeting with its agenda and what was decided.

use axum::Json;
use axum::extract::State as Held;
use muster_core::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::Member;
use super::document::one_of;
use super::refusals::{Found, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiPath;
use crate::state::State;
use crate::usecase::meeting_view::{Matter, Minutes, meeting_view};

/// The minutes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Meeting {
    id: Uuid,
    area: String,
    held_at: i64,
    place: String,
    chair: String,
    /// Names of the units that were invited.
    units: Vec<String>,
    /// In the order of the agenda.
    matters: Vec<MatterShown>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MatterShown {
    /// Code of the case.
    code: String,
    title: String,
    reason: String,
    waiting_since: i64,
    /// Seconds it waited until it was decided, or until the meeting where it is not.
    waited: i64,
    #[schema(schema_with = decision)]
    decision: Option<String>,
    /// Name of the unit it was decided for.
    unit: Option<String>,
    words: Option<String>,
    decided_at: Option<i64>,
    /// What the decision gave out.
    tasks: Vec<TaskGiven>,
}

/// A task or a part of the work.
#[derive(Debug, Serialize, ToSchema)]
struct TaskGiven {
    /// Name of the unit.
    unit: String,
    /// Of a part; null where the unit answers for the whole case.
    title: Option<String>,
    /// Null while it waits for another.
    due_at: Option<i64>,
}

fn decision() -> utoipa::openapi::schema::Object {
    one_of(["owner", "joint", "up", "postponed"])
}

/// See a meeting
#[utoipa::path(
    get, path = "/api/v1/meetings/{id}", operation_id = "meeting_view", tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Id of the meeting")),
    responses((status = 200, description = "The minutes", body = Meeting), Refusals<Staff, Found>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<Meeting>> {
    meeting_view(&state, &member.actor, id).await.map(|minutes| Json(minutes.into()))
}

impl From<Minutes> for Meeting {
    fn from(minutes: Minutes) -> Self {
        let held_at = minutes.meeting.held_at;
        Self {
            id: minutes.meeting.id,
            area: minutes.meeting.area.to_string(),
            held_at: held_at.0,
            place: minutes.meeting.place,
            chair: minutes.meeting.chair,
            units: minutes.units.into_iter().map(|unit| unit.name).collect(),
            matters: minutes.matters.into_iter().map(|matter| MatterShown::of(matter, held_at)).collect(),
        }
    }
}

impl MatterShown {
    fn of(matter: Matter, held_at: Timestamp) -> Self {
        let Matter { row, case, unit, tasks } = matter;
        let until = row.decided_at.map_or(held_at, Timestamp);
        Self {
            code: case.code.to_string(),
            title: case.title,
            reason: row.reason,
            waiting_since: row.waiting_since.0,
            waited: until.since(row.waiting_since) / Timestamp::SECOND,
            decision: row.decision,
            unit: unit.map(|unit| unit.name),
            words: row.words,
            decided_at: row.decided_at,
            tasks: tasks
                .into_iter()
                .map(|task| TaskGiven { unit: task.unit, title: task.title, due_at: task.due.map(|due| due.0) })
                .collect(),
        }
    }
}
