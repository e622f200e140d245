//! The ladder of warnings for findings: whoever owes the next step, and who is above, is told how far its time has run.

use muster_core::area::AreaId;
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_store::finding::{ReachedFinding, finding_rung, findings_reached};
use muster_store::notice::areas_coordinated;

use super::act::Act;
use super::finding::unit_owes;
use super::owed::{Owed, climb};
use super::tick::BATCH;
use crate::error::Result;
use crate::state::State;

/// Passes the rungs that are reached, the longest reached first; returns how many findings moved.
pub async fn findings_climb(state: &State) -> Result<usize> {
    let mut act = Act::begin(state, &Actor::System).await?;
    let reached = findings_reached(&mut act.tx, act.at, BATCH as i64).await?;
    if reached.is_empty() {
        return Ok(0);
    }
    let coordinated = areas_coordinated(&mut act.tx).await?;
    for ReachedFinding { row, unit_area } in &reached {
        let (Some(from), Some(until)) = (row.owed_from, row.owed_at) else {
            finding_rung(&mut act.tx, row.id, row.rung, None).await?;
            continue;
        };
        let unit = row.unit_id.map(Into::into).filter(|_| unit_owes(row.stage));
        let owed = Owed {
            id: row.id,
            title: &row.title,
            path: format!("/findings/{}", row.id),
            unit,
            area: unit.and(*unit_area).and_then(|area| AreaId::new(area).ok()).unwrap_or(row.area),
            from: Timestamp(from),
            until: Timestamp(until),
        };
        let (rung, next) = climb(&mut act, &owed, row.rung, &coordinated);
        finding_rung(&mut act.tx, row.id, rung, next).await?;
    }
    act.commit().await?;
    Ok(reached.len())
}
