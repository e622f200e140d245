//! Named plans: how work that many units share is usually parted, so that nobody begins with an empty page.

use std::collections::BTreeMap;

use serde::Serialize;

use super::duties::Duties;
use super::section::Section;
use super::taxonomy::Name;
use crate::process::{PlanFault, Planned, Stage, plan};
use crate::time::Timestamp;
use crate::time::clock::{Budget, BudgetUnit};

/// A plan by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanTemplate {
    pub code: String,
    pub name: Name,
    pub basis: String,
    /// In the order of the file; a part's number in its plan is its place, from 1.
    pub parts: Vec<PlanPart>,
}

/// A part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanPart {
    pub key: String,
    pub name: Name,
    /// Place, from 1, of the part it belongs to.
    pub parent: Option<u32>,
    /// Code of the department whose unit leads.
    pub department: String,
    pub cooperating: Vec<String>,
    pub budget: Budget,
    /// Places, from 1, of the parts that come before.
    pub after: Vec<u32>,
    pub required: bool,
}

/// `duties` is `None` when the list could not be read, so that its faults are not repeated here.
pub(super) fn read(root: &Section, duties: Option<&Duties>) -> Vec<PlanTemplate> {
    root.only(&["plan"]);
    let mut plans: Vec<PlanTemplate> = Vec::new();
    for section in root.tables("plan") {
        let template = template(&section, duties);
        if plans.iter().any(|plan| plan.code == template.code) {
            section.fault("code", "a second plan of this code", "give it a code of its own");
        }
        plans.push(template);
    }
    plans
}

fn template(section: &Section, duties: Option<&Duties>) -> PlanTemplate {
    section.only(&["code", "zh", "en", "basis", "part"]);
    let sections = section.tables("part");
    if sections.is_empty() {
        section.fault("part", "a plan without parts", "add [[plan.part]]");
    }
    let keys: Vec<String> = sections.iter().map(|part| part.text("key")).collect();
    let mut places: BTreeMap<&str, u32> = BTreeMap::new();
    for (i, (key, part)) in keys.iter().zip(&sections).enumerate() {
        if places.insert(key, i as u32 + 1).is_some() {
            part.fault("key", "a second part of this key", "give it a key of its own");
        }
    }
    let parts: Vec<PlanPart> = sections.iter().map(|part| read_part(part, &places, duties)).collect();
    check_order(section, &sections, &parts);
    PlanTemplate { code: section.text("code"), name: Name::read(section), basis: section.text("basis"), parts }
}

fn read_part(section: &Section, places: &BTreeMap<&str, u32>, duties: Option<&Duties>) -> PlanPart {
    section.only(&[
        "key",
        "zh",
        "en",
        "parent",
        "department",
        "cooperating",
        "amount",
        "unit",
        "after",
        "required",
        "basis",
    ]);
    let find = |key: &str, name: &str| {
        let found = places.get(name).copied();
        if found.is_none() {
            let known: Vec<_> = places.keys().copied().collect();
            section.fault(key, format!("no part {name:?} in this plan"), format!("use: {}", known.join(", ")));
        }
        found
    };
    let known = |key: &str, code: &str| {
        let Some(duties) = duties else { return };
        let codes: Vec<_> = duties.departments().map(|department| department.code.as_str()).collect();
        if !codes.is_empty() && !codes.contains(&code) {
            section.fault(key, format!("unknown department {code:?}"), format!("use: {}", codes.join(", ")));
        }
    };
    let (department, cooperating) = (section.text("department"), section.texts("cooperating"));
    if !department.is_empty() {
        known("department", &department);
    }
    for code in &cooperating {
        known("cooperating", code);
    }
    let unit = section.word("unit", BudgetUnit::from_code, &BudgetUnit::CODES).unwrap_or_default();
    PlanPart {
        key: section.text("key"),
        name: Name::read(section),
        parent: if section.has("parent") { find("parent", &section.text("parent")) } else { None },
        department,
        cooperating,
        budget: Budget {
            amount: section.int("amount", 1..=unit.most()) as u32,
            unit,
            roll_to_working_day: false,
            basis: section.text("basis"),
        },
        after: section.texts("after").iter().filter_map(|name| find("after", name)).collect(),
        required: section.flag("required"),
    }
}

/// Parts that wait for each other would never begin.
fn check_order(section: &Section, sections: &[Section], parts: &[PlanPart]) {
    let planned: Vec<Planned> = parts.iter().zip(1..).map(|(part, number)| part.planned(number)).collect();
    let key = |number: &u32| parts.get(*number as usize - 1).map_or("", |part| part.key.as_str());
    match plan(&planned, Timestamp(0), |_, start| start) {
        Err(PlanFault::Circle(numbers)) => {
            let keys: Vec<_> = numbers.iter().map(key).collect();
            let problem = format!("parts wait for each other in a circle: {}", keys.join(" → "));
            section.fault("", problem, "take one of the `after` or `parent` out");
        }
        Err(PlanFault::Itself(number)) => {
            let place = number as usize - 1;
            let of = if parts[place].parent == Some(number) { "parent" } else { "after" };
            sections[place].fault(of, "the part refers to itself", "name another part, or leave it out");
        }
        // What is not there, or is there twice, was said where it stands.
        Err(PlanFault::Unknown { .. } | PlanFault::Twice(_)) | Ok(_) => {}
    }
}

impl PlanPart {
    /// The part as a plan that has not begun knows it.
    pub fn planned(&self, number: u32) -> Planned {
        Planned { number, parent: self.parent, after: self.after.clone(), not_before: None, stage: Stage::Waiting }
    }
}
