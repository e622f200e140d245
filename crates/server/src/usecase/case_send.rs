//! To the level above, which has what this one lacks, and back with its answer; or down to a level that holds the duty.
//! Exactly one unit is answerable at any time.

use muster_core::area::Level;
use muster_core::id::UnitId;
use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::people::{Unit, unit_get};
use muster_store::process::CaseRow;

use super::act::{Act, Words, reason};
use super::case_resume::unpark;
use super::dispatch::{give_as, known_unit};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn case_send(
    state: &State,
    actor: &Actor,
    code: &str,
    unit: UnitId,
    why: &str,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::CaseSend, version).await?;
    let why = reason(state, why)?;
    let to = known_unit(&mut act.tx, "unit", unit).await?;
    let owner = match case.unit() {
        Some(id) => unit_get(&mut act.tx, id).await?,
        None => None,
    };
    let Some(owner) = owner else {
        let allowed = case.state_machine()?.choices();
        return Err(Error::conflict("No unit has the case yet.", allowed.iter().map(|m| m.as_str())));
    };
    let step = direction(&owner, &to)?;
    if step == Move::SendDown {
        held(state, &case, &to, "unit")?;
    }
    unpark(&mut act, &mut case).await?;
    let from = case.state;
    case.take(&case.state_machine()?.hand(step, act.at)?);
    let template = if step == Move::SendUp { Template::Escalated } else { Template::Assigned };
    let task = give_as(&mut act, &mut case, to.id, template).await?;
    if step == Move::SendUp {
        act.notify_reporters(&case, Template::Escalated);
    }
    if step == Move::SendUp
        && let Some(row) = act.rows.tasks.iter_mut().find(|row| row.id == task)
    {
        row.for_unit_id = Some(owner.id.0);
    }
    let detail = serde_json::json!({ "unit": to.code, "from": owner.code });
    act.step(&case, from, step, Some(task), Words { internal: Some(why), detail, public: None });
    act.audit(Action::CaseSend, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

fn direction(owner: &Unit, to: &Unit) -> Result<Move> {
    if to.id == owner.id {
        return Err(Error::invalid("unit", "unit-same", "This unit has the case."));
    }
    if to.area.level() < owner.area.level() && to.area.contains(owner.area) {
        Ok(Move::SendUp)
    } else if to.area.level() > owner.area.level() && owner.area.contains(to.area) {
        Ok(Move::SendDown)
    } else {
        let detail = format!("{} is neither above nor below {}; a coordinator can assign it.", to.name, owner.name);
        Err(Error::invalid("unit", "unit-level", detail))
    }
}

/// What a community's or grid's list does not hold may not be pushed down to it (北京市接诉即办工作条例 art. 17, 唐山条例
/// art. 23; 泸州市网格化服务管理条例 arts. 8–10). `field` is where the unit was named.
pub(super) fn held(state: &State, case: &CaseRow, to: &Unit, field: &str) -> Result<()> {
    let level = to.area.level();
    let (holds, basis) = state.pack.duties.holds(level, &case.category);
    if level < Level::Community || holds {
        return Ok(());
    }
    let detail =
        format!("The duty list does not hold {} for {}; it may not be sent there. {basis}", case.category, to.name);
    Err(Error::invalid(field, "outside-list", detail))
}
