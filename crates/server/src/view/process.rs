//! Pages on which a case is worked on or watched: the resident's track, the inbox, triage, the case, and a conflict.

use askama::Template;

use super::photos::Shown;
use super::plan::PartLine;
use super::practices::{BesideCase, LikelyShown};
use super::way::{Sheet, Way};
use super::{Group, Shell, When};

/// A promise in words and as a time. `mood` is `late`, `soon` or `calm`; the words say the same without colour.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// Such as “还有 2 个工作日” or “超时 3 小时”.
    pub words: String,
    pub when: When,
    pub mood: &'static str,
}

/// One line of a case's history.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub when: When,
    /// Code of the family `step`.
    pub what: String,
    /// Unit or role that acted, as shown to this reader; empty for the system.
    pub who: String,
    pub text: String,
    /// Seen by staff only.
    pub internal: bool,
}

/// `GET /track` (the form) posts to `/track`: `code`, `secret`.
#[derive(Template)]
#[template(path = "process/track_form.html")]
pub struct TrackFormPage {
    pub shell: Shell,
    pub code: String,
}

/// Whether whoever owes something can be urged.
#[derive(Clone, Debug, Default)]
pub enum Urge {
    /// Nobody owes anything.
    #[default]
    Never,
    Now,
    /// They were; again from then on.
    From(When),
}

/// What only the holder of the secret sees.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Carried by the forms of the page in the hidden field `secret`.
    pub secret: String,
    pub text: String,
    pub place: String,
    /// The reporter's own.
    pub photos: Vec<Shown>,
    pub history: Vec<Step>,
    /// Between them and the unit.
    pub thread: Vec<super::side::Line>,
    pub answer: Option<Answer>,
    /// How they hear what becomes of it.
    pub hear: HearForm,
    /// Who bears the cost of a joint project.
    pub money: Option<super::shares::Money>,
    /// Their report was joined to another's case and may leave it.
    pub may_part: bool,
    /// The case waits for the resident's word.
    pub may_rate: bool,
    pub may_reopen: bool,
    pub urge: Urge,
    /// What the resident typed, when the form comes back.
    pub rating: RatingForm,
}

/// Posts to `/track/{code}/hear`: `way`, and `letter` where that is a letter.
#[derive(Clone, Debug, Default)]
pub struct HearForm {
    /// Codes of the family `hear`.
    pub ways: Vec<&'static str>,
    /// As typed, or as it is.
    pub chosen: String,
    /// As it is: one of `ways`, or `none`.
    pub now: &'static str,
    pub letter: String,
}

#[derive(Clone, Debug)]
pub struct Answer {
    /// Code of the family `outcome`.
    pub outcome: String,
    pub unit: String,
    pub text: String,
    pub when: When,
}

/// The five answers to “satisfied?”, as sent and as shown.
pub const SATISFACTION: [(&str, &str); 5] =
    [("5", "rate-5"), ("4", "rate-4"), ("3", "rate-3"), ("2", "rate-2"), ("1", "rate-1")];

#[derive(Clone, Debug, Default)]
pub struct RatingForm {
    /// `yes`, `partly` or `no`.
    pub resolved: String,
    /// `1` (very dissatisfied) to `5` (very satisfied).
    pub satisfaction: String,
    pub comment: String,
    pub reason: String,
    pub line: String,
}

/// `/track/{code}`. With `opened`, posts to `/track/{code}/callback` (`secret`, `resolved`, `satisfaction`, `comment`) and
/// `/track/{code}/reopen` (`secret`, `reason`); without, posts the secret to `/track`.
#[derive(Template)]
#[template(path = "process/track.html")]
pub struct TrackPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub class: String,
    pub unit: Option<String>,
    /// Code of the family `state`.
    pub state: String,
    pub way: Way,
    pub sheet: Sheet,
    pub received: When,
    pub opened: Option<Opened>,
}

impl TrackPage {
    /// Somebody handles the case and reads what the resident writes.
    fn is_open(&self) -> bool {
        !matches!(self.state.as_str(), "closed" | "refused")
    }
}

/// One line of the inbox.
#[derive(Clone, Debug)]
pub struct Row {
    pub code: String,
    pub title: String,
    pub area: String,
    pub unit: String,
    pub state: String,
    pub urgency: String,
    pub due: Option<Due>,
    /// Reports joined to the case.
    pub reports: u64,
    pub version: i64,
    /// Names of who has it open now.
    pub around: String,
}

/// Links to the first and the next page of a list; a cursor is part of the address.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    pub first: Option<String>,
    pub next: Option<String>,
}

/// A part of the work of a case, in the list of the unit that owes it.
#[derive(Clone, Debug)]
pub struct Owed {
    pub case: String,
    pub number: i64,
    pub title: String,
    pub case_title: String,
    /// Code of the family `part-state`.
    pub state: &'static str,
    pub due: Option<Due>,
}

/// A run of the text; `weighed` runs are marked because they decided the likeliest class.
#[derive(Clone, Debug)]
pub struct Run {
    pub text: String,
    pub weighed: bool,
}

/// One likely class of a report.
#[derive(Clone, Debug)]
pub struct Likely {
    pub category: String,
    pub label: String,
    /// Code of the family `chance`, and the probability as a whole percentage.
    pub chance: String,
    pub percent: u8,
    /// The words that weighed.
    pub words: Vec<String>,
    /// The unit that would lead under this class; `None` when the duty list names none.
    pub unit: Option<String>,
}

/// The case a person decides about. Forms post to `/triage/{code}`: `version`, `category`, `unit`;
/// and to `/triage/{code}/refuse`: `version`, `reason`, `note`.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub code: String,
    pub version: String,
    pub text: Vec<Run>,
    pub area: String,
    pub place: String,
    pub channel: String,
    pub received: When,
    pub due: Due,
    /// Why it waits, in a sentence.
    pub why: String,
    pub likely: Vec<Likely>,
    /// What others did in a matter like this one.
    pub practices: Vec<LikelyShown>,
}

/// `GET /triage?case=CODE`.
#[derive(Template)]
#[template(path = "process/triage.html")]
pub struct TriagePage {
    pub shell: Shell,
    pub case: Option<Waiting>,
    pub categories: Vec<Group>,
    pub units: Vec<Group>,
    /// Coded reasons for refusing, as the pack lists them.
    pub refusals: Vec<Group>,
    /// Typed before, when a form comes back.
    pub category: String,
    pub unit: String,
    pub reason: String,
    pub note: String,
    /// The others that wait, most pressing first.
    pub queue: Vec<Row>,
    pub total: u64,
}

/// One running or finished promise, with the lines that explain its due time.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Rungs of the ladder passed, each with its time.
    pub rungs: Vec<(String, When)>,
    pub label: String,
    pub due: Due,
    /// Such as “从 11月23日 周一 09:30 起”, “加 5 个工作日”, “跳过 11月28日、29日（周末）”.
    pub lines: Vec<String>,
}

/// Who reported: masked until somebody says why they must see.
#[derive(Clone, Debug, Default)]
pub struct Reporter {
    /// Such as 王** and 139****1234; empty when the report is nameless.
    pub name: String,
    pub phone: String,
    pub on_behalf: bool,
    pub revealed: bool,
}

/// What sensing, or a person, decided and why.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub class: String,
    pub chance: String,
    pub percent: u8,
    pub words: Vec<String>,
    /// Legal or policy basis of the duty.
    pub basis: String,
    /// The number to call at once, if it happens now.
    pub call: Option<String>,
    /// Groups of people named.
    pub groups: Vec<String>,
    /// Places named, each with the area it is known to lie in.
    pub places: Vec<String>,
    /// Code of the family `language`, where it is not Chinese.
    pub language: Option<&'static str>,
    /// Version of the model; empty when a person decided.
    pub by: String,
}

/// The acts this person may do now; each `true` shows its form.
#[expect(clippy::struct_excessive_bools, reason = "each act is offered or not, independently of the others")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Acts {
    pub accept: bool,
    pub answer: bool,
    pub dispute: bool,
    pub assign: bool,
    pub reveal: bool,
}

/// What was typed into the forms of the case page, when one of them comes back.
#[derive(Clone, Debug, Default)]
pub struct CaseForms {
    pub outcome: String,
    pub text: String,
    pub evidence: String,
    /// What the answer may lack, in words; `None` where nobody asked.
    pub hints: Option<Vec<String>>,
    pub dispute_reason: String,
    pub dispute_note: String,
    pub assign_unit: String,
    pub assign_reason: String,
    pub reveal_reason: String,
}

/// One report of a case: what it said, and whether its reporter knows what became of it.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: String,
    pub text: String,
    pub channel: String,
    pub when: When,
    /// The report that opened the case; its text stands above.
    pub first: bool,
    /// `none` while there is nothing to know, then `open` or `seen`.
    pub knows: &'static str,
    pub seen: Option<When>,
    pub may_part: bool,
    pub may_tell: bool,
}

/// `/case/{code}`. Forms post to `/case/{code}/accept` (`version`), `/answer` (`version`, `outcome`, `text`, `evidence`,
/// `check` = `yes` to have it read first),
/// `/dispute` (`version`, `reason`, `note`), `/assign` (`version`, `unit`, `reason`), `/reveal` (`reason`).
/// Ids of the controls, for problems: `outcome`, `text`, `evidence`, `dispute-reason`, `dispute-note`, `assign-unit`,
/// `assign-reason`, `reveal-reason`.
#[derive(Template)]
#[template(path = "process/case.html")]
pub struct CasePage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub version: String,
    pub way: Way,
    pub sheet: Sheet,
    /// Who else has it open now.
    pub around: Vec<super::presence::Present>,
    pub title: String,
    pub state: String,
    pub urgency: String,
    pub area: String,
    pub place: String,
    pub unit: String,
    pub channel: String,
    pub received: When,
    pub reports: u64,
    pub text: String,
    pub told: Vec<Told>,
    pub photos: Vec<Shown>,
    /// Parts of the work.
    pub parts: Vec<PartLine>,
    /// Required parts that are open: the answer waits for them.
    pub parts_wait: u64,
    pub may_part: bool,
    pub reporter: Reporter,
    pub judgement: Option<Judgement>,
    pub clocks: Vec<Clock>,
    pub history: Vec<Step>,
    pub acts: Acts,
    pub outcomes: Vec<Group>,
    pub dispute_reasons: Vec<Group>,
    pub units: Vec<Group>,
    pub side: super::side::Side,
    pub practices: BesideCase,
    pub forms: CaseForms,
}

impl CasePage {
    /// Whether there is more to say of the reports than that there is one.
    fn tells(&self) -> bool {
        self.told.len() > 1 || self.told.iter().any(|report| report.knows != "none")
    }
}

/// Something typed that the server could not take, shown so that it can be kept. `name` is the form field.
#[derive(Clone, Debug)]
pub struct Typed {
    pub name: String,
    pub label: String,
    pub value: String,
    /// Words for a coded value, such as an outcome; it is then carried along instead of edited.
    pub shown: Option<String>,
}

/// 409: somebody else changed the case meanwhile. Posts the same fields again to `action`, with the new `version`.
#[derive(Template)]
#[template(path = "process/conflict.html")]
pub struct ConflictPage {
    pub shell: Shell,
    pub code: String,
    pub version: String,
    pub action: String,
    /// What happened since, newest last.
    pub since: Vec<Step>,
    pub state: String,
    pub typed: Vec<Typed>,
    /// False when the act is no longer possible in the new state; then only the text is kept.
    pub may_resend: bool,
}
