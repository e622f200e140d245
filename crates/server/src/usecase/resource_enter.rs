//! Staff enter what is no person: organisations with their hubs and members, services, venues, vehicles, stocks.

use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{AskWay, Place, ResourceKind, ResourceState};
use muster_core::id::{Code, ResourceId};
use muster_core::people::{Action, Actor, Subject, scope};
use muster_store::dispatch::{ResourceRow, resource_by_code, resources_insert};

use super::act::{Act, deny};
use super::resource::{Faults, NAME_MOST, check_mail, middle_of, new_secret, sealed_place};
use super::resource_join::ask_ways;
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::secret::{DataKey, normalise_phone, place};
use crate::state::State;

/// The most that an entry takes in a week, or at one time: technical limits of the table.
const MOST: i64 = 1_000;

#[derive(Clone, Debug, Default)]
pub struct Entering {
    pub kind: Option<ResourceKind>,
    pub name: String,
    pub area: Option<AreaId>,
    /// The number of the organisation it belongs to, or of the hub.
    pub parent: String,
    pub skills: Vec<String>,
    /// RFC 5545 lines.
    pub hours: String,
    /// Kilometres.
    pub reach: i64,
    pub capacity: i64,
    pub at_once: i64,
    /// Where it is, where that is known better than by its area.
    pub place: Option<Place>,
    /// When it was last said to hold, where a list knows; else now.
    pub assured: Option<Date>,
    /// How whoever answers for it is asked: a word of [`AskWay`], or nothing for their own page; by which number or address.
    pub way: String,
    pub phone: String,
    pub mail: String,
    pub lang: Lang,
}

/// Its number, and the secret by which an organisation answers offers itself.
#[derive(Clone, Debug)]
pub struct Entered {
    pub code: Code,
    pub secret: String,
}

pub async fn resource_enter(state: &State, actor: &Actor, entering: &Entering) -> Result<Entered> {
    let mut act = Act::begin(state, actor).await?;
    let entered = enter(&mut act, Action::ResourceEnter, entering).await?;
    act.commit().await?;
    Ok(entered)
}

/// The same within an act of the caller, who commits.
pub(super) async fn enter(act: &mut Act<'_>, action: Action, entering: &Entering) -> Result<Entered> {
    let state = act.state;
    // What lies elsewhere is not there, whatever else is wrong with the form.
    match entering.area {
        Some(area) => act.may(action, &Subject::area(area))?,
        None => drop(scope(act.actor, action).map_err(deny)?),
    }
    let Checked { kind, area, way, phone, mail } = check(state, entering, Known::default())?;
    let middle = middle_of(&mut act.tx, area).await?;
    let at_place = entering.place.unwrap_or(middle);
    let parent_id = parent(act, &entering.parent, kind).await?;
    let id = ResourceId(state.chance.uuid(act.at));
    let (person_id, mail_sealed) = contact(act, id, &phone, &mail).await?;
    let code = state.chance.code();
    let (secret, hash) = new_secret(state, id);
    let at = act.at;
    let row = ResourceRow {
        id,
        code: code.clone(),
        secret_hash: Some(hash),
        kind,
        branch: None,
        parent_id,
        person_id,
        name_sealed: None,
        birth_sealed: None,
        name: entering.name.trim().to_owned(),
        area,
        latitude: at_place.latitude,
        longitude: at_place.longitude,
        skills: words(state, &entering.skills),
        hours: entering.hours.clone(),
        reach: entering.reach * 1_000,
        capacity: entering.capacity,
        at_once: entering.at_once,
        minor_until: None,
        guardian_at: None,
        guardian_sealed: None,
        insured_until: None,
        phone_index: None,
        mail_sealed,
        lang: entering.lang.code().to_owned(),
        ask: true,
        way,
        assured_at: entering.assured.map_or(at, |day| state.pack.calendar.day_bounds(day).0.min(at)),
        asked: 0,
        agreed: 0,
        came: 0,
        state: ResourceState::Open,
        joined_at: at,
        version: 1,
        changed_at: at,
    };
    resources_insert(&mut act.tx, std::slice::from_ref(&row)).await?;
    act.audit(action, "resource", code.as_str(), None);
    Ok(Entered { code, secret })
}

/// Whoever answers for an entry: their number and address, sealed under a key of their own.
pub(super) async fn contact(
    act: &mut Act<'_>,
    id: ResourceId,
    phone: &str,
    mail: &str,
) -> Result<(Option<uuid::Uuid>, Option<Vec<u8>>)> {
    if phone.is_empty() && mail.is_empty() {
        return Ok((None, None));
    }
    let state = act.state;
    let seal =
        |key: &DataKey, at: &str, text: &str| (!text.is_empty()).then(|| key.seal(&state.chance, at, text.as_bytes()));
    let (person, key) =
        act.new_person(|key, person| seal(key, &place("persons", "phone_sealed", &person.to_string()), phone));
    let mail = seal(&key, &sealed_place("mail_sealed", id), mail);
    // The row that names the person follows.
    act.flush().await?;
    Ok((Some(person.0), mail))
}

pub(super) async fn parent(act: &mut Act<'_>, code: &str, kind: ResourceKind) -> Result<Option<uuid::Uuid>> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    let unknown = |detail: String| Error::invalid("parent", "parent-unknown", detail);
    let parsed: Code = code.parse().map_err(|fault| unknown(format!("{code:?} is no number: {fault}.")))?;
    let found = resource_by_code(&mut act.tx, &parsed).await?;
    let found = found.filter(|row| row.kind == ResourceKind::Organisation && row.state != ResourceState::Left);
    let found = found.ok_or_else(|| unknown(format!("No organisation has the number {parsed}; enter it first.")))?;
    if kind == ResourceKind::Organisation && found.parent_id.is_some() {
        return Err(unknown(format!("{parsed} is itself a member of a hub; name the hub.")));
    }
    Ok(Some(found.id.0))
}

/// A form without faults.
pub(super) struct Checked {
    pub(super) kind: ResourceKind,
    pub(super) area: AreaId,
    pub(super) way: AskWay,
    /// Of whoever answers for it; empty where none was given.
    pub(super) phone: String,
    pub(super) mail: String,
}

/// Which of number and address are kept already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    pub(super) phone: bool,
    pub(super) mail: bool,
}

pub(super) fn check(state: &State, entering: &Entering, known: Known) -> Result<Checked> {
    let mut faults = Faults::default();
    let kind = entering.kind.filter(|kind| *kind != ResourceKind::Volunteer);
    faults.unless(
        kind.is_some(),
        "kind",
        "kind-missing",
        "Choose what it is; volunteers join themselves at /help/join.",
    );
    let name = entering.name.trim();
    faults.unless(!name.is_empty() && !name.contains(char::is_control), "name", "name-form", "Give its name.");
    faults.unless(name.chars().count() <= NAME_MOST, "name", "name-long", "The name is too long; at most 60 fit.");
    faults.unless(entering.area.is_some(), "area", "area-missing", "Choose the area it lies in.");
    for skill in &entering.skills {
        if state.pack.dispatch.skill(skill).is_none() {
            faults.add("skills", "skill-unknown", format!("{skill:?} is no skill of this city."));
        }
    }
    if let Err(fault) = Hours::parse(&entering.hours, state.pack.calendar.zone()) {
        faults.add("hours", "hours-wrong", fault.to_string());
    }
    let within = |value: i64, least: i64| (least..=MOST).contains(&value);
    faults.unless(within(entering.reach, 0), "reach", "reach-range", "How far it goes: 0 to 1000 km.");
    faults.unless(within(entering.capacity, 0), "capacity", "capacity-range", "Tasks a week: 0 to 1000.");
    faults.unless(within(entering.at_once, 1), "at_once", "capacity-range", "Tasks at one time: 1 to 1000.");
    let (way, phone, mail) = asked(state, entering, known, &mut faults);
    faults.end()?;
    let missing = || Error::internal(&std::io::Error::other("a form without faults has a value missing"));
    Ok(Checked { kind: kind.ok_or_else(missing)?, area: entering.area.ok_or_else(missing)?, way, phone, mail })
}

fn asked(state: &State, entering: &Entering, known: Known, faults: &mut Faults) -> (AskWay, String, String) {
    let way = if entering.way.is_empty() { Ok(AskWay::Page) } else { entering.way.parse() };
    let way = way.ok().filter(|way| ask_ways(state).contains(way));
    faults.unless(way.is_some(), "way", "ask-way-missing", "Choose how it is asked.");
    let typed = entering.phone.trim();
    let calls = matches!(way, Some(AskWay::Phone | AskWay::Sms));
    let detail = "Write the number of whoever answers for it, or choose another way.";
    faults.unless(!typed.is_empty() || known.phone || !calls, "phone", "phone-invalid", detail);
    let phone = if typed.is_empty() { Ok(String::new()) } else { normalise_phone(typed) };
    if let Err(fault) = &phone {
        faults.add("phone", "phone-invalid", fault.to_string());
    }
    let mail = check_mail(&entering.mail, way == Some(AskWay::Mail) && !known.mail, faults);
    (way.unwrap_or(AskWay::Page), phone.unwrap_or_default(), mail)
}

pub(super) fn words(state: &State, skills: &[String]) -> String {
    let all = state.pack.dispatch.skills.iter().map(|skill| skill.code.as_str());
    let chosen: Vec<&str> = all.filter(|code| skills.iter().any(|skill| skill == code)).collect();
    if chosen.is_empty() { String::new() } else { format!(" {} ", chosen.join(" ")) }
}
