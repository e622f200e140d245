//! A unit has done its part of the work and says what came of it; what waited for it begins.

use muster_core::people::{Action, Actor};
use muster_core::process::{Move, TaskMove};
use muster_store::process::{CaseRow, PartRow, part_update};

use super::act::{Act, Words, fits};
use super::part_accept::ended;
use super::parts::{Held, begin_and_write, hold, none_open, waited_for};
use crate::error::{Error, Result};
use crate::state::State;

/// What came of a part, and what shows it: a place, a date, a document.
#[derive(Clone, Debug, Default)]
pub struct PartResult {
    pub text: String,
    pub evidence: String,
}

/// Finishing without having signed signs in the same act.
pub async fn part_done(
    state: &State,
    actor: &Actor,
    (code, number): (&str, i64),
    result: &PartResult,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let Held { mut case, mut parts, mut part } = hold(&mut act, (code, number), Action::PartDone, version).await?;
    if result.text.trim().is_empty() {
        return Err(Error::invalid("text", "result-missing", "Say what was done."));
    }
    fits(state, "text", &result.text)?;
    fits(state, "evidence", &result.evidence)?;
    let state_before = case.state;
    case.take(&case.state_machine()?.of_part(Move::PartDone)?);
    let from = part.state;
    let next = from.after(TaskMove::Finish).ok_or_else(|| ended(from, TaskMove::Finish))?;
    none_open(&mut act.tx, state, "Parts that come before it are open", &waited_for(&parts, &part)).await?;
    let below: Vec<&PartRow> = parts.below(part.id).filter(|row| row.required && row.state.is_open()).collect();
    none_open(&mut act.tx, state, "Required parts below it are open", &below).await?;
    part.state = next;
    part.accepted_at = part.accepted_at.or(Some(act.at.0));
    part.ended_at = Some(act.at.0);
    part.result = Some(result.text.trim().to_owned());
    part.evidence = Some(result.evidence.trim().to_owned()).filter(|text| !text.is_empty());
    part_update(&mut act.tx, &part, from).await?;
    let detail = serde_json::json!({ "part": number, "unit": part.unit_id });
    let internal = Some(format!("{} {}", part.title, result.text.trim()));
    if let Some(row) = parts.rows.iter_mut().find(|row| row.id == part.id) {
        *row = part;
    }
    begin_and_write(&mut act, &mut parts).await?;
    act.step(&case, state_before, Move::PartDone, None, Words { internal, detail, public: None });
    act.audit(Action::PartDone, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}
