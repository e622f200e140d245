//! Interviews with units that failed again.

use muster_core::people::{Action, Actor, may, scope};
use muster_store::people::Unit;
use muster_store::performance::{InterviewRow, ScoreRow, interview_get, interviews, score_get};
use uuid::Uuid;

use super::act::deny;
use super::performance::{subject, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

const LISTED: i64 = 200;

/// With the score that opened it.
#[derive(Clone, Debug)]
pub struct Interview {
    pub row: InterviewRow,
    pub unit: Unit,
    pub score: ScoreRow,
}

/// The newest first.
pub async fn interview_list(state: &State, actor: &Actor) -> Result<Vec<Interview>> {
    let seen = scope(actor, Action::InterviewView).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut found = Vec::new();
    for row in interviews(&mut tx, &seen, LISTED).await? {
        let unit = unit_of(&mut tx, row.unit_id).await?;
        let score = score_get(&mut tx, row.score_id).await?.ok_or_else(Error::not_found)?;
        found.push(Interview { row, unit, score });
    }
    Ok(found)
}

pub async fn interview_view(state: &State, actor: &Actor, id: Uuid) -> Result<Interview> {
    let mut tx = state.read().await?;
    let row = interview_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut tx, row.unit_id).await?;
    may(actor, Action::InterviewView, &subject(&unit)).map_err(deny)?;
    let score = score_get(&mut tx, row.score_id).await?.ok_or_else(Error::not_found)?;
    Ok(Interview { row, unit, score })
}
