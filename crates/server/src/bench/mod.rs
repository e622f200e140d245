//! Load for a server of its own: a history of any length, and people who work on it at once.

mod detectors;
mod load;
mod preload;
mod rows;
mod texts;

pub(crate) use detectors::{Found, STRENGTHS, UNITS, look};
pub(crate) use load::{CALLS, CONNECTIONS, Load, Plan, run};
pub(crate) use preload::preload;
pub(crate) use texts::{Dice, Phrases};
