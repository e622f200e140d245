//! A part is called off, with all that belongs to it: it is not needed any more, or was given out wrongly.

use muster_core::id::PartId;
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, TaskMove};
use muster_store::process::{CaseRow, PartRow, Parts, part_update, parts_of_case};

use super::act::{Act, Words, fits};
use super::part_accept::ended;
use super::parts::begin_and_write;
use crate::error::{Error, Result};
use crate::state::State;

/// `reason` is required: the unit that loses the part reads it. What waited for it waits no longer.
pub async fn part_cancel(
    state: &State,
    actor: &Actor,
    (code, number): (&str, i64),
    reason: &str,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::PartCancel, version).await?;
    let mut parts = parts_of_case(&mut act.tx, case.id).await?;
    let part = parts.by_number(number).cloned().ok_or_else(Error::not_found)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "reason-missing", "Say why the part is called off."));
    }
    fits(state, "reason", reason)?;
    let state_before = case.state;
    case.take(&case.state_machine()?.of_part(Move::PartCancel)?);
    if !part.state.is_open() {
        return Err(ended(part.state, TaskMove::Cancel));
    }
    let off = with_below(&parts, &part);
    let numbers: Vec<i64> = off.iter().map(|part| part.number).collect();
    for mut row in off {
        let from = row.state;
        row.state = from.after(TaskMove::Cancel).ok_or_else(|| ended(from, TaskMove::Cancel))?;
        row.ended_at = Some(act.at.0);
        row.result = Some(reason.trim().to_owned());
        part_update(&mut act.tx, &row, from).await?;
        if let Some(held) = parts.rows.iter_mut().find(|held| held.id == row.id) {
            *held = row;
        }
    }
    begin_and_write(&mut act, &mut parts).await?;
    let detail = serde_json::json!({ "parts": numbers, "unit": part.unit_id });
    let internal = Some(format!("{} {}", part.title, reason.trim()));
    act.step(&case, state_before, Move::PartCancel, None, Words { internal, detail, public: None });
    act.audit(Action::PartCancel, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// The part and every open one below it, at any depth.
fn with_below(parts: &Parts, part: &PartRow) -> Vec<PartRow> {
    let mut ids: Vec<PartId> = vec![part.id];
    // Parents are numbered before their children.
    for row in &parts.rows {
        if row.parent_id.is_some_and(|parent| ids.contains(&PartId(parent))) {
            ids.push(row.id);
        }
    }
    parts.rows.iter().filter(|row| ids.contains(&row.id) && row.state.is_open()).cloned().collect()
}
