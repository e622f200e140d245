//! Staff enter what is no person: organisations with their hubs and members, services, venues, vehicles, stocks.

use muster_core::area::AreaId;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{AskWay, Place, ResourceKind, ResourceState};
use muster_core::id::{Code, ResourceId};
use muster_core::people::{Action, Actor, Subject, scope};
use muster_store::dispatch::{ResourceRow, resource_by_code, resources_insert};

use super::act::{Act, deny};
use super::resource::{Faults, NAME_MOST, middle_of, new_secret};
use crate::error::{Error, Result};
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
    let (kind, area) = check(state, entering)?;
    let middle = middle_of(&mut act.tx, area).await?;
    let place = entering.place.unwrap_or(middle);
    let parent_id = parent(act, &entering.parent, kind).await?;
    let id = ResourceId(state.chance.uuid(act.at));
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
        person_id: None,
        name_sealed: None,
        birth_sealed: None,
        name: entering.name.trim().to_owned(),
        area,
        latitude: place.latitude,
        longitude: place.longitude,
        skills: words(state, &entering.skills),
        hours: entering.hours.clone(),
        reach: entering.reach * 1_000,
        capacity: entering.capacity,
        at_once: entering.at_once,
        minor_until: None,
        guardian_at: None,
        guardian_sealed: None,
        insured_until: None,
        ask: true,
        way: AskWay::Page,
        assured_at: at,
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

async fn parent(act: &mut Act<'_>, code: &str, kind: ResourceKind) -> Result<Option<uuid::Uuid>> {
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

fn check(state: &State, entering: &Entering) -> Result<(ResourceKind, AreaId)> {
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
    faults.end()?;
    let missing = || Error::internal(&std::io::Error::other("a form without faults has a value missing"));
    Ok((kind.ok_or_else(missing)?, entering.area.ok_or_else(missing)?))
}

fn words(state: &State, skills: &[String]) -> String {
    let all = state.pack.dispatch.skills.iter().map(|skill| skill.code.as_str());
    let chosen: Vec<&str> = all.filter(|code| skills.iter().any(|skill| skill == code)).collect();
    if chosen.is_empty() { String::new() } else { format!(" {} ", chosen.join(" ")) }
}
