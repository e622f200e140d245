//! The programme (行动方案): stages with their days, goals that are measured, milestones and key tasks that are owed.
//!
//! How far a goal is, follows from what was counted; nobody types it.

use super::Ratio;
use crate::people::text_enum;

text_enum! {
    KeyTaskKind {
        /// A day by which something stands.
        Milestone = "milestone",
        Task = "task",
    }
}

text_enum! {
    KeyTaskState {
        Open = "open",
        /// Its owner says that it is done.
        Reported = "reported",
        Done = "done",
        Cancelled = "cancelled",
    }
}

text_enum! {
    KeyTaskMove {
        Report = "report",
        Accept = "accept",
        SendBack = "send_back",
        /// Another day, for a reason.
        Move = "move",
        Cancel = "cancel",
    }
}

impl KeyTaskState {
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Reported)
    }

    pub fn allowed(self) -> &'static [KeyTaskMove] {
        use KeyTaskMove as M;
        match self {
            Self::Open => &[M::Report, M::Move, M::Cancel],
            Self::Reported => &[M::Accept, M::SendBack, M::Cancel],
            Self::Done | Self::Cancelled => &[],
        }
    }

    /// The state after a move; `None` where it is not allowed.
    pub fn after(self, step: KeyTaskMove) -> Option<Self> {
        self.allowed().contains(&step).then_some(match step {
            KeyTaskMove::Report => Self::Reported,
            KeyTaskMove::Accept => Self::Done,
            KeyTaskMove::SendBack | KeyTaskMove::Move => Self::Open,
            KeyTaskMove::Cancel => Self::Cancelled,
        })
    }
}

/// Where a goal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Reached,
    /// By how many hundredths of a point it is short, rounded up: what is short is never shown as nothing.
    Short(i64),
    /// Too little was counted to say.
    Few,
    /// Nothing is counted yet.
    Nothing,
}

/// What was counted, held against a target in hundredths of a per cent.
pub fn standing(now: Option<Ratio>, target: i64, higher_is_better: bool) -> Standing {
    let Some(now) = now.filter(|now| now.denominator > 0) else { return Standing::Nothing };
    if now.is_small() {
        return Standing::Few;
    }
    // target − now, in hundredths of a per cent times the denominator: exact.
    let (n, d) = (i128::from(now.numerator), i128::from(now.denominator));
    let gap = i128::from(target) * d - n * 10_000;
    let gap = if higher_is_better { gap } else { -gap };
    if gap <= 0 { Standing::Reached } else { Standing::Short(i64::try_from((gap + d - 1) / d).unwrap_or(i64::MAX)) }
}

/// Where a day lies on a line from `first` to `last`, in thousandths; days before and after lie at the ends.
pub fn place_on_line(first: i64, last: i64, day: i64) -> i64 {
    if last <= first {
        return 0;
    }
    (day.clamp(first, last) - first) * 1_000 / (last - first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "a goal may have nothing to go by")]
    fn ratio(numerator: i64, denominator: i64) -> Option<Ratio> {
        Some(Ratio { numerator, denominator })
    }

    #[test]
    fn a_goal_stands_by_what_was_counted() {
        assert_eq!(standing(None, 9_000, true), Standing::Nothing);
        assert_eq!(standing(ratio(0, 0), 9_000, true), Standing::Nothing);
        assert_eq!(standing(ratio(4, 4), 9_000, true), Standing::Few);
        assert_eq!(standing(ratio(9, 10), 9_000, true), Standing::Reached);
        assert_eq!(standing(ratio(89, 100), 9_000, true), Standing::Short(100));
        assert_eq!(standing(ratio(89_999, 100_000), 9_000, true), Standing::Short(1), "short by a hair is short");
        assert_eq!(standing(ratio(2, 10), 1_000, false), Standing::Short(1_000));
        assert_eq!(standing(ratio(1, 10), 1_000, false), Standing::Reached);
    }

    #[test]
    fn a_task_is_done_only_when_somebody_accepts_what_was_reported() {
        use {KeyTaskMove as M, KeyTaskState as S};
        assert_eq!(S::Open.after(M::Accept), None);
        assert_eq!(S::Open.after(M::Report), Some(S::Reported));
        assert_eq!(S::Reported.after(M::SendBack), Some(S::Open));
        assert_eq!(S::Reported.after(M::Accept), Some(S::Done));
        for step in M::ALL {
            assert_eq!((S::Done.after(*step), S::Cancelled.after(*step)), (None, None));
        }
    }

    #[test]
    fn days_lie_on_the_line_between_its_ends() {
        assert_eq!(place_on_line(10, 20, 15), 500);
        assert_eq!((place_on_line(10, 20, 5), place_on_line(10, 20, 25)), (0, 1_000));
        assert_eq!(place_on_line(10, 10, 10), 0);
    }
}
