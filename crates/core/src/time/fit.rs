//! From a record of starts and deadlines back to the budget they follow, and why a deadline does not follow it.

use std::collections::BTreeMap;

use super::Timestamp;
use super::calendar::{Calendar, after};
use super::clock::{Budget, BudgetUnit, Ledger, Promise};

/// A promise as another system kept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub start: Timestamp,
    pub due: Timestamp,
}

/// Two deadlines are one when they lie no further apart: systems cut or round the seconds.
pub const TOLERANCE: i64 = Timestamp::MINUTE;

/// Amounts that are tried of each unit: those that stand most often.
const TRIED: usize = 3;

/// Where a deadline of the record lies beside ours, and the first reason that explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Within the tolerance.
    Same,
    /// No working time lies between: the evening of one day and the morning of the next.
    SameWorkingMoment,
    /// Counted on the wall, over a night in which the clocks were changed.
    ClocksChanged,
    /// Begun outside opening hours: theirs keeps the time of day at which it began, at most one working day away.
    BegunOutsideHours,
    /// Follows another budget that this class also had.
    OtherBudget,
    Unexplained,
}

impl Difference {
    pub const ALL: [Self; 6] = [
        Self::Same,
        Self::SameWorkingMoment,
        Self::ClocksChanged,
        Self::BegunOutsideHours,
        Self::OtherBudget,
        Self::Unexplained,
    ];
}

/// The budget that most of a record follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub budget: Budget,
    /// Others that at least a hundredth of the record follows, the commonest first.
    pub others: Vec<Budget>,
}

/// Finds the budget under which the most deadlines agree, among the commonest amounts of each unit. `None` for an empty
/// record, and for one that no whole budget of at least one unit fits once.
pub fn fit(record: &[Kept], calendar: &Calendar) -> Option<Fit> {
    let mut tried: Vec<(usize, Budget)> = Vec::new();
    for unit in BudgetUnit::ALL {
        let mut amounts: BTreeMap<i64, usize> = BTreeMap::new();
        for kept in record {
            if let Some(amount) = amount(unit, *kept, calendar).filter(|amount| (1..=unit.most()).contains(amount)) {
                *amounts.entry(amount).or_default() += 1;
            }
        }
        let mut amounts: Vec<(i64, usize)> = amounts.into_iter().collect();
        amounts.sort_by_key(|(amount, count)| (std::cmp::Reverse(*count), *amount));
        for (amount, _) in amounts.into_iter().take(TRIED) {
            let budget = Budget { amount: amount as u32, unit, ..Budget::default() };
            let followed = record.iter().filter(|kept| follows(**kept, &budget, calendar)).count();
            tried.push((followed, budget));
        }
    }
    // Of equals the unit that is simplest to say stands first, since the sort is stable.
    tried.sort_by_key(|(followed, _)| std::cmp::Reverse(*followed));
    tried.retain(|(followed, _)| *followed > 0 && followed * 100 >= record.len());
    let mut budgets = tried.into_iter().map(|(_, budget)| budget);
    Some(Fit { budget: budgets.next()?, others: budgets.collect() })
}

impl Fit {
    /// When the budget runs out.
    pub fn due(&self, start: Timestamp, calendar: &Calendar) -> Timestamp {
        end(start, &self.budget, calendar)
    }

    /// How a deadline of the record lies beside the one this budget gives.
    pub fn compare(&self, kept: Kept, calendar: &Calendar) -> Difference {
        let ours = self.due(kept.start, calendar);
        if is_same(ours, kept.due) {
            return Difference::Same;
        }
        let is_working = self.budget.unit.is_working();
        if follows(kept, &self.budget, calendar) {
            return if is_working { Difference::SameWorkingMoment } else { Difference::ClocksChanged };
        }
        if is_working && is_begun_outside(kept, ours, calendar) {
            return Difference::BegunOutsideHours;
        }
        if self.others.iter().any(|other| follows(kept, other, calendar)) {
            return Difference::OtherBudget;
        }
        Difference::Unexplained
    }
}

/// Begun while closed, due at the same time of day, and no more than one working day away from ours.
fn is_begun_outside(kept: Kept, ours: Timestamp, calendar: &Calendar) -> bool {
    let time_of_day = |at: Timestamp| at.since(calendar.day_bounds(calendar.local_date(at)).0);
    let day: i64 = calendar.hours().iter().map(|hours| i64::from(hours.until - hours.from) * Timestamp::MINUTE).sum();
    !calendar.is_open(kept.start)
        && (time_of_day(kept.start) - time_of_day(kept.due)).abs() <= TOLERANCE
        && worked(ours.min(kept.due), ours.max(kept.due), calendar) <= day
}

/// When a budget that is never paused runs out, without the reasons.
fn end(start: Timestamp, budget: &Budget, calendar: &Calendar) -> Timestamp {
    Promise { start, budget, ledger: &Ledger::default(), calendar }.at_share(100)
}

fn is_same(ours: Timestamp, theirs: Timestamp) -> bool {
    ours.since(theirs).abs() <= TOLERANCE
}

/// Whether the deadline is that of the budget; in working time, or the same moment of it; in hours, or the same on the
/// wall over a change of clocks.
fn follows(kept: Kept, budget: &Budget, calendar: &Calendar) -> bool {
    let ours = end(kept.start, budget, calendar);
    is_same(ours, kept.due)
        || match budget.unit {
            BudgetUnit::WorkingHours | BudgetUnit::WorkingMinutes => {
                worked(ours.min(kept.due), ours.max(kept.due), calendar) <= TOLERANCE
            }
            BudgetUnit::NaturalHours => {
                let offset = |at: Timestamp| calendar.zone().to_offset(instant(at)).seconds();
                let changed = i64::from(offset(kept.start) - offset(ours)) * Timestamp::SECOND;
                is_same(ours.plus(changed), kept.due)
            }
            BudgetUnit::NaturalDays | BudgetUnit::WorkingDays => false,
        }
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.0).unwrap_or_default()
}

/// The whole amount that lies between start and deadline, where there is one.
fn amount(unit: BudgetUnit, kept: Kept, calendar: &Calendar) -> Option<i64> {
    let whole = |micros: i64, each: i64| {
        let amount = (micros + each / 2).div_euclid(each);
        ((amount * each - micros).abs() <= TOLERANCE).then_some(amount)
    };
    match unit {
        BudgetUnit::NaturalHours => whole(kept.due.since(kept.start), Timestamp::HOUR),
        BudgetUnit::WorkingHours => whole(worked(kept.start, kept.due, calendar), Timestamp::HOUR),
        // Nobody sets a finer budget, and seconds that were cut would make one of their own.
        BudgetUnit::WorkingMinutes => {
            whole(worked(kept.start, kept.due, calendar), 15 * Timestamp::MINUTE).map(|quarters| 15 * quarters)
        }
        BudgetUnit::NaturalDays | BudgetUnit::WorkingDays => {
            let last = calendar.local_date(kept.due.plus(-TOLERANCE - 1));
            if !is_same(calendar.day_bounds(last).1, kept.due) {
                return None;
            }
            let days = std::iter::successors(Some(after(calendar.local_date(kept.start))), |day| Some(after(*day)));
            let counts = |day: &jiff::civil::Date| unit == BudgetUnit::NaturalDays || calendar.is_working(*day);
            Some(days.take_while(|day| *day <= last).filter(counts).count() as i64)
        }
    }
}

/// Working time between two instants.
fn worked(from: Timestamp, until: Timestamp, calendar: &Calendar) -> i64 {
    let days = std::iter::successors(Some(calendar.local_date(from)), |day| Some(after(*day)));
    let last = calendar.local_date(until);
    days.take_while(|day| *day <= last)
        .filter(|day| calendar.is_working(*day))
        .flat_map(|day| calendar.hours_of(day))
        .map(|(open, close)| close.min(until).since(open.max(from)).max(0))
        .sum()
}
