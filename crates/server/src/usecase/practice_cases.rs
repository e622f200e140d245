//! The cases behind a figure of a practice, those of them that this person may see.

use muster_core::evaluate::PracticeState;
use muster_core::people::{Action, Actor, scope};
use muster_store::practice::{cases_like_list, practice_get, practice_sites};
use muster_store::process::CaseRow;
use uuid::Uuid;

use super::practice::may_see;
use super::practice_list::may_list;
use super::practice_measure::{SITES, windows};
use crate::error::{Error, Result};
use crate::state::State;

/// Which figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PracticeSide {
    Before,
    After,
    /// Residents who said whether it is solved, and those who said yes.
    Told,
    Solved,
    /// Cases in which it was taken.
    Taken,
}

impl PracticeSide {
    pub const ALL: [(&'static str, Self); 5] = [
        ("before", Self::Before),
        ("after", Self::After),
        ("told", Self::Told),
        ("solved", Self::Solved),
        ("taken", Self::Taken),
    ];
}

#[derive(Clone, Debug)]
pub struct PracticeCases {
    pub title: String,
    pub cases: Vec<CaseRow>,
    /// Of others, and of what is beyond the end of the list.
    pub hidden: usize,
}

/// Cases that are listed.
const LISTED: i64 = 500;

pub async fn practice_cases(state: &State, actor: &Actor, id: Uuid, side: PracticeSide) -> Result<PracticeCases> {
    may_list(actor)?;
    let mut tx = state.read().await?;
    let shown = practice_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    if shown.row.state != PracticeState::Accepted && !may_see(actor, &shown.row) {
        return Err(Error::not_found());
    }
    let sites = practice_sites(&mut tx, id, SITES).await?;
    let mut cases = Vec::new();
    if matches!(side, PracticeSide::Before | PracticeSide::After) {
        for window in windows(state, &mut tx, &sites).await? {
            let like = if side == PracticeSide::Before { &window.before } else { &window.after };
            cases.extend(cases_like_list(&mut tx, like, LISTED).await?);
        }
    } else {
        let counts = |case: &CaseRow| match side {
            PracticeSide::Told => case.confirmed.is_some(),
            PracticeSide::Solved => case.confirmed == Some(true),
            _ => true,
        };
        cases.extend(sites.into_iter().map(|site| site.case).filter(counts));
    }
    let all = cases.len();
    let scope = scope(actor, Action::CaseView).unwrap_or_default();
    cases.retain(|case| scope.covers(&case.subject()));
    cases.truncate(LISTED as usize);
    Ok(PracticeCases { title: shown.row.title, hidden: all - cases.len(), cases })
}
