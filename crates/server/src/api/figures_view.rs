//! Figures for everybody: the whole city, no unit, no person, nothing so small that it points at someone.

use axum::Json;
use axum::extract::State as Held;
use muster_core::evaluate::SMALL_COUNT;
use serde::Deserialize;
use utoipa::IntoParams;

use super::ask::Caller;
use super::dashboard_view::{FiguresShown, class, days};
use super::refusals::{Query, Refusals, Token};
use crate::error::Result;
use crate::extract::ApiQuery;
use crate::state::State;
use crate::usecase::figures::figures_view;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Code of a large class.
    #[param(pattern = "^[0-9]{2}$")]
    class: Option<String>,
    /// First day, in the city's zone; 29 days before `to` without it.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day; today without it.
    #[param(format = Date)]
    to: Option<String>,
}

/// See open figures
///
/// Counts below five are null.
#[utoipa::path(
    get, path = "/api/v1/open/figures", operation_id = "figures_view", tag = "figures",
    security((), ("bearer" = [])),
    params(Asked),
    responses((status = 200, description = "Figures", body = FiguresShown), Refusals<Token, Query>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Json<FiguresShown>> {
    let class = class(&state, asked.class.as_deref())?;
    let days = days(&state, asked.from.as_deref(), asked.to.as_deref())?;
    let figures = figures_view(&state, days, class).await?;
    Ok(Json(FiguresShown::new(&state.pack.indicators, &figures, SMALL_COUNT)))
}
