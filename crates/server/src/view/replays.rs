//! Rules tried on the cases of the past.

use askama::Template;

use super::{Group, Shell};

/// A line of the table: what all or one class of the cases has under both rules.
#[derive(Clone, Debug)]
pub struct ReplayLine {
    pub label: String,
    pub cases: u64,
    pub moved: u64,
    pub later: u64,
    pub earlier: u64,
    pub kept_before: String,
    pub kept_after: String,
}

/// A case that changes.
#[derive(Clone, Debug)]
pub struct ReplayCase {
    pub code: String,
    pub category: String,
    pub area: String,
    pub unit_before: String,
    pub unit_after: String,
    pub moved: bool,
    pub due_before: String,
    pub due_after: String,
}

#[derive(Clone, Debug)]
pub struct ReplayShown {
    pub all: ReplayLine,
    pub classes: Vec<ReplayLine>,
    pub cases: Vec<ReplayCase>,
    pub changed_more: bool,
    pub homeless: (u64, u64),
    pub unknown: u64,
    pub cut: bool,
}

/// `GET /replays?file=` and `POST /replays`: `file`, `text`, `from`, `to`.
#[derive(Template)]
#[template(path = "evaluate/replays.html")]
pub struct ReplaysPage {
    pub shell: Shell,
    pub files: Vec<Group>,
    pub file: String,
    pub text: String,
    pub from: String,
    pub to: String,
    /// What is wrong in the text, each with its line.
    pub faults: Vec<String>,
    pub shown: Option<ReplayShown>,
}
