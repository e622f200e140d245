//! Comparing those who do different work: indirect standardisation by class.
//!
//! What a part would reach, did it do as well in each class as all parts together, is its expected number: the sum over
//! classes of its own cases times the common share of the class. What it did reach is held against that. Who has the hard
//! classes is so expected to reach less, and is not blamed for it. The interval is that of its own share (Wilson),
//! divided by the expected one, which is taken as known.

use super::interval::wilson;
use super::{Ratio, SMALL_COUNT};

/// A part held against what its own mix of classes lets expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted {
    pub observed: Ratio,
    /// How many would have met it.
    pub expected: f64,
    /// Observed by expected, with its interval.
    pub ratio: f64,
    pub interval: (f64, f64),
}

/// How a part stands to what is expected of it. Within the interval no difference is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Too few cases to say anything.
    Few,
    AsExpected,
    Above,
    Below,
}

impl Adjusted {
    /// The expected share in per cent.
    pub fn expected_percent(&self) -> f64 {
        100.0 * self.expected / self.observed.denominator as f64
    }

    pub fn standing(&self) -> Standing {
        if self.observed.denominator < SMALL_COUNT {
            Standing::Few
        } else if self.interval.0 > 1.0 {
            Standing::Above
        } else if self.interval.1 < 1.0 {
            Standing::Below
        } else {
            Standing::AsExpected
        }
    }
}

/// Holds each part against its mix. `parts[p][c]` is the ratio of part `p` in class `c`; all parts have the same classes.
/// None for a part without cases, with shares beyond the whole, or of which nothing is expected.
pub fn adjust(parts: &[Vec<Ratio>]) -> Vec<Option<Adjusted>> {
    let classes = parts.iter().map(Vec::len).max().unwrap_or(0);
    let mut common = vec![Ratio { numerator: 0, denominator: 0 }; classes];
    for (sum, ratio) in parts.iter().flat_map(|part| part.iter().enumerate()) {
        common[sum].numerator += ratio.numerator;
        common[sum].denominator += ratio.denominator;
    }
    parts.iter().map(|part| one(part, &common)).collect()
}

fn one(part: &[Ratio], common: &[Ratio]) -> Option<Adjusted> {
    let observed = Ratio {
        numerator: part.iter().map(|ratio| ratio.numerator).sum(),
        denominator: part.iter().map(|ratio| ratio.denominator).sum(),
    };
    let share = |ratio: &Ratio| ratio.percent().unwrap_or(0.0) / 100.0;
    let expected: f64 = part.iter().zip(common).map(|(own, all)| own.denominator as f64 * share(all)).sum();
    let (low, high) = wilson(observed.numerator, observed.denominator)?;
    if expected <= 0.0 {
        return None;
    }
    let of_expected = |share: f64| share * observed.denominator as f64 / expected;
    Some(Adjusted {
        observed,
        expected,
        ratio: observed.numerator as f64 / expected,
        interval: (of_expected(low), of_expected(high)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> Ratio {
        Ratio { numerator, denominator }
    }

    /// Case by case: each is given the common share of its class, found by going through all cases of all parts.
    fn oracle(parts: &[Vec<Ratio>], part: usize) -> (f64, f64) {
        let cases = |of: &Vec<Ratio>| -> Vec<(usize, bool)> {
            let each = |(class, ratio): (usize, &Ratio)| {
                let n = *ratio;
                (0..n.denominator).map(move |i| (class, i < n.numerator)).collect::<Vec<_>>()
            };
            of.iter().enumerate().flat_map(each).collect()
        };
        let all: Vec<_> = parts.iter().flat_map(&cases).collect();
        let chance = |class: usize| {
            let of_class: Vec<_> = all.iter().filter(|case| case.0 == class).collect();
            of_class.iter().filter(|case| case.1).count() as f64 / of_class.len() as f64
        };
        let own = cases(&parts[part]);
        (own.iter().filter(|case| case.1).count() as f64, own.iter().map(|case| chance(case.0)).sum())
    }

    #[test]
    fn it_is_what_going_through_the_cases_gives() {
        let mut seed = 7_u64;
        let mut dice = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((seed >> 33) % below) as i64
        };
        for _ in 0..300 {
            let (width, height) = (1 + dice(5), 1 + dice(6));
            let mut one = || {
                let all = dice(30);
                ratio(if all == 0 { 0 } else { dice(all as u64 + 1) }, all)
            };
            let parts: Vec<Vec<Ratio>> = (0..height).map(|_| (0..width).map(|_| one()).collect()).collect();
            let adjusted = adjust(&parts);
            let mut sum = 0.0;
            for (n, adjusted) in adjusted.iter().enumerate() {
                let (observed, expected) = oracle(&parts, n);
                let Some(adjusted) = adjusted else {
                    assert!(expected == 0.0 || parts[n].iter().all(|ratio| ratio.denominator == 0));
                    continue;
                };
                assert!((adjusted.expected - expected).abs() < 1e-9, "{parts:?} {n}");
                assert!((adjusted.ratio - observed / expected).abs() < 1e-9);
                assert!((adjusted.interval.0..=adjusted.interval.1).contains(&adjusted.ratio));
                sum += adjusted.expected - observed;
            }
            assert!(sum.abs() < 1e-6, "what all together reach is what is expected of all together");
        }
    }

    #[test]
    fn whoever_has_the_hard_class_is_not_blamed_for_it() {
        // In the easy class 90 of 100 are met, in the hard one 30 of 100, by everybody alike.
        let parts = [vec![ratio(90, 100), ratio(3, 10)], vec![ratio(9, 10), ratio(30, 100)]];
        for adjusted in adjust(&parts).into_iter().flatten() {
            assert!((adjusted.ratio - 1.0).abs() < 1e-12, "{adjusted:?}");
            assert_eq!(adjusted.standing(), Standing::AsExpected);
        }
        let parts = [vec![ratio(90, 100), ratio(40, 100)], vec![ratio(90, 100), ratio(10, 100)]];
        let standings: Vec<_> = adjust(&parts).into_iter().flatten().map(|adjusted| adjusted.standing()).collect();
        assert_eq!(standings, [Standing::Above, Standing::Below]);
        let few = adjust(&[vec![ratio(0, 4)], vec![ratio(50, 50)]]);
        assert_eq!(few[0].map(|adjusted| adjusted.standing()), Some(Standing::Few));
        assert_eq!(adjust(&[vec![ratio(0, 0)]]), [None]);
    }
}
