//! Due times: a budget of hours, days or working time from a start, less the time it was paused, and the reasons.
//!
//! Days are counted as 民法典 (Civil Code) arts. 200–203 have it: the day of the start does not count; a period of
//! days ends at 24:00 of its last day; hours run from the start itself. A day counts when the clock was running as the
//! day ended: a pause within one day gains nothing, and a clock that goes on has at least the rest of that day.

use serde::Serialize;

use super::Timestamp;
use super::calendar::Calendar;
use super::explain::ExplainLine;
use super::walk::{Target, Walk};

/// The unit a budget is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetUnit {
    NaturalHours,
    NaturalDays,
    #[default]
    WorkingDays,
    /// Hours within the opening hours of working days.
    WorkingHours,
    /// The same where a working day is no whole number of hours.
    WorkingMinutes,
}

impl BudgetUnit {
    pub const ALL: [Self; 5] =
        [Self::NaturalHours, Self::NaturalDays, Self::WorkingDays, Self::WorkingHours, Self::WorkingMinutes];
    pub const CODES: [&'static str; 5] =
        ["natural_hours", "natural_days", "working_days", "working_hours", "working_minutes"];

    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }

    /// The largest budget a pack may give: about two years.
    pub fn most(self) -> i64 {
        match self {
            Self::NaturalHours => 17_568,
            Self::NaturalDays => 732,
            Self::WorkingDays => 520,
            Self::WorkingHours => 4_160,
            Self::WorkingMinutes => 249_600,
        }
    }

    /// Whether it is counted in whole days.
    pub fn is_days(self) -> bool {
        matches!(self, Self::NaturalDays | Self::WorkingDays)
    }

    /// Whether only opening hours count.
    pub fn is_working(self) -> bool {
        matches!(self, Self::WorkingHours | Self::WorkingMinutes)
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

/// Time that does not count: `[from, until)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: Timestamp,
    /// [`Timestamp::NEVER`] while it lasts.
    pub until: Timestamp,
}

/// What happened to a promise beside time. It belongs to the promise, whatever its budget becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// In any order; they may overlap.
    pub pauses: Vec<Pause>,
    /// Granted on top of the budget, in its unit.
    pub extra: u32,
}

/// One running promise: what its due time follows from.
#[derive(Clone, Copy, Debug)]
pub struct Promise<'a> {
    pub start: Timestamp,
    pub budget: &'a Budget,
    pub ledger: &'a Ledger,
    pub calendar: &'a Calendar,
}

/// When a promise runs out, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first instant that is too late; [`Timestamp::NEVER`] while it is paused.
    pub at: Timestamp,
    /// True when a year was counted whose holidays the calendar does not know yet.
    pub provisional: bool,
    pub calendar_version: String,
    pub explain: Vec<ExplainLine>,
}

/// When a budget that starts at `start` and is never paused runs out.
pub fn due(start: Timestamp, budget: &Budget, calendar: &Calendar) -> Due {
    let ledger = &Ledger { pauses: Vec::new(), extra: 0 };
    Promise { start, budget, ledger, calendar }.due()
}

impl Promise<'_> {
    /// When it runs out, with the reasons: the same walk finds the time and says why.
    pub fn due(&self) -> Due {
        let calendar = self.calendar;
        let mut walk = Walk::new(self, true);
        let at = walk.run(self.target(100));
        let (unknown, mut explain) = walk.end();
        let provisional = !unknown.is_empty();
        explain.extend(unknown.into_iter().map(|year| ExplainLine::Provisional { year }));
        explain.push(if at == Timestamp::NEVER {
            ExplainLine::Waiting { basis: self.budget.basis.clone() }
        } else {
            ExplainLine::Due { at: calendar.local(at), basis: self.budget.basis.clone() }
        });
        Due { at, provisional, calendar_version: calendar.version().to_owned(), explain }
    }

    /// When `percent` of the budget is used up, counted as the budget is: 80 % of five working days is the end of the
    /// fourth. [`Timestamp::NEVER`] while a pause keeps it from being reached.
    pub fn at_share(&self, percent: u32) -> Timestamp {
        Walk::new(self, false).run(self.target(percent))
    }

    fn target(&self, percent: u32) -> Target {
        let amount = i64::from(self.budget.amount) + i64::from(self.ledger.extra);
        let (each, whole) = match self.budget.unit {
            BudgetUnit::NaturalDays | BudgetUnit::WorkingDays => (1_000_000, percent >= 100),
            BudgetUnit::NaturalHours | BudgetUnit::WorkingHours => (Timestamp::HOUR, false),
            BudgetUnit::WorkingMinutes => (Timestamp::MINUTE, false),
        };
        Target {
            units: amount,
            micros: amount * each / 100 * i64::from(percent),
            rolls: whole && self.budget.roll_to_working_day,
        }
    }
}
