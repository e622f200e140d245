//! Whoever handles a case takes a practice as a reference. It is counted for the practice, without who did it.

use muster_core::evaluate::PracticeState;
use muster_core::people::{Action, Actor};
use muster_store::practice::{PracticeRow, practice_get, practice_use_insert};
use uuid::Uuid;

use super::act::Act;
use crate::error::{Error, Result};
use crate::state::State;

pub async fn practice_use(state: &State, actor: &Actor, code: &str, id: Uuid) -> Result<PracticeRow> {
    let mut act = Act::begin(state, actor).await?.quiet();
    let case = act.case(code, Action::PracticeUse, None).await?;
    let row = practice_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?.row;
    if row.state != PracticeState::Accepted {
        return Err(Error::not_found());
    }
    if !case.state.is_open() {
        return Err(Error::conflict(format!("The case {} is closed; nothing is taken up for it.", case.code), [""; 0]));
    }
    practice_use_insert(&mut act.tx, id, case.id, act.at).await?;
    act.commit().await?;
    Ok(row)
}
