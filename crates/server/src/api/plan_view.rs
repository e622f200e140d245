//! The parts of the work of a case, and when each runs.

use axum::Json;
use axum::extract::State as Held;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use muster_core::id::PartId;
use muster_core::process::TaskState;
use muster_core::time::Timestamp;
use muster_store::process::PartRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::{Member, etag};
use super::body::{budget_unit, task_state};
use super::refusals::{Found, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiPath;
use crate::state::State;
use crate::usecase::plan_view::{CasePlan, plan_view};

/// The plan of a case. What has begun or ended stands where it happened, what has not where it would fall.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Plan {
    /// Code of the case, in groups.
    code: String,
    /// When the last part ends; null without parts.
    end_at: Option<i64>,
    /// In the order of their numbers.
    parts: Vec<PartShown>,
}

/// A part of the work.
#[derive(Debug, Serialize, ToSchema)]
struct PartShown {
    number: i64,
    code: String,
    title: String,
    /// Id of the unit that leads.
    unit: Uuid,
    unit_name: String,
    /// Ids of the units that help.
    cooperating: Vec<Uuid>,
    required: bool,
    #[schema(schema_with = task_state)]
    state: TaskState,
    /// Number of the part it belongs to.
    parent: Option<i64>,
    /// Numbers of the parts that must be over before.
    after: Vec<i64>,
    not_before: Option<i64>,
    budget_amount: i64,
    #[schema(schema_with = budget_unit)]
    budget_unit: String,
    given_at: i64,
    reason: String,
    /// Since when its time runs; null while it waits for another.
    started_at: Option<i64>,
    due_at: Option<i64>,
    /// True when the calendar of that year is not decreed yet.
    provisional: bool,
    accepted_at: Option<i64>,
    ended_at: Option<i64>,
    /// What came of it; of one that was called off, why.
    result: Option<String>,
    evidence: Option<String>,
    /// When it runs; null for one that was called off.
    planned: Option<Planned>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Planned {
    start_at: i64,
    finish_at: i64,
    /// Seconds by which its end may slip without moving the end of the whole.
    slack: i64,
    /// On a chain that leads to the end without a gap.
    critical: bool,
    /// It waits for nothing.
    may_begin: bool,
}

/// See the plan of a case
#[utoipa::path(
    get, path = "/api/v1/cases/{code}/plan", operation_id = "plan_view", tag = "cases",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the case, in any spelling")),
    responses(
        (status = 200, description = "The plan", body = Plan, headers(("ETag" = String, description = "Version of the case"))),
        Refusals<Staff, Found>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
) -> Result<Response> {
    let plan = plan_view(&state, &member.actor, &code).await?;
    Ok(([(ETAG, etag(plan.case.version))], Json(Plan::from(&plan))).into_response())
}

impl From<&CasePlan> for Plan {
    fn from(plan: &CasePlan) -> Self {
        Self {
            code: plan.case.code.to_string(),
            end_at: plan.end.map(|at| at.0),
            parts: plan.parts.rows.iter().map(|part| PartShown::of(plan, part)).collect(),
        }
    }
}

impl PartShown {
    fn of(plan: &CasePlan, part: &PartRow) -> Self {
        let number = |id: Uuid| plan.parts.by_id(PartId(id)).map(|part| part.number);
        Self {
            number: part.number,
            code: part.code.clone(),
            title: part.title.clone(),
            unit: part.unit_id.0,
            unit_name: plan.units.get(&part.unit_id).cloned().unwrap_or_default(),
            cooperating: plan.parts.helpers(part.id).into_iter().map(|unit| unit.0).collect(),
            required: part.required,
            state: part.state,
            parent: part.parent_id.and_then(number),
            after: plan.parts.before(part.id).into_iter().map(|before| before.number).collect(),
            not_before: part.not_before,
            budget_amount: part.budget_amount,
            budget_unit: part.budget_unit.clone(),
            given_at: part.given_at.0,
            reason: part.reason.clone(),
            started_at: part.started_at,
            due_at: part.due_at,
            provisional: part.provisional,
            accepted_at: part.accepted_at,
            ended_at: part.ended_at,
            result: part.result.clone(),
            evidence: part.evidence.clone(),
            planned: plan.slots.get(&part.id).map(|slot| Planned {
                start_at: slot.start.0,
                finish_at: slot.finish.0,
                slack: slot.slack / Timestamp::SECOND,
                critical: slot.critical,
                may_begin: slot.may_begin,
            }),
        }
    }
}
