//! The performance of units: scores, appeals, what is left out, interviews, signals, and what is laid on communities.

use askama::Template;

use super::evaluate::Way;
use super::{Group, Shell, When};

/// One unit in the list of a term.
#[derive(Clone, Debug, Default)]
pub struct ScoreShown {
    pub id: String,
    pub unit: String,
    /// Points of each part in the order of the heads; `—` where too little was counted.
    pub cells: Vec<String>,
    pub points: String,
    /// Code of the family `score-mark`.
    pub mark: String,
    /// Code of the family `score-standing`.
    pub standing: String,
}

/// `GET /performance?term=`; posts to it: `term`, `area`.
#[derive(Template)]
#[template(path = "evaluate/performance.html")]
pub struct PerformancePage {
    pub shell: Shell,
    pub tabs: Vec<Way>,
    pub term: String,
    pub terms: Vec<Group>,
    /// The value of `terms` that is shown.
    pub asked: String,
    /// Name and weight of each part.
    pub parts: Vec<(String, i64)>,
    pub rows: Vec<ScoreShown>,
    pub weight: i64,
    pub pass: i64,
    pub least: i64,
    pub may_make: bool,
    pub areas: Vec<Group>,
    pub area: String,
}

/// A part of a score. `href` opens what missed it, or all of it.
#[derive(Clone, Debug, Default)]
pub struct LineShown {
    pub name: String,
    pub weight: i64,
    pub met: i64,
    pub missed: i64,
    pub excluded: i64,
    pub forgiven: i64,
    /// The ratio by the worth of the classes, in per cent.
    pub rate: String,
    pub points: String,
    pub zero: i64,
    pub full: i64,
    pub basis: String,
    pub met_href: Option<String>,
    pub missed_href: Option<String>,
}

/// A part of joint work that was counted.
#[derive(Clone, Debug, Default)]
pub struct JointShown {
    pub code: String,
    pub title: String,
    pub met: bool,
    /// Whether it was left out.
    pub exempt: bool,
}

/// A case that is left out, or shall be.
#[derive(Clone, Debug, Default)]
pub struct ExemptShown {
    pub id: String,
    pub code: String,
    pub title: String,
    /// Code of the family `exempt`.
    pub kind: String,
    pub ground: String,
    pub evidence: String,
    /// Code of the family `asked`.
    pub state: String,
    pub answer: String,
    pub asked: When,
    pub unit: String,
    /// Ids of the controls of its form.
    pub answer_id: String,
    pub typed: String,
    pub may_decide: bool,
}

/// Another version or term of a unit.
#[derive(Clone, Debug, Default)]
pub struct OtherScore {
    pub href: String,
    pub name: String,
    pub points: String,
    pub mark: String,
    pub standing: String,
}

/// An appeal and what came of it.
#[derive(Clone, Debug, Default)]
pub struct AppealShown {
    pub id: String,
    pub score: String,
    pub unit: String,
    pub term: String,
    pub part: String,
    pub reason: String,
    pub asked: When,
    pub decide_by: When,
    pub late: bool,
    /// Code of the family `asked`.
    pub state: String,
    pub answer: String,
    pub cases: Vec<ExemptShown>,
    pub answer_id: String,
    pub typed: String,
    pub may_decide: bool,
}

/// What was typed into the form of an appeal.
#[derive(Clone, Debug, Default)]
pub struct AppealForm {
    pub part: String,
    pub reason: String,
    pub cases: String,
    pub ground: String,
}

/// `GET /performance/{id}`; posts to `…/appeal` (`part`, `reason`, `cases`, `ground`) and `…/approve`.
#[derive(Template)]
#[template(path = "evaluate/score.html")]
pub struct ScorePage {
    pub shell: Shell,
    pub id: String,
    pub unit: String,
    pub term: String,
    pub version: i64,
    pub points: String,
    pub mark: String,
    pub standing: String,
    pub made: When,
    pub appeal_until: When,
    pub pack: String,
    /// What these points weigh in the yearly appraisal.
    pub yearly: String,
    pub weight: i64,
    pub pass: i64,
    pub lines: Vec<LineShown>,
    pub joint: Vec<JointShown>,
    pub exempt: Vec<ExemptShown>,
    pub appeal: Option<AppealShown>,
    pub versions: Vec<OtherScore>,
    pub terms: Vec<OtherScore>,
    /// What a row of failures means for the unit, and its basis.
    pub row: Option<(i64, String, String)>,
    pub interview: Option<String>,
    pub may_appeal: bool,
    pub may_approve: bool,
    pub parts: Vec<Group>,
    pub grounds: Vec<Group>,
    pub form: AppealForm,
}

/// `GET /performance/appeals`; posts to `/performance/appeals/{id}` and `/performance/exclusions/{id}`: `granted` (`yes`,
/// `no`), `answer`.
#[derive(Template)]
#[template(path = "evaluate/appeals.html")]
pub struct AppealsPage {
    pub shell: Shell,
    pub tabs: Vec<Way>,
    pub appeals: Vec<AppealShown>,
    pub exempt: Vec<ExemptShown>,
    pub ruled: Vec<OtherScore>,
}

/// One month and ground of what was left out.
#[derive(Clone, Debug, Default)]
pub struct ExemptCount {
    pub month: String,
    pub kind: String,
    pub ground: String,
    pub asked: i64,
    pub granted: i64,
    pub refused: i64,
}

/// `GET /performance/exclusions`: for everybody.
#[derive(Template)]
#[template(path = "evaluate/exclusions.html")]
pub struct ExclusionsPage {
    pub shell: Shell,
    pub tabs: Vec<Way>,
    pub counts: Vec<ExemptCount>,
    /// Kind, ground.
    pub grounds: Vec<(String, String)>,
}

/// `GET /performance/exclusions/new?case=`; posts to itself: `unit`, `case`, `ground`, `evidence`.
#[derive(Template)]
#[template(path = "evaluate/exclusion_new.html")]
pub struct ExclusionNewPage {
    pub shell: Shell,
    pub tabs: Vec<Way>,
    pub units: Vec<Group>,
    pub grounds: Vec<Group>,
    pub unit: String,
    pub case: String,
    pub ground: String,
    pub evidence: String,
    pub asked: Vec<ExemptShown>,
}

#[derive(Clone, Debug, Default)]
pub struct InterviewShown {
    pub id: String,
    pub unit: String,
    pub term: String,
    pub failures: i64,
    /// Code of the family `interview`.
    pub state: String,
    pub held: Option<When>,
    pub place: String,
}

/// `GET /interviews`
#[derive(Template)]
#[template(path = "evaluate/interviews.html")]
pub struct InterviewsPage {
    pub shell: Shell,
    pub tabs: Vec<Way>,
    pub interviews: Vec<InterviewShown>,
    pub failures: i64,
    pub basis: String,
}

/// What was typed into the summons.
#[derive(Clone, Debug, Default)]
pub struct SummonsForm {
    pub held: String,
    pub place: String,
    pub chair: String,
    pub why: String,
    pub record: String,
}

/// `GET /interviews/{id}`; posts to `…/call` (`held`, `place`, `chair`, `why`) and `…/record` (`record`).
#[derive(Template)]
#[template(path = "evaluate/interview.html")]
pub struct InterviewPage {
    pub shell: Shell,
    pub interview: InterviewShown,
    pub score: String,
    pub chair: String,
    pub why: String,
    pub record: String,
    pub recorded: Option<When>,
    pub may_call: bool,
    pub may_record: bool,
    /// Where a commitment is entered as a finding; `None` for those who only read.
    pub commit: Option<String>,
    pub form: SummonsForm,
}

/// A case behind a signal.
#[derive(Clone, Debug, Default)]
pub struct BehindCase {
    pub code: String,
    pub title: String,
    pub area: String,
    pub state: String,
}

#[derive(Clone, Debug, Default)]
pub struct SignalShown {
    pub id: String,
    pub unit: String,
    /// Code of the families `detector` and `detect`.
    pub detector: String,
    /// Code of the family `signal`.
    pub state: String,
    pub days: String,
    pub hits: i64,
    pub trials: i64,
    pub expected: String,
    pub chance: String,
    pub cases: Vec<BehindCase>,
    pub more: i64,
    pub words: String,
    pub words_id: String,
    pub typed: String,
    pub may_decide: bool,
}

/// `GET /performance/signals`; posts to `/performance/signals/{id}`: `verdict` (`explained`, `followed`), `words`.
#[derive(Template)]
#[template(path = "evaluate/signals.html")]
pub struct SignalsPage {
    pub shell: Shell,
    pub tabs: Vec<Way>,
    pub signals: Vec<SignalShown>,
}

/// One community.
#[derive(Clone, Debug, Default)]
pub struct BurdenShown {
    pub unit: String,
    pub tasks: i64,
    pub per_worker: String,
    pub outside: i64,
    /// Name of the category and how many.
    pub categories: Vec<(String, i64)>,
    pub again: i64,
    pub forms: i64,
    pub repeated: i64,
    pub calls: String,
    pub workers: i64,
}

/// `GET /performance/burden?term=`
#[derive(Template)]
#[template(path = "evaluate/burden.html")]
pub struct BurdenPage {
    pub shell: Shell,
    pub tabs: Vec<Way>,
    pub term: String,
    pub terms: Vec<Group>,
    pub asked: String,
    pub rows: Vec<BurdenShown>,
}
