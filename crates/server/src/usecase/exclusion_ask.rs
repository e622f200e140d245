//! 剔除与容错: a unit asks that a case be left out of its score, or that what was missed in it be forgiven.

use muster_core::id::UnitId;
use muster_core::pack::ExemptGround;
use muster_core::people::{Action, Actor};
use muster_store::performance::{ExclusionRow, exclusion_insert, exclusion_of};
use muster_store::process::{CaseRow, case_by_code, parts_of_case, tasks_of_case};

use super::act::{Act, fits};
use super::performance::{subject, unit_of};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct NewExclusion {
    /// Code of the case.
    pub case: String,
    /// A ground of the pack; it says whether the case is left out or forgiven.
    pub ground: String,
    pub evidence: String,
}

pub async fn exclusion_ask(state: &State, actor: &Actor, unit: UnitId, new: &NewExclusion) -> Result<ExclusionRow> {
    let mut act = Act::begin(state, actor).await?;
    let unit = unit_of(&mut act.tx, unit).await?;
    act.may(Action::ExclusionAsk, &subject(&unit))?;
    let ground = ground_of(state, &new.ground)?;
    let evidence = new.evidence.trim();
    if evidence.is_empty() {
        let detail = "Say what shows it: which paper, which decision, of which day.";
        return Err(Error::invalid("evidence", "exempt-evidence-missing", detail));
    }
    fits(state, "evidence", evidence)?;
    let case = unasked(&mut act, unit.id, "case", &new.case).await?;
    let row = ExclusionRow {
        id: state.chance.uuid(act.at),
        unit_id: unit.id,
        case_id: case.id,
        kind: ground.kind,
        ground: ground.ground.code.clone(),
        evidence: evidence.to_owned(),
        asked_at: act.at,
        asked_by: actor.account_id().map(|account| account.0),
        state: "open".to_owned(),
        decided_at: None,
        decided_by: None,
        answer: None,
        appeal_id: None,
    };
    exclusion_insert(&mut act.tx, &row).await?;
    act.audit(Action::ExclusionAsk, "exclusion", row.id.to_string(), None);
    act.commit().await?;
    Ok(row)
}

pub(super) fn ground_of<'a>(state: &'a State, code: &str) -> Result<&'a ExemptGround> {
    let unknown = || {
        let known: Vec<_> = state.pack.performance.grounds.iter().map(|known| known.ground.code.as_str()).collect();
        let detail = format!("{code:?} is no ground; choose one of: {}.", known.join(", "));
        Error::invalid("ground", "ground-unknown", detail)
    };
    state.pack.performance.ground(code).ok_or_else(unknown)
}

/// A case that the unit has handled or helped with, and for which nothing was asked that was not refused.
pub(super) async fn unasked(act: &mut Act<'_>, unit: UnitId, field: &str, code: &str) -> Result<CaseRow> {
    let unknown = || Error::invalid(field, "case-not-of-unit", format!("{code:?} is no case that the unit handled."));
    let found = code.trim().parse().map_err(|_| unknown())?;
    let case = case_by_code(&mut act.tx, &found).await?.ok_or_else(unknown)?;
    let handled = tasks_of_case(&mut act.tx, case.id).await?.iter().any(|task| task.unit_id == unit);
    if !handled {
        let parts = parts_of_case(&mut act.tx, case.id).await?;
        let helps = parts.rows.iter().any(|part| part.unit_id == unit) || parts.units.iter().any(|h| h.unit_id == unit);
        if !helps {
            return Err(unknown());
        }
    }
    if exclusion_of(&mut act.tx, unit, case.id).await?.is_some() {
        let detail = format!("For case {} it was asked already; see what came of it.", case.code);
        return Err(Error::invalid(field, "exclusion-twice", detail));
    }
    Ok(case)
}
