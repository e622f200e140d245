//! Whether a case is left out of a unit's score: decided by somebody who is not of the unit.

use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_store::performance::{ExclusionRow, exclusion_decide as decide, exclusion_get};
use muster_store::process::case_get;
use uuid::Uuid;

use super::act::{Act, fits};
use super::notice::{To, Word};
use super::performance::{independent, subject, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn exclusion_decide(
    state: &State,
    actor: &Actor,
    id: Uuid,
    granted: bool,
    answer: &str,
) -> Result<ExclusionRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = exclusion_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut act.tx, row.unit_id).await?;
    act.may(Action::ExclusionDecide, &subject(&unit))?;
    // What came with an appeal is decided with it.
    if row.appeal_id.is_some() {
        return Err(Error::not_found());
    }
    independent(actor, unit.id, &[row.asked_by])?;
    let answer = answered(state, answer)?;
    if row.state != "open" {
        return Err(Error::conflict(format!("It is {}.", row.state), Vec::<String>::new()));
    }
    ruled(&mut row, &act, granted, &answer);
    decide(&mut act.tx, &row).await?;
    let case = case_get(&mut act.tx, row.case_id).await?.ok_or_else(Error::not_found)?;
    for to in [To::Unit(unit.id), To::Head(unit.id)] {
        act.tell(Word {
            to,
            template: Template::ExclusionRuled,
            path: "/performance/exclusions/new".to_owned(),
            params: serde_json::json!({ "unit": unit.id, "code": case.code.as_str() }),
            dedup: None,
        });
    }
    act.audit(Action::ExclusionDecide, "exclusion", id.to_string(), None);
    act.commit().await?;
    Ok(row)
}

/// Whoever decides says why, whichever way.
pub(super) fn answered(state: &State, answer: &str) -> Result<String> {
    let answer = answer.trim();
    if answer.is_empty() {
        return Err(Error::invalid("answer", "reason-missing", "Say why; the unit reads it."));
    }
    fits(state, "answer", answer)?;
    Ok(answer.to_owned())
}

pub(super) fn ruled(row: &mut ExclusionRow, act: &Act<'_>, granted: bool, answer: &str) {
    if granted { "granted" } else { "refused" }.clone_into(&mut row.state);
    (row.decided_at, row.decided_by) = (Some(act.at.0), act.actor.account_id().map(|account| account.0));
    row.answer = Some(answer.to_owned());
}
