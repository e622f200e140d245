//! What several tests need: the built-in pack's files, and the shared data when it is there.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::io::Write;
use std::path::PathBuf;

use muster_core::pack::{FILES, Pack};

/// The files of `packs/default`.
pub(crate) fn default_files() -> Vec<(&'static str, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/default");
    FILES.map(|file| (file, std::fs::read_to_string(folder.join(file)).unwrap())).to_vec()
}

pub(crate) fn default_pack() -> Pack {
    let files = default_files();
    let files: Vec<_> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
    Pack::load(&files).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// A file of the shared data, or `None` and a line that says the test was skipped.
pub(crate) fn shared(path: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("MUSTER_SHARED").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(path)).ok();
    if text.is_none() {
        // Not eprintln: the test harness would swallow it.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no {path} in {}; set MUSTER_SHARED", folder.display());
    }
    text
}
