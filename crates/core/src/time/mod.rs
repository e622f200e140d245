//! Instants and, in `calendar` and `clock`, the working days and due times of a city.

pub mod calendar;
pub mod clock;
pub mod explain;
pub mod fit;
mod walk;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z. The only representation of an instant in core, store and API rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl From<i64> for Timestamp {
    fn from(micros: i64) -> Self {
        Self(micros)
    }
}

/// A date as yyyymmdd: how days stand in tables and addresses.
pub fn day_number(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The date of a yyyymmdd; none where it is no day of a calendar.
pub fn date_of_number(day: i64) -> Option<Date> {
    Date::new(i16::try_from(day / 10_000).ok()?, (day / 100 % 100) as i8, (day % 100) as i8).ok()
}

impl Timestamp {
    pub const SECOND: i64 = 1_000_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;
    /// Later than anything that happens: when a promise falls due whose clock stands still.
    pub const NEVER: Self = Self(i64::MAX);

    /// Its month in UTC as yyyymm; 0 for what no calendar holds.
    #[must_use]
    pub fn month(self) -> i64 {
        let local = jiff::Timestamp::from_microsecond(self.0).map(|at| jiff::tz::Offset::UTC.to_datetime(at));
        local.map_or(0, |at| i64::from(at.year()) * 100 + i64::from(at.month()))
    }

    /// The instant `micros` later (earlier when negative), clamped at the ends of the representable range.
    #[must_use]
    pub fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to `self`, negative when `self` is before it.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
