//! The running assignment with its prices: what the searches read and change.
//!
//! Every need has a worth `u` (what one more helper would bring), every resource a price `p` (what one of its tasks could
//! bring elsewhere). Between searches the following holds, and says that nothing better exists:
//!
//! - a pair that is not held brings no more than worth and price: `v - p - u <= 0`; one that is held no less;
//! - a price lies between the cost of the resource's last task and that of its next;
//! - a need that is short of helpers has worth 0.
//!
//! What breaks the second (a *hole*: the price is above the cost of the next task) or the third (an *open* need) is on a list.

use super::graph::{Graph, MOST, Pair, Supply};
use super::lists::Lists;
use super::search::Search;

const HELD: u32 = 1 << 31;

/// A pair as the solver keeps it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// The resource, and in the top bit whether the pair is held.
    word: u32,
    pub(super) value: i32,
}

impl Edge {
    pub(super) fn new(pair: Pair) -> Self {
        Self { word: pair.resource, value: pair.value }
    }

    pub(super) fn resource(self) -> usize {
        (self.word & !HELD) as usize
    }

    pub(super) fn is_held(self) -> bool {
        self.word & HELD != 0
    }
}

/// One task of a resource: the need it serves, and which of the need's pairs that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder {
    pub(super) need: u32,
    pub(super) offset: u32,
    /// The value of the pair; while the auction runs, what was bid.
    pub(super) value: i32,
}

/// A pair seen from the resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Back {
    pub(super) need: u32,
    pub(super) value: i32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    pub(super) head: u32,
    pub(super) filled: u32,
    /// The pair that was held last: the one that is held, when one is and this still is.
    pub(super) last: u32,
}

impl Slots {
    pub(super) fn empty(head: u32) -> Self {
        Self { head, filled: 0, last: 0 }
    }
}

#[derive(Debug)]
pub struct Matching {
    pub(super) step: i32,
    pub(super) slots: Vec<Slots>,
    pub(super) worths: Vec<i32>,
    pub(super) edges: Lists<Edge>,
    pub(super) supplies: Vec<Supply>,
    pub(super) prices: Vec<i32>,
    pub(super) holders: Lists<Holder>,
    /// The pairs by resource; made when they are first asked for.
    pub(super) backs: Option<Lists<Back>>,
    /// Needs that may be short though their worth is not 0.
    pub(super) open: Vec<u32>,
    /// Resources whose price may be above the cost of their next task.
    pub(super) holes: Vec<u32>,
    pub(super) search: Search,
}

/// Rooms for tasks that a resource begins with; more are made when it takes more.
const FIRST_ROOM: u32 = 3;

impl Matching {
    /// Nothing held yet, every resource at the cost of its first task.
    pub(super) fn empty(graph: &Graph) -> Self {
        let edges = graph.pairs.iter().map(|pair| Edge::new(*pair)).collect();
        // Nobody bids for what has no task to give.
        let first_price = |supply: &Supply| if supply.capacity == 0 { MOST } else { supply.marginal(graph.step, 1) };
        let rooms = graph.supplies.iter().map(|supply| supply.capacity.min(FIRST_ROOM));
        Self {
            step: graph.step,
            slots: graph.heads.iter().map(|head| Slots::empty(*head)).collect(),
            worths: vec![0; graph.heads.len()],
            edges: Lists::full(&graph.starts, edges),
            prices: graph.supplies.iter().map(first_price).collect(),
            holders: Lists::empty(rooms, Holder { need: 0, offset: 0, value: 0 }),
            supplies: graph.supplies.clone(),
            backs: None,
            open: Vec::new(),
            holes: Vec::new(),
            search: Search::default(),
        }
    }

    /// Cost of one more task, unless the resource is full.
    pub(super) fn next_cost(&self, resource: usize) -> Option<i32> {
        let (supply, load) = (self.supplies[resource], self.holders.len(resource));
        (load < supply.capacity).then(|| supply.marginal(self.step, load + 1))
    }

    pub(super) fn last_cost(&self, resource: usize) -> i32 {
        self.supplies[resource].marginal(self.step, self.holders.len(resource))
    }

    pub(super) fn is_short(&self, need: usize) -> bool {
        self.slots[need].filled < self.slots[need].head
    }

    pub(super) fn set_held(&mut self, need: u32, offset: u32, is_held: bool) {
        let edge = &mut self.edges.get_mut(need as usize)[offset as usize];
        if is_held {
            edge.word |= HELD;
            self.slots[need as usize].last = offset;
        } else {
            edge.word &= !HELD;
        }
    }

    /// Pairs of the need, all that it holds among them, and which the first is: just the one when it is known to be all.
    pub(super) fn with_held(&self, need: usize) -> (&[Edge], u32) {
        let (Slots { filled, last, .. }, edges) = (self.slots[need], self.edges.get(need));
        match edges.get(last as usize) {
            Some(edge) if filled == 1 && edge.is_held() => (std::slice::from_ref(edge), last),
            _ => (edges, 0),
        }
    }

    /// Which of the need's pairs is that with the resource.
    pub(super) fn offset_of(&self, need: u32, resource: usize) -> u32 {
        let offset = self.edges.get(need as usize).iter().position(|edge| edge.resource() == resource);
        offset.expect("a pair is known on both sides") as u32
    }

    /// The pair takes one more task of its resource.
    pub(super) fn push_holder(&mut self, need: u32, offset: u32) {
        let edge = self.edges.get(need as usize)[offset as usize];
        self.holders.push(edge.resource(), Holder { need, offset, value: edge.value });
        self.set_held(need, offset, true);
    }

    /// The pair takes over the task that `place` is of the resource's.
    pub(super) fn replace_holder(&mut self, place: usize, need: u32, offset: u32) {
        let edge = self.edges.get(need as usize)[offset as usize];
        let holder = &mut self.holders.get_mut(edge.resource())[place];
        let before = std::mem::replace(holder, Holder { need, offset, value: edge.value });
        self.set_held(before.need, before.offset, false);
        self.set_held(need, offset, true);
    }

    /// Which of the resource's tasks the need has.
    pub(super) fn place_of(&self, resource: usize, need: u32) -> usize {
        let holders = self.holders.get(resource);
        holders.iter().position(|holder| holder.need == need).expect("a pair that is held has a holder")
    }

    /// The need gives the task back.
    pub(super) fn pop_holder(&mut self, need: u32, offset: u32) {
        let resource = self.edges.get(need as usize)[offset as usize].resource();
        let place = self.place_of(resource, need);
        self.holders.swap_remove(resource, place);
        self.set_held(need, offset, false);
    }

    /// Sets the worth of a need by the pairs it does not hold, `least` at least, and gives back what is worth less.
    pub(super) fn refresh(&mut self, need: usize, least: i32) {
        let mut worth = least;
        for edge in self.edges.get(need).iter().filter(|edge| !edge.is_held()) {
            worth = worth.max(edge.value - self.prices[edge.resource()]);
        }
        self.worths[need] = worth;
        for offset in 0..self.edges.len(need) {
            let edge = self.edges.get(need)[offset as usize];
            if edge.is_held() && edge.value - self.prices[edge.resource()] < worth {
                self.pop_holder(need as u32, offset);
                self.slots[need].filled -= 1;
                self.holes.push(edge.resource() as u32);
            }
        }
        if self.is_short(need) && worth > 0 {
            self.open.push(need as u32);
        }
    }

    /// Places what is open, then closes holes: afterwards nothing better exists.
    pub fn settle(&mut self) {
        while let Some(need) = self.open.pop() {
            let at = need as usize;
            while self.is_short(at) && self.worths[at] > 0 {
                self.place(need);
            }
        }
        let mut holes = std::mem::take(&mut self.holes);
        holes.sort_unstable();
        holes.dedup();
        for hole in &holes {
            while self.next_cost(*hole as usize).is_some_and(|cost| self.prices[*hole as usize] > cost) {
                self.pull(*hole);
            }
        }
        self.holes = holes;
        self.holes.clear();
    }
}
