//! A joint meeting is called: when, where, who, and which of the waiting matters stand on its agenda.

use muster_core::area::AreaId;
use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject};
use muster_core::time::Timestamp;
use muster_store::meeting::{MatterRow, MeetingRow, matter_insert, matter_open, matter_update, meeting_insert};
use muster_store::people::area_get;
use muster_store::process::{CaseRow, case_by_code};
use uuid::Uuid;

use super::act::{Act, fits};
use super::dispatch::known_unit;
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// A meeting to be called.
#[derive(Clone, Debug)]
pub struct NewMeeting {
    pub area: AreaId,
    pub held_at: Timestamp,
    pub place: String,
    pub chair: String,
    /// The units that are invited.
    pub units: Vec<UnitId>,
    /// Codes of cases, in the order of the agenda.
    pub cases: Vec<String>,
}

/// Matters of one meeting, at most.
const AGENDA_MOST: usize = 100;

pub async fn meeting_call(state: &State, actor: &Actor, new: &NewMeeting) -> Result<Uuid> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::MeetingCall, &Subject::area(new.area))?;
    check(new)?;
    fits(state, "place", &new.place)?;
    fits(state, "chair", &new.chair)?;
    let unknown = || Error::invalid("area", "area-unknown", format!("There is no area {}.", new.area));
    area_get(&mut act.tx, new.area).await?.ok_or_else(unknown)?;
    let mut units = new.units.clone();
    units.sort_unstable();
    units.dedup();
    for unit in &units {
        known_unit(&mut act.tx, "units", *unit).await?;
    }
    let meeting = MeetingRow {
        id: state.chance.uuid(act.at),
        area: new.area,
        held_at: new.held_at,
        place: new.place.trim().to_owned(),
        chair: new.chair.trim().to_owned(),
        called_at: act.at,
        called_by: actor.account_id().map(|account| account.0),
    };
    meeting_insert(&mut act.tx, &meeting, &units).await?;
    for (code, position) in new.cases.iter().zip(1..) {
        let case = waiting(&mut act, code).await?;
        place(&mut act, &case, meeting.id, position).await?;
    }
    act.audit(Action::MeetingCall, "meeting", meeting.id.to_string(), None);
    act.commit().await?;
    Ok(meeting.id)
}

/// A case in the actor's jurisdiction; one outside does not exist.
async fn waiting(act: &mut Act<'_>, code: &str) -> Result<CaseRow> {
    let unknown = || Error::invalid("cases", "case-unknown", format!("{code:?} is no case that can be taken up here."));
    let code = code.parse().map_err(|_| unknown())?;
    let case = case_by_code(&mut act.tx, &code).await?.ok_or_else(unknown)?;
    act.may(Action::MeetingCall, &case.subject()).map_err(|_| unknown())?;
    if case.state.is_open() { Ok(case) } else { Err(unknown()) }
}

/// Puts the case's matter on the agenda: the one that waits, or a new one.
async fn place(act: &mut Act<'_>, case: &CaseRow, meeting: Uuid, position: i64) -> Result<()> {
    match matter_open(&mut act.tx, case.id).await? {
        Some(matter) if matter.meeting_id.is_some() => {
            let detail = format!("Case {} stands on an agenda already.", case.code);
            Err(Error::invalid("cases", "case-taken", detail))
        }
        Some(matter) => {
            let placed = MatterRow { meeting_id: Some(meeting), position: Some(position), ..matter };
            matter_update(&mut act.tx, &placed).await.map_err(Error::from)
        }
        None => {
            let matter = MatterRow {
                id: act.state.chance.uuid(act.at),
                case_id: case.id,
                waiting_since: case.received_at,
                reason: case.triage_reason.clone().unwrap_or_default(),
                put_by: act.actor.account_id().map(|account| account.0),
                meeting_id: Some(meeting),
                position: Some(position),
                decision: None,
                unit_id: None,
                words: None,
                decided_by: None,
                decided_at: None,
            };
            matter_insert(&mut act.tx, &matter).await.map_err(Error::from)
        }
    }
}

fn check(new: &NewMeeting) -> Result<()> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: String| {
        faults.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail });
    };
    if new.place.trim().is_empty() {
        fault("place", "meeting-place-missing", "Say where the meeting is held.".to_owned());
    }
    if new.chair.trim().is_empty() {
        fault("chair", "meeting-chair-missing", "Say who chairs the meeting.".to_owned());
    }
    match new.cases.len() {
        0 => fault("cases", "agenda-empty", "Name at least one case that waits.".to_owned()),
        1..=AGENDA_MOST => {}
        many => fault("cases", "agenda-long", format!("{many} matters; at most {AGENDA_MOST} fit.")),
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}
