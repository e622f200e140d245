//! What is owed from one moment until another beside the promises of cases: its rungs are those of an answer.

use muster_core::pack::ClockKind;
use muster_core::time::Timestamp;

use crate::state::State;

/// When the rung after the first `rung` of what is owed between two moments is reached.
pub(super) fn next_rung(state: &State, (from, until): (Timestamp, Timestamp), rung: i64) -> Option<i64> {
    let rung = state.pack.ladder.rungs(ClockKind::Answer).get(usize::try_from(rung).ok()?)?;
    Some(rung.between(from, until, &state.pack.calendar).0)
}
