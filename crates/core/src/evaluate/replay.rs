//! Cases of the past under other rules: whom they would have gone to, when they would have been due, and what that changes.
//!
//! Both sides are computed from the same facts by the same code, so that a difference is the rules' and nothing else's.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::id::UnitId;
use crate::time::Timestamp;

/// What one set of rules says of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// None where the rules name no unit.
    pub unit: Option<UnitId>,
    /// Whether they know its class.
    pub known: bool,
    /// When the answer is due.
    pub due: Timestamp,
}

/// A case with both answers, and when it was answered.
#[derive(Clone, Debug)]
pub struct Replayed {
    pub code: String,
    pub class: String,
    pub category: String,
    pub area: i64,
    pub before: Ruled,
    pub after: Ruled,
    /// None while it is not.
    pub answered: Option<Timestamp>,
}

impl Replayed {
    pub fn moved(&self) -> bool {
        self.before.unit != self.after.unit
    }

    pub fn is_changed(&self) -> bool {
        self.moved() || self.before.due != self.after.due || self.before.known != self.after.known
    }
}

/// Of a promise: kept, broken, or not to be told yet.
fn kept(due: Timestamp, answered: Option<Timestamp>, now: Timestamp) -> Option<bool> {
    match answered {
        Some(at) => Some(at < due),
        None if due <= now => Some(false),
        None => None,
    }
}

/// What changes for some cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub cases: u64,
    /// Another unit, or one where there was none, or none where there was one.
    pub moved: u64,
    /// No unit under these rules and under the others.
    pub homeless_before: u64,
    pub homeless_after: u64,
    pub later: u64,
    pub earlier: u64,
    /// Promises that can be told, and those of them that are kept.
    pub told_before: u64,
    pub kept_before: u64,
    pub told_after: u64,
    pub kept_after: u64,
    /// Of a class that the other rules do not know.
    pub unknown: u64,
}

impl Difference {
    fn add(&mut self, case: &Replayed, now: Timestamp) {
        let one = u64::from;
        let (before, after) = (case.before, case.after);
        self.cases += 1;
        self.moved += one(case.moved());
        self.homeless_before += one(before.unit.is_none());
        self.homeless_after += one(after.unit.is_none());
        self.later += one(after.due > before.due);
        self.earlier += one(after.due < before.due);
        self.unknown += one(!after.known);
        let (was, is) = (kept(before.due, case.answered, now), kept(after.due, case.answered, now));
        self.told_before += one(was.is_some());
        self.kept_before += one(was == Some(true));
        self.told_after += one(is.is_some());
        self.kept_after += one(is == Some(true));
    }
}

/// The difference of all cases and of each class, and the first that change.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    pub all: Difference,
    pub classes: BTreeMap<String, Difference>,
    pub first: Vec<Replayed>,
}

impl Replay {
    /// Adds a case; of those that change the first `most` are kept.
    pub fn add(&mut self, case: Replayed, now: Timestamp, most: usize) {
        self.all.add(&case, now);
        self.classes.entry(case.class.clone()).or_default().add(&case, now);
        if case.is_changed() && self.first.len() < most {
            self.first.push(case);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp(100);

    fn ruled(unit: u8, due: i64) -> Ruled {
        let unit = (unit > 0).then(|| UnitId(Uuid::from_u128(u128::from(unit))));
        Ruled { unit, known: true, due: Timestamp(due) }
    }

    fn case() -> impl Strategy<Value = Replayed> {
        (0u8..3, 0u8..3, 0i64..200, 0i64..200, proptest::option::of(0i64..100), 1u8..4).prop_map(
            |(unit, other, due, other_due, answered, class)| Replayed {
                code: String::new(),
                class: format!("0{class}"),
                category: format!("0{class}01"),
                area: 0,
                before: ruled(unit, due),
                after: ruled(other, other_due),
                answered: answered.map(Timestamp),
            },
        )
    }

    proptest! {
        /// The same rules on both sides change nothing, and the classes make up the whole.
        #[test]
        fn the_same_rules_change_nothing(cases in proptest::collection::vec(case(), 0..40)) {
            let mut replay = Replay::default();
            for case in &cases {
                replay.add(Replayed { after: case.before, ..case.clone() }, NOW, 100);
            }
            let all = replay.all;
            prop_assert_eq!((all.moved, all.later, all.earlier, all.unknown), (0, 0, 0, 0));
            prop_assert_eq!((all.told_before, all.kept_before), (all.told_after, all.kept_after));
            prop_assert!(replay.first.is_empty());
        }

        /// Counted one by one, naively, all is as said; turned round, before and after change places.
        #[test]
        fn a_replay_counts_as_one_would_by_hand(cases in proptest::collection::vec(case(), 0..40)) {
            let (mut replay, mut back) = (Replay::default(), Replay::default());
            for case in &cases {
                replay.add(case.clone(), NOW, 5);
                back.add(Replayed { before: case.after, after: case.before, ..case.clone() }, NOW, 5);
            }
            let count = |what: &dyn Fn(&Replayed) -> bool| cases.iter().filter(|case| what(case)).count() as u64;
            let told = |ruled: &Ruled, case: &Replayed| case.answered.is_some() || ruled.due <= NOW;
            let kept = |ruled: &Ruled, case: &Replayed| case.answered.is_some_and(|at| at < ruled.due);
            prop_assert_eq!(replay.all.cases, cases.len() as u64);
            prop_assert_eq!(replay.all.moved, count(&|case| case.before.unit != case.after.unit));
            prop_assert_eq!(replay.all.later, count(&|case| case.after.due > case.before.due));
            prop_assert_eq!(replay.all.told_after, count(&|case| told(&case.after, case)));
            prop_assert_eq!(replay.all.kept_after, count(&|case| kept(&case.after, case)));
            prop_assert_eq!(replay.all.kept_before, count(&|case| kept(&case.before, case)));
            prop_assert_eq!((replay.all.later, replay.all.kept_after), (back.all.earlier, back.all.kept_before));
            prop_assert_eq!(replay.classes.values().map(|class| class.cases).sum::<u64>(), replay.all.cases);
            prop_assert_eq!(replay.classes.values().map(|class| class.moved).sum::<u64>(), replay.all.moved);
            prop_assert!(replay.first.len() <= 5 && replay.first.iter().all(Replayed::is_changed));
        }
    }
}
