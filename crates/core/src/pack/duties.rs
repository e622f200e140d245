//! The duty list (权责清单): who must answer for a category at each level, and by what law.
//!
//! A level that does not hold a duty says `"none"`; nothing may be sent to it. City work may not be pushed to
//! counties, nor town work to communities (唐山条例 arts. 20, 23; 北京市接诉即办工作条例 art. 17).

use std::collections::BTreeMap;

use serde::Serialize;

use super::section::Section;
use super::taxonomy::{Name, Taxonomy};
use crate::area::Level;

/// The levels a duty list speaks of; a grid only gathers and reports.
pub const DUTY_LEVELS: [Level; 5] = [Level::Province, Level::City, Level::County, Level::Township, Level::Community];

/// A line of work of government, the same through all levels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Department {
    pub code: String,
    pub name: Name,
    /// What the body is called at each level where there is one.
    pub at: BTreeMap<Level, String>,
}

/// An entry of the duty list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// The category and, unless a longer entry says otherwise, all below it.
    pub category: String,
    /// The level that is asked first.
    pub answers_at: Level,
    /// The leading department at each level that holds the duty.
    pub lead: BTreeMap<Level, String>,
    /// Departments that must help when the lead asks.
    pub cooperating: Vec<String>,
    pub basis: String,
}

impl Duty {
    /// The leading department at a level; `None`: the level does not hold this duty and must not be sent it.
    pub fn lead_at(&self, level: Level) -> Option<&str> {
        self.lead.get(&level).map(String::as_str)
    }
}

/// Departments and the entries of the list.
#[derive(Clone, Debug, Default)]
pub struct Duties {
    departments: BTreeMap<String, Department>,
    entries: BTreeMap<String, Duty>,
    /// Matters a grid may be given; what is not listed may not be sent to one.
    grid: Vec<String>,
    grid_basis: String,
}

impl Duties {
    /// `taxonomy` is `None` when it could not be read, so that its faults are not repeated here.
    pub(super) fn read(root: &Section, taxonomy: Option<&Taxonomy>) -> Self {
        root.only(&["departments", "duty", "grid"]);
        let mut list = Self::default();
        for (code, section) in root.table("departments").iter().flat_map(Section::entries) {
            section.only(&["zh", "en", "at"]);
            let at = section.table("at").map(|at| by_level(&at)).unwrap_or_default();
            let department = Department { code: code.to_owned(), name: Name::read(&section), at };
            list.departments.insert(department.code.clone(), department);
        }
        for section in root.tables("duty") {
            section.only(&["category", "answers_at", "lead", "cooperating", "basis"]);
            let Some(duty) = list.duty(&section, taxonomy) else { continue };
            if list.entries.contains_key(&duty.category) {
                section.fault("category", "a second duty for the same category", "merge the two entries");
            }
            list.entries.insert(duty.category.clone(), duty);
        }
        if let Some(grid) = root.has("grid").then(|| root.table("grid")).flatten() {
            grid.only(&["matters", "basis"]);
            (list.grid, list.grid_basis) = (grid.texts("matters"), grid.text("basis"));
            let unknown = |code: &&String| taxonomy.is_some_and(|taxonomy| taxonomy.get(code).is_none());
            for code in list.grid.iter().filter(unknown) {
                grid.fault("matters", format!("no such category {code:?}"), "use codes of taxonomy.toml");
            }
        }
        list
    }

    fn duty(&self, section: &Section, taxonomy: Option<&Taxonomy>) -> Option<Duty> {
        let category = section.text("category");
        if !category.is_empty() && taxonomy.is_some_and(|taxonomy| taxonomy.get(&category).is_none()) {
            section.fault("category", "no such category", "use a code of taxonomy.toml");
        }
        let lead = section.table("lead").map(|table| {
            let lead = by_level(&table);
            for (level, code) in &lead {
                self.check_lead(&table, *level, code);
            }
            lead
        });
        let cooperating = section.texts("cooperating");
        for code in cooperating.iter().filter(|code| !self.departments.contains_key(*code)) {
            section.fault("cooperating", format!("unknown department {code:?}"), self.known_departments());
        }
        let basis = section.text("basis");
        let answers_at = section.word("answers_at", duty_level, &DUTY_LEVELS.map(Level::code));
        let (lead, answers_at) = (lead?, answers_at?);
        if !lead.contains_key(&answers_at) {
            section.fault(
                "answers_at",
                "no department leads at this level",
                "name one in `lead`, or ask another level",
            );
        }
        Some(Duty { category, answers_at, lead, cooperating, basis })
    }

    fn check_lead(&self, table: &Section, level: Level, code: &str) {
        match self.departments.get(code) {
            None => table.fault(level.code(), "unknown department", self.known_departments()),
            Some(department) if !department.at.contains_key(&level) => {
                let advice = format!("give it a name in departments.{code}.at, or write \"none\"");
                table.fault(level.code(), "the department has no body at this level", advice);
            }
            Some(_) => {}
        }
    }

    fn known_departments(&self) -> String {
        let codes: Vec<_> = self.departments.keys().map(String::as_str).collect();
        format!("known departments: {}", codes.join(", "))
    }

    /// The entry for a category: that of its longest listed prefix. `None`: no clear owner, a person decides.
    pub fn route(&self, category: &str) -> Option<&Duty> {
        [6, 4, 2].into_iter().filter_map(|length| category.get(..length)).find_map(|code| self.entries.get(code))
    }

    /// Whether the list of that level holds a category, and the basis of what it says.
    pub fn holds(&self, level: Level, category: &str) -> (bool, &str) {
        if level == Level::Grid {
            return (self.grid.iter().any(|prefix| category.starts_with(prefix)), &self.grid_basis);
        }
        let duty = self.route(category);
        (duty.is_some_and(|duty| duty.lead_at(level).is_some()), duty.map_or("", |duty| &duty.basis))
    }

    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.get(code)
    }

    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.values()
    }

    /// Every entry, in the order of the categories.
    pub fn iter(&self) -> impl Iterator<Item = &Duty> {
        self.entries.values()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn duty_level(code: &str) -> Option<Level> {
    Level::from_code(code).filter(|level| DUTY_LEVELS.contains(level))
}

/// A table with a text for each of the five levels; `"none"` leaves the level out, silence is a fault.
fn by_level(table: &Section) -> BTreeMap<Level, String> {
    table.only(&DUTY_LEVELS.map(Level::code));
    let mut map = BTreeMap::new();
    for level in DUTY_LEVELS {
        if !table.has(level.code()) {
            table.fault(level.code(), "missing level", "name the body, or write \"none\"");
            continue;
        }
        let text = table.text(level.code());
        if !text.is_empty() && text != "none" {
            map.insert(level, text);
        }
    }
    map
}
