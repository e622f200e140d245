//! A curator writes a practice better; every wording is kept.

use muster_core::evaluate::PracticeState;
use muster_core::people::{Action, Actor, Subject};
use muster_store::practice::{PracticeRow, practice_update};
use muster_store::process::case_get;
use uuid::Uuid;

use super::act::Act;
use super::practice::{PracticeDraft, check, to_curate, version_of};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn practice_edit(
    state: &State,
    actor: &Actor,
    id: Uuid,
    draft: &PracticeDraft,
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?.quiet();
    let row = to_curate(&mut act, id, version).await?.row;
    if !matches!(row.state, PracticeState::Proposed | PracticeState::Accepted) {
        return Err(Error::conflict(format!("This practice is {}; it is not written anew.", row.state), [""; 0]));
    }
    let case = match row.case_id {
        Some(case) => case_get(&mut act.tx, case.into()).await?,
        None => None,
    };
    let area = check(&mut act, draft, case.as_ref()).await?;
    act.may(Action::PracticeDecide, &Subject::area(area))?;
    let row = PracticeRow { changed_at: act.at, version: row.version + 1, ..row };
    let row = draft.write(area, row);
    practice_update(&mut act.tx, &row, &version_of(&row, actor, "edited", None)).await?;
    act.audit(Action::PracticeDecide, "practice", id.to_string(), None);
    act.commit().await
}
