//! What is laid on communities in a term, beside the scores.

use muster_core::area::Level;
use muster_core::evaluate::Term;
use muster_core::people::{Action, Actor, scope};
use muster_store::performance::{Burden, burdens};

use super::act::deny;
use super::performance::bounds;
use crate::error::Result;
use crate::state::State;

/// A community's burden, and what of its tasks its duty list does not hold.
#[derive(Clone, Debug)]
pub struct Borne {
    pub burden: Burden,
    /// By category.
    pub outside: Vec<(String, i64)>,
}

impl Borne {
    pub fn outside_total(&self) -> i64 {
        self.outside.iter().map(|(_, count)| count).sum()
    }
}

/// In the order of the units' codes. Without a term: the quarter of today, as far as it has gone.
pub async fn burden_view(state: &State, actor: &Actor, term: Option<Term>) -> Result<(Term, Vec<Borne>)> {
    let scope = scope(actor, Action::BurdenView).map_err(deny)?;
    let term = term.unwrap_or_else(|| Term::quarter_of(state.pack.calendar.local_date(state.now())));
    let mut tx = state.read().await?;
    let mut found: Vec<Borne> = Vec::new();
    for burden in burdens(&mut tx, state.pack.root_area.range(), bounds(state, term)).await? {
        if !scope.covers(&super::performance::subject(&burden.unit)) {
            continue;
        }
        let holds = |category: &str| state.pack.duties.holds(Level::Community, category).0;
        let outside = burden.tasks.iter().filter(|(category, _)| !holds(category)).cloned().collect();
        found.push(Borne { burden, outside });
    }
    Ok((term, found))
}
