//! What the solver sees: how many helpers each need asks for, how many tasks each resource takes, and the pairs with their values.

use thiserror::Error;

/// Values, prices and costs stay below this, so that sums of a few of them fit in 32 bits.
pub const MOST: i32 = 1 << 27;

/// A resource that may serve the need whose pair it is, and what that is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub resource: u32,
    pub value: i32,
}

/// How much a resource takes on, and how weary it is already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supply {
    pub capacity: u32,
    pub recent: u32,
    pub group: u32,
}

impl Supply {
    /// Cost of the `nth` task, from 1: it never falls, which is what keeps the problem solvable exactly.
    pub fn marginal(self, step: i32, nth: u32) -> i32 {
        let done = self.recent + nth - 1;
        // Most are persons; a division at every label of a search shows.
        step * if self.group == 1 { done } else { done / self.group } as i32
    }

    /// Cost of the first `load` tasks together.
    pub fn cost(self, step: i32, load: u32) -> i64 {
        (1..=load).map(|nth| i64::from(self.marginal(step, nth))).sum()
    }
}

/// The pairs by need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// Cost of a step of weariness.
    pub step: i32,
    pub supplies: Vec<Supply>,
    /// Helpers each need asks for.
    pub heads: Vec<u32>,
    /// Where the pairs of each need begin; one longer than `heads`.
    pub starts: Vec<u32>,
    pub pairs: Vec<Pair>,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GraphFault {
    #[error("need {need}: its pairs begin at {start}, of {pairs}; they must follow those of the need before")]
    Starts { need: usize, start: u32, pairs: usize },
    #[error("need {need}: resource {resource} is not one of {resources}")]
    NoResource { need: usize, resource: u32, resources: usize },
    #[error("need {need}: resource {resource} stands there twice; give each pair once")]
    Twice { need: usize, resource: u32 },
    #[error("need {need}, resource {resource}: the value {value} is beyond ±{MOST}; scale all values down")]
    Value { need: usize, resource: u32, value: i32 },
    #[error(
        "resource {resource}: capacity {capacity}, recent {recent}, group {group}: the group is at least 1, and the cost of the last task \
         (a step is {step}) lies between 0 and {MOST}"
    )]
    Supply { resource: usize, capacity: u32, recent: u32, group: u32, step: i32 },
}

impl Graph {
    pub fn new(step: i32, supplies: Vec<Supply>) -> Self {
        Self { step, supplies, heads: Vec::new(), starts: vec![0], pairs: Vec::new() }
    }

    pub fn push_need(&mut self, head: u32, pairs: &[Pair]) {
        self.heads.push(head);
        self.pairs.extend_from_slice(pairs);
        self.starts.push(self.pairs.len() as u32);
    }

    pub fn pairs_of(&self, need: usize) -> &[Pair] {
        &self.pairs[self.starts[need] as usize..self.starts[need + 1] as usize]
    }

    /// By pair, its need.
    pub(super) fn owners(&self) -> Vec<u32> {
        let needs = 0..self.heads.len();
        needs.flat_map(|need| std::iter::repeat_n(need as u32, self.pairs_of(need).len())).collect()
    }

    /// Values of these pairs, less the weariness they make.
    pub fn value_of(&self, held: &[u32]) -> i64 {
        let mut loads = vec![0u32; self.supplies.len()];
        let mut sum = 0;
        for place in held {
            let pair = self.pairs[*place as usize];
            let load = &mut loads[pair.resource as usize];
            *load += 1;
            sum += i64::from(pair.value) - i64::from(self.supplies[pair.resource as usize].marginal(self.step, *load));
        }
        sum
    }

    /// What the solver relies on.
    pub fn check(&self) -> Result<(), GraphFault> {
        for (resource, supply) in self.supplies.iter().enumerate() {
            let &Supply { capacity, recent, group } = supply;
            let last = i64::from(recent) + i64::from(capacity);
            let costly = |group| i64::from(self.step) * (last / i64::from(group)) > i64::from(MOST);
            if group == 0 || self.step < 0 || last > i64::from(MOST) || costly(group) {
                return Err(GraphFault::Supply { resource, capacity, recent, group, step: self.step });
            }
        }
        let mut seen = vec![u32::MAX; self.supplies.len()];
        for need in 0..self.heads.len() {
            let (start, end) = (self.starts[need], self.starts[need + 1]);
            if start > end || end as usize > self.pairs.len() {
                return Err(GraphFault::Starts { need, start, pairs: self.pairs.len() });
            }
            for &Pair { resource, value } in self.pairs_of(need) {
                let Some(last) = seen.get_mut(resource as usize) else {
                    return Err(GraphFault::NoResource { need, resource, resources: self.supplies.len() });
                };
                if std::mem::replace(last, need as u32) == need as u32 {
                    return Err(GraphFault::Twice { need, resource });
                }
                if !(-MOST..=MOST).contains(&value) {
                    return Err(GraphFault::Value { need, resource, value });
                }
            }
        }
        Ok(())
    }
}
