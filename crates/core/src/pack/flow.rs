//! Limits of the side paths: objection, extension, parking, supervision, urging.

use serde::Serialize;

use super::section::Section;
use super::taxonomy::Name;
use crate::time::clock::{Budget, BudgetUnit};

/// A coded ground with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ground {
    pub code: String,
    pub name: Name,
}

/// How far a case may leave the straight way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// From dispatch, for "not ours".
    pub dispute_within: Budget,
    /// Likewise for a matter a coordinator has marked as complex.
    pub dispute_within_complex: Budget,
    /// Objections that one case may see; what was ruled cannot be returned.
    pub disputes: i64,
    /// The most that one extension may add, in the unit of the promise, and how many there may be.
    pub extension_most: u32,
    pub extension_times: i64,
    pub extension_basis: String,
    /// Grounds on which a case may be parked, and for how many days at most before it is looked at again.
    pub parking: Vec<Ground>,
    pub parking_days: i64,
    pub parking_basis: String,
    /// Why a unit may be put under supervision.
    pub supervision: Vec<Ground>,
    /// Reopenings from which on a case is put under supervision by itself.
    pub escalate_reopened: i64,
    /// Between one urging of a case and the next.
    pub urge_wait: Budget,
    /// Urgings from which on a case is put under supervision by itself.
    pub urge_supervised: i64,
}

impl Flow {
    pub(super) fn read(root: &Section) -> Option<Self> {
        root.only(&["dispute", "extension", "parking", "supervision", "urge"]);
        let (dispute, extension) = (root.table("dispute")?, root.table("extension")?);
        let (parking, supervision, urge) = (root.table("parking")?, root.table("supervision")?, root.table("urge")?);
        dispute.only(&["within", "complex", "unit", "times", "basis"]);
        extension.only(&["most", "times", "basis"]);
        parking.only(&["ground", "days", "basis"]);
        urge.only(&["wait_hours", "supervised", "basis"]);
        supervision.only(&["trigger", "reopened", "basis"]);
        let unit = dispute.word("unit", BudgetUnit::from_code, &BudgetUnit::CODES).unwrap_or_default();
        let basis = dispute.text("basis");
        let within = |key: &str| Budget {
            amount: dispute.int(key, 1..=unit.most()) as u32,
            unit,
            roll_to_working_day: false,
            basis: basis.clone(),
        };
        supervision.text("basis");
        Some(Self {
            dispute_within: within("within"),
            dispute_within_complex: within("complex"),
            disputes: dispute.int("times", 1..=9),
            extension_most: extension.int("most", 1..=260) as u32,
            extension_times: extension.int("times", 0..=9),
            extension_basis: extension.text("basis"),
            parking: grounds(&parking, "ground"),
            parking_days: parking.int("days", 1..=3660),
            parking_basis: parking.text("basis"),
            supervision: grounds(&supervision, "trigger"),
            escalate_reopened: supervision.int("reopened", 1..=99),
            urge_wait: Budget {
                amount: urge.int("wait_hours", 1..=720) as u32,
                unit: BudgetUnit::NaturalHours,
                roll_to_working_day: false,
                basis: urge.text("basis"),
            },
            urge_supervised: urge.int("supervised", 1..=99),
        })
    }
}

fn grounds(section: &Section, key: &str) -> Vec<Ground> {
    let grounds: Vec<Ground> = section
        .table(key)
        .iter()
        .flat_map(Section::entries)
        .map(|(code, section)| {
            section.only(&["zh", "en"]);
            Ground { code: code.to_owned(), name: Name::read(&section) }
        })
        .collect();
    if grounds.is_empty() {
        section.fault(key, "no ground is named", "name at least one");
    }
    grounds
}
