//! 考评时段: the quarter or year a unit is scored for.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A quarter (`2026Q3`) or a year (`2026`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    year: i16,
    /// 1 to 4.
    quarter: Option<i8>,
}

impl Term {
    /// The quarter that a day lies in.
    pub fn quarter_of(day: Date) -> Self {
        Self { year: day.year(), quarter: Some((day.month() - 1) / 3 + 1) }
    }

    pub fn is_year(self) -> bool {
        self.quarter.is_none()
    }

    /// Its first and its last day.
    pub fn days(self) -> (Date, Date) {
        let (first, last) = self.quarter.map_or((1, 12), |quarter| (quarter * 3 - 2, quarter * 3));
        (Date::constant(self.year, first, 1), Date::constant(self.year, last, 1).last_of_month())
    }

    /// As in tables, in their order.
    pub fn number(self) -> i64 {
        i64::from(self.year) * 10 + i64::from(self.quarter.unwrap_or_default())
    }

    /// The one just before, of the same length.
    #[must_use]
    pub fn before(self) -> Self {
        match self.quarter {
            None => Self { year: self.year - 1, quarter: None },
            Some(1) => Self { year: self.year - 1, quarter: Some(4) },
            Some(quarter) => Self { year: self.year, quarter: Some(quarter - 1) },
        }
    }

    /// The year it lies in.
    #[must_use]
    pub fn of_year(self) -> Self {
        Self { year: self.year, quarter: None }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quarter {
            None => write!(f, "{}", self.year),
            Some(quarter) => write!(f, "{}Q{quarter}", self.year),
        }
    }
}

impl FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no period; write a quarter as 2026Q3 or a year as 2026");
        let (year, quarter) = text.split_once('Q').map_or((text, None), |(year, quarter)| (year, Some(quarter)));
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let year = year.parse().ok().filter(|year| (1990..=2200).contains(year)).ok_or_else(wrong)?;
        let quarter = match quarter {
            None => None,
            Some(digit @ ("1" | "2" | "3" | "4")) => digit.parse().ok(),
            Some(_) => return Err(wrong()),
        };
        Ok(Self { year, quarter })
    }
}

/// As in tables: 20263 is `2026Q3`, 20260 is `2026`.
impl TryFrom<i64> for Term {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        let (year, quarter) = (number / 10, number % 10);
        let text = if quarter == 0 { year.to_string() } else { format!("{year}Q{quarter}") };
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_and_years_follow_each_other_and_read_as_they_are_written() {
        let mut term: Term = "2026Q2".parse().unwrap();
        assert_eq!(term.days(), ("2026-04-01".parse().unwrap(), "2026-06-30".parse().unwrap()));
        for known in ["2026Q1", "2025Q4", "2025Q3"] {
            let (first, _) = term.days();
            term = term.before();
            assert_eq!(term.to_string(), known);
            assert_eq!(term.days().1.tomorrow().unwrap(), first, "without a gap");
            assert_eq!(Term::quarter_of(term.days().0), term);
            assert_eq!(Term::try_from(term.number()), Ok(term));
            assert_eq!(Term::quarter_of(term.days().1), term);
        }
        let year: Term = "2024".parse().unwrap();
        assert_eq!(year.days(), ("2024-01-01".parse().unwrap(), "2024-12-31".parse().unwrap()));
        assert_eq!((year.before().to_string(), term.of_year().to_string()), ("2023".to_owned(), "2025".to_owned()));
        assert_eq!((Term::try_from(20_240), Term::try_from(20_265).is_err()), (Ok(year), true));
        for wrong in ["", "26Q1", "2026Q5", "2026Q", "2026q1", "2026Q12", "９９９９", "-999", "9999"] {
            assert!(wrong.parse::<Term>().is_err(), "{wrong}");
        }
    }
}
