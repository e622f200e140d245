//! The queues of the dashboard: what waits for whom now. Counted from what is open, at most every ten seconds on a node,
//! whoever looks and however often.

use std::sync::{Arc, RwLock};

use muster_core::people::{Action, Actor};
use muster_core::process::CaseState;
use muster_core::time::Timestamp;
use muster_store::process::{OpenRow, open_counts};

use super::figures::{Ask, allowed};
use crate::error::Result;
use crate::state::State;

/// So long a count is shown before it is counted anew.
pub const FRESH: i64 = 10 * Timestamp::SECOND;
/// What runs out within so long is due soon, as in the list of cases.
const SOON: i64 = Timestamp::DAY;

/// The last count of this node, and who is counting.
#[derive(Default)]
pub struct Queues {
    known: RwLock<Option<Arc<Counted>>>,
    counting: tokio::sync::Mutex<()>,
}

struct Counted {
    at: Timestamp,
    rows: Vec<OpenRow>,
}

/// How many cases stand where, as of `at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub at: Timestamp,
    /// For a person to decide whose it is.
    pub triage: i64,
    /// For the unit to accept.
    pub assigned: i64,
    pub working: i64,
    /// For the resident's word.
    pub answered: i64,
    /// Of those not yet answered.
    pub late: i64,
    pub soon: i64,
}

pub async fn queues_view(state: &State, actor: &Actor, ask: &Ask) -> Result<Waiting> {
    let (query, _) = allowed(state, actor, Action::DashboardView, ask).await?;
    let counted = counted(state).await?;
    let (first, last) = query.area.range();
    let (unit, class) = (query.unit.map(|unit| unit.0), query.class.as_str());
    let here = counted.rows.iter().filter(|row| {
        (first..=last).contains(&row.area)
            && (unit.is_none() || row.unit_id == unit)
            && (class.is_empty() || row.class == class)
    });
    let mut waiting = Waiting { at: counted.at, triage: 0, assigned: 0, working: 0, answered: 0, late: 0, soon: 0 };
    for row in here {
        match row.state.parse() {
            Ok(CaseState::Triage) => waiting.triage += row.cases,
            Ok(CaseState::Assigned) => waiting.assigned += row.cases,
            Ok(CaseState::Working) => waiting.working += row.cases,
            _ => {
                waiting.answered += row.cases;
                continue;
            }
        }
        waiting.late += if row.late { row.cases } else { 0 };
        waiting.soon += if row.soon { row.cases } else { 0 };
    }
    Ok(waiting)
}

/// The last count, or a new one where that is old. Who comes while another counts is shown the last one.
async fn counted(state: &State) -> Result<Arc<Counted>> {
    let known = || {
        let held = state.queues.known.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        held.clone()
    };
    let is_fresh = |counted: &Arc<Counted>| state.now().since(counted.at).abs() < FRESH;
    if let Some(counted) = known().filter(is_fresh) {
        return Ok(counted);
    }
    let _counting = match (state.queues.counting.try_lock(), known()) {
        (Ok(guard), _) => guard,
        (Err(_), Some(old)) => return Ok(old),
        (Err(_), None) => state.queues.counting.lock().await,
    };
    if let Some(counted) = known().filter(is_fresh) {
        return Ok(counted);
    }
    let at = state.now();
    let mut tx = state.read().await?;
    let counted = Arc::new(Counted { at, rows: open_counts(&mut tx, at, at.plus(SOON)).await? });
    let mut held = state.queues.known.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    *held = Some(Arc::clone(&counted));
    Ok(counted)
}
