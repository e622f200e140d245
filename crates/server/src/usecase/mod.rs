//! What a person can do, one file each. A use-case checks permission, opens the transaction, lets core decide and
//! writes the fact with its consequences. Pages, API, import, command line and jobs all enter here.

pub mod account;
mod act;
pub mod answer_review;
pub mod area_edit;
pub mod case_assign;
pub mod case_list;
pub mod case_rate;
pub mod case_refuse;
pub mod case_track;
pub mod case_triage;
pub mod case_view;
mod dispatch;
pub mod figures;
pub mod gazetteer_learn;
pub mod hook_receive;
pub mod hotspot_decide;
pub mod hotspot_list;
pub mod hotspot_watch;
pub mod model_decide;
pub mod model_list;
pub mod model_propose;
pub mod person;
pub mod photo;
pub mod reference;
pub mod report_alike;
pub mod report_import;
pub mod report_part;
mod report_person;
pub mod report_submit;
pub mod report_tell;
pub mod reporter_list;
pub mod session;
pub mod task_accept;
pub mod task_answer;
pub mod task_dispute;
pub mod tick;
pub mod unit_edit;

pub use act::{Act, deny};
pub(crate) use {act::day, act::new_clock, dispatch::promise_measure};
