//! The words of the registry: what kinds of help there are, and whether an entry may be asked.

use jiff::ToSpan;
use jiff::civil::Date;

use super::hours::Hours;
use super::{Point, Resource};
use crate::pack::{Dispatch, Risk};
use crate::people::text_enum;

text_enum! {
    /// 资源
    ResourceKind {
        Volunteer = "volunteer",
        Organisation = "organisation",
        Service = "service",
        Venue = "venue",
        Vehicle = "vehicle",
        Stock = "stock",
    }
}

text_enum! {
    /// The three kinds of volunteers of the national standard (MZ/T 061-2015).
    Branch {
        Community = "community",
        Professional = "professional",
        Emergency = "emergency",
    }
}

text_enum! {
    ResourceState {
        Open = "open",
        Paused = "paused",
        Left = "left",
    }
}

text_enum! {
    /// How somebody wishes to be asked.
    AskWay {
        /// On their own page only.
        Page = "page",
        Phone = "phone",
        Sms = "sms",
        Mail = "mail",
    }
}

/// What of an entry decides whether it is asked. Dates are those of the city's zone.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub kind: ResourceKind,
    pub state: ResourceState,
    /// Words of the pack.
    pub skills: Vec<&'a str>,
    /// Skills with a certificate that a person has seen, and the last day it holds, if it ends.
    pub certified: &'a [(String, Option<Date>)],
    pub consents: bool,
    /// The eighteenth birthday of one who is under age, and whether a guardian agreed.
    pub minor_until: Option<Date>,
    pub guardian: bool,
    pub insured_until: Option<Date>,
    pub assured: Date,
    pub hours: &'a Hours,
    /// Millionths of a degree.
    pub place: Place,
    /// Metres.
    pub reach: i64,
    pub capacity: i64,
    pub asked: i64,
    pub came: i64,
}

text_enum! {
    /// Why an entry is not asked.
    Bar {
        Left = "left",
        Paused = "paused",
        /// It has not said that it may be asked.
        Consent = "consent",
        /// Under age, and no guardian has agreed.
        Guardian = "guardian",
        /// Nobody has said for long that what stands here still holds.
        Stale = "stale",
        /// No free part in the seven days from today on.
        Hours = "hours",
        /// Too young for the risk.
        Age = "age",
        Insurance = "insurance",
    }
}

/// A point of the earth in millionths of a degree (WGS 84).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub latitude: i64,
    pub longitude: i64,
}

/// Kilometres of one degree of latitude (mean radius 6371.0088 km).
const DEGREE: f64 = 111.195_08;

impl Place {
    /// In the plane that touches the earth at `middle`: off by less than 1 % within 200 km of it.
    pub fn seen_from(self, middle: Self) -> Point {
        let north = (self.latitude - middle.latitude) as f64 / 1e6 * DEGREE;
        let narrower = (middle.latitude as f64 / 1e6).to_radians().cos();
        let east = (self.longitude - middle.longitude) as f64 / 1e6 * DEGREE * narrower;
        Point { x: east as f32, y: north as f32 }
    }

    /// To three decimals of a degree, about a hundred metres: no nearer is a person's place kept.
    #[must_use]
    pub fn coarse(self) -> Self {
        let round = |value: i64| (value + 500).div_euclid(1_000) * 1_000;
        Self { latitude: round(self.latitude), longitude: round(self.longitude) }
    }
}

/// Tasks that make an organisation as weary as one makes a person.
const GROUP: u32 = 5;

impl Entry<'_> {
    /// Everything for which it is not asked today; empty when it is.
    pub fn bars(&self, pack: &Dispatch, today: Date) -> Vec<Bar> {
        let stale = self.assured.saturating_add(i64::from(pack.assured_days).days()) < today;
        let minor = self.minor_until.is_some_and(|until| today < until);
        let found = [
            (self.state == ResourceState::Left, Bar::Left),
            (self.state == ResourceState::Paused, Bar::Paused),
            (!self.consents, Bar::Consent),
            (minor && !self.guardian, Bar::Guardian),
            (stale, Bar::Stale),
            (self.hours.slots(today, &pack.parts) == 0, Bar::Hours),
        ];
        found.into_iter().filter_map(|(holds, bar)| holds.then_some(bar)).collect()
    }

    /// What keeps it from a task of this risk.
    pub fn gates(&self, risk: &Risk, today: Date) -> Vec<Bar> {
        let years = i64::from(18 - risk.age.min(18));
        let old_enough =
            risk.age == 0 || self.minor_until.is_none_or(|grown| grown.saturating_sub(years.years()) <= today);
        let insured = self.insured_until.is_some_and(|until| today <= until);
        // Who sends its own people insures them; the law asks it of the one who calls volunteers together.
        let person = self.kind == ResourceKind::Volunteer;
        let found = [(person && !old_enough, Bar::Age), (person && risk.insured && !insured, Bar::Insurance)];
        found.into_iter().filter_map(|(holds, bar)| holds.then_some(bar)).collect()
    }

    /// The skills that count today: where a certificate is asked for, only with one that was seen and has not run out.
    pub fn counts(&self, pack: &Dispatch, today: Date) -> u32 {
        let seen = |code: &str| {
            let holds =
                |(skill, until): &(String, Option<Date>)| skill == code && until.is_none_or(|until| today <= until);
            self.certified.iter().any(holds)
        };
        let counting = self.skills.iter().copied().filter(|code| match pack.skill(code) {
            Some(skill) => !skill.certificate || seen(code),
            None => false,
        });
        pack.bits(counting)
    }

    /// As the engine takes it, when it may be asked; `taken` are parts already booked, `this_week` its tasks in them.
    pub fn offered(&self, pack: &Dispatch, today: Date, middle: Place, taken: u32, this_week: u32) -> Option<Resource> {
        if !self.bars(pack, today).is_empty() {
            return None;
        }
        let person = self.kind == ResourceKind::Volunteer;
        let whole = |value: i64| u32::try_from(value).unwrap_or(0);
        Some(Resource {
            at: self.place.seen_from(middle),
            skills: self.counts(pack, today),
            slots: self.hours.slots(today, &pack.parts) & !taken,
            capacity: whole(self.capacity).saturating_sub(this_week),
            radius: self.reach as f32 / 1_000.0,
            group: if person { 1 } else { GROUP },
            recent: this_week,
            acceptance: pack.prior.acceptance(whole(self.asked), whole(self.came)) as f32,
        })
    }
}

/// The day from which somebody born then is of age, when that is still to come; a 29 February comes of age on 1 March.
pub fn minor_until(born: Date, today: Date) -> Option<Date> {
    let grown = born.saturating_add(18.years());
    let grown = if grown.day() == born.day() { grown } else { grown.saturating_add(1.day()) };
    (today < grown).then_some(grown)
}
