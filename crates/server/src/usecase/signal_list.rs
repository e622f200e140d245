//! Signals of the units that this person coordinates, with the cases behind.

use muster_core::people::{Action, Actor, scope};
use muster_store::performance::{SignalCase, SignalRow, signal_cases, signals};

use super::act::deny;
use crate::error::Result;
use crate::state::State;

const LISTED: i64 = 100;
/// Cases of one signal that are listed.
pub const CASES: i64 = 30;

/// What nobody has looked at comes first, and of that the strongest.
pub async fn signal_list(state: &State, actor: &Actor) -> Result<Vec<(SignalRow, Vec<SignalCase>)>> {
    let scope = scope(actor, Action::SignalList).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut found = Vec::new();
    for row in signals(&mut tx, &scope, LISTED).await? {
        let cases = signal_cases(&mut tx, row.id, CASES).await?;
        found.push((row, cases));
    }
    Ok(found)
}
