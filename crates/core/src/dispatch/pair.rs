//! Which pairs of a need and a resource are possible, and what one is worth.

use super::graph::Supply;

/// Kilometres in a plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    /// Square of the distance: what all that compares distances compares.
    pub fn square_to(self, other: Self) -> f32 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        x * x + y * y
    }
}

/// Help that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    pub at: Point,
    /// One bit a skill that every helper must have.
    pub skills: u32,
    /// One bit a part of the week in which help is welcome.
    pub slots: u32,
    /// How many helpers, at most.
    pub head: u32,
    /// Priority times the factor of vulnerable groups.
    pub weight: f32,
}

/// A volunteer or an organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    pub at: Point,
    pub skills: u32,
    /// One bit a part of the week in which it is free.
    pub slots: u32,
    /// Tasks it can take in all.
    pub capacity: u32,
    /// How far it goes, in kilometres.
    pub radius: f32,
    /// How many more tasks make it one step wearier: 1 for a person, 5 for an organisation.
    pub group: u32,
    /// Tasks it did lately.
    pub recent: u32,
    /// How likely it says yes and comes.
    pub acceptance: f32,
}

impl Resource {
    /// The square of the distance, when it can serve the need.
    pub fn serves(&self, need: &Need) -> Option<f32> {
        let square = self.at.square_to(need.at);
        let can = self.skills & need.skills == need.skills
            && self.slots & need.slots != 0
            && square <= self.radius * self.radius;
        can.then_some(square)
    }

    /// How likely it says yes to a need at this distance in kilometres, and comes.
    pub fn likely(&self, distance: f64) -> f64 {
        let far = (-0.5 * distance / f64::from(self.radius)).exp();
        let tired = 1.0 - 0.05 * f64::from(self.recent.min(8));
        (f64::from(self.acceptance) * far * tired).clamp(LIKELY.0, LIKELY.1)
    }

    pub fn supply(&self) -> Supply {
        Supply { capacity: self.capacity, recent: self.recent, group: self.group }
    }
}

/// What a pair is worth. A city sets it; the default is what the figures are measured with.
#[derive(Debug, Clone, PartialEq)]
pub struct Worth {
    /// Of a need of weight 1 that is certainly helped.
    pub base: f64,
    pub per_km: f64,
    /// Cost of every step of weariness (`Supply::group`).
    pub step: i32,
    /// Skills from this bit on are rare; one that is not asked for costs `rare` of the fit.
    pub rare_from: u32,
    pub rare: f64,
}

impl Default for Worth {
    fn default() -> Self {
        Self { base: 10_000.0, per_km: 200.0, step: 300, rare_from: 8, rare: 0.02 }
    }
}

/// Bounds of the probability that somebody accepts and comes.
const LIKELY: (f64, f64) = (0.02, 0.98);

impl Worth {
    /// The value of a pair at this distance in kilometres.
    pub fn of(&self, need: &Need, resource: &Resource, distance: f64) -> i32 {
        let likely = resource.likely(distance);
        let unasked = resource.skills & !need.skills & (u32::MAX << self.rare_from);
        let fit = 1.0 - self.rare * f64::from(unasked.count_ones());
        let gain = (self.base * f64::from(need.weight) * likely * fit).round();
        (gain - (self.per_km * distance).round()) as i32
    }

    /// No less than `of`, and quicker.
    pub fn at_best(&self, need: &Need, resource: &Resource, distance: f64) -> f64 {
        let likely = f64::from(resource.acceptance).clamp(LIKELY.0, LIKELY.1);
        self.base * f64::from(need.weight) * likely - self.per_km * distance + 1.0
    }

    /// No pair of the need at this distance or farther is worth more, when no resource goes farther than `widest`.
    pub fn at_most(&self, need: &Need, distance: f64, widest: f64) -> f64 {
        let likely = (LIKELY.1 * (-0.5 * distance / widest).exp()).max(LIKELY.0);
        self.base * f64::from(need.weight) * likely - self.per_km * distance + 1.0
    }
}
