//! Which stock serves which need, and with how much: transportation with quantities, exactly.
//!
//! Cheapest paths one after another, each carrying as much as fits. The prices that are left prove the plan: no plan is
//! worth more than the sum that follows from them (`certify_transport`).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A supply that can serve a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    pub supply: u32,
    pub demand: u32,
    /// At most so many units.
    pub room: i64,
    /// Of one unit.
    pub value: i64,
}

/// Units there are, units asked for, and the pairs that are possible. What is not served costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transport {
    pub supplies: Vec<i64>,
    pub demands: Vec<i64>,
    pub lanes: Vec<Lane>,
}

/// Bounds within which no sum runs over.
pub const UNITS_MOST: i64 = 10_000_000;
pub const VALUE_MOST: i64 = 10_000_000;
const SIDE_MOST: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportFault {
    #[error("{0} supplies or demands; use at most {SIDE_MOST}")]
    Size(usize),
    #[error("a quantity of {0}; use 0 to {UNITS_MOST}")]
    Units(i64),
    #[error("a value of {0}; use -{VALUE_MOST} to {VALUE_MOST}")]
    Value(i64),
    #[error("lane {0} names a supply or a demand that is not there")]
    Ends(usize),
}

impl Transport {
    /// # Errors
    /// The first thing that is out of bounds.
    pub fn check(&self) -> Result<(), TransportFault> {
        let sides = self.supplies.len().max(self.demands.len());
        if sides > SIDE_MOST {
            return Err(TransportFault::Size(sides));
        }
        let units = self.supplies.iter().chain(&self.demands).chain(self.lanes.iter().map(|lane| &lane.room));
        if let Some(wrong) = units.copied().find(|units| !(0..=UNITS_MOST).contains(units)) {
            return Err(TransportFault::Units(wrong));
        }
        if let Some(lane) = self.lanes.iter().find(|lane| lane.value.abs() > VALUE_MOST) {
            return Err(TransportFault::Value(lane.value));
        }
        let ends =
            |lane: &Lane| (lane.supply as usize) < self.supplies.len() && (lane.demand as usize) < self.demands.len();
        match self.lanes.iter().position(|lane| !ends(lane)) {
            Some(at) => Err(TransportFault::Ends(at)),
            None => Ok(()),
        }
    }
}

/// What goes along each lane, and the price of one more unit of each supply and each demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shipping {
    /// In the order of the lanes.
    pub flows: Vec<i64>,
    pub supply_prices: Vec<i64>,
    pub demand_prices: Vec<i64>,
}

/// A plan that is proven: its value equals the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub objective: i64,
    pub dual: i64,
    /// Units that go.
    pub units: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProof {
    #[error("the plan has another shape than the problem")]
    Shape,
    #[error("lane {0} carries more than it has room for, or less than nothing")]
    Lane(usize),
    #[error("more is taken from supply {0} than there is")]
    Supply(usize),
    #[error("more is given to demand {0} than was asked for")]
    Demand(usize),
    #[error("a price is below zero")]
    Price,
    #[error("the plan is worth {objective}, and the prices allow {dual}")]
    Gap { objective: i64, dual: i64 },
}

/// Checks a plan by its prices alone; knows nothing of how it was found.
///
/// # Errors
/// What is wrong with the plan, or that it is not proven to be the best.
pub fn certify_transport(problem: &Transport, plan: &Shipping) -> Result<Proof, NoProof> {
    let Shipping { flows, supply_prices, demand_prices } = plan;
    let fits = flows.len() == problem.lanes.len()
        && supply_prices.len() == problem.supplies.len()
        && demand_prices.len() == problem.demands.len();
    if !fits {
        return Err(NoProof::Shape);
    }
    if supply_prices.iter().chain(demand_prices).any(|price| *price < 0) {
        return Err(NoProof::Price);
    }
    let (mut given, mut got) = (vec![0; supply_prices.len()], vec![0; demand_prices.len()]);
    let (mut objective, mut dual, mut units) = (0, 0, 0);
    for (at, (lane, flow)) in problem.lanes.iter().zip(flows).enumerate() {
        if !(0..=lane.room).contains(flow) {
            return Err(NoProof::Lane(at));
        }
        let (supply, demand) = (lane.supply as usize, lane.demand as usize);
        given[supply] += flow;
        got[demand] += flow;
        units += flow;
        objective += lane.value * flow;
        dual += lane.room * (lane.value - supply_prices[supply] - demand_prices[demand]).max(0);
    }
    for (at, (there, given)) in problem.supplies.iter().zip(given).enumerate() {
        if given > *there {
            return Err(NoProof::Supply(at));
        }
        dual += there * supply_prices[at];
    }
    for (at, (asked, got)) in problem.demands.iter().zip(got).enumerate() {
        if got > *asked {
            return Err(NoProof::Demand(at));
        }
        dual += asked * demand_prices[at];
    }
    if objective == dual { Ok(Proof { objective, dual, units }) } else { Err(NoProof::Gap { objective, dual }) }
}

/// The plan that is worth most. INVARIANT of the caller: [`Transport::check`] has nothing to say.
pub fn transport(problem: &Transport) -> Shipping {
    let mut network = Network::of(problem);
    while network.carry() {}
    let potentials = network.settle();
    let (source, sink) = (network.source(), network.sink());
    let demands = problem.supplies.len();
    // A full arc from the source is worth what its supply is missed by; a full arc to the sink likewise.
    let supply_price = |at: usize| (potentials[at] - potentials[source]).max(0);
    let demand_price = |at: usize| (potentials[sink] - potentials[demands + at]).max(0);
    Shipping {
        flows: (0..problem.lanes.len()).map(|at| network.arcs[2 * at + 1].room).collect(),
        supply_prices: (0..problem.supplies.len()).map(supply_price).collect(),
        demand_prices: (0..problem.demands.len()).map(demand_price).collect(),
    }
}

#[derive(Clone, Copy)]
struct Arc {
    to: usize,
    cost: i64,
    /// What still fits; the way back of arc `a` is `a ^ 1`.
    room: i64,
}

/// Supplies, demands, a source before and a sink behind them. A lane costs `top` less its value, so that no arc is
/// below zero and a path that costs `top` brings nothing.
struct Network {
    arcs: Vec<Arc>,
    /// Arcs that leave each node.
    leaving: Vec<Vec<usize>>,
    prices: Vec<i64>,
    top: i64,
    lanes: usize,
}

impl Network {
    fn of(problem: &Transport) -> Self {
        let (supplies, nodes) = (problem.supplies.len(), problem.supplies.len() + problem.demands.len() + 2);
        let top = problem.lanes.iter().map(|lane| lane.value).max().unwrap_or(0).max(0);
        let mut network = Self {
            arcs: Vec::new(),
            leaving: vec![Vec::new(); nodes],
            prices: vec![0; nodes],
            top,
            lanes: problem.lanes.len(),
        };
        let (source, sink) = (network.source(), network.sink());
        for lane in &problem.lanes {
            network.arc(lane.supply as usize, supplies + lane.demand as usize, top - lane.value, lane.room);
        }
        for (at, there) in problem.supplies.iter().enumerate() {
            network.arc(source, at, 0, *there);
        }
        for (at, asked) in problem.demands.iter().enumerate() {
            network.arc(supplies + at, sink, 0, *asked);
        }
        network
    }

    fn source(&self) -> usize {
        self.leaving.len() - 2
    }

    fn sink(&self) -> usize {
        self.leaving.len() - 1
    }

    fn arc(&mut self, from: usize, to: usize, cost: i64, room: i64) {
        self.leaving[from].push(self.arcs.len());
        self.arcs.push(Arc { to, cost, room });
        self.leaving[to].push(self.arcs.len());
        self.arcs.push(Arc { to: from, cost: -cost, room: 0 });
    }

    /// Sends as much as fits along the cheapest path; false when none brings anything.
    fn carry(&mut self) -> bool {
        let (source, sink) = (self.source(), self.sink());
        let (far, by) = self.paths(source);
        if far[sink] == i64::MAX {
            return false;
        }
        // What lies beyond the sink need not be told apart: it is as far as the sink.
        for (price, far_here) in self.prices.iter_mut().zip(&far) {
            *price += (*far_here).min(far[sink]);
        }
        if self.prices[sink] - self.prices[source] >= self.top {
            return false;
        }
        let (mut node, mut most) = (sink, i64::MAX);
        while node != source {
            most = most.min(self.arcs[by[node]].room);
            node = self.arcs[by[node] ^ 1].to;
        }
        node = sink;
        while node != source {
            self.arcs[by[node]].room -= most;
            self.arcs[by[node] ^ 1].room += most;
            node = self.arcs[by[node] ^ 1].to;
        }
        true
    }

    /// How far every node is from `from` by the costs less the prices, and the arc by which it is reached.
    fn paths(&self, from: usize) -> (Vec<i64>, Vec<usize>) {
        let mut far = vec![i64::MAX; self.leaving.len()];
        let mut by = vec![usize::MAX; self.leaving.len()];
        let mut open = BinaryHeap::from([(Reverse(0), from)]);
        far[from] = 0;
        while let Some((Reverse(here), node)) = open.pop() {
            if here > far[node] {
                continue;
            }
            for &at in &self.leaving[node] {
                let arc = self.arcs[at];
                let there = here + arc.cost + self.prices[node] - self.prices[arc.to];
                if arc.room > 0 && there < far[arc.to] {
                    (far[arc.to], by[arc.to]) = (there, at);
                    open.push((Reverse(there), arc.to));
                }
            }
        }
        (far, by)
    }

    /// Prices under which no arc that has room is worth taking: in values, with the way from the sink back to the source
    /// free in both directions, as far as anything goes along it.
    fn settle(&self) -> Vec<i64> {
        let (source, sink, nodes) = (self.source(), self.sink(), self.leaving.len());
        let mut far = vec![0; nodes];
        let goes = self.leaving[source].iter().any(|at| self.arcs[at ^ 1].room > 0);
        let mut changed = true;
        while changed {
            changed = false;
            for node in 0..nodes {
                for &at in &self.leaving[node] {
                    let arc = self.arcs[at];
                    let there = far[node] + self.cost(at);
                    if arc.room > 0 && there < far[arc.to] {
                        (far[arc.to], changed) = (there, true);
                    }
                }
            }
            for (from, to, free) in [(sink, source, true), (source, sink, goes)] {
                if free && far[from] < far[to] {
                    (far[to], changed) = (far[from], true);
                }
            }
        }
        far
    }

    /// What an arc costs, with the value of a lane as it is.
    fn cost(&self, at: usize) -> i64 {
        let Arc { cost, .. } = self.arcs[at];
        match at {
            _ if at >= 2 * self.lanes => cost,
            _ if at.is_multiple_of(2) => cost - self.top,
            _ => cost + self.top,
        }
    }
}
