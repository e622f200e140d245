//! A leader approves a score that an appeal has changed: before that it does not count.

use muster_core::evaluate::score::Standing;
use muster_core::people::{Action, Actor};
use muster_store::performance::{ScoreRow, score_get, score_move};
use uuid::Uuid;

use super::act::Act;
use super::performance::{follow, independent, subject, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn score_approve(state: &State, actor: &Actor, id: Uuid) -> Result<ScoreRow> {
    let mut act = Act::begin(state, actor).await?;
    let score = score_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut act.tx, score.unit_id).await?;
    act.may(Action::ScoreApprove, &subject(&unit))?;
    independent(actor, unit.id, &[score.made_by])?;
    if score.standing != Standing::Ruled {
        return Err(Error::conflict(format!("The score is {}.", score.standing), Vec::<String>::new()));
    }
    let stands = ScoreRow { standing: Standing::Final, final_at: Some(act.at.0), ..score };
    score_move(&mut act.tx, &stands, Standing::Ruled).await?;
    follow(&mut act, &stands).await?;
    act.audit(Action::ScoreApprove, "score", id.to_string(), None);
    act.commit().await?;
    Ok(stands)
}
