//! What requests refer to: areas, units and categories, listed and looked up.

use muster_core::area::{AreaFault, AreaId};
use muster_core::id::UnitId;
use muster_core::pack::Category;
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_store::people::{Area, Unit, area_get, area_list as areas, unit_by_code, unit_get, unit_page};

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// The areas within `within` (the pack's root without it) by id, those after `after`; one more than `limit` tells that
/// there are more.
pub async fn area_list(
    state: &State,
    actor: &Actor,
    within: Option<AreaId>,
    after: Option<AreaId>,
    limit: i64,
) -> Result<Vec<Area>> {
    may(actor, Action::PageRead, &Subject::NONE).map_err(deny)?;
    let (first, last) = within.unwrap_or(state.pack.root_area).range();
    let first = after.map_or(first, |after| first.max(after.get() + 1));
    let mut tx = state.read().await?;
    areas(&mut tx, (first, last), limit + 1).await.map_err(Error::from)
}

/// The units by code, those after `after`; one more than `limit` tells that there are more.
pub async fn unit_list(state: &State, actor: &Actor, after: &str, limit: i64) -> Result<Vec<Unit>> {
    scope(actor, Action::CaseList).map_err(deny)?;
    let mut tx = state.read().await?;
    unit_page(&mut tx, after, limit + 1).await.map_err(Error::from)
}

/// Every category of the pack, a parent before its children.
pub fn category_list<'a>(state: &'a State, actor: &Actor) -> Result<Vec<&'a Category>> {
    may(actor, Action::PageRead, &Subject::NONE).map_err(deny)?;
    Ok(state.pack.taxonomy.iter().collect())
}

/// Reads the code of an area; whether there is one is not asked.
pub fn area_code(field: &str, text: &str) -> Result<AreaId> {
    text.parse().map_err(|fault: AreaFault| Error::invalid(field, "area-unknown", format!("{fault}.")))
}

/// The area of a code.
pub async fn area_find(state: &State, field: &str, text: &str) -> Result<AreaId> {
    let id = area_code(field, text)?;
    let mut tx = state.read().await?;
    if area_get(&mut tx, id).await?.is_none() {
        return Err(Error::invalid(field, "area-unknown", format!("There is no area {id}.")));
    }
    Ok(id)
}

/// The unit of an id or a code. Only those who may list cases learn which units there are.
pub async fn unit_find(state: &State, actor: &Actor, field: &str, text: &str) -> Result<UnitId> {
    scope(actor, Action::CaseList).map_err(deny)?;
    let mut tx = state.read().await?;
    let unit = match text.trim().parse::<UnitId>() {
        Ok(id) => unit_get(&mut tx, id).await?,
        Err(_) => unit_by_code(&mut tx, text.trim()).await?,
    };
    let unknown =
        || Error::invalid(field, "unit-unknown", format!("There is no unit {text:?}; give its id or its code."));
    unit.map(|unit| unit.id).ok_or_else(unknown)
}

/// A category of the pack by its code.
pub fn category_find(state: &State, field: &str, code: &str) -> Result<String> {
    let known = state.pack.taxonomy.get(code).map(|category| category.code.clone());
    known.ok_or_else(|| {
        let detail = format!("There is no category {code:?} in the pack {}.", state.pack.version);
        Error::invalid(field, "category-unknown", detail)
    })
}
