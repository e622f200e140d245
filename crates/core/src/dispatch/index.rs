//! Finds the resources that can serve a need, from the nearest outward, exactly.
//!
//! One uniform grid for every skill and one of all resources; a need is looked up in the smallest grid that holds all who
//! can serve it. Each grid lies in memory cell by cell with all that the test of a pair reads.

use std::collections::BinaryHeap;

use super::pair::{Need, Point, Resource};

const SKILLS: usize = 32;
/// Resources a cell, on average.
const PER_CELL: f32 = 8.0;

/// A resource that can serve a need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    pub resource: u32,
    pub square: f32,
}

impl Found {
    pub fn distance(self) -> f64 {
        f64::from(self.square).sqrt()
    }
}

/// What the test of a pair reads.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: Point,
    reach: f32,
    skills: u32,
    slots: u32,
    resource: u32,
}

#[derive(Debug)]
struct Grid {
    origin: Point,
    cell: f32,
    columns: usize,
    rows: usize,
    starts: Vec<u32>,
    entries: Vec<Entry>,
    /// The farthest that one of them goes.
    widest: f32,
}

#[derive(Debug)]
pub struct Index {
    /// By skill, and last the one of all.
    grids: Vec<Grid>,
}

/// The `k` nearest of those offered, at equal distance the lower number.
#[derive(Debug)]
pub(super) struct Nearest {
    k: usize,
    heap: BinaryHeap<u64>,
}

impl Nearest {
    pub(super) fn new(k: usize) -> Self {
        Self { k, heap: BinaryHeap::with_capacity(k + 1) }
    }

    /// Squares are not negative, so their bits order as they do.
    fn key(square: f32, resource: u32) -> u64 {
        u64::from(square.to_bits()) << 32 | u64::from(resource)
    }

    fn worst(&self) -> u64 {
        match self.heap.peek() {
            _ if self.heap.len() < self.k => u64::MAX,
            top => top.copied().unwrap_or(0),
        }
    }

    /// `accept` is asked only about what is near enough.
    pub(super) fn offer(&mut self, square: f32, resource: u32, accept: impl FnOnce(u32) -> bool) {
        let key = Self::key(square, resource);
        if key < self.worst() && accept(resource) {
            if self.heap.len() == self.k {
                self.heap.pop();
            }
            self.heap.push(key);
        }
    }

    pub(super) fn into(self, found: &mut Vec<Found>) {
        found.clear();
        let found_at = |key: u64| Found { resource: key as u32, square: f32::from_bits((key >> 32) as u32) };
        found.extend(self.heap.into_sorted_vec().into_iter().map(found_at));
    }
}

impl Index {
    pub fn new(resources: &[Resource]) -> Self {
        let numbered: Vec<_> = resources.iter().enumerate().map(|(at, resource)| (at as u32, resource)).collect();
        Self::of(&numbered)
    }

    /// Of resources that have numbers of their own.
    pub(super) fn of(resources: &[(u32, &Resource)]) -> Self {
        let holding = |skills: u32| Grid::new(resources, |resource| resource.skills & skills == skills);
        Self { grids: (0..SKILLS).map(|skill| holding(1 << skill)).chain([holding(0)]).collect() }
    }

    /// The smallest grid with all who can serve the need.
    fn grid(&self, need: &Need) -> &Grid {
        let asked = (0..SKILLS).filter(|skill| need.skills >> skill & 1 == 1);
        let rarest = asked.min_by_key(|skill| self.grids[*skill].entries.len());
        &self.grids[rarest.unwrap_or(SKILLS)]
    }

    /// The `k` nearest that can serve the need, nearest first; at equal distance the lower number first.
    pub fn nearest(&self, need: &Need, k: usize, found: &mut Vec<Found>) {
        let mut nearest = Nearest::new(k);
        self.gather(need, &mut nearest, |_| true);
        nearest.into(found);
    }

    /// Offers all that can serve the need and may be among the nearest.
    pub(super) fn gather(&self, need: &Need, nearest: &mut Nearest, accept: impl Fn(u32) -> bool) {
        self.grid(need).outward(
            need,
            nearest,
            |nearest, entry, square| nearest.offer(square, entry.resource, &accept),
            |nearest, outside| nearest.worst() < Nearest::key(outside * outside, 0),
        );
    }

    /// Every resource that can serve the need, cell by cell outward, until `enough` says that none at this distance in
    /// kilometres or farther matters; the second number it gets is the farthest that any of them goes.
    pub fn each(&self, need: &Need, mut take: impl FnMut(Found), enough: impl Fn(f32, f32) -> bool) {
        let grid = self.grid(need);
        grid.outward(
            need,
            &mut (),
            |(), entry, square| take(Found { resource: entry.resource, square }),
            |(), nearest| enough(nearest, grid.widest),
        );
    }
}

impl Grid {
    fn new(resources: &[(u32, &Resource)], holds: impl Fn(&Resource) -> bool) -> Self {
        let held = || resources.iter().copied().filter(|(_, resource)| holds(resource));
        let count = held().count();
        let mut low = Point { x: f32::INFINITY, y: f32::INFINITY };
        let mut high = Point { x: f32::NEG_INFINITY, y: f32::NEG_INFINITY };
        let mut widest = 0f32;
        for (_, resource) in held() {
            low = Point { x: low.x.min(resource.at.x), y: low.y.min(resource.at.y) };
            high = Point { x: high.x.max(resource.at.x), y: high.y.max(resource.at.y) };
            widest = widest.max(resource.radius);
        }
        let (width, height) = ((high.x - low.x).max(0.001), (high.y - low.y).max(0.001));
        let cells = (count as f32 / PER_CELL).max(1.0);
        // A cell is square; a long thin field still has no more cells than twice those wanted.
        let cell = (width * height / cells).sqrt().max(width.max(height) / cells);
        let (columns, rows) = ((width / cell) as usize + 1, (height / cell) as usize + 1);
        let empty = Entry { at: low, reach: 0.0, skills: 0, slots: 0, resource: 0 };
        let mut grid = Self {
            origin: low,
            cell,
            columns,
            rows,
            starts: vec![0; columns * rows + 1],
            entries: vec![empty; count],
            widest,
        };
        for (_, resource) in held() {
            let cell = grid.cell_of(resource.at);
            grid.starts[cell.1 * columns + cell.0 + 1] += 1;
        }
        for cell in 0..columns * rows {
            grid.starts[cell + 1] += grid.starts[cell];
        }
        let mut next = grid.starts.clone();
        for (at, resource) in held() {
            let (column, row) = grid.cell_of(resource.at);
            let place = &mut next[row * columns + column];
            let &Resource { at: point, radius, skills, slots, .. } = resource;
            let reach = radius * radius;
            grid.entries[*place as usize] = Entry { at: point, reach, skills, slots, resource: at };
            *place += 1;
        }
        grid
    }

    /// The cell of a point; of one outside, the nearest.
    fn cell_of(&self, at: Point) -> (usize, usize) {
        let along = |from: f32, to: f32, cells: usize| (((to - from) / self.cell).max(0.0) as usize).min(cells - 1);
        (along(self.origin.x, at.x, self.columns), along(self.origin.y, at.y, self.rows))
    }

    /// Square rings of cells round the need, until nothing outside can be near enough.
    fn outward<S>(
        &self,
        need: &Need,
        state: &mut S,
        mut take: impl FnMut(&mut S, &Entry, f32),
        enough: impl Fn(&S, f32) -> bool,
    ) {
        let (column, row) = self.cell_of(need.at);
        let mut scan = |state: &mut S, row: usize, from: usize, to: usize| {
            let (start, end) = (self.starts[row * self.columns + from], self.starts[row * self.columns + to + 1]);
            for entry in &self.entries[start as usize..end as usize] {
                if entry.skills & need.skills == need.skills && entry.slots & need.slots != 0 {
                    let square = entry.at.square_to(need.at);
                    if square <= entry.reach {
                        take(state, entry, square);
                    }
                }
            }
        };
        for ring in 0.. {
            let (left, right) = (column.saturating_sub(ring), (column + ring).min(self.columns - 1));
            let (low, high) = (row.saturating_sub(ring), (row + ring).min(self.rows - 1));
            for at in low..=high {
                if at + ring == row || at == row + ring {
                    scan(state, at, left, right);
                    continue;
                }
                if column >= ring {
                    scan(state, at, left, left);
                }
                if column + ring < self.columns && ring > 0 {
                    scan(state, at, right, right);
                }
            }
            let nearest = self.outside(need.at, (column, row), ring);
            if nearest > self.widest || enough(state, nearest) {
                return;
            }
        }
    }

    /// No resource outside the ring is nearer than this; infinite when there is none.
    fn outside(&self, at: Point, (column, row): (usize, usize), ring: usize) -> f32 {
        let mut nearest = f32::INFINITY;
        if column > ring {
            nearest = nearest.min(at.x - self.origin.x - (column - ring) as f32 * self.cell);
        }
        if column + ring + 1 < self.columns {
            nearest = nearest.min(self.origin.x + (column + ring + 1) as f32 * self.cell - at.x);
        }
        if row > ring {
            nearest = nearest.min(at.y - self.origin.y - (row - ring) as f32 * self.cell);
        }
        if row + ring + 1 < self.rows {
            nearest = nearest.min(self.origin.y + (row + ring + 1) as f32 * self.cell - at.y);
        }
        // Which cell a point on an edge fell into is a matter of rounding.
        (nearest - self.cell * 0.001).max(0.0)
    }
}
