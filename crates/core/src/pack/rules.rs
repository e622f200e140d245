//! The short sections: how a case may end, why one may be refused, and the limits of intake.

use serde::Serialize;

use super::section::Section;
use super::taxonomy::Name;

/// How a case ended, as the unit claims it. Closed is not solved: the resident confirms apart from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// `fixed`, `partly`, `explained`, `not_fixed` or `out_of_scope`.
    pub code: String,
    pub name: Name,
    /// Whether the unit must say what shows it.
    pub needs_evidence: bool,
    pub basis: String,
}

/// The outcomes every pack has, in this order: the case machine knows them by code.
pub const OUTCOMES: [&str; 5] = ["fixed", "partly", "explained", "not_fixed", "out_of_scope"];

pub(super) fn outcomes(root: &Section) -> Vec<Outcome> {
    root.only(&OUTCOMES);
    let read = |code: &str| {
        let section = root.table(code)?;
        section.only(&["zh", "en", "needs_evidence", "basis"]);
        Some(Outcome {
            code: code.to_owned(),
            name: Name::read(&section),
            needs_evidence: section.flag("needs_evidence"),
            basis: section.text("basis"),
        })
    };
    OUTCOMES.into_iter().filter_map(read).collect()
}

/// A coded reason for not accepting a report, and the right door for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusalReason {
    pub code: String,
    pub name: Name,
    /// Where the person should go instead, said to them.
    pub door: Name,
    pub basis: String,
}

pub(super) fn refusals(root: &Section) -> Vec<RefusalReason> {
    let read = |(code, section): (&str, Section)| {
        section.only(&["zh", "en", "door", "basis"]);
        let door = section.table("door").map(|door| {
            door.only(&["zh", "en"]);
            Name::read(&door)
        });
        RefusalReason {
            code: code.to_owned(),
            name: Name::read(&section),
            door: door.unwrap_or_default(),
            basis: section.text("basis"),
        }
    };
    root.entries().into_iter().map(read).collect()
}

/// Limits on what a person may send, when reports are one matter, and how long data is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntakeRules {
    /// Characters (Unicode scalar values), not bytes.
    pub title_max: usize,
    pub text_min: usize,
    pub text_max: usize,
    pub place_max: usize,
    pub join: JoinRule,
    pub serial: SerialRule,
    pub photos: PhotoRule,
    pub retention: Retention,
}

/// When a new report is proposed to be, or is, the same matter as an open case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JoinRule {
    /// Only cases opened within so many days are compared.
    pub window_days: u32,
    /// Least likeness, 0 to 1, at which a report joins a case.
    pub similarity: f64,
    pub basis: String,
}

/// Who reports so often that an operator should know, to help with the whole instead of each piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SerialRule {
    pub days: u32,
    /// Reports of one person within the days.
    pub reports: u32,
    pub basis: String,
}

/// What photos a report may have. None is ever asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhotoRule {
    /// Photos of one report.
    pub most: usize,
    /// Bytes of one file as it is sent.
    pub bytes_max: usize,
    /// Pixels of the longer side as it is kept.
    pub side_max: u32,
    pub basis: String,
}

/// Days that data is kept, counted from the closing of the case or, for logs, from writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retention {
    /// Name, phone and original text of the reporter.
    pub person_days: u32,
    /// Case, steps and public text.
    pub case_days: u32,
    /// Audit and network logs.
    pub log_days: u32,
    pub basis: String,
}

pub(super) fn intake(root: &Section) -> Option<IntakeRules> {
    root.only(&["limits", "join", "serial", "photos", "retention"]);
    let (limits, join, retention) = (root.table("limits"), root.table("join"), root.table("retention"));
    let (photos, serial) = (root.table("photos"), root.table("serial"));
    let (limits, join, photos, serial, retention) = (limits?, join?, photos?, serial?, retention?);
    limits.only(&["title_max", "text_min", "text_max", "place_max", "basis"]);
    limits.text("basis");
    let text_max = limits.int("text_max", 1..=100_000);
    let days = |key| retention.int(key, 1..=36_500) as u32;
    Some(IntakeRules {
        title_max: limits.int("title_max", 1..=500) as usize,
        text_min: limits.int("text_min", 1..=text_max) as usize,
        text_max: text_max as usize,
        place_max: limits.int("place_max", 1..=1_000) as usize,
        join: join_rule(&join),
        serial: serial_rule(&serial),
        photos: photo_rule(&photos),
        retention: {
            retention.only(&["person_days", "case_days", "log_days", "basis"]);
            let (person_days, case_days, log_days) = (days("person_days"), days("case_days"), days("log_days"));
            Retention { person_days, case_days, log_days, basis: retention.text("basis") }
        },
    })
}

fn join_rule(join: &Section) -> JoinRule {
    join.only(&["window_days", "similarity", "basis"]);
    JoinRule {
        window_days: join.int("window_days", 1..=3_650) as u32,
        similarity: join.real("similarity", 0.0..=1.0),
        basis: join.text("basis"),
    }
}

fn serial_rule(serial: &Section) -> SerialRule {
    serial.only(&["days", "reports", "basis"]);
    SerialRule {
        days: serial.int("days", 1..=3_650) as u32,
        reports: serial.int("reports", 2..=1_000) as u32,
        basis: serial.text("basis"),
    }
}

fn photo_rule(photos: &Section) -> PhotoRule {
    photos.only(&["most", "bytes_max", "side_max", "basis"]);
    PhotoRule {
        most: photos.int("most", 0..=10) as usize,
        bytes_max: photos.int("bytes_max", 1_000..=20_000_000) as usize,
        side_max: photos.int("side_max", 200..=4_000) as u32,
        basis: photos.text("basis"),
    }
}
