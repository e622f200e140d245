//! Findings (问题清单): the list, the form, one with its history, and what is public.

use askama::Template;

use super::process::Due;
use super::{Areas, Choice, Group, Shell, When};

/// A line of the list.
#[derive(Clone, Debug)]
pub struct FindingLine {
    pub id: String,
    pub title: String,
    /// Codes of the families `finding-source` and `finding-stage`.
    pub source: String,
    pub stage: String,
    pub area: String,
    pub unit: String,
    /// What is owed next, by when; none where nothing is.
    pub owed: Option<Due>,
    pub reopened: i64,
}

/// How many stand in a state.
#[derive(Clone, Debug)]
pub struct StageCount {
    pub stage: String,
    pub count: i64,
}

#[derive(Clone, Debug)]
pub struct GroupTab {
    /// Code of the family `finding-group`.
    pub code: &'static str,
    pub href: String,
    pub current: bool,
}

/// What stands in the address of the list.
#[derive(Clone, Debug, Default)]
pub struct FindingFilterForm {
    pub group: String,
    pub source: String,
    pub area: String,
    pub unit: String,
    /// Narrowed to what was seen in one figure or one hot spot.
    pub narrowed: bool,
}

/// `GET /findings?group=&source=&area=&unit=&indicator=&hotspot=`
#[derive(Template)]
#[template(path = "evaluate/findings.html")]
pub struct FindingsPage {
    pub shell: Shell,
    pub lines: Vec<FindingLine>,
    pub total: i64,
    pub late: i64,
    pub stages: Vec<StageCount>,
    pub tabs: Vec<GroupTab>,
    pub filter: FindingFilterForm,
    pub sources: Vec<Group>,
    pub areas: Vec<Group>,
    pub units: Vec<Group>,
    pub may_open: bool,
}

/// The figure a finding is opened from or was seen in.
#[derive(Clone, Debug)]
pub struct FindingFigure {
    pub name: String,
    /// Place, unit, class and days in words.
    pub scope: String,
    pub then: String,
    /// Both sides of the line, then and now.
    pub then_sides: String,
    /// Over as many days until today.
    pub now: Option<(String, String)>,
    /// The cases behind it.
    pub href: Option<String>,
}

/// Fields of the form; hidden ones keep the question it comes from.
#[derive(Clone, Debug, Default)]
pub struct FindingForm {
    pub source: String,
    pub area: String,
    pub unit: String,
    pub class: String,
    pub indicator: String,
    pub figure_unit: String,
    pub from: String,
    pub to: String,
    pub hotspot: String,
    pub title: String,
    pub words: String,
    pub due: String,
    pub cases: String,
}

/// `GET /findings/new?source=&area=&unit=&class=&indicator=&from=&to=&title=`, posts to `/findings`; or, for whoever only
/// notes, `GET` and `POST /findings/note`.
#[derive(Template)]
#[template(path = "evaluate/finding_form.html")]
pub struct FindingFormPage {
    pub shell: Shell,
    pub form: FindingForm,
    pub figure: Option<FindingFigure>,
    /// Name of the hot spot.
    pub hotspot: Option<String>,
    pub sources: Vec<Group>,
    pub areas: Areas,
    pub units: Vec<Group>,
    /// Without an owner and a deadline.
    pub note: bool,
    pub most_days: i64,
}

/// After something was noted.
#[derive(Template)]
#[template(path = "evaluate/finding_noted.html")]
pub struct FindingNotedPage {
    pub shell: Shell,
    pub days: u32,
}

#[derive(Clone, Debug)]
pub struct FindingCaseLine {
    pub code: String,
    pub title: String,
    pub state: String,
}

/// A line of the history.
#[derive(Clone, Debug)]
pub struct FindingStepLine {
    /// Code of the family `finding-step`.
    pub step: String,
    pub who: String,
    pub when: When,
    pub text: String,
    /// What it was judged by, or the day that was set.
    pub detail: String,
}

/// One station of its way.
#[derive(Clone, Debug)]
pub struct Station {
    /// Code of the family `finding-stage`.
    pub stage: &'static str,
    pub done: bool,
    pub current: bool,
}

/// What this person may do now.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page of its own")]
pub struct FindingActs {
    pub register: bool,
    pub claim: bool,
    pub plan: bool,
    pub begin: bool,
    pub check_own: bool,
    pub check: bool,
    /// They could, but have a hand in it.
    pub barred: bool,
    pub publish: bool,
    pub strike: bool,
    pub look: bool,
}

/// What was typed into one of its forms.
#[derive(Clone, Debug, Default)]
pub struct FindingTyped {
    pub unit: String,
    pub due: String,
    pub measure: String,
    pub by: String,
    pub evidence: String,
    pub title: String,
    pub words: String,
    pub reason: String,
}

/// `GET /findings/{id}`
#[derive(Template)]
#[template(path = "evaluate/finding.html")]
pub struct FindingPage {
    pub shell: Shell,
    pub line: FindingLine,
    pub version: i64,
    pub words: String,
    pub found: When,
    pub due: Option<When>,
    pub plan_due: Option<When>,
    pub measure: String,
    pub evidence: String,
    pub public_title: String,
    pub public_words: String,
    pub next_look: Option<When>,
    pub figure: Option<FindingFigure>,
    pub hotspot: Option<String>,
    pub cases: Vec<FindingCaseLine>,
    pub stations: Vec<Station>,
    pub steps: Vec<FindingStepLine>,
    pub acts: FindingActs,
    pub typed: FindingTyped,
    pub units: Vec<Group>,
}

/// What everybody may read of one.
#[derive(Clone, Debug)]
pub struct PublicFinding {
    pub title: String,
    pub words: String,
    pub area: String,
    pub unit: String,
    pub published: When,
    pub struck: Option<When>,
    pub reopened: bool,
}

/// `GET /open/findings?area=`
#[derive(Template)]
#[template(path = "evaluate/findings_open.html")]
pub struct PublicFindingsPage {
    pub shell: Shell,
    pub findings: Vec<PublicFinding>,
    pub total: i64,
    pub areas: Vec<Group>,
    pub area: String,
}

/// The sources to choose from.
pub fn sources(shell: &Shell, codes: &[&str]) -> Vec<Group> {
    let options = codes.iter().map(|code| Choice::new(*code, shell.label("finding-source", code))).collect();
    vec![Group { label: String::new(), options }]
}
