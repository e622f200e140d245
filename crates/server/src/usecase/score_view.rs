//! One score with all that belongs to it: lines, versions, appeal, what is left out, and what follows.

use muster_core::evaluate::score::{Standing, failures};
use muster_core::people::{Action, Actor, may};
use muster_store::people::Unit;
use muster_store::performance::{
    AppealRow, ExclusionCase, InterviewRow, JointRow, ScoreLineRow, ScoreRow, appeal_of, exclusions_of_appeal,
    exclusions_of_unit, interview_of, joint_rows, score_get, score_lines, scores_of_unit,
};
use uuid::Uuid;

use super::act::deny;
use super::performance::{bounds, marks, subject, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct ScoreFile {
    pub score: ScoreRow,
    pub unit: Unit,
    pub lines: Vec<ScoreLineRow>,
    /// Parts of joint work of the term, as they stand now.
    pub joint: Vec<JointRow>,
    /// Of the same term, the latest first.
    pub versions: Vec<ScoreRow>,
    /// Other terms of the unit, the latest first, each by the version that stands.
    pub terms: Vec<ScoreRow>,
    pub appeal: Option<AppealRow>,
    /// Asked for with the appeal.
    pub appealed: Vec<ExclusionCase>,
    /// All that the unit asked to have left out, the newest first.
    pub exclusions: Vec<ExclusionCase>,
    /// Terms in a row that have failed up to this one; 0 while it is not final.
    pub failures: i64,
    pub interview: Option<InterviewRow>,
}

/// Exclusions that are listed.
const LISTED: i64 = 200;

pub async fn score_view(state: &State, actor: &Actor, id: Uuid) -> Result<ScoreFile> {
    let mut tx = state.read().await?;
    let score = score_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut tx, score.unit_id).await?;
    may(actor, Action::ScoreView, &subject(&unit)).map_err(deny)?;
    let lines = score_lines(&mut tx, id).await?;
    let all = scores_of_unit(&mut tx, unit.id).await?;
    let appeal = appeal_of(&mut tx, id).await?;
    let appealed = match &appeal {
        Some(appeal) => exclusions_of_appeal(&mut tx, appeal.id).await?,
        None => Vec::new(),
    };
    let exclusions = exclusions_of_unit(&mut tx, unit.id, LISTED).await?;
    let interview = interview_of(&mut tx, id).await?;
    let joint = joint_rows(&mut tx, unit.id, bounds(state, score.term), state.now()).await?;
    let is_final = score.standing == Standing::Final;
    Ok(ScoreFile {
        failures: if is_final { failures(&marks(&all, score.term)) } else { 0 },
        versions: all.iter().filter(|row| row.term == score.term).cloned().collect(),
        terms: all.into_iter().filter(|row| row.term != score.term && row.standing != Standing::Replaced).collect(),
        score,
        unit,
        lines,
        joint,
        appeal,
        appealed,
        exclusions,
        interview,
    })
}
