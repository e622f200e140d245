//! Somebody offers to help: no account, a number and a secret.

use muster_core::area::AreaId;
use muster_core::area::Level;
use muster_core::dispatch::registry::{AskWay, Branch, ResourceKind, ResourceState, minor_until};
use muster_core::id::{Code, ResourceId};
use muster_core::people::{Action, Actor, Subject};
use muster_core::send::Way;
use muster_core::time::day_number;
use muster_store::dispatch::{ResourceRow, helpers_wanted, resources_insert};

use super::act::Act;
use super::resource::{Faults, NAME_MOST, Offer, check_mail, family_name, middle_of, new_secret, sealed_place};
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::secret::{normalise_phone, place};
use crate::state::State;

/// What somebody says who offers to help.
#[derive(Clone, Debug, Default)]
pub struct Joining {
    pub name: String,
    pub phone: String,
    /// They say that they are of age; else `born` is asked for.
    pub adult: bool,
    pub born: String,
    /// Name and phone of whoever agrees for one who is under age.
    pub guardian: String,
    pub branch: String,
    pub way: String,
    /// Where mail goes, of one who wants to be asked so.
    pub mail: String,
    /// In which they are written to.
    pub lang: Lang,
    pub consents: bool,
    pub offer: Offer,
}

/// What they take with them. The secret is shown once and kept only as a hash.
#[derive(Clone, Debug)]
pub struct Joined {
    pub code: Code,
    pub secret: String,
}

struct Checked {
    phone: String,
    area: AreaId,
    minor_until: Option<i64>,
    born: Option<String>,
    branch: Branch,
    way: AskWay,
    mail: String,
}

pub async fn resource_join(state: &State, actor: &Actor, joining: &Joining) -> Result<Joined> {
    let checked = check(state, joining)?;
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::ResourceJoin, &Subject::area(checked.area))?;
    let middle = middle_of(&mut act.tx, checked.area).await?.coarse();
    let id = ResourceId(state.chance.uuid(act.at));
    // Offering help and reporting are not brought together: no index finds one by the other. Who joins is not told that a
    // number is known, or anybody could ask that of any number; whoever coordinates there sees it.
    let (person, key) = act.new_person(|key, person| {
        let at = place("persons", "phone_sealed", &person.to_string());
        Some(key.seal(&state.chance, &at, checked.phone.as_bytes()))
    });
    let (secret, hash) = new_secret(state, id);
    let code = state.chance.code();
    let seal = |column: &str, text: &str| key.seal(&state.chance, &sealed_place(column, id), text.as_bytes());
    let (name, guardian, at) = (joining.name.trim(), joining.guardian.trim(), act.at);
    let minor = checked.minor_until.is_some();
    let row = ResourceRow {
        id,
        code: code.clone(),
        secret_hash: Some(hash),
        kind: ResourceKind::Volunteer,
        branch: Some(checked.branch.as_str().to_owned()),
        parent_id: None,
        person_id: Some(person.0),
        name_sealed: Some(seal("name_sealed", name)),
        birth_sealed: checked.born.as_deref().map(|born| seal("birth_sealed", born)),
        name: family_name(name),
        area: checked.area,
        latitude: middle.latitude,
        longitude: middle.longitude,
        skills: joining.offer.words(state),
        hours: joining.offer.hours(state),
        reach: joining.offer.reach * 1_000,
        capacity: joining.offer.capacity,
        at_once: 1,
        minor_until: checked.minor_until,
        guardian_at: minor.then_some(at.0),
        guardian_sealed: minor.then(|| seal("guardian_sealed", guardian)),
        insured_until: None,
        phone_index: state.keys.helper_index(&checked.phone).ok().map(|index| index.to_vec()),
        mail_sealed: (!checked.mail.is_empty()).then(|| seal("mail_sealed", &checked.mail)),
        lang: joining.lang.code().to_owned(),
        ask: true,
        way: checked.way,
        assured_at: at,
        asked: 0,
        agreed: 0,
        came: 0,
        state: ResourceState::Open,
        joined_at: at,
        version: 1,
        changed_at: at,
    };
    act.audit(Action::ResourceJoin, "resource", code.as_str(), None);
    act.flush().await?;
    resources_insert(&mut act.tx, std::slice::from_ref(&row)).await?;
    act.commit().await?;
    Ok(Joined { code, secret })
}

/// How many needs are open around an area, and how many helpers they look for: what is told before anybody joins.
pub async fn help_wanted(state: &State, area: AreaId) -> Result<(i64, i64)> {
    let around = area.ancestor(Level::County).unwrap_or(area);
    Ok(helpers_wanted(&mut state.read().await?, around.range()).await?)
}

/// The ways in which somebody can be asked here: short messages and mail only where the city sends them.
pub fn ask_ways(state: &State) -> Vec<AskWay> {
    let sms = state.senders.has(Way::Sms).then_some(AskWay::Sms);
    let mail = state.senders.has(Way::Mail).then_some(AskWay::Mail);
    [Some(AskWay::Phone), sms, mail, Some(AskWay::Page)].into_iter().flatten().collect()
}

fn check(state: &State, joining: &Joining) -> Result<Checked> {
    let mut faults = Faults::default();
    let name = joining.name.trim();
    faults.unless(!name.is_empty() && !name.contains(char::is_control), "name", "name-form", "Give a name.");
    if name.chars().count() > NAME_MOST {
        faults.add("name", "name-long", format!("The name is too long; at most {NAME_MOST} characters fit."));
    }
    let phone = normalise_phone(&joining.phone);
    if let Err(fault) = &phone {
        faults.add("phone", "phone-invalid", fault.to_string());
    }
    let grown = age(state, joining, &mut faults);
    let branch = if joining.branch.is_empty() { Ok(Branch::Community) } else { joining.branch.parse() };
    if let Err(fault) = &branch {
        faults.add("branch", "branch-unknown", fault.clone());
    }
    let way = joining.way.parse().ok().filter(|way| ask_ways(state).contains(way));
    faults.unless(way.is_some(), "way", "ask-way-missing", "Choose how you want to be asked.");
    let mail = check_mail(&joining.mail, way == Some(AskWay::Mail), &mut faults);
    let detail = "Without your agreement nobody may be asked; tick the box, or leave the page.";
    faults.unless(joining.consents, "consent", "consent-missing", detail);
    joining.offer.check(state, &mut faults);
    faults.end()?;
    let missing = || Error::internal(&std::io::Error::other("a form without faults has a value missing"));
    Ok(Checked {
        phone: phone.map_err(|error| Error::internal(&error))?,
        area: joining.offer.area.ok_or_else(missing)?,
        minor_until: grown.map(day_number),
        born: (!joining.adult).then(|| joining.born.trim().to_owned()),
        branch: branch.map_err(|_| missing())?,
        way: way.ok_or_else(missing)?,
        mail,
    })
}

/// The day from which one who is under age is grown up.
fn age(state: &State, joining: &Joining, faults: &mut Faults) -> Option<jiff::civil::Date> {
    if joining.adult {
        return None;
    }
    let today = state.pack.calendar.local_date(state.now());
    let born = joining.born.trim().parse::<jiff::civil::Date>().ok();
    let Some(born) = born.filter(|born| *born < today && today.year() - born.year() <= 120) else {
        faults.add("born", "born-wrong", "Say that you are 18 or older, or give the date of birth as 2009-05-31.");
        return None;
    };
    let grown = minor_until(born, today)?;
    let guardian = joining.guardian.trim();
    let reachable = guardian.chars().filter(char::is_ascii_digit).count() >= 5;
    let detail = "Under 18, a parent or guardian must agree: give their name and phone.";
    faults.unless(reachable && guardian.chars().count() <= 2 * NAME_MOST, "guardian", "guardian-missing", detail);
    Some(grown)
}
