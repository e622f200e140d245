//! The exact optimum from nothing: an auction comes near, the searches make it exact.

use super::graph::Graph;
use super::matching::{Holder, Matching};

/// What is held, with the prices that prove that nothing is better (`certificate`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Places in `Graph::pairs`, rising.
    pub held: Vec<u32>,
    /// By need: what one more helper would bring.
    pub worths: Vec<i32>,
    /// By resource: what one of its tasks could bring elsewhere.
    pub prices: Vec<i32>,
}

/// The assignment that is worth most, of a graph that passes its `check`.
pub fn solve(graph: &Graph) -> Plan {
    let matching = Matching::best(graph);
    let held = matching.held();
    Plan { held, worths: matching.worths, prices: matching.prices }
}

impl Matching {
    fn best(graph: &Graph) -> Self {
        let mut matching = Self::empty(graph);
        matching.auction(raise(graph));
        for need in 0..matching.slots.len() {
            matching.refresh(need, 0);
        }
        matching.settle();
        matching
    }

    /// The assignment that is worth most, ready for what comes and goes.
    pub fn new(graph: &Graph) -> Self {
        let mut matching = Self::best(graph);
        matching.backs().loosen();
        matching.edges.loosen();
        matching.holders.loosen();
        matching
    }

    /// Places of the pairs that are held, counted need after need.
    pub(super) fn held(&self) -> Vec<u32> {
        let all = (0..self.slots.len()).flat_map(|need| self.edges.get(need));
        all.enumerate().filter(|(_, edge)| edge.is_held()).map(|(at, _)| at as u32).collect()
    }

    /// Every open slot bids for the resource that brings it most, as much as the second best is behind and `raise` more;
    /// whoever held the cheapest task of it goes and bids anew, at once. A task nobody held yet is offered at its cost, so
    /// that prices come out as `matching` wants them, but for `raise`.
    fn auction(&mut self, raise: i32) {
        let mut stack: Vec<u32> = Vec::with_capacity(64);
        for need in 0..self.slots.len() as u32 {
            stack.push(need);
            while let Some(need) = stack.pop() {
                while self.is_short(need as usize) {
                    let Some((offset, resource, lead)) = self.best_offer(need) else { break };
                    let bid = self.prices[resource] + lead + raise;
                    if let Some(evicted) = self.take(need, offset, resource, bid) {
                        stack.push(need);
                        stack.push(evicted);
                        break;
                    }
                }
            }
        }
        // What was bid is no longer needed; the searches read values.
        for need in 0..self.slots.len() {
            for edge in self.edges.get(need).iter().filter(|edge| edge.is_held()) {
                let holders = self.holders.get_mut(edge.resource());
                let held = holders.iter_mut().filter(|holder| holder.need == need as u32);
                held.for_each(|holder| holder.value = edge.value);
            }
        }
    }

    /// The pair that brings the need most, and how much less the second best (or nothing) brings.
    fn best_offer(&self, need: u32) -> Option<(u32, usize, i32)> {
        let edges = self.edges.get(need as usize);
        // Without branches, so that the prices are fetched side by side; a wrong guess costs more than the sum.
        let (mut best, mut second, mut at) = (0, 0, usize::MAX);
        for (offset, edge) in edges.iter().enumerate() {
            let gain = if edge.is_held() { 0 } else { edge.value - self.prices[edge.resource()] };
            second = second.max(gain.min(best));
            at = if gain > best { offset } else { at };
            best = best.max(gain);
        }
        edges.get(at).map(|edge| (at as u32, edge.resource(), best - second))
    }

    /// The need takes the cheapest task of the resource; who held it is told.
    fn take(&mut self, need: u32, offset: u32, resource: usize, bid: i32) -> Option<u32> {
        self.set_held(need, offset, true);
        self.slots[need as usize].filled += 1;
        let holder = Holder { need, offset, value: bid };
        let price = self.prices[resource];
        let mut evicted = None;
        if self.next_cost(resource) == Some(price) {
            self.holders.push(resource, holder);
        } else {
            let cheapest = self.holders.get_mut(resource).iter_mut().find(|holder| holder.value == price);
            let before = std::mem::replace(cheapest.expect("the price is that of a task"), holder);
            self.set_held(before.need, before.offset, false);
            self.slots[before.need as usize].filled -= 1;
            evicted = Some(before.need);
        }
        let held = self.holders.get(resource).iter().map(|holder| holder.value).min().unwrap_or(i32::MAX);
        self.prices[resource] = self.next_cost(resource).unwrap_or(i32::MAX).min(held);
        evicted
    }
}

/// How much above the second best a bid goes: a three-hundredth of a middling value. Less makes long price wars, more
/// leaves more to the searches.
fn raise(graph: &Graph) -> i32 {
    let sum: i64 = graph.pairs.iter().map(|pair| i64::from(pair.value.max(0))).sum();
    ((sum / (graph.pairs.len() as i64).max(1)) / 300).max(1) as i32
}
