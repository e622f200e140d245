//! Practices looked for by words, class and level; what waits for a curator; and what everybody may read.

use muster_core::evaluate::PracticeState;
use muster_core::people::{Action, Actor, Scope, Subject, may, scope};
use muster_core::time::Timestamp;
use muster_store::practice::{PracticeFilter, PracticeShown, practice_get, practices, practices_total};
use uuid::Uuid;

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

pub const PAGE: i64 = 20;
/// Characters of a search; each word is a condition.
const WORDS_MOST: usize = 200;

#[derive(Clone, Debug)]
pub struct PracticePage {
    pub rows: Vec<PracticeShown>,
    pub total: i64,
    /// Where the next page begins.
    pub next: Option<(Timestamp, Uuid)>,
}

/// Accepted ones for all who work here; the others for their curators and for the unit they come from.
pub async fn practice_list(state: &State, actor: &Actor, mut filter: PracticeFilter) -> Result<PracticePage> {
    may_list(actor)?;
    filter.scope = Some(own(actor));
    page(state, filter).await
}

/// How many are in each state that this person sees.
pub async fn practice_states(state: &State, actor: &Actor) -> Result<Vec<(PracticeState, i64)>> {
    may_list(actor)?;
    let scope = own(actor);
    let mut tx = state.read().await?;
    let mut states = Vec::new();
    for of in PracticeState::ALL {
        let filter = PracticeFilter { scope: Some(scope.clone()), state: Some(*of), ..PracticeFilter::default() };
        states.push((*of, practices_total(&mut tx, &filter).await?));
    }
    Ok(states)
}

/// Those that are open to everybody.
pub async fn practice_open(state: &State, mut filter: PracticeFilter) -> Result<PracticePage> {
    (filter.scope, filter.public, filter.state) = (None, true, Some(PracticeState::Accepted));
    page(state, filter).await
}

pub async fn practice_read(state: &State, id: Uuid) -> Result<PracticeShown> {
    let mut tx = state.read().await?;
    let shown = practice_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    if shown.row.public && shown.row.state == PracticeState::Accepted { Ok(shown) } else { Err(Error::not_found()) }
}

async fn page(state: &State, mut filter: PracticeFilter) -> Result<PracticePage> {
    let len = filter.text.chars().count();
    if len > WORDS_MOST {
        let detail = format!("The search has {len} characters; at most {WORDS_MOST} fit. Look for fewer words.");
        return Err(Error::invalid("q", "words-long", detail));
    }
    filter.limit = PAGE + 1;
    let mut tx = state.read().await?;
    let total = practices_total(&mut tx, &filter).await?;
    let mut rows = practices(&mut tx, &filter).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|last| (last.row.proposed_at, last.row.id));
    Ok(PracticePage { rows, total, next })
}

pub(super) fn may_list(actor: &Actor) -> Result<()> {
    may(actor, Action::PracticeView, &Subject::NONE).map_err(deny)
}

/// Where this person sees what is not accepted.
fn own(actor: &Actor) -> Scope {
    let mut own = scope(actor, Action::PracticeDecide).unwrap_or_default();
    if let Ok(proposed) = scope(actor, Action::PracticePropose) {
        own.areas.extend(proposed.areas);
        own.units.extend(proposed.units);
    }
    own
}
