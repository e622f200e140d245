//! A note among staff. It has a table and a type of its own, so that it has no way into what a resident reads.

use muster_core::people::{Action, Actor};
use muster_store::process::{CaseRow, NoteRow, note_insert};

use super::act::{Act, fits};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn note_write(state: &State, actor: &Actor, code: &str, text: &str) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::NoteWrite, None).await?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("note", "note-missing", "Write the note."));
    }
    fits(state, "note", text)?;
    let row = NoteRow {
        id: state.chance.uuid(act.at),
        case_id: case.id,
        at: act.at,
        account_id: actor.account_id().map(|id| id.0),
        text: text.to_owned(),
    };
    note_insert(&mut act.tx, &row).await?;
    act.audit(Action::NoteWrite, "case", case.code.as_str(), None);
    act.commit().await?;
    Ok(case)
}
