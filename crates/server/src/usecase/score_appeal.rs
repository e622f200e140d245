//! 申诉: the head of a unit asks that its score, or a line of it, be looked at again by somebody else.

use muster_core::evaluate::score::{NoAppeal, Standing};
use muster_core::pack::{ExemptGround, Template};
use muster_core::people::{Action, Actor};
use muster_core::time::clock::due;
use muster_store::performance::{
    AppealRow, ExclusionRow, ScoreRow, appeal_insert, exclusion_insert, score_get, score_move,
};
use uuid::Uuid;

use super::act::{Act, reason};
use super::exclusion_ask::{ground_of, unasked};
use super::performance::{subject, tell_of, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct NewAppeal {
    /// Code of a part of the score; empty: the whole.
    pub part: String,
    pub reason: String,
    /// Codes of cases that should be left out or forgiven, if any, and the ground.
    pub cases: Vec<String>,
    pub ground: String,
}

/// Cases of one appeal, at most.
const CASES_MOST: usize = 50;

pub async fn score_appeal(state: &State, actor: &Actor, id: Uuid, new: &NewAppeal) -> Result<AppealRow> {
    let mut act = Act::begin(state, actor).await?;
    let score = score_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let unit = unit_of(&mut act.tx, score.unit_id).await?;
    act.may(Action::ScoreAppeal, &subject(&unit))?;
    let reason = reason(state, &new.reason)?;
    let part = Some(new.part.trim()).filter(|part| !part.is_empty());
    if let Some(part) = part.filter(|part| state.pack.performance.part(part).is_none()) {
        return Err(Error::invalid("part", "score-part-unknown", format!("A score has no part {part:?}.")));
    }
    let standing = score.standing.appeal(act.at, score.appeal_until).map_err(|no| too_late(&score, no))?;
    let appealed = ScoreRow { standing, ..score.clone() };
    score_move(&mut act.tx, &appealed, Standing::Provisional).await?;
    let row = AppealRow {
        id: state.chance.uuid(act.at),
        score_id: id,
        part: part.map(str::to_owned),
        reason,
        asked_at: act.at,
        asked_by: actor.account_id().map(|account| account.0),
        decide_by: due(act.at, &state.pack.performance.decide, &state.pack.calendar).at,
        state: "open".to_owned(),
        decided_at: None,
        decided_by: None,
        answer: None,
        changed_id: None,
    };
    appeal_insert(&mut act.tx, &row).await?;
    if !new.cases.is_empty() {
        let ground = ground_of(state, &new.ground)?.clone();
        leave_out(&mut act, &row, &score, new, &ground).await?;
    }
    tell_of(&mut act, &unit, score.term, Template::Appealed, &format!("/performance/{id}")).await?;
    act.audit(Action::ScoreAppeal, "score", id.to_string(), None);
    act.commit().await?;
    Ok(row)
}

fn too_late(score: &ScoreRow, no: NoAppeal) -> Error {
    match no {
        NoAppeal::Late => Error::invalid("reason", "appeal-late", "The time to appeal has passed; the score stands."),
        NoAppeal::Open => Error::invalid("reason", "appeal-open", "An appeal of this score is open; wait for it."),
        NoAppeal::Decided => {
            let detail = format!("Version {} was appealed and decided; it stands.", score.version);
            Error::invalid("reason", "appeal-decided", detail)
        }
    }
}

/// The cases that the appeal would have left out, each to be decided with it.
async fn leave_out(
    act: &mut Act<'_>,
    appeal: &AppealRow,
    score: &ScoreRow,
    new: &NewAppeal,
    ground: &ExemptGround,
) -> Result<()> {
    if new.cases.len() > CASES_MOST {
        let detail = format!("{} cases; at most {CASES_MOST} fit into one appeal.", new.cases.len());
        return Err(Error::invalid("cases", "appeal-cases-many", detail));
    }
    for code in &new.cases {
        let case = unasked(act, score.unit_id, "cases", code).await?;
        let row = ExclusionRow {
            id: act.state.chance.uuid(act.at),
            unit_id: score.unit_id,
            case_id: case.id,
            kind: ground.kind,
            ground: ground.ground.code.clone(),
            evidence: appeal.reason.clone(),
            asked_at: act.at,
            asked_by: appeal.asked_by,
            state: "open".to_owned(),
            decided_at: None,
            decided_by: None,
            answer: None,
            appeal_id: Some(appeal.id),
        };
        exclusion_insert(&mut act.tx, &row).await?;
    }
    Ok(())
}
