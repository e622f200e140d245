//! The units of an area are scored for a term that is over: each a frozen row with its lines, open to appeal.

use muster_core::area::AreaId;
use muster_core::evaluate::Term;
use muster_core::evaluate::score::Standing;
use muster_core::pack::Template;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::clock::due;
use muster_store::Tx;
use muster_store::people::{Unit, unit_list};
use muster_store::performance::{ScoreRow, score_insert, scores_of_unit};

use super::act::{Act, deny};
use super::performance::{bounds, count, line_rows, tell_unit};
use crate::error::{Error, Result};
use crate::state::State;

/// Scores every unit of the area that has no score of the term yet; returns how many. A unit for which nothing was counted
/// has none. Each unit is an act of its own.
pub async fn score_make(state: &State, actor: &Actor, area: AreaId, term: Term) -> Result<usize> {
    may(actor, Action::ScoreMake, &Subject::area(area)).map_err(deny)?;
    if bounds(state, term).1 > state.now() {
        let detail = format!("{term} is not over; a term is scored after its last day.");
        return Err(Error::invalid("term", "term-open", detail));
    }
    let mut tx = state.read().await?;
    let units = unit_list(&mut tx).await?;
    drop(tx);
    let mut made = 0;
    for unit in units.iter().filter(|unit| area.contains(unit.area)) {
        made += usize::from(make(state, actor, unit, term).await?);
    }
    Ok(made)
}

async fn make(state: &State, actor: &Actor, unit: &Unit, term: Term) -> Result<bool> {
    let mut act = Act::begin(state, actor).await?;
    if is_scored(&mut act.tx, unit, term).await? {
        return Ok(false);
    }
    let score = count(&mut act.tx, state, unit.id, term, act.at).await?;
    let is_empty =
        |line: &muster_core::evaluate::score::Line| line.met + line.missed + line.excluded + line.forgiven == 0;
    if score.lines.iter().all(is_empty) {
        return Ok(false);
    }
    let row = ScoreRow {
        id: state.chance.uuid(act.at),
        unit_id: unit.id,
        term,
        version: 1,
        standing: Standing::Provisional,
        mark: score.mark,
        points: score.points,
        pack: state.pack.version.clone(),
        made_at: act.at,
        made_by: actor.account_id().map(|account| account.0),
        appeal_until: due(act.at, &state.pack.performance.ask, &state.pack.calendar).at,
        final_at: None,
    };
    score_insert(&mut act.tx, &row, &line_rows(state, row.id, &score.lines)).await?;
    tell_unit(&mut act, unit, term, Template::Scored, &format!("/performance/{}", row.id));
    act.audit(Action::ScoreMake, "score", row.id.to_string(), None);
    act.commit().await?;
    Ok(true)
}

async fn is_scored(tx: &mut Tx, unit: &Unit, term: Term) -> Result<bool> {
    Ok(scores_of_unit(tx, unit.id).await?.iter().any(|row| row.term == term))
}
