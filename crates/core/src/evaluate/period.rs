//! Periods of the calendar that a report is about: a month, a quarter, half a year.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::people::text_enum;
use crate::time::day_number;

text_enum! {
    /// How long a period is.
    PeriodKind {
        Month = "month",
        Quarter = "quarter",
        HalfYear = "half-year",
    }
}

impl PeriodKind {
    /// Months of one period.
    pub fn months(self) -> i16 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
        }
    }
}

/// A month, quarter or half of a year of the calendar: `2011-07`, `2011Q3`, `2011H2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    kind: PeriodKind,
    /// The month it begins with, counted from the year 0. INVARIANT: a multiple of the months of its kind.
    from: i16,
}

/// Why a text is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no period; write a month as 2011-07, a quarter as 2011Q3, half a year as 2011H2")]
pub struct PeriodFault(String);

/// Years a report can be about.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2600;

impl Period {
    fn new(kind: PeriodKind, from: i16) -> Option<Self> {
        YEARS.contains(&from.div_euclid(12)).then_some(Self { kind, from })
    }

    /// The period of a kind that holds a day; none outside the years a report can be about.
    pub fn of(kind: PeriodKind, date: Date) -> Option<Self> {
        let month = date.year() * 12 + i16::from(date.month()) - 1;
        Self::new(kind, month - month.rem_euclid(kind.months()))
    }

    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    pub fn year(self) -> i16 {
        self.from / 12
    }

    /// Its place in the year, from 1.
    pub fn place(self) -> i16 {
        self.from % 12 / self.kind.months() + 1
    }

    pub fn first(self) -> Date {
        first_of(self.from)
    }

    pub fn last(self) -> Date {
        first_of(self.from + self.kind.months() - 1).last_of_month()
    }

    /// First and last day as yyyymmdd.
    pub fn days(self) -> (i64, i64) {
        (day_number(self.first()), day_number(self.last()))
    }

    /// The one directly before; none before all years.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        Self::new(self.kind, self.from - self.kind.months())
    }

    /// The same one a year before.
    #[must_use]
    pub fn year_before(self) -> Option<Self> {
        Self::new(self.kind, self.from - 12)
    }

    /// Whether a month (yyyymm) lies in it.
    pub fn holds(self, month: i64) -> bool {
        let (first, last) = self.days();
        (first / 100..=last / 100).contains(&month)
    }

    /// Whether they have a day in common.
    pub fn meets(self, other: Self) -> bool {
        self.first() <= other.last() && other.first() <= self.last()
    }
}

/// INVARIANT: `month` lies in [`YEARS`], where every month has a first day.
fn first_of(month: i16) -> Date {
    Date::constant(month / 12, (month % 12 + 1) as i8, 1)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, place) = (self.year(), self.place());
        match self.kind {
            PeriodKind::Month => write!(f, "{year:04}-{place:02}"),
            PeriodKind::Quarter => write!(f, "{year:04}Q{place}"),
            PeriodKind::HalfYear => write!(f, "{year:04}H{place}"),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodFault;

    fn from_str(text: &str) -> Result<Self, PeriodFault> {
        let marks = [('Q', PeriodKind::Quarter), ('H', PeriodKind::HalfYear), ('-', PeriodKind::Month)];
        let read = || {
            let upper = text.trim().to_ascii_uppercase();
            let (mark, kind) = marks.into_iter().find(|(mark, _)| upper.contains(*mark))?;
            let (year, place) = upper.split_once(mark)?;
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            if year.len() != 4 || place.is_empty() || place.len() > 2 || !digits(year) || !digits(place) {
                return None;
            }
            let (year, place): (i16, i16) = (year.parse().ok()?, place.parse().ok()?);
            if !(1..=12 / kind.months()).contains(&place) || !YEARS.contains(&year) {
                return None;
            }
            Self::new(kind, year * 12 + (place - 1) * kind.months())
        };
        read().ok_or_else(|| PeriodFault(text.to_owned()))
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodFault;

    fn try_from(text: String) -> Result<Self, PeriodFault> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().expect("a period")
    }

    #[test]
    fn a_period_is_read_as_it_is_written() {
        for text in ["2011Q3", "2011-07", "2011H2", "2024-02", "1999Q1"] {
            assert_eq!(period(text).to_string(), text);
        }
        assert_eq!(period("2011q3"), period(" 2011Q3 "));
        assert_eq!(period("2011-7"), period("2011-07"));
        for text in ["", "2011", "2011Q5", "2011Q0", "2011H3", "2011-13", "2011-00", "11Q3", "2011Q3x", "Q3", "2011Q+1"]
        {
            assert_eq!(text.parse::<Period>(), Err(PeriodFault(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn its_days_are_those_of_its_months() {
        assert_eq!(period("2011Q3").days(), (20_110_701, 20_110_930));
        assert_eq!(period("2011H2").days(), (20_110_701, 20_111_231));
        assert_eq!(period("2024-02").days(), (20_240_201, 20_240_229));
        assert!(period("2011Q3").holds(201_109) && !period("2011Q3").holds(201_110));
    }

    #[test]
    fn the_one_before_and_a_year_before() {
        for (text, before, year) in [
            ("2011Q1", "2010Q4", "2010Q1"),
            ("2011Q3", "2011Q2", "2010Q3"),
            ("2024-01", "2023-12", "2023-01"),
            ("2024H1", "2023H2", "2023H1"),
        ] {
            assert_eq!(period(text).before(), Some(period(before)), "{text}");
            assert_eq!(period(text).year_before(), Some(period(year)), "{text}");
        }
        assert_eq!(period("1900Q1").before(), None);
    }

    #[test]
    fn a_day_lies_in_one_of_each_kind() {
        let day = Date::constant(2011, 9, 30);
        let of = |kind| Period::of(kind, day).map(|period| period.to_string());
        assert_eq!(of(PeriodKind::Month).as_deref(), Some("2011-09"));
        assert_eq!(of(PeriodKind::Quarter).as_deref(), Some("2011Q3"));
        assert_eq!(of(PeriodKind::HalfYear).as_deref(), Some("2011H2"));
        assert!(period("2011Q3").meets(period("2011-09")) && !period("2011Q3").meets(period("2011-10")));
    }
}
