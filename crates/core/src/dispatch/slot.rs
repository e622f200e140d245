//! The parts of a day as absolute numbers: days since 1970 in the city's zone times the parts of a day, and which.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use super::hours::DAYS;
use crate::time::Timestamp;
use crate::time::calendar::Calendar;

/// The mask of those of these slots in which something of so many minutes fits within a window.
pub fn fitting_mask(week: &[(Timestamp, Timestamp)], opens: Timestamp, closes: Timestamp, minutes: i64) -> u32 {
    let fits = |begin: Timestamp, end: Timestamp| {
        let shared = end.min(closes).since(begin.max(opens));
        shared > 0 && shared >= minutes * Timestamp::MINUTE
    };
    let fitting = week.iter().enumerate().filter(|(_, (begin, end))| fits(*begin, *end));
    fitting.fold(0, |mask, (bit, _)| mask | 1 << bit)
}

/// How a city cuts its days.
#[derive(Clone, Copy, Debug)]
pub struct Slots<'a> {
    pub calendar: &'a Calendar,
    /// When each part begins, rising; the last ends the day.
    pub parts: &'a [Time],
}

const EPOCH: Date = Date::constant(1970, 1, 1);

impl Slots<'_> {
    fn of_day(&self) -> i64 {
        self.parts.len().max(1) as i64
    }

    /// The first slot of a day.
    pub fn first(&self, date: Date) -> i64 {
        let days = EPOCH.until(date).map_or(0, |span| i64::from(span.get_days()));
        days * self.of_day()
    }

    /// When a slot begins and ends.
    pub fn bounds(&self, slot: i64) -> (Timestamp, Timestamp) {
        let (day, part) = (slot.div_euclid(self.of_day()), slot.rem_euclid(self.of_day()) as usize);
        let date = EPOCH.saturating_add(day.days());
        let minute = |time: &Time| u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs());
        let begin = self.parts.get(part).map_or(0, minute);
        let end = self.parts.get(part + 1).map_or(1440, minute);
        (self.calendar.minute_of(date, begin), self.calendar.minute_of(date, end))
    }

    /// The slot an instant lies in; none before the first part of its day.
    pub fn at(&self, at: Timestamp) -> Option<i64> {
        let first = self.first(self.calendar.local_date(at));
        (first..first + self.of_day()).find(|slot| {
            let (begin, end) = self.bounds(*slot);
            begin <= at && at < end
        })
    }

    /// The slots in which something of so many minutes fits within a window of at most some weeks.
    pub fn fitting(&self, opens: Timestamp, closes: Timestamp, minutes: i64) -> Vec<i64> {
        let first = self.first(self.calendar.local_date(opens));
        let last = self.first(self.calendar.local_date(closes)) + self.of_day();
        (first..last).filter(|slot| fitting_mask(&[self.bounds(*slot)], opens, closes, minutes) == 1).collect()
    }

    /// When each slot of the seven days from `today` on begins and ends: read once for many needs.
    pub fn week_bounds(&self, today: Date) -> Vec<(Timestamp, Timestamp)> {
        let (first, end) = self.week(today);
        (first..end).map(|slot| self.bounds(slot)).collect()
    }

    /// As the engine's mask over the seven days from `today` on.
    pub fn mask(&self, today: Date, slots: impl IntoIterator<Item = i64>) -> u32 {
        let (first, end) = self.week(today);
        let within = slots.into_iter().map(|slot| slot - first).filter(|bit| (0..end - first).contains(bit));
        within.fold(0, |mask, bit| mask | 1 << bit)
    }

    /// The first slot of the seven days from `today` on, and the first after them.
    pub fn week(&self, today: Date) -> (i64, i64) {
        let first = self.first(today);
        (first, first + DAYS * self.of_day())
    }

    /// The first instant that can be booked no more: the end of the seven days from `today` on.
    pub fn horizon(&self, today: Date) -> Timestamp {
        self.calendar.day_bounds(today.saturating_add((DAYS - 1).days())).1
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_mask_of_a_week_is_that_of_its_slots(opens in -2_000_i64..16_000, long in 0_i64..4_000, minutes in 1_i64..500) {
            let zone = TimeZone::get("Asia/Shanghai").unwrap();
            let calendar = Calendar::new("test", zone, &[]);
            let parts = [6, 12, 18].map(|hour| Time::constant(hour, 0, 0, 0));
            let slots = Slots { calendar: &calendar, parts: &parts };
            let today = Date::constant(2026, 5, 11);
            let opens = slots.bounds(slots.first(today)).0.plus(opens * Timestamp::MINUTE);
            let closes = opens.plus(long * Timestamp::MINUTE);
            let expected = slots.mask(today, slots.fitting(opens, closes, minutes));
            prop_assert_eq!(fitting_mask(&slots.week_bounds(today), opens, closes, minutes), expected);
        }
    }
}
