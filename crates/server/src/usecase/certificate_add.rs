//! Somebody says by what they can show that they can do something; it counts when a person has seen it.

use muster_core::id::Code;
use muster_core::people::{Action, Actor, Subject};
use muster_core::time::day_number;
use muster_store::dispatch::{
    CertificateRow, ResourceRow, certificates_insert, certificates_of, resource_by_code, resource_update,
};

use super::act::Act;
use super::resource::{Faults, NAME_MOST, key_of};
use super::resource_own::held;
use crate::error::{Error, Result};
use crate::secret::place;
use crate::state::State;

/// The insurance against accidents stands among the certificates under this word.
pub const INSURANCE: &str = "insurance";
/// Certificates of one entry.
const MOST: usize = 30;

#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// A word of the pack, or [`INSURANCE`].
    pub skill: String,
    pub title: String,
    pub number: String,
    /// As 2027-05-31; empty where it does not end.
    pub expires: String,
}

pub async fn certificate_add_own(state: &State, code: &str, secret: &str, shown: &Shown) -> Result<()> {
    let mut act = Act::begin(state, &Actor::Anonymous).await?;
    let row = held(&mut act, Action::CertificateAddOwn, code, secret).await?;
    add(act, Action::CertificateAddOwn, row, shown).await
}

/// By staff, who have it before them.
pub async fn certificate_add(state: &State, actor: &Actor, code: &str, shown: &Shown) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let row = resource_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?;
    act.may(Action::CertificateAdd, &Subject::area(row.area))?;
    add(act, Action::CertificateAdd, row, shown).await
}

async fn add(mut act: Act<'_>, action: Action, mut row: ResourceRow, shown: &Shown) -> Result<()> {
    let state = act.state;
    let expires_on = check(state, shown)?;
    if certificates_of(&mut act.tx, &[row.id]).await?.len() >= MOST {
        let detail = format!("There are {MOST} certificates already; more are not kept.");
        return Err(Error::invalid("skill", "certificates-many", detail));
    }
    let id = state.chance.uuid(act.at);
    let (number, at) = (shown.number.trim(), place("certificates", "number_sealed", &id.to_string()));
    let key = key_of(&mut act.tx, state, &row).await?;
    let seal = |number: &str| match &key {
        Some((key, _)) => key.seal(&state.chance, &at, number.as_bytes()),
        // Of an organisation: it belongs to no person.
        None => state.keys.seal(&at, number.as_bytes(), &state.chance),
    };
    let certificate = CertificateRow {
        id,
        resource_id: row.id,
        skill: shown.skill.clone(),
        title: shown.title.trim().to_owned(),
        number_sealed: (!number.is_empty()).then(|| seal(number)),
        issued_on: None,
        expires_on,
        state: "open".to_owned(),
        added_at: act.at,
        decided_at: None,
        decided_by: None,
        reason: None,
    };
    certificates_insert(&mut act.tx, &[certificate]).await?;
    if shown.skill != INSURANCE && !row.skills().any(|skill| skill == shown.skill) {
        row.skills = format!("{}{} ", if row.skills.is_empty() { " " } else { &row.skills }, shown.skill);
    }
    let at = act.at;
    resource_update(&mut act.tx, &mut row, at).await?;
    act.audit(action, "resource", row.code.as_str(), None);
    act.commit().await
}

fn check(state: &State, shown: &Shown) -> Result<Option<i64>> {
    let mut faults = Faults::default();
    let known =
        shown.skill == INSURANCE || state.pack.dispatch.skill(&shown.skill).is_some_and(|skill| skill.certificate);
    faults.unless(known, "skill", "certificate-skill", "Choose from the list what it is a certificate of.");
    let title = shown.title.trim();
    let fits = !title.is_empty() && title.chars().count() <= NAME_MOST && !title.contains(char::is_control);
    faults.unless(fits, "title", "certificate-title", "Write what stands on it, in at most 60 characters.");
    faults.unless(shown.number.chars().count() <= NAME_MOST, "number", "certificate-number", "The number is too long.");
    let expires = shown.expires.trim();
    let date = expires.parse::<jiff::civil::Date>().ok();
    faults.unless(expires.is_empty() || date.is_some(), "expires", "date-wrong", "Write the date like 2027-05-31.");
    faults.end()?;
    Ok(date.map(day_number))
}
