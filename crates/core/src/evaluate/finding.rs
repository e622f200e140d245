//! A finding (问题清单): something that is wrong beyond one case, with an owner, a deadline, a measure, two checks, and a look
//! back after it is struck off.
//!
//! Nothing leads round the check: only what somebody else than the owner accepted is published, and only what is
//! published is struck off.

use super::Ratio;
use crate::id::{AccountId, UnitId};
use crate::people::text_enum;
use crate::time::Timestamp;

text_enum! {
    /// Where it was seen.
    FindingSource {
        Indicator = "indicator",
        Hotspot = "hotspot",
        Patrol = "patrol",
        Evaluator = "evaluator",
        Audit = "audit",
        Interview = "interview",
        /// A figure that looks too good.
        Signal = "signal",
        /// What many complain of.
        Topic = "topic",
    }
}

text_enum! {
    /// The word of a state.
    FindingStage {
        Found = "found",
        Dropped = "dropped",
        Registered = "registered",
        Claimed = "claimed",
        Planned = "planned",
        Fixing = "fixing",
        OwnChecked = "own_checked",
        Checked = "checked",
        Published = "published",
        StruckOff = "struck_off",
    }
}

impl FindingStage {
    /// From its owner to its end, where nothing is sent back.
    pub const WAY: [Self; 8] = [
        Self::Registered,
        Self::Claimed,
        Self::Planned,
        Self::Fixing,
        Self::OwnChecked,
        Self::Checked,
        Self::Published,
        Self::StruckOff,
    ];
}

text_enum! {
    FindingMove {
        Note = "note",
        Register = "register",
        Drop = "drop",
        Claim = "claim",
        Plan = "plan",
        Begin = "begin",
        CheckOwn = "check_own",
        Accept = "accept",
        SendBack = "send_back",
        Publish = "publish",
        Strike = "strike",
        Hold = "hold",
        Reopen = "reopen",
    }
}

/// Who owes it, and until when it is to be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub unit: UnitId,
    pub due: Timestamp,
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingState {
    /// Noted by somebody; whoever coordinates gives it an owner, or says why it is none.
    Found,
    Dropped,
    Registered(Owner),
    Claimed(Owner),
    /// `by`: until when the unit means to be done, never after the deadline.
    Planned {
        owner: Owner,
        by: Timestamp,
    },
    Fixing {
        owner: Owner,
        by: Timestamp,
    },
    /// `who` says for the unit that it is put right.
    OwnChecked {
        owner: Owner,
        by: Timestamp,
        who: Option<AccountId>,
    },
    /// Somebody else found it put right.
    Checked(Owner),
    Published {
        owner: Owner,
        at: Timestamp,
    },
    /// `looks`: how many times one has looked back and it held.
    StruckOff {
        owner: Owner,
        at: Timestamp,
        looks: usize,
    },
}

/// What is done to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingAct<'a> {
    Register(Owner),
    Drop,
    Claim,
    Plan {
        by: Timestamp,
    },
    Begin,
    CheckOwn {
        who: Option<AccountId>,
    },
    /// The check: by whom, for which units they act, and whether it is put right.
    Check {
        who: Option<AccountId>,
        units: &'a [UnitId],
        accepted: bool,
    },
    Publish {
        at: Timestamp,
    },
    Strike {
        at: Timestamp,
        /// How long it has to have been public, at least.
        stands: i64,
    },
    /// A look back: still put right, or begun anew with another deadline.
    Look {
        held: bool,
        due: Timestamp,
    },
}

impl FindingAct<'_> {
    pub fn step(&self) -> FindingMove {
        match self {
            Self::Register(_) => FindingMove::Register,
            Self::Drop => FindingMove::Drop,
            Self::Claim => FindingMove::Claim,
            Self::Plan { .. } => FindingMove::Plan,
            Self::Begin => FindingMove::Begin,
            Self::CheckOwn { .. } => FindingMove::CheckOwn,
            Self::Check { accepted: true, .. } => FindingMove::Accept,
            Self::Check { accepted: false, .. } => FindingMove::SendBack,
            Self::Publish { .. } => FindingMove::Publish,
            Self::Strike { .. } => FindingMove::Strike,
            Self::Look { held: true, .. } => FindingMove::Hold,
            Self::Look { held: false, .. } => FindingMove::Reopen,
        }
    }
}

/// Why an act is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindingRefusal {
    #[error("a finding that is {} takes no {}", state, step)]
    NotNow { state: FindingStage, step: FindingMove, allowed: &'static [FindingMove] },
    #[error("whoever checked for the unit does not check it a second time")]
    SamePerson,
    #[error("whoever acts for the owner does not check it")]
    OwnUnit,
    #[error("the unit's day is after the deadline")]
    PastDeadline,
    #[error("it has to stand in public until {0:?} before it is struck off")]
    TooEarly(Timestamp),
}

impl FindingState {
    pub fn stage(&self) -> FindingStage {
        match self {
            Self::Found => FindingStage::Found,
            Self::Dropped => FindingStage::Dropped,
            Self::Registered(_) => FindingStage::Registered,
            Self::Claimed(_) => FindingStage::Claimed,
            Self::Planned { .. } => FindingStage::Planned,
            Self::Fixing { .. } => FindingStage::Fixing,
            Self::OwnChecked { .. } => FindingStage::OwnChecked,
            Self::Checked(_) => FindingStage::Checked,
            Self::Published { .. } => FindingStage::Published,
            Self::StruckOff { .. } => FindingStage::StruckOff,
        }
    }

    pub fn owner(&self) -> Option<Owner> {
        match self {
            Self::Found | Self::Dropped => None,
            Self::Registered(owner)
            | Self::Claimed(owner)
            | Self::Checked(owner)
            | Self::Planned { owner, .. }
            | Self::Fixing { owner, .. }
            | Self::OwnChecked { owner, .. }
            | Self::Published { owner, .. }
            | Self::StruckOff { owner, .. } => Some(*owner),
        }
    }

    /// What leads on from here.
    pub fn allowed(&self) -> &'static [FindingMove] {
        use FindingMove as M;
        match self.stage() {
            FindingStage::Found => &[M::Register, M::Drop],
            FindingStage::Dropped => &[],
            FindingStage::Registered => &[M::Claim],
            FindingStage::Claimed => &[M::Plan],
            FindingStage::Planned => &[M::Plan, M::Begin, M::CheckOwn],
            FindingStage::Fixing => &[M::Plan, M::CheckOwn],
            FindingStage::OwnChecked => &[M::Accept, M::SendBack],
            FindingStage::Checked => &[M::Publish],
            FindingStage::Published => &[M::Strike],
            FindingStage::StruckOff => &[M::Hold, M::Reopen],
        }
    }

    /// The state after an act.
    ///
    /// # Errors
    /// Why it is refused, with what is allowed instead.
    pub fn take(&self, act: FindingAct<'_>) -> Result<Self, FindingRefusal> {
        let step = act.step();
        let not_now = FindingRefusal::NotNow { state: self.stage(), step, allowed: self.allowed() };
        match (*self, act) {
            (Self::Found, FindingAct::Register(owner)) => Ok(Self::Registered(owner)),
            (Self::Found, FindingAct::Drop) => Ok(Self::Dropped),
            (Self::Registered(owner), FindingAct::Claim) => Ok(Self::Claimed(owner)),
            (Self::Claimed(owner) | Self::Planned { owner, .. }, FindingAct::Plan { by }) => {
                planned(owner, by).map(|by| Self::Planned { owner, by })
            }
            (Self::Fixing { owner, .. }, FindingAct::Plan { by }) => {
                planned(owner, by).map(|by| Self::Fixing { owner, by })
            }
            (Self::Planned { owner, by }, FindingAct::Begin) => Ok(Self::Fixing { owner, by }),
            (Self::Planned { owner, by } | Self::Fixing { owner, by }, FindingAct::CheckOwn { who }) => {
                Ok(Self::OwnChecked { owner, by, who })
            }
            (Self::OwnChecked { owner, by, who: own }, FindingAct::Check { who, units, accepted }) => {
                if who.is_some() && who == own {
                    Err(FindingRefusal::SamePerson)
                } else if units.contains(&owner.unit) {
                    Err(FindingRefusal::OwnUnit)
                } else {
                    Ok(if accepted { Self::Checked(owner) } else { Self::Fixing { owner, by } })
                }
            }
            (Self::Checked(owner), FindingAct::Publish { at }) => Ok(Self::Published { owner, at }),
            (Self::Published { owner, at: since }, FindingAct::Strike { at, stands }) => {
                let until = since.plus(stands);
                if at < until {
                    return Err(FindingRefusal::TooEarly(until));
                }
                Ok(Self::StruckOff { owner, at, looks: 0 })
            }
            (Self::StruckOff { owner, at, looks }, FindingAct::Look { held, due }) => Ok(if held {
                Self::StruckOff { owner, at, looks: looks + 1 }
            } else {
                Self::Claimed(Owner { due, ..owner })
            }),
            _ => Err(not_now),
        }
    }
}

fn planned(owner: Owner, by: Timestamp) -> Result<Timestamp, FindingRefusal> {
    if by > owner.due { Err(FindingRefusal::PastDeadline) } else { Ok(by) }
}

/// What a look back says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Held,
    Returned,
    /// Too little was counted to say: a person does.
    Unsure,
}

/// A figure held against what it was when it was found. `better`: by how many hundredths of a point it has to stand on the
/// good side of that, at least.
pub fn look_at_figure(then: Ratio, now: Ratio, higher_is_better: bool, better: i64) -> Look {
    if now.is_small() || then.denominator <= 0 {
        return Look::Unsure;
    }
    // now − then ≥ better / 10 000, without a division: exact for any count.
    let sign = if higher_is_better { 1 } else { -1 };
    let (now_n, now_d) = (i128::from(now.numerator), i128::from(now.denominator));
    let (then_n, then_d) = (i128::from(then.numerator), i128::from(then.denominator));
    let gain = sign * (now_n * then_d - then_n * now_d) * 10_000;
    if gain >= i128::from(better) * now_d * then_d { Look::Held } else { Look::Returned }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const DUE: Timestamp = Timestamp(1_000);

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn owner() -> Owner {
        Owner { unit: unit(1), due: DUE }
    }

    #[expect(clippy::unnecessary_wraps, reason = "an act names who by an option")]
    fn account(n: u128) -> Option<AccountId> {
        Some(AccountId(Uuid::from_u128(n)))
    }

    fn acts() -> Vec<FindingAct<'static>> {
        static OWN: [UnitId; 1] = [UnitId(Uuid::from_u128(1))];
        let check = |who, units, accepted| FindingAct::Check { who, units, accepted };
        vec![
            FindingAct::Register(owner()),
            FindingAct::Drop,
            FindingAct::Claim,
            FindingAct::Plan { by: Timestamp(900) },
            FindingAct::Plan { by: Timestamp(1_001) },
            FindingAct::Begin,
            FindingAct::CheckOwn { who: account(7) },
            check(account(7), &[], true),
            check(account(8), &OWN, true),
            check(account(8), &[], true),
            check(account(8), &[], false),
            FindingAct::Publish { at: Timestamp(2_000) },
            FindingAct::Strike { at: Timestamp(2_004), stands: 5 },
            FindingAct::Strike { at: Timestamp(2_005), stands: 5 },
            FindingAct::Look { held: true, due: DUE },
            FindingAct::Look { held: false, due: Timestamp(5_000) },
        ]
    }

    proptest! {
        /// However acts follow each other, what is struck off was accepted by somebody who is neither of the unit nor the
        /// one who checked for it, and was published since; and an act is taken only where it is allowed.
        #[test]
        fn nothing_is_struck_off_but_by_the_check(order in proptest::collection::vec(0usize..16, 0..60)) {
            let acts = acts();
            let mut state = FindingState::Found;
            let mut trail: Vec<FindingMove> = Vec::new();
            for place in order {
                let act = acts[place];
                let allowed = state.allowed().contains(&act.step());
                match state.take(act) {
                    Ok(next) => {
                        prop_assert!(allowed, "{:?} took {:?}", state, act);
                        trail.push(act.step());
                        if let FindingAct::Check { who, units, .. } = act {
                            prop_assert!(who != account(7) && units.is_empty());
                        }
                        if next.stage() == FindingStage::StruckOff && act.step() == FindingMove::Strike {
                            let before = &trail[trail.len().saturating_sub(4)..];
                            let way = [FindingMove::CheckOwn, FindingMove::Accept, FindingMove::Publish, FindingMove::Strike];
                            prop_assert_eq!(before, &way);
                        }
                        prop_assert_eq!(next.owner().is_some(), !matches!(next.stage(), FindingStage::Found | FindingStage::Dropped));
                        state = next;
                    }
                    Err(FindingRefusal::NotNow { allowed: named, .. }) => {
                        prop_assert!(!allowed);
                        prop_assert_eq!(named, state.allowed());
                    }
                    Err(_) => prop_assert!(allowed, "refused for another reason than the state"),
                }
            }
        }

        /// The exact comparison says what fractions say.
        #[test]
        fn a_look_back_is_a_comparison_of_fractions(
            a in 0i64..200, b in 1i64..200, c in 0i64..200, d in 5i64..200, better in 0i64..2_000, up: bool,
        ) {
            let then = Ratio { numerator: a.min(b), denominator: b };
            let now = Ratio { numerator: c.min(d), denominator: d };
            let gain = now.percent().unwrap() - then.percent().unwrap();
            let gain = if up { gain } else { -gain } * 100.0;
            prop_assume!((gain - better as f64).abs() > 1e-6);
            let said = look_at_figure(then, now, up, better);
            prop_assert_eq!(said, if gain > better as f64 { Look::Held } else { Look::Returned });
        }
    }

    #[test]
    fn the_way_of_a_finding_is_walked_once_round() {
        let way = [1, 2, 3, 5, 6, 10, 3, 6, 9, 11, 13, 14, 15, 3];
        let acts = acts();
        let mut state = FindingState::Registered(owner());
        for place in &way[1..] {
            state = state.take(acts[*place]).unwrap_or_else(|refusal| panic!("{place} at {state:?}: {refusal}"));
        }
        let after = Owner { unit: unit(1), due: Timestamp(5_000) };
        assert_eq!(
            state,
            FindingState::Planned { owner: after, by: Timestamp(900) },
            "begun anew, with a new deadline"
        );
    }

    #[test]
    fn each_refusal_says_why() {
        let acts = acts();
        let checked = FindingState::OwnChecked { owner: owner(), by: DUE, who: account(7) };
        assert_eq!(checked.take(acts[7]), Err(FindingRefusal::SamePerson));
        assert_eq!(checked.take(acts[8]), Err(FindingRefusal::OwnUnit));
        assert_eq!(FindingState::Claimed(owner()).take(acts[4]), Err(FindingRefusal::PastDeadline));
        let public = FindingState::Published { owner: owner(), at: Timestamp(2_000) };
        assert_eq!(public.take(acts[12]), Err(FindingRefusal::TooEarly(Timestamp(2_005))));
    }

    #[test]
    fn few_counts_are_left_to_a_person() {
        let ratio = |numerator, denominator| Ratio { numerator, denominator };
        assert_eq!(look_at_figure(ratio(5, 10), ratio(4, 4), true, 0), Look::Unsure);
        assert_eq!(look_at_figure(ratio(0, 0), ratio(4, 40), true, 0), Look::Unsure);
        assert_eq!(look_at_figure(ratio(5, 10), ratio(60, 100), true, 1_000), Look::Held, "just enough");
        assert_eq!(look_at_figure(ratio(5, 10), ratio(59, 100), true, 1_000), Look::Returned);
    }
}
