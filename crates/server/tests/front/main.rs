//! The front door: the whole server in one process, on both databases, through its router.
//!
//! One file a thing that people do; `app.rs` is the server they do it to.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod api_document;
mod api_loop;
mod api_support;
mod app;
mod backup;
mod doctor;
mod loop_stands;
