//! A curator accepts a practice, rejects it, takes it out of use, or opens it to everybody.

use muster_core::evaluate::{PracticeState, PracticeVerdict};
use muster_core::people::{Action, Actor};
use muster_store::practice::{PracticeRow, practice_update};
use uuid::Uuid;

use super::act::{Act, fits, reason};
use super::practice::{to_curate, version_of};
use super::practice_measure::measure;
use crate::error::{Error, Result};
use crate::state::State;

/// Rejecting and retiring need a reason, which whoever proposed it reads.
pub async fn practice_decide(
    state: &State,
    actor: &Actor,
    id: Uuid,
    verdict: PracticeVerdict,
    why: &str,
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?.quiet();
    let row = to_curate(&mut act, id, version).await?.row;
    let Some((next, public)) = verdict.of(row.state, row.public) else {
        let detail = format!("This practice is {}; that cannot be decided of it now.", row.state);
        return Err(Error::conflict(detail, [""; 0]));
    };
    let why = if matches!(verdict, PracticeVerdict::Reject | PracticeVerdict::Retire) {
        Some(reason(state, why)?)
    } else {
        fits(state, "reason", why)?;
        Some(why.trim().to_owned()).filter(|why| !why.is_empty())
    };
    let decided = PracticeRow {
        state: next,
        public,
        decided_at: Some(act.at.0),
        decided_by: actor.account_id().map(|account| account.0),
        reason: why.clone(),
        changed_at: act.at,
        version: row.version + 1,
        ..row
    };
    practice_update(&mut act.tx, &decided, &version_of(&decided, actor, verdict.as_str(), why)).await?;
    if next == PracticeState::Accepted {
        measure(state, &mut act.tx, id).await?;
    }
    act.audit(Action::PracticeDecide, "practice", id.to_string(), None);
    act.commit().await
}
