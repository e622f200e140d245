//! Practices: what a curator may do with one, and how well its measure worked.
//!
//! The effect is read off the record: cases of the same class in the same place in the days before and after the measure, and
//! what residents said of the cases in which it was taken. A count says nothing of why; that is why its interval and a mark for
//! small counts stand beside it, and why it moves a practice in a list and never hides it.

use super::interval::wilson;
use crate::people::text_enum;

text_enum! {
    /// Where a practice stands.
    PracticeState {
        /// Waits for a curator.
        Proposed = "proposed",
        /// Shown and proposed to others.
        Accepted = "accepted",
        Rejected = "rejected",
        /// Held good once; no longer.
        Retired = "retired",
    }
}

text_enum! {
    /// What a curator decides of it.
    PracticeVerdict {
        Accept = "accept",
        Reject = "reject",
        Retire = "retire",
        /// Everybody may read it, without an account.
        Publish = "publish",
        Withdraw = "withdraw",
    }
}

impl PracticeVerdict {
    /// Whether the practice is open to everybody afterwards, and where it then stands; `None` where it cannot be decided so.
    pub fn of(self, state: PracticeState, public: bool) -> Option<(PracticeState, bool)> {
        use PracticeState as S;
        match (self, state) {
            (Self::Accept, S::Proposed | S::Rejected | S::Retired) => Some((S::Accepted, false)),
            (Self::Reject, S::Proposed) => Some((S::Rejected, false)),
            (Self::Retire, S::Accepted) => Some((S::Retired, false)),
            (Self::Publish, S::Accepted) if !public => Some((S::Accepted, true)),
            (Self::Withdraw, S::Accepted) if public => Some((S::Accepted, false)),
            _ => None,
        }
    }

    /// What can be decided of a practice.
    pub fn possible(state: PracticeState, public: bool) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|verdict| verdict.of(state, public).is_some()).collect()
    }
}

/// What the record says of a practice, over all places in which it was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Cases of the same class in the same place, and the days in which they were counted.
    pub before: i64,
    pub before_days: i64,
    pub after: i64,
    pub after_days: i64,
    /// Residents of the cases in which it was taken who said whether it is solved; and of these, those who said yes.
    pub told: i64,
    pub solved: i64,
}

/// Cases a day after, as a multiple of cases a day before, within bounds that hold 95 times in 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    pub ratio: f64,
    pub low: f64,
    /// `None` where nothing bounds it.
    pub high: Option<f64>,
}

/// Cases, and answers of residents, that a practice of which nothing is known is taken to have on either side.
const PRIOR: f64 = 2.0;
/// The most and the least that working well counts beside likeness.
const LEAST_WEIGHT: f64 = 0.75;
const MOST_WEIGHT: f64 = 1.25;

impl Effect {
    /// How often it came back; `None` before `least_days` have passed on either side, or where none came before.
    ///
    /// Of all cases of both sides, the share that came after is a proportion: its interval (Wilson, 1927) is turned into one of
    /// the ratio by the days of each side.
    pub fn change(&self, least_days: i64) -> Option<Change> {
        if self.before_days < least_days || self.after_days < least_days || self.before <= 0 {
            return None;
        }
        let per_day = self.before_days as f64 / self.after_days as f64;
        let (low, high) = wilson(self.after, self.before + self.after)?;
        let odds = |share: f64| share / (1.0 - share) * per_day;
        Some(Change {
            ratio: self.after as f64 / self.before as f64 * per_day,
            low: odds(low),
            high: (high < 1.0).then(|| odds(high)),
        })
    }

    pub fn is_small(&self, small_count: i64) -> bool {
        self.before + self.after < small_count
    }

    /// By how much its place in a list is moved: 1 where nothing is known, more where like cases became fewer and residents
    /// said that it is solved. Both are drawn to the middle, the more so the less is known.
    pub fn weight(&self, least_days: i64) -> f64 {
        let said = (self.solved as f64 + PRIOR) / (self.told as f64 + 2.0 * PRIOR);
        let calm = if self.before_days < least_days || self.after_days < least_days {
            0.5
        } else {
            // What came after, had it been looked at for as long as before.
            let after = self.after as f64 * self.before_days as f64 / self.after_days as f64;
            (self.before as f64 + PRIOR) / (self.before as f64 + after + 2.0 * PRIOR)
        };
        LEAST_WEIGHT + (MOST_WEIGHT - LEAST_WEIGHT) * f64::midpoint(said, calm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_with_its_bounds_once_there_is_something_to_tell() {
        let effect = Effect { before: 20, before_days: 90, after: 4, after_days: 90, told: 0, solved: 0 };
        let change = effect.change(14).unwrap();
        assert!((change.ratio - 0.2).abs() < 1e-12);
        // 4 of 24: Wilson's bounds are 0.0668 and 0.3585.
        assert!((change.low - 0.0716).abs() < 1e-3 && (change.high.unwrap() - 0.5590).abs() < 1e-3, "{change:?}");
        assert_eq!(Effect { after_days: 13, ..effect }.change(14), None, "too early");
        assert_eq!(Effect { before: 0, ..effect }.change(14), None, "nothing to compare with");
        let half = Effect { after_days: 45, ..effect }.change(14).unwrap();
        assert!((half.ratio - 0.4).abs() < 1e-12, "as many in half the days are twice as many");
    }

    #[test]
    fn little_known_moves_little_and_well_worked_stands_before() {
        let weight = |effect: Effect| effect.weight(14);
        assert!((weight(Effect::default()) - 1.0).abs() < 1e-12);
        let well = Effect { before: 20, before_days: 90, after: 2, after_days: 90, told: 10, solved: 10 };
        let badly = Effect { before: 2, before_days: 90, after: 20, after_days: 90, told: 10, solved: 0 };
        let once = Effect { told: 1, solved: 1, ..Effect::default() };
        assert!(weight(badly) < 1.0 && 1.0 < weight(once) && weight(once) < weight(well));
        assert!(weight(badly) > LEAST_WEIGHT && weight(well) < MOST_WEIGHT);
    }

    #[test]
    fn what_is_public_is_accepted() {
        for state in PracticeState::ALL {
            for verdict in PracticeVerdict::ALL {
                for public in [false, true] {
                    let next = verdict.of(*state, public);
                    assert!(next.is_none_or(|(next, public)| !public || next == PracticeState::Accepted));
                }
            }
        }
        assert_eq!(
            PracticeVerdict::possible(PracticeState::Proposed, false),
            [PracticeVerdict::Accept, PracticeVerdict::Reject]
        );
    }
}
