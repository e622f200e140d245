//! How something was solved is proposed to others: from a closed case, or by a curator as a model way.

use muster_core::evaluate::PracticeState;
use muster_core::people::{Action, Actor, Subject};
use muster_core::process::CaseState;
use muster_store::practice::{PracticeRow, practice_insert, practice_of_case};
use muster_store::process::CaseRow;
use uuid::Uuid;

use super::act::Act;
use super::case_view::{CaseFile, case_view};
use super::practice::{PracticeDraft, check, version_of};
use crate::error::{Error, Result};
use crate::state::State;

/// `code` names the closed case. Without one, whoever proposes is a curator of the area.
pub async fn practice_propose(state: &State, actor: &Actor, code: Option<&str>, draft: &PracticeDraft) -> Result<Uuid> {
    let mut act = Act::begin(state, actor).await?.quiet();
    let case = match code {
        Some(code) => Some(source(&mut act, code).await?),
        None => None,
    };
    if case.is_none() {
        // Before anything is said of what was typed.
        let anywhere = draft.area.unwrap_or(state.pack.root_area);
        act.may(Action::PracticeDecide, &Subject::area(anywhere))?;
    }
    let area = check(&mut act, draft, case.as_ref()).await?;
    let id = state.chance.uuid(act.at);
    let proposed = PracticeRow {
        id,
        area,
        level: String::new(),
        category: String::new(),
        title: String::new(),
        matter: String::new(),
        measures: String::new(),
        limits: String::new(),
        case_id: case.as_ref().map(|case| case.id.0),
        unit_id: case.as_ref().and_then(|case| case.unit_id),
        worked_at: case.as_ref().and_then(|case| case.answered_at),
        state: PracticeState::Proposed,
        public: false,
        proposed_at: act.at,
        proposed_by: actor.account_id().map(|account| account.0),
        decided_at: None,
        decided_by: None,
        reason: None,
        changed_at: act.at,
        version: 1,
    };
    let row = draft.write(area, proposed);
    practice_insert(&mut act.tx, &row, &version_of(&row, actor, "proposed", None)).await.map_err(known)?;
    act.audit(Action::PracticePropose, "practice", id.to_string(), None);
    act.commit().await?;
    Ok(id)
}

/// The case from which somebody may propose, with what was said of it, for the form.
pub async fn practice_source(state: &State, actor: &Actor, code: &str) -> Result<CaseFile> {
    let mut act = Act::begin(state, actor).await?.quiet();
    source(&mut act, code).await?;
    drop(act);
    case_view(state, actor, code).await
}

/// A closed case that is the source of no practice.
async fn source(act: &mut Act<'_>, code: &str) -> Result<CaseRow> {
    let case = act.case(code, Action::PracticePropose, None).await?;
    if case.state != CaseState::Closed {
        return Err(Error::conflict(format!("The case {} is not closed.", case.code), [""; 0]));
    }
    match practice_of_case(&mut act.tx, case.id).await? {
        None => Ok(case),
        Some(_) => Err(once()),
    }
}

fn once() -> Error {
    Error::invalid("title", "practice-known", "This case has been proposed as a practice already.")
}

fn known(error: muster_store::Error) -> Error {
    match error {
        muster_store::Error::Conflict(_) => once(),
        other => other.into(),
    }
}
