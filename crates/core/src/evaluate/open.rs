//! The edition for everybody: k-anonymous, and without a way to a case.
//!
//! The tables of one report that have sums in common are protected with those sums shown, so that no two of them together
//! tell more than each. What is not protected that way is left out: the periods before of areas and classes.

use super::SMALL_COUNT;
use super::snapshot::{Edition, Line, Snapshot, Value};
use super::suppress::{Sums, Table, hide_in_list};

/// Fewer than so many people are never told of. INVARIANT: at least the count below which a ratio is called small.
pub const K: i64 = SMALL_COUNT;

/// What everybody may see of a report.
#[must_use]
pub fn open_edition(full: &Snapshot) -> Snapshot {
    let full = &apart(full);
    let mut open = Snapshot {
        edition: Edition::Open,
        exceptions: Vec::new(),
        exceptions_left: 0,
        cases: Vec::new(),
        cases_left: Vec::new(),
        ..full.clone()
    };
    for lines in [&mut open.areas, &mut open.classes, &mut open.channels, &mut open.kinds] {
        for line in lines.iter_mut() {
            line.before.clear();
            line.year_before.clear();
        }
    }
    for values in [&mut open.whole.now, &mut open.whole.before, &mut open.whole.year_before] {
        for value in values.iter_mut() {
            *value = alone(*value);
        }
    }
    grid(full, &mut open);
    for (place, _) in full.indicators.iter().enumerate().filter(|(_, shown)| shown.is_ratio) {
        let is_whole = open.whole.now.get(place).is_some_and(|value| !value.is_hidden());
        for lines in [&mut open.areas, &mut open.classes] {
            ratios(lines, place, is_whole);
        }
    }
    list(&mut open.channels);
    list(&mut open.kinds);
    months(&mut open);
    open
}

/// Indicators that count the same on a side of their lines tell each other's: of those, the first stays.
fn apart(full: &Snapshot) -> Snapshot {
    let mut taken = Vec::new();
    let keeps = full.indicators.iter().map(|one| {
        let is_new = one.measures.iter().all(|measure| !taken.contains(measure));
        taken.extend(one.measures.iter().copied().filter(|_| is_new));
        is_new
    });
    let keeps: Vec<bool> = keeps.collect();
    let mut kept = full.clone();
    keep(&mut kept.indicators, &keeps);
    for line in kept.areas.iter_mut().chain(&mut kept.classes).chain([&mut kept.whole]) {
        for values in [&mut line.now, &mut line.before, &mut line.year_before] {
            keep(values, &keeps);
        }
    }
    kept
}

fn keep<T>(items: &mut Vec<T>, keeps: &[bool]) {
    let mut keeps = keeps.iter();
    items.retain(|_| keeps.next().copied().unwrap_or(true));
}

fn is_small(n: i64) -> bool {
    (1..K).contains(&n)
}

/// A value with nothing beside it: where a side of its line is small, only what both are together is shown.
fn alone(value: Value) -> Value {
    match value.ratio() {
        Some(ratio) if is_small(ratio.numerator) || is_small(ratio.denominator - ratio.numerator) => {
            Value { over: None, under: value.under.filter(|under| *under >= K) }
        }
        _ => value,
    }
}

/// What came in, by area and class, with the sums of each.
fn grid(full: &Snapshot, open: &mut Snapshot) {
    let rows: Vec<Vec<i64>> =
        full.grid.iter().map(|row| row.iter().map(|cell| cell.unwrap_or_default()).collect()).collect();
    let mut table = Table::new(&rows, full.classes.len());
    let whole = full.whole.now.first().and_then(|value| value.over).unwrap_or_default();
    if whole < K {
        table.hide_all();
    } else {
        table.protect(K, Sums::Both);
    }
    for (row, cells) in open.grid.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell = cell.filter(|_| !table.is_hidden(row, column));
        }
    }
    let of_area = |row: usize| table.is_hidden(row, full.classes.len());
    let of_class = |column: usize| table.is_hidden(rows.len(), column);
    hide_counts(&mut open.areas, of_area);
    hide_counts(&mut open.classes, of_class);
}

fn hide_counts(lines: &mut [Line], is_hidden: impl Fn(usize) -> bool) {
    for (_, line) in lines.iter_mut().enumerate().filter(|(place, _)| is_hidden(*place)) {
        line.now.iter_mut().take(1).for_each(|count| *count = Value::default());
    }
}

/// One ratio of every area, or of every class: met and not met beside each other, whose sums are the whole's.
fn ratios(lines: &mut [Line], place: usize, is_whole: bool) {
    let ratio = |line: &Line| line.now.get(place).and_then(|value| value.ratio());
    let rows: Vec<Vec<i64>> = (lines.iter())
        .map(|line| ratio(line).map_or(vec![0, 0], |ratio| vec![ratio.numerator, ratio.denominator - ratio.numerator]))
        .collect();
    let mut table = Table::new(&rows, 2);
    if is_whole {
        table.protect(K, Sums::OfRows);
    } else {
        table.hide_all();
    }
    for (row, line) in lines.iter_mut().enumerate() {
        let Some(value) = line.now.get_mut(place) else { continue };
        let side = table.is_hidden(row, 0) || table.is_hidden(row, 1);
        value.over = value.over.filter(|_| !side);
        value.under = value.under.filter(|_| !table.is_hidden(row, 2));
    }
}

fn list(lines: &mut [Line]) {
    let counts: Vec<i64> =
        lines.iter().map(|line| line.now.first().and_then(|value| value.over).unwrap_or_default()).collect();
    for (line, hidden) in lines.iter_mut().zip(hide_in_list(&counts, K)) {
        if hidden {
            line.now.fill(Value::default());
        }
    }
}

/// The months of each period make up a number that is shown elsewhere, in this report or in another.
fn months(open: &mut Snapshot) {
    let length = open.period.kind().months() as usize;
    // Counted from the end: the last are those of the period itself.
    for months in open.months.rchunks_mut(length) {
        let counts: Vec<i64> = months.iter().map(|(_, count)| count.unwrap_or_default()).collect();
        for ((_, count), hidden) in months.iter_mut().zip(hide_in_list(&counts, K)) {
            *count = count.filter(|_| !hidden);
        }
    }
}
