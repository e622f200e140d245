//! Staff write an entry of the registry anew, or end one: an organisation that moved or closed, a volunteer who called.

use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::offer::{OfferMove, OfferState};
use muster_core::dispatch::registry::{AskWay, ResourceKind, ResourceState};
use muster_core::id::{OfferId, PersonId, ResourceId};
use muster_core::people::{Action, Actor, Subject};
use muster_store::dispatch::{
    ResourceFilter, ResourceRow, booking_places, offers_of_resource, person_forget, resource_by_code, resource_count,
    resource_lock, resource_update,
};

use super::act::{Act, reason};
use super::offer::{again, apply, ask_next, finish, held as held_offer};
use super::resource::{key_of, middle_of, opened, sealed_place};
use super::resource_enter::{Checked, Entering, Known, check, contact, parent, words};
use super::resource_own::wipe;
use crate::error::{Error, Result};
use crate::secret::place;
use crate::state::State;

/// Offers of one entry that may still stand.
const OFFERS: i64 = 500;

/// Writes what is no person anew; whoever does so also says that it holds. A number or address that is left out stays as it
/// is kept, unless nobody is called or written to any more.
pub async fn resource_edit(
    state: &State,
    actor: &Actor,
    code: &str,
    entering: &Entering,
    version: i64,
) -> Result<ResourceRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = held(&mut act, Action::ResourceEdit, code).await?;
    if row.kind == ResourceKind::Volunteer {
        let detail = "Volunteers write their own entry, by number and secret at /help/me.";
        return Err(Error::conflict(detail, [] as [&str; 0]));
    }
    if let Some(area) = entering.area {
        act.may(Action::ResourceEdit, &Subject::area(area))?;
    }
    if row.version != version {
        return Err(Error::stale_etag());
    }
    let kept = key_of(&mut act.tx, state, &row).await?;
    let known =
        Known { phone: kept.as_ref().is_some_and(|(_, phone)| !phone.is_empty()), mail: row.mail_sealed.is_some() };
    let entering = Entering { kind: Some(row.kind), ..entering.clone() };
    let checked = check(state, &entering, known)?;
    let booked = booking_places(&mut act.tx, row.id).await?;
    if entering.at_once < booked {
        let detail = format!("It is promised {booked} times at one time; {} are fewer.", entering.at_once);
        return Err(Error::invalid("at_once", "at-once-booked", detail));
    }
    if checked.area != row.area {
        let middle = middle_of(&mut act.tx, checked.area).await?;
        (row.latitude, row.longitude) = (middle.latitude, middle.longitude);
    }
    row.parent_id = parent(&mut act, &entering.parent, row.kind).await?.filter(|parent| *parent != row.id.0);
    entering.name.trim().clone_into(&mut row.name);
    row.area = checked.area;
    row.skills = words(state, &entering.skills);
    row.hours = hours_kept(state, &row, &entering.hours);
    (row.reach, row.capacity, row.at_once) = (entering.reach * 1_000, entering.capacity, entering.at_once);
    row.assured_at = act.at;
    let before = reached(&mut act, &mut row, &checked).await?;
    let at = act.at;
    resource_update(&mut act.tx, &mut row, at).await?;
    if let Some(person) = before {
        person_forget(&mut act.tx, person).await?;
    }
    act.audit(Action::ResourceEdit, "resource", row.code.as_str(), None);
    act.commit().await?;
    Ok(row)
}

/// Hours finer than parts of a day, as a file may bring them, stay unless other parts were ticked.
fn hours_kept(state: &State, row: &ResourceRow, typed: &str) -> String {
    let (zone, parts) = (state.pack.calendar.zone(), &state.pack.dispatch.parts);
    let today = state.pack.calendar.local_date(state.now());
    let ticks = |text: &str| Hours::parse(text, zone).map(|hours| hours.ticks(today, parts)).ok();
    if ticks(&row.hours) == ticks(typed) { row.hours.clone() } else { typed.to_owned() }
}

/// How whoever answers for it is reached now; returns whoever's key is no longer needed.
async fn reached(act: &mut Act<'_>, row: &mut ResourceRow, checked: &Checked) -> Result<Option<PersonId>> {
    row.way = checked.way;
    let before = row.person_id.map(PersonId);
    let gone = checked.way == AskWay::Page && checked.phone.is_empty() && checked.mail.is_empty();
    if !gone && checked.phone.is_empty() && checked.mail.is_empty() {
        return Ok(None);
    }
    let (mut phone, mut mail) = (checked.phone.clone(), checked.mail.clone());
    if let (false, Some((key, kept))) = (gone, key_of(&mut act.tx, act.state, row).await?) {
        let person = before.map(|id| id.to_string()).unwrap_or_default();
        if phone.is_empty() {
            let at = place("persons", "phone_sealed", &person);
            phone = opened(&key, &at, Some(&kept))?.map(|text| text.to_string()).unwrap_or_default();
        }
        if mail.is_empty() {
            let at = sealed_place("mail_sealed", row.id);
            mail = opened(&key, &at, row.mail_sealed.as_deref())?.map(|text| text.to_string()).unwrap_or_default();
        }
    }
    (row.person_id, row.mail_sealed) = contact(act, row.id, &phone, &mail).await?;
    Ok(before)
}

/// Ends an entry: what it was asked for is given to others, and what is sealed of a person is destroyed.
pub async fn resource_end(state: &State, actor: &Actor, code: &str, why: &str) -> Result<()> {
    let row = {
        let mut act = Act::begin(state, actor).await?;
        let row = held(&mut act, Action::ResourceEnd, code).await?;
        endable(&mut act, &row).await?;
        reason(state, why)?;
        row
    };
    for offer in offers_of_resource(&mut state.read().await?, row.id, OFFERS).await? {
        if matches!(offer.state, OfferState::Invited | OfferState::Accepted) {
            again(|| release(state, actor, row.id, offer.id)).await?;
        }
    }
    let mut act = Act::begin(state, actor).await?;
    let row = held(&mut act, Action::ResourceEnd, code).await?;
    endable(&mut act, &row).await?;
    let why = muster_core::intake::redact(&reason(state, why)?, None);
    wipe(act, Action::ResourceEnd, row, Some(why)).await
}

async fn endable(act: &mut Act<'_>, row: &ResourceRow) -> Result<()> {
    let nothing = |detail: &str| Err(Error::conflict(detail, [] as [&str; 0]));
    if row.kind == ResourceKind::Stock {
        return nothing("A stock stays as long as its ledger; pause nothing, give its goods out or book them out.");
    }
    let members = ResourceFilter { areas: vec![(0, i64::MAX)], parent: Some(row.id), ..ResourceFilter::default() };
    if resource_count(&mut act.tx, &members).await? > 0 {
        return nothing("Others belong to it; move them to another organisation, or end them first.");
    }
    Ok(())
}

/// Of one who goes: as their own no, so that others are asked.
async fn release(state: &State, actor: &Actor, resource: ResourceId, id: OfferId) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let (mut need, mut offer) = held_offer(&mut act, id).await?;
    let stands = matches!(offer.state, OfferState::Invited | OfferState::Accepted);
    if !stands || offer.resource_id != resource {
        return Ok(());
    }
    apply(&mut act, &mut need, &mut offer, OfferMove::Decline).await?;
    finish(&mut act, &mut need).await?;
    ask_next(&mut act, &need).await?;
    act.audit(Action::ResourceEnd, "need", need.code.as_str(), None);
    act.commit().await
}

async fn held(act: &mut Act<'_>, action: Action, code: &str) -> Result<ResourceRow> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    let found = resource_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?;
    let row = resource_lock(&mut act.tx, found.id).await?.ok_or_else(Error::not_found)?;
    if row.state == ResourceState::Left {
        return Err(Error::not_found());
    }
    act.may(action, &Subject::area(row.area))?;
    Ok(row)
}
