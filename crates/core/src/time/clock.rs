//! Due times: a budget of hours, days or working days from a start, and the reasons line by line.
//!
//! Days are counted as 民法典 (Civil Code) arts. 200–203 have it: the day of the start does not count; a period of
//! days ends at 24:00 of its last day; hours run from the start itself.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::Timestamp;
use super::calendar::{Calendar, DayKind, after};

/// The unit a budget is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetUnit {
    NaturalHours,
    NaturalDays,
    #[default]
    WorkingDays,
}

impl BudgetUnit {
    pub const ALL: [Self; 3] = [Self::NaturalHours, Self::NaturalDays, Self::WorkingDays];
    pub const CODES: [&'static str; 3] = ["natural_hours", "natural_days", "working_days"];

    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }

    /// The largest budget a pack may give: about a year.
    pub fn most(self) -> i64 {
        match self {
            Self::NaturalHours => 8_784,
            Self::NaturalDays => 366,
            Self::WorkingDays => 260,
        }
    }
}

/// How long somebody has, and by what rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Budget {
    pub amount: u32,
    pub unit: BudgetUnit,
    /// Natural days only: a period that would end on a day off ends on the next working day (民法典 art. 203).
    pub roll_to_working_day: bool,
    /// The law, standard or rule it comes from.
    pub basis: String,
}

/// When a budget runs out, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first instant that is too late.
    pub at: Timestamp,
    /// True when a year was counted whose holidays the calendar does not know yet.
    pub provisional: bool,
    pub calendar_version: String,
    pub explain: Vec<ExplainLine>,
}

/// One line of the reasons for a due time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainLine {
    /// The clock started, on the wall of the calendar's zone.
    Start { at: DateTime },
    /// The day of the start does not count.
    StartDayNotCounted { date: Date },
    /// Days counted, the `first`-th to the `last`-th of the budget.
    Counted { from: Date, to: Date, first: u32, last: u32, kind: DayKind },
    /// Days between that do not count.
    Skipped { from: Date, to: Date, kind: DayKind },
    /// Hours added to the start.
    Hours { hours: u32 },
    /// Natural days added to the day of the start.
    Days { days: u32, last: Date },
    /// The last day is off, so the period ends on the next working day.
    Rolled { from: Date, to: Date },
    /// The holidays of this year are not published in the calendar: weekends only.
    Provisional { year: i16 },
    /// The promise must be kept before this time on the wall.
    Due { at: DateTime, basis: String },
}

/// When a budget that starts at `start` runs out under the calendar.
///
/// Working days: the day of the start does not count, working or not; the budget ends at 24:00 of the N-th working
/// day after it. Natural days: likewise with every day counted. Hours: plain elapsed time.
pub fn due(start: Timestamp, budget: &Budget, calendar: &Calendar) -> Due {
    let mut count = Count { calendar, unknown: Vec::new(), lines: Vec::new() };
    count.lines.push(ExplainLine::Start { at: calendar.local(start) });
    let first = calendar.local_date(start);
    let at = match budget.unit {
        BudgetUnit::NaturalHours => {
            count.lines.push(ExplainLine::Hours { hours: budget.amount });
            start.plus(i64::from(budget.amount) * Timestamp::HOUR)
        }
        BudgetUnit::NaturalDays => calendar.day_bounds(count.natural_days(first, budget)).1,
        BudgetUnit::WorkingDays => calendar.day_bounds(count.working_days(first, budget.amount)).1,
    };
    let Count { unknown, lines: mut explain, .. } = count;
    let provisional = !unknown.is_empty();
    explain.extend(unknown.into_iter().map(|year| ExplainLine::Provisional { year }));
    explain.push(ExplainLine::Due { at: calendar.local(at), basis: budget.basis.clone() });
    Due { at, provisional, calendar_version: calendar.version().to_owned(), explain }
}

/// A count of days under way, with its reasons so far.
struct Count<'a> {
    calendar: &'a Calendar,
    /// Years that were looked at and are not covered, ascending.
    unknown: Vec<i16>,
    lines: Vec<ExplainLine>,
}

impl Count<'_> {
    fn look(&mut self, date: Date) -> DayKind {
        if !self.calendar.covers(date) && self.unknown.last() != Some(&date.year()) {
            self.unknown.push(date.year());
        }
        self.calendar.kind(date)
    }

    /// The last working day of the budget.
    fn working_days(&mut self, first: Date, days: u32) -> Date {
        self.lines.push(ExplainLine::StartDayNotCounted { date: first });
        let mut day = first;
        let mut counted = 0;
        while counted < days && day < Date::MAX {
            day = after(day);
            let kind = self.look(day);
            counted += u32::from(kind.is_working());
            self.note(day, kind, counted);
        }
        day
    }

    /// The last natural day of the budget, moved past days off when the budget says so.
    fn natural_days(&mut self, first: Date, budget: &Budget) -> Date {
        self.lines.push(ExplainLine::StartDayNotCounted { date: first });
        let last = first.saturating_add(i64::from(budget.amount).days());
        self.lines.push(ExplainLine::Days { days: budget.amount, last });
        let mut day = last;
        while budget.roll_to_working_day && !self.look(day).is_working() && day < Date::MAX {
            day = after(day);
        }
        if day != last {
            self.lines.push(ExplainLine::Rolled { from: last, to: day });
        }
        day
    }

    /// Adds a day to the reasons, lengthening the last line where it says the same.
    fn note(&mut self, date: Date, kind: DayKind, number: u32) {
        match self.lines.last_mut() {
            Some(ExplainLine::Counted { to, last, kind: same, .. }) if kind.is_working() && *same == kind => {
                (*to, *last) = (date, number);
            }
            Some(ExplainLine::Skipped { to, kind: same, .. }) if *same == kind => *to = date,
            _ if kind.is_working() => {
                self.lines.push(ExplainLine::Counted { from: date, to: date, first: number, last: number, kind });
            }
            _ => self.lines.push(ExplainLine::Skipped { from: date, to: date, kind }),
        }
    }
}

impl DayKind {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Working => ("工作日", "working day"),
            Self::MakeUp => ("调休上班日", "make-up working day"),
            Self::Weekend => ("周末", "weekend"),
            Self::Holiday => ("法定节假日", "public holiday"),
        }
    }
}

impl ExplainLine {
    pub fn zh(&self) -> String {
        match self {
            Self::Start { at } => format!("{} 起算", minute(*at)),
            Self::StartDayNotCounted { date } => format!("{date} 为开始当日，不计入"),
            Self::Counted { from, to, first, last, kind } => {
                format!("{}：第{}个工作日（{}）", span(from, to), span(first, last), kind.names().0)
            }
            Self::Skipped { from, to, kind } => format!("{}：不计（{}）", span(from, to), kind.names().0),
            Self::Hours { hours } => format!("加 {hours} 小时（自然时）"),
            Self::Days { days, last } => format!("加 {days} 日（自然日），最后一日为 {last}"),
            Self::Rolled { from, to } => format!("{from} 为休息日，顺延至 {to}"),
            Self::Provisional { year } => format!("{year} 年放假安排尚未录入，暂按周末推算"),
            Self::Due { at, basis } => format!("{} 截止；依据：{basis}", end_minute(*at)),
        }
    }

    pub fn en(&self) -> String {
        match self {
            Self::Start { at } => format!("starts {}", minute(*at)),
            Self::StartDayNotCounted { date } => format!("{date}: the day of the start does not count"),
            Self::Counted { from, to, first, last, kind } => {
                format!("{}: day {} of the budget ({})", span(from, to), span(first, last), kind.names().1)
            }
            Self::Skipped { from, to, kind } => format!("{}: not counted ({})", span(from, to), kind.names().1),
            Self::Hours { hours } => format!("plus {hours} hours"),
            Self::Days { days, last } => format!("plus {days} natural days, the last is {last}"),
            Self::Rolled { from, to } => format!("{from} is a day off, so it ends on {to}"),
            Self::Provisional { year } => format!("holidays of {year} are not known yet: weekends only"),
            Self::Due { at, basis } => format!("due {}; basis: {basis}", end_minute(*at)),
        }
    }
}

/// `a` or `a–b`.
fn span<T: PartialEq + std::fmt::Display>(from: &T, to: &T) -> String {
    if from == to { from.to_string() } else { format!("{from}–{to}") }
}

fn minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The end of a day is written 24:00 of that day, as the law has it, not 00:00 of the next.
fn end_minute(at: DateTime) -> String {
    match at.date().yesterday() {
        Ok(day) if at.time() == jiff::civil::Time::midnight() => format!("{day} 24:00"),
        _ => minute(at),
    }
}
