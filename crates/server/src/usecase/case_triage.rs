//! A person decides what a case is about and so who answers it: 研判.

use muster_core::id::UnitId;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::intake::{JudgementRow, in_force, judgements_of_case};
use muster_store::process::CaseRow;

use super::act::{Act, Words, fits};
use super::case_resume::unpark;
use super::case_send::held;
use super::dispatch::{give_to, known_unit, owner};
use crate::error::{Error, Result};
use crate::state::State;

/// The decision: a category, and a unit when the duty list shall not choose it.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    pub category: String,
    pub unit: Option<UnitId>,
    pub note: Option<String>,
    /// A unit has longer to object.
    pub complex: bool,
    pub version: Option<i64>,
}

/// Decides a case that waits in triage. The correction is kept beside the model's judgement.
pub async fn case_triage(state: &State, actor: &Actor, code: &str, decision: &Decision) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::CaseTriage, decision.version).await?;
    let from = case.state;
    if from != muster_core::process::CaseState::Triage {
        let allowed = case.state_machine()?.choices();
        return Err(Error::conflict("The case no longer waits for a decision.", allowed.iter().map(|m| m.as_str())));
    }
    if state.pack.taxonomy.get(&decision.category).is_none() {
        let detail = format!("There is no category {:?} in the pack {}.", decision.category, state.pack.version);
        return Err(Error::invalid("category", "category-unknown", detail));
    }
    fits(state, "note", decision.note.as_deref().unwrap_or_default())?;
    let (unit, why) = match decision.unit {
        Some(id) => (known_unit(&mut act.tx, "unit", id).await?, "chosen".to_owned()),
        None => owner(&mut act.tx, state, &decision.category, case.area).await?.map_err(|why| {
            let detail = format!("The duty list names no unit here for {} ({why}); choose a unit.", decision.category);
            Error::invalid("unit", why.to_string().as_str(), detail)
        })?,
    };
    case.category.clone_from(&decision.category);
    held(state, &case, &unit, "unit")?;
    case.complex = decision.complex;
    unpark(&mut act, &mut case).await?;
    case.take(&case.state_machine()?.assign(act.at)?);
    let task = give_to(&mut act, &mut case, unit.id).await?;
    correct(&mut act, &case).await?;
    let detail = serde_json::json!({ "basis": why, "unit": unit.code, "category": case.category });
    act.step(&case, from, Move::Assign, Some(task), Words { internal: decision.note.clone(), detail, public: None });
    act.audit(Action::CaseTriage, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// Adds the person's category to the judgements of the case: an example to learn from.
async fn correct(act: &mut Act<'_>, case: &CaseRow) -> Result<()> {
    let judgements = judgements_of_case(&mut act.tx, case.id).await?;
    let (Some(known), Some(last)) = (in_force(&judgements), judgements.last()) else { return Ok(()) };
    let row = JudgementRow {
        id: act.state.chance.uuid(act.at),
        at: act.at.0.max(last.at + 1),
        category: case.category.clone(),
        confidence: 1.0,
        decided_by: act.actor.account_id().map(|id| id.0),
        ..known.clone()
    };
    act.rows.judgements.push(row);
    Ok(())
}
