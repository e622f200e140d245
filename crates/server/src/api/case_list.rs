//! The cases in reach, filtered and searched.

use axum::Json;
use axum::extract::State as Held;
use muster_core::process::CaseState;
use muster_store::process::{CaseFilter, CaseOrder};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ask::Member;
use super::body::{Case, area_code, case_state};
use super::document::one_of;
use super::page::{Page, case_cursor, limit, read_case_cursor};
use super::refusals::{Query, Refusals, Staff};
use crate::error::{Error, Result};
use crate::extract::ApiQuery;
use crate::state::State;
use crate::usecase::case_list::case_list;
use crate::usecase::reference::{area_find, category_find, unit_find};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The area and what is below it.
    #[param(schema_with = area_code, required = false)]
    area: Option<String>,
    /// Id or code of the answerable unit.
    unit: Option<String>,
    #[param(schema_with = case_state, required = false)]
    state: Option<String>,
    /// A class or category: it and what is below it.
    #[param(pattern = "^([0-9]{2}){1,3}$")]
    class: Option<String>,
    /// Words of title, text or place; all must occur. The newest come first then, whatever `order` says.
    #[param(max_length = 200)]
    q: Option<String>,
    #[param(schema_with = orders, required = false)]
    order: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<i64>,
}

/// `due`: what runs out first comes first, cases without a promise last.
fn orders() -> utoipa::openapi::schema::Object {
    one_of(["due", "newest"])
}

/// List cases
#[utoipa::path(
    get, path = "/api/v1/cases", operation_id = "case_list", tag = "cases",
    security(("bearer" = [])),
    params(Asked),
    responses((status = 200, description = "A page of cases", body = Page<Case>), Refusals<Staff, Query>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Json<Page<Case>>> {
    let filter = filter(&state, &member, asked).await?;
    let order = filter.order;
    let page = case_list(&state, &member.actor, filter).await?;
    let next = page.next.map(|cursor| case_cursor(order, cursor));
    Ok(Json(Page { items: page.cases.iter().map(Case::from).collect(), next }))
}

async fn filter(state: &State, member: &Member, asked: Asked) -> Result<CaseFilter> {
    let order = match asked.order.as_deref() {
        None | Some("due") => CaseOrder::Due,
        Some("newest") => CaseOrder::Newest,
        Some(other) => {
            return Err(Error::invalid(
                "order",
                "order-unknown",
                format!("{other:?} is no order; known: due, newest."),
            ));
        }
    };
    let unknown = |detail: String| Error::invalid("state", "state-unknown", format!("{detail}."));
    Ok(CaseFilter {
        area: match &asked.area {
            Some(text) => Some(area_find(state, "area", text).await?),
            None => None,
        },
        unit: match &asked.unit {
            Some(text) => Some(unit_find(state, &member.actor, "unit", text).await?),
            None => None,
        },
        states: asked.state.map(|word| word.parse::<CaseState>().map_err(unknown)).transpose()?.into_iter().collect(),
        class: asked.class.map(|code| category_find(state, "class", &code)).transpose()?,
        text: asked.q.filter(|words| !words.trim().is_empty()),
        after: asked.cursor.map(|text| read_case_cursor(order, &text)).transpose()?,
        limit: limit(asked.limit)?,
        order,
        ..CaseFilter::default()
    })
}
