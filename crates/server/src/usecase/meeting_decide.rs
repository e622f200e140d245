//! A meeting decides a matter of its agenda: who owns it from now on, who does it together, or that it goes elsewhere.

use std::collections::BTreeMap;

use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject};
use muster_core::process::Move;
use muster_core::time::clock::BudgetUnit;
use muster_store::meeting::{
    Amendment, MatterRow, MeetingRow, amendment_insert, matter_insert, matter_open, matter_update, meeting_get,
};
use muster_store::process::{CaseRow, Parts};
use uuid::Uuid;

use super::act::{Act, Words, fits};
use super::case_assign::{Given, assign_to};
use super::case_send::held;
use super::dispatch::known_unit;
use super::part_add::{NewPart, PARTS_MOST, add, join, rows};
use super::plan_apply::{Taken, take_up};
use crate::error::{Error, Result};
use crate::state::State;

/// What was decided.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// This unit owns it; with `amend`, also whatever of this category comes from the meeting's area from now on.
    Owner { unit: UnitId, amend: bool },
    /// These do it together, each its part; the first leads.
    Joint(Vec<Share>),
    /// `unit` answers for it, and the work is parted by a plan of the pack.
    Plan { unit: UnitId, template: String, units: BTreeMap<String, UnitId> },
    /// Not for this level: recorded, and the case waits no longer for a meeting here.
    Up,
    /// Waits on, from when it began to wait.
    Postponed,
}

/// A unit's part in a joint task.
#[derive(Clone, Debug)]
pub struct Share {
    pub unit: UnitId,
    pub title: String,
    /// Working days.
    pub days: i64,
}

/// Decision, assignment, parts and amendment are one act. `words` are the minute of the matter.
pub async fn meeting_decide(
    state: &State,
    actor: &Actor,
    (meeting, code): (Uuid, &str),
    verdict: &Verdict,
    words: &str,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let meeting = meeting_get(&mut act.tx, meeting).await?.ok_or_else(Error::not_found)?;
    act.may(Action::MeetingDecide, &Subject::area(meeting.area))?;
    let mut case = act.case(code, Action::MeetingDecide, None).await?;
    if words.trim().is_empty() {
        return Err(Error::invalid("words", "minute-missing", "Say what was decided, and why."));
    }
    fits(state, "words", words)?;
    let matter = matter_open(&mut act.tx, case.id).await?.filter(|matter| matter.meeting_id == Some(meeting.id));
    let decided = || Error::conflict("The matter is not open on this agenda.", Vec::<String>::new());
    let mut matter = matter.ok_or_else(decided)?;
    matter.words = Some(words.trim().to_owned());
    matter.decided_by = actor.account_id().map(|account| account.0);
    matter.decided_at = Some(act.at.0);
    match verdict {
        Verdict::Owner { unit, amend } => {
            own(&mut act, &mut case, &mut matter, *unit).await?;
            if *amend {
                amend_list(&mut act, &meeting, &case, &matter, *unit).await?;
            }
        }
        Verdict::Joint(shares) => together(&mut act, &mut case, &mut matter, shares).await?,
        Verdict::Plan { unit, template, units } => {
            own(&mut act, &mut case, &mut matter, *unit).await?;
            matter.decision = Some("joint".to_owned());
            let (template, units, reason) = (template.clone(), units.clone(), words.trim().to_owned());
            take_up(&mut act, &mut case, &Taken { template, units, reason, version: None }).await?;
        }
        Verdict::Up => matter.decision = Some("up".to_owned()),
        Verdict::Postponed => postpone(&mut act, &mut matter).await?,
    }
    if matter.decision.as_deref() != Some("postponed") {
        matter_update(&mut act.tx, &matter).await?;
    }
    act.audit(Action::MeetingDecide, "matter", matter.id.to_string(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// The case goes to `unit` by decision of the meeting.
async fn own(act: &mut Act<'_>, case: &mut CaseRow, matter: &mut MatterRow, unit: UnitId) -> Result<()> {
    own_as(act, case, matter, ("unit", unit)).await
}

async fn own_as(
    act: &mut Act<'_>,
    case: &mut CaseRow,
    matter: &mut MatterRow,
    (field, unit): (&str, UnitId),
) -> Result<()> {
    let unit = known_unit(&mut act.tx, field, unit).await?;
    let why = matter.words.clone().unwrap_or_default();
    assign_to(act, case, &unit, &Given { field, basis: "meeting", meeting: matter.meeting_id, why: &why }).await?;
    (matter.decision, matter.unit_id) = (Some("owner".to_owned()), Some(unit.id.0));
    Ok(())
}

/// From now on the unit owns the category in the area of the meeting.
async fn amend_list(
    act: &mut Act<'_>,
    meeting: &MeetingRow,
    case: &CaseRow,
    matter: &MatterRow,
    unit: UnitId,
) -> Result<()> {
    if case.category.is_empty() {
        return Err(Error::invalid("amend", "class-unknown", "The case has no category; choose one in triage first."));
    }
    let day = act.state.pack.calendar.local_date(meeting.held_at);
    let amendment = Amendment {
        id: act.state.chance.uuid(act.at),
        area: meeting.area,
        category: case.category.clone(),
        unit_id: unit,
        effective_at: act.at,
        matter_id: matter.id,
        basis: format!("联席会议 {day} {}", meeting.place),
    };
    amendment_insert(&mut act.tx, &amendment).await.map_err(Error::from)
}

/// The first unit answers for the case; every one of them has its part, which is required.
async fn together(act: &mut Act<'_>, case: &mut CaseRow, matter: &mut MatterRow, shares: &[Share]) -> Result<()> {
    let most = BudgetUnit::WorkingDays.most();
    for share in shares {
        if share.title.trim().is_empty() {
            return Err(Error::invalid("parts", "part-title-missing", "Say what each unit is to do."));
        }
        fits(act.state, "parts", &share.title)?;
        if !(1..=most).contains(&share.days) {
            let detail = format!("{} is not a time in range; use 1 to {most} working days.", share.days);
            return Err(Error::invalid("parts", "budget-range", detail));
        }
        let unit = known_unit(&mut act.tx, "parts", share.unit).await?;
        held(act.state, case, &unit, "parts")?;
    }
    let Some(lead) = shares.first() else {
        return Err(Error::invalid("parts", "unit-unknown", "Name at least one unit; the first leads."));
    };
    own_as(act, case, matter, ("parts", lead.unit)).await?;
    matter.decision = Some("joint".to_owned());
    let mut whole: Parts = muster_store::process::parts_of_case(&mut act.tx, case.id).await?;
    if whole.rows.len() + shares.len() > PARTS_MOST {
        let detail = format!("The case would have more than {PARTS_MOST} parts; no more fit.");
        return Err(Error::invalid("parts", "parts-many", detail));
    }
    let first = whole.rows.last().map_or(0, |part| part.number) + 1;
    for (share, number) in shares.iter().zip(first..) {
        let new = NewPart {
            title: share.title.clone(),
            required: true,
            amount: share.days,
            budget_unit: BudgetUnit::WorkingDays.code().to_owned(),
            reason: matter.words.clone().unwrap_or_default(),
            ..NewPart::default()
        };
        let added = rows(act, case, &whole, (number, share.unit), &new);
        whole = join(whole, added);
    }
    let numbers: Vec<i64> = (first..first + shares.len() as i64).collect();
    add(act, whole, first).await?;
    let detail = serde_json::json!({ "parts": numbers, "meeting": matter.meeting_id });
    act.step(case, case.state, Move::PartAdd, None, Words { internal: matter.words.clone(), detail, public: None });
    act.audit(Action::PartAdd, "case", case.code.as_str(), None);
    Ok(())
}

/// The matter is done with here, and waits again as long as it has waited.
async fn postpone(act: &mut Act<'_>, matter: &mut MatterRow) -> Result<()> {
    matter.decision = Some("postponed".to_owned());
    matter_update(&mut act.tx, matter).await?;
    let again = MatterRow {
        id: act.state.chance.uuid(act.at),
        meeting_id: None,
        position: None,
        decision: None,
        words: None,
        decided_by: None,
        decided_at: None,
        ..matter.clone()
    };
    matter_insert(&mut act.tx, &again).await.map_err(Error::from)
}
