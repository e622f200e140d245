//! The units that may be made answerable.

use axum::Json;
use axum::extract::State as Held;
use muster_store::people::Unit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ask::Member;
use super::page::{Page, limit};
use super::refusals::{Query, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiQuery;
use crate::state::State;
use crate::usecase::reference::unit_list;

/// Who answers for work. `unit` members take the id or the code.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnitShown {
    id: Uuid,
    #[schema(examples("mh-water"))]
    code: String,
    name: String,
    /// Code of the duty list.
    department: String,
    /// 15 digits.
    area: String,
}

impl From<&Unit> for UnitShown {
    fn from(unit: &Unit) -> Self {
        Self {
            id: unit.id.0,
            code: unit.code.clone(),
            name: unit.name.clone(),
            department: unit.department.clone(),
            area: unit.area.to_string(),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<i64>,
}

/// List units
///
/// By code.
#[utoipa::path(
    get, path = "/api/v1/units", operation_id = "unit_list", tag = "reference",
    security(("bearer" = [])),
    params(Asked),
    responses((status = 200, description = "A page of units", body = Page<UnitShown>), Refusals<Staff, Query>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Json<Page<UnitShown>>> {
    let limit = limit(asked.limit)?;
    let found = unit_list(&state, &member.actor, asked.cursor.as_deref().unwrap_or_default(), limit).await?;
    Ok(Json(Page::cut(&found, limit, |unit| unit.code.clone())))
}
