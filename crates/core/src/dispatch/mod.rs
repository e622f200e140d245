//! Who helps whom: needs and resources, the pairs that are possible, and the assignment that is worth most.
//!
//! `pair` says which pairs are possible and what they are worth, `index` finds the nearest of them, `graph` is what is left
//! for the solver. `goods` is the ledger of what is in stock, and `transport` says which stock serves which need. `recipe` makes instances to measure with and `file` keeps them. The problem in words, with the
//! figures: `docs/reference/matching.md`.

pub mod certificate;
mod columns;
pub mod file;
pub mod goods;
pub mod graph;
mod hilbert;
pub mod hours;
pub mod index;
mod lists;
mod live;
mod matching;
pub mod offer;
pub mod pair;
pub mod reasons;
pub mod recipe;
pub mod registry;
pub mod roster;
mod search;
pub mod simulate;
pub mod slot;
pub mod slots;
mod solve;
pub mod transport;
mod transport_file;
mod whole;

pub use certificate::{Certificate, Unproven, certify};
pub use columns::Field;
pub use graph::{Graph, GraphFault, Pair, Supply};
pub use index::{Found, Index};
pub use matching::Matching;
pub use pair::{Need, Point, Resource, Worth};
pub use roster::Roster;
pub use slots::{Kept, Pinned, pin};
pub use solve::{Plan, solve};
pub use whole::{Whole, whole};

/// Needs and resources, and of the possible pairs those that the solver may use.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    pub needs: Vec<Need>,
    pub resources: Vec<Resource>,
    pub graph: Graph,
}

/// The graph of the `k` nearest resources that can serve each need, as far as they are worth it.
pub fn nearest_graph(needs: &[Need], resources: &[Resource], index: &Index, worth: &Worth, k: usize) -> Graph {
    let mut graph = Graph::new(worth.step, resources.iter().map(Resource::supply).collect());
    let mut near = Vec::with_capacity(k);
    let mut pairs = Vec::with_capacity(k);
    for need in needs {
        index.nearest(need, k, &mut near);
        pairs.clear();
        pairs.extend(near.iter().filter_map(|found| {
            let value = worth.of(need, &resources[found.resource as usize], found.distance());
            (value > 0).then_some(Pair { resource: found.resource, value })
        }));
        graph.push_need(need.head, &pairs);
    }
    graph
}
