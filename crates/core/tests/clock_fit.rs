//! Budgets found again from the deadlines they gave.

use jiff::civil::{Weekday, date};
use jiff::tz::TimeZoneDatabase;
use muster_core::time::Timestamp;
use muster_core::time::calendar::{Calendar, Opening, YearDays};
use muster_core::time::clock::{Budget, BudgetUnit, due};
use muster_core::time::fit::{Difference, Kept, fit};
use proptest::prelude::*;

/// Half past eight to five, a holiday on 4 July.
fn calendar() -> Calendar {
    let zone = TimeZoneDatabase::bundled().get("America/New_York").expect("a zone of the bundled table");
    let mut calendar = Calendar::new("test", zone, &[Weekday::Saturday, Weekday::Sunday])
        .open(vec![Opening { from: 510, until: 1020 }]);
    calendar.cover(2011, YearDays { off: vec![date(2011, 7, 4)], work: vec![] });
    calendar
}

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond())
}

fn budget(amount: u32, unit: BudgetUnit) -> Budget {
    Budget { amount, unit, ..Budget::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_budget_that_gave_the_deadlines_is_found(
        unit in prop::sample::select(BudgetUnit::ALL.to_vec()),
        amount in 1..150_u32,
        starts in prop::collection::vec(0..300 * 24 * 60_i64, 20..40),
    ) {
        let quarters = if unit == BudgetUnit::WorkingMinutes { 15 } else { 1 };
        let (calendar, given) = (calendar(), budget(amount * quarters, unit));
        let record: Vec<Kept> = (starts.into_iter())
            .map(|minute| at("2011-01-03T14:00:00Z").plus(minute * Timestamp::MINUTE))
            .map(|start| Kept { start, due: due(start, &given, &calendar).at })
            .collect();
        let found = fit(&record, &calendar).expect("a budget");
        for kept in record {
            prop_assert_eq!(found.compare(kept, &calendar), Difference::Same, "{:?}", &found.budget);
        }
    }
}

#[test]
fn each_difference_has_its_reason() {
    let calendar = calendar();
    let two_days = |from: &str, until: &str| Kept { start: at(from), due: at(until) };
    // Mostly two working days of eight and a half hours; sometimes 24 hours.
    let mut record: Vec<Kept> = (0..50)
        .map(|minute| at("2011-07-11T13:00:00Z").plus(minute * Timestamp::MINUTE))
        .map(|start| Kept { start, due: start.plus(2 * Timestamp::DAY) })
        .collect();
    record.extend((0..5).map(|minute| {
        let start = at("2011-07-18T13:00:00Z").plus(minute * Timestamp::MINUTE);
        Kept { start, due: start.plus(Timestamp::DAY) }
    }));
    let found = fit(&record, &calendar).expect("a budget");
    assert_eq!(found.budget, budget(48, BudgetUnit::NaturalHours), "of equals the simplest to say");
    record.extend((0..20).map(|minute| {
        // Over the weekend and the Fourth of July.
        let start = at("2011-06-30T14:00:00Z").plus(minute * Timestamp::MINUTE);
        Kept { start, due: start.plus(5 * Timestamp::DAY) }
    }));
    let found = fit(&record, &calendar).expect("a budget");
    assert_eq!(found.budget, budget(17, BudgetUnit::WorkingHours));
    for (kept, expected) in [
        (two_days("2011-06-30T14:00:00Z", "2011-07-05T14:00:20Z"), Difference::Same),
        // Begun after closing on Monday: Wednesday's close, or Thursday's opening.
        (two_days("2011-07-11T22:00:00Z", "2011-07-13T21:00:00Z"), Difference::Same),
        (two_days("2011-07-11T22:00:00Z", "2011-07-14T12:30:00Z"), Difference::SameWorkingMoment),
        (two_days("2011-07-01T06:18:31Z", "2011-07-05T06:18:31Z"), Difference::BegunOutsideHours),
        (two_days("2011-07-18T14:00:00Z", "2011-07-19T14:00:00Z"), Difference::OtherBudget),
        (two_days("2011-07-18T14:00:00Z", "2011-07-29T14:00:00Z"), Difference::Unexplained),
    ] {
        assert_eq!(found.compare(kept, &calendar), expected, "{kept:?}");
    }
}

#[test]
fn a_deadline_on_the_wall_over_a_change_of_clocks_is_told_apart() {
    let calendar = calendar();
    let record: Vec<Kept> = (0..10)
        .map(|day| at("2011-07-01T14:00:00Z").plus(day * Timestamp::DAY))
        .map(|start| Kept { start, due: start.plus(60 * Timestamp::DAY) })
        .collect();
    let found = fit(&record, &calendar).expect("a budget");
    assert_eq!(found.budget, budget(1_440, BudgetUnit::NaturalHours));
    // Ten in the morning in summer time and in winter time.
    let kept = Kept { start: at("2011-10-01T14:00:00Z"), due: at("2011-11-30T15:00:00Z") };
    assert_eq!(found.compare(kept, &calendar), Difference::ClocksChanged);
}

#[test]
fn nothing_is_made_of_nothing() {
    assert_eq!(fit(&[], &calendar()), None);
    let odd = Kept { start: at("2011-07-11T13:00:00Z"), due: at("2011-07-11T13:00:10Z") };
    assert_eq!(fit(&[odd], &calendar()), None);
}
