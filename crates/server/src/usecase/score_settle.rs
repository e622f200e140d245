//! Time passes: a score that nobody has appealed becomes final when the time to appeal is over. Run by a job.

use muster_core::people::{Action, Actor};
use muster_store::performance::{ScoreRow, score_move, scores_due};

use super::act::Act;
use super::performance::follow;
use crate::error::Result;
use crate::state::State;

/// Scores of one turn.
const BATCH: i64 = 100;

/// Returns how many became final.
pub async fn scores_settle(state: &State) -> Result<usize> {
    let mut act = Act::begin(state, &Actor::System).await?;
    let due = scores_due(&mut act.tx, act.at, BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    for row in &due {
        let standing = row.standing.settled(act.at, row.appeal_until);
        let settled = ScoreRow { standing, final_at: Some(act.at.0), ..row.clone() };
        score_move(&mut act.tx, &settled, row.standing).await?;
        act.audit(Action::ScoreMake, "score", row.id.to_string(), None);
        follow(&mut act, &settled).await?;
    }
    act.commit().await?;
    Ok(due.len())
}
