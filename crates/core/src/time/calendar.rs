//! Working days of a jurisdiction: weekends, holidays, and the weekends worked to make up for them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use super::Timestamp;

/// The exceptions of one covered year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearDays {
    /// Days off. Weekends need not be listed.
    pub off: Vec<Date>,
    /// Weekend days that are worked.
    pub work: Vec<Date>,
}

/// What a date is, for counting and for saying why it was or was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    Working,
    /// A weekend day worked to make up for a holiday.
    MakeUp,
    Weekend,
    /// A day listed as off, weekday or not.
    Holiday,
}

impl DayKind {
    pub fn is_working(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp)
    }
}

/// A zone, its weekend and the exceptions of the covered years.
///
/// A year that is not covered has weekends only, and whatever was counted through it is provisional.
#[derive(Clone, Debug)]
pub struct Calendar {
    version: String,
    zone: TimeZone,
    weekend: Vec<Weekday>,
    years: BTreeMap<i16, Year>,
    /// Of a working day, ascending and apart. None: no working hours are told.
    hours: Vec<Opening>,
}

/// A stretch of a working day on the wall, in minutes after midnight: `[from, until)`, at most 1,440.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub from: u16,
    pub until: u16,
}

#[derive(Clone, Debug)]
struct Year {
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

impl Calendar {
    /// A calendar that knows weekends only. At least one day of the week must be left to work on.
    pub fn new(version: impl Into<String>, zone: TimeZone, weekend: &[Weekday]) -> Self {
        Self { version: version.into(), zone, weekend: weekend.to_vec(), years: BTreeMap::new(), hours: Vec::new() }
    }

    /// Tells the hours of a working day: a day may be split, as by a rest at noon.
    #[must_use]
    pub fn open(mut self, hours: Vec<Opening>) -> Self {
        self.hours = hours;
        self
    }

    pub fn hours(&self) -> &[Opening] {
        &self.hours
    }

    /// Adds the exceptions of a year; dates of other years are ignored when counting.
    pub fn cover(&mut self, year: i16, days: YearDays) {
        let year_of = Year { off: days.off.into_iter().collect(), work: days.work.into_iter().collect() };
        self.years.insert(year, year_of);
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Years whose holidays are known, first to last.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.keys().copied()
    }

    /// Whether the holidays of the date's year are known.
    pub fn covers(&self, date: Date) -> bool {
        self.years.contains_key(&date.year())
    }

    pub fn kind(&self, date: Date) -> DayKind {
        let year = self.years.get(&date.year());
        let weekend = self.weekend.contains(&date.weekday());
        if year.is_some_and(|year| year.off.contains(&date)) {
            DayKind::Holiday
        } else if year.is_some_and(|year| year.work.contains(&date)) {
            if weekend { DayKind::MakeUp } else { DayKind::Working }
        } else if weekend {
            DayKind::Weekend
        } else {
            DayKind::Working
        }
    }

    pub fn is_working(&self, date: Date) -> bool {
        self.kind(date).is_working()
    }

    /// Date and time on the wall at an instant, clamped to the years -9999 to 9999.
    pub fn local(&self, at: Timestamp) -> DateTime {
        match jiff::Timestamp::from_microsecond(at.0) {
            Ok(at) => self.zone.to_datetime(at),
            Err(_) if at.0 < 0 => DateTime::MIN,
            Err(_) => DateTime::MAX,
        }
    }

    /// The date on the wall at an instant, clamped likewise.
    pub fn local_date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// First instant of the date, and first instant of the next one: `[start, end)`.
    ///
    /// A day is not always 24 hours long, and does not always begin at 00:00 (clocks that skip midnight).
    pub fn day_bounds(&self, date: Date) -> (Timestamp, Timestamp) {
        (self.day_start(date), self.day_start(after(date)))
    }

    fn day_start(&self, date: Date) -> Timestamp {
        self.instant(date.at(0, 0, 0, 0))
    }

    /// The instant of a time on the wall. One that is skipped stands for as long after the jump, one that comes twice
    /// for the first.
    fn instant(&self, wall: DateTime) -> Timestamp {
        let at = self.zone.to_ambiguous_timestamp(wall).compatible();
        let end_of_time = if wall.year() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Timestamp(at.unwrap_or(end_of_time).as_microsecond())
    }

    /// The opening hours of a date that is worked, as `[from, until)`, ascending.
    pub(super) fn hours_of(&self, date: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.hours.iter().map(move |opening| (self.minute_of(date, opening.from), self.minute_of(date, opening.until)))
    }

    /// Whether the instant lies within the opening hours of a working day.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let date = self.local_date(at);
        self.is_working(date) && self.hours_of(date).any(|(from, until)| from <= at && at < until)
    }

    /// The instant of a minute after midnight of the date.
    pub(crate) fn minute_of(&self, date: Date, minute: u16) -> Timestamp {
        match minute {
            1440 => self.day_start(after(date)),
            minute => self.instant(date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0)),
        }
    }

    /// The `days`-th working day after the date; the date itself does not count. The date itself for 0.
    #[must_use]
    pub fn add_working_days(&self, date: Date, days: u32) -> Date {
        let mut day = date;
        for _ in 0..days {
            day = self.next_working(after(day));
        }
        day
    }

    /// The date, if it is worked, else the next one that is.
    #[must_use]
    pub fn next_working(&self, date: Date) -> Date {
        let mut day = date;
        while !self.is_working(day) && day < Date::MAX {
            day = after(day);
        }
        day
    }
}

/// The next date, clamped at the end of year 9999.
pub(super) fn after(date: Date) -> Date {
    date.saturating_add(1.day())
}
