//! A meeting decides a matter of its agenda.

use std::collections::BTreeMap;

use axum::extract::State as Held;
use axum::response::Response;
use muster_core::id::UnitId;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::Member;
use super::body::{Case, changed};
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::state::State;
use crate::usecase::meeting_decide::{Share, Verdict, meeting_decide};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatterDecided {
    /// Code of the case.
    case: String,
    verdict: Decided,
    /// The minute: what was decided, and why.
    words: String,
}

/// What was decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Decided {
    /// One unit owns it.
    Owner {
        /// Id of the unit.
        unit: Uuid,
        /// From now on it also owns whatever of this category comes from the area of the meeting.
        #[serde(default)]
        amend: bool,
    },
    /// Several do it together; the first leads.
    Joint { parts: Vec<JointPart> },
    /// One unit answers for it, and the work is parted by a plan of the pack.
    Plan {
        /// Id of the unit.
        unit: Uuid,
        /// Code of the plan.
        template: String,
        /// Unit by the key of the part; for parts left out, the nearest unit of the department leads.
        #[serde(default)]
        units: BTreeMap<String, Uuid>,
    },
    /// Not for this level.
    Up {},
    /// It waits on, from when it began to wait.
    Postponed {},
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JointPart {
    /// Id of the unit.
    unit: Uuid,
    title: String,
    /// Working days.
    days: i64,
}

/// Decide a matter
///
/// Assignment, parts and the amendment of the duty list are one act.
#[utoipa::path(
    post, path = "/api/v1/meetings/{id}/decide", operation_id = "meeting_decide", tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Id of the meeting")),
    request_body = MatterDecided,
    responses(
        (status = 200, description = "Decided", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(typed): ApiJson<MatterDecided>,
) -> Result<Response> {
    let verdict = Verdict::from(typed.verdict);
    let case = meeting_decide(&state, &member.actor, (id, &typed.case), &verdict, &typed.words).await?;
    Ok(changed(&case))
}

impl From<Decided> for Verdict {
    fn from(decided: Decided) -> Self {
        let share = |part: JointPart| Share { unit: UnitId(part.unit), title: part.title, days: part.days };
        match decided {
            Decided::Owner { unit, amend } => Self::Owner { unit: UnitId(unit), amend },
            Decided::Joint { parts } => Self::Joint(parts.into_iter().map(share).collect()),
            Decided::Plan { unit, template, units } => Self::Plan {
                unit: UnitId(unit),
                template,
                units: units.into_iter().map(|(key, unit)| (key, UnitId(unit))).collect(),
            },
            Decided::Up {} => Self::Up,
            Decided::Postponed {} => Self::Postponed,
        }
    }
}
