//! What lies outside: areas and classes whose numbers moved, or stand, farther off than chance carries numbers of their size.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::Ratio;
use super::snapshot::{Line, Snapshot, Value};
use crate::pack::{Better, Name};
use crate::people::text_enum;

text_enum! {
    /// What is about: an area or a class.
    About {
        Area = "area",
        Class = "class",
    }
}

text_enum! {
    /// What a number is held against.
    Against {
        Before = "before",
        YearBefore = "year-before",
        /// All the other areas, or all the other classes.
        Others = "others",
        /// What is aimed at: a share of a thousand.
        Target = "target",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    pub about: About,
    pub key: String,
    pub name: Name,
    pub is_own: bool,
    pub indicator: String,
    pub against: Against,
    pub is: Value,
    pub than: Value,
}

/// Standard deviations from which on a difference is named: of a hundred numbers that only chance moves, fewer than one.
const FAR: f64 = 3.0;
/// Counts that together are fewer are not compared.
const COUNT_LEAST: i64 = 20;
/// Ratios of fewer are not compared.
const RATIO_LEAST: i64 = 30;
/// A difference in hundredths that matters to somebody.
const POINTS: f64 = 5.0;
/// A change of a count, as a share of what it was, that matters to somebody.
const SHARE: f64 = 0.2;
/// Targets are written as shares of so many.
const THOUSAND: i64 = 1_000;
/// As many are named, those that lie farthest off.
pub const NAMED: usize = 12;

/// The exceptions, the farthest first, and how many more there are.
pub fn exceptions(snapshot: &Snapshot) -> (Vec<Exception>, u64) {
    let mut found: Vec<(f64, Exception)> = Vec::new();
    for (about, lines) in [(About::Area, &snapshot.areas), (About::Class, &snapshot.classes)] {
        for line in lines {
            for (place, shown) in snapshot.indicators.iter().enumerate() {
                let held = |against, is, than, far| {
                    let exception = Exception {
                        about,
                        key: line.key.clone(),
                        name: line.name.clone(),
                        is_own: line.is_own,
                        indicator: shown.code.clone(),
                        against,
                        is,
                        than,
                    };
                    (far, exception)
                };
                let judge = |against, is: Value, than: Value| {
                    let far = if shown.is_ratio { ratio_far(is, than) } else { count_far(is, than) };
                    far.map(|far| held(against, is, than, far))
                };
                let at = |values: &[Value]| values.get(place).copied();
                let Some(is) = at(&line.now) else { continue };
                found.extend(at(&line.before).and_then(|than| judge(Against::Before, is, than)));
                found.extend(at(&line.year_before).and_then(|than| judge(Against::YearBefore, is, than)));
                // Only what is worse than elsewhere, or than what is aimed at: what is better needs nobody.
                let is_worse = |far: f64| match shown.better {
                    Better::Higher => far < 0.0,
                    Better::Lower => far > 0.0,
                    Better::Neither => false,
                };
                if shown.is_ratio {
                    let others = others(lines, line, place);
                    found.extend(judge(Against::Others, is, others).filter(|(far, _)| is_worse(*far)));
                }
                let aim = if about == About::Area { shown.target_below } else { shown.target };
                if let Some(aim) = aim.map(|tenths| Value::new(tenths, THOUSAND)) {
                    let far = target_far(is, aim).filter(|far| is_worse(*far));
                    found.extend(far.map(|far| held(Against::Target, is, aim, far)));
                }
            }
        }
    }
    found.retain(|(far, _)| far.abs() >= FAR);
    found.sort_by(|(a, left), (b, right)| {
        let same = (left.about, &left.key, &left.indicator, left.against);
        b.abs().partial_cmp(&a.abs()).unwrap_or(Ordering::Equal).then(same.cmp(&(
            right.about,
            &right.key,
            &right.indicator,
            right.against,
        )))
    });
    let left = found.len().saturating_sub(NAMED) as u64;
    (found.into_iter().take(NAMED).map(|(_, exception)| exception).collect(), left)
}

/// The sum of all other lines.
fn others(lines: &[Line], line: &Line, place: usize) -> Value {
    let values = lines.iter().filter(|other| !std::ptr::eq(*other, line)).filter_map(|other| other.now.get(place));
    let (over, under) = values.fold((0, 0), |(over, under), value| {
        (over + value.over.unwrap_or_default(), under + value.under.unwrap_or_default())
    });
    Value::new(over, under)
}

/// Standard deviations between two counts of things that happen by themselves; none where it matters to nobody.
fn count_far(is: Value, than: Value) -> Option<f64> {
    let (is, than) = (is.over?, than.over?);
    let (all, more) = (is + than, (is - than) as f64);
    (all >= COUNT_LEAST && more.abs() >= SHARE * than as f64).then(|| more / (all as f64).sqrt())
}

/// Standard deviations between two ratios; none where either is of few, or where it matters to nobody.
fn ratio_far(is: Value, than: Value) -> Option<f64> {
    let (is, than) = (is.ratio()?, than.ratio()?);
    if is.denominator < RATIO_LEAST || than.denominator < RATIO_LEAST {
        return None;
    }
    let share = |ratio: Ratio| ratio.numerator as f64 / ratio.denominator as f64;
    let both = Ratio { numerator: is.numerator + than.numerator, denominator: is.denominator + than.denominator };
    let (p, more) = (share(both), share(is) - share(than));
    let spread = (p * (1.0 - p) * (1.0 / is.denominator as f64 + 1.0 / than.denominator as f64)).sqrt();
    (100.0 * more.abs() >= POINTS && spread > 0.0).then(|| more / spread)
}

/// Standard deviations between a ratio and what is aimed at; none where it is of few.
fn target_far(is: Value, aim: Value) -> Option<f64> {
    let (is, aim) = (is.ratio()?, aim.ratio()?);
    if is.denominator < RATIO_LEAST {
        return None;
    }
    let of = |ratio: Ratio| ratio.numerator as f64 / ratio.denominator as f64;
    // Where all is aimed at, chance is that of what there is.
    let spread = |p: f64| (p * (1.0 - p) / is.denominator as f64).sqrt();
    let (p, aimed) = (of(is), of(aim));
    let spread = spread(aimed).max(spread(p));
    (spread > 0.0).then(|| (p - aimed) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_far_off_when_chance_does_not_carry_it_there() {
        let far = |is, than| count_far(Value::count(is), Value::count(than)).is_some_and(|far| far.abs() >= FAR);
        assert!(far(200, 100) && far(100, 200) && far(40, 0));
        assert!(!far(110, 100), "chance");
        assert!(!far(9, 3), "few");
        assert!(!far(110_000, 100_000), "sure, and of no weight");
    }

    #[test]
    fn a_ratio_is_far_off_when_many_say_so() {
        let far = |is: (i64, i64), than: (i64, i64)| ratio_far(Value::new(is.0, is.1), Value::new(than.0, than.1));
        assert!(far((50, 100), (900, 1_000)).is_some_and(|far| far < -FAR));
        assert!(far((20, 29), (900, 1_000)).is_none(), "few");
        assert!(far((870, 1_000), (900, 1_000)).is_none(), "three points");
        assert!(far((100, 100), (1_000, 1_000)).is_none(), "the same");
    }

    #[test]
    fn a_target_is_missed_when_many_say_so() {
        let far = |is: (i64, i64), aim| target_far(Value::new(is.0, is.1), Value::new(aim, THOUSAND));
        assert!(far((700, 1_000), 950).is_some_and(|far| far < -FAR));
        assert!(far((900, 1_000), 1_000).is_some_and(|far| far < -FAR), "all is aimed at");
        assert!(far((94, 100), 950).is_some_and(|far| far.abs() < FAR), "chance");
        assert!(far((10, 20), 950).is_none(), "few");
        assert!(far((100, 100), 1_000).is_none(), "met");
    }
}
