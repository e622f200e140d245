//! Figures from the record: what is counted, and the indicators made of the counts by printed formulas.
//!
//! A step of a case appends signed deltas; a figure is a sum of deltas, so it costs the same at a thousand cases
//! and at a hundred million, and opens the cases it was made of.

pub mod blind;
mod chance;
pub mod detect;
pub mod estimate;
pub mod exceptions;
pub mod finding;
mod interval;
mod mix;
pub mod open;
pub mod period;
mod practice;
pub mod programme;
pub mod question;
pub mod replay;
pub mod room;
pub mod sample;
pub mod score;
pub mod snapshot;
pub mod suppress;
mod term;
mod totals;
mod wait;

pub use chance::{adjusted, binomial_tail};
pub use interval::wilson;
pub use mix::{Adjusted, Standing, adjust};
pub use practice::{Change, Effect, PracticeState, PracticeVerdict};
pub use term::Term;
pub use totals::Totals;
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
        /// Cases opened: reports that were a matter of their own.
        Opened = "opened",
        /// Cases given to a unit for the first time.
        Dispatched = "dispatched",
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
        /// Cases closed, by the resident's word or by silence.
        Closed = "closed",
        Reopened = "reopened",
        Refused = "refused",
        /// Promises to the resident (the city's own word) that an answer kept.
        PromiseKept = "promise_kept",
        /// Promises to the resident that ran out, counted when they ran out.
        PromiseBroken = "promise_broken",
        /// Extensions of time granted.
        Extended = "extended",
        /// Times the resident heard from the unit before the duty to be heard ran out.
        FeedbackKept = "feedback_kept",
        /// Duties to be heard that ran out, counted when they ran out.
        FeedbackBroken = "feedback_broken",
        /// Callbacks the resident answered, of cases the pack calls conflicts.
        ConflictConfirmable = "conflict_confirmable",
        /// ... saying that the conflict is settled.
        ConflictSettled = "conflict_settled",
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

    /// The interval in which the share lies with 95 of 100, in per cent; `None` where the two sides are no share.
    pub fn interval(self) -> Option<(f64, f64)> {
        wilson(self.numerator, self.denominator).map(|(low, high)| (100.0 * low, 100.0 * high))
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
    fn an_empty_denominator_is_no_figure() {
        assert_eq!(Ratio { numerator: 0, denominator: 0 }.percent(), None);
        assert_eq!(Ratio { numerator: 3, denominator: 4 }.percent(), Some(75.0));
        assert!(Ratio { numerator: 3, denominator: 4 }.is_small());
    }
}
