//! `muster import units`.

use std::fmt;
use std::path::PathBuf;

use indicatif::ProgressBar;
use muster_core::people::Actor;
use serde::Serialize;
use serde_json::Value;

use super::fields::{Field, Kind, Mapping};
use super::rejects::{Fault, Rejects};
use super::table::{Columns, Table};
use super::{Common, Done};
use crate::state::State;
use crate::usecase::unit_edit::{UnitDraft, UnitFate, unit_edit};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// CSV or JSONL with the columns code, name, department and area
    file: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

const FIELDS: [Field; 4] = [
    Field { name: "code", kind: Kind::Digits, is_needed: true, also: &["编号", "单位代码"] },
    Field { name: "name", kind: Kind::Words, is_needed: true, also: &["名称", "单位名称"] },
    Field { name: "department", kind: Kind::Words, is_needed: true, also: &["部门"] },
    Field { name: "area", kind: Kind::Digits, is_needed: true, also: &["区域", "区划代码"] },
];

/// `read = added + changed + unchanged + rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub read: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// The file with the rejected rows, if there are any.
    pub rejects: Option<PathBuf>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, added, changed, unchanged, rejected, rejects } = self;
        if let Some(file) = rejects {
            writeln!(f, "rejected rows with their reasons: {}", file.display())?;
        }
        write!(f, "read {read}, added {added}, changed {changed}, unchanged {unchanged}, rejected {rejected}")
    }
}

/// All rows of the file: the units of a city are a few hundred.
pub struct Job {
    file: String,
    items: Vec<Item>,
    rejects: Rejects,
}

struct Item {
    line: u64,
    row: Value,
    draft: Result<UnitDraft, Vec<Fault>>,
}

impl Job {
    /// # Errors
    /// The file cannot be read, or lacks a column.
    pub fn open(args: &Args) -> anyhow::Result<Self> {
        let bar = ProgressBar::no_length();
        let mut table = Table::open(&args.file, &bar)?;
        let mapping = Mapping::new(&FIELDS, &args.common.map, &table)?;
        let rejects =
            Rejects::new(args.common.rejects.as_deref(), &table.name, std::slice::from_ref(&args.file), &bar)?;
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

    /// Puts all units in place, or none if the database fails.
    pub async fn run(mut self, state: &State) -> Done<Summary> {
        let mut summary = Summary::default();
        let end = self.store(state, &mut summary).await;
        (summary, end)
    }

    async fn store(&mut self, state: &State, summary: &mut Summary) -> anyhow::Result<()> {
        let drafts: Vec<UnitDraft> = self.items.iter().filter_map(|item| item.draft.as_ref().ok()).cloned().collect();
        let mut fates = unit_edit(state, &Actor::System, &drafts).await?.into_iter();
        for item in &self.items {
            summary.read += 1;
            let faults = match &item.draft {
                Err(faults) => Some(faults.clone()),
                Ok(_) => match fates.next() {
                    Some(UnitFate::Rejected(faults)) => Some(faults.iter().map(Fault::from).collect()),
                    Some(UnitFate::Added) => {
                        summary.added += 1;
                        None
                    }
                    Some(UnitFate::Changed) => {
                        summary.changed += 1;
                        None
                    }
                    Some(UnitFate::Unchanged) | None => {
                        summary.unchanged += 1;
                        None
                    }
                },
            };
            if let Some(faults) = faults {
                summary.rejected += 1;
                self.rejects.add(&self.file, item.line, &faults, &item.row)?;
            }
        }
        summary.rejects = self.rejects.flush()?.map(PathBuf::from);
        Ok(())
    }
}

fn draft(mapping: &Mapping, row: &Columns) -> Result<UnitDraft, Vec<Fault>> {
    let value = |field: &str| mapping.value(row, field).map(|text| text.trim().to_owned());
    let area = value("area").and_then(|code| {
        code.parse()
            .map_err(|fault: muster_core::area::AreaFault| Fault::new("area", "area-unknown", fault.to_string()))
    });
    match (value("code"), value("name"), value("department"), area) {
        (Ok(code), Ok(name), Ok(department), Ok(area)) => Ok(UnitDraft { code, name, department, area }),
        (code, name, department, area) => {
            Err([code.err(), name.err(), department.err(), area.err()].into_iter().flatten().collect())
        }
    }
}
