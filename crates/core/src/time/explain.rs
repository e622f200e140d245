//! The reasons for a due time, line by line, in both languages.

use jiff::civil::{Date, DateTime};

use super::calendar::DayKind;
use super::clock::BudgetUnit;

/// One line of the reasons for a due time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainLine {
    /// The clock started, on the wall of the calendar's zone.
    Start { at: DateTime },
    /// The day of the start does not count.
    StartDayNotCounted { date: Date },
    /// Days counted, the `first`-th to the `last`-th of the budget.
    Counted { from: Date, to: Date, first: i64, last: i64, kind: DayKind },
    /// Days between that do not count.
    Skipped { from: Date, to: Date, why: Skip },
    /// Hours added to the start.
    Hours { hours: i64 },
    /// Minutes of opening hours used on each of these days, and with them in all, `of` so many.
    Worked { from: Date, to: Date, minutes: i64, total: i64, of: i64 },
    /// Natural days added to the day of the start.
    Days { days: i64, last: Date },
    /// More time was granted.
    Extended { amount: u32, unit: BudgetUnit },
    /// The clock stood still; without `until` it still does.
    Paused { from: DateTime, until: Option<DateTime> },
    /// The last day is off, so the period ends on the next working day.
    Rolled { from: Date, to: Date },
    /// The holidays of this year are not published in the calendar: weekends only.
    Provisional { year: i16 },
    /// The promise must be kept before this time on the wall.
    Due { at: DateTime, basis: String },
    /// Nothing falls due while the clock stands still.
    Waiting { basis: String },
}

/// Why a day did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    Off(DayKind),
    /// The clock stood still as the day ended.
    Paused,
}

impl From<DayKind> for Skip {
    fn from(kind: DayKind) -> Self {
        Self::Off(kind)
    }
}

impl Skip {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Off(kind) => kind.names(),
            Self::Paused => ("计时中止", "clock paused"),
        }
    }
}

impl BudgetUnit {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::NaturalHours => ("小时", "hours"),
            Self::NaturalDays => ("日", "days"),
            Self::WorkingDays => ("个工作日", "working days"),
            Self::WorkingHours => ("个工作小时", "working hours"),
            Self::WorkingMinutes => ("分钟工作时间", "working minutes"),
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
            Self::Skipped { from, to, why } => format!("{}：不计（{}）", span(from, to), why.names().0),
            Self::Worked { from, to, minutes, total, of } => {
                let each = if from == to { "" } else { "每天" };
                format!("{}：{each}计 {}，累计 {}／{}", span(from, to), hours(*minutes), hours(*total), hours(*of))
            }
            Self::Extended { amount, unit } => format!("经批准延期，另加 {amount} {}", unit.names().0),
            Self::Paused { from, until: Some(until) } => {
                format!("{}–{}：计时中止，不计", minute(*from), minute(*until))
            }
            Self::Paused { from, until: None } => format!("{} 起计时中止，尚未恢复", minute(*from)),
            Self::Waiting { basis } => format!("恢复计时后重新推算截止时间；依据：{basis}"),
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
            Self::Skipped { from, to, why } => format!("{}: not counted ({})", span(from, to), why.names().1),
            Self::Worked { from, to, minutes, total, of } => {
                let each = if from == to { "" } else { " each day" };
                format!("{}: {}{each}, {} of {}", span(from, to), hours(*minutes), hours(*total), hours(*of))
            }
            Self::Extended { amount, unit } => format!("extension granted: {amount} more {}", unit.names().1),
            Self::Paused { from, until: Some(until) } => {
                format!("{}–{}: paused, not counted", minute(*from), minute(*until))
            }
            Self::Paused { from, until: None } => format!("paused since {}", minute(*from)),
            Self::Waiting { basis } => format!("nothing falls due until the clock goes on; basis: {basis}"),
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

/// `7:30`, hours and minutes.
fn hours(minutes: i64) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
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
