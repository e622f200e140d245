//! From the pairs of the nearest to the best over all possible pairs: the prices tell which pair that is not in the graph
//! would bring more, and when there is none the assignment is the best of all.

use super::graph::Pair;
use super::index::Index;
use super::matching::Matching;
use super::pair::{Need, Resource, Worth};

/// Both sides with what finds the possible pairs between them; numbered as in the matching.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub needs: &'a [Need],
    pub resources: &'a [Resource],
    pub index: &'a Index,
    pub worth: &'a Worth,
}

/// A resource that would bring more than its price and the need's worth together.
#[derive(Debug, Clone, Copy)]
struct Gain {
    gain: i32,
    pair: Pair,
}

impl Matching {
    /// Adds to each need at most `most` of the pairs that would bring more at today's prices, those that bring most, and
    /// settles. How many were added: none means that no possible pair brings more, and the plan is the best of all.
    pub fn widen(&mut self, field: &Field, most: usize) -> usize {
        let mut gains = Vec::new();
        let mut pairs = Vec::with_capacity(most);
        let mut added = Vec::new();
        for need in 0..field.needs.len() {
            self.gains(field, need, &mut gains);
            gains.sort_unstable_by_key(|gain| (-gain.gain, gain.pair.resource));
            pairs.clear();
            pairs.extend(gains.iter().take(most).map(|gain| gain.pair));
            added.extend(pairs.iter().map(|pair| (need as u32, *pair)));
        }
        for of_one in added.chunk_by(|a, b| a.0 == b.0) {
            pairs.clear();
            pairs.extend(of_one.iter().map(|(_, pair)| *pair));
            self.add_pairs(of_one[0].0, &pairs);
        }
        self.settle();
        added.len()
    }

    /// Every possible pair of the need that the graph does not have and that would bring more.
    fn gains(&self, field: &Field, at: usize, gains: &mut Vec<Gain>) {
        gains.clear();
        let (need, worth) = (&field.needs[at], self.worths[at]);
        let take = |found: super::index::Found| {
            let resource = &field.resources[found.resource as usize];
            let (price, distance) = (self.prices[found.resource as usize], found.distance());
            let bar = price + worth;
            if field.worth.at_best(need, resource, distance) <= f64::from(bar) {
                return;
            }
            let value = field.worth.of(need, resource, distance);
            if value > bar {
                gains.push(Gain { gain: value - bar, pair: Pair { resource: found.resource, value } });
            }
        };
        let enough = |nearest: f32, widest: f32| {
            field.worth.at_most(need, f64::from(nearest), f64::from(widest)) <= f64::from(worth)
        };
        field.index.each(need, take, enough);
        // A pair that is held may bring more than its prices; it is in the graph already.
        gains.retain(|gain| self.edges.get(at).iter().all(|edge| edge.resource() != gain.pair.resource as usize));
    }
}
