//! Organisations, services, venues, vehicles and stocks from a list that somebody keeps elsewhere.

use muster_core::people::{Action, Actor, Subject};
use muster_store::dispatch::{organisations_named, resource_known};

use super::act::Act;
use super::resource_enter::{Entering, enter};
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryFate {
    Added,
    /// One of this kind and name stands in the area already.
    Known,
    Rejected(Vec<FieldError>),
}

/// Takes entries in one transaction and says of each what became of it, in their order. Organisations stand before
/// their members; a parent is named by its number, or by its name where one organisation only has it.
pub async fn resource_import(state: &State, actor: &Actor, drafts: &[Entering]) -> Result<Vec<EntryFate>> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::ResourceImport, &Subject::NONE)?;
    let mut fates = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let fate = match take(&mut act, draft.clone()).await {
            Ok(fate) => fate,
            Err(error) if !error.fields().is_empty() => EntryFate::Rejected(error.fields().to_vec()),
            Err(error) => return Err(error),
        };
        fates.push(fate);
    }
    act.commit().await?;
    Ok(fates)
}

async fn take(act: &mut Act<'_>, mut draft: Entering) -> Result<EntryFate> {
    if let (Some(kind), Some(area)) = (draft.kind, draft.area)
        && resource_known(&mut act.tx, kind, area, draft.name.trim()).await?
    {
        return Ok(EntryFate::Known);
    }
    let parent = draft.parent.trim().to_owned();
    if !parent.is_empty() && parent.parse::<muster_core::id::Code>().is_err() {
        let mut named = organisations_named(&mut act.tx, &parent).await?;
        draft.parent = match (named.pop(), named.is_empty()) {
            (Some(code), true) => code,
            (None, _) => {
                let detail = format!("no organisation is called {parent:?}; put its row before this one");
                return Err(Error::invalid("parent", "parent-unknown", detail));
            }
            (Some(_), false) => {
                let detail = format!("several organisations are called {parent:?}; give the number of the one");
                return Err(Error::invalid("parent", "parent-unknown", detail));
            }
        };
    }
    enter(act, Action::ResourceImport, &draft).await?;
    Ok(EntryFate::Added)
}
