//! Needs that are each pinned to one part of the week, resources that serve only so many in one part, and pairs that
//! somebody was already told of: the same solver, the same proof.
//!
//! A resource's part of the week is a resource of its own, a *leaf*, that takes `at_once` tasks and costs nothing. What ties it to
//! the resource's capacity and weariness are *guards*: needs of our own, one for each task of the leaf, that bring the
//! same at the leaf as at the resource, more than any pair of the leaf. A guard whose place at the leaf is taken moves to the
//! resource and takes one of its tasks; left out it never is, since it would bring more than whom it makes room for. So the
//! tasks of leaves that needs take are the tasks of the resource, in any best plan. Where no more want a part than it takes,
//! there is no leaf, and a graph without such crowds is the graph it was.

use super::certificate::{Certificate, Unproven, certify};
use super::graph::{Graph, Pair, Supply};
use super::solve::{Plan, solve};

/// Value of a pair that is not to be chosen: below 0, nobody takes it.
const NOT_CHOSEN: i32 = -1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    pub graph: Graph,
    /// By need, the part of the week in which it is served.
    pub slots: Vec<u8>,
    /// By resource, how many needs it serves in one part.
    pub at_once: Vec<u32>,
    /// Places of the pairs that somebody was told of, rising: they are held whatever else is.
    pub told: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Places of the pairs in the graph, rising; those told are among them.
    pub held: Vec<u32>,
    /// Values less weariness.
    pub objective: i64,
    /// By need and by resource, as a `Plan` has them.
    pub worths: Vec<i32>,
    pub prices: Vec<i32>,
    /// By pair, what it costs to take that part of that resource.
    pub part_prices: Vec<i32>,
    /// Of the problem that was solved, guards and all, without those told.
    pub certificate: Certificate,
}

/// Pairs that share a resource and a part of the week.
struct Crowd {
    resource: u32,
    /// Tasks that are left for those not told.
    room: u32,
    places: Vec<u32>,
}

impl Pinned {
    /// The best plan of those that hold every pair told.
    pub fn solve(&self) -> Result<Kept, Unproven> {
        let unfolded = self.unfold();
        let plan = solve(&unfolded);
        let certificate = certify(&unfolded, &plan)?;
        let Plan { held, mut worths, mut prices } = plan;
        let (needs, pairs) = (self.graph.heads.len(), self.graph.pairs.len());
        let mut held: Vec<u32> = held.into_iter().filter(|place| (*place as usize) < pairs).collect();
        held.extend(&self.told);
        held.sort_unstable();
        let part_prices = unfolded.pairs[..pairs].iter().map(|pair| prices[pair.resource as usize]).collect();
        worths.truncate(needs);
        prices.truncate(self.graph.supplies.len());
        let objective = self.graph.value_of(&held);
        Ok(Kept { held, objective, worths, prices, part_prices, certificate })
    }

    /// The graph for the solver: first all needs with their pairs in their places, then the guards.
    fn unfold(&self) -> Graph {
        let mut graph = self.graph.clone();
        let owners = self.graph.owners();
        for &place in &self.told {
            let (need, pair) = (owners[place as usize] as usize, &mut graph.pairs[place as usize]);
            pair.value = NOT_CHOSEN;
            graph.heads[need] = graph.heads[need].saturating_sub(1);
            let supply = &mut graph.supplies[pair.resource as usize];
            supply.capacity = supply.capacity.saturating_sub(1);
            supply.recent += 1;
        }
        for Crowd { resource, room, places } in self.crowds(&owners) {
            let leaf = graph.supplies.len() as u32;
            graph.supplies.push(Supply { capacity: room, recent: 0, group: u32::MAX });
            let values = places.iter().map(|place| graph.pairs[*place as usize].value);
            let value = values.max().unwrap_or(0).max(0) + 1;
            for place in places {
                graph.pairs[place as usize].resource = leaf;
            }
            for _ in 0..room {
                graph.push_need(1, &[Pair { resource: leaf, value }, Pair { resource, value }]);
            }
        }
        graph
    }

    /// Where more want a part of a resource than it serves at once, in the order of resource and part.
    fn crowds(&self, owners: &[u32]) -> Vec<Crowd> {
        let pairs = self.graph.pairs.iter().zip(owners).zip(0..);
        // Who is not to be chosen crowds nobody out, unless they were told.
        let open = pairs.filter(|((pair, _), place)| pair.value >= 0 || self.told.binary_search(place).is_ok());
        let mut wanted: Vec<(u32, u8, u32)> =
            open.map(|((pair, need), place)| (pair.resource, self.slots[*need as usize], place)).collect();
        wanted.sort_unstable();
        let crowd = |of_one: &[(u32, u8, u32)]| {
            let resource = of_one[0].0;
            let (told, places): (Vec<u32>, Vec<u32>) =
                of_one.iter().map(|(_, _, place)| *place).partition(|place| self.told.binary_search(place).is_ok());
            let room = self.at_once[resource as usize].saturating_sub(told.len() as u32);
            (places.len() > room as usize).then_some(Crowd { resource, room, places })
        };
        wanted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter_map(crowd).collect()
    }
}

/// Pins each need that could be served in several parts of the week to one: where its helpers would bring most at these
/// prices, the earliest of equals. Pairs whose resource is not free then are not chosen any more. What follows is exact for
/// these parts, which part is best for all together is not asked (that problem is hard); pairs told say their part themselves.
pub fn pin(graph: &mut Graph, prices: &[i32], wanted: &[u32], free: &[u32]) -> Vec<u8> {
    let mut slots = Vec::with_capacity(wanted.len());
    let mut gains = Vec::new();
    for (need, &wanted) in wanted.iter().enumerate() {
        let mut best = (0, wanted.trailing_zeros().min(31));
        for slot in (0..32).filter(|slot| wanted >> slot & 1 == 1) {
            gains.clear();
            let able = graph.pairs_of(need).iter().filter(|pair| free[pair.resource as usize] >> slot & 1 == 1);
            gains.extend(able.map(|pair| pair.value - prices[pair.resource as usize]).filter(|gain| *gain > 0));
            gains.sort_unstable_by_key(|gain| -gain);
            let sum: i64 = gains.iter().take(graph.heads[need] as usize).map(|gain| i64::from(*gain)).sum();
            if sum > best.0 {
                best = (sum, slot);
            }
        }
        let (start, end) = (graph.starts[need] as usize, graph.starts[need + 1] as usize);
        for pair in &mut graph.pairs[start..end] {
            if free[pair.resource as usize] >> best.1 & 1 == 0 {
                pair.value = NOT_CHOSEN;
            }
        }
        slots.push(best.1 as u8);
    }
    slots
}
