//! Walking along the calendar until a budget is used up, noting why each stretch counted or did not.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Timestamp;
use super::calendar::{DayKind, after};
use super::clock::{BudgetUnit, Pause, Promise};
use super::explain::{ExplainLine, Skip};

/// How far to walk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    /// The whole budget, as it is written.
    pub(super) units: i64,
    /// Where to stop: microseconds of hours, millionths of days.
    pub(super) micros: i64,
    /// A last day that is off gives way to the next that is worked.
    pub(super) rolls: bool,
}

/// A walk under way, with its reasons so far.
pub(super) struct Walk<'a> {
    promise: &'a Promise<'a>,
    /// Those after the start: apart, ascending, the next one last.
    pauses: Vec<Pause>,
    /// Years that were looked at and are not covered, ascending.
    unknown: Vec<i16>,
    lines: Vec<ExplainLine>,
    /// Start of the last pause that was noted.
    noted: Option<Timestamp>,
    explains: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(promise: &'a Promise<'a>, explains: bool) -> Self {
        let pauses = apart(&promise.ledger.pauses, promise.start);
        Self { promise, pauses, unknown: Vec::new(), lines: Vec::new(), noted: None, explains }
    }

    /// Uncovered years that were looked at, and the reasons.
    pub(super) fn end(self) -> (Vec<i16>, Vec<ExplainLine>) {
        (self.unknown, self.lines)
    }

    pub(super) fn run(&mut self, target: Target) -> Timestamp {
        let Promise { start, budget, ledger, calendar } = *self.promise;
        self.note(|| ExplainLine::Start { at: calendar.local(start) });
        if ledger.extra > 0 {
            self.note(|| ExplainLine::Extended { amount: ledger.extra, unit: budget.unit });
        }
        if target.micros == 0 {
            return start;
        }
        match budget.unit {
            BudgetUnit::NaturalHours => {
                self.note(|| ExplainLine::Hours { hours: target.units });
                self.stretch(start, Timestamp::NEVER, &mut { target.micros }).unwrap_or(Timestamp::NEVER)
            }
            BudgetUnit::WorkingHours | BudgetUnit::WorkingMinutes => self.working_hours(target.micros),
            BudgetUnit::NaturalDays | BudgetUnit::WorkingDays => self.days(target),
        }
    }

    /// Adds a reason, when reasons are asked for.
    fn note(&mut self, line: impl FnOnce() -> ExplainLine) {
        if self.explains {
            self.lines.push(line());
        }
    }

    fn look(&mut self, date: Date) -> DayKind {
        let calendar = self.promise.calendar;
        if !calendar.covers(date) && self.unknown.last() != Some(&date.year()) {
            self.unknown.push(date.year());
        }
        calendar.kind(date)
    }

    /// Uses up `left` within `[from, until)`, but for pauses; when it is all used, the instant at which it was.
    fn stretch(&mut self, mut from: Timestamp, until: Timestamp, left: &mut i64) -> Option<Timestamp> {
        while from < until {
            while self.pauses.last().is_some_and(|pause| pause.until <= from) {
                self.pauses.pop();
            }
            let next = self.pauses.last().copied();
            let open = next.map_or(until, |pause| pause.from.min(until));
            if open > from {
                let length = open.since(from);
                if *left <= length {
                    return Some(from.plus(*left));
                }
                *left -= length;
            }
            let pause = next.filter(|pause| pause.from < until)?;
            self.paused(pause);
            from = pause.until;
        }
        None
    }

    /// Notes a pause once, though several stretches may meet it.
    fn paused(&mut self, pause: Pause) {
        if self.noted.replace(pause.from) == Some(pause.from) {
            return;
        }
        let calendar = self.promise.calendar;
        let until = (pause.until != Timestamp::NEVER).then(|| calendar.local(pause.until));
        self.note(|| ExplainLine::Paused { from: calendar.local(pause.from), until });
    }

    fn working_hours(&mut self, micros: i64) -> Timestamp {
        let Promise { start, calendar, .. } = *self.promise;
        let mut left = micros;
        let mut day = calendar.local_date(start);
        while day < Date::MAX {
            let kind = self.look(day);
            if !kind.is_working() {
                self.skip(day, kind.into());
                day = after(day);
                continue;
            }
            let before = left;
            for (from, until) in calendar.hours_of(day) {
                if until <= start {
                    continue;
                }
                if let Some(at) = self.stretch(from.max(start), until, &mut left) {
                    self.worked(day, before, micros, micros);
                    return at;
                }
                if self.is_stopped_for_good(until) {
                    self.worked(day, before - left, micros - left, micros);
                    return Timestamp::NEVER;
                }
            }
            self.worked(day, before - left, micros - left, micros);
            day = after(day);
        }
        Timestamp::NEVER
    }

    /// Whether a pause without end has begun by `at`.
    fn is_stopped_for_good(&self, at: Timestamp) -> bool {
        self.pauses.first().is_some_and(|pause| pause.until == Timestamp::NEVER && pause.from <= at)
    }

    /// Notes the hours of a day; days that gave the same follow in one line.
    fn worked(&mut self, date: Date, micros: i64, total: i64, of: i64) {
        if !self.explains || micros == 0 {
            return;
        }
        let (minutes, total, of) = (micros / Timestamp::MINUTE, total / Timestamp::MINUTE, of / Timestamp::MINUTE);
        match self.lines.last_mut() {
            Some(ExplainLine::Worked { to, minutes: same, total: sum, .. })
                if *same == minutes && after(*to) == date =>
            {
                (*to, *sum) = (date, total);
            }
            _ => self.lines.push(ExplainLine::Worked { from: date, to: date, minutes, total, of }),
        }
    }

    /// The end of the last day; for a part of a day, that part of it.
    fn days(&mut self, target: Target) -> Timestamp {
        let Promise { start, budget, calendar, .. } = *self.promise;
        let first = calendar.local_date(start);
        self.note(|| ExplainLine::StartDayNotCounted { date: first });
        let (whole, part) = (target.micros / 1_000_000, target.micros % 1_000_000);
        let Some(last) = self.count_days(first, whole, budget.unit) else { return Timestamp::NEVER };
        if part > 0 {
            let Some(day) = self.count_days(last, 1, budget.unit) else { return Timestamp::NEVER };
            let (from, until) = calendar.day_bounds(day);
            return from.plus((i128::from(until.since(from)) * i128::from(part) / 1_000_000) as i64);
        }
        if budget.unit == BudgetUnit::NaturalDays {
            self.note(|| ExplainLine::Days { days: target.units, last });
        }
        let day = if target.rolls { self.roll(last) } else { Some(last) };
        day.map_or(Timestamp::NEVER, |day| calendar.day_bounds(day).1)
    }

    /// The last of `days` days after `first`; `None` when a pause without end comes before it.
    fn count_days(&mut self, first: Date, days: i64, unit: BudgetUnit) -> Option<Date> {
        let mut day = first;
        if unit == BudgetUnit::NaturalDays && self.pauses.is_empty() {
            return Some(first.saturating_add(days.days()));
        }
        let mut counted = 0;
        while counted < days && day < Date::MAX {
            day = after(day);
            let kind = if unit == BudgetUnit::WorkingDays { self.look(day) } else { DayKind::Working };
            if !kind.is_working() {
                self.skip(day, kind.into());
            } else if let Some(pause) = self.pause_at_end(day) {
                if pause.until == Timestamp::NEVER {
                    self.paused(pause);
                    return None;
                }
                self.skip(day, Skip::Paused);
            } else {
                counted += 1;
                self.counted(day, kind, counted);
            }
        }
        Some(day)
    }

    fn roll(&mut self, last: Date) -> Option<Date> {
        let mut day = last;
        while day < Date::MAX {
            let pause = if day == last { None } else { self.pause_at_end(day) };
            if pause.is_some_and(|pause| pause.until == Timestamp::NEVER) {
                return None;
            }
            if pause.is_none() && self.look(day).is_working() {
                break;
            }
            day = after(day);
        }
        if day != last {
            self.note(|| ExplainLine::Rolled { from: last, to: day });
        }
        Some(day)
    }

    /// The pause that lasts over the end of the day.
    fn pause_at_end(&mut self, day: Date) -> Option<Pause> {
        if self.pauses.is_empty() {
            return None;
        }
        let end = self.promise.calendar.day_bounds(day).1;
        while self.pauses.last().is_some_and(|pause| pause.until < end) {
            self.pauses.pop();
        }
        self.pauses.last().copied().filter(|pause| pause.from < end)
    }

    fn counted(&mut self, date: Date, kind: DayKind, number: i64) {
        if !self.explains || self.promise.budget.unit != BudgetUnit::WorkingDays {
            return;
        }
        match self.lines.last_mut() {
            Some(ExplainLine::Counted { to, last, kind: same, .. }) if *same == kind => (*to, *last) = (date, number),
            _ => self.lines.push(ExplainLine::Counted { from: date, to: date, first: number, last: number, kind }),
        }
    }

    fn skip(&mut self, date: Date, why: Skip) {
        if !self.explains {
            return;
        }
        match self.lines.last_mut() {
            Some(ExplainLine::Skipped { to, why: same, .. }) if *same == why => *to = date,
            _ => self.lines.push(ExplainLine::Skipped { from: date, to: date, why }),
        }
    }
}

/// The pauses after `start`, those that touch made one; the next one last.
fn apart(pauses: &[Pause], start: Timestamp) -> Vec<Pause> {
    let mut sorted: Vec<Pause> = pauses
        .iter()
        .map(|pause| Pause { from: pause.from.max(start), until: pause.until })
        .filter(|pause| pause.from < pause.until)
        .collect();
    sorted.sort_by_key(|pause| pause.from);
    let mut apart: Vec<Pause> = Vec::with_capacity(sorted.len());
    for pause in sorted {
        match apart.last_mut() {
            Some(last) if pause.from <= last.until => last.until = last.until.max(pause.until),
            _ => apart.push(pause),
        }
    }
    apart.reverse();
    apart
}
