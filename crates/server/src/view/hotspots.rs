//! Hot spots.

use askama::Template;

use super::{Group, Shell, When};

/// `GET /hotspots`. Forms post to `/hotspots/{id}`: `verdict` (`take` or `dismiss`), `unit`, `reason`.
/// Ids of the controls, for problems: `unit-{id}`, `reason-{id}`.
#[derive(Template)]
#[template(path = "process/hotspots.html")]
pub struct HotspotsPage {
    pub shell: Shell,
    pub spots: Vec<Shown>,
    pub units: Vec<Group>,
    /// The rule: so many people within so many days.
    pub people: u64,
    pub days: u64,
}

/// The form about one spot, with what was typed when it comes back.
#[derive(Clone, Debug, Default)]
pub struct HotspotForm {
    pub unit_id: String,
    pub reason_id: String,
    pub unit: String,
    pub reason: String,
    pub is_open: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Shown {
    pub id: String,
    pub name: String,
    pub area: String,
    /// Code of the family `hotspot`: `new`, `taken` or `dismissed`.
    pub state: String,
    pub since: When,
    pub last: When,
    pub people: u64,
    pub reports: u64,
    /// Members that are not listed.
    pub more: u64,
    pub bars: Vec<Bar>,
    /// Where its reports are: streets with their communities, those with a report.
    pub map: Vec<Street>,
    pub members: Vec<Member>,
    pub unit: String,
    pub reason: String,
    pub may_decide: bool,
    /// Whether this person may open a finding about it.
    pub may_find: bool,
    pub area_id: String,
    pub form: HotspotForm,
}

/// One day of the trend; `height` is 0 to 100.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    pub x: u64,
    pub height: u64,
    pub count: u64,
}

/// One street of the map.
#[derive(Clone, Debug, Default)]
pub struct Street {
    pub name: String,
    pub tiles: Vec<Tile>,
}

/// One community; `shade` is 0 (no report) to 4.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    pub name: String,
    pub count: u64,
    pub shade: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Member {
    pub code: String,
    pub title: String,
    pub state: String,
    pub area: String,
}
