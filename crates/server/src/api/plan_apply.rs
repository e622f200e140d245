//! A named plan of the pack is taken up for a case.

use std::collections::BTreeMap;

use axum::extract::State as Held;
use axum::response::Response;
use muster_core::id::UnitId;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{Case, changed};
use super::on_case::OnCase;
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::plan_apply::{Taken, plan_apply};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanTaken {
    /// Code of a plan of the pack.
    template: String,
    /// Unit by the key of the part; for parts left out, the nearest unit of the department leads.
    #[serde(default)]
    units: BTreeMap<String, Uuid>,
    /// Why; the units read it.
    reason: String,
}

/// Take up a plan
///
/// All its parts are given out in one act, after the parts that are there.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/plan", operation_id = "plan_apply", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = PlanTaken,
    responses(
        (status = 200, description = "Given out", body = Case, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<PlanTaken>,
) -> Result<Response> {
    let units = typed.units.into_iter().map(|(key, unit)| (key, UnitId(unit))).collect();
    let taken = Taken { template: typed.template, units, reason: typed.reason, version };
    plan_apply(&state, &actor, &code, &taken).await.map(|(case, _)| changed(&case))
}
