//! The case and its moves: `triage → assigned → working → answered → closed`, beside it `refused` and back by reopening.

use serde::{Deserialize, Serialize};

use crate::people::text_enum;
use crate::time::Timestamp;

text_enum! {
    /// The state as a word, for rows, filters and addresses.
    CaseState {
        Triage = "triage",
        Assigned = "assigned",
        Working = "working",
        Answered = "answered",
        Closed = "closed",
        Refused = "refused",
    }
}

impl CaseState {
    /// Someone still owes something.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Refused)
    }
}

text_enum! {
    /// What came of it. Closed is not solved: the five are told apart, and claimed and confirmed are two numbers.
    Outcome {
        Fixed = "fixed",
        Partly = "partly",
        Explained = "explained",
        NotFixed = "not_fixed",
        OutOfScope = "out_of_scope",
    }
}

impl Outcome {
    /// Whether the unit claims that the matter is settled.
    pub fn claims_solved(self) -> bool {
        matches!(self, Self::Fixed | Self::Explained)
    }
}

text_enum! {
    /// A step of a case, as stored in its history.
    Move {
        Receive = "receive",
        Join = "join",
        /// A report that had been joined is given a case of its own.
        Part = "part",
        Assign = "assign",
        Refuse = "refuse",
        Accept = "accept",
        Answer = "answer",
        Dispute = "dispute",
        Rate = "rate",
        /// The callback was not answered within the pack's days.
        Lapse = "lapse",
        Reopen = "reopen",
        /// 先行联系: the unit speaks with the resident.
        Contact = "contact",
        /// 催办: whoever waits says so.
        Urge = "urge",
        /// A unit asks for more time, and what is decided about it.
        ExtendAsk = "extend_ask",
        Extend = "extend",
        ExtendRefuse = "extend_refuse",
        /// A unit asks that the case be parked, and what is decided about it.
        ParkAsk = "park_ask",
        Park = "park",
        ParkRefuse = "park_refuse",
        /// A parked case goes on.
        Resume = "resume",
        /// 督办: a coordinator, or a rule, puts the unit under supervision; it reports.
        Supervise = "supervise",
        SuperviseReport = "supervise_report",
        /// To the level above or below, and back with its answer.
        SendUp = "send_up",
        SendDown = "send_down",
        SendBack = "send_back",
        /// Work of the case is given out in parts; one of them is done, or called off.
        PartAdd = "part_add",
        PartDone = "part_done",
        PartCancel = "part_cancel",
    }
}

impl Move {
    /// Whether somebody can ask for it of a case: reports are joined, and callbacks lapse, by themselves, whoever waits urges, and parting is
    /// asked for of a report, what concerns a part of the work of that part. Decisions answer what was asked.
    fn is_asked_for(self) -> bool {
        use Move as M;
        !matches!(
            self,
            M::Join
                | M::Part
                | M::Lapse
                | M::Urge
                | M::Extend
                | M::ExtendRefuse
                | M::Park
                | M::ParkRefuse
                | M::Resume
                | M::SuperviseReport
                | M::SendBack
        ) && !self.is_of_part()
    }

    /// Whether it concerns the resident: what staff ask of and order each other does not.
    pub fn is_public(self) -> bool {
        use Move as M;
        !matches!(self, M::ExtendAsk | M::ExtendRefuse | M::ParkAsk | M::ParkRefuse | M::Supervise | M::SuperviseReport)
    }

    /// Whether a case that is with a unit keeps its state by it.
    fn stays(self) -> bool {
        SIDE_PATHS.contains(&self)
    }

    fn is_of_part(self) -> bool {
        matches!(self, Self::PartAdd | Self::PartDone | Self::PartCancel)
    }
}

/// What can happen to a case while a unit has it, beside the straight way.
const SIDE_PATHS: [Move; 11] = [
    Move::Contact,
    Move::Urge,
    Move::ExtendAsk,
    Move::Extend,
    Move::ExtendRefuse,
    Move::ParkAsk,
    Move::Park,
    Move::ParkRefuse,
    Move::Resume,
    Move::Supervise,
    Move::SuperviseReport,
];
/// Ways of handing a case to another level; each makes another unit answerable.
const HANDED: [Move; 3] = [Move::SendUp, Move::SendDown, Move::SendBack];

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Closing {
    /// The resident answered the callback: solved or not, and how satisfied (1 to 5).
    Confirmed { solved: bool, rating: Option<u8> },
    /// Nobody answered the callback: claimed, unconfirmed; counts as neither confirmed nor satisfied.
    Unconfirmed,
}

/// A case in a state that carries what that state means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    Triage,
    Assigned { at: Timestamp },
    Working { accepted_at: Timestamp },
    Answered { at: Timestamp, outcome: Outcome },
    Closed { at: Timestamp, outcome: Outcome, closing: Closing },
    Refused { at: Timestamp },
}

/// A move that the present state does not allow, and those somebody can ask for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case that is {state} cannot {attempted}; it can: {}", allowed.iter().map(|m| m.as_str()).collect::<Vec<_>>().join(", "))]
pub struct NotAllowed {
    pub state: CaseState,
    pub attempted: Move,
    pub allowed: Vec<Move>,
}

impl Case {
    pub fn state(&self) -> CaseState {
        match self {
            Self::Triage => CaseState::Triage,
            Self::Assigned { .. } => CaseState::Assigned,
            Self::Working { .. } => CaseState::Working,
            Self::Answered { .. } => CaseState::Answered,
            Self::Closed { .. } => CaseState::Closed,
            Self::Refused { .. } => CaseState::Refused,
        }
    }

    /// The moves of the present state.
    pub fn allowed(&self) -> Vec<Move> {
        let mut allowed = self.own_moves();
        if matches!(self, Self::Triage | Self::Assigned { .. } | Self::Working { .. }) {
            allowed.extend([Move::PartAdd, Move::PartDone, Move::PartCancel]);
        }
        allowed
    }

    fn own_moves(&self) -> Vec<Move> {
        let with_unit = |mut moves: Vec<Move>| {
            moves.extend(SIDE_PATHS);
            moves.extend(HANDED);
            moves
        };
        match self {
            Self::Triage => vec![Move::Join, Move::Part, Move::Assign, Move::Refuse, Move::Urge],
            Self::Assigned { .. } => {
                with_unit(vec![Move::Join, Move::Part, Move::Assign, Move::Accept, Move::Answer, Move::Dispute])
            }
            Self::Working { .. } => with_unit(vec![Move::Join, Move::Part, Move::Assign, Move::Answer, Move::Dispute]),
            Self::Answered { .. } => vec![Move::Part, Move::Rate, Move::Lapse, Move::Reopen],
            Self::Closed { .. } | Self::Refused { .. } => vec![Move::Part, Move::Reopen],
        }
    }

    /// The moves of the present state that somebody can ask for.
    pub fn choices(&self) -> Vec<Move> {
        self.allowed().into_iter().filter(|m| m.is_asked_for()).collect()
    }

    fn guard(&self, attempted: Move) -> Result<(), NotAllowed> {
        if self.allowed().contains(&attempted) { Ok(()) } else { Err(self.refusal(attempted)) }
    }

    fn refusal(&self, attempted: Move) -> NotAllowed {
        NotAllowed { state: self.state(), attempted, allowed: self.choices() }
    }

    /// Another report of the same matter is attached; the state stays.
    pub fn join(self) -> Result<Self, NotAllowed> {
        self.guard(Move::Join)?;
        Ok(self)
    }

    /// A report leaves for a case of its own; the state stays. It can at any time: whoever reads an answer to another
    /// matter says so only then.
    pub fn part(self) -> Result<Self, NotAllowed> {
        self.guard(Move::Part)?;
        Ok(self)
    }

    /// Something happens to a part of its work; the state stays.
    pub fn of_part(self, step: Move) -> Result<Self, NotAllowed> {
        if !step.is_of_part() {
            return Err(self.refusal(step));
        }
        self.guard(step)?;
        Ok(self)
    }

    /// A unit is made answerable, for the first time or instead of another.
    pub fn assign(self, at: Timestamp) -> Result<Self, NotAllowed> {
        self.guard(Move::Assign)?;
        Ok(Self::Assigned { at })
    }

    /// Something happens beside the straight way; the state stays.
    pub fn aside(self, attempted: Move) -> Result<Self, NotAllowed> {
        if attempted.stays() { self.guard(attempted).map(|()| self) } else { Err(self.refusal(attempted)) }
    }

    /// The unit of another level is made answerable: there is exactly one at any time.
    pub fn hand(self, attempted: Move, at: Timestamp) -> Result<Self, NotAllowed> {
        if !HANDED.contains(&attempted) {
            return Err(self.refusal(attempted));
        }
        self.guard(attempted)?;
        Ok(Self::Assigned { at })
    }

    pub fn refuse(self, at: Timestamp) -> Result<Self, NotAllowed> {
        self.guard(Move::Refuse)?;
        Ok(Self::Refused { at })
    }

    pub fn accept(self, at: Timestamp) -> Result<Self, NotAllowed> {
        self.guard(Move::Accept)?;
        Ok(Self::Working { accepted_at: at })
    }

    /// Answering without having accepted accepts in the same act.
    pub fn answer(self, at: Timestamp, outcome: Outcome) -> Result<Self, NotAllowed> {
        self.guard(Move::Answer)?;
        Ok(Self::Answered { at, outcome })
    }

    /// "Not ours": back to triage, where someone rules.
    pub fn dispute(self) -> Result<Self, NotAllowed> {
        self.guard(Move::Dispute)?;
        Ok(Self::Triage)
    }

    pub fn rate(self, at: Timestamp, solved: bool, rating: Option<u8>) -> Result<Self, NotAllowed> {
        self.guard(Move::Rate)?;
        self.close(at, Move::Rate, Closing::Confirmed { solved, rating })
    }

    pub fn lapse(self, at: Timestamp) -> Result<Self, NotAllowed> {
        self.guard(Move::Lapse)?;
        self.close(at, Move::Lapse, Closing::Unconfirmed)
    }

    fn close(self, at: Timestamp, attempted: Move, closing: Closing) -> Result<Self, NotAllowed> {
        match self {
            Self::Answered { outcome, .. } => Ok(Self::Closed { at, outcome, closing }),
            other => Err(other.refusal(attempted)),
        }
    }

    /// The resident is not content: the unit that answered is owed the work again; a refused case is judged anew.
    pub fn reopen(self, at: Timestamp) -> Result<Self, NotAllowed> {
        self.guard(Move::Reopen)?;
        Ok(if matches!(self, Self::Refused { .. }) { Self::Triage } else { Self::Assigned { at } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apply(case: Case, m: Move, at: Timestamp) -> Result<Case, NotAllowed> {
        match m {
            Move::Receive => Ok(Case::Triage),
            Move::Join => case.join(),
            Move::Part => case.part(),
            Move::Assign => case.assign(at),
            Move::Refuse => case.refuse(at),
            Move::Accept => case.accept(at),
            Move::Answer => case.answer(at, Outcome::Fixed),
            Move::Dispute => case.dispute(),
            Move::Rate => case.rate(at, true, Some(5)),
            Move::Lapse => case.lapse(at),
            Move::Reopen => case.reopen(at),
            Move::PartAdd | Move::PartDone | Move::PartCancel => case.of_part(m),
            handed if HANDED.contains(&handed) => case.hand(handed, at),
            aside => case.aside(aside),
        }
    }

    proptest! {
        /// Whatever is tried in whatever order: a move succeeds exactly when it was announced as allowed.
        #[test]
        fn allowed_says_what_succeeds(moves in proptest::collection::vec(0usize..Move::ALL.len(), 0..40)) {
            let mut case = Case::Triage;
            for (i, m) in moves.into_iter().map(|i| Move::ALL[i]).enumerate() {
                if m == Move::Receive { continue; }
                let announced = case.allowed().contains(&m);
                match apply(case.clone(), m, Timestamp(i as i64)) {
                    Ok(next) => { prop_assert!(announced); case = next; }
                    Err(refusal) => { prop_assert!(!announced); prop_assert_eq!(refusal.attempted, m); }
                }
            }
        }
    }

    #[test]
    fn a_refusal_names_what_can_be_done() {
        let refusal = Case::Triage.answer(Timestamp(0), Outcome::Fixed).expect_err("refused");
        assert_eq!(refusal.to_string(), "a case that is triage cannot answer; it can: assign, refuse");
    }

    #[test]
    fn nobody_is_told_of_moves_that_happen_by_themselves() {
        let at = Timestamp(0);
        let told = |refused: Result<Case, NotAllowed>| refused.expect_err("refused").allowed;
        assert_eq!(told(Case::Triage.accept(at)), [Move::Assign, Move::Refuse]);
        let working = told(Case::Working { accepted_at: at }.accept(at));
        assert!(working.starts_with(&[Move::Assign, Move::Answer, Move::Dispute, Move::Contact]), "{working:?}");
        assert!(!working.contains(&Move::Join) && !working.contains(&Move::ParkRefuse), "{working:?}");
        assert_eq!(told(Case::Answered { at, outcome: Outcome::Fixed }.join()), [Move::Rate, Move::Reopen]);
    }
}
