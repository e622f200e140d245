//! The command line: one file per command.

pub mod admin;
pub mod backup;
pub mod bench;
pub mod clock;
pub mod demo;
pub mod dispatch;
pub mod doctor;
pub mod export;
pub mod import;
pub mod pack;
pub mod report;
pub mod room;
pub mod sense;
pub mod serve;

/// The runtime of a command that talks to the database.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Prints a report as one JSON object.
pub(crate) fn print_json(report: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, report)?;
    Ok(std::io::Write::write_all(&mut out, b"\n")?)
}

/// The folder of an instance: given, or a temporary one that is removed with the value.
pub(crate) struct Folder {
    path: std::path::PathBuf,
    is_temporary: bool,
}

impl Folder {
    pub(crate) fn new(given: Option<std::path::PathBuf>, name: &str) -> Self {
        let is_temporary = given.is_none();
        let temporary = || std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        Self { path: given.unwrap_or_else(temporary), is_temporary }
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_temporary {
            std::fs::remove_dir_all(&self.path).ok();
        }
    }
}
