//! The parts of a case and their plan; and the parts that somebody's units owe.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::id::{PartId, UnitId};
use muster_core::people::{Action, Actor, scope};
use muster_core::process::Slot;
use muster_core::time::Timestamp;
use muster_store::people::unit_get;
use muster_store::process::{CaseRow, PartOwed, Parts, case_by_code, parts_of_case, parts_owed};

use super::act::deny;
use super::parts::{may_see, slots};
use crate::error::{Error, Result};
use crate::state::State;

/// A case with its parts.
#[derive(Clone, Debug)]
pub struct CasePlan {
    pub case: CaseRow,
    pub parts: Parts,
    /// When each part runs; none for one that is called off.
    pub slots: BTreeMap<PartId, Slot>,
    /// Names of the units that lead or help.
    pub units: BTreeMap<UnitId, String>,
    pub now: Timestamp,
    /// When the last part ends.
    pub end: Option<Timestamp>,
}

pub async fn plan_view(state: &State, actor: &Actor, code: &str) -> Result<CasePlan> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    let parts = parts_of_case(&mut tx, case.id).await?;
    may_see(actor, Action::PlanView, &case, &parts).map_err(deny)?;
    let mut units = BTreeMap::new();
    let named = parts.rows.iter().map(|part| part.unit_id).chain(parts.units.iter().map(|row| row.unit_id));
    for id in named.collect::<BTreeSet<_>>() {
        units.insert(id, unit_get(&mut tx, id).await?.map(|unit| unit.name).unwrap_or_default());
    }
    let now = state.now();
    let slots = slots(state, &parts, now)?;
    let end = slots.values().map(|slot| slot.finish).max();
    Ok(CasePlan { case, parts, slots, units, now, end })
}

/// The open parts that the units of this person lead, at most `limit`, and how many there are. Whoever acts for no unit
/// owes none.
pub async fn parts_mine(state: &State, actor: &Actor, limit: i64) -> Result<(Vec<PartOwed>, i64)> {
    let scope = scope(actor, Action::PlanView).map_err(deny)?;
    let mut tx = state.read().await?;
    parts_owed(&mut tx, &scope, limit).await.map_err(Error::from)
}
