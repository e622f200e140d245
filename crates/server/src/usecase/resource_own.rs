//! What somebody sees and does with their own entry, by number and secret.

use muster_core::dispatch::registry::{AskWay, ResourceKind, ResourceState};
use muster_core::id::PersonId;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::dispatch::{ResourceRow, certificates_forget, person_forget, resource_lock, resource_update};
use zeroize::Zeroizing;

use super::act::{Act, deny};
use super::offer_answer::decline_all;
use super::resource::{Faults, Offer, Standing, check_mail, key_of, middle_of, opened, own, sealed_place, standing};
use super::resource_enter::contact;
use super::resource_join::ask_ways;
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::secret::place;
use crate::state::State;

/// One's own entry, with what is known of oneself.
#[derive(Debug)]
pub struct OwnEntry {
    pub row: ResourceRow,
    pub name: Zeroizing<String>,
    pub phone: Zeroizing<String>,
    pub mail: Zeroizing<String>,
    pub standing: Standing,
}

pub async fn resource_own(state: &State, code: &str, secret: &str) -> Result<OwnEntry> {
    may(&Actor::Anonymous, Action::ResourceOwn, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let row = own(&mut tx, state, code, secret).await?;
    let standing = standing(&mut tx, state, &row).await?;
    let (mut name, mut phone, mut mail) = (Zeroizing::default(), Zeroizing::default(), Zeroizing::default());
    if let Some((key, phone_sealed)) = key_of(&mut tx, state, &row).await? {
        let at = sealed_place("name_sealed", row.id);
        name = opened(&key, &at, row.name_sealed.as_deref())?.unwrap_or_default();
        let person = row.person_id.map(PersonId).map(|id| id.to_string()).unwrap_or_default();
        let at = place("persons", "phone_sealed", &person);
        phone = opened(&key, &at, Some(&phone_sealed))?.unwrap_or_default();
        mail = opened(&key, &sealed_place("mail_sealed", row.id), row.mail_sealed.as_deref())?.unwrap_or_default();
    }
    Ok(OwnEntry { row, name, phone, mail, standing })
}

/// What changes: when, for what and how they want to be asked.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub way: String,
    pub mail: String,
    pub lang: Lang,
    pub offer: Offer,
}

/// Writes it all anew; whoever does so also says that it holds.
pub async fn resource_change(state: &State, code: &str, secret: &str, change: &Change, version: i64) -> Result<()> {
    let mut faults = Faults::default();
    change.offer.check(state, &mut faults);
    let way: Option<AskWay> = change.way.parse().ok().filter(|way| ask_ways(state).contains(way));
    faults.unless(way.is_some(), "way", "ask-way-missing", "Choose how you want to be asked.");
    let mail = check_mail(&change.mail, way == Some(AskWay::Mail), &mut faults);
    faults.end()?;
    let mut act = Act::begin(state, &Actor::Anonymous).await?;
    let mut row = held(&mut act, Action::ResourceChange, code, secret).await?;
    if row.version != version {
        return Err(Error::stale_etag());
    }
    if let Some(area) = change.offer.area.filter(|area| *area != row.area) {
        let middle = middle_of(&mut act.tx, area).await?.coarse();
        (row.area, row.latitude, row.longitude) = (area, middle.latitude, middle.longitude);
    }
    row.skills = change.offer.words(state);
    row.hours = change.offer.hours(state);
    row.reach = change.offer.reach * 1_000;
    row.capacity = change.offer.capacity;
    row.way = way.unwrap_or(row.way);
    change.lang.code().clone_into(&mut row.lang);
    row.mail_sealed = if let Some((key, _)) = key_of(&mut act.tx, state, &row).await? {
        let at = sealed_place("mail_sealed", row.id);
        (!mail.is_empty()).then(|| key.seal(&state.chance, &at, mail.as_bytes()))
    } else {
        let (person, sealed) = contact(&mut act, row.id, "", &mail).await?;
        row.person_id = person;
        sealed
    };
    let phone = key_of(&mut act.tx, state, &row).await?.is_some_and(|(_, phone)| !phone.is_empty());
    if matches!(row.way, AskWay::Phone | AskWay::Sms) && !phone {
        let detail =
            "No phone number of yours is known here; choose another way, or have it entered by whoever invited you.";
        return Err(Error::invalid("way", "ask-phone-missing", detail));
    }
    row.assured_at = act.at;
    finish(act, Action::ResourceChange, row).await
}

/// "All still right."
pub async fn resource_assure(state: &State, code: &str, secret: &str) -> Result<()> {
    let mut act = Act::begin(state, &Actor::Anonymous).await?;
    let mut row = held(&mut act, Action::ResourceAssure, code, secret).await?;
    row.assured_at = act.at;
    finish(act, Action::ResourceAssure, row).await
}

/// Not asked for a while, or asked again; twice the same changes nothing.
pub async fn resource_pause(state: &State, code: &str, secret: &str, pause: bool) -> Result<()> {
    let mut act = Act::begin(state, &Actor::Anonymous).await?;
    let mut row = held(&mut act, Action::ResourcePause, code, secret).await?;
    row.state = if pause { ResourceState::Paused } else { ResourceState::Open };
    if !pause {
        row.assured_at = act.at;
    }
    finish(act, Action::ResourcePause, row).await
}

/// Name, phone and date of birth are destroyed with their key; counted offers and hours stay, as those of nobody.
pub async fn resource_leave(state: &State, code: &str, secret: &str) -> Result<()> {
    decline_all(state, (code, secret)).await?;
    let mut act = Act::begin(state, &Actor::Anonymous).await?;
    let row = held(&mut act, Action::ResourceLeave, code, secret).await?;
    wipe(act, Action::ResourceLeave, row, None).await
}

/// Nothing of a person stays; the name of what is none does.
pub(super) async fn wipe(mut act: Act<'_>, action: Action, mut row: ResourceRow, why: Option<String>) -> Result<()> {
    let person = row.person_id.take();
    (row.name_sealed, row.birth_sealed, row.guardian_sealed, row.mail_sealed) = (None, None, None, None);
    if row.kind == ResourceKind::Volunteer {
        row.name.clear();
    }
    (row.hours, row.secret_hash, row.phone_index) = (String::new(), None, None);
    (row.state, row.ask) = (ResourceState::Left, false);
    certificates_forget(&mut act.tx, row.id).await?;
    let at = act.at;
    resource_update(&mut act.tx, &mut row, at).await?;
    if let Some(person) = person {
        person_forget(&mut act.tx, PersonId(person)).await?;
    }
    act.audit(action, "resource", row.code.as_str(), why);
    act.commit().await
}

/// One's own entry, held until the end of the act.
pub(super) async fn held(act: &mut Act<'_>, action: Action, code: &str, secret: &str) -> Result<ResourceRow> {
    act.may(action, &Subject::NONE)?;
    let found = own(&mut act.tx, act.state, code, secret).await?;
    let row = resource_lock(&mut act.tx, found.id).await?.ok_or_else(Error::not_found)?;
    if row.state == ResourceState::Left { Err(Error::not_found()) } else { Ok(row) }
}

async fn finish(mut act: Act<'_>, action: Action, mut row: ResourceRow) -> Result<()> {
    let at = act.at;
    resource_update(&mut act.tx, &mut row, at).await?;
    act.audit(action, "resource", row.code.as_str(), None);
    act.commit().await
}
