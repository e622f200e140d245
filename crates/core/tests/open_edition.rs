//! What everybody may see of a report: no small count, on either side of a line, and none that the others give away.

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::evaluate::open::{K, open_edition};
use muster_core::evaluate::snapshot::{Edition, FORMAT, Line, Shown, Snapshot, Value};
use muster_core::pack::{Better, Name};
use proptest::prelude::*;

const CLASSES: usize = 4;

fn line(place: usize, now: Vec<Value>) -> Line {
    Line { key: place.to_string(), now: now.clone(), before: now.clone(), year_before: now, ..Line::default() }
}

/// Of every area: what came in by class, and how many of how many met the one ratio; the classes share it among them.
fn snapshot(grid: &[Vec<i64>], ratios: &[(i64, i64)]) -> Snapshot {
    let count: i64 = grid.iter().flatten().sum();
    let sum = |side: fn(&(i64, i64)) -> i64| ratios.iter().map(side).sum::<i64>();
    let (met, counted) = (sum(|ratio| ratio.0), sum(|ratio| ratio.0 + ratio.1));
    let area = |(place, row): (usize, &Vec<i64>)| {
        let (met, rest) = ratios[place];
        line(place, vec![Value::count(row.iter().sum()), Value::new(met, met + rest)])
    };
    let class = |place: usize| {
        let ratio = if place == 0 { Value::new(met, counted) } else { Value::new(0, 0) };
        line(place, vec![Value::count(grid.iter().map(|row| row[place]).sum()), ratio])
    };
    let shown = |code: &str, is_ratio| Shown {
        code: code.to_owned(),
        name: Name::default(),
        formula: Name::default(),
        is_ratio,
        better: Better::Higher,
        measures: if is_ratio { vec![Measure::AnswerKept, Measure::AnswerBroken] } else { vec![Measure::Received] },
        target: None,
        target_below: None,
    };
    let whole = vec![Value::count(count), Value::new(met, counted)];
    Snapshot {
        format: FORMAT,
        edition: Edition::Full,
        period: "2026Q2".parse().expect("a period"),
        area: AreaId::new(900_100_000_000_000).expect("an area"),
        area_name: Name::default(),
        pack: String::new(),
        until: None,
        indicators: vec![shown("received", false), shown("on_time", true)],
        whole: line(0, whole),
        months: (0..15).map(|month| (202_504 + month, Some(count * (month + 1) / 40))).collect(),
        areas: grid.iter().enumerate().map(area).collect(),
        classes: (0..CLASSES).map(class).collect(),
        channels: grid.iter().enumerate().map(|(place, row)| line(place, vec![Value::count(row[0])])).collect(),
        kinds: Vec::new(),
        grid: grid.iter().map(|row| row.iter().map(|cell| Some(*cell)).collect()).collect(),
        exceptions: Vec::new(),
        exceptions_left: 0,
        cases: Vec::new(),
        cases_left: Vec::new(),
    }
}

/// Every number that is shown, with what is left of a line when its upper side is taken away.
fn shown(open: &Snapshot) -> Vec<i64> {
    let of_value = |value: &Value| {
        let rest = value.over.zip(value.under).map(|(over, under)| under - over);
        [value.over, value.under, rest].into_iter().flatten().collect::<Vec<_>>()
    };
    let lines = open.areas.iter().chain(&open.classes).chain(&open.channels).chain([&open.whole]);
    let values = lines.flat_map(|line| line.now.iter().chain(&line.before).chain(&line.year_before));
    let mut numbers: Vec<i64> = values.flat_map(of_value).collect();
    numbers.extend(open.grid.iter().flatten().filter_map(|cell| *cell));
    numbers.extend(open.months.iter().filter_map(|(_, count)| *count));
    numbers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_small_count_is_shown(
        (grid, ratios) in (1_usize..6).prop_flat_map(|areas| (
            prop::collection::vec(prop::collection::vec(prop_oneof![0_i64..7, 8_i64..50], CLASSES), areas),
            prop::collection::vec((prop_oneof![0_i64..7, 8_i64..50], prop_oneof![0_i64..7, 8_i64..50]), areas),
        ))
    ) {
        let full = snapshot(&grid, &ratios);
        let open = open_edition(&full);
        let small: Vec<i64> = shown(&open).into_iter().filter(|n| (1..K).contains(n)).collect();
        prop_assert!(small.is_empty(), "{small:?} in {open:#?}");
        // Where one line alone is hidden, the whole gives it away: then it is not small.
        for (of, full) in [(&open.areas, &full.areas), (&open.classes, &full.classes)] {
            for place in 0..open.indicators.len() {
                let hidden: Vec<usize> = (0..of.len()).filter(|line| of[*line].now[place].over.is_none()).collect();
                if let ([line], Some(_)) = (&hidden[..], open.whole.now[place].over) {
                    let value = full[*line].now[place];
                    let sides = [value.over, value.under.zip(value.over).map(|(under, over)| under - over)];
                    let small = sides.into_iter().flatten().any(|n| (1..K).contains(&n));
                    prop_assert!(!small, "{value:?} is what is left of {of:#?}");
                }
            }
        }
        prop_assert!(open.areas.iter().chain(&open.classes).all(|line| line.before.is_empty() && line.year_before.is_empty()));
    }
}

#[test]
fn two_ratios_of_one_count_are_not_shown_together() {
    let full = snapshot(&[vec![10, 20, 30, 40]], &[(10, 20)]);
    let mut twice = full.clone();
    twice.indicators.push(Shown { code: "late".to_owned(), ..full.indicators[1].clone() });
    for line in twice.areas.iter_mut().chain(&mut twice.classes).chain([&mut twice.whole]) {
        for values in [&mut line.now, &mut line.before, &mut line.year_before] {
            values.push(Value::new(20, 30));
        }
    }
    assert_eq!(open_edition(&twice), open_edition(&full));
}

#[test]
fn a_report_of_many_is_shown_as_it_is() {
    let grid = vec![vec![10, 20, 30, 40], vec![50, 60, 70, 80]];
    let full = snapshot(&grid, &[(10, 20), (30, 40)]);
    let open = open_edition(&full);
    assert_eq!((open.grid, open.whole.now), (full.grid, full.whole.now));
    assert!(open.areas.iter().all(|line| line.now.iter().all(|value| !value.is_hidden())));
}
