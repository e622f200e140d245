//! A made-up city day by day under several ways to dispatch: what each way would bring, when people decline, stay silent, do not
//! come and go on leave. Every way meets the same city: what somebody says to a need depends on the seed, on the two and on
//! what was asked of them before, never on the order of events.
//!
//! What is assumed is in `city` (who is there, who asks) and `world` (how people answer); in words, with the figures:
//! `docs/reference/dispatch-simulation.md`.

mod choice;
mod city;
mod figures;
mod world;

use super::Worth;
use crate::pack::{Dispatch, OfferRule, Prior};

pub use choice::Way;
pub use city::{City, Scene};
pub use figures::Figures;

/// The city's rules, as the pack has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    pub worth: Worth,
    pub prior: Prior,
    /// Minutes an offer waits.
    pub wait: u32,
    pub wait_urgent: u32,
    /// Invitations a week to one person.
    pub week_most: u32,
    /// The chance with which those asked at once are enough.
    pub target: f64,
}

impl Rules {
    pub fn of(pack: &Dispatch) -> Self {
        let OfferRule { wait, wait_urgent, week_most, target, .. } = pack.offer;
        let target = f64::from(target) / 1_000.0;
        Self { worth: pack.worth.clone(), prior: pack.prior, wait, wait_urgent, week_most, target }
    }
}

/// How the city is organised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teams {
    /// Each district asks its own people only.
    Separate,
    /// One schedule over all districts.
    One,
}

/// The city under one way to dispatch.
pub fn simulate(city: &City, rules: &Rules, way: Way, teams: Teams) -> Figures {
    let mut world = world::World::new(city, rules, way, teams);
    world.run();
    Figures::of(&world)
}
