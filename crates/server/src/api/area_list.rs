//! The areas to report from and to look at.

use axum::Json;
use axum::extract::State as Held;
use serde::Deserialize;
use utoipa::IntoParams;

use super::ask::Caller;
use super::body::{Place, area_code};
use super::page::{Page, cursor_wrong, limit};
use super::refusals::{Query, Refusals, Token};
use crate::error::Result;
use crate::extract::ApiQuery;
use crate::state::State;
use crate::usecase::reference::{area_find, area_list};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The area and what is below it; the whole instance without it.
    #[param(schema_with = area_code, required = false)]
    within: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<i64>,
}

/// List areas
///
/// By id, so that an area comes before those below it.
#[utoipa::path(
    get, path = "/api/v1/areas", operation_id = "area_list", tag = "reference",
    security((), ("bearer" = [])),
    params(Asked),
    responses((status = 200, description = "A page of areas", body = Page<Place>), Refusals<Token, Query>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    Caller(actor): Caller,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Json<Page<Place>>> {
    let limit = limit(asked.limit)?;
    let within = match &asked.within {
        Some(text) => Some(area_find(&state, "within", text).await?),
        None => None,
    };
    let after = asked.cursor.map(|text| text.parse().map_err(|_| cursor_wrong(&text))).transpose()?;
    let found = area_list(&state, &actor, within, after, limit).await?;
    Ok(Json(Page::cut(&found, limit, |area| area.id.to_string())))
}
