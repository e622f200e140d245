//! `muster import resources`.

use std::fmt;
use std::path::PathBuf;

use muster_core::area::AreaId;
use muster_core::dispatch::registry::{Place, ResourceKind};
use muster_core::people::Actor;
use serde::Serialize;

use super::fields::{Field, Kind, Mapping};
use super::list::List;
use super::rejects::Fault;
use super::table::Columns;
use super::{Common, Done};
use crate::state::State;
use crate::usecase::resource_enter::Entering;
use crate::usecase::resource_import::{EntryFate, resource_import};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// CSV or JSONL with the columns kind, name and area, and perhaps parent, skills, hours, `reach_km`, capacity,
    /// `at_once` and place (latitude, longitude); organisations before their members
    file: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

const FIELDS: [Field; 10] = [
    Field { name: "kind", kind: Kind::Words, is_needed: true, also: &["种类"] },
    Field { name: "name", kind: Kind::Words, is_needed: true, also: &["名称"] },
    Field { name: "area", kind: Kind::Digits, is_needed: true, also: &["区划代码"] },
    Field { name: "parent", kind: Kind::Words, is_needed: false, also: &["所属组织"] },
    Field { name: "skills", kind: Kind::Words, is_needed: false, also: &["技能"] },
    Field { name: "hours", kind: Kind::Words, is_needed: false, also: &["时间"] },
    Field { name: "reach_km", kind: Kind::Digits, is_needed: false, also: &["范围"] },
    Field { name: "capacity", kind: Kind::Digits, is_needed: false, also: &["每周次数"] },
    Field { name: "at_once", kind: Kind::Digits, is_needed: false, also: &["同时件数"] },
    Field { name: "place", kind: Kind::Words, is_needed: false, also: &["latitude_longitude", "坐标"] },
];

/// `read = added + known + rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub read: u64,
    pub added: u64,
    pub known: u64,
    pub rejected: u64,
    /// The file with the rejected rows, if there are any.
    pub rejects: Option<PathBuf>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, added, known, rejected, rejects } = self;
        if let Some(file) = rejects {
            writeln!(f, "rejected rows with their reasons: {}", file.display())?;
        }
        write!(f, "read {read}, added {added}, known {known}, rejected {rejected}")
    }
}

/// A city's organisations and things are some thousands.
pub struct Job(List<Entering>);

impl Job {
    /// # Errors
    /// The file cannot be read, or lacks a column.
    pub fn open(args: &Args) -> anyhow::Result<Self> {
        Ok(Self(List::open(&args.file, &args.common, &FIELDS, draft)?))
    }

    /// Takes all rows in, or none if the database fails.
    pub async fn run(mut self, state: &State) -> Done<Summary> {
        let mut summary = Summary::default();
        let end = self.store(state, &mut summary).await;
        (summary, end)
    }

    async fn store(&mut self, state: &State, summary: &mut Summary) -> anyhow::Result<()> {
        let mut fates = resource_import(state, &Actor::System, &self.0.drafts()).await?.into_iter();
        let Summary { read, added, known, rejected, rejects } = summary;
        *rejects = self.0.settle((read, rejected), || {
            match fates.next() {
                Some(EntryFate::Rejected(faults)) => return Some(faults.iter().map(Fault::from).collect()),
                Some(EntryFate::Added) => *added += 1,
                Some(EntryFate::Known) | None => *known += 1,
            }
            None
        })?;
        Ok(())
    }
}

fn draft(mapping: &Mapping, row: &Columns) -> Result<Entering, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut value = |field: &str| {
        mapping.value(row, field).unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        })
    };
    let (kind, area) = (value("kind"), value("area"));
    let (reach, capacity, at_once) = (value("reach_km"), value("capacity"), value("at_once"));
    let place = value("place");
    let skills = value("skills");
    // A line of RFC 5545 has no bar in it; a cell of a spreadsheet seldom has several lines.
    let entering = Entering {
        name: value("name"),
        parent: value("parent"),
        skills: skills.split([' ', ';', ',', '、']).filter(|skill| !skill.is_empty()).map(str::to_owned).collect(),
        hours: value("hours").split('|').map(str::trim).collect::<Vec<_>>().join("\n"),
        ..Entering::default()
    };
    let mut number = |field: &str, text: &str, usual: i64| match text.trim() {
        "" => usual,
        text => text.parse().unwrap_or_else(|_| {
            faults.push(Fault::new(field, "number-wrong", format!("{text:?} is no whole number")));
            usual
        }),
    };
    let (reach, capacity, at_once) =
        (number("reach_km", &reach, 10), number("capacity", &capacity, 10), number("at_once", &at_once, 1));
    let kind = kind.trim().parse::<ResourceKind>().map_err(|fault| Fault::new("kind", "kind-missing", fault));
    let area = area.trim().parse::<AreaId>().map_err(|fault| Fault::new("area", "area-unknown", fault.to_string()));
    let place = read_place(&place);
    let (kind, area) = (kept(kind, &mut faults), kept(area, &mut faults));
    let place = kept(place, &mut faults).flatten();
    if faults.is_empty() {
        Ok(Entering { kind, area, reach, capacity, at_once, place, ..entering })
    } else {
        Err(faults)
    }
}

fn kept<T>(read: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

/// `30.512, 118.301`: latitude and longitude.
fn read_place(text: &str) -> Result<Option<Place>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wrong = || Fault::new("place", "place-wrong", format!("{text:?} is no place; write 30.512, 118.301"));
    let (latitude, longitude) = text.split_once([',', ' ']).ok_or_else(wrong)?;
    let millionths = |text: &str, most: f64| {
        let degrees: f64 = text.trim().parse().map_err(|_| wrong())?;
        if degrees.abs() <= most { Ok((degrees * 1e6).round() as i64) } else { Err(wrong()) }
    };
    Ok(Some(Place { latitude: millionths(latitude, 90.0)?, longitude: millionths(longitude, 180.0)? }))
}
