//! The ladder of warnings for the key tasks of the programme.

use muster_core::area::AreaId;
use muster_core::people::Actor;
use muster_store::notice::areas_coordinated;
use muster_store::programme::{ReachedKeyTask, key_task_rung, key_tasks_reached};

use super::act::Act;
use super::owed::{Owed, climb};
use super::tick::BATCH;
use crate::error::Result;
use crate::state::State;

/// Passes the rungs that are reached, the longest reached first; returns how many tasks moved.
pub async fn key_tasks_climb(state: &State) -> Result<usize> {
    let mut act = Act::begin(state, &Actor::System).await?;
    let reached = key_tasks_reached(&mut act.tx, act.at, BATCH as i64).await?;
    if reached.is_empty() {
        return Ok(0);
    }
    let coordinated = areas_coordinated(&mut act.tx).await?;
    for ReachedKeyTask { row, unit_area } in &reached {
        let owed = Owed {
            id: row.id,
            title: &row.title,
            path: format!("/programme/tasks/{}", row.id),
            unit: Some(row.unit_id),
            area: AreaId::new(*unit_area).unwrap_or(row.area),
            from: row.owed_from,
            until: row.due_at,
        };
        let (rung, next) = climb(&mut act, &owed, row.rung, &coordinated);
        key_task_rung(&mut act.tx, row.id, rung, next).await?;
    }
    act.commit().await?;
    Ok(reached.len())
}
