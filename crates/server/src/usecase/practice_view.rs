//! One practice with its history and what the record says of it.

use std::collections::BTreeMap;

use muster_core::evaluate::PracticeState;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::people::account_get;
use muster_store::practice::{PracticeShown, PracticeVersionRow, practice_get, practice_seen, practice_versions};
use muster_store::process::{CaseRow, case_get};
use uuid::Uuid;

use super::act::deny;
use super::practice::may_see;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct PracticeFile {
    pub shown: PracticeShown,
    /// The newest first.
    pub versions: Vec<PracticeVersionRow>,
    /// Names of the accounts that proposed, wrote and decided.
    pub names: BTreeMap<Uuid, String>,
    /// The case it came from, for whoever may see that.
    pub case: Option<CaseRow>,
    pub may_decide: bool,
}

/// One that is not accepted is seen by its curators and by the unit it comes from. A look is counted for the practice.
pub async fn practice_view(state: &State, actor: &Actor, id: Uuid) -> Result<PracticeFile> {
    may(actor, Action::PracticeView, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let shown = practice_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let is_accepted = shown.row.state == PracticeState::Accepted;
    if !is_accepted && !may_see(actor, &shown.row) {
        return Err(Error::not_found());
    }
    let versions = practice_versions(&mut tx, id).await?;
    let mut names = BTreeMap::new();
    for id in versions.iter().filter_map(|version| version.account_id) {
        if !names.contains_key(&id)
            && let Some(account) = account_get(&mut tx, id.into()).await?
        {
            names.insert(id, account.name);
        }
    }
    let case = match shown.row.case_id {
        Some(case) => case_get(&mut tx, case.into()).await?,
        None => None,
    };
    drop(tx);
    if is_accepted && let Err(error) = seen(state, id).await {
        tracing::warn!(%error, "a look at a practice is not counted");
    }
    let case = case.filter(|case| may(actor, Action::CaseView, &case.subject()).is_ok());
    let may_decide = may(actor, Action::PracticeDecide, &shown.row.subject()).is_ok();
    Ok(PracticeFile { shown, versions, names, case, may_decide })
}

/// Of everybody's page too.
pub async fn seen(state: &State, id: Uuid) -> Result<()> {
    let mut tx = state.db.write().await?;
    practice_seen(&mut tx, id).await?;
    tx.commit().await.map_err(Error::from)
}
