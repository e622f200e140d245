//! A fact the system states, written to the outbox with its cause in one transaction.

use serde::{Deserialize, Serialize};

use crate::id::{CaseId, UnitId};
use crate::process::Move;

/// Version 1 of every event. A change of shape adds a variant; old ones keep their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A case made a move.
    CaseMoved { case: CaseId, code: String, step: Move, state: String, area: i64, unit: Option<UnitId> },
}
