//! Cases, tasks, parts, clocks and steps.

mod cases;
mod clocks;
mod list;
mod parts;
mod tasks;

pub use cases::{
    CaseHeld, CaseRow, case_by_code, case_get, case_lock, case_lock_by_code, case_update, cases_insert, cases_total,
};
pub use clocks::{BrokenClock, ClockRow, callbacks_lapsed, clocks_break, clocks_insert, clocks_of_case, clocks_stop};
pub use list::{CaseFilter, CaseOrder, Cursor, case_count, case_list};
pub use parts::{PartAfter, PartOwed, PartRow, PartUnit, Parts, part_update, parts_insert, parts_of_case, parts_owed};
pub use tasks::{StepRow, TaskRow, last_step, steps_insert, steps_of_case, task_update, tasks_insert, tasks_of_case};
