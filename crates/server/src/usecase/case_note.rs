//! A note among staff. It has a table and a type of its own, so that it has no way into what a resident reads.

use muster_core::people::{Action, Actor};
use muster_store::process::{CaseRow, NoteRow, note_insert, notes_of_case};
use uuid::Uuid;

use super::act::{Act, fits};
use super::case_bulk::once_id;
use crate::error::{Error, Result};
use crate::state::State;

/// `once`: the key of a form; under it a note is written once, however often it is sent.
pub async fn note_write(state: &State, actor: &Actor, code: &str, text: &str, once: Option<Uuid>) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::NoteWrite, None).await?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("note", "note-missing", "Write the note."));
    }
    fits(state, "note", text)?;
    let row = NoteRow {
        id: once.map_or_else(|| state.chance.uuid(act.at), |key| once_id(key, case.id.0)),
        case_id: case.id,
        at: act.at,
        account_id: actor.account_id().map(|id| id.0),
        text: text.to_owned(),
    };
    // The case is held: nobody writes it in between.
    if once.is_some() && notes_of_case(&mut act.tx, case.id).await?.iter().any(|note| note.id == row.id) {
        return Ok(case);
    }
    note_insert(&mut act.tx, &row).await?;
    act.audit(Action::NoteWrite, "case", case.code.as_str(), None);
    act.commit().await?;
    Ok(case)
}
