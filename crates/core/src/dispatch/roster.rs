//! The resources as they are now: found as exactly as by an `Index`, while they come, change and go.
//!
//! Three levels. Most stand in `base`; who changed since stands in `recent`, a small index; who changed just now stands in
//! `fresh` and is scanned. Each resource counts in one level only (`level`), so what an index still says of one that changed or
//! went is passed over. A level that grew is laid out anew: `fresh` into `recent`, both into `base`.

use super::index::{Found, Index, Nearest};
use super::pair::{Need, Resource};

/// As many as a query scans beside the indexes.
const FRESH: usize = 128;
/// The base is laid out anew when more than one in so many stands outside of it.
const OUTSIDE: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Nowhere,
    Base,
    Recent,
    Fresh,
}

#[derive(Debug)]
pub struct Roster {
    /// By number.
    resources: Vec<Option<Resource>>,
    level: Vec<Level>,
    base: Index,
    recent: Index,
    /// Numbers that may stand in `recent`: those whose level it is not are passed over.
    recent_numbers: Vec<u32>,
    fresh: Vec<u32>,
    count: usize,
    /// Entries of the base that no longer count.
    stale: usize,
}

impl Roster {
    /// The caller gives the numbers; they should be dense, since there is room for every number up to the highest.
    pub fn new(resources: impl IntoIterator<Item = (u32, Resource)>) -> Self {
        let mut roster = Self {
            resources: Vec::new(),
            level: Vec::new(),
            base: Index::of(&[]),
            recent: Index::of(&[]),
            recent_numbers: Vec::new(),
            fresh: Vec::new(),
            count: 0,
            stale: 0,
        };
        for (number, resource) in resources {
            roster.make_room(number);
            roster.count += usize::from(roster.resources[number as usize].replace(resource).is_none());
        }
        roster.rebuild();
        roster
    }

    pub fn get(&self, number: u32) -> Option<&Resource> {
        self.resources.get(number as usize)?.as_ref()
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A resource comes, or is other than it was.
    pub fn set(&mut self, number: u32, resource: Resource) {
        self.make_room(number);
        let before = &mut self.resources[number as usize];
        let stays = before.as_ref().is_some_and(|before| is_found_alike(before, &resource));
        self.count += usize::from(before.is_none());
        *before = Some(resource);
        if stays || self.level[number as usize] == Level::Fresh {
            return;
        }
        self.leave(number);
        self.level[number as usize] = Level::Fresh;
        self.fresh.push(number);
        if self.fresh.len() > FRESH {
            self.tidy();
        }
    }

    /// A resource goes; its number may be used again.
    pub fn remove(&mut self, number: u32) {
        let Some(place) = self.resources.get_mut(number as usize) else { return };
        if place.take().is_some() {
            self.count -= 1;
            self.leave(number);
            if self.stale > self.count / 2 + FRESH {
                self.rebuild();
            }
        }
    }

    /// The `k` nearest that can serve the need and are accepted, nearest first; at equal distance the lower number first.
    pub fn nearest(&self, need: &Need, k: usize, accept: impl Fn(u32) -> bool, found: &mut Vec<Found>) {
        let mut nearest = Nearest::new(k);
        let at = |level: Level| {
            let accept = &accept;
            move |number: u32| self.level[number as usize] == level && accept(number)
        };
        self.base.gather(need, &mut nearest, at(Level::Base));
        if !self.recent_numbers.is_empty() {
            self.recent.gather(need, &mut nearest, at(Level::Recent));
        }
        for &number in &self.fresh {
            let serves = self.resources[number as usize].as_ref().and_then(|resource| resource.serves(need));
            if let Some(square) = serves {
                nearest.offer(square, number, &accept);
            }
        }
        nearest.into(found);
    }

    fn make_room(&mut self, number: u32) {
        if self.resources.len() <= number as usize {
            self.resources.resize(number as usize + 1, None);
            self.level.resize(number as usize + 1, Level::Nowhere);
        }
    }

    fn leave(&mut self, number: u32) {
        match std::mem::replace(&mut self.level[number as usize], Level::Nowhere) {
            Level::Base => self.stale += 1,
            Level::Fresh => self.fresh.retain(|other| *other != number),
            Level::Nowhere | Level::Recent => {}
        }
    }

    /// Lays `fresh` into `recent`, or all into `base` when much stands outside.
    fn tidy(&mut self) {
        self.recent_numbers.retain(|number| self.level[*number as usize] == Level::Recent);
        self.recent_numbers.append(&mut self.fresh);
        if self.recent_numbers.len() > (self.count / OUTSIDE).max(FRESH) {
            return self.rebuild();
        }
        for &number in &self.recent_numbers {
            self.level[number as usize] = Level::Recent;
        }
        let numbered = |&number: &u32| self.resources[number as usize].as_ref().map(|resource| (number, resource));
        self.recent = Index::of(&self.recent_numbers.iter().filter_map(numbered).collect::<Vec<_>>());
    }

    fn rebuild(&mut self) {
        self.fresh.clear();
        self.recent_numbers.clear();
        self.recent = Index::of(&[]);
        self.stale = 0;
        let numbered = self.resources.iter().enumerate();
        let there: Vec<_> = numbered.filter_map(|(at, resource)| Some((at as u32, resource.as_ref()?))).collect();
        self.base = Index::of(&there);
        for (level, resource) in self.level.iter_mut().zip(&self.resources) {
            *level = if resource.is_some() { Level::Base } else { Level::Nowhere };
        }
    }
}

/// Whether an index says the same of both.
fn is_found_alike(a: &Resource, b: &Resource) -> bool {
    (a.at, a.radius.to_bits(), a.skills, a.slots) == (b.at, b.radius.to_bits(), b.skills, b.slots)
}
