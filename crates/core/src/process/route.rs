//! Which unit must answer: category × place through the duty list to one unit, with the reason.

use crate::area::{AreaId, Level};
use crate::id::UnitId;
use crate::pack::Duties;

/// The answer of the duty list for a category at a place: whom to ask, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `(department, area)`: the level that answers first, then the levels above it (兜底: the level above stands in).
    pub places: Vec<(String, AreaId)>,
    pub basis: String,
}

/// Why nobody owns a matter; a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoOwner {
    /// The duty list has no entry for the category.
    #[error("no-duty")]
    NoDuty,
    /// No department holds the duty at any level above the place.
    #[error("no-unit")]
    NoUnit,
}

/// Where the duty list sends a category at `area`. A level that does not hold the duty is never asked.
pub fn route(duties: &Duties, category: &str, area: AreaId) -> Result<Route, NoOwner> {
    let duty = duties.route(category).ok_or(NoOwner::NoDuty)?;
    let mut levels: Vec<Level> = Level::ALL.into_iter().filter(|level| *level <= duty.answers_at).collect();
    levels.reverse();
    let places: Vec<(String, AreaId)> =
        levels.into_iter().filter_map(|level| Some((duty.lead_at(level)?.to_owned(), area.ancestor(level)?))).collect();
    if places.is_empty() { Err(NoOwner::NoUnit) } else { Ok(Route { places, basis: duty.basis.clone() }) }
}

impl Route {
    /// The first place at which a unit stands.
    pub fn choose(&self, units: &[(UnitId, &str, AreaId)]) -> Option<UnitId> {
        self.places.iter().find_map(|(department, area)| {
            units.iter().find(|(_, d, a)| d == department && a == area).map(|(unit, _, _)| *unit)
        })
    }
}
