//! 约谈通知: a unit that failed again is called to an interview: when, where, by whom, and why.

use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_core::time::Timestamp;
use muster_store::performance::{InterviewRow, interview_get, interview_update};
use uuid::Uuid;

use super::act::{Act, fits};
use super::notice::{To, Word};
use super::performance::{independent, subject, unit_of};
use crate::error::{Error, FieldError, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct Summons {
    pub held_at: Timestamp,
    pub place: String,
    pub chair: String,
    pub why: String,
}

/// One that was called before can be called again, to another time or place.
pub async fn interview_call(state: &State, actor: &Actor, id: Uuid, summons: &Summons) -> Result<InterviewRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = interview_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut act.tx, row.unit_id).await?;
    act.may(Action::InterviewCall, &subject(&unit))?;
    independent(actor, unit.id, &[])?;
    check(state, &act, summons)?;
    let from = row.state.clone();
    if from == "held" {
        return Err(Error::conflict("The interview has been held.", Vec::<String>::new()));
    }
    "called".clone_into(&mut row.state);
    row.held_at = Some(summons.held_at.0);
    row.place = Some(summons.place.trim().to_owned());
    row.chair = Some(summons.chair.trim().to_owned());
    row.why = Some(summons.why.trim().to_owned());
    (row.called_at, row.called_by) = (Some(act.at.0), actor.account_id().map(|account| account.0));
    interview_update(&mut act.tx, &row, &from).await?;
    for to in [To::Head(unit.id), To::Unit(unit.id)] {
        act.tell(Word {
            to,
            template: Template::InterviewCalled,
            path: format!("/interviews/{id}"),
            params: serde_json::json!({ "unit": unit.id, "due": summons.held_at }),
            dedup: None,
        });
    }
    act.audit(Action::InterviewCall, "interview", id.to_string(), None);
    act.commit().await?;
    Ok(row)
}

fn check(state: &State, act: &Act<'_>, summons: &Summons) -> Result<()> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: &str| {
        faults.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail: detail.to_owned() });
    };
    if summons.held_at <= act.at {
        fault("held", "summons-past", "Name a time that is still to come, so that the unit can be there.");
    }
    if summons.place.trim().is_empty() {
        fault("place", "meeting-place-missing", "Say where it is held.");
    }
    if summons.chair.trim().is_empty() {
        fault("chair", "summons-chair-missing", "Say who speaks with the unit.");
    }
    if summons.why.trim().is_empty() {
        fault("why", "reason-missing", "Say why; the unit reads it.");
    }
    for (field, text) in [("place", &summons.place), ("chair", &summons.chair), ("why", &summons.why)] {
        fits(state, field, text)?;
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}
