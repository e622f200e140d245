//! Shortest paths by reduced cost. `place` finds the cheapest way to give an open need one more helper, `pull` the best use
//! of a task that a hole has to give; both move worths and prices so that all the rest stays as `matching` says.
//!
//! All lengths are at least 0, labels at or above the best end found so far are never looked at, and a node at the length
//! of the one before it goes on a stack instead of the heap, since equal values make wide plains of length 0.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::lists::Lists;
use super::matching::{Back, Matching};

/// How a node was reached.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    epoch: u32,
    length: i32,
    from: u32,
    /// From a need: which of its pairs. From a resource: which of its tasks; in `pull` it is looked up when it is known to matter.
    by: u32,
}

/// What searches keep between them, so that none allocates.
#[derive(Debug, Default)]
pub(super) struct Search {
    epoch: u32,
    needs: Vec<Mark>,
    resources: Vec<Mark>,
    seen_needs: Vec<u32>,
    seen_resources: Vec<u32>,
    heap: BinaryHeap<Reverse<u64>>,
    plain: Vec<u32>,
}

/// Where a path ends best.
#[derive(Debug, Clone, Copy)]
enum End {
    /// With a task more (`place`) or less (`pull`) of this resource.
    Resource(u32),
    /// With a helper less (`place`) or more (`pull`) for this need.
    Need(u32),
    /// Where it began: the need goes short, the price falls.
    Nowhere,
}

impl Search {
    fn begin(&mut self, needs: usize, resources: usize) {
        self.needs.resize(needs, Mark::default());
        self.resources.resize(resources, Mark::default());
        self.seen_needs.clear();
        self.seen_resources.clear();
        self.heap.clear();
        self.plain.clear();
        if self.epoch == u32::MAX {
            self.needs.fill(Mark::default());
            self.resources.fill(Mark::default());
            self.epoch = 0;
        }
        self.epoch += 1;
    }

    fn push(&mut self, node: u32, length: i32, now: i32) {
        if length == now {
            self.plain.push(node);
        } else {
            self.heap.push(Reverse((length as u64) << 32 | u64::from(node)));
        }
    }

    fn pop(&mut self, now: i32) -> Option<(u32, i32)> {
        if let Some(node) = self.plain.pop() {
            return Some((node, now));
        }
        self.heap.pop().map(|Reverse(key)| (key as u32, (key >> 32) as i32))
    }
}

/// Labels a node if this way is shorter.
fn label(marks: &mut [Mark], seen: &mut Vec<u32>, epoch: u32, node: u32, mark: Mark) -> bool {
    let old = &mut marks[node as usize];
    if old.epoch == epoch && old.length <= mark.length {
        return false;
    }
    if old.epoch != epoch {
        seen.push(node);
    }
    *old = Mark { epoch, ..mark };
    true
}

impl Matching {
    /// Gives an open need one more helper, or finds that none is worth it; then its worth is 0.
    pub(super) fn place(&mut self, start: u32) {
        let mut search = std::mem::take(&mut self.search);
        search.begin(self.slots.len(), self.supplies.len());
        let (best, end) = self.cheapest_place(&mut search, start);
        for need in &search.seen_needs {
            let length = search.needs[*need as usize].length;
            self.worths[*need as usize] -= (best - length).max(0);
        }
        for resource in &search.seen_resources {
            let length = search.resources[*resource as usize].length;
            self.prices[*resource as usize] += (best - length).max(0);
        }
        let last = match end {
            End::Nowhere => None,
            End::Need(need) => {
                self.slots[need as usize].filled -= 1;
                Some(need)
            }
            End::Resource(resource) => {
                let mark = search.resources[resource as usize];
                self.push_holder(mark.from, mark.by);
                Some(mark.from)
            }
        };
        if let Some(mut need) = last {
            while need != start {
                let left = search.needs[need as usize];
                let taken = search.resources[left.from as usize];
                self.replace_holder(left.by as usize, taken.from, taken.by);
                need = taken.from;
            }
            self.slots[start as usize].filled += 1;
        }
        self.search = search;
    }

    // Inlined into `settle`, both searches run half as fast again: too many values for the registers.
    #[inline(never)]
    fn cheapest_place(&self, search: &mut Search, start: u32) -> (i32, End) {
        let (mut best, mut end) = (self.worths[start as usize], End::Nowhere);
        let epoch = search.epoch;
        label(&mut search.needs, &mut search.seen_needs, epoch, start, Mark::default());
        search.plain.push(start);
        let mut now = 0;
        while let Some((need, length)) = search.pop(now) {
            if length >= best {
                break;
            }
            if search.needs[need as usize].length < length {
                continue;
            }
            now = length;
            let base = length + self.worths[need as usize];
            for (offset, edge) in self.edges.get(need as usize).iter().enumerate() {
                let resource = edge.resource();
                let length = base - edge.value + self.prices[resource];
                if length >= best || edge.is_held() {
                    continue;
                }
                let mark = Mark { epoch, length, from: need, by: offset as u32 };
                if !label(&mut search.resources, &mut search.seen_resources, epoch, resource as u32, mark) {
                    continue;
                }
                if let Some(cost) = self.next_cost(resource) {
                    let whole = length + (cost - self.prices[resource]).max(0);
                    if whole < best {
                        (best, end) = (whole, End::Resource(resource as u32));
                    }
                }
                for (place, holder) in self.holders.get(resource).iter().enumerate() {
                    let worth = self.worths[holder.need as usize];
                    let length = length + holder.value - self.prices[resource] - worth;
                    let mark = Mark { epoch, length, from: resource as u32, by: place as u32 };
                    if length >= best || !label(&mut search.needs, &mut search.seen_needs, epoch, holder.need, mark) {
                        continue;
                    }
                    if length + worth < best {
                        (best, end) = (length + worth, End::Need(holder.need));
                    }
                    search.push(holder.need, length, now);
                }
            }
        }
        (best, end)
    }

    /// Finds the best use of one task of a hole, or lets its price fall to the cost of its next task.
    pub(super) fn pull(&mut self, start: u32) {
        let backs = self.backs.take().unwrap_or_else(|| self.seen_from_resources());
        let mut search = std::mem::take(&mut self.search);
        search.begin(self.slots.len(), self.supplies.len());
        let (best, end) = self.cheapest_pull(&mut search, &backs, start);
        for need in &search.seen_needs {
            let length = search.needs[*need as usize].length;
            self.worths[*need as usize] += (best - length).max(0);
        }
        for resource in &search.seen_resources {
            let length = search.resources[*resource as usize].length;
            self.prices[*resource as usize] -= (best - length).max(0);
        }
        let first = match end {
            End::Nowhere => None,
            End::Need(need) => {
                self.slots[need as usize].filled += 1;
                Some(need)
            }
            End::Resource(resource) => {
                let mark = search.resources[resource as usize];
                self.pop_holder(mark.from, mark.by);
                Some(mark.from)
            }
        };
        let mut next = first;
        while let Some(need) = next {
            let taken = search.needs[need as usize];
            let offset = self.offset_of(need, taken.from as usize);
            if taken.from == start {
                self.push_holder(need, offset);
                break;
            }
            let leaver = search.resources[taken.from as usize].from;
            let place = self.place_of(taken.from as usize, leaver);
            self.replace_holder(place, need, offset);
            next = Some(leaver);
        }
        self.search = search;
        self.backs = Some(backs);
    }

    #[inline(never)]
    fn cheapest_pull(&self, search: &mut Search, backs: &Lists<Back>, start: u32) -> (i32, End) {
        let cost = self.next_cost(start as usize).unwrap_or(i32::MAX);
        let (mut best, mut end) = (self.prices[start as usize].saturating_sub(cost), End::Nowhere);
        let epoch = search.epoch;
        label(&mut search.resources, &mut search.seen_resources, epoch, start, Mark::default());
        search.plain.push(start);
        let mut now = 0;
        while let Some((resource, length)) = search.pop(now) {
            if length >= best {
                break;
            }
            if search.resources[resource as usize].length < length {
                continue;
            }
            now = length;
            let base = length + self.prices[resource as usize];
            for back in backs.get(resource as usize) {
                let (need, worth) = (back.need, self.worths[back.need as usize]);
                let length = base - back.value + worth;
                let old = &search.needs[need as usize];
                if length >= best || old.epoch == epoch && old.length <= length {
                    continue;
                }
                let (edges, first) = self.with_held(need as usize);
                let held = || edges.iter().zip(first..).filter(|(edge, _)| edge.is_held());
                if held().any(|(edge, _)| edge.resource() == resource as usize) {
                    continue;
                }
                let mark = Mark { epoch, length, from: resource, by: 0 };
                label(&mut search.needs, &mut search.seen_needs, epoch, need, mark);
                if self.is_short(need as usize) {
                    (best, end) = (length, End::Need(need));
                    continue;
                }
                for (edge, offset) in held() {
                    let other = edge.resource();
                    let length = length + edge.value - self.prices[other] - worth;
                    let mark = Mark { epoch, length, from: need, by: offset };
                    let (marks, seen) = (&mut search.resources, &mut search.seen_resources);
                    if length >= best || !label(marks, seen, epoch, other as u32, mark) {
                        continue;
                    }
                    let whole = length + self.prices[other] - self.last_cost(other);
                    if whole < best {
                        (best, end) = (whole, End::Resource(other as u32));
                    }
                    search.push(other as u32, length, now);
                }
            }
        }
        (best, end)
    }

    /// The pairs by resource.
    pub(super) fn seen_from_resources(&self) -> Lists<Back> {
        let mut starts = vec![0u32; self.supplies.len() + 1];
        let all = || (0..self.slots.len()).flat_map(|need| self.edges.get(need).iter().map(move |edge| (need, edge)));
        for (_, edge) in all() {
            starts[edge.resource() + 1] += 1;
        }
        for resource in 0..self.supplies.len() {
            starts[resource + 1] += starts[resource];
        }
        let mut items = vec![Back { need: 0, value: 0 }; starts[self.supplies.len()] as usize];
        let mut next = starts.clone();
        for (need, edge) in all() {
            let place = &mut next[edge.resource()];
            items[*place as usize] = Back { need: need as u32, value: edge.value };
            *place += 1;
        }
        Lists::full(&starts, items)
    }
}
