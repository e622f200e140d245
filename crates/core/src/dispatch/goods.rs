//! Goods: a ledger of every lot that only grows, in which nothing is ever less than nothing.
//!
//! What stands on a lot and on its consignments follows from the lines alone; a wrong line is taken back by a
//! counter-entry, as far as the goods are still where it put them.

use std::collections::BTreeMap;

use jiff::Unit;
use jiff::civil::Date;

use crate::people::text_enum;

/// The most of one thing in one line, in the item's unit.
pub const QUANTITY_MOST: i64 = 1_000_000;
/// Lines of one lot, at most.
pub const LINES_MOST: usize = 5_000;

text_enum! {
    /// What a line says.
    GoodsKind {
        /// It came in.
        Donated = "donated",
        /// It is kept for one need.
        Committed = "committed",
        /// It is not kept for it any longer, and never left.
        Released = "released",
        /// It left for the one who needs it.
        Sent = "sent",
        /// It reached a hand.
        Received = "received",
        /// It came back from the way.
        Returned = "returned",
        /// It was lost on the way.
        Lost = "lost",
        /// It can be given to nobody any more.
        Spoiled = "spoiled",
        /// Counting found more, or fewer.
        Counted = "counted",
    }
}

impl GoodsKind {
    /// Whether a line of this kind is about one consignment.
    pub fn is_of_consignment(self) -> bool {
        matches!(self, Self::Committed | Self::Released | Self::Sent | Self::Received | Self::Returned | Self::Lost)
    }
}

text_enum! {
    /// How far a consignment has come.
    ConsignmentState {
        Committed = "committed",
        /// Some of it is on the way, or kept beside what is.
        Sent = "sent",
        /// Of everything it is known where it went.
        Settled = "settled",
        Released = "released",
    }
}

/// A line of a lot's ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1 within the lot.
    pub number: i64,
    pub kind: GoodsKind,
    /// 1 to [`QUANTITY_MOST`]; of a count the difference, which may be below zero.
    pub quantity: i64,
    /// Any number of the caller's for one consignment of the lot.
    pub consignment: Option<u128>,
    /// The line that this one takes back.
    pub reverses: Option<i64>,
}

/// What stands of one consignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    pub committed: i64,
    pub released: i64,
    pub sent: i64,
    pub received: i64,
    pub returned: i64,
    pub lost: i64,
}

impl Parcel {
    /// Kept for it, and not gone.
    pub fn kept(self) -> i64 {
        self.committed - self.released - self.sent
    }

    pub fn on_the_way(self) -> i64 {
        self.sent - self.received - self.returned - self.lost
    }

    /// What the need has of it: kept, on the way, or there.
    pub fn covers(self) -> i64 {
        self.committed - self.released - self.returned - self.lost
    }

    pub fn state(self) -> ConsignmentState {
        match (self.sent, self.kept(), self.on_the_way()) {
            (0, 0, _) => ConsignmentState::Released,
            (0, ..) => ConsignmentState::Committed,
            (_, 0, 0) => ConsignmentState::Settled,
            _ => ConsignmentState::Sent,
        }
    }
}

/// What stands of a lot. INVARIANT: nothing in it is below zero, and no more is kept than there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    pub on_hand: i64,
    pub committed: i64,
    pub parcels: BTreeMap<u128, Parcel>,
}

/// Why a line is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GoodsFault {
    #[error("the quantity is {0}; use 1 to {QUANTITY_MOST}")]
    Quantity(i64),
    #[error("{asked} are more than the {there} that are there for it")]
    More { asked: i64, there: i64 },
    #[error("the ledger has {LINES_MOST} lines; no more fit")]
    Full,
    #[error("the ledger has no line {0}")]
    Unknown(i64),
    #[error("line {0} cannot be taken back: it was already, or takes back another itself")]
    Fixed(i64),
    #[error("line {0} cannot be taken back: the goods have gone on since")]
    GoneOn(i64),
    #[error("the line names no consignment, or one where there is none to name")]
    Consignment,
}

impl Stand {
    /// What follows from the lines.
    ///
    /// # Errors
    /// A line that could not have been written.
    pub fn of(lines: &[Line]) -> Result<Self, GoodsFault> {
        lines.iter().try_fold(Self::default(), Self::with)
    }

    /// Neither kept for anybody nor gone.
    pub fn free(&self) -> i64 {
        self.on_hand - self.committed
    }

    fn with(mut self, line: &Line) -> Result<Self, GoodsFault> {
        if line.kind.is_of_consignment() != line.consignment.is_some() {
            return Err(GoodsFault::Consignment);
        }
        let signed = if line.kind == GoodsKind::Counted { line.quantity.abs() } else { line.quantity };
        if !(1..=QUANTITY_MOST).contains(&signed) {
            return Err(GoodsFault::Quantity(line.quantity));
        }
        let quantity = if line.reverses.is_some() { -line.quantity } else { line.quantity };
        let parcel = match line.consignment {
            Some(id) => self.parcels.entry(id).or_default(),
            None => &mut Parcel::default(),
        };
        let there = match line.kind {
            GoodsKind::Committed | GoodsKind::Spoiled | GoodsKind::Counted => self.on_hand - self.committed,
            GoodsKind::Released | GoodsKind::Sent => parcel.kept(),
            GoodsKind::Received | GoodsKind::Returned | GoodsKind::Lost => parcel.on_the_way(),
            GoodsKind::Donated => QUANTITY_MOST,
        };
        let (hand, kept) = match line.kind {
            GoodsKind::Donated | GoodsKind::Counted | GoodsKind::Returned => (quantity, 0),
            GoodsKind::Committed => (0, quantity),
            GoodsKind::Released => (0, -quantity),
            GoodsKind::Sent => (-quantity, -quantity),
            GoodsKind::Spoiled => (-quantity, 0),
            GoodsKind::Received | GoodsKind::Lost => (0, 0),
        };
        self.on_hand += hand;
        self.committed += kept;
        match line.kind {
            GoodsKind::Committed => parcel.committed += quantity,
            GoodsKind::Released => parcel.released += quantity,
            GoodsKind::Sent => parcel.sent += quantity,
            GoodsKind::Received => parcel.received += quantity,
            GoodsKind::Returned => parcel.returned += quantity,
            GoodsKind::Lost => parcel.lost += quantity,
            GoodsKind::Donated | GoodsKind::Spoiled | GoodsKind::Counted => {}
        }
        let parcel = *parcel;
        if self.holds() && parcel.holds() {
            return Ok(self);
        }
        Err(match line.reverses {
            Some(number) => GoodsFault::GoneOn(number),
            None => GoodsFault::More { asked: signed, there },
        })
    }

    fn holds(&self) -> bool {
        self.committed >= 0 && self.committed <= self.on_hand
    }
}

impl Parcel {
    fn holds(self) -> bool {
        let Self { committed, released, sent, received, returned, lost } = self;
        [committed, released, sent, received, returned, lost].iter().all(|quantity| *quantity >= 0)
            && self.kept() >= 0
            && self.on_the_way() >= 0
    }
}

/// The next line of a lot, and what stands after it.
///
/// # Errors
/// More than is there for it, a quantity out of range, or a full ledger.
pub fn enter(
    lines: &[Line],
    kind: GoodsKind,
    quantity: i64,
    consignment: Option<u128>,
) -> Result<(Line, Stand), GoodsFault> {
    add(lines, Line { number: next(lines), kind, quantity, consignment, reverses: None })
}

/// The line that takes back another, and what stands after it.
///
/// # Errors
/// There is no such line, it was taken back already, or the goods have gone on since.
pub fn reverse(lines: &[Line], number: i64) -> Result<(Line, Stand), GoodsFault> {
    let line = lines.iter().find(|line| line.number == number).ok_or(GoodsFault::Unknown(number))?;
    if line.reverses.is_some() || is_reversed(lines, number) {
        return Err(GoodsFault::Fixed(number));
    }
    add(lines, Line { number: next(lines), reverses: Some(number), ..line.clone() })
}

pub fn is_reversed(lines: &[Line], number: i64) -> bool {
    lines.iter().any(|line| line.reverses == Some(number))
}

fn next(lines: &[Line]) -> i64 {
    lines.last().map_or(1, |line| line.number + 1)
}

fn add(lines: &[Line], line: Line) -> Result<(Line, Stand), GoodsFault> {
    if lines.len() >= LINES_MOST {
        return Err(GoodsFault::Full);
    }
    let stand = Stand::of(lines)?.with(&line)?;
    Ok((line, stand))
}

/// Whether something may still be given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// It keeps.
    Keeps,
    /// So many days are left in which it may be given out, today not counted.
    Days(i32),
    /// It expires too soon to be given out.
    TooSoon,
    Expired,
}

impl Shelf {
    /// `margin` days before it expires it is no longer given out. On the day on which it expires it is still good.
    pub fn of(expires: Option<Date>, margin: u32, today: Date) -> Self {
        let Some(expires) = expires else { return Self::Keeps };
        let left = days_between(today, expires);
        match left - margin as i32 {
            _ if left < 0 => Self::Expired,
            days if days < 0 => Self::TooSoon,
            days => Self::Days(days),
        }
    }

    pub fn may_go(self) -> bool {
        matches!(self, Self::Keeps | Self::Days(_))
    }
}

/// From one day to another, below zero when it lies before.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}

/// What is taken from which lot to make up a quantity: what expires first goes first, and of that what came first.
/// `lots` are in any order, as (day it expires, when it came, how much is free).
pub fn first_expired(lots: &[(Option<Date>, i64, i64)], quantity: i64) -> Vec<(usize, i64)> {
    let mut order: Vec<usize> = (0..lots.len()).collect();
    order.sort_by_key(|at| (lots[*at].0.unwrap_or(Date::MAX), lots[*at].1, *at));
    let mut left = quantity;
    let mut taken = Vec::new();
    for at in order {
        let part = left.min(lots[at].2).max(0);
        if part > 0 {
            taken.push((at, part));
            left -= part;
        }
    }
    taken
}
