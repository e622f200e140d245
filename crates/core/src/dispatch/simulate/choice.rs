//! Whom to ask next: the ways that are compared.

use super::Teams;
use super::city::WEEK;
use super::world::World;
use crate::dispatch::index::Found;
use crate::dispatch::{Graph, Need, Pair, Pinned, Resource};

/// As many of the nearest are looked at for one need.
const LOOKED_AT: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The nearest who can; another when one says no or nothing.
    Nearest,
    /// Who is worth most by the score; another when one says no or nothing.
    Score,
    /// By the score, so many at once that enough say yes with the target's chance.
    Waves,
    /// As in waves, by the score less the price that a plan over all open needs puts on each helper's time.
    Plan,
}

impl Way {
    pub const ALL: [Self; 4] = [Self::Nearest, Self::Score, Self::Waves, Self::Plan];

    fn asks_many(self) -> bool {
        matches!(self, Self::Waves | Self::Plan)
    }
}

/// Somebody who could be asked.
struct Candidate {
    resource: u32,
    distance: f64,
    value: i32,
    likely: f64,
}

impl World<'_> {
    /// Whom to ask now, the first first.
    pub(super) fn choose(&self, need: usize) -> Vec<u32> {
        let state = &self.needs[need];
        let missing = self.city.wanted[need].need.head.saturating_sub(state.agreed.len() as u32) as usize;
        let mut candidates = self.candidates(need);
        match self.way {
            Way::Nearest => {}
            Way::Score | Way::Waves => candidates.sort_by_key(|one| (-one.value, one.resource)),
            Way::Plan => candidates.sort_by_key(|one| {
                let price = self.price(one.resource, self.city.wanted[need].slot);
                (price - one.value, one.resource)
            }),
        }
        let waiting = state.waiting.iter().map(|offer| self.offers[*offer].likely);
        let mut chances: Vec<f64> = waiting.collect();
        let mut chosen = Vec::new();
        for one in candidates {
            let is_enough = if self.way.asks_many() {
                at_least(&chances, missing) >= self.rules.target
            } else {
                chances.len() >= missing
            };
            if is_enough {
                break;
            }
            chances.push(one.likely);
            chosen.push(one.resource);
        }
        chosen
    }

    /// Who can and may be asked, nearest first; of those who bring nothing only `Nearest` knows nothing.
    fn candidates(&self, need: usize) -> Vec<Candidate> {
        let wanted = &self.city.wanted[need];
        let mut found = Vec::new();
        self.roster.nearest(&wanted.need, LOOKED_AT, |resource| self.may_ask(need, resource), &mut found);
        let candidate = |found: &Found| {
            let (known, distance) = (self.known(found.resource)?, found.distance());
            let value = self.rules.worth.of(&wanted.need, &known, distance);
            let likely = known.likely(distance);
            (value > 0 || self.way == Way::Nearest).then_some(Candidate {
                resource: found.resource,
                distance,
                value,
                likely,
            })
        };
        let mut candidates: Vec<_> = found.iter().filter_map(candidate).collect();
        candidates.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        candidates
    }

    fn may_ask(&self, need: usize, resource: u32) -> bool {
        let (wanted, at) = (&self.city.wanted[need], resource as usize);
        let is_near = self.teams == Teams::One || self.city.districts[at] == wanted.district;
        is_near
            && !self.needs[need].asked.contains(&resource)
            && self.is_free(resource, wanted.slot)
            && self.has_budget(at)
    }

    /// What a helper's time in that part is worth to the open needs; of one whom none of them could use, the weariness alone.
    fn price(&self, resource: u32, slot: u32) -> i32 {
        let own = || self.known(resource).map_or(0, |known| known.supply().marginal(self.rules.worth.step, 1));
        self.prices.get(&(resource, slot)).copied().unwrap_or_else(own)
    }

    /// The best plan for all open needs as they are, for the prices it puts on each helper's time.
    pub(super) fn plan(&mut self) {
        let open: Vec<usize> = self.open.iter().copied().collect();
        let supplies = (0..self.city.resources.len() as u32).map(|resource| match self.known(resource) {
            Some(known) => Resource { capacity: self.left_this_week(resource), ..known }.supply(),
            None => Resource { capacity: 0, ..self.city.resources[resource as usize].clone() }.supply(),
        });
        let mut graph = Graph::new(self.rules.worth.step, supplies.collect());
        let mut slots = Vec::new();
        for &need in &open {
            let candidates = self.candidates(need);
            let pairs: Vec<Pair> =
                candidates.iter().map(|one| Pair { resource: one.resource, value: one.value }).collect();
            let Need { head, .. } = self.city.wanted[need].need;
            graph.push_need(head - self.needs[need].agreed.len() as u32, &pairs);
            // Needs of the same part of different weeks are never open together: nobody asks so far ahead.
            slots.push((self.city.wanted[need].slot % WEEK) as u8);
        }
        let at_once = self.city.resources.iter().map(super::world::at_once).collect();
        let pinned = Pinned { graph, slots, at_once, told: Vec::new() };
        let kept = pinned.solve().expect("the plan is the best");
        self.prices.clear();
        for (at, &need) in open.iter().enumerate() {
            let places = pinned.graph.starts[at] as usize..pinned.graph.starts[at + 1] as usize;
            for place in places {
                let resource = pinned.graph.pairs[place].resource;
                self.prices.insert((resource, self.city.wanted[need].slot), kept.part_prices[place]);
            }
        }
    }
}

/// How likely at least so many of them say yes.
fn at_least(chances: &[f64], many: usize) -> f64 {
    if many == 0 {
        return 1.0;
    }
    // By how many said yes so far; who would be more than enough counts as just enough.
    let mut said = vec![0.0; many + 1];
    said[0] = 1.0;
    for chance in chances {
        said[many] += said[many - 1] * chance;
        for count in (1..many).rev() {
            said[count] = said[count] * (1.0 - chance) + said[count - 1] * chance;
        }
        said[0] *= 1.0 - chance;
    }
    said[many]
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn the_chance_of_enough_is_that_of_all_cases_summed() {
        let chances = [0.2, 0.5, 0.9, 0.35];
        for many in 0..=5usize {
            let cases = (0..16u32).filter(|case| case.count_ones() as usize >= many);
            let chance = |case: u32| {
                let each = chances.iter().enumerate();
                each.map(|(at, chance)| if case >> at & 1 == 1 { *chance } else { 1.0 - chance }).product::<f64>()
            };
            let sum: f64 = cases.map(chance).sum();
            assert!((at_least(&chances, many) - sum).abs() < 1e-12, "{many}");
        }
    }
}
