//! The programme (行动方案): stages on a line of time, goals as measured, milestones and key tasks.

use askama::Template;

use super::process::Due;
use super::{Group, Shell, When};

/// A stage on the line; `x` and `width` in thousandths.
#[derive(Clone, Debug)]
pub struct StageLine {
    pub name: String,
    pub words: String,
    pub first: String,
    pub last: String,
    /// Code of the family `programme-when`: `past`, `now`, `ahead`.
    pub when: &'static str,
    pub x: i64,
    pub width: i64,
    pub done: usize,
    pub total: usize,
    pub late: usize,
}

/// A milestone on the line.
#[derive(Clone, Debug)]
pub struct Mark {
    pub x: i64,
    pub done: bool,
    pub late: bool,
}

#[derive(Clone, Debug)]
pub struct GoalLine {
    pub name: String,
    /// The figure's name, and the cases behind it where they may be seen.
    pub indicator: String,
    pub href: Option<String>,
    pub now: String,
    pub sides: String,
    /// One for each stage.
    pub targets: Vec<String>,
    /// Code of the family `programme-standing`.
    pub standing: &'static str,
    /// Points it is short by.
    pub gap: String,
}

#[derive(Clone, Debug)]
pub struct KeyTaskLine {
    pub id: String,
    /// Codes of the families `programme-kind` and `programme-state`.
    pub kind: String,
    pub title: String,
    pub unit: String,
    pub state: String,
    pub late: bool,
    /// While something is owed.
    pub due: Option<Due>,
    pub day: When,
}

/// The tasks of a stage.
#[derive(Clone, Debug)]
pub struct StageTasks {
    pub stage: String,
    pub tasks: Vec<KeyTaskLine>,
}

/// `GET /programme`
#[derive(Template)]
#[template(path = "evaluate/programme.html")]
pub struct ProgrammePage {
    pub shell: Shell,
    pub stages: Vec<StageLine>,
    pub marks: Vec<Mark>,
    /// Where today lies, in thousandths.
    pub today: i64,
    pub goals: Vec<GoalLine>,
    pub tasks: Vec<StageTasks>,
    pub late: usize,
    pub current: String,
    /// The days over which the goals were measured.
    pub measured: String,
    pub may_edit: bool,
}

#[derive(Clone, Debug, Default)]
pub struct StageForm {
    pub name: String,
    pub words: String,
    pub first: String,
    pub last: String,
}

/// Targets by the id of the stage, each with its name.
#[derive(Clone, Debug, Default)]
pub struct TargetField {
    pub field: String,
    pub stage: String,
    pub value: String,
}

#[derive(Clone, Debug, Default)]
pub struct KeyTaskForm {
    pub stage: String,
    pub kind: String,
    pub title: String,
    pub words: String,
    pub unit: String,
    pub last: String,
}

/// `GET /programme/edit`; its forms post to `/programme/stages`, `/programme/goals` and `/programme/tasks`.
#[derive(Template)]
#[template(path = "evaluate/programme_edit.html")]
pub struct ProgrammeEditPage {
    pub shell: Shell,
    pub stage: StageForm,
    pub goal: String,
    pub indicator: String,
    pub targets: Vec<TargetField>,
    pub task: KeyTaskForm,
    pub indicators: Vec<Group>,
    pub stages: Vec<Group>,
    pub kinds: Vec<Group>,
    pub units: Vec<Group>,
}

/// `GET /programme/tasks/{id}`; posts to `…/report` (`evidence`) and `…/decide` (`verdict`, `last`, `reason`).
#[derive(Template)]
#[template(path = "evaluate/key_task.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page of its own")]
pub struct KeyTaskPage {
    pub shell: Shell,
    pub line: KeyTaskLine,
    pub version: i64,
    pub stage: String,
    pub words: String,
    pub evidence: String,
    pub reported: Option<(String, When)>,
    pub decision: String,
    pub decided: Option<(String, When)>,
    pub may_report: bool,
    pub may_accept: bool,
    pub may_move: bool,
    pub may_cancel: bool,
    pub typed_evidence: String,
    pub typed_reason: String,
    pub typed_last: String,
}
