//! An appeal is decided by somebody else. What is granted is counted anew: a version of its own, with the old one beside it.

use muster_core::evaluate::Term;
use muster_core::evaluate::score::Standing;
use muster_core::id::AccountId;
use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_store::people::Unit;
use muster_store::performance::{
    AppealRow, ScoreRow, appeal_decide as decide, appeal_get, exclusion_decide, exclusions_of_appeal, score_get,
    score_insert, score_lines, score_move,
};
use uuid::Uuid;

use super::act::Act;
use super::exclusion_decide::{answered, ruled};
use super::notice::To;
use super::performance::{count, follow, independent, line_rows, subject, tell, tell_of, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

/// Returns the score that stands after it.
pub async fn appeal_decide(state: &State, actor: &Actor, id: Uuid, granted: bool, answer: &str) -> Result<ScoreRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut appeal = appeal_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let score = score_get(&mut act.tx, appeal.score_id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut act.tx, score.unit_id).await?;
    act.may(Action::AppealDecide, &subject(&unit))?;
    independent(actor, unit.id, &[appeal.asked_by, score.made_by])?;
    let answer = answered(state, answer)?;
    if appeal.state != "open" {
        return Err(Error::conflict(format!("The appeal is {}.", appeal.state), Vec::<String>::new()));
    }
    for held in exclusions_of_appeal(&mut act.tx, id).await? {
        let mut row = held.row;
        ruled(&mut row, &act, granted, &answer);
        exclusion_decide(&mut act.tx, &row).await?;
    }
    let stands = if granted { again(&mut act, &score).await? } else { uphold(&mut act, &score).await? };
    if granted { "granted" } else { "refused" }.clone_into(&mut appeal.state);
    (appeal.decided_at, appeal.decided_by) = (Some(act.at.0), actor.account_id().map(|account| account.0));
    (appeal.answer, appeal.changed_id) = (Some(answer), granted.then_some(stands.id));
    decide(&mut act.tx, &appeal).await?;
    told(&mut act, &unit, score.term, &appeal, &stands, score.made_by).await?;
    if stands.standing == Standing::Final {
        follow(&mut act, &stands).await?;
    }
    act.audit(Action::AppealDecide, "score", stands.id.to_string(), None);
    act.commit().await?;
    Ok(stands)
}

async fn uphold(act: &mut Act<'_>, score: &ScoreRow) -> Result<ScoreRow> {
    let standing = Standing::after_ruling(false, false);
    let stands = ScoreRow { standing, final_at: Some(act.at.0), ..score.clone() };
    score_move(&mut act.tx, &stands, score.standing).await?;
    Ok(stands)
}

/// Counts the score anew from the record as it stands now.
async fn again(act: &mut Act<'_>, score: &ScoreRow) -> Result<ScoreRow> {
    let state = act.state;
    let fresh = count(&mut act.tx, state, score.unit_id, score.term, act.at).await?;
    let old = ScoreRow { standing: Standing::Replaced, ..score.clone() };
    score_move(&mut act.tx, &old, score.standing).await?;
    let id = state.chance.uuid(act.at);
    let lines = line_rows(state, id, &fresh.lines);
    let before = score_lines(&mut act.tx, score.id).await?;
    let changed = fresh.mark != score.mark
        || fresh.points != score.points
        || lines.iter().map(|line| line.points).ne(before.iter().map(|line| line.points));
    let standing = Standing::after_ruling(changed, state.pack.performance.approve.is_some());
    let stands = ScoreRow {
        id,
        version: score.version + 1,
        standing,
        mark: fresh.mark,
        points: fresh.points,
        pack: state.pack.version.clone(),
        made_at: act.at,
        made_by: act.actor.account_id().map(|account| account.0),
        final_at: (standing == Standing::Final).then_some(act.at.0),
        ..score.clone()
    };
    score_insert(&mut act.tx, &stands, &lines).await?;
    Ok(stands)
}

/// Both sides hear: the unit, whoever appealed, whoever made the score, and those who coordinate.
async fn told(
    act: &mut Act<'_>,
    unit: &Unit,
    term: Term,
    appeal: &AppealRow,
    stands: &ScoreRow,
    made_by: Option<Uuid>,
) -> Result<()> {
    let path = format!("/performance/{}", stands.id);
    tell_of(act, unit, term, Template::AppealRuled, &path).await?;
    for account in [appeal.asked_by, made_by].into_iter().flatten() {
        tell(act, To::Account(AccountId(account)), unit, term, Template::AppealRuled, &path);
    }
    Ok(())
}
