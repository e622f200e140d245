//! Why a possible pair is not in a plan, read from the plan's prices.

use super::slots::{Kept, Pinned};

/// Why a resource that could serve a need does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is kept for this need, to which it brings more than to the one it is not given to.
    Kept { need: u32 },
    /// Those who were chosen bring more.
    Outdone,
    /// It would bring less than one more task costs it.
    Weary,
    /// It is not free in the part of the week in which the need is served.
    Time,
}

/// A plan as it is asked about.
#[derive(Debug)]
pub struct Reasons<'a> {
    asked: &'a Pinned,
    kept: &'a Kept,
    /// By resource, the needs it serves and the places of those pairs.
    served: Vec<Vec<(u32, u32)>>,
}

impl<'a> Reasons<'a> {
    pub fn new(asked: &'a Pinned, kept: &'a Kept) -> Self {
        let mut served = vec![Vec::new(); asked.graph.supplies.len()];
        let mut need = 0;
        for &place in &kept.held {
            while asked.graph.starts[need as usize + 1] <= place {
                need += 1;
            }
            served[asked.graph.pairs[place as usize].resource as usize].push((need, place));
        }
        Self { asked, kept, served }
    }

    /// Of the pair at a place of the graph that is not held.
    pub fn of(&self, need: u32, place: u32) -> Reason {
        let Pinned { graph, slots, at_once, told } = self.asked;
        let pair = graph.pairs[place as usize];
        if pair.value < 0 {
            return Reason::Time;
        }
        let (supply, all) = (graph.supplies[pair.resource as usize], &self.served[pair.resource as usize]);
        let same: Vec<_> = all.iter().filter(|(other, _)| slots[*other as usize] == slots[need as usize]).collect();
        let next = ((all.len() as u32) < supply.capacity).then(|| supply.marginal(graph.step, all.len() as u32 + 1));
        let is_full = same.len() >= at_once[pair.resource as usize] as usize;
        let is_dear = next.is_none_or(|next| self.kept.part_prices[place as usize] > next);
        if is_full || is_dear {
            // The one to which it matters least is the nearest to giving it up; who was told keeps it whatever it brings.
            let gain = |(other, at): &(u32, u32)| {
                let value = graph.pairs[*at as usize].value - self.kept.worths[*other as usize];
                (told.binary_search(at).is_ok(), value)
            };
            let rivals = all.iter().filter(|(other, _)| !is_full || slots[*other as usize] == slots[need as usize]);
            if let Some((other, _)) = rivals.min_by_key(|rival| gain(rival)) {
                return Reason::Kept { need: *other };
            }
        }
        if next.is_some_and(|next| pair.value <= next) { Reason::Weary } else { Reason::Outdone }
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Graph, Pair, Supply};
    use super::*;

    fn asked(supplies: &[u32], needs: &[&[(u32, i32)]]) -> Pinned {
        let supply = |capacity: &u32| Supply { capacity: *capacity, recent: 0, group: 1 };
        let mut graph = Graph::new(300, supplies.iter().map(supply).collect());
        for pairs in needs {
            let pairs: Vec<_> = pairs.iter().map(|&(resource, value)| Pair { resource, value }).collect();
            graph.push_need(1, &pairs);
        }
        let (slots, at_once) = (vec![0; needs.len()], vec![1; supplies.len()]);
        Pinned { graph, slots, at_once, told: Vec::new() }
    }

    fn reason(asked: &Pinned, need: u32, place: u32) -> (Vec<u32>, Reason) {
        let kept = asked.solve().unwrap();
        (kept.held.clone(), Reasons::new(asked, &kept).of(need, place))
    }

    #[test]
    fn one_is_kept_for_the_need_that_is_worth_more() {
        let asked = asked(&[1, 1], &[&[(0, 9_000), (1, 2_000)], &[(0, 8_000)]]);
        assert_eq!(reason(&asked, 0, 0), (vec![1, 2], Reason::Kept { need: 1 }), "the second need has nobody else");
    }

    #[test]
    fn one_serves_another_at_that_time_whatever_it_could_take_in_all() {
        let mut asked = asked(&[5, 5], &[&[(0, 9_000), (1, 8_000)], &[(0, 9_000)]]);
        assert_eq!(reason(&asked, 0, 0), (vec![1, 2], Reason::Kept { need: 1 }));
        asked.slots = vec![0, 1];
        assert_eq!(asked.solve().unwrap().held, [0, 2]);
    }

    #[test]
    fn others_bring_more_or_a_task_costs_more_than_it_brings() {
        let mut asked = asked(&[2, 2], &[&[(0, 9_000), (1, 2_000)], &[(0, 200)]]);
        asked.slots = vec![0, 1];
        assert_eq!(reason(&asked, 0, 1), (vec![0], Reason::Outdone));
        assert_eq!(reason(&asked, 1, 2).1, Reason::Weary);
        asked.graph.pairs[1].value = -1;
        assert_eq!(reason(&asked, 0, 1).1, Reason::Time);
    }
}
