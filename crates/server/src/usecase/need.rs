//! What all acts on needs share: whose need it is, and who is helped.

use muster_core::dispatch::Need;
use muster_core::dispatch::registry::Place;
use muster_core::dispatch::slot::{Slots, fitting_mask};
use muster_core::id::{Code, NeedId, PersonId, secret_canonical};
use muster_core::people::{Action, Subject};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::dispatch::{NeedBrief, NeedRow, need_by_code, need_lock};
use muster_store::intake::person_get;
use muster_store::process::case_get;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::act::Act;
use crate::error::{Code as ErrorCode, Error, Result};
use crate::secret::place;
use crate::state::State;

/// Who is helped, where and under which number: sealed, shown to those who said yes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    pub phone: String,
    pub address: String,
}

pub(crate) fn slots(state: &State) -> Slots<'_> {
    Slots { calendar: &state.pack.calendar, parts: &state.pack.dispatch.parts }
}

/// Needs as the engine takes them at one moment, in the plane round `middle`.
pub(super) struct Engine<'a> {
    state: &'a State,
    middle: Place,
    now: Timestamp,
    /// The parts of the seven days from today.
    week: Vec<(Timestamp, Timestamp)>,
}

impl<'a> Engine<'a> {
    pub(super) fn new(state: &'a State, middle: Place) -> Self {
        let now = state.now();
        let week = slots(state).week_bounds(state.pack.calendar.local_date(now));
        Self { state, middle, now, week }
    }

    /// Of the need's time what is left within the seven days from today.
    pub(super) fn of(&self, need: &NeedBrief) -> Need {
        let pack = &self.state.pack.dispatch;
        Need {
            at: need.at().seen_from(self.middle),
            skills: pack.bits(need.skills()),
            slots: fitting_mask(&self.week, need.opens_at.max(self.now), need.closes_at, need.minutes),
            head: u32::try_from(need.head).unwrap_or(u32::MAX),
            weight: pack.weight(need.priority, need.vulnerable) as f32,
        }
    }
}

/// The place of a risk in the pack's list.
pub(super) fn risk_of(state: &State, risk: &str) -> usize {
    state.pack.dispatch.risks.iter().position(|known| known.code == risk).unwrap_or(0)
}

/// Where the need belongs: its area, and the unit of the case it came from.
pub(super) async fn subject_of(tx: &mut Tx, need: &NeedRow) -> Result<Subject> {
    let unit = match need.case() {
        Some(case) => case_get(tx, case).await?.and_then(|case| case.unit()),
        None => None,
    };
    Ok(Subject { area: Some(need.area), unit })
}

pub(super) async fn found(tx: &mut Tx, code: &str) -> Result<NeedRow> {
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    need_by_code(tx, &code).await?.ok_or_else(Error::not_found)
}

pub(super) async fn lock(act: &mut Act<'_>, id: NeedId) -> Result<NeedRow> {
    need_lock(&mut act.tx, id).await?.ok_or_else(Error::not_found)
}

/// The need of a code, which this member of staff may so act on, held until the end of the act.
pub(super) async fn held(act: &mut Act<'_>, code: &str, action: Action, version: Option<i64>) -> Result<NeedRow> {
    let id = found(&mut act.tx, code).await?.id;
    let need = lock(act, id).await?;
    let subject = subject_of(&mut act.tx, &need).await?;
    act.may(action, &subject)?;
    if version.is_some_and(|version| version != need.version) {
        return Err(Error::stale_etag());
    }
    Ok(need)
}

/// The need whose code and secret these are: of the one who is helped. Wrong codes and wrong secrets get one answer.
pub(super) async fn served(tx: &mut Tx, state: &State, code: &str, secret: &str) -> Result<NeedRow> {
    let wrong = || Error::new(ErrorCode::NotFound, "No help has this code and secret together; check both as printed.");
    let code: Code = code.parse().map_err(|_| wrong())?;
    let secret = secret_canonical(secret).ok_or_else(wrong)?;
    let need = need_by_code(tx, &code).await?.ok_or_else(wrong)?;
    let hash = state.keys.secret_hash(&need.id.to_string(), &secret);
    let kept = need.secret_hash.as_deref().ok_or_else(wrong)?;
    if bool::from(hash.as_slice().ct_eq(kept)) { Ok(need) } else { Err(wrong()) }
}

pub(crate) fn contact_place(need: NeedId) -> String {
    place("needs", "contact_sealed", &need.to_string())
}

/// Who is helped, in clear. Whoever calls this has seen that they may know.
pub(super) async fn contact_of(tx: &mut Tx, state: &State, need: &NeedRow) -> Result<Option<Contact>> {
    let (Some(person), Some(sealed)) = (need.person_id, &need.contact_sealed) else { return Ok(None) };
    let Some(person) = person_get(tx, PersonId(person)).await? else { return Ok(None) };
    let key =
        state.keys.unwrap(&person.wrapped_key, &person.id.to_string()).map_err(|error| Error::internal(&error))?;
    let plain = key.open(&contact_place(need.id), sealed).map_err(|error| Error::internal(&error))?;
    serde_json::from_slice(&plain).map(Some).map_err(|error| Error::internal(&error))
}
