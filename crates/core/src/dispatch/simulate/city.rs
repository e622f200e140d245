//! Who is there and who asks when, from a seed.

use crate::dispatch::pair::{Need, Point, Resource};
use crate::dispatch::recipe::Recipe;
use crate::rng::Rng;

pub(super) const DAY: u32 = 1_440;
/// Parts of a day, and minutes of the day at which each begins; they end with the next, the last at midnight.
pub(super) const PARTS: u32 = 3;
const BEGINS: [u32; PARTS as usize] = [360, 720, 1_080];
pub(super) const WEEK: u32 = 7 * PARTS;
/// Districts along each side of the square.
const ALONG: u32 = 3;
pub(super) const DISTRICTS: usize = (ALONG * ALONG) as usize;
/// How many in a hundred needs come in each hour of the day from 6:00: most in the morning, a few in the evening, none at night.
const HOURS: [u32; 16] = [3, 6, 10, 12, 11, 8, 5, 5, 8, 8, 7, 5, 4, 3, 3, 2];
/// A need of this weight or more is urgent.
const URGENT: f32 = 4.0;
const NOTICE: u32 = 60;
const LEAVE_DAYS: u32 = 7;

/// How large the city is and how long it is watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    pub days: u32,
    pub needs_a_day: u32,
    pub resources: u32,
    /// Kilometres along a side.
    pub side: f64,
    /// Three needs of ten come from a few hot spots.
    pub is_surge: bool,
    pub seed: u64,
}

#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) need: Need,
    /// Minute at which it comes.
    pub(super) arrives: u32,
    /// Part in which help is wanted, counted from the first of the first day.
    pub(super) slot: u32,
    pub(super) district: usize,
    pub(super) is_urgent: bool,
}

/// What nobody who dispatches knows.
#[derive(Debug)]
pub(super) struct Hidden {
    /// How likely a person says yes to a near need when rested, and how likely stays away after a yes.
    pub(super) acceptance: f64,
    pub(super) no_show: f64,
    /// Days of a leave, the last not included.
    pub(super) leave: Option<(u32, u32)>,
}

#[derive(Debug)]
pub struct City {
    pub(super) seed: u64,
    pub(super) wanted: Vec<Wanted>,
    /// With what the city believes at first of their acceptance.
    pub(super) resources: Vec<Resource>,
    pub(super) districts: Vec<usize>,
    pub(super) hidden: Vec<Hidden>,
}

/// Minute at which a part begins.
pub(super) fn begins(slot: u32) -> u32 {
    slot / PARTS * DAY + BEGINS[(slot % PARTS) as usize]
}

impl City {
    /// `prior` is what is believed of one who was never asked.
    pub fn new(scene: &Scene, prior: f64) -> Self {
        let recipe = Recipe {
            needs: (scene.days * scene.needs_a_day) as usize,
            resources: scene.resources as usize,
            side: scene.side,
            clusters: 20,
            is_surge: scene.is_surge,
            seed: scene.seed,
        };
        let (needs, mut resources) = recipe.sides();
        let mut rng = Rng(scene.seed ^ 0x5eed);
        let district = |at: Point| {
            let along = |place: f32| (f64::from(place) / scene.side * f64::from(ALONG)) as usize;
            along(at.y) * ALONG as usize + along(at.x)
        };
        let mut hidden = Vec::with_capacity(resources.len());
        for resource in &mut resources {
            let (acceptance, no_show) = (f64::from(resource.acceptance), 0.02 + 0.1 * rng.unit());
            let begin = (rng.unit() * f64::from(scene.days)) as u32;
            let leave = (rng.unit() < 0.01 * f64::from(scene.days)).then_some((begin, begin + LEAVE_DAYS));
            hidden.push(Hidden { acceptance, no_show, leave });
            (resource.acceptance, resource.recent) = (prior as f32, 0);
        }
        let mut wanted: Vec<Wanted> =
            needs.into_iter().map(|need| Wanted::new(need, scene, &mut rng, district)).collect();
        wanted.sort_by_key(|wanted| wanted.arrives);
        let districts = resources.iter().map(|resource| district(resource.at)).collect();
        Self { seed: scene.seed, wanted, resources, districts, hidden }
    }
}

impl Wanted {
    fn new(mut need: Need, scene: &Scene, rng: &mut Rng, district: impl Fn(Point) -> usize) -> Self {
        let day = (rng.unit() * f64::from(scene.days)) as u32;
        let mut left = (rng.unit() * f64::from(HOURS.iter().sum::<u32>())) as u32;
        let hour = HOURS.iter().position(|share| {
            let is_now = left < *share;
            left = left.saturating_sub(*share);
            is_now
        });
        let arrives = day * DAY + (6 + hour.unwrap_or(0) as u32) * 60 + (rng.unit() * 60.0) as u32;
        let is_urgent = need.weight >= URGENT;
        let next = (day * PARTS..(day + 2) * PARTS).find(|slot| begins(*slot) > arrives + NOTICE).unwrap_or(0);
        let ahead = if is_urgent { rng.unit() * 2.0 } else { 1.0 + rng.unit() * 8.0 };
        let slot = next + ahead as u32;
        let district = district(need.at);
        need.slots = 1 << (slot % WEEK);
        Self { need, arrives, slot, district, is_urgent }
    }
}
