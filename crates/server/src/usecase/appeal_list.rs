//! What waits for a reviewer: appeals, cases to be left out, and changed scores to be approved.

use muster_core::evaluate::score::Standing;
use muster_core::people::{Action, Actor, scope};
use muster_store::performance::{
    AppealRow, ExclusionCase, ScoreRow, appeals_open, exclusions_of_appeal, exclusions_open, score_get, scores_in,
};

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// Of each kind.
const MOST: i64 = 200;

#[derive(Clone, Debug)]
pub struct Waiting {
    /// With the score, and the cases that the unit would have left out.
    pub appeals: Vec<(AppealRow, ScoreRow, Vec<ExclusionCase>)>,
    pub exclusions: Vec<ExclusionCase>,
    pub ruled: Vec<ScoreRow>,
}

pub async fn appeal_list(state: &State, actor: &Actor) -> Result<Waiting> {
    let seen = scope(actor, Action::AppealList).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut appeals = Vec::new();
    for row in appeals_open(&mut tx, &seen, MOST).await? {
        let score = score_get(&mut tx, row.score_id).await?.ok_or_else(Error::not_found)?;
        let cases = exclusions_of_appeal(&mut tx, row.id).await?;
        appeals.push((row, score, cases));
    }
    let exclusions = exclusions_open(&mut tx, &seen, MOST).await?;
    let ruled = scores_in(&mut tx, &seen, Standing::Ruled, MOST).await?;
    Ok(Waiting { appeals, exclusions, ruled })
}
