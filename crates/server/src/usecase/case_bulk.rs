//! One act on many cases of a list: on each by its own use-case, in its own transaction, with its own permission and version.

use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, may};
use muster_core::process::Move;
use muster_store::process::{CaseRow, case_by_code, steps_of_case};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::case_assign::case_assign;
use super::case_note::note_write;
use super::task_accept::task_accept;
use crate::error::{Error, Result};
use crate::state::State;

/// Cases of one act.
pub const MOST: usize = 100;

/// A case as it stood in the list when it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub code: String,
    pub version: i64,
}

#[derive(Clone, Debug)]
pub enum Bulk {
    Accept,
    Assign {
        unit: UnitId,
        reason: String,
    },
    /// `once` is the key of the form: sent twice, the note is written once.
    Note {
        text: String,
        once: Uuid,
    },
}

/// What became of one of them, and how it is now; `None` where this person may not see it.
#[derive(Debug)]
pub struct Became {
    pub chosen: Chosen,
    pub case: Option<CaseRow>,
    pub done: Result<()>,
}

/// How the chosen cases are now.
pub async fn cases_chosen(state: &State, actor: &Actor, chosen: &[Chosen]) -> Result<Vec<Option<CaseRow>>> {
    bounded(chosen)?;
    let mut cases = Vec::with_capacity(chosen.len());
    for one in chosen {
        cases.push(seen(state, actor, &one.code).await?);
    }
    Ok(cases)
}

/// Does it case by case, in the order given; what is refused of one says nothing of the next. A case that this act has
/// changed already, because the form was sent twice, is done.
pub async fn case_bulk(state: &State, actor: &Actor, chosen: Vec<Chosen>, bulk: &Bulk) -> Result<Vec<Became>> {
    bounded(&chosen)?;
    let mut became = Vec::with_capacity(chosen.len());
    for chosen in chosen {
        let mut done = one(state, actor, &chosen, bulk).await;
        let is_stale = done.as_ref().is_err_and(|error| matches!(error.status(), 409 | 412));
        if is_stale && done_before(state, actor, &chosen, bulk).await? {
            done = Ok(());
        }
        let case = seen(state, actor, &chosen.code).await?;
        became.push(Became { chosen, case, done });
    }
    Ok(became)
}

async fn one(state: &State, actor: &Actor, chosen: &Chosen, bulk: &Bulk) -> Result<()> {
    let Chosen { code, version } = chosen;
    match bulk {
        Bulk::Accept => task_accept(state, actor, code, Some(*version)).await.map(drop),
        Bulk::Assign { unit, reason } => case_assign(state, actor, code, *unit, reason, Some(*version)).await.map(drop),
        Bulk::Note { text, once } => note_write(state, actor, code, text, Some(*once)).await.map(drop),
    }
}

/// Whether the first thing that happened to the case after it was chosen is this act of this person.
async fn done_before(state: &State, actor: &Actor, chosen: &Chosen, bulk: &Bulk) -> Result<bool> {
    let step = match bulk {
        Bulk::Accept => Move::Accept,
        Bulk::Assign { .. } => Move::Assign,
        Bulk::Note { .. } => return Ok(false),
    };
    let Some(case) = seen(state, actor, &chosen.code).await? else { return Ok(false) };
    let mut tx = state.read().await?;
    let steps = steps_of_case(&mut tx, case.id).await?;
    // Each act raises the version by one, and its steps share an instant.
    let mut instants: Vec<_> = steps.iter().map(|step| step.at).collect();
    instants.dedup();
    let acts = usize::try_from(case.version - chosen.version).unwrap_or_default();
    let first = instants.len().checked_sub(acts).and_then(|index| instants.get(index));
    Ok(steps.iter().any(|row| {
        let same_unit = match bulk {
            Bulk::Assign { unit, .. } => row.unit_id == Some(unit.0),
            _ => true,
        };
        Some(&row.at) == first && row.step == step && row.actor_id == actor.account_id().map(|id| id.0) && same_unit
    }))
}

async fn seen(state: &State, actor: &Actor, code: &str) -> Result<Option<CaseRow>> {
    let Ok(code) = code.parse() else { return Ok(None) };
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?;
    Ok(case.filter(|case| may(actor, Action::CaseView, &case.subject()).is_ok()))
}

fn bounded(chosen: &[Chosen]) -> Result<()> {
    match chosen.len() {
        0 => Err(Error::invalid("case", "cases-none", "Choose at least one case.")),
        1..=MOST => Ok(()),
        len => {
            let detail = format!("{len} cases are chosen; at most {MOST} can be worked on at once. Choose fewer.");
            Err(Error::invalid("case", "cases-many", detail))
        }
    }
}

/// The id of what is written once for a case under the key of a form.
pub(super) fn once_id(key: Uuid, case: Uuid) -> Uuid {
    let hash = Sha256::digest([key.into_bytes(), case.into_bytes()].concat());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(id)
}
