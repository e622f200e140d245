//! Cases, tasks, parts, clocks and steps.

mod cases;
mod clocks;
mod ledger;
mod list;
mod parts;
mod queues;
mod requests;
mod rungs;
mod supervisions;
mod tasks;
mod thread;

pub use cases::{
    CaseHeld, CaseRow, case_by_code, case_due, case_get, case_lock, case_lock_by_code, case_update, cases_insert,
    cases_review, cases_total,
};
pub use clocks::{
    BrokenClock, ClockRow, callbacks_lapsed, clocks_break, clocks_insert, clocks_move, clocks_of_case,
    clocks_of_other_calendars, clocks_stop,
};
pub use ledger::{ClockEntryRow, clock_entries_of, clock_entries_of_case, pauses_end};
pub use list::{CaseFilter, CaseOrder, Cursor, case_count, case_list};
pub use parts::{
    PartAfter, PartOwed, PartRow, PartUnit, Parts, ReachedPart, part_update, parts_insert, parts_of_case, parts_owed,
    parts_reached,
};
pub use queues::{OpenRow, open_counts};
pub use requests::{RequestRow, request_decide, request_insert, requests_of_case, requests_void};
pub(crate) use rungs::rung_write;
pub use rungs::{ReachedClock, RungRow, clocks_reached, clocks_reached_plan, rungs_of_case, rungs_pass, rungs_total};
pub use supervisions::{SupervisionRow, supervision_insert, supervision_update, supervisions_of_case};
pub use tasks::{StepRow, TaskRow, last_step, steps_insert, steps_of_case, task_update, tasks_insert, tasks_of_case};
pub use thread::{LineRow, NoteRow, line_insert, lines_of_case, lines_read, note_insert, notes_of_case};
