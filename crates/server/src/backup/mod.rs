//! A copy of an instance in one file, and an instance made of it again.
//!
//! The file is one line of head, one line of manifest (JSON), and the database's own dump, compressed. The head holds
//! the SHA-256 of all that follows it, so that a file that was cut short or changed is refused before anything is
//! done with it. The master key is never in it: whoever finds a backup can read no name and no telephone number.

mod file;
mod make;
mod postgres;
mod restore;

use std::collections::BTreeMap;
use std::path::PathBuf;

use muster_core::time::Timestamp;
use serde::{Deserialize, Serialize};

pub use file::manifest;
pub use make::backup;
pub use restore::restore;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub created_at: Timestamp,
    /// Version of the program that made it.
    pub program: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// PostgreSQL only: the schema the tables stand in.
    pub schema: Option<String>,
    /// The last step of the schema that was applied.
    pub schema_version: i64,
    /// Tells which master key fits, and nothing about the key.
    pub key_check: String,
    /// Rows of each table.
    pub tables: BTreeMap<String, i64>,
}

/// Why a backup is not made, or not restored. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} exists already and is left as it is; choose another name")]
    Exists(PathBuf),
    #[error(
        "{file} would lie in {folder}, beside what it is a copy of: one lost disk would take both, and whoever copies \
         the folder has backup and master key together. Write it elsewhere"
    )]
    Beside { file: PathBuf, folder: PathBuf },
    #[error("no server has opened this database yet: there is nothing to back up")]
    Nothing,
    #[error("{path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{0} is no backup of muster: it does not begin with the words of one")]
    Foreign(PathBuf),
    #[error("{path} is a backup of format {format}, which this version cannot read; use a newer muster")]
    NewerFormat { path: PathBuf, format: String },
    #[error("{path} was cut short or changed: its SHA-256 is {found}, its head says {expected}. Use another copy")]
    Damaged { path: PathBuf, expected: String, found: String },
    #[error("{path} holds a {backup} database and the target is {target}; give the address of a {backup} database")]
    Kind { path: PathBuf, backup: String, target: &'static str },
    #[error(
        "{path} was made with schema {backup}, this version knows {known}. Restore it with muster {program} or newer"
    )]
    NewerSchema { path: PathBuf, backup: i64, known: i64, program: String },
    #[error(
        "the backup holds the schema {backup:?}, the address leads to {}. Create that schema in an empty database and \
         name it in the address (options=-csearch_path%3D{backup})", .target.as_deref().unwrap_or("none that exists")
    )]
    Schema { backup: String, target: Option<String> },
    #[error("the target is not empty: {0}. Restore into an empty place, then point the server to it")]
    NotEmpty(String),
    #[error("{tool} is not installed. Install PostgreSQL's programs: apt-get install -y postgresql-client")]
    NoTool { tool: &'static str },
    #[error("{tool} failed: {said}")]
    Tool { tool: &'static str, said: String },
    #[error("after the restore {table} has {found} rows, the backup says {expected}; do not use this instance")]
    Rows { table: String, expected: i64, found: i64 },
}
