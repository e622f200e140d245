//! Due times row by row, as another program found them (clock_table.py), and the bugs that users of other systems named.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use muster_core::time::Timestamp;
use muster_core::time::calendar::{Calendar, Opening, YearDays};
use muster_core::time::clock::{Budget, BudgetUnit, Due, Ledger, Pause, Promise, due};
use muster_core::time::explain::ExplainLine;

const SPLIT: [Opening; 2] = [Opening { from: 540, until: 720 }, Opening { from: 840, until: 1050 }];

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

/// The wall of China.
fn china(text: &str) -> Timestamp {
    at(&format!("{text}:00+08:00"))
}

/// Days off and worked as clock_table.py has them.
fn calendar(zone: &str) -> Calendar {
    let day = |month, day| date(2024, month, day);
    let mut off: Vec<Date> = vec![day(1, 1), day(10, 1), day(10, 2), day(10, 3), day(10, 4), day(10, 7)];
    off.extend((10..18).map(|d| day(2, d)));
    let work = vec![day(2, 4), day(2, 18), day(9, 29), day(10, 12)];
    let weekend = [Weekday::Saturday, Weekday::Sunday];
    let mut calendar = Calendar::new("table", TimeZone::get(zone).unwrap(), &weekend).open(SPLIT.to_vec());
    calendar.cover(2023, YearDays::default());
    calendar.cover(2024, YearDays { off, work });
    calendar
}

fn budget(amount: u32, unit: BudgetUnit) -> Budget {
    Budget { amount, unit, roll_to_working_day: false, basis: "test".to_owned() }
}

fn pause(from: &str, until: &str) -> Pause {
    Pause { from: china(from), until: china(until) }
}

fn paused(pauses: &[Pause]) -> Ledger {
    Ledger { pauses: pauses.to_vec(), extra: 0 }
}

fn run(start: Timestamp, budget: &Budget, ledger: &Ledger, calendar: &Calendar) -> Due {
    Promise { start, budget, ledger, calendar }.due()
}

fn english(due: &Due) -> String {
    due.explain.iter().map(ExplainLine::en).collect::<Vec<_>>().join("\n")
}

#[test]
fn another_program_finds_the_same_due_times() {
    let mut rows = 0;
    for line in include_str!("clock_table.tsv").lines().skip(1) {
        let [zone, start, unit, amount, pauses, expected] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let span = |text: &str| text.split_once('/').map(|(from, until)| Pause { from: at(from), until: at(until) });
        let ledger = paused(&pauses.split(' ').filter_map(span).collect::<Vec<_>>());
        let budget = budget(amount.parse().unwrap(), BudgetUnit::from_code(unit).unwrap());
        let due = run(at(start), &budget, &ledger, &calendar(zone));
        assert_eq!(due.at, at(expected), "{line}\n{}", english(&due));
        rows += 1;
    }
    assert!(rows >= 200, "{rows} rows");
}

/// zammad#390: "how is it computed?" The reasons say it line by line.
#[test]
fn zammad_390_the_reasons_stand_beside_the_time() {
    let ledger = Ledger { pauses: vec![pause("2024-09-30T15:00", "2024-10-08T10:00")], extra: 2 };
    let due = run(china("2024-09-29T16:00"), &budget(8, BudgetUnit::WorkingHours), &ledger, &calendar("Asia/Shanghai"));
    assert_eq!(due.at, china("2024-10-08T16:30"), "1.5 + 4 + 4.5 of 10 hours");
    assert_eq!(
        english(&due),
        "starts 2024-09-29 16:00\n\
         extension granted: 2 more working hours\n\
         2024-09-29: 1:30, 1:30 of 10:00\n\
         2024-09-30 15:00–2024-10-08 10:00: paused, not counted\n\
         2024-09-30: 4:00, 5:30 of 10:00\n\
         2024-10-01–2024-10-04: not counted (public holiday)\n\
         2024-10-05–2024-10-06: not counted (weekend)\n\
         2024-10-07: not counted (public holiday)\n\
         2024-10-08: 4:30, 10:00 of 10:00\n\
         due 2024-10-08 16:30; basis: test"
    );
}

/// zammad#534: a changed calendar changes what was computed with it.
#[test]
fn zammad_534_a_new_calendar_moves_the_due_time() {
    let known = calendar("Asia/Shanghai");
    let mut unknown = Calendar::new("older", known.zone().clone(), &[Weekday::Saturday, Weekday::Sunday]);
    unknown.cover(2023, YearDays::default());
    let (start, five) = (china("2024-02-08T10:00"), budget(5, BudgetUnit::WorkingDays));
    let (before, after) = (due(start, &five, &unknown), due(start, &five, &known));
    assert!(before.provisional && !after.provisional);
    assert_eq!(before.at, china("2024-02-16T00:00"), "weekends only");
    assert_eq!(after.at, china("2024-02-22T00:00"), "after Spring Festival, its make-up Sunday counted");
}

/// zammad#2157: a reminder is not moved to another hour by a change of clocks on the way.
#[test]
fn zammad_2157_a_change_of_clocks_does_not_move_the_hour() {
    let berlin = calendar("Europe/Berlin");
    let due = due(at("2024-03-29T16:00:00Z"), &budget(8, BudgetUnit::WorkingHours), &berlin);
    assert_eq!(
        due.at,
        at("2024-04-02T08:00:00Z"),
        "half an hour on Friday, a Monday of 6:30, and an hour until 10:00 of summer time"
    );
}

/// glpi#22678: a level before the deadline was computed as 00:00 where the day has two stretches.
#[test]
fn glpi_22678_a_warning_falls_into_working_time() {
    let calendar = calendar("Asia/Shanghai");
    let (eight, ledger) = (budget(8, BudgetUnit::WorkingHours), Ledger::default());
    let promise = Promise { start: china("2024-01-09T09:00"), budget: &eight, ledger: &ledger, calendar: &calendar };
    assert_eq!(promise.at_share(25), china("2024-01-09T11:00"));
    assert_eq!(promise.at_share(50), china("2024-01-09T15:00"), "4 of 8 hours: an hour after the rest at noon");
    assert_eq!(promise.at_share(75), china("2024-01-09T17:00"));
    assert_eq!(promise.due().at, china("2024-01-10T10:30"));
}

/// glpi#6902, glpi#15605, glpi#15429: the time on hold was forgotten when the agreement changed.
#[test]
fn glpi_6902_pauses_survive_another_budget() {
    let calendar = calendar("Asia/Shanghai");
    let ledger = paused(&[pause("2024-01-09T10:00", "2024-01-12T10:00")]);
    let start = china("2024-01-08T09:00");
    let three = run(start, &budget(3, BudgetUnit::WorkingDays), &ledger, &calendar);
    let two_days = run(start, &budget(2, BudgetUnit::NaturalDays), &ledger, &calendar);
    assert_eq!(three.at, china("2024-01-17T00:00"), "12, 15 and 16 count: {}", english(&three));
    assert_eq!(two_days.at, china("2024-01-14T00:00"), "12 and 13 count: {}", english(&two_days));
}

/// glpi#1912: what was on hold is not counted, overlapping holds not twice.
#[test]
fn glpi_1912_overlapping_pauses_count_once() {
    let calendar = calendar("Asia/Shanghai");
    let ledger =
        paused(&[pause("2024-01-09T10:00", "2024-01-09T20:00"), pause("2024-01-09T12:00", "2024-01-09T22:00")]);
    let due = run(china("2024-01-09T09:00"), &budget(24, BudgetUnit::NaturalHours), &ledger, &calendar);
    assert_eq!(due.at, china("2024-01-10T21:00"), "24 hours and 12 of pause");
}

/// glpi#15035, glpi#382: on hold until a date: nothing falls due before it, and there is time left after it.
#[test]
fn glpi_15035_on_hold_until_a_date() {
    let calendar = calendar("Asia/Shanghai");
    let start = china("2024-01-08T09:00");
    let one = budget(1, BudgetUnit::WorkingDays);
    // Held on the afternoon of the very last day.
    let held = Ledger { pauses: vec![Pause { from: china("2024-01-09T15:00"), until: Timestamp::NEVER }], extra: 0 };
    let waiting = run(start, &one, &held, &calendar);
    assert_eq!(waiting.at, Timestamp::NEVER);
    assert!(
        english(&waiting).ends_with("nothing falls due until the clock goes on; basis: test"),
        "{}",
        english(&waiting)
    );
    let on = run(start, &one, &paused(&[pause("2024-01-09T15:00", "2024-01-20T10:00")]), &calendar);
    assert_eq!(on.at, china("2024-01-23T00:00"), "it goes on on a Saturday: the Monday after is the day");
}

/// chatwoot#14009: two work periods a day, lunch between them.
#[test]
fn chatwoot_14009_lunch_does_not_count() {
    let due = due(china("2024-01-09T11:30"), &budget(1, BudgetUnit::WorkingHours), &calendar("Asia/Shanghai"));
    assert_eq!(due.at, china("2024-01-09T14:30"));
}

/// chatwoot PR 13392: agreements ignored business hours.
#[test]
fn chatwoot_13392_nights_and_weekends_do_not_count() {
    let due = due(china("2024-01-12T17:00"), &budget(2, BudgetUnit::WorkingHours), &calendar("Asia/Shanghai"));
    assert_eq!(due.at, china("2024-01-15T10:30"), "half an hour on Friday, the rest on Monday: {}", english(&due));
}

/// A budget that ends exactly at noon ends at noon, not after the rest.
#[test]
fn a_budget_that_is_used_up_at_the_end_of_a_stretch_ends_there() {
    let due = due(china("2024-01-09T09:00"), &budget(3, BudgetUnit::WorkingHours), &calendar("Asia/Shanghai"));
    assert_eq!(due.at, china("2024-01-09T12:00"));
}

/// A pause within one day gains nothing where days are counted: a clock cannot be worn out by many of them.
#[test]
fn a_pause_over_noon_gains_no_day() {
    let calendar = calendar("Asia/Shanghai");
    let ledger =
        paused(&[pause("2024-01-09T10:00", "2024-01-09T16:00"), pause("2024-01-10T10:00", "2024-01-10T16:00")]);
    let start = china("2024-01-08T09:00");
    let five = budget(5, BudgetUnit::WorkingDays);
    assert_eq!(run(start, &five, &ledger, &calendar).at, due(start, &five, &calendar).at);
}
