//! The registry as staff look through it: kinds, areas and skills; of persons only the family name.

use muster_core::area::AreaId;
use muster_core::dispatch::registry::ResourceKind;
use muster_core::id::ResourceId;
use muster_core::people::{Action, Actor, scope};
use muster_core::time::Timestamp;
use muster_store::dispatch::{ResourceFilter, ResourceRow, resource_count, resource_page};

use super::act::deny;
use crate::error::Result;
use crate::state::State;

/// Rows of a page.
pub const ROWS: i64 = 30;

#[derive(Clone, Debug, Default)]
pub struct ResourceAsk {
    pub kind: Option<ResourceKind>,
    pub area: Option<AreaId>,
    pub skill: Option<String>,
    /// Only what nobody has assured for as long as the pack says.
    pub stale: bool,
    /// Only those with a certificate to be looked at.
    pub waiting: bool,
    pub parent: Option<ResourceId>,
    pub after: Option<(Timestamp, ResourceId)>,
}

#[derive(Clone, Debug)]
pub struct Listed {
    pub rows: Vec<ResourceRow>,
    /// Of all pages.
    pub total: i64,
    pub next: Option<(Timestamp, ResourceId)>,
}

pub async fn resource_list(state: &State, actor: &Actor, ask: &ResourceAsk) -> Result<Listed> {
    let scope = scope(actor, Action::ResourceList).map_err(deny)?;
    let filter = ResourceFilter {
        areas: scope.areas,
        within: ask.area.map(AreaId::range),
        kind: ask.kind,
        skill: ask.skill.clone(),
        assured_before: ask.stale.then(|| stale_before(state)),
        waiting: ask.waiting,
        parent: ask.parent,
    };
    let mut tx = state.read().await?;
    let mut rows = resource_page(&mut tx, &filter, ask.after, ROWS + 1).await?;
    let more = rows.len() as i64 > ROWS;
    rows.truncate(ROWS as usize);
    let next = rows.last().filter(|_| more).map(|row| (row.joined_at, row.id));
    Ok(Listed { rows, total: resource_count(&mut tx, &filter).await?, next })
}

/// What was assured before this is no longer asked.
pub(crate) fn stale_before(state: &State) -> Timestamp {
    state.now().plus(-i64::from(state.pack.dispatch.assured_days) * Timestamp::DAY)
}
