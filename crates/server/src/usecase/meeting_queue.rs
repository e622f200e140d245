//! What waits for a joint meeting, the longest first; and a coordinator, or the unit that has it, puts a case there.

use muster_core::evaluate::percentile;
use muster_core::people::{Action, Actor, scope};
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_store::meeting::{MatterRow, WaitingRow, matter_insert, matter_open, matters_waiting};

use super::act::{Act, deny, fits};
use crate::error::{Error, Result};
use crate::state::State;

/// What waits, and how long half of it has waited at least.
#[derive(Clone, Debug)]
pub struct Queue {
    pub waiting: Vec<WaitingRow>,
    /// Microseconds; none where nothing waits.
    pub median: Option<i64>,
    pub now: Timestamp,
}

/// More than a meeting could take up.
const SHOWN: i64 = 500;

pub async fn meeting_queue(state: &State, actor: &Actor) -> Result<Queue> {
    let scope = scope(actor, Action::MeetingView).map_err(deny)?;
    let mut tx = state.read().await?;
    let waiting = matters_waiting(&mut tx, &scope, SHOWN).await?;
    let now = state.now();
    let mut waits: Vec<i64> = waiting.iter().map(|row| now.since(row.waiting_since)).collect();
    waits.sort_unstable();
    Ok(Queue { waiting, median: percentile(&waits, 50), now })
}

/// `reason` is required: the units read it on the agenda.
pub async fn matter_put(state: &State, actor: &Actor, code: &str, reason: &str) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::MatterPut, None).await?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "reason-missing", "Say why a meeting is needed."));
    }
    fits(state, "reason", reason)?;
    let machine = case.state_machine()?;
    if !machine.allowed().contains(&Move::Assign) {
        let choices: Vec<_> = machine.choices().iter().map(|m| m.as_str()).collect();
        return Err(Error::conflict(format!("A case that is {} needs no meeting.", case.state), choices));
    }
    if matter_open(&mut act.tx, case.id).await?.is_some() {
        return Err(Error::conflict("The case waits for a meeting already.", Vec::<String>::new()));
    }
    let matter = MatterRow {
        id: state.chance.uuid(act.at),
        case_id: case.id,
        waiting_since: act.at,
        reason: reason.trim().to_owned(),
        put_by: actor.account_id().map(|account| account.0),
        meeting_id: None,
        position: None,
        decision: None,
        unit_id: None,
        words: None,
        decided_by: None,
        decided_at: None,
    };
    matter_insert(&mut act.tx, &matter).await?;
    act.audit(Action::MatterPut, "matter", case.code.as_str(), None);
    act.commit().await
}
