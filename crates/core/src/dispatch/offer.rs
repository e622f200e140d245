//! What becomes of a need and of an invitation, and how many are invited at once.

use crate::people::text_enum;

text_enum! {
    /// 需求
    NeedState {
        Open = "open",
        /// As many have said yes as were asked for.
        Filled = "filled",
        Done = "done",
        Expired = "expired",
        Cancelled = "cancelled",
    }
}

impl NeedState {
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Expired | Self::Cancelled)
    }
}

text_enum! {
    NeedKind {
        Help = "help",
        Goods = "goods",
    }
}

text_enum! {
    /// 邀约
    OfferState {
        Invited = "invited",
        Accepted = "accepted",
        Declined = "declined",
        Expired = "expired",
        Withdrawn = "withdrawn",
        CheckedIn = "checked_in",
        Done = "done",
        NoShow = "no_show",
    }
}

text_enum! {
    OfferMove {
        Accept = "accept",
        Decline = "decline",
        Expire = "expire",
        Withdraw = "withdraw",
        CheckIn = "check_in",
        Finish = "finish",
        Miss = "miss",
    }
}

/// An act that an offer in this state does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an offer that is {state} does not take {tried}; possible: {}", list(.allowed))]
pub struct OfferRefusal {
    pub state: OfferState,
    pub tried: OfferMove,
    pub allowed: Vec<OfferMove>,
}

fn list(moves: &[OfferMove]) -> String {
    if moves.is_empty() {
        "nothing".to_owned()
    } else {
        moves.iter().map(|m| m.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl OfferState {
    fn after(self, m: OfferMove) -> Option<Self> {
        use OfferMove as M;
        match (self, m) {
            (Self::Invited, M::Accept) => Some(Self::Accepted),
            // Who said yes may still say no: nobody is held to it.
            (Self::Invited | Self::Accepted, M::Decline) => Some(Self::Declined),
            (Self::Invited, M::Expire) => Some(Self::Expired),
            (Self::Invited | Self::Accepted, M::Withdraw) => Some(Self::Withdrawn),
            (Self::Accepted, M::CheckIn) => Some(Self::CheckedIn),
            (Self::CheckedIn, M::Finish) => Some(Self::Done),
            (Self::Accepted, M::Miss) => Some(Self::NoShow),
            _ => None,
        }
    }

    pub fn allowed(self) -> Vec<OfferMove> {
        OfferMove::ALL.iter().copied().filter(|m| self.after(*m).is_some()).collect()
    }

    /// The state after an act, or why there is none.
    pub fn take(self, tried: OfferMove) -> Result<Self, OfferRefusal> {
        self.after(tried).ok_or_else(|| OfferRefusal { state: self, tried, allowed: self.allowed() })
    }

    /// Whether the time of the one invited is kept for it.
    pub fn is_booked(self) -> bool {
        matches!(self, Self::Invited | Self::Accepted | Self::CheckedIn | Self::Done | Self::NoShow)
    }

    /// Whether it is one of the helpers a need has.
    pub fn fills(self) -> bool {
        matches!(self, Self::Accepted | Self::CheckedIn | Self::Done)
    }

    /// Whether address and phone of the one helped are shown to the helper; no longer once it is over.
    pub fn shows_contact(self) -> bool {
        matches!(self, Self::Accepted | Self::CheckedIn)
    }
}

/// The chance that at least `wanted` of independent yeses come about (Poisson binomial).
pub fn at_least(chances: &[f64], wanted: usize) -> f64 {
    let mut counted = Counted::new(wanted);
    for chance in chances {
        counted.add(*chance);
    }
    counted.reached()
}

/// How many of the candidates, in their order, are asked at once beside those who have not answered yet, so that at least
/// `wanted` say yes with a chance of at least `target`. All of them where that is out of reach.
pub fn enough(waiting: &[f64], candidates: &[f64], wanted: usize, target: f64) -> usize {
    let mut counted = Counted::new(wanted);
    for chance in waiting {
        counted.add(*chance);
    }
    for (asked, chance) in candidates.iter().enumerate() {
        if counted.reached() >= target {
            return asked;
        }
        counted.add(*chance);
    }
    candidates.len()
}

/// The chances of 0, 1, … yeses; all from `wanted` on stand in the last place.
struct Counted(Vec<f64>);

impl Counted {
    fn new(wanted: usize) -> Self {
        let mut chances = vec![0.0; wanted + 1];
        chances[0] = 1.0;
        Self(chances)
    }

    fn add(&mut self, chance: f64) {
        let chance = chance.clamp(0.0, 1.0);
        let top = self.0.len() - 1;
        if top > 0 {
            self.0[top] += self.0[top - 1] * chance;
        }
        for count in (0..top).rev() {
            let below = if count == 0 { 0.0 } else { self.0[count - 1] * chance };
            self.0[count] = self.0[count] * (1.0 - chance) + below;
        }
    }

    fn reached(&self) -> f64 {
        self.0.last().copied().unwrap_or(1.0)
    }
}
