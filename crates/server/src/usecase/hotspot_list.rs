//! Rising clusters in an actor's areas, with their members.

use muster_core::area::AreaId;
use muster_core::people::{Action, Actor, scope};
use muster_core::time::Timestamp;
use muster_store::hotspot::{HotspotRow, MemberRow, hotspot_members, hotspots};

use super::act::deny;
use crate::error::Result;
use crate::state::State;

/// So long after its last report a spot is still shown.
const SHOWN: i64 = 60 * Timestamp::DAY;
const SPOTS: i64 = 50;
/// More members than this are counted, not listed.
pub const MEMBERS: i64 = 200;

#[derive(Clone, Debug)]
pub struct Spot {
    pub row: HotspotRow,
    /// Newest first, at most [`MEMBERS`].
    pub members: Vec<MemberRow>,
}

/// The newest clusters of an area that nobody has dismissed, without their members; none for those who may not list them.
pub async fn hotspots_newest(state: &State, actor: &Actor, area: AreaId, most: usize) -> Result<Vec<HotspotRow>> {
    let Ok(reach) = scope(actor, Action::HotspotList) else { return Ok(Vec::new()) };
    let (first, last) = area.range();
    let since = state.now().plus(-SHOWN);
    let mut tx = state.read().await?;
    let mut found: Vec<HotspotRow> = Vec::new();
    for (from, to) in reach.areas {
        for row in hotspots(&mut tx, (from.max(first), to.min(last)), since, SPOTS).await? {
            if row.state != "dismissed" && found.iter().all(|spot| spot.id != row.id) {
                found.push(row);
            }
        }
    }
    found.sort_by_key(|spot| std::cmp::Reverse((spot.last_at, spot.id)));
    found.truncate(most);
    Ok(found)
}

/// The newest first.
pub async fn hotspot_list(state: &State, actor: &Actor) -> Result<Vec<Spot>> {
    let reach = scope(actor, Action::HotspotList).map_err(deny)?;
    let mut tx = state.read().await?;
    let since = state.now().plus(-SHOWN);
    let mut found: Vec<Spot> = Vec::new();
    for range in reach.areas {
        for row in hotspots(&mut tx, range, since, SPOTS).await? {
            // Two grants may hold one area.
            if found.iter().all(|spot| spot.row.id != row.id) {
                let members = hotspot_members(&mut tx, row.id, MEMBERS).await?;
                found.push(Spot { row, members });
            }
        }
    }
    found.sort_by_key(|spot| std::cmp::Reverse((spot.row.last_at, spot.row.id)));
    Ok(found)
}
