//! Practices: how something was solved, and what the record says of how well it worked.

use askama::Template;

use super::process::{Pager, Row};
use super::{Group, Shell, When};

/// What the record says of a practice, in words. Empty words are not shown.
#[derive(Clone, Debug, Default)]
pub struct EffectShown {
    pub before: String,
    pub after: String,
    /// As a share of what it was, with its bounds.
    pub change: String,
    pub range: String,
    /// The count is small.
    pub small: bool,
    /// Nothing is said yet.
    pub early: bool,
    /// What residents said; empty where nobody was asked.
    pub told: String,
}

#[derive(Clone, Debug, Default)]
pub struct PracticeLine {
    pub id: String,
    pub title: String,
    pub class: String,
    pub area: String,
    /// Code of the family `level`.
    pub level: String,
    /// Code of the family `practice`.
    pub state: String,
    pub matter: String,
    pub public: bool,
    pub views: i64,
    pub uses: i64,
    pub effect: EffectShown,
}

/// One of the tabs of the list: a state with how many there are.
#[derive(Clone, Debug)]
pub struct PracticeTab {
    pub state: String,
    pub href: String,
    pub count: i64,
    pub current: bool,
}

/// `GET /practices?show=&q=&class=&level=&cursor=`.
#[derive(Template)]
#[template(path = "evaluate/practices.html")]
pub struct PracticesPage {
    pub shell: Shell,
    pub tabs: Vec<PracticeTab>,
    pub show: String,
    pub q: String,
    pub class: String,
    pub level: String,
    pub classes: Vec<Group>,
    pub levels: Vec<Group>,
    pub lines: Vec<PracticeLine>,
    pub total: i64,
    pub pager: Pager,
    /// This person may enter a model way.
    pub may_enter: bool,
}

/// What somebody writes. Posts `title`, `matter`, `measures`, `limits`, `category`, `area`, `version`.
#[derive(Clone, Debug, Default)]
pub struct PracticeForm {
    pub title: String,
    pub matter: String,
    pub measures: String,
    pub limits: String,
    pub category: String,
    pub area: String,
    pub version: String,
    pub categories: Vec<Group>,
    pub areas: Vec<Group>,
}

/// The case a practice is written from, to be read beside the form.
#[derive(Clone, Debug, Default)]
pub struct SourceCase {
    pub code: String,
    pub title: String,
    pub text: String,
    pub answer: String,
}

/// `GET /case/{code}/practice` and `GET /practices/new`.
#[derive(Template)]
#[template(path = "evaluate/practice_form.html")]
pub struct PracticeFormPage {
    pub shell: Shell,
    pub action: String,
    pub case: Option<SourceCase>,
    pub form: PracticeForm,
}

/// One wording or decision.
#[derive(Clone, Debug, Default)]
pub struct PracticeStep {
    pub version: i64,
    /// Code of the family `practice-act`.
    pub act: String,
    pub when: When,
    pub who: String,
    pub reason: String,
    /// The wording, where it was another than the one after it.
    pub old: Option<(String, String, String, String)>,
}

/// `GET /practices/{id}`. Posts to `/practices/{id}` (`verdict`, `reason`, `version`) and `/practices/{id}/edit`.
#[derive(Template)]
#[template(path = "evaluate/practice.html")]
pub struct PracticePage {
    pub shell: Shell,
    pub line: PracticeLine,
    pub measures: String,
    pub limits: String,
    /// Code and title of the case it came from, for whoever may see it.
    pub case: Option<(String, String)>,
    /// How the figures are made, in exact words.
    pub window_days: i64,
    pub least_days: i64,
    pub measured: Option<When>,
    pub taken: i64,
    pub told: i64,
    pub steps: Vec<PracticeStep>,
    /// Codes of the family `practice-do`.
    pub verdicts: Vec<&'static str>,
    pub version: String,
    pub reason: String,
    pub edit: Option<PracticeForm>,
    pub edit_open: bool,
}

/// `GET /practices/{id}/cases?side=`.
#[derive(Template)]
#[template(path = "evaluate/practice_cases.html")]
pub struct PracticeCasesPage {
    pub shell: Shell,
    pub id: String,
    pub title: String,
    /// Codes of the family `practice-side`, each with whether it is shown.
    pub sides: Vec<(&'static str, bool)>,
    pub rows: Vec<Row>,
    pub hidden: u64,
}

/// `GET /open/practices`: those a curator opened to everybody, without a link to a case.
#[derive(Template)]
#[template(path = "evaluate/open_practices.html")]
pub struct OpenPracticesPage {
    pub shell: Shell,
    pub q: String,
    pub class: String,
    pub classes: Vec<Group>,
    pub lines: Vec<PracticeLine>,
    pub total: i64,
    pub pager: Pager,
}

/// `GET /open/practices/{id}`.
#[derive(Template)]
#[template(path = "evaluate/open_practice.html")]
pub struct OpenPracticePage {
    pub shell: Shell,
    pub line: PracticeLine,
    pub measures: String,
    pub limits: String,
    pub window_days: i64,
}

/// One beside a case. Posts to `/case/{code}/practices/{id}/use`.
#[derive(Clone, Debug, Default)]
pub struct LikelyShown {
    pub line: PracticeLine,
    pub measures: String,
    /// Code of the family `likeness`.
    pub likeness: &'static str,
    pub same_class: bool,
    /// What the case says that stands in the practice too.
    pub words: Vec<String>,
    pub used: bool,
    pub may_use: bool,
}

/// What the page of a case shows of practices.
#[derive(Clone, Debug, Default)]
pub struct BesideCase {
    pub likely: Vec<LikelyShown>,
    /// Title of the one whose measures stand in the draft of the answer.
    pub drafted: Option<String>,
    /// The practice that came from this case.
    pub own: Option<String>,
    pub may_propose: bool,
}
