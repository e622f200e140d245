//! 先行联系: the unit speaks with the resident, on the telephone, at the door or by message. For whoever reads no page, this
//! is how they hear.

use muster_core::people::{Action, Actor};
use muster_core::process::{ContactWay, Move};
use muster_store::process::{CaseRow, case_due};

use super::act::{Act, Words};
use super::case_line::heard;
use super::dispatch::open_task;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// A code of [`ContactWay`].
    pub way: String,
    /// Whether they spoke. A try that found nobody is on the record, and the duty to be heard runs on.
    pub reached: Option<bool>,
}

pub async fn case_contact(state: &State, actor: &Actor, code: &str, contact: &Contact) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::CaseContact, None).await?;
    let Some(way) = ContactWay::ALL.iter().find(|way| way.as_str() == contact.way) else {
        let known: Vec<_> = ContactWay::ALL.iter().map(|way| way.as_str()).collect();
        let detail = format!("{:?} is no way of contact; choose one of: {}.", contact.way, known.join(", "));
        return Err(Error::invalid("way", "contact-way-unknown", detail));
    };
    let reached = contact
        .reached
        .ok_or_else(|| Error::invalid("reached", "reached-missing", "Say whether you reached the resident."))?;
    let task = open_task(&mut act, &case).await?;
    let from = case.state;
    case.take(&case.state_machine()?.aside(Move::Contact)?);
    if reached {
        heard(&mut act, &case, task.id).await?;
    }
    let detail = serde_json::json!({ "way": way.as_str(), "reached": reached });
    act.step(&case, from, Move::Contact, Some(task.id), Words { detail, ..Words::default() });
    act.audit(Action::CaseContact, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.flush().await?;
    case_due(&mut act.tx, case.id).await?;
    act.commit().await?;
    Ok(case)
}
