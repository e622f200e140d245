//! Instances to measure with: a made-up city from a seed. Centres of life, rare skills over-asked, organisations beside
//! volunteers; in a surge, three needs of ten come from a few hot spots that nobody nearby can serve alone.

use std::f64::consts::TAU;

use super::hilbert;
use super::pair::{Need, Point, Resource, Worth};
use super::{Index, Instance, nearest_graph};
use crate::rng::Rng;

/// Pairs a need gets in the graph.
pub const NEAREST: usize = 30;
const SKILLS: u32 = 24;
/// Seven days of morning, afternoon and evening.
const SLOTS: u32 = 21;

#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    pub needs: usize,
    pub resources: usize,
    pub side: f64,
    pub clusters: usize,
    pub is_surge: bool,
    pub seed: u64,
}

/// The names of the sizes, smallest first; those with an s at the end are surges.
pub const SIZES: [&str; 5] = ["s", "m", "l", "ms", "ls"];

impl Recipe {
    pub fn of(size: &str) -> Option<Self> {
        let city =
            |needs, resources, clusters, side| Self { needs, resources, side, clusters, is_surge: false, seed: 0 };
        let surge = |city| Self { is_surge: true, ..city };
        Some(match size {
            "s" => Self { seed: 1, ..city(1_000, 5_000, 40, 20.0) },
            "m" => Self { seed: 2, ..city(10_000, 50_000, 100, 40.0) },
            "l" => Self { seed: 3, ..city(100_000, 500_000, 250, 80.0) },
            "ms" => Self { seed: 4, ..surge(city(50_000, 50_000, 100, 40.0)) },
            "ls" => Self { seed: 5, ..surge(city(300_000, 200_000, 250, 80.0)) },
            _ => return None,
        })
    }

    /// The instance with the pairs of the 30 nearest.
    pub fn instance(&self) -> Instance {
        let (needs, resources) = self.sides();
        let index = Index::new(&resources);
        let graph = nearest_graph(&needs, &resources, &index, &Worth::default(), NEAREST);
        Instance { needs, resources, graph }
    }

    /// Both sides, each numbered along a Hilbert curve.
    pub fn sides(&self) -> (Vec<Need>, Vec<Resource>) {
        let mut city = City::new(self);
        let mut resources: Vec<Resource> = (0..self.resources).map(|_| city.resource()).collect();
        let mut needs: Vec<Need> = (0..self.needs).map(|_| city.need()).collect();
        resources.sort_by_cached_key(|resource| hilbert::place(resource.at, self.side as f32));
        needs.sort_by_cached_key(|need| hilbert::place(need.at, self.side as f32));
        (needs, resources)
    }
}

struct Cluster {
    x: f64,
    y: f64,
    spread: f64,
}

struct City<'a> {
    recipe: &'a Recipe,
    rng: Rng,
    clusters: Vec<Cluster>,
    /// Running sums of the weights of clusters, and of skills in demand.
    resource_sums: Vec<f64>,
    need_sums: Vec<f64>,
    skill_sums: Vec<f64>,
}

fn sums(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

impl<'a> City<'a> {
    fn new(recipe: &'a Recipe) -> Self {
        let mut rng = Rng(recipe.seed);
        let side = recipe.side;
        let clusters: Vec<Cluster> = (0..recipe.clusters)
            .map(|_| Cluster {
                x: side * (0.1 + 0.8 * rng.unit()),
                y: side * (0.1 + 0.8 * rng.unit()),
                spread: 0.4 + 2.1 * rng.unit(),
            })
            .collect();
        let weight = |cluster: usize| (cluster as f64 + 1.0).powf(-0.8);
        let resource_sums = sums((0..recipe.clusters).map(weight));
        let need_sums = sums((0..recipe.clusters).map(|cluster| weight(cluster) * (0.8 * normal(&mut rng)).exp()));
        let skill_sums = sums((0..SKILLS).map(|skill| f64::from(skill + 1).powf(-0.6)));
        Self { recipe, rng, clusters, resource_sums, need_sums, skill_sums }
    }

    /// One of the numbers from 0, by running sums of their weights.
    fn pick(rng: &mut Rng, sums: &[f64]) -> usize {
        let at = rng.unit() * sums.last().copied().unwrap_or(0.0);
        sums.partition_point(|sum| *sum <= at).min(sums.len() - 1)
    }

    /// A whole number of the range, both ends included.
    fn between(&mut self, low: u32, high: u32) -> u32 {
        low + (self.rng.unit() * f64::from(high - low + 1)) as u32
    }

    fn chance(&mut self, probability: f64) -> bool {
        self.rng.unit() < probability
    }

    fn anywhere(&mut self) -> Point {
        let side = self.recipe.side;
        Point { x: (side * self.rng.unit()) as f32, y: (side * self.rng.unit()) as f32 }
    }

    fn around(&mut self, cluster: usize) -> Point {
        let &Cluster { x, y, spread } = &self.clusters[cluster];
        let side = self.recipe.side;
        loop {
            let (x, y) = (x + spread * normal(&mut self.rng), y + spread * normal(&mut self.rng));
            if (0.0..side).contains(&x) && (0.0..side).contains(&y) {
                return Point { x: x as f32, y: y as f32 };
            }
        }
    }

    fn place_of_resource(&mut self) -> Point {
        if self.chance(0.15) {
            return self.anywhere();
        }
        let cluster = Self::pick(&mut self.rng, &self.resource_sums);
        self.around(cluster)
    }

    fn place_of_need(&mut self) -> Point {
        if self.recipe.is_surge && self.chance(0.3) {
            let clusters = self.recipe.clusters;
            let hot = (self.rng.unit() * (clusters / 20) as f64) as usize;
            return self.around(7 * hot % clusters);
        }
        if self.chance(0.15) {
            return self.anywhere();
        }
        let cluster = Self::pick(&mut self.rng, &self.need_sums);
        self.around(cluster)
    }

    fn resource(&mut self) -> Resource {
        let at = self.place_of_resource();
        let is_organisation = self.chance(0.1);
        let mut skills = 0;
        for skill in 0..SKILLS {
            let held = 0.6 * f64::from(skill + 1).powf(-0.9);
            let held = if is_organisation { (2.0 * held).min(0.9) } else { held };
            skills |= u32::from(self.chance(held)) << skill;
        }
        let slots = self.availability(is_organisation);
        let (capacity, radius, group, recent) = if is_organisation {
            (self.between(5, 20), 5.0 + 20.0 * self.rng.unit(), 5, self.between(0, 9))
        } else {
            let (capacity, radius) = (self.between(1, 3), 2.0 + 6.0 * self.rng.unit());
            (capacity, radius, 1, Self::pick(&mut self.rng, &[0.5, 0.75, 0.9, 1.0]) as u32)
        };
        let mut draws: [f64; 5] = std::array::from_fn(|_| self.rng.unit());
        draws.sort_by(f64::total_cmp);
        // The fourth smallest of five is Beta(4, 2).
        Resource { at, skills, slots, capacity, radius: radius as f32, group, recent, acceptance: draws[3] as f32 }
    }

    /// When somebody is free: organisations in working hours, most volunteers in the evening and at the weekend.
    fn availability(&mut self, is_organisation: bool) -> u32 {
        let habit = self.rng.unit();
        (0..SLOTS).fold(0, |slots, slot| {
            let (is_weekend, is_evening) = (slot / 3 >= 5, slot % 3 == 2);
            let free = match habit {
                _ if is_organisation && !is_weekend && !is_evening => 0.95,
                _ if is_organisation => 0.3,
                habit if habit < 0.6 && (is_evening || is_weekend) => 0.45,
                habit if habit < 0.6 => 0.05,
                habit if habit < 0.85 && is_evening => 0.15,
                habit if habit < 0.85 => 0.5,
                _ => 0.6,
            };
            slots | u32::from(self.chance(free)) << slot
        })
    }

    fn need(&mut self) -> Need {
        let at = self.place_of_need();
        let asked = Self::pick(&mut self.rng, &[0.25, 0.75, 1.0]);
        let mut skills = 0u32;
        while (skills.count_ones() as usize) < asked {
            skills |= 1 << Self::pick(&mut self.rng, &self.skill_sums);
        }
        let (first, length) = (self.between(0, SLOTS - 1), self.between(1, 4));
        let slots = (0..length).fold(0, |slots, step| slots | 1 << ((first + step) % SLOTS));
        let head = match Self::pick(&mut self.rng, &[0.7, 0.85, 0.93, 0.97, 0.99, 1.0]) {
            4 => self.between(5, 8),
            5 => self.between(10, 20),
            few => few as u32 + 1,
        };
        let priority = [1.0, 2.0, 4.0, 8.0][Self::pick(&mut self.rng, &[0.5, 0.8, 0.95, 1.0])];
        let weight = priority * if self.chance(0.3) { 1.5 } else { 1.0 };
        Need { at, skills, slots, head, weight }
    }
}

/// Standard normal (Box and Muller).
fn normal(rng: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.unit()).ln()).sqrt();
    radius * (TAU * rng.unit()).cos()
}
