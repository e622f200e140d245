//! Figures from the record: what is counted, and the indicators made of the counts by printed formulas.
//!
//! A step of a case appends signed deltas; a figure is a sum of deltas, so it costs the same at a thousand cases
//! and at a hundred million, and opens the cases it was made of.

mod chance;
pub mod detect;
mod practice;
pub mod score;
mod term;
mod wait;

pub use chance::{adjusted, binomial_tail};
pub use practice::{Change, Effect, PracticeState, PracticeVerdict};
pub use term::Term;
pub use wait::percentile;

use crate::people::text_enum;

text_enum! {
    /// What is counted. One word each in the `deltas` and `counts` tables.
    Measure {
        /// Reports taken in, joined ones included.
        Received = "received",
        /// Reports joined to a case that was already open.
        Joined = "joined",
        /// Cases given to a unit without a person's decision.
        RoutedAlone = "routed_alone",
        /// Cases opened.
        Opened = "opened",
        /// Tasks given to a unit.
        Assigned = "assigned",
        /// Tasks accepted (signed for).
        Accepted = "accepted",
        /// Accept clocks stopped in time.
        AcceptKept = "accept_kept",
        /// Accept clocks that ran out, counted when they ran out.
        AcceptBroken = "accept_broken",
        /// Tasks disputed.
        Disputed = "disputed",
        /// Cases answered.
        Answered = "answered",
        /// Answer clocks stopped in time.
        AnswerKept = "answer_kept",
        /// Answer clocks that ran out, counted when they ran out.
        AnswerBroken = "answer_broken",
        /// ... with an outcome that claims the matter settled.
        ClaimedSolved = "claimed_solved",
        /// Callbacks the resident answered.
        Confirmable = "confirmable",
        /// ... saying that it is solved.
        ConfirmedSolved = "confirmed_solved",
        /// Callbacks with a rating.
        Rated = "rated",
        /// ... of 4 or 5.
        Satisfied = "satisfied",
        /// Callbacks nobody answered.
        Unconfirmed = "unconfirmed",
        Reopened = "reopened",
        Refused = "refused",
    }
}

text_enum! {
    /// An indicator: a ratio of two measures over the same area, unit, class and period.
    Indicator {
        /// 响应率
        Response = "response",
        /// 按时率
        OnTime = "on_time",
        /// 解决率 as claimed by the unit
        Claimed = "claimed",
        /// 解决率 as confirmed by the resident
        Confirmed = "confirmed",
        /// 满意率
        Satisfaction = "satisfaction",
        /// Share of cases that found their unit without a person's decision.
        Alone = "alone",
    }
}

impl Indicator {
    /// The measures summed above and below the line.
    ///
    /// A promise counts when it is kept or when it runs out, whichever comes first: work that was never done
    /// cannot hide from the denominator by staying undone.
    /// No official formula of the three rates was found in public; these are the definitions of
    /// `docs/using/figures.md`: silence is never satisfaction, and what the unit claims is kept apart from what
    /// the resident confirms.
    pub fn formula(self) -> (&'static [Measure], &'static [Measure]) {
        use Measure as M;
        match self {
            Self::Response => (&[M::AcceptKept], &[M::AcceptKept, M::AcceptBroken]),
            Self::OnTime => (&[M::AnswerKept], &[M::AnswerKept, M::AnswerBroken]),
            Self::Claimed => (&[M::ClaimedSolved], &[M::Answered]),
            Self::Confirmed => (&[M::ConfirmedSolved], &[M::Confirmable]),
            Self::Satisfaction => (&[M::Satisfied], &[M::Rated]),
            Self::Alone => (&[M::RoutedAlone], &[M::Opened]),
        }
    }
}

impl Indicator {
    /// How the cases that did not meet an indicator are found: the measures below the line that are not above it,
    /// or, where what is above the line is a part of what is below, the measure that marks the part.
    pub fn rest(self) -> (Vec<Measure>, Option<Measure>) {
        let (over, under) = self.formula();
        if over.iter().all(|measure| under.contains(measure)) {
            (under.iter().filter(|measure| !over.contains(measure)).copied().collect(), None)
        } else {
            (under.to_vec(), over.first().copied())
        }
    }
}

/// Below this denominator a ratio is marked as a small count and never ranked.
pub const SMALL_COUNT: i64 = 5;

/// A ratio with both of its sides, so that a page can show and open them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    pub numerator: i64,
    pub denominator: i64,
}

impl Ratio {
    /// In per cent; `None` when nothing was counted.
    pub fn percent(self) -> Option<f64> {
        (self.denominator > 0).then(|| 100.0 * self.numerator as f64 / self.denominator as f64)
    }

    pub fn is_small(self) -> bool {
        self.denominator < SMALL_COUNT
    }
}

/// One signed delta of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delta {
    pub measure: Measure,
    pub amount: i64,
}

/// `measure` by one.
pub fn one(measure: Measure) -> Delta {
    Delta { measure, amount: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_meet_an_indicator_is_told_by_measure_or_by_mark() {
        assert_eq!(Indicator::OnTime.rest(), (vec![Measure::AnswerBroken], None));
        assert_eq!(Indicator::Claimed.rest(), (vec![Measure::Answered], Some(Measure::ClaimedSolved)));
        for indicator in Indicator::ALL {
            assert!(indicator.formula().0.len() == 1, "{indicator}: one mark stands for the whole side");
        }
    }

    #[test]
    fn an_empty_denominator_is_no_figure() {
        assert_eq!(Ratio { numerator: 0, denominator: 0 }.percent(), None);
        assert_eq!(Ratio { numerator: 3, denominator: 4 }.percent(), Some(75.0));
        assert!(Ratio { numerator: 3, denominator: 4 }.is_small());
    }
}
