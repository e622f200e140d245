//! `muster import units`.

use std::fmt;
use std::path::PathBuf;

use muster_core::people::Actor;
use serde::Serialize;

use super::fields::{Field, Kind, Mapping};
use super::list::List;
use super::rejects::Fault;
use super::table::Columns;
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

/// The units of a city are a few hundred.
pub struct Job(List<UnitDraft>);

impl Job {
    /// # Errors
    /// The file cannot be read, or lacks a column.
    pub fn open(args: &Args) -> anyhow::Result<Self> {
        Ok(Self(List::open(&args.file, &args.common, &FIELDS, draft)?))
    }

    /// Puts all units in place, or none if the database fails.
    pub async fn run(mut self, state: &State) -> Done<Summary> {
        let mut summary = Summary::default();
        let end = self.store(state, &mut summary).await;
        (summary, end)
    }

    async fn store(&mut self, state: &State, summary: &mut Summary) -> anyhow::Result<()> {
        let mut fates = unit_edit(state, &Actor::System, &self.0.drafts()).await?.into_iter();
        let Summary { read, added, changed, unchanged, rejected, rejects } = summary;
        *rejects = self.0.settle((read, rejected), || {
            match fates.next() {
                Some(UnitFate::Rejected(faults)) => return Some(faults.iter().map(Fault::from).collect()),
                Some(UnitFate::Added) => *added += 1,
                Some(UnitFate::Changed) => *changed += 1,
                Some(UnitFate::Unchanged) | None => *unchanged += 1,
            }
            None
        })?;
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
