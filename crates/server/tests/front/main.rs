//! The front door: the whole server in one process, on both databases, through its router.
//!
//! One file a thing that people do; `app.rs` is the server they do it to.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod advice;
mod answer_review;
mod api_bad_input;
mod api_document;
mod api_doors;
mod api_keys;
mod api_loop;
mod api_meetings;
mod api_paging;
mod api_parts;
mod api_photos;
mod api_side;
mod api_support;
mod api_versions;
mod app;
mod backup;
mod bench;
mod board;
mod bulk;
mod dispatch_command;
mod doctor;
mod figures_compare;
mod figures_history;
mod fuzz;
mod goods;
mod hooks;
mod hotspots;
mod import_command;
mod import_files;
mod import_lists;
mod import_rejects;
mod import_reports;
mod loop_stands;
mod models;
mod notices;
mod offers;
mod pack_derive;
mod pages_alike;
mod pages_bad_input;
mod pages_conflict;
mod pages_foreign;
mod pages_forms;
mod pages_grid;
mod pages_meetings;
mod pages_part;
mod pages_parts;
mod pages_photos;
mod pages_station;
mod pages_words;
mod photo_files;
mod practices;
mod presence;
mod process_flow;
mod process_simulation;
mod push;
mod receivers;
mod registry;
mod saved_views;
mod sends;
mod sends_ways;
mod shares;
mod way;
