//! What was said at an interview. What the unit commits itself to are findings: each with an owner and a day.

use muster_core::people::{Action, Actor};
use muster_store::performance::{InterviewRow, interview_get, interview_update};
use uuid::Uuid;

use super::act::{Act, fits};
use super::performance::{independent, subject, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn interview_record(state: &State, actor: &Actor, id: Uuid, record: &str) -> Result<InterviewRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = interview_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut act.tx, row.unit_id).await?;
    act.may(Action::InterviewRecord, &subject(&unit))?;
    independent(actor, unit.id, &[])?;
    let record = record.trim();
    if record.is_empty() {
        return Err(Error::invalid("record", "record-missing", "Write what was said and what was agreed."));
    }
    fits(state, "record", record)?;
    if row.state != "called" {
        let detail =
            format!("The interview is {}; a unit is called first, and its interview recorded once.", row.state);
        return Err(Error::conflict(detail, Vec::<String>::new()));
    }
    "held".clone_into(&mut row.state);
    row.record = Some(record.to_owned());
    (row.recorded_at, row.recorded_by) = (Some(act.at.0), actor.account_id().map(|account| account.0));
    interview_update(&mut act.tx, &row, "called").await?;
    act.audit(Action::InterviewRecord, "interview", id.to_string(), None);
    act.commit().await?;
    Ok(row)
}
