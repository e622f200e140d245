//! A coordinator decides what becomes of a hot spot: one unit takes up the whole of it, or it is none.

use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject};
use muster_store::hotspot::{HotspotRow, hotspot_get, hotspot_members};
use uuid::Uuid;

use super::act::{Act, fits};
use super::case_assign::case_assign;
use super::dispatch::known_unit;
use super::hotspot_list::MEMBERS;
use crate::error::{Error, Result};
use crate::state::State;

/// What was decided. The reason is read by whoever gets or loses a case.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// This unit answers for all open cases of the spot.
    Take(UnitId),
    Dismiss,
}

/// Writes the decision, then gives the open cases that are with nobody or with another unit to the one that takes it up.
///
/// Each case is an act of its own: one that meanwhile was answered stays as it is. Returns how many were given.
pub async fn hotspot_decide(state: &State, actor: &Actor, id: Uuid, verdict: &Verdict, reason: &str) -> Result<usize> {
    let mut act = Act::begin(state, actor).await?;
    let spot = hotspot_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    act.may(Action::HotspotDecide, &Subject::area(spot.area))?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "reason-missing", "Say why."));
    }
    fits(state, "reason", reason)?;
    let unit = match verdict {
        Verdict::Take(unit) => Some(known_unit(&mut act.tx, "unit", *unit).await?.id),
        Verdict::Dismiss => None,
    };
    let decided = HotspotRow {
        state: if unit.is_some() { "taken" } else { "dismissed" }.to_owned(),
        unit_id: unit.map(|unit| unit.0),
        reason: Some(reason.trim().to_owned()),
        decided_by: actor.account_id().map(|account| account.0),
        decided_at: Some(act.at.0),
        ..spot
    };
    muster_store::hotspot::hotspot_decide(&mut act.tx, &decided).await?;
    let members = hotspot_members(&mut act.tx, id, MEMBERS).await?;
    act.audit(Action::HotspotDecide, "hotspot", id.to_string(), None);
    act.commit().await?;
    let Some(unit) = unit else { return Ok(0) };
    let mut codes: Vec<&str> = (members.iter())
        .filter(|member| matches!(member.state.as_str(), "triage" | "assigned" | "working"))
        .filter(|member| member.unit_id != Some(unit.0))
        .map(|member| member.code.as_str())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let mut given = 0;
    for code in codes {
        given += usize::from(case_assign(state, actor, code, unit, reason, None).await.is_ok());
    }
    Ok(given)
}
