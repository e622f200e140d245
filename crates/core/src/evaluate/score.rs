//! The score of a unit: from counts by class, less what is left out or forgiven, to points; and what a row of failures means.
//!
//! Points are whole hundredths, so that every machine comes to the same. A case of a hard class is worth more when it is
//! done and the same as any other when it is not: nobody loses by taking up what is hard.

use std::collections::BTreeMap;

use crate::pack::{Exempt, Performance, ScorePart};
use crate::people::text_enum;
use crate::time::Timestamp;

/// How often something was met and missed, in one large class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub class: String,
    pub met: i64,
    pub missed: i64,
}

/// What a part of a score is made of: all that was counted, and of it the cases that are left out or forgiven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub all: Vec<Tally>,
    pub exempt: Vec<(Exempt, Tally)>,
}

/// A part of a score as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// After what was left out.
    pub met: i64,
    pub missed: i64,
    /// Counted, and left out (whole) or forgiven (what was missed).
    pub excluded: i64,
    pub forgiven: i64,
    /// Hundredths of what counts above and below the line, by the worth of the classes.
    pub worth_met: i64,
    pub worth_all: i64,
    /// Hundredths of a hundred points; `None` where too little was counted.
    pub points: Option<i64>,
}

/// The whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// In the order of the pack's parts.
    pub lines: Vec<Line>,
    /// Hundredths of a hundred points; `None` where no part has any.
    pub points: Option<i64>,
    pub mark: Mark,
}

text_enum! {
    /// What a score says.
    Mark {
        Good = "good",
        /// 不合格
        Failed = "failed",
        /// Too little was counted to judge anything.
        Unrated = "unrated",
    }
}

/// Points in hundredths.
const HUNDRED: i128 = 10_000;

/// Scores what was counted; `counted` is in the order of the pack's parts.
///
/// A part with too few is left out, and the weights of the others stand for the whole.
pub fn score(rules: &Performance, counted: &[Counted]) -> Score {
    let lines: Vec<Line> = rules.parts.iter().zip(counted).map(|(part, counted)| line(rules, part, counted)).collect();
    let with_points =
        || rules.parts.iter().zip(&lines).filter_map(|(part, line)| Some((part.weight, line.points?, line)));
    let weight: i64 = with_points().map(|(weight, ..)| weight).sum();
    let sum: i64 = with_points().map(|(weight, points, _)| weight * points).sum();
    let points = (weight > 0).then(|| rounded(i128::from(sum), i128::from(weight)));
    let events: i64 = with_points().map(|(_, _, line)| line.met + line.missed).sum();
    let mark = match points {
        Some(points) if events >= rules.least => {
            if points < rules.pass * 100 {
                Mark::Failed
            } else {
                Mark::Good
            }
        }
        _ => Mark::Unrated,
    };
    Score { lines, points, mark }
}

fn line(rules: &Performance, part: &ScorePart, counted: &Counted) -> Line {
    let mut classes: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let mut line = Line { met: 0, missed: 0, excluded: 0, forgiven: 0, worth_met: 0, worth_all: 0, points: None };
    for tally in &counted.all {
        let sums = classes.entry(&tally.class).or_default();
        *sums = (sums.0 + tally.met, sums.1 + tally.missed);
    }
    for (kind, tally) in &counted.exempt {
        // What is left out was counted: never more than there is.
        let Some(sums) = classes.get_mut(tally.class.as_str()) else { continue };
        let missed = tally.missed.clamp(0, sums.1.max(0));
        let met = if *kind == Exempt::Exclusion { tally.met.clamp(0, sums.0.max(0)) } else { 0 };
        *sums = (sums.0 - met, sums.1 - missed);
        match kind {
            Exempt::Exclusion => line.excluded += met + missed,
            Exempt::Blameless => line.forgiven += missed,
        }
    }
    for (class, (met, missed)) in classes {
        // A count that was taken back after the period it stood in may leave less than nothing there.
        let (met, missed) = (met.max(0), missed.max(0));
        line.met += met;
        line.missed += missed;
        line.worth_met += met * rules.worth(class);
        line.worth_all += met * rules.worth(class) + missed * 100;
    }
    if line.met + line.missed >= rules.part_least {
        line.points = Some(points(part, line.worth_met, line.worth_all));
    }
    line
}

/// None at `zero` per cent, all at `full`, in proportion between.
fn points(part: &ScorePart, met: i64, all: i64) -> i64 {
    let (met, all) = (i128::from(met), i128::from(all));
    let over = 100 * met - i128::from(part.zero) * all;
    rounded(HUNDRED * over, i128::from(part.full - part.zero) * all).clamp(0, HUNDRED as i64)
}

/// Half away from nothing; `by` is above zero.
fn rounded(value: i128, by: i128) -> i64 {
    let half = if value < 0 { -by } else { by };
    ((2 * value + half) / (2 * by)) as i64
}

/// How many of the last terms in a row have failed, the oldest first. One that was not judged ends a row, as a good one
/// does: what follows rests on terms that were judged one after another.
pub fn failures(marks: &[Mark]) -> i64 {
    marks.iter().rev().take_while(|mark| **mark == Mark::Failed).count() as i64
}

text_enum! {
    /// How far a score is. Nothing counts before it is final.
    Standing {
        /// The time to appeal runs.
        Provisional = "provisional",
        Appealed = "appealed",
        /// Changed by an appeal, and not approved yet.
        Ruled = "ruled",
        Final = "final",
        /// A later version stands in its place.
        Replaced = "replaced",
    }
}

/// Why a score cannot be appealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAppeal {
    #[error("the time to appeal has passed")]
    Late,
    #[error("an appeal of it is open already")]
    Open,
    #[error("it was appealed and decided")]
    Decided,
}

impl Standing {
    /// An appeal at `at` of a score that can be appealed until before `until`.
    pub fn appeal(self, at: Timestamp, until: Timestamp) -> Result<Self, NoAppeal> {
        match self {
            Self::Provisional if at < until => Ok(Self::Appealed),
            Self::Provisional | Self::Final => Err(NoAppeal::Late),
            Self::Appealed => Err(NoAppeal::Open),
            Self::Ruled | Self::Replaced => Err(NoAppeal::Decided),
        }
    }

    /// Time passes: what nobody has appealed becomes final.
    #[must_use]
    pub fn settled(self, at: Timestamp, until: Timestamp) -> Self {
        if self == Self::Provisional && at >= until { Self::Final } else { self }
    }

    /// What an appealed score becomes; its changed version waits for approval where the pack asks for it.
    #[must_use]
    pub fn after_ruling(changed: bool, approval: bool) -> Self {
        if changed && approval { Self::Ruled } else { Self::Final }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_nothing() {
        for (value, by, rounds) in [(1, 2, 1), (-1, 2, -1), (3, 2, 2), (1, 3, 0), (2, 3, 1), (-2, 3, -1), (10, 5, 2)] {
            assert_eq!(rounded(value, by), rounds, "{value}/{by}");
        }
    }

    #[test]
    fn a_row_of_failures_ends_with_a_good_term_and_with_one_that_was_not_judged() {
        use Mark::{Failed as F, Good as G, Unrated as U};
        for (marks, row) in
            [(&[][..], 0), (&[F], 1), (&[F, F], 2), (&[F, F, F], 3), (&[F, G, F], 1), (&[F, U, F], 1), (&[F, F, G], 0)]
        {
            assert_eq!(failures(marks), row, "{marks:?}");
        }
    }

    #[test]
    fn a_score_is_appealed_once_and_in_time_and_is_final_when_nobody_does() {
        let (until, before) = (Timestamp(100), Timestamp(99));
        assert_eq!(Standing::Provisional.appeal(before, until), Ok(Standing::Appealed));
        assert_eq!(Standing::Provisional.appeal(until, until), Err(NoAppeal::Late));
        assert_eq!(Standing::Final.appeal(before, until), Err(NoAppeal::Late));
        assert_eq!(Standing::Appealed.appeal(before, until), Err(NoAppeal::Open));
        assert_eq!(Standing::Ruled.appeal(before, until), Err(NoAppeal::Decided));
        assert_eq!(Standing::Provisional.settled(before, until), Standing::Provisional);
        assert_eq!(Standing::Provisional.settled(until, until), Standing::Final);
        assert_eq!(Standing::Appealed.settled(until, until), Standing::Appealed, "an appeal stops the time");
        assert_eq!(Standing::after_ruling(true, true), Standing::Ruled);
        assert_eq!(Standing::after_ruling(true, false), Standing::Final);
        assert_eq!(Standing::after_ruling(false, true), Standing::Final);
    }
}
