//! Whoever reported chooses how to hear what becomes of it: on a way they gave, by a letter, or not at all.

use muster_core::id::{PersonId, ReportId};
use muster_core::people::Action;
use muster_core::send::Way;
use muster_store::Tx;
use muster_store::intake::{PersonRow, ReportRow, person_get};
use muster_store::way::{ReportWayRow, report_way_get, report_way_put};

use super::act::Act;
use super::case_track::{report_of, reporter};
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::secret::{DataKey, place};
use crate::state::State;

/// What a reporter may choose, and has chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hearing {
    /// Ways by which this person can be reached, a letter always among them.
    pub offered: Vec<Way>,
    /// `None` where nothing is sent.
    pub chosen: Option<Way>,
}

pub async fn report_hearing(state: &State, code: &str, secret: &str) -> Result<Hearing> {
    let report = report_of(state, code, secret).await?;
    let mut tx = state.read().await?;
    let chosen = report_way_get(&mut tx, report.id).await?;
    let offered = person_of(&mut tx, &report).await?.map(|person| offered(state, &report, &person)).unwrap_or_default();
    Ok(Hearing { offered, chosen: chosen.and_then(|row| row.way.parse().ok()) })
}

/// `way` is a [`Way`] or `none`. `letter` is where a letter goes.
pub async fn report_hear(
    state: &State,
    code: &str,
    secret: &str,
    way: &str,
    letter: &str,
    lang: Lang,
) -> Result<Hearing> {
    let (actor, report) = reporter(state, code, secret).await?;
    let mut act = Act::begin(state, &actor).await?;
    let case = act.lock(report.case_id).await?;
    act.may(Action::ReportHear, &case.subject())?;
    let person = person_of(&mut act.tx, &report).await?.ok_or_else(Error::not_found)?;
    let offered = offered(state, &report, &person);
    let chosen = way.parse::<Way>().ok().filter(|way| offered.contains(way));
    if chosen.is_none() && way != "none" {
        return Err(Error::invalid("way", "way-unknown", "Choose one of the ways listed, or that nothing is sent."));
    }
    let letter = letter.trim();
    let lines = letter.lines().count();
    // Whoever has a letter sent already need not write the address again.
    let kept = report_way_get(&mut act.tx, report.id).await?.and_then(|known| known.letter_sealed);
    let kept = kept.filter(|_| chosen == Some(Way::Letter) && letter.is_empty());
    if chosen == Some(Way::Letter)
        && kept.is_none()
        && (letter.chars().count() < 6 || letter.chars().count() > 200 || lines > 6)
    {
        let detail = "Write name, street and place as on an envelope: up to 6 lines and 200 characters.";
        return Err(Error::invalid("letter", "letter-address", detail));
    }
    let key = key_of(state, &person)?;
    let sealed = || key.seal(&state.chance, &letter_place(report.id), letter.as_bytes());
    let row = ReportWayRow {
        report_id: report.id,
        way: chosen.map_or("none", Way::as_str).to_owned(),
        lang: lang.code().to_owned(),
        letter_sealed: kept.or_else(|| (chosen == Some(Way::Letter)).then(sealed)),
        chosen_at: act.at.0,
    };
    report_way_put(&mut act.tx, &row).await?;
    act.audit(Action::ReportHear, "report", report.id.to_string(), None);
    act.commit().await?;
    Ok(Hearing { offered, chosen })
}

/// Ways on which something can go to the person of a report: they gave an address for it, and this city has the way.
fn offered(state: &State, report: &ReportRow, person: &PersonRow) -> Vec<Way> {
    let handle = way_of_handle(report).filter(|_| person.handle_sealed.is_some());
    let phone = person.phone_sealed.as_ref().map(|_| Way::Sms);
    let own = phone.into_iter().chain(handle).filter(|way| state.senders.has(*way));
    own.chain([Way::Letter]).collect()
}

/// How a report that came by a message channel is answered: on the same channel.
pub(super) fn way_of_handle(report: &ReportRow) -> Option<Way> {
    match report.channel {
        muster_core::intake::Channel::Mail => Some(Way::Mail),
        muster_core::intake::Channel::Chat => Some(Way::Chat),
        _ => None,
    }
}

pub(super) fn letter_place(report: ReportId) -> String {
    place("report_ways", "letter_sealed", &report.to_string())
}

pub(super) async fn person_of(tx: &mut Tx, report: &ReportRow) -> Result<Option<PersonRow>> {
    match report.person_id {
        Some(id) => person_get(tx, PersonId(id)).await.map_err(Error::from),
        None => Ok(None),
    }
}

pub(super) fn key_of(state: &State, person: &PersonRow) -> Result<DataKey> {
    state.keys.unwrap(&person.wrapped_key, &person.id.to_string()).map_err(|error| Error::internal(&error))
}
