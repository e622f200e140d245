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
    pub unit: String,
}

/// `GET /meetings`; posts to it: `area`, `held` (a date and time of the city), `place`, `chair`, `unit`, `case-CODE` = `yes`.
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
    /// Typed before, when its form comes back.
    pub typed_verdict: String,
    pub typed_unit: String,
    pub typed_words: String,
}

/// `GET /meetings/{id}`: the minutes. Posts to it: `case`, `verdict` (`owner`, `amend`, `up`, `postponed`), `unit`, `words`.
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
}
