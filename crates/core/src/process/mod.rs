//! How a case moves: its states, the guarded moves between them, and the unit that must answer.
//!
//! A state carries its data; a move takes the old state and may refuse, naming what is allowed instead.
//! Not here: who may make a move (`people`), what a promise is measured in (`time::clock`).

mod case;
pub mod money;
mod plan;
mod route;
pub mod shares;
mod task;

pub use case::{Case, CaseState, Closing, Move, NotAllowed, Outcome};
pub use plan::{PlanFault, Planned, Slot, Stage, plan};
pub use route::{NoOwner, Route, route};
pub use task::{ContactWay, TaskMove, TaskState};
