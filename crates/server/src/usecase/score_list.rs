//! The scores of a term: what this person may see, in the order of the units' codes.

use std::collections::BTreeMap;

use muster_core::evaluate::Term;
use muster_core::people::{Action, Actor, scope};
use muster_store::performance::{ScoreLineRow, ScoreRow, score_lines_of, scores_of_term, terms};
use uuid::Uuid;

use super::act::deny;
use crate::error::Result;
use crate::state::State;

/// Units of one list: more than any city has.
const MOST: i64 = 5_000;

#[derive(Clone, Debug)]
pub struct Scores {
    pub term: Term,
    /// Everything that was scored, the latest first, and what is over and can be scored.
    pub terms: Vec<Term>,
    pub scores: Vec<(ScoreRow, Vec<ScoreLineRow>)>,
}

/// Without a term: the latest that was scored.
pub async fn score_list(state: &State, actor: &Actor, term: Option<Term>) -> Result<Scores> {
    let scope = scope(actor, Action::ScoreView).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut known = terms(&mut tx).await?;
    let over = Term::quarter_of(state.pack.calendar.local_date(state.now())).before();
    let term = term.or(known.iter().copied().find(|term| !term.is_year())).unwrap_or(over);
    known.extend([over, over.of_year().before(), term]);
    known.sort_unstable_by(|a, b| b.cmp(a));
    known.dedup();
    let rows = scores_of_term(&mut tx, &scope, term, MOST).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut lines: BTreeMap<Uuid, Vec<ScoreLineRow>> = BTreeMap::new();
    for line in score_lines_of(&mut tx, &ids).await? {
        lines.entry(line.score_id).or_default().push(line);
    }
    let scores = rows.into_iter().map(|row| {
        let lines = lines.remove(&row.id).unwrap_or_default();
        (row, lines)
    });
    Ok(Scores { term, terms: known, scores: scores.collect() })
}
