//! The command line: one file per command.

pub mod admin;
pub mod backup;
pub mod demo;
pub mod doctor;
pub mod pack;
pub mod sense;
pub mod serve;

/// The runtime of a command that talks to the database.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
