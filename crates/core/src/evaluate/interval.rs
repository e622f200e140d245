//! How sure a share is: the interval in which it lies with 95 of 100, after Wilson (1927), score interval without
//! correction. It is honest at the ends (0 and 100 per cent) and for few, where the usual one is not.

/// The two-sided 95 per cent point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Lower and upper end of the share `met` of `all`; none where there is no share.
pub fn wilson(met: i64, all: i64) -> Option<(f64, f64)> {
    if all <= 0 || !(0..=all).contains(&met) {
        return None;
    }
    let (n, share) = (all as f64, met as f64 / all as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    // At the ends the exact value is 0 or 1; rounding must not go beyond.
    let low = if met == 0 { 0.0 } else { (middle - half) / whole };
    let high = if met == all { 1.0 } else { (middle + half) / whole };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition: all shares that a score test of the observed one does not refuse, looked for by halving.
    fn oracle(met: i64, all: i64) -> (f64, f64) {
        let (n, share) = (all as f64, met as f64 / all as f64);
        let refused = |p: f64| {
            let spread = (p * (1.0 - p) / n).sqrt();
            (share - p).abs() > Z * spread
        };
        let edge = |mut inside: f64, mut outside: f64| {
            for _ in 0..200 {
                let middle = f64::midpoint(inside, outside);
                if refused(middle) { outside = middle } else { inside = middle }
            }
            inside
        };
        (edge(share, 0.0), edge(share, 1.0))
    }

    #[test]
    fn it_is_what_the_score_test_does_not_refuse() {
        for all in (1..60).chain([100, 999, 52_434]) {
            for met in (0..=all).step_by((all as usize / 40).max(1)) {
                let (low, high) = wilson(met, all).expect("a share");
                let (from, to) = oracle(met, all);
                assert!(
                    (low - from).abs() < 1e-9 && (high - to).abs() < 1e-9,
                    "{met}/{all}: {low}–{high}, {from}–{to}"
                );
                let share = met as f64 / all as f64;
                assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high));
            }
        }
    }

    #[test]
    fn a_published_example_and_what_is_no_share() {
        // Newcombe 1998, table I: 81 of 263, method 3: 0.2553 to 0.3662.
        let (low, high) = wilson(81, 263).expect("a share");
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        assert_eq!((wilson(0, 0), wilson(6, 5), wilson(-1, 5)), (None, None, None));
    }
}
