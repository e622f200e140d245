//! Working days and due times: hand cases of real festivals, a naive oracle, and the published calendar day by day.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZoneDatabase;
use muster_core::time::Timestamp;
use muster_core::time::calendar::{Calendar, DayKind, YearDays};
use muster_core::time::clock::{Budget, BudgetUnit, Due, due};
use muster_core::time::explain::ExplainLine;
use pack_support::{default_pack, shared};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn budget(amount: u32, unit: BudgetUnit) -> Budget {
    Budget { amount, unit, roll_to_working_day: false, basis: "test".to_owned() }
}

fn english(due: &Due) -> String {
    due.explain.iter().map(ExplainLine::en).collect::<Vec<_>>().join("\n")
}

/// Start on the wall in China, working days, last day of the budget (it ends at 24:00 of that day).
const HAND_CASES: [(&str, u32, &str, &str); 21] = [
    ("2024-01-08T09:00", 1, "2024-01-09", "Monday to Tuesday"),
    ("2024-01-08T23:59", 1, "2024-01-09", "the hour of the start does not matter"),
    ("2024-01-09T00:00", 1, "2024-01-10", "midnight belongs to the day it begins"),
    ("2024-01-12T09:00", 1, "2024-01-15", "Friday to Monday"),
    ("2024-01-13T09:00", 1, "2024-01-15", "a start on a Saturday"),
    ("2024-02-03T09:00", 1, "2024-02-04", "a make-up Sunday before Spring Festival"),
    ("2024-02-08T10:00", 1, "2024-02-09", "the eve of Spring Festival 2024 was worked"),
    ("2024-02-09T16:00", 1, "2024-02-18", "over Spring Festival to a make-up Sunday"),
    ("2024-02-09T16:00", 5, "2024-02-22", "the make-up Sunday is the first of five"),
    ("2024-02-12T10:00", 2, "2024-02-19", "a start within the holiday"),
    ("2024-09-30T10:00", 5, "2024-10-12", "National Day, ending on a make-up Saturday"),
    ("2024-12-31T10:00", 1, "2025-01-02", "New Year's Day"),
    ("2025-01-24T10:00", 1, "2025-01-26", "Friday to a make-up Sunday"),
    ("2025-01-24T10:00", 5, "2025-02-07", "Spring Festival 2025"),
    ("2025-01-24T10:00", 6, "2025-02-08", "and its second make-up day"),
    ("2025-09-30T18:00", 2, "2025-10-10", "the eight days of National Day and Mid-Autumn"),
    ("2026-02-13T17:00", 1, "2026-02-14", "Friday to a make-up Saturday"),
    ("2026-02-13T17:00", 5, "2026-02-27", "the nine days of Spring Festival 2026"),
    ("2026-02-13T17:00", 6, "2026-02-28", "and its second make-up day"),
    ("2026-04-30T12:00", 3, "2026-05-08", "Labour Day, three days after it"),
    ("2026-04-30T12:00", 4, "2026-05-09", "and the make-up Saturday"),
];

#[test]
fn working_days_around_festivals() {
    let calendar = default_pack().calendar;
    for (start, days, last, why) in HAND_CASES {
        let due = due(at(&format!("{start}:00+08:00")), &budget(days, BudgetUnit::WorkingDays), &calendar);
        assert_eq!(due.at, at(&format!("{last}T00:00:00+08:00")).plus(Timestamp::DAY), "{why}"); // China has no summer time
        assert!(!due.provisional, "{why}");
        assert_eq!(due.calendar_version, "cn-2026.1");
    }
}

#[test]
fn the_reasons_can_be_read_in_both_languages() {
    let calendar = default_pack().calendar;
    let mut five = budget(5, BudgetUnit::WorkingDays);
    five.basis = "唐山条例（2025）".to_owned();
    let due = due(at("2026-02-13T17:00:00+08:00"), &five, &calendar);
    let chinese: Vec<_> = due.explain.iter().map(ExplainLine::zh).collect();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(format!("{}\n\n{}", chinese.join("\n"), english(&due)));
    });
}

#[test]
fn natural_days_end_at_midnight_and_roll_only_when_the_pack_says_so() {
    let calendar = default_pack().calendar;
    let start = at("2026-02-13T17:00:00+08:00");
    let mut week = budget(7, BudgetUnit::NaturalDays);
    assert_eq!(due(start, &week, &calendar).at, at("2026-02-21T00:00:00+08:00"));
    week.roll_to_working_day = true;
    let rolled = due(start, &week, &calendar);
    assert_eq!(rolled.at, at("2026-02-25T00:00:00+08:00"), "20 to 23 February are off; the 24th is worked");
    assert!(english(&rolled).contains("2026-02-20 is a day off, so it ends on 2026-02-24"));
}

#[test]
fn hours_are_elapsed_time_even_over_a_change_of_clocks() {
    let zone = TimeZoneDatabase::bundled().get("America/New_York").unwrap();
    let calendar = Calendar::new("us", zone, &[Weekday::Saturday, Weekday::Sunday]);
    let start = at("2026-03-08T00:30:00-05:00");
    assert_eq!(due(start, &budget(24, BudgetUnit::NaturalHours), &calendar).at, start.plus(24 * Timestamp::HOUR));
    let day = due(start, &budget(1, BudgetUnit::NaturalDays), &calendar);
    assert_eq!(day.at, at("2026-03-10T00:00:00-04:00"));
    let (first, next) = calendar.day_bounds(date("2026-03-08"));
    assert_eq!(next.since(first), 23 * Timestamp::HOUR, "the day the clocks go forward has 23 hours");
}

/// In Santiago the clocks go forward at midnight: 2026-09-06 begins at 01:00.
#[test]
fn a_day_without_midnight_begins_at_the_jump() {
    let zone = TimeZoneDatabase::bundled().get("America/Santiago").unwrap();
    let calendar = Calendar::new("cl", zone, &[Weekday::Saturday, Weekday::Sunday]);
    let (first, _) = calendar.day_bounds(date("2026-09-06"));
    assert_eq!(first, at("2026-09-06T01:00:00-03:00"));
    assert_eq!(calendar.local_date(first), date("2026-09-06"));
    assert_eq!(calendar.local_date(first.plus(-1)), date("2026-09-05"));
}

#[test]
fn a_year_that_is_not_covered_counts_weekends_only_and_is_provisional() {
    let calendar = default_pack().calendar;
    let start = at("2026-12-30T09:00:00+08:00");
    let sure = due(start, &budget(1, BudgetUnit::WorkingDays), &calendar);
    assert!(!sure.provisional);
    let unsure = due(start, &budget(2, BudgetUnit::WorkingDays), &calendar);
    assert!(unsure.provisional);
    assert_eq!(unsure.at, at("2027-01-02T00:00:00+08:00"), "New Year 2027 is not published yet");
    assert!(english(&unsure).contains("holidays of 2027 are not known yet"));
    let hours = due(at("2027-01-01T09:00:00+08:00"), &budget(24, BudgetUnit::NaturalHours), &calendar);
    assert!(!hours.provisional, "hours do not look at the calendar");
}

#[test]
fn days_far_beyond_the_calendar_do_not_run_away() {
    let calendar = default_pack().calendar;
    for start in [at("9999-12-20T00:00:00Z"), Timestamp(i64::MAX), Timestamp(i64::MIN)] {
        for unit in BudgetUnit::ALL {
            due(start, &budget(260, unit), &calendar);
        }
    }
    let last = due(at("9999-12-20T00:00:00Z"), &budget(260, BudgetUnit::WorkingDays), &calendar);
    assert!(last.provisional);
}

#[test]
fn every_date_from_2004_to_2026_is_as_published() {
    let Some(csv) = shared("data/cn_workdays/days.csv") else { return };
    let (mut off, mut work) = (BTreeSet::new(), BTreeSet::new());
    for line in csv.lines().skip(1) {
        let mut cells = line.split(',');
        let (day, kind) = (date(cells.next().unwrap()), cells.next().unwrap());
        if kind == "workdays" {
            work.insert(day)
        } else {
            off.insert(day)
        };
    }
    let calendar = default_pack().calendar;
    let mut day = date("2004-01-01");
    let mut compared = 0;
    while day <= date("2026-12-31") {
        let weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let expected = work.contains(&day) || (weekday && !off.contains(&day));
        assert_eq!(calendar.is_working(day), expected, "{day}");
        assert!(calendar.covers(day));
        compared += 1;
        day = day.tomorrow().unwrap();
    }
    assert_eq!(compared, 8_401);
}

#[test]
fn what_a_day_is() {
    let calendar = default_pack().calendar;
    for (day, kind) in [
        ("2026-02-13", DayKind::Working),
        ("2026-02-14", DayKind::MakeUp),
        ("2026-02-16", DayKind::Holiday),
        ("2026-03-01", DayKind::Weekend),
    ] {
        assert_eq!(calendar.kind(date(day)), kind, "{day}");
    }
}

/// A calendar in the plainest form: lists and a remainder of seven.
struct Naive {
    off: Vec<Date>,
    work: Vec<Date>,
}

impl Naive {
    fn works(&self, day: Date) -> bool {
        let since_a_monday = (date("2024-01-01").until(day).unwrap().get_days()).rem_euclid(7);
        !self.off.contains(&day) && (self.work.contains(&day) || since_a_monday < 5)
    }

    /// The first day by whose end `amount` working days after `start` have passed, recounted from the start each time.
    fn last_day(&self, start: Date, amount: usize) -> Date {
        let mut end = start;
        loop {
            let mut day = start;
            let mut passed = 0;
            while day < end {
                day = day.tomorrow().unwrap();
                passed += usize::from(self.works(day));
            }
            if passed == amount {
                return end;
            }
            end = end.tomorrow().unwrap();
        }
    }
}

fn day_of_2025(number: i16) -> Date {
    Date::new(2025, 1, 1).unwrap().with().day_of_year(number).build().unwrap()
}

const ZONES: [&str; 5] =
    ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"];

proptest! {
    #[test]
    fn due_agrees_with_a_naive_count(
        zone in prop::sample::select(&ZONES[..]),
        off in prop::collection::btree_set(1i16..=365, 0..60),
        work in prop::collection::btree_set(1i16..=365, 0..60),
        start in 1_735_689_600i64..1_767_225_600,
        amount in 1u32..25,
    ) {
        let naive = Naive {
            off: off.iter().copied().map(day_of_2025).collect(),
            work: work.difference(&off).copied().map(day_of_2025).collect(),
        };
        let zone = TimeZoneDatabase::bundled().get(zone).unwrap();
        let mut calendar = Calendar::new("test", zone.clone(), &[Weekday::Saturday, Weekday::Sunday]);
        calendar.cover(2025, YearDays { off: naive.off.clone(), work: naive.work.clone() });
        let start = Timestamp(start * Timestamp::SECOND);
        let first = calendar.local_date(start);

        let due = due(start, &budget(amount, BudgetUnit::WorkingDays), &calendar);
        let last = naive.last_day(first, amount as usize);
        prop_assert_eq!(calendar.add_working_days(first, amount), last);
        prop_assert_eq!(calendar.local_date(due.at.plus(-1)), last);
        prop_assert_eq!(calendar.local_date(due.at), last.tomorrow().unwrap());
        let beyond = first.tomorrow().unwrap().year() != 2025 || last.year() != 2025;
        prop_assert_eq!(due.provisional, beyond);
    }

    #[test]
    fn the_reasons_add_up(start in 1_700_000_000i64..1_780_000_000, amount in 1u32..60) {
        let calendar = default_calendar();
        let due = due(Timestamp(start * Timestamp::SECOND), &budget(amount, BudgetUnit::WorkingDays), calendar);
        let mut next = 1;
        for line in &due.explain {
            if let ExplainLine::Counted { first, last, kind, .. } = line {
                prop_assert_eq!(*first, next);
                prop_assert!(kind.is_working() && first <= last);
                next = last + 1;
            }
        }
        prop_assert_eq!(next, i64::from(amount) + 1);
    }

    #[test]
    fn a_day_holds_exactly_its_instants(zone in prop::sample::select(&ZONES[..]), number in 1i16..=365) {
        let zone = TimeZoneDatabase::bundled().get(zone).unwrap();
        let calendar = Calendar::new("test", zone, &[Weekday::Sunday]);
        let day = day_of_2025(number);
        let (first, next) = calendar.day_bounds(day);
        prop_assert_eq!(calendar.local_date(first), day);
        prop_assert_eq!(calendar.local_date(next.plus(-1)), day);
        prop_assert!(calendar.local_date(first.plus(-1)) < day && calendar.local_date(next) > day);
    }
}

fn default_calendar() -> &'static Calendar {
    static CALENDAR: std::sync::OnceLock<Calendar> = std::sync::OnceLock::new();
    CALENDAR.get_or_init(|| default_pack().calendar)
}
