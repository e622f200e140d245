//! The score of a unit, its appeal and what a row of failures means, under two cities' rules; and beside a naive count.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use std::sync::LazyLock;

use muster_core::evaluate::score::{Counted, Mark, Standing, Tally, failures, score};
use muster_core::pack::{Exempt, Pack, Performance};
use muster_core::time::Timestamp;
use muster_core::time::clock::due;
use pack_support::{default_files, default_pack};
use proptest::prelude::*;

/// Of the built-in pack, read once.
fn rules() -> &'static Performance {
    static RULES: LazyLock<Performance> = LazyLock::new(|| default_pack().performance);
    &RULES
}

/// The built-in pack with the windows of another city.
fn pack(ask: u32, approve: u32) -> Pack {
    let mut files = default_files();
    let (_, text) = files.iter_mut().find(|(file, _)| *file == "performance.toml").unwrap();
    *text = text.replace("ask = 15", &format!("ask = {ask}")).replace("approve = 5", &format!("approve = {approve}"));
    let files: Vec<_> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
    Pack::load(&files).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// An instant of the city.
fn at(pack: &Pack, text: &str) -> Timestamp {
    let wall: jiff::civil::DateTime = text.parse().unwrap();
    Timestamp(pack.zone.to_ambiguous_timestamp(wall).compatible().unwrap().as_microsecond())
}

#[test]
fn jinan_takes_an_appeal_on_the_fifteenth_working_day_and_hangzhou_on_the_third() {
    // Told on Thursday 2026-04-16. Labour Day is off from 1 to 5 May; Saturday 9 May is worked.
    for (ask, last, after) in
        [(15, "2026-05-11T23:59:59", "2026-05-12T00:00:00"), (3, "2026-04-21T23:59:59", "2026-04-22T00:00:00")]
    {
        let pack = pack(ask, 5);
        let until = due(at(&pack, "2026-04-16T10:00:00"), &pack.performance.ask, &pack.calendar).at;
        let mut worked = 0;
        let mut day = "2026-04-17".parse::<jiff::civil::Date>().unwrap();
        while pack.calendar.day_bounds(day).0 < until {
            worked += u32::from(pack.calendar.is_working(day));
            day = day.tomorrow().unwrap();
        }
        assert_eq!(worked, ask, "a naive count of the days");
        assert_eq!(Standing::Provisional.appeal(at(&pack, last), until), Ok(Standing::Appealed), "{last}");
        assert!(Standing::Provisional.appeal(at(&pack, after), until).is_err(), "{after}");
        assert_eq!(Standing::Provisional.settled(at(&pack, last), until), Standing::Provisional);
        assert_eq!(Standing::Provisional.settled(at(&pack, after), until), Standing::Final);
    }
    assert_eq!(pack(15, 5).performance.approve.map(|budget| budget.amount), Some(5));
    assert_eq!(pack(3, 0).performance.approve, None, "Hangzhou names no approval");
}

#[test]
fn the_second_failure_in_a_row_has_the_second_consequence_the_third_the_third_and_a_good_year_resets() {
    use Mark::{Failed as F, Good as G};
    let rules = rules();
    let of = |marks: &[Mark]| rules.consequence(failures(marks)).map(|found| found.failures);
    assert_eq!(of(&[F]), Some(1));
    assert_eq!(of(&[F, F]), Some(2));
    assert_eq!(of(&[F, F, F]), Some(3));
    assert_eq!(of(&[F, F, F, F]), Some(3), "and no more after that");
    assert_eq!(of(&[F, G, F]), Some(1));
    assert_eq!(of(&[F, F, G]), None);
    assert_eq!(rules.interview, 2);
}

fn tally(class: &str, met: i64, missed: i64) -> Tally {
    Tally { class: class.to_owned(), met, missed }
}

fn all_parts(rules: &Performance, counted: &Counted) -> Vec<Counted> {
    rules.parts.iter().map(|_| counted.clone()).collect()
}

#[test]
fn points_by_hand() {
    let rules = rules();
    // On time: none at 50, all at 98. 40 of 50 are 80 %: 30/48 of a hundred points.
    let counted = Counted { all: vec![tally("02", 40, 10)], exempt: Vec::new() };
    let whole = score(rules, &all_parts(rules, &counted));
    let on_time = rules.parts.iter().position(|part| part.code == "on_time").unwrap();
    assert_eq!(whole.lines[on_time].points, Some(6250));
    // 30 × 40/55 + 25 × 40/55 + 20 × 30/48 + 15 × 30/48 + 10 × 30/45
    assert_eq!(whole.points, Some(6854));
    assert_eq!(whole.mark, Mark::Good);
    // Hard ones that are done are worth 1.2 each, and one that is not is worth one: 48/(48 + 10).
    let hard = Counted { all: vec![tally("01", 40, 10)], exempt: Vec::new() };
    let line = &score(rules, &all_parts(rules, &hard)).lines[on_time];
    assert_eq!((line.worth_met, line.worth_all), (4800, 5800));
    assert_eq!(line.points, Some(6825));
    // Five of the ten forgiven: 40 of 45. The same five left out with five that were met: 35 of 40.
    for (kind, points, excluded, forgiven) in [(Exempt::Blameless, 8102, 0, 5), (Exempt::Exclusion, 7813, 10, 0)] {
        let counted = Counted { exempt: vec![(kind, tally("02", 5, 5))], ..counted.clone() };
        let line = &score(rules, &all_parts(rules, &counted)).lines[on_time];
        assert_eq!((line.points, line.excluded, line.forgiven), (Some(points), excluded, forgiven), "{kind}");
    }
}

#[test]
fn small_units_are_not_judged_and_a_small_part_is_left_out() {
    let rules = rules();
    let none = Counted::default();
    let empty = score(rules, &all_parts(rules, &none));
    assert_eq!((empty.points, empty.mark), (None, Mark::Unrated));
    let mut counted: Vec<Counted> = all_parts(rules, &none);
    counted[0].all = vec![tally("02", 0, 19)];
    let small = score(rules, &counted);
    assert_eq!((small.points, small.mark), (Some(0), Mark::Unrated), "nineteen of the twenty");
    counted[0].all = vec![tally("02", 0, 20)];
    assert_eq!(score(rules, &counted).mark, Mark::Failed);
    counted[1].all = vec![tally("02", 4, 0)];
    let one = score(rules, &counted);
    assert_eq!((one.lines[1].points, one.points), (None, Some(0)), "four are too few to weigh");
}

/// One event after another, without sums: what `score` must come to.
fn naive(rules: &Performance, events: &[(usize, bool, Option<Exempt>)]) -> (i64, i64, i64, i64) {
    let (mut met, mut missed, mut worth, mut forgiven) = (0, 0, 0, 0);
    for (class, is_met, exempt) in events {
        match (is_met, exempt) {
            (_, Some(Exempt::Exclusion)) => {}
            (false, Some(Exempt::Blameless)) => forgiven += 1,
            (true, _) => {
                met += 1;
                worth += rules.worth(CLASSES[*class]);
            }
            (false, None) => missed += 1,
        }
    }
    (met, missed, worth, forgiven)
}

const CLASSES: [&str; 3] = ["01", "02", "04"];

proptest! {
    #[test]
    fn sums_are_what_one_event_after_another_comes_to(
        events in prop::collection::vec((0_usize..3, any::<bool>(), prop::option::of(any::<bool>())), 0..200)
    ) {
        let rules = rules();
        let kind = |exclusion: bool| if exclusion { Exempt::Exclusion } else { Exempt::Blameless };
        let events: Vec<_> = events.into_iter().map(|(class, met, exempt)| (class, met, exempt.map(kind))).collect();
        let one = |class: usize, met: bool| tally(CLASSES[class], i64::from(met), i64::from(!met));
        let counted = Counted {
            all: events.iter().map(|(class, met, _)| one(*class, *met)).collect(),
            exempt: events.iter().filter_map(|(class, met, exempt)| Some(((*exempt)?, one(*class, *met)))).collect(),
        };
        let whole = score(rules, &all_parts(rules, &counted));
        let line = &whole.lines[0];
        let (met, missed, worth, forgiven) = naive(rules, &events);
        prop_assert_eq!((line.met, line.missed, line.forgiven), (met, missed, forgiven));
        prop_assert_eq!((line.worth_met, line.worth_all), (worth, worth + missed * 100));
        prop_assert_eq!(line.met + line.missed + line.excluded + line.forgiven, events.len() as i64);
        if let Some(points) = line.points {
            let part = &rules.parts[0];
            let rate = 100.0 * worth as f64 / (worth + missed * 100) as f64;
            let exact = (rate - part.zero as f64) / (part.full - part.zero) as f64 * 10_000.0;
            prop_assert!((points as f64 - exact.clamp(0.0, 10_000.0)).abs() <= 0.5 + 1e-6);
        }
    }

    /// What is asked for a case never makes a score worse than leaving the same misses in.
    #[test]
    fn forgiving_never_costs(met in 0_i64..100, missed in 0_i64..100, forgiven in 0_i64..120) {
        let rules = rules();
        let plain = Counted { all: vec![tally("02", met, missed)], exempt: Vec::new() };
        let spared = Counted { exempt: vec![(Exempt::Blameless, tally("02", 0, forgiven))], ..plain.clone() };
        let points = |counted: &Counted| score(rules, &all_parts(rules, counted)).lines[0].points;
        if let (Some(before), Some(after)) = (points(&plain), points(&spared)) {
            prop_assert!(after >= before);
        }
    }
}
