//! Why a possible pair is not in a plan, read from the plan's prices.

use super::graph::{Graph, Pair};
use super::solve::Plan;

/// Why a resource that could serve a need does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is kept for this need, to which it brings more than to the one it is not given to.
    Kept { need: u32 },
    /// Those who were chosen bring more.
    Outdone,
    /// It would bring less than one more task costs it.
    Weary,
}

/// A plan as it is asked about.
#[derive(Debug)]
pub struct Reasons<'a> {
    graph: &'a Graph,
    plan: &'a Plan,
    /// By resource, the needs it serves.
    holders: Vec<Vec<u32>>,
}

impl<'a> Reasons<'a> {
    pub fn new(graph: &'a Graph, plan: &'a Plan) -> Self {
        let mut holders = vec![Vec::new(); graph.supplies.len()];
        let mut need = 0;
        for at in &plan.held {
            while graph.starts[need as usize + 1] <= *at {
                need += 1;
            }
            holders[graph.pairs[*at as usize].resource as usize].push(need);
        }
        Self { graph, plan, holders }
    }

    /// The needs that a resource serves.
    pub fn served(&self, resource: u32) -> &[u32] {
        &self.holders[resource as usize]
    }

    /// Of a pair that is not held.
    pub fn of(&self, need: u32, pair: Pair) -> Reason {
        let (supply, served) = (self.graph.supplies[pair.resource as usize], self.served(pair.resource));
        let load = served.len() as u32;
        let next = (load < supply.capacity).then(|| supply.marginal(self.graph.step, load + 1));
        if next.is_none_or(|next| self.plan.prices[pair.resource as usize] > next) {
            // The one to which it matters least is the nearest to giving it up.
            let gain = |other: &&u32| self.value(**other, pair.resource) - self.plan.worths[**other as usize];
            if let Some(other) = served.iter().filter(|other| **other != need).min_by_key(gain) {
                return Reason::Kept { need: *other };
            }
        }
        if next.is_some_and(|next| pair.value <= next) { Reason::Weary } else { Reason::Outdone }
    }

    fn value(&self, need: u32, resource: u32) -> i32 {
        let pairs = self.graph.pairs_of(need as usize);
        pairs.iter().find(|pair| pair.resource == resource).map_or(0, |pair| pair.value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::Supply;
    use super::super::solve::solve;
    use super::*;

    fn graph(supplies: &[u32], needs: &[&[(u32, i32)]]) -> Graph {
        let supply = |capacity: &u32| Supply { capacity: *capacity, recent: 0, group: 1 };
        let mut graph = Graph::new(300, supplies.iter().map(supply).collect());
        for pairs in needs {
            let pairs: Vec<_> = pairs.iter().map(|(resource, value)| Pair { resource: *resource, value: *value }).collect();
            graph.push_need(1, &pairs);
        }
        graph
    }

    #[test]
    fn one_is_kept_for_the_need_that_is_worth_more() {
        let graph = graph(&[1, 1], &[&[(0, 9_000), (1, 2_000)], &[(0, 8_000)]]);
        let plan = solve(&graph);
        assert_eq!(plan.held, [1, 2], "the second need has nobody else");
        let reasons = Reasons::new(&graph, &plan);
        assert_eq!(reasons.of(0, graph.pairs[0]), Reason::Kept { need: 1 });
        assert_eq!(reasons.served(0), [1]);
    }

    #[test]
    fn others_bring_more_or_it_is_not_worth_a_second_task() {
        let graph = graph(&[2, 2], &[&[(0, 9_000), (1, 2_000)], &[(0, 200)]]);
        let plan = solve(&graph);
        assert_eq!(plan.held, [0]);
        let reasons = Reasons::new(&graph, &plan);
        assert_eq!(reasons.of(0, graph.pairs[1]), Reason::Outdone);
        assert_eq!(reasons.of(1, graph.pairs[2]), Reason::Weary);
    }
}
