//! Lists of cases: what of the record this person may see, filtered and paged.

use muster_core::people::{Action, Actor, scope};
use muster_store::process::{CaseFilter, CaseRow, Cursor, case_count, case_list as list};

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// Counts beyond this are shown as "more than".
pub const COUNT_MOST: i64 = 10_000;
/// Characters of a search; each word is a condition, and databases take only so many.
const WORDS_MOST: usize = 200;

#[derive(Clone, Debug)]
pub struct Page {
    pub cases: Vec<CaseRow>,
    /// Where the next page begins; none on the last.
    pub next: Option<Cursor>,
}

/// One page of what `actor` may see. `filter.scope` is filled here.
pub async fn case_list(state: &State, actor: &Actor, mut filter: CaseFilter) -> Result<Page> {
    allow(actor, &mut filter)?;
    filter.limit = filter.limit.clamp(1, 100);
    let limit = filter.limit as usize;
    filter.limit += 1;
    let mut tx = state.read().await?;
    let mut cases = list(&mut tx, &filter).await?;
    let more = cases.len() > limit;
    cases.truncate(limit);
    let next = cases.last().filter(|_| more).map(|case| filter.order.cursor(case));
    Ok(Page { cases, next })
}

/// How many cases match, up to [`COUNT_MOST`].
pub async fn case_total(state: &State, actor: &Actor, mut filter: CaseFilter) -> Result<i64> {
    allow(actor, &mut filter)?;
    let mut tx = state.read().await?;
    case_count(&mut tx, &filter, COUNT_MOST + 1).await.map_err(Error::from)
}

fn allow(actor: &Actor, filter: &mut CaseFilter) -> Result<()> {
    filter.scope = scope(actor, Action::CaseList).map_err(deny)?;
    let len = filter.text.as_deref().map_or(0, |text| text.chars().count());
    if len > WORDS_MOST {
        let detail = format!("The search has {len} characters; at most {WORDS_MOST} fit. Look for fewer words.");
        return Err(Error::invalid("q", "words-long", detail));
    }
    Ok(())
}
