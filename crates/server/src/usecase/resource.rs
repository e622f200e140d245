//! What all acts on the registry share: whose entry it is, how it is sealed, and what a form about it must say.

use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{Bar, Entry, Place};
use muster_core::id::{PersonId, ResourceId, secret_canonical, secret_from_random};
use muster_core::send::Way;
use muster_store::Tx;
use muster_store::dispatch::{CertificateRow, ResourceRow, area_middle, certificates_of, resource_by_code};
use muster_store::intake::person_get;
use muster_store::people::area_get;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{Code, Error, FieldError, Result};
use crate::secret::{DataKey, place};
use crate::state::State;

/// The longest name, and the longest list of days off: technical limits.
pub(super) const NAME_MOST: usize = 60;
const DAYS_OFF_MOST: usize = 60;

/// The entry whose number and secret these are. A wrong number and a wrong secret get the same answer.
pub(super) async fn own(tx: &mut Tx, state: &State, code: &str, secret: &str) -> Result<ResourceRow> {
    let wrong = || Error::new(Code::NotFound, "No entry has this number and secret together; check both as printed.");
    let code = code.parse().map_err(|_| wrong())?;
    let secret = secret_canonical(secret).ok_or_else(wrong)?;
    let row = resource_by_code(tx, &code).await?.ok_or_else(wrong)?;
    let hash = state.keys.secret_hash(&row.id.to_string(), &secret);
    let kept = row.secret_hash.as_deref().ok_or_else(wrong)?;
    if bool::from(hash.as_slice().ct_eq(kept)) { Ok(row) } else { Err(wrong()) }
}

/// A new secret, and what is kept of it.
pub(super) fn new_secret(state: &State, id: ResourceId) -> (String, Vec<u8>) {
    let secret = secret_from_random(u64::from_le_bytes(state.chance.bytes()));
    let hash = state.keys.secret_hash(&id.to_string(), &secret).to_vec();
    (secret, hash)
}

/// Where a value of an entry stands.
pub(crate) fn sealed_place(column: &str, id: ResourceId) -> String {
    place("resources", column, &id.to_string())
}

/// The key of the person behind an entry.
pub(super) async fn key_of(tx: &mut Tx, state: &State, row: &ResourceRow) -> Result<Option<(DataKey, Vec<u8>)>> {
    let Some(person) = row.person_id else { return Ok(None) };
    let Some(person) = person_get(tx, PersonId(person)).await? else { return Ok(None) };
    let key =
        state.keys.unwrap(&person.wrapped_key, &person.id.to_string()).map_err(|error| Error::internal(&error))?;
    Ok(Some((key, person.phone_sealed.unwrap_or_default())))
}

/// Where something goes that is sent to an entry by this way; `None` where it gave nothing for it.
pub(super) async fn address_of(
    tx: &mut Tx,
    state: &State,
    row: &ResourceRow,
    way: Way,
) -> Result<Option<Zeroizing<String>>> {
    let Some((key, phone)) = key_of(tx, state, row).await? else { return Ok(None) };
    match way {
        Way::Sms => {
            let person = row.person_id.map(PersonId).map(|id| id.to_string()).unwrap_or_default();
            opened(&key, &place("persons", "phone_sealed", &person), Some(&phone))
        }
        Way::Mail => opened(&key, &sealed_place("mail_sealed", row.id), row.mail_sealed.as_deref()),
        _ => Ok(None),
    }
}

/// A mail address as typed; `needed` where it was chosen to be written to there.
pub(super) fn check_mail(typed: &str, needed: bool, faults: &mut Faults) -> String {
    let mail = typed.trim();
    let detail = "Write the address that mail shall go to, or choose another way.";
    faults.unless(!mail.is_empty() || !needed, "mail", "ask-mail-missing", detail);
    let is_mail = mail.len() <= 200 && mail.parse::<lettre::Address>().is_ok();
    let detail = "This is no mail address; write it as name@example.org.";
    faults.unless(mail.is_empty() || is_mail, "mail", "mail-invalid", detail);
    mail.to_owned()
}

pub(super) fn opened(key: &DataKey, at: &str, sealed: Option<&[u8]>) -> Result<Option<Zeroizing<String>>> {
    let Some(sealed) = sealed.filter(|sealed| !sealed.is_empty()) else { return Ok(None) };
    let plain = key.open(at, sealed).map_err(|error| Error::internal(&error))?;
    Ok(Some(Zeroizing::new(String::from_utf8_lossy(&plain).into_owned())))
}

/// What staff read of a person's name: of 张伟 the 张, of Ada Lovelace the Lovelace.
pub(super) fn family_name(name: &str) -> String {
    let first = name.chars().next();
    match name.rsplit_once(' ') {
        Some((_, last)) if first.is_some_and(|first| first.is_ascii_alphabetic()) => last.to_owned(),
        _ => first.map(String::from).unwrap_or_default(),
    }
}

/// Gathers all that is wrong with a form, so that nothing is said one at a time.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<FieldError>);

impl Faults {
    pub(super) fn add(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail: detail.into() });
    }

    pub(super) fn unless(&mut self, holds: bool, field: &str, code: &str, detail: &str) {
        if !holds {
            self.add(field, code, detail);
        }
    }

    pub(super) fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(self.error()) }
    }

    /// INVARIANT: something is wrong.
    pub(super) fn error(self) -> Error {
        Error::invalid_fields(self.0)
    }
}

/// What anybody says about when and for what they can be asked.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    pub area: Option<AreaId>,
    /// Words of the pack.
    pub skills: Vec<String>,
    /// Day of the week (0 is Monday) and part of the day.
    pub ticks: Vec<(usize, usize)>,
    pub days_off: Vec<Date>,
    /// Kilometres.
    pub reach: i64,
    /// Tasks a week, at most.
    pub capacity: i64,
}

impl Offer {
    pub(super) fn check(&self, state: &State, faults: &mut Faults) {
        let pack = &state.pack.dispatch;
        faults.unless(self.area.is_some(), "area", "area-missing", "Choose the area you live in or work from.");
        faults.unless(!self.skills.is_empty(), "skills", "skills-missing", "Tick at least one thing you can do.");
        for skill in &self.skills {
            if pack.skill(skill).is_none() {
                let known: Vec<&str> = pack.skills.iter().map(|skill| skill.code.as_str()).collect();
                faults.add("skills", "skill-unknown", format!("{skill:?} is no skill; known: {}.", known.join(", ")));
            }
        }
        let days = self.ticks.iter().all(|(day, part)| *day < 7 && *part < pack.parts.len());
        faults.unless(days && !self.ticks.is_empty(), "ticks", "hours-missing", "Tick at least one time you are free.");
        if !(1..=1_000).contains(&self.reach) {
            faults.add("reach", "reach-range", format!("{} km is out of bounds; use 1 to 1000.", self.reach));
        }
        if !(1..=50).contains(&self.capacity) {
            faults.add(
                "capacity",
                "capacity-range",
                format!("{} a week is out of bounds; use 1 to 50.", self.capacity),
            );
        }
        if self.days_off.len() > DAYS_OFF_MOST {
            let detail = format!("{} days off; at most {DAYS_OFF_MOST} are kept. Pause instead.", self.days_off.len());
            faults.add("off", "days-off-many", detail);
        }
    }

    /// The hours as RFC 5545 lines.
    pub(super) fn hours(&self, state: &State) -> String {
        let today = state.pack.calendar.local_date(state.now());
        Hours::weekly(&self.ticks, &state.pack.dispatch.parts, today).without(&self.days_off).to_string()
    }

    /// The skills as they are kept: in the order of the pack, a blank before and after each.
    pub(super) fn words(&self, state: &State) -> String {
        let all = state.pack.dispatch.skills.iter().map(|skill| skill.code.as_str());
        let chosen: Vec<&str> = all.filter(|code| self.skills.iter().any(|skill| skill == code)).collect();
        format!(" {} ", chosen.join(" "))
    }
}

/// The middle of an area that exists, to which people are taken to belong.
pub(super) async fn middle_of(tx: &mut Tx, area: AreaId) -> Result<Place> {
    if area_get(tx, area).await?.is_none() {
        let detail = format!("There is no area {area}; choose one from the list.");
        return Err(Error::invalid("area", "area-unknown", detail));
    }
    Ok(area_middle(tx, area).await?.unwrap_or_default())
}

/// What an entry is today: whether it is asked, why not, when it is free and which of its skills count.
#[derive(Clone, Debug)]
pub struct Standing {
    pub bars: Vec<Bar>,
    pub ticks: Vec<(usize, usize)>,
    pub days_off: Vec<Date>,
    /// Free parts of the seven days from today.
    pub slots: u32,
    /// Skills that count today, as bits in the order of the pack.
    pub counts: u32,
    pub certificates: Vec<CertificateRow>,
}

pub(super) async fn standing(tx: &mut Tx, state: &State, row: &ResourceRow) -> Result<Standing> {
    let certificates = certificates_of(tx, &[row.id]).await?;
    let certified: Vec<_> = certificates.iter().filter_map(CertificateRow::certifies).collect();
    let (pack, calendar) = (&state.pack.dispatch, &state.pack.calendar);
    let today = calendar.local_date(state.now());
    let hours = Hours::parse(&row.hours, calendar.zone()).map_err(|fault| Error::internal(&fault))?;
    let entry: Entry<'_> = row.entry(&hours, &certified, calendar.local_date(row.assured_at));
    Ok(Standing {
        bars: entry.bars(pack, today),
        ticks: hours.ticks(today, &pack.parts),
        days_off: hours.days_off(today),
        slots: hours.slots(today, &pack.parts),
        counts: entry.counts(pack, today),
        certificates,
    })
}
