//! Joint meetings: the queue of what no single unit owns, and the minutes of a meeting.

use askama::Template;

use super::{Group, Shell, When};

/// A case that waits for a meeting.
#[derive(Clone, Debug)]
pub struct MatterWaits {
    pub code: String,
    pub title: String,
    pub area: String,
    pub reason: String,
    pub since: When,
    /// Days it has waited.
    pub days: i64,
    /// Who put it there; none where the list of duties did.
    pub put_by: Option<String>,
    /// Address of the meeting that has it on its agenda.
    pub meeting: Option<String>,
    /// Whether it is ticked for the next agenda.
    pub ticked: bool,
}

/// What was typed into the form that calls a meeting.
#[derive(Clone, Debug, Default)]
pub struct MeetingForm {
    pub area: String,
    pub held: String,
    pub place: String,
    pub chair: String,
    /// Ids of the units that are ticked.
    pub units: Vec<String>,
}

/// `GET /meetings`; posts to it: `area`, `held` (a date and time of the city), `place`, `chair`, and `unit-ID` and
/// `case-CODE` = `yes`.
#[derive(Template)]
#[template(path = "process/meetings.html")]
pub struct MeetingsPage {
    pub shell: Shell,
    pub waiting: Vec<MatterWaits>,
    /// Days that half of them have waited at least.
    pub median: Option<i64>,
    pub may_call: bool,
    pub areas: Vec<Group>,
    pub units: Vec<Group>,
    pub form: MeetingForm,
}

/// A matter of the agenda.
#[derive(Clone, Debug)]
pub struct MatterLine {
    pub position: i64,
    pub code: String,
    pub title: String,
    pub reason: String,
    pub days: i64,
    /// Code of the family `decision`; none while it is open.
    pub decision: Option<String>,
    pub unit: String,
    pub words: String,
    /// Ids of the controls of its form.
    pub verdict_id: String,
    pub unit_id: String,
    pub words_id: String,
    pub template_id: String,
    /// Of the rows of a joint task.
    pub parts_id: String,
    pub rows: Vec<JointRow>,
    /// What the decision gave out.
    pub tasks: Vec<TaskLine>,
    /// Typed before, when its form comes back.
    pub typed_verdict: String,
    pub typed_unit: String,
    pub typed_words: String,
    pub typed_template: String,
}

/// A task or a part of the work that a decision gave out.
#[derive(Clone, Debug)]
pub struct TaskLine {
    pub unit: String,
    pub title: String,
    /// None while it waits for another.
    pub due: Option<When>,
}

/// A unit's part in a joint task: the first row is the unit that leads. Names `joint-unit-N`, `joint-title-N`,
/// `joint-days-N`.
#[derive(Clone, Debug)]
pub struct JointRow {
    /// Key of the label of the unit.
    pub label: &'static str,
    pub unit_name: String,
    pub title_name: String,
    pub days_name: String,
    pub unit_id: String,
    pub title_id: String,
    pub days_id: String,
    pub unit: String,
    pub title: String,
    pub days: String,
}

/// `GET /meetings/{id}`: the minutes. Posts to it: `case`, `verdict` (of the family), `unit`, `template`, the rows of [`JointRow`],
/// `words`.
#[derive(Template)]
#[template(path = "process/meeting.html")]
pub struct MeetingPage {
    pub shell: Shell,
    pub id: String,
    pub area: String,
    pub held: When,
    pub place: String,
    pub chair: String,
    pub units_invited: String,
    pub matters: Vec<MatterLine>,
    pub may_decide: bool,
    pub verdicts: Vec<Group>,
    pub units: Vec<Group>,
    pub templates: Vec<Group>,
}

/// How long matters waited, of one area or of all.
#[derive(Clone, Debug)]
pub struct WaitLine {
    pub area: String,
    pub count: usize,
    pub median: String,
    pub most: String,
}

/// A matter behind the figures.
#[derive(Clone, Debug)]
pub struct WaitedCase {
    pub code: String,
    pub title: String,
    pub area: String,
    pub waited: String,
    pub decided: When,
    /// Code of the family `decision`.
    pub decision: String,
    pub meeting: Option<String>,
}

/// `GET /meetings/waits?from=&to=`: how long what no single unit owns waited for a decision.
#[derive(Template)]
#[template(path = "process/waits.html")]
pub struct WaitsPage {
    pub shell: Shell,
    pub from: String,
    pub to: String,
    pub whole: Option<WaitLine>,
    pub areas: Vec<WaitLine>,
    pub cases: Vec<WaitedCase>,
    /// Cases in all, of which the first are shown.
    pub total: usize,
    pub cut: bool,
}
