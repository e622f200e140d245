//! Rows that were not taken: each with file, line, field, reason and itself, so that it can be mended and sent again.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::Value;

use crate::error::FieldError;

/// Rejects also shown on standard error; the rest stand in the file only.
const SHOWN: u64 = 10;

/// One thing wrong with a row. `field` is empty when it is the row itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::cli) struct Fault {
    field: String,
    /// Stable, such as `text-missing`.
    code: String,
    /// One plain sentence.
    reason: String,
}

impl Fault {
    pub(super) fn new(field: &str, code: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), code: code.to_owned(), reason: reason.into() }
    }

    pub(super) fn row(code: &str, reason: impl Into<String>) -> Self {
        Self::new("", code, reason)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

impl From<&FieldError> for Fault {
    fn from(error: &FieldError) -> Self {
        Self::new(error.pointer.trim_start_matches('/'), &error.code, error.detail.clone())
    }
}

/// The first fault stands in the line itself, the others beside it: one line a row.
#[derive(Serialize)]
struct Reject<'a> {
    file: &'a str,
    line: u64,
    #[serde(flatten)]
    fault: &'a Fault,
    #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
    also: &'a [Fault],
    row: &'a Value,
}

/// The file of rejects, made with its first line.
pub(super) struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    count: u64,
    bar: ProgressBar,
}

impl Rejects {
    /// `asked` or `NAME.rejects.jsonl` in the current folder; never one of the `inputs`.
    pub(super) fn new(asked: Option<&Path>, name: &str, inputs: &[PathBuf], bar: &ProgressBar) -> anyhow::Result<Self> {
        let path = asked.map_or_else(|| PathBuf::from(format!("{name}.rejects.jsonl")), Path::to_owned);
        let same = |input: &PathBuf| match (input.canonicalize(), path.canonicalize()) {
            (Ok(input), Ok(path)) => input == path,
            _ => false,
        };
        ensure!(!inputs.iter().any(same), "--rejects {} is the file to be read; name another", path.display());
        Ok(Self { path, file: None, count: 0, bar: bar.clone() })
    }

    /// Writes a row down. INVARIANT: `faults` is not empty.
    pub(super) fn add(&mut self, file: &str, line: u64, faults: &[Fault], row: &Value) -> anyhow::Result<()> {
        let Some((fault, also)) = faults.split_first() else { return Ok(()) };
        self.count += 1;
        if self.count <= SHOWN {
            let field = if fault.field.is_empty() { String::new() } else { format!(", {}", fault.field) };
            self.bar.suspend(|| writeln!(std::io::stderr(), "{file} line {line}{field}: {}", fault.reason))?;
        }
        let at = || format!("writing {}", self.path.display());
        let out = match &mut self.file {
            Some(out) => out,
            None => self.file.insert(BufWriter::new(private(&self.path).with_context(at)?)),
        };
        serde_json::to_writer(&mut *out, &Reject { file, line, fault, also, row }).with_context(at)?;
        out.write_all(b"\n").with_context(at)
    }

    /// Puts what was written on the disk; returns the file if there is one.
    pub(super) fn flush(&mut self) -> anyhow::Result<Option<&Path>> {
        let Some(out) = &mut self.file else { return Ok(None) };
        out.flush().with_context(|| format!("writing {}", self.path.display()))?;
        Ok(Some(&self.path))
    }
}

/// A file for its owner only: rejected rows carry names and phones.
fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}
