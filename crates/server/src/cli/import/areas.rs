//! `muster import areas`.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

use indicatif::ProgressBar;
use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place as Middle;
use muster_core::people::Actor;
use serde::Serialize;
use serde_json::Value;

use super::fields::{Field, Kind, Mapping};
use super::rejects::{Fault, Rejects};
use super::table::{Columns, Table};
use super::{Common, Done};
use crate::state::State;
use crate::usecase::area_edit::{AreaDraft, AreaFate, area_edit};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// CSV or JSONL with the columns code, name and perhaps parent, latitude and longitude (degrees,
    /// WGS 84); several files in any order
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

const FIELDS: [Field; 5] = [
    Field { name: "code", kind: Kind::Digits, is_needed: true, also: &["id", "代码", "区划代码"] },
    Field { name: "name", kind: Kind::Words, is_needed: true, also: &["名称"] },
    Field { name: "parent", kind: Kind::Digits, is_needed: false, also: &["parent_code", "上级代码"] },
    Field { name: "latitude", kind: Kind::Words, is_needed: false, also: &["lat", "纬度"] },
    Field { name: "longitude", kind: Kind::Words, is_needed: false, also: &["lon", "lng", "经度"] },
];

/// Rows in one transaction.
const BATCH: usize = 5000;

/// `read = added + renamed + moved + unchanged + rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub read: u64,
    pub added: u64,
    pub renamed: u64,
    /// Only the middle is another.
    pub moved: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// The file with the rejected rows, if there are any.
    pub rejects: Option<PathBuf>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, added, renamed, moved, unchanged, rejected, rejects } = self;
        if let Some(file) = rejects {
            writeln!(f, "rejected rows with their reasons: {}", file.display())?;
        }
        write!(
            f,
            "read {read}, added {added}, renamed {renamed}, moved {moved}, unchanged {unchanged}, rejected {rejected}"
        )
    }
}

/// All rows, read and put in order, with parents before children. The tree of a country fits into memory.
pub struct Job {
    drafts: Vec<Listed>,
    summary: Summary,
    rejects: Rejects,
    bar: ProgressBar,
}

struct Listed {
    draft: AreaDraft,
    at: Place,
}

/// Where a row stands, for what is said of it.
#[derive(Clone)]
struct Place {
    file: usize,
    line: u64,
    name: std::sync::Arc<str>,
}

impl Job {
    /// # Errors
    /// A file cannot be read, or has no column for code or name.
    pub fn open(args: &Args) -> anyhow::Result<Self> {
        let bar = ProgressBar::no_length();
        let tables = args.files.iter().map(|file| {
            let table = Table::open(file, &bar)?;
            let mapping = Mapping::new(&FIELDS, &args.common.map, &table)?;
            Ok((table, mapping))
        });
        let tables: Vec<(Table, Mapping)> = tables.collect::<anyhow::Result<_>>()?;
        let rejects = Rejects::new(args.common.rejects.as_deref(), "areas", &args.files, &bar)?;
        let mut job = Self { drafts: Vec::new(), summary: Summary::default(), rejects, bar };
        let mut seen = HashMap::new();
        for (file, (mut table, mapping)) in tables.into_iter().enumerate() {
            let name: std::sync::Arc<str> = table.name.as_str().into();
            while let Some(row) = table.next()? {
                job.summary.read += 1;
                let at = Place { file, line: row.line, name: name.clone() };
                let read = row.columns.map_err(|(fault, text)| (vec![fault], Value::from(text)));
                let read = read.and_then(|columns| {
                    let read = draft(&mapping, &columns).and_then(|draft| once(&mut seen, draft, &at));
                    read.map_err(|faults| (faults, columns.into_iter().collect()))
                });
                match read {
                    Ok(draft) => job.drafts.push(Listed { draft, at }),
                    Err((faults, row)) => job.reject(&at, &faults, &row)?,
                }
            }
        }
        // An area's id is smaller than any below it.
        job.drafts.sort_by_key(|listed| (listed.draft.id, listed.at.file, listed.at.line));
        Ok(job)
    }

    /// Puts all areas in place, batch by batch.
    pub async fn run(mut self, state: &State) -> Done<Summary> {
        let drafts = std::mem::take(&mut self.drafts);
        let mut end = Ok(());
        for batch in drafts.chunks(BATCH) {
            end = self.store(state, batch).await;
            if end.is_err() {
                break;
            }
        }
        self.bar.finish_and_clear();
        match self.rejects.flush() {
            Ok(file) => self.summary.rejects = file.map(PathBuf::from),
            Err(error) => end = end.and(Err(error)),
        }
        (self.summary, end)
    }

    async fn store(&mut self, state: &State, batch: &[Listed]) -> anyhow::Result<()> {
        let drafts: Vec<AreaDraft> = batch.iter().map(|listed| listed.draft.clone()).collect();
        for (listed, fate) in batch.iter().zip(area_edit(state, &Actor::System, &drafts).await?) {
            match fate {
                AreaFate::Added => self.summary.added += 1,
                AreaFate::Renamed => self.summary.renamed += 1,
                AreaFate::Moved => self.summary.moved += 1,
                AreaFate::Unchanged => self.summary.unchanged += 1,
                AreaFate::Rejected(faults) => {
                    let AreaDraft { id, name, parent, .. } = &listed.draft;
                    let parent = parent.map(|parent| parent.to_string());
                    let row = serde_json::json!({ "code": id.to_string(), "name": name, "parent": parent });
                    let faults: Vec<Fault> = faults.iter().map(Fault::from).collect();
                    self.reject(&listed.at, &faults, &row)?;
                }
            }
        }
        Ok(())
    }

    fn reject(&mut self, at: &Place, faults: &[Fault], row: &Value) -> anyhow::Result<()> {
        self.summary.rejected += 1;
        self.rejects.add(&at.name, at.line, faults, row)
    }
}

fn draft(mapping: &Mapping, row: &Columns) -> Result<AreaDraft, Vec<Fault>> {
    let code = |field: &str| {
        let text = mapping.value(row, field)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse::<AreaId>().map(Some).map_err(|fault| Fault::new(field, "code-invalid", fault.to_string()))
    };
    match (code("code"), mapping.value(row, "name"), code("parent"), middle(mapping, row)) {
        (Ok(Some(id)), Ok(name), Ok(parent), Ok(middle)) => Ok(AreaDraft { id, name, parent, middle }),
        (Ok(None), ..) => Err(vec![Fault::new("code", "code-missing", "the row has no code")]),
        (code, name, parent, middle) => {
            Err([code.err(), name.err(), parent.err(), middle.err()].into_iter().flatten().collect())
        }
    }
}

/// Both or neither.
fn middle(mapping: &Mapping, row: &Columns) -> Result<Option<Middle>, Fault> {
    let (latitude, longitude) = (mapping.value(row, "latitude")?, mapping.value(row, "longitude")?);
    let (latitude, longitude) = (latitude.trim(), longitude.trim());
    if latitude.is_empty() && longitude.is_empty() {
        return Ok(None);
    }
    let degrees = |field: &str, text: &str, most: f64| {
        let read = text.parse::<f64>().ok().filter(|degrees| degrees.is_finite() && degrees.abs() <= most);
        let reason = || format!("{text:?} is no {field}; write degrees such as 30.512, and both or neither");
        read.ok_or_else(|| Fault::new(field, "place-wrong", reason()))
    };
    let millionths = |degrees: f64| (degrees * 1e6).round() as i64;
    Ok(Some(Middle {
        latitude: millionths(degrees("latitude", latitude, 90.0)?),
        longitude: millionths(degrees("longitude", longitude, 180.0)?),
    }))
}

/// Some lists repeat an area, as a city without counties stands among the counties too; under one name that is harmless.
fn once(seen: &mut HashMap<AreaId, (String, Place)>, draft: AreaDraft, at: &Place) -> Result<AreaDraft, Vec<Fault>> {
    let (name, first) = seen.entry(draft.id).or_insert_with(|| (draft.name.clone(), at.clone()));
    if *name == draft.name {
        return Ok(draft);
    }
    let reason = format!("{} stands in {} line {} as {name:?} already", draft.id, first.name, first.line);
    Err(vec![Fault::new("code", "code-repeated", reason)])
}
