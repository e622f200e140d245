//! The registry without persons, for other systems: as the columns of `muster import resources`, or as Open Referral HSDS.

use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{ResourceKind, ResourceState};
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::dispatch::{ResourceRow, resources_public};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act::deny;
use crate::error::Result;
use crate::state::State;

/// Entries read in one go.
const PAGE: i64 = 1_000;

/// Every entry that is no person, in order of the ids.
pub async fn resource_export(state: &State, actor: &Actor) -> Result<Vec<ResourceRow>> {
    may(actor, Action::ResourceImport, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let (mut all, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let page = resources_public(&mut tx, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.id.0;
        all.extend(page);
    }
}

/// The tables of Open Referral's Human Services Data Specification 3, each with its columns as the standard names them.
#[derive(Debug, Default, serde::Serialize)]
pub struct Hsds {
    pub organizations: Vec<Value>,
    pub services: Vec<Value>,
    pub locations: Vec<Value>,
    pub service_at_locations: Vec<Value>,
    pub schedules: Vec<Value>,
}

impl Hsds {
    pub fn of(state: &State, rows: &[ResourceRow]) -> Self {
        let mut tables = Self::default();
        for row in rows {
            tables.add(state, row);
        }
        tables
    }

    fn add(&mut self, state: &State, row: &ResourceRow) {
        let id = row.id.to_string();
        let skills = row.skills().filter_map(|code| state.pack.dispatch.skill(code));
        let description = skills.map(|skill| skill.name.zh.as_str()).collect::<Vec<_>>().join("、");
        let location = format!("{id}-location");
        self.locations.push(json!({
            "id": location,
            "location_type": "physical",
            "name": row.name,
            "latitude": degrees(row.latitude),
            "longitude": degrees(row.longitude),
            "external_identifier": row.area.to_string(),
            "external_identifier_type": "area",
        }));
        if matches!(row.kind, ResourceKind::Venue | ResourceKind::Stock) {
            self.open(state, row, "location_id", &location);
            return;
        }
        let parent = row.parent_id.map(|id| id.to_string());
        let is_organisation = row.kind == ResourceKind::Organisation;
        // A service is always some organization's; one that belongs to nobody else is its own.
        let own = is_organisation || parent.is_none();
        let by = if own { id.clone() } else { parent.clone().unwrap_or_default() };
        if own {
            let above = parent.filter(|_| is_organisation);
            let organization =
                json!({ "id": id, "name": row.name, "description": description, "parent_organization_id": above });
            self.organizations.push(organization);
        }
        let service = format!("{id}-service");
        self.services.push(json!({
            "id": service,
            "organization_id": by,
            "name": row.name,
            "description": description,
            "status": if row.state == ResourceState::Open { "active" } else { "temporarily closed" },
            "assured_date": state.pack.calendar.local_date(row.assured_at).to_string(),
        }));
        let at = json!({ "id": format!("{id}-at"), "service_id": service, "location_id": location });
        self.service_at_locations.push(at);
        self.open(state, row, "service_id", &service);
    }

    /// When something is open; `whose` is the column that names it.
    fn open(&mut self, state: &State, row: &ResourceRow, whose: &str, what: &str) {
        let hours = Hours::parse(&row.hours, state.pack.calendar.zone()).map(|hours| hours.schedules());
        for (nth, hours) in hours.unwrap_or_default().into_iter().enumerate() {
            let mut schedule = json!({
                "id": format!("{}-schedule-{nth}", row.id),
                "dtstart": hours.dtstart.to_string(),
                "freq": hours.freq,
                "interval": hours.interval,
                "byday": hours.byday,
                "until": hours.until.map(|day| day.to_string()),
                "count": hours.count,
                "opens_at": hours.opens_at.strftime("%H:%M").to_string(),
                "closes_at": hours.closes_at.strftime("%H:%M").to_string(),
            });
            schedule[whose] = json!(what);
            self.schedules.push(schedule);
        }
    }
}

fn degrees(millionths: i64) -> f64 {
    millionths as f64 / 1e6
}
