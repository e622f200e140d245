//! The rules of Muster: what a city decides, as pure functions and values.
//!
//! Nothing here reads a clock, draws a random number, opens a file or waits:
//! time and chance are arguments, so every decision can be replayed.
//! The modules are the stages of the loop (`intake`, `sense`, `process`, `dispatch`, `evaluate`) with
//! `people`, `area`, `pack`, `time` beside them, and `send` for what leaves the program. A stage never imports another stage.

pub mod area;
pub mod dispatch;
pub mod evaluate;
pub mod event;
pub mod id;
pub mod intake;
pub mod pack;
pub mod people;
pub mod process;
mod rng;
pub mod send;
pub mod sense;
pub mod time;
