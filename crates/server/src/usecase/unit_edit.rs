//! Puts units in place, or changes what they are called and where they stand.

use std::collections::HashMap;

use muster_core::area::AreaId;
use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject};
use muster_store::people::{Unit, area_get, unit_by_code, unit_put};

use super::act::Act;
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// The longest code and the longest name, in characters: technical limits.
const CODE_MAX: usize = 40;
const NAME_MAX: usize = 100;

/// A unit as somebody lists it; its code tells it from every other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitDraft {
    pub code: String,
    pub name: String,
    /// A department of the pack's duty list.
    pub department: String,
    pub area: AreaId,
}

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitFate {
    Added,
    Changed,
    Unchanged,
    Rejected(Vec<FieldError>),
}

/// Takes units in one transaction and says of each what became of it, in their order.
pub async fn unit_edit(state: &State, actor: &Actor, drafts: &[UnitDraft]) -> Result<Vec<UnitFate>> {
    let mut act = Act::begin(state, actor).await?;
    let mut fates = Vec::with_capacity(drafts.len());
    let mut seen: HashMap<&str, &UnitDraft> = HashMap::new();
    for draft in drafts {
        act.may(Action::UnitEdit, &Subject::area(draft.area))?;
        let mut faults = faults(&mut act, draft).await?;
        if *seen.entry(&draft.code).or_insert(draft) != draft {
            let detail = format!("the list has {:?} twice, with other content; a code names one unit", draft.code);
            faults.extend_from_slice(Error::invalid("code", "code-repeated", detail).fields());
        }
        if !faults.is_empty() {
            fates.push(UnitFate::Rejected(faults));
            continue;
        }
        let before = unit_by_code(&mut act.tx, &draft.code).await?;
        let id = before.as_ref().map_or_else(|| UnitId(state.chance.uuid(act.at)), |unit| unit.id);
        let UnitDraft { code, name, department, area } = draft.clone();
        let unit = Unit { id, code, name, department, area };
        let fate = match &before {
            None => UnitFate::Added,
            Some(before) if *before != unit => UnitFate::Changed,
            Some(_) => UnitFate::Unchanged,
        };
        if fate != UnitFate::Unchanged {
            unit_put(&mut act.tx, &unit).await?;
            act.audit(Action::UnitEdit, "unit", unit.id.to_string(), None);
        }
        fates.push(fate);
    }
    act.commit().await?;
    Ok(fates)
}

/// Everything that is wrong with a draft.
async fn faults(act: &mut Act<'_>, draft: &UnitDraft) -> Result<Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: String| {
        faults.extend(Error::invalid(field, code, detail).fields().iter().cloned());
    };
    let UnitDraft { code, name, department, area } = draft;
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if code.is_empty() || code.chars().count() > CODE_MAX || !code.chars().all(is_code) {
        fault(
            "code",
            "code-invalid",
            format!("{code:?} is no code of a unit; use 1 to {CODE_MAX} letters, digits and hyphens"),
        );
    }
    if name.is_empty() || name.chars().count() > NAME_MAX || name.contains(char::is_control) {
        fault(
            "name",
            "name-invalid",
            format!("{name:?} is no name of a unit; use 1 to {NAME_MAX} characters on one line"),
        );
    }
    let duties = &act.state.pack.duties;
    if duties.department(department).is_none() {
        let known: Vec<_> = duties.departments().map(|known| known.code.as_str()).collect();
        let detail = format!("the duty list has no department {department:?}; it has {}", known.join(", "));
        fault("department", "department-unknown", detail);
    }
    if area_get(&mut act.tx, *area).await?.is_none() {
        fault("area", "area-unknown", format!("there is no area {area}; import it with muster import areas"));
    }
    Ok(faults)
}
