//! A coordinator has looked at a signal: it is explained, or followed up as a finding.

use muster_core::people::{Action, Actor};
use muster_store::performance::{SignalRow, signal_decide as decide, signal_get};
use uuid::Uuid;

use super::act::{Act, fits};
use super::performance::{independent, subject, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn signal_decide(state: &State, actor: &Actor, id: Uuid, followed: bool, words: &str) -> Result<SignalRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = signal_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut act.tx, row.unit_id).await?;
    act.may(Action::SignalDecide, &subject(&unit))?;
    independent(actor, unit.id, &[])?;
    let words = words.trim();
    if words.is_empty() {
        return Err(Error::invalid("words", "reason-missing", "Say what you found in the cases."));
    }
    fits(state, "words", words)?;
    if followed { "followed" } else { "explained" }.clone_into(&mut row.state);
    row.words = Some(words.to_owned());
    (row.decided_at, row.decided_by) = (Some(act.at.0), actor.account_id().map(|account| account.0));
    decide(&mut act.tx, &row).await?;
    act.audit(Action::SignalDecide, "signal", id.to_string(), None);
    act.commit().await?;
    Ok(row)
}
