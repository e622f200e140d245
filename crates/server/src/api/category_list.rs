//! The pack's tree of categories.

use axum::Json;
use axum::extract::State as Held;
use muster_core::pack::Category;
use serde::Serialize;
use utoipa::ToSchema;

use super::ask::Caller;
use super::page::Page;
use super::refusals::{Refusals, Token};
use crate::error::Result;
use crate::state::State;
use crate::usecase::reference::category_list;

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CategoryShown {
    /// 2, 4 or 6 digits; two are a large class.
    #[schema(examples("0101"))]
    code: String,
    name: Names,
    /// Code of the category above; null for a large class.
    parent: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Names {
    zh: String,
    en: String,
}

impl From<&Category> for CategoryShown {
    fn from(category: &Category) -> Self {
        let above = category.code.len() - 2;
        Self {
            parent: (above > 0).then(|| category.code[..above].to_owned()),
            code: category.code.clone(),
            name: Names { zh: category.name.zh.clone(), en: category.name.en.clone() },
        }
    }
}

/// List categories
///
/// The whole tree, a parent before its children; `next` is always null.
#[utoipa::path(
    get, path = "/api/v1/categories", operation_id = "category_list", tag = "reference",
    security((), ("bearer" = [])),
    responses((status = 200, description = "Every category", body = Page<CategoryShown>), Refusals<Token>),
)]
pub(super) async fn handle(Held(state): Held<State>, Caller(actor): Caller) -> Result<Json<Page<CategoryShown>>> {
    let found = category_list(&state, &actor)?;
    Ok(Json(Page::whole(found.into_iter().map(CategoryShown::from).collect())))
}
