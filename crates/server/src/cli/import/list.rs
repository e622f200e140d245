//! A file that is read whole before any of it is stored, since a city's list of it is short.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use serde_json::Value;

use super::Common;
use super::fields::{Field, Mapping};
use super::rejects::{Fault, Rejects};
use super::table::{Columns, Table};

/// The rows of a file, each as a draft or with what is wrong with it.
pub(super) struct List<D> {
    file: String,
    items: Vec<Item<D>>,
    rejects: Rejects,
}

struct Item<D> {
    line: u64,
    row: Value,
    draft: Result<D, Vec<Fault>>,
}

impl<D: Clone> List<D> {
    /// # Errors
    /// The file cannot be read, or lacks a column.
    pub(super) fn open(
        file: &Path,
        common: &Common,
        fields: &'static [Field],
        draft: impl Fn(&Mapping, &Columns) -> Result<D, Vec<Fault>>,
    ) -> anyhow::Result<Self> {
        let bar = ProgressBar::no_length();
        let mut table = Table::open(file, &bar)?;
        let mapping = Mapping::new(fields, &common.map, &table)?;
        let rejects = Rejects::new(common.rejects.as_deref(), &table.name, &[file.to_owned()], &bar)?;
        let mut items = Vec::new();
        while let Some(row) = table.next()? {
            let line = row.line;
            items.push(match row.columns {
                Ok(columns) => Item { line, draft: draft(&mapping, &columns), row: columns.into_iter().collect() },
                Err((fault, text)) => Item { line, draft: Err(vec![fault]), row: text.into() },
            });
        }
        Ok(Self { file: table.name, items, rejects })
    }

    pub(super) fn drafts(&self) -> Vec<D> {
        self.items.iter().filter_map(|item| item.draft.as_ref().ok()).cloned().collect()
    }

    /// Counts the rows and keeps those that were rejected: when read, or afterwards, as `faults` says of one draft after
    /// another. Gives the file with them, if there are any.
    pub(super) fn settle(
        &mut self,
        (read, rejected): (&mut u64, &mut u64),
        mut faults: impl FnMut() -> Option<Vec<Fault>>,
    ) -> anyhow::Result<Option<PathBuf>> {
        for item in &self.items {
            *read += 1;
            let wrong = match &item.draft {
                Err(wrong) => Some(wrong.clone()),
                Ok(_) => faults(),
            };
            if let Some(wrong) = wrong {
                *rejected += 1;
                self.rejects.add(&self.file, item.line, &wrong, &item.row)?;
            }
        }
        Ok(self.rejects.flush()?.map(PathBuf::from))
    }
}
