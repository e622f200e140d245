//! Due times against a model that walks minute by minute, over the published calendar of China and four zones.
//!
//! `MUSTER_CLOCKS` promises are drawn (10,000 by default, a million in `make slow`) from `MUSTER_SEED`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use muster_core::time::Timestamp;
use muster_core::time::calendar::{Calendar, Opening, YearDays};
use muster_core::time::clock::{Budget, BudgetUnit, Ledger, Pause, Promise};
use pack_support::default_pack;

const ZONES: [&str; 5] =
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];
/// Minutes of the wall: a split day, one stretch, all day, two that touch, an evening until midnight.
const HOURS: [&[(u16, u16)]; 5] =
    [&[(540, 720), (840, 1080)], &[(510, 1050)], &[(0, 1440)], &[(360, 720), (720, 1080)], &[(615, 616), (1320, 1440)]];
const FIRST: &str = "2023-12-01T00:00:00Z";
const DAYS: usize = 3 * 366;

/// The calendar of a zone as a list of minutes.
struct Minutes {
    calendar: Calendar,
    first: Timestamp,
    /// Per minute: number of the date on the wall, and minute after its midnight.
    wall: Vec<(u16, u16)>,
    /// Per date: whether it is worked.
    worked: Vec<bool>,
}

fn minutes(zone: &str) -> Minutes {
    let pack = default_pack();
    let zone = TimeZone::get(zone).unwrap();
    let weekend = [jiff::civil::Weekday::Saturday, jiff::civil::Weekday::Sunday];
    let mut calendar = Calendar::new("oracle", zone.clone(), &weekend);
    for year in 2023..=2026 {
        let dates = Date::new(year, 1, 1).unwrap().series(jiff::ToSpan::days(1)).take_while(|day| day.year() == year);
        let (mut off, mut work) = (Vec::new(), Vec::new());
        for day in dates {
            let weekday = !weekend.contains(&day.weekday());
            match (pack.calendar.is_working(day), weekday) {
                (false, true) => off.push(day),
                (true, false) => work.push(day),
                _ => {}
            }
        }
        calendar.cover(year, YearDays { off, work });
    }
    let first: jiff::Timestamp = FIRST.parse().unwrap();
    let (mut all, mut worked, mut last) = (Vec::new(), Vec::new(), None);
    for minute in 0..DAYS as i64 * 1440 {
        let at = first + jiff::SignedDuration::from_mins(minute);
        let wall = zone.to_datetime(at);
        if last != Some(wall.date()) {
            last = Some(wall.date());
            worked.push(pack.calendar.is_working(wall.date()));
        }
        all.push((worked.len() as u16 - 1, wall.hour() as u16 * 60 + wall.minute() as u16));
    }
    Minutes { calendar, first: Timestamp(first.as_microsecond()), wall: all, worked }
}

/// The model: goes on minute by minute until the budget is used up. Minutes are counted from the first of the list.
fn model(
    list: &Minutes,
    open: &[bool],
    start: usize,
    budget: &Budget,
    extra: u32,
    pauses: &[(usize, usize)],
) -> Option<usize> {
    let amount = budget.amount + extra;
    let stands = |minute: usize| pauses.iter().any(|(from, until)| (*from..*until).contains(&minute));
    let (day_of_start, mut used, mut at) = (list.wall[start].0, 0, start);
    let minutes = match budget.unit {
        BudgetUnit::NaturalHours | BudgetUnit::WorkingHours => 60,
        BudgetUnit::NaturalDays | BudgetUnit::WorkingDays | BudgetUnit::WorkingMinutes => 1,
    };
    loop {
        let (day, minute) = *list.wall.get(at)?;
        let ends_day = list.wall.get(at + 1)?.0 != day;
        let works = list.worked[usize::from(day)];
        used += match budget.unit {
            BudgetUnit::NaturalHours => u32::from(!stands(at)),
            BudgetUnit::WorkingHours | BudgetUnit::WorkingMinutes => {
                u32::from(works && open[usize::from(minute)] && !stands(at))
            }
            BudgetUnit::NaturalDays => u32::from(ends_day && day != day_of_start && !stands(at)),
            BudgetUnit::WorkingDays => u32::from(ends_day && day != day_of_start && works && !stands(at)),
        };
        at += 1;
        let enough = used >= amount * minutes;
        // A last day that is off gives way to the next that is worked and runs to its end.
        if enough && (!budget.roll_to_working_day || (ends_day && works && !stands(at - 1))) {
            return Some(at);
        }
    }
}

/// A small generator, so that a seed says all (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % bound as u64) as usize
    }
}

fn from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn due_times_are_those_of_a_walk_minute_by_minute() {
    let (clocks, seed) = (from_env("MUSTER_CLOCKS", 10_000) as usize, from_env("MUSTER_SEED", 20_261_125));
    let mut random = Random(seed);
    let mut never = 0;
    let lists = ZONES.map(|zone| (zone, minutes(zone)));
    let kinds = ZONES.len() * HOURS.len();
    for kind in 0..kinds {
        let ((zone, list), hours) = (&lists[kind % ZONES.len()], HOURS[kind / ZONES.len()]);
        let open: Vec<bool> =
            (0..1440).map(|minute| hours.iter().any(|(from, until)| (*from..*until).contains(&minute))).collect();
        let openings = hours.iter().map(|(from, until)| Opening { from: *from, until: *until }).collect();
        let calendar = list.calendar.clone().open(openings);
        for _ in 0..clocks.div_ceil(kinds) {
            let unit = BudgetUnit::ALL[random.below(BudgetUnit::ALL.len())];
            let amount = 1 + random.below([300, 40, 25, 90, 5_400][unit as usize]) as u32;
            let roll_to_working_day = unit == BudgetUnit::NaturalDays && random.below(2) == 0;
            let budget = Budget { amount, unit, roll_to_working_day, basis: String::new() };
            let extra = if random.below(4) == 0 { random.below(6) as u32 } else { 0 };
            let start = random.below((DAYS - 200) * 1440);
            let reach = [300, 1_440, 10_000][random.below(3)];
            let pauses: Vec<(usize, usize)> = (0..random.below(5))
                .map(|_| {
                    let from = (start + random.below(20_000)).saturating_sub(2_000);
                    // Some end at midnight of the wall, some never.
                    let until = if random.below(25) == 0 { usize::MAX } else { from + random.below(reach) };
                    (from, until)
                })
                .collect();
            let at = |minute: usize| match minute {
                usize::MAX => Timestamp::NEVER,
                minute => list.first.plus(minute as i64 * Timestamp::MINUTE),
            };
            let ledger = Ledger {
                pauses: pauses.iter().map(|(from, until)| Pause { from: at(*from), until: at(*until) }).collect(),
                extra,
            };
            let promise = Promise { start: at(start), budget: &budget, ledger: &ledger, calendar: &calendar };
            let due = promise.due();
            let expected = model(list, &open, start, &budget, extra, &pauses).map_or(Timestamp::NEVER, at);
            let said =
                due.explain.iter().map(muster_core::time::explain::ExplainLine::en).collect::<Vec<_>>().join("\n");
            assert_eq!(due.at, expected, "seed {seed}, {zone}, {hours:?}, {budget:?}, {pauses:?}\n{said}");
            assert_eq!(promise.at_share(100), due.at, "the whole share is the due time: {said}");
            let shares: Vec<_> = [0, 25, 50, 80, 100].map(|share| promise.at_share(share)).into();
            assert!(shares.is_sorted() && shares[0] == promise.start, "{shares:?} {said}");
            never += usize::from(due.at == Timestamp::NEVER);
        }
    }
    assert!(never > 0, "some clocks stood still for good");
}
