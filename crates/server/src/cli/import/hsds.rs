//! `muster import hsds`: a registry in the tables of Open Referral's Human Services Data Specification 3.
//!
//! What is read: organizations (with their parent), services, locations that no service is at as venues, and the schedules of
//! each as RFC 5545. An organization's service of its own name is the organization itself; its hours and skills are those.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::Context;
use indicatif::ProgressBar;
use jiff::civil::{Date, Time};
use muster_core::area::AreaId;
use muster_core::dispatch::registry::{Place, ResourceKind};
use muster_core::people::Actor;
use muster_store::dispatch::area_middles;
use serde::Deserialize;
use serde_json::Value;

use super::rejects::{Fault, Rejects};
use super::resources::Summary;
use super::{Common, Done};
use crate::state::State;
use crate::usecase::resource_enter::Entering;
use crate::usecase::resource_import::{EntryFate, resource_import};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// One JSON object with the tables organizations, services, locations, `service_at_locations` and schedules
    file: PathBuf,
    /// Code of the area of whatever says no place and no area
    #[arg(long)]
    area: Option<AreaId>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Rows as they stand in the file: what is not read of them is shown with a reject all the same.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tables {
    organizations: Vec<Value>,
    services: Vec<Value>,
    locations: Vec<Value>,
    service_at_locations: Vec<Value>,
    schedules: Vec<Value>,
}

/// A row of a table, counted from 1, with what became of it.
struct Listed {
    table: &'static str,
    line: u64,
    row: Value,
    draft: Result<Entering, Vec<Fault>>,
}

/// A city's organisations and things are some thousands.
pub struct Job {
    tables: Tables,
    area: Option<AreaId>,
    name: String,
    rejects: Rejects,
}

impl Job {
    /// # Errors
    /// The file cannot be read, or is no object of such tables.
    pub fn open(args: &Args) -> anyhow::Result<Self> {
        let shown = args.file.display();
        let file = File::open(&args.file).with_context(|| format!("opening {shown}"))?;
        let tables = serde_json::from_reader(BufReader::new(file))
            .with_context(|| format!("{shown} is no object with the tables of HSDS 3, each a list of rows"))?;
        let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let rejects = args.common.rejects.as_deref();
        let rejects = Rejects::new(rejects, &name, std::slice::from_ref(&args.file), &ProgressBar::hidden())?;
        Ok(Self { tables, area: args.area, name, rejects })
    }

    /// Takes all rows in, or none if the database fails.
    pub async fn run(mut self, state: &State) -> Done<Summary> {
        let mut summary = Summary::default();
        let end = self.store(state, &mut summary).await;
        (summary, end)
    }

    async fn store(&mut self, state: &State, summary: &mut Summary) -> anyhow::Result<()> {
        let middles = area_middles(&mut state.read().await?, state.pack.root_area.range()).await?;
        let known = Known { state, tables: &self.tables, area: self.area, middles };
        let listed = known.listed();
        let drafts: Vec<Entering> = listed.iter().filter_map(|listed| listed.draft.as_ref().ok().cloned()).collect();
        let mut fates = resource_import(state, &Actor::System, &drafts).await?.into_iter();
        for Listed { table, line, row, draft } in listed {
            summary.read += 1;
            let faults = match draft {
                Err(faults) => faults,
                Ok(_) => match fates.next() {
                    Some(EntryFate::Rejected(faults)) => faults.iter().map(Fault::from).collect(),
                    Some(EntryFate::Added) => {
                        summary.added += 1;
                        continue;
                    }
                    Some(EntryFate::Known) | None => {
                        summary.known += 1;
                        continue;
                    }
                },
            };
            summary.rejected += 1;
            self.rejects.add(&format!("{} {table}", self.name), line, &faults, &row)?;
        }
        summary.rejects = self.rejects.flush()?.map(PathBuf::from);
        Ok(())
    }
}

/// The tables, and what the city knows.
struct Known<'a> {
    state: &'a State,
    tables: &'a Tables,
    area: Option<AreaId>,
    middles: Vec<(AreaId, Place)>,
}

fn text<'v>(row: &'v Value, column: &str) -> &'v str {
    row[column].as_str().unwrap_or_default().trim()
}

impl Known<'_> {
    /// Every row that becomes an entry: hubs before their members, organizations before their services.
    fn listed(&self) -> Vec<Listed> {
        let Tables { organizations, services, locations, service_at_locations, .. } = self.tables;
        let by_id: HashMap<&str, &Value> = organizations.iter().map(|row| (text(row, "id"), row)).collect();
        let own: BTreeMap<&str, &Value> = services
            .iter()
            .filter(|row| {
                by_id.get(text(row, "organization_id")).is_some_and(|of| text(of, "name") == text(row, "name"))
            })
            .map(|row| (text(row, "organization_id"), row))
            .collect();
        let owned: HashSet<&str> = own.values().map(|row| text(row, "id")).collect();
        let served: HashSet<&str> = service_at_locations.iter().map(|row| text(row, "location_id")).collect();
        let mut listed: Vec<Listed> = Vec::new();
        let mut list = |table, at: usize, row: &Value, draft| {
            listed.push(Listed { table, line: at as u64 + 1, row: row.clone(), draft });
        };
        let (members, hubs): (Vec<_>, Vec<_>) =
            organizations.iter().enumerate().partition(|(_, row)| !text(row, "parent_organization_id").is_empty());
        for (at, row) in hubs.into_iter().chain(members) {
            let service = own.get(text(row, "id")).copied();
            let parent = Self::parent(&by_id, row, "parent_organization_id");
            list("organizations", at, row, self.draft(ResourceKind::Organisation, row, service, parent));
        }
        for (at, row) in services.iter().enumerate().filter(|(_, row)| !owned.contains(text(row, "id"))) {
            let parent = Self::parent(&by_id, row, "organization_id");
            list("services", at, row, self.draft(ResourceKind::Service, row, Some(row), parent));
        }
        for (at, row) in locations.iter().enumerate().filter(|(_, row)| !served.contains(text(row, "id"))) {
            list("locations", at, row, self.draft(ResourceKind::Venue, row, None, Ok(String::new())));
        }
        listed
    }

    /// The name of the organization that a column names.
    fn parent(by_id: &HashMap<&str, &Value>, row: &Value, column: &str) -> Result<String, Fault> {
        let id = text(row, column);
        match by_id.get(id) {
            _ if id.is_empty() => Ok(String::new()),
            Some(found) => Ok(text(found, "name").to_owned()),
            None => Err(Fault::new(column, "parent-unknown", format!("no organization of the file has the id {id:?}"))),
        }
    }

    fn draft(
        &self,
        kind: ResourceKind,
        row: &Value,
        service: Option<&Value>,
        parent: Result<String, Fault>,
    ) -> Result<Entering, Vec<Fault>> {
        let mut faults = Vec::new();
        let location = if kind == ResourceKind::Venue { Some(row) } else { service.and_then(|row| self.location(row)) };
        let place =
            location.map(place).transpose().map(Option::flatten).map_err(|fault| faults.push(fault)).ok().flatten();
        let area = self.area_of(location, place).map_err(|fault| faults.push(fault)).ok();
        let parent = parent.map_err(|fault| faults.push(fault)).unwrap_or_default();
        let whose = if kind == ResourceKind::Venue {
            Some(("location_id", row))
        } else {
            service.map(|row| ("service_id", row))
        };
        let hours = whose.map(|(column, row)| self.hours(column, text(row, "id"))).transpose();
        let hours = hours.map_err(|fault| faults.push(fault)).ok().flatten().unwrap_or_default();
        let assured = service.map(|row| text(row, "assured_date")).filter(|text| !text.is_empty());
        let assured = assured.map(|text| {
            text.parse::<Date>()
                .map_err(|_| Fault::new("assured_date", "date-wrong", format!("{text:?} is no date; write 2026-05-31")))
        });
        let assured = assured.transpose().map_err(|fault| faults.push(fault)).ok().flatten();
        if !faults.is_empty() {
            return Err(faults);
        }
        let described = [Some(row), service].into_iter().flatten().map(|row| text(row, "description"));
        Ok(Entering {
            kind: Some(kind),
            name: text(row, "name").to_owned(),
            area,
            parent,
            skills: self.skills(&described.collect::<Vec<_>>().join(" ")),
            hours,
            reach: if kind == ResourceKind::Venue { 0 } else { 10 },
            capacity: 10,
            at_once: 1,
            place,
            assured,
            ..Entering::default()
        })
    }

    fn location(&self, service: &Value) -> Option<&Value> {
        let id = text(service, "id");
        let at = self.tables.service_at_locations.iter().find(|row| text(row, "service_id") == id)?;
        self.tables.locations.iter().find(|row| text(row, "id") == text(at, "location_id"))
    }

    /// The code that stands with a location, else the nearest middle of the finest areas, else the one asked for.
    fn area_of(&self, location: Option<&Value>, place: Option<Place>) -> Result<AreaId, Fault> {
        let said = location.map(|row| text(row, "external_identifier")).unwrap_or_default();
        if let Ok(area) = said.parse() {
            return Ok(area);
        }
        let finest = self.middles.iter().map(|(area, _)| area.level()).max();
        let near = place.and_then(|place| {
            let fine = self.middles.iter().filter(|(area, _)| Some(area.level()) == finest);
            let far = |middle: &Place| middle.seen_from(place).square_to(place.seen_from(place));
            fine.min_by(|a, b| far(&a.1).total_cmp(&far(&b.1))).map(|(area, _)| *area)
        });
        let reason = "no location says where it is; give --area CODE for such rows";
        near.or(self.area).ok_or_else(|| Fault::new("area", "area-unknown", reason))
    }

    /// The schedules of one service or location as lines.
    fn hours(&self, column: &str, id: &str) -> Result<String, Fault> {
        let mine = self.tables.schedules.iter().filter(|row| text(row, column) == id && !id.is_empty());
        let lines: Vec<String> = mine.map(schedule).collect::<Result<_, _>>()?;
        Ok(lines.join("\n"))
    }

    /// Words of the pack that stand in a description, by their code or their name in either language.
    fn skills(&self, description: &str) -> Vec<String> {
        let said: Vec<String> = description
            .split(['、', ',', '，', ';', '；', '\n', '。', '.'])
            .flat_map(|part| {
                [part.trim().to_lowercase()].into_iter().chain(part.split_whitespace().map(str::to_lowercase))
            })
            .collect();
        let skills = self.state.pack.dispatch.skills.iter();
        let named = skills.filter(|skill| {
            let words = [&skill.code, &skill.name.zh, &skill.name.en];
            words.iter().any(|word| !word.is_empty() && said.contains(&word.to_lowercase()))
        });
        named.map(|skill| skill.code.clone()).collect()
    }
}

fn place(row: &Value) -> Result<Option<Place>, Fault> {
    let degrees = |column: &str, most: f64| match &row[column] {
        Value::Null => Ok(None),
        value => {
            let read = value.as_f64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
            let read = read.filter(|degrees| degrees.is_finite() && degrees.abs() <= most);
            let reason = || format!("{value} is no {column}; write degrees such as 30.512");
            read.map(Some).ok_or_else(|| Fault::new(column, "place-wrong", reason()))
        }
    };
    let found = degrees("latitude", 90.0)?.zip(degrees("longitude", 180.0)?);
    let millionths = |degrees: f64| (degrees * 1e6).round() as i64;
    Ok(found.map(|(latitude, longitude)| Place { latitude: millionths(latitude), longitude: millionths(longitude) }))
}

/// One schedule as the lines of RFC 5545 that the registry keeps.
fn schedule(row: &Value) -> Result<String, Fault> {
    let wrong = |column: &str| {
        Fault::new(
            column,
            "hours-wrong",
            format!("{:?} of the schedule {:?}: write 2026-05-31 and 09:30", text(row, column), text(row, "id")),
        )
    };
    let day =
        [text(row, "dtstart"), text(row, "valid_from")].into_iter().find(|day| !day.is_empty()).unwrap_or_default();
    let day: Date = day.get(..10).unwrap_or(day).parse().map_err(|_| wrong("dtstart"))?;
    let time = |column: &str| {
        let text = text(row, column);
        text.get(..5).unwrap_or(text).parse::<Time>().map_err(|_| wrong(column))
    };
    let (opens, closes) = (time("opens_at")?, time("closes_at")?);
    // Open until midnight, or over it, ends on the day after.
    let last = if closes <= opens { day.tomorrow().map_err(|_| wrong("dtstart"))? } else { day };
    let at = |date: Date, time: Time| date.to_datetime(time).strftime("%Y%m%dT%H%M%S").to_string();
    let mut lines = format!("DTSTART:{}\nDTEND:{}", at(day, opens), at(last, closes));
    let freq = text(row, "freq");
    if freq.is_empty() {
        return Ok(lines);
    }
    lines = format!("{lines}\nRRULE:FREQ={freq}");
    let number = |column: &str| row[column].as_i64().or_else(|| text(row, column).parse().ok());
    if let Some(interval) = number("interval").filter(|interval| *interval > 1) {
        lines = format!("{lines};INTERVAL={interval}");
    }
    if !text(row, "byday").is_empty() {
        lines = format!("{lines};BYDAY={}", text(row, "byday"));
    }
    let until = [text(row, "until"), text(row, "valid_to")].into_iter().find(|until| !until.is_empty());
    match (until, number("count")) {
        (Some(until), _) => {
            let until: Date = until.get(..10).unwrap_or(until).parse().map_err(|_| wrong("until"))?;
            lines = format!("{lines};UNTIL={}", until.strftime("%Y%m%d"));
        }
        (None, Some(count)) => lines = format!("{lines};COUNT={count}"),
        (None, None) => {}
    }
    Ok(lines)
}
