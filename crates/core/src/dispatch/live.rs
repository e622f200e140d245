//! What comes and goes. Each act changes the assignment as little as it can and lists what it left open; `settle` makes it
//! the best again. After one act that is a search or a few; acts done together settle together.

use super::graph::{Graph, Pair, Supply};
use super::lists::Lists;
use super::matching::{Back, Edge, Matching, Slots};
use super::solve::Plan;

impl Matching {
    /// A need comes, with the pairs that are possible for it; its number is the next.
    pub fn add_need(&mut self, head: u32, pairs: &[Pair]) -> u32 {
        let need = self.slots.len();
        self.slots.push(Slots::empty(head));
        self.worths.push(0);
        self.edges.add_list();
        self.add_pairs(need as u32, pairs);
        need as u32
    }

    /// A need goes; its number stays, without pairs.
    pub fn drop_need(&mut self, need: u32) {
        let at = need as usize;
        for offset in 0..self.edges.len(at) {
            let edge = self.edges.get(at)[offset as usize];
            let resource = edge.resource();
            if edge.is_held() {
                self.pop_holder(need, offset);
                self.holes.push(resource as u32);
            }
            let backs = self.backs();
            let place = backs.get(resource).iter().position(|back| back.need == need);
            backs.swap_remove(resource, place.expect("a pair is known on both sides"));
        }
        self.edges.clear(at);
        self.slots[at] = Slots::empty(0);
        self.worths[at] = 0;
    }

    /// A resource comes, with the needs it can serve and what that is worth; its number is the next.
    pub fn add_resource(&mut self, supply: Supply, pairs: &[(u32, i32)]) -> u32 {
        let resource = self.supplies.len();
        // Above all it could bring, so that no pair is worth more than its prices; `settle` lets it fall.
        let brings = pairs.iter().map(|(need, value)| value - self.worths[*need as usize]).max().unwrap_or(0);
        self.backs().add_list();
        self.prices.push(supply.marginal(self.step, 1).max(brings));
        self.supplies.push(supply);
        self.holders.add_list();
        for &(need, value) in pairs {
            self.backs().push(resource, Back { need, value });
            self.edges.push(need as usize, Edge::new(Pair { resource: resource as u32, value }));
        }
        self.holes.push(resource as u32);
        resource as u32
    }

    /// A resource goes; its number stays, without capacity.
    pub fn drop_resource(&mut self, resource: u32) {
        let at = resource as usize;
        for holder in self.holders.get(at) {
            self.slots[holder.need as usize].filled -= 1;
            self.open.push(holder.need);
        }
        self.holders.clear(at);
        self.supplies[at].capacity = 0;
        for place in 0..self.backs().len(at) {
            let need = self.backs().get(at)[place as usize].need;
            self.drop_edge(need, at);
        }
        self.backs().clear(at);
    }

    /// More pairs become possible for a need: none of them may be known already.
    pub fn add_pairs(&mut self, need: u32, pairs: &[Pair]) {
        for &pair in pairs {
            self.backs().push(pair.resource as usize, Back { need, value: pair.value });
            self.edges.push(need as usize, Edge::new(pair));
        }
        self.refresh(need as usize, self.worths[need as usize]);
    }

    /// Somebody is told of a pair that is held: from now on it is no matter of choice. Its task counts as done lately, so
    /// that the next costs what it cost before, and nothing else changes. Whether the pair was held.
    pub fn tell(&mut self, need: u32, resource: u32) -> bool {
        let (at, whose) = (need as usize, resource as usize);
        let offset = self.edges.get(at).iter().position(|edge| edge.is_held() && edge.resource() == whose);
        let Some(offset) = offset else { return false };
        self.pop_holder(need, offset as u32);
        self.drop_edge(need, whose);
        let backs = self.backs();
        let place = backs.get(whose).iter().position(|back| back.need == need);
        backs.swap_remove(whose, place.expect("a pair is known on both sides"));
        let (slots, supply) = (&mut self.slots[at], &mut self.supplies[whose]);
        *slots = Slots { head: slots.head - 1, filled: slots.filled - 1, last: slots.last };
        *supply = Supply { capacity: supply.capacity - 1, recent: supply.recent + 1, group: supply.group };
        true
    }

    /// Who was told says no: the need looks for another, the resource has its task again, and the two do not meet any more.
    pub fn decline(&mut self, need: u32, resource: u32) {
        self.slots[need as usize].head += 1;
        let supply = &mut self.supplies[resource as usize];
        *supply = Supply { capacity: supply.capacity + 1, recent: supply.recent - 1, group: supply.group };
        self.open.push(need);
        self.holes.push(resource);
    }

    /// What is there now as a graph of its own, and the plan for it; both sides keep their numbers.
    pub fn snapshot(&self) -> (Graph, Plan) {
        let mut graph = Graph::new(self.step, self.supplies.clone());
        let mut pairs = Vec::new();
        for need in 0..self.slots.len() {
            pairs.clear();
            let edges = self.edges.get(need).iter();
            pairs.extend(edges.map(|edge| Pair { resource: edge.resource() as u32, value: edge.value }));
            graph.push_need(self.slots[need].head, &pairs);
        }
        (graph, Plan { held: self.held(), worths: self.worths.clone(), prices: self.prices.clone() })
    }

    /// Takes a pair of no holder out of its need; the need's last pair moves to its place.
    fn drop_edge(&mut self, need: u32, resource: usize) {
        let edges = self.edges.get(need as usize);
        let offset = edges.iter().position(|edge| edge.resource() == resource);
        let offset = offset.expect("a pair is known on both sides");
        let moved = edges[edges.len() - 1];
        self.edges.swap_remove(need as usize, offset);
        if moved.is_held() && moved.resource() != resource {
            let place = self.place_of(moved.resource(), need);
            self.holders.get_mut(moved.resource())[place].offset = offset as u32;
            self.slots[need as usize].last = offset as u32;
        }
    }

    pub(super) fn backs(&mut self) -> &mut Lists<Back> {
        if self.backs.is_none() {
            self.backs = Some(self.seen_from_resources());
        }
        self.backs.as_mut().expect("just made")
    }
}
