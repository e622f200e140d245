//! Chances of counts: the upper tail of the binomial law, and which of many tests still say something.

/// The chance of `hits` or more in `trials` when each is a hit with chance `rate`: summed from the exact terms.
pub fn binomial_tail(hits: i64, trials: i64, rate: f64) -> f64 {
    if hits <= 0 {
        return 1.0;
    }
    if hits > trials || rate <= 0.0 {
        return 0.0;
    }
    if rate >= 1.0 {
        return 1.0;
    }
    let (n, k) = (trials as f64, hits as f64);
    let log = ln_choose(n, k) + k * rate.ln() + (n - k) * (-rate).ln_1p();
    let (mut term, mut sum, mut at) = (log.exp(), 0.0, k);
    // Terms rise up to the mean and fall after it.
    while at <= n && (term > sum * 1e-17 || at < n * rate) {
        sum += term;
        term *= (n - at) / (at + 1.0) * rate / (1.0 - rate);
        at += 1.0;
    }
    sum.min(1.0)
}

fn ln_choose(n: f64, k: f64) -> f64 {
    ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
}

/// Stirling's series, from ten on; below it the recurrence leads there.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 10.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    shift + (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series
}

/// The chances of many tests, each raised so that calling all below `q` a signal makes at most a share `q` of the signals
/// false on average (Benjamini and Hochberg 1995).
pub fn adjusted(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*a].total_cmp(&chances[*b]));
    let (tests, mut least, mut raised) = (chances.len() as f64, 1.0_f64, vec![1.0; chances.len()]);
    for (rank, at) in order.iter().enumerate().rev() {
        least = least.min(chances[*at] * (tests / (rank as f64 + 1.0)));
        raised[*at] = least;
    }
    raised
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The naive sum, term by term with exact products.
    fn naive(hits: i64, trials: i64, rate: f64) -> f64 {
        let term = |k: i64| {
            let choose: f64 = (0..k).map(|i| (trials - i) as f64 / (i + 1) as f64).product();
            choose * rate.powi(k as i32) * (1.0 - rate).powi((trials - k) as i32)
        };
        (hits.max(0)..=trials).map(term).sum()
    }

    proptest! {
        #[test]
        fn the_tail_is_the_naive_sum(trials in 1_i64..60, hits in 0_i64..60, rate in 0.001_f64..0.999) {
            let (own, sum) = (binomial_tail(hits, trials, rate), naive(hits, trials, rate).min(1.0));
            prop_assert!((own - sum).abs() <= 1e-9 + 1e-9 * sum, "{own} is not {sum}");
        }

        #[test]
        fn raising_keeps_the_order_and_lowers_nothing(chances in prop::collection::vec(0.0_f64..1.0, 0..40)) {
            let raised = adjusted(&chances);
            for (a, b) in chances.iter().zip(&raised) {
                prop_assert!(b >= a && *b <= 1.0);
            }
            for i in 0..chances.len() {
                for j in 0..chances.len() {
                    prop_assert!(chances[i] > chances[j] || raised[i] <= raised[j]);
                }
            }
        }
    }

    #[test]
    fn the_ends_are_sure() {
        assert!((binomial_tail(0, 10, 0.1) - 1.0).abs() < 1e-12);
        assert!(binomial_tail(11, 10, 0.9) < 1e-12);
        assert!((binomial_tail(1, 1, 0.25) - 0.25).abs() < 1e-12);
        assert!(binomial_tail(900, 1000, 0.05) < 1e-300, "far out it is nothing, and no noise");
        assert!((binomial_tail(1, 100_000, 1e-5) - 0.632_122_4).abs() < 1e-6);
    }

    #[test]
    fn the_example_of_the_paper() {
        // Benjamini and Hochberg (1995), section 3.2: of fifteen tests four are called at 0.05.
        let chances = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let called = adjusted(&chances).into_iter().filter(|chance| *chance <= 0.05).count();
        assert_eq!(called, 4);
    }
}
