//! Pages of those who can help: joining, one's own entry, and the registry of staff.

use askama::Template;

use super::process::Pager;
use super::qr::Qr;
use super::{Areas, Choice, Group, Shell, When};

/// A box to tick: what the form sends, what it says, whether it is ticked.
#[derive(Clone, Debug, Default)]
pub struct Tick {
    pub value: String,
    pub label: String,
    pub on: bool,
}

#[derive(Clone, Debug, Default)]
pub struct SkillTick {
    pub tick: Tick,
    /// Counts with a certificate only.
    pub certificate: bool,
}

#[derive(Clone, Debug, Default)]
pub struct WeekDay {
    pub label: String,
    /// One for each part of the day.
    pub ticks: Vec<Tick>,
}

/// When, where and for what somebody may be asked. Field names equal those of the form.
#[derive(Clone, Debug, Default)]
pub struct OfferForm {
    pub areas: Areas,
    pub area: String,
    pub skills: Vec<SkillTick>,
    /// The parts of a day, such as `06:00–12:00`.
    pub parts: Vec<String>,
    pub week: Vec<WeekDay>,
    pub reaches: Vec<Group>,
    pub reach: String,
    pub capacities: Vec<Group>,
    pub capacity: String,
    pub ways: Vec<Tick>,
    pub mail: String,
}

/// `GET /help/join`; posts to itself.
#[derive(Template)]
#[template(path = "dispatch/join.html")]
pub struct JoinPage {
    pub shell: Shell,
    pub name: String,
    pub phone: String,
    /// `adult` or `minor`.
    pub age: String,
    pub born: String,
    pub guardian: String,
    pub consent: bool,
    pub form: OfferForm,
    /// Open needs, and the helpers they still look for.
    pub wanted: (i64, i64),
    pub assured_days: u32,
    pub week_most: u32,
}

/// The slip, shown once.
#[derive(Template)]
#[template(path = "dispatch/joined.html")]
pub struct JoinedPage {
    pub shell: Shell,
    pub code: Vec<String>,
    pub secret: Vec<String>,
    /// Where one's own page is, without the secret.
    pub address: String,
    pub qr: Option<Qr>,
}

/// `GET /help/me`; posts to itself.
#[derive(Template)]
#[template(path = "dispatch/me_form.html")]
pub struct MeFormPage {
    pub shell: Shell,
    pub code: String,
}

#[derive(Clone, Debug, Default)]
pub struct CertificateShown {
    pub id: String,
    pub what: String,
    pub title: String,
    /// `open`, `verified`, `refused`, `revoked` or, when it has run out, `expired`.
    pub state: String,
    pub expires: String,
    pub reason: String,
}

/// A certificate that is being entered. Field names equal those of the form.
#[derive(Clone, Debug, Default)]
pub struct CertificateForm {
    pub kinds: Vec<Group>,
    pub skill: String,
    pub title: String,
    pub number: String,
    pub expires: String,
}

/// One's own page.
#[derive(Template)]
#[template(path = "dispatch/me.html")]
pub struct MePage {
    pub shell: Shell,
    pub offers: Vec<super::needs::OfferShown>,
    pub code: String,
    pub code_groups: Vec<String>,
    pub secret: String,
    pub name: String,
    pub phone: String,
    pub paused: bool,
    /// Codes of why one is not asked.
    pub bars: Vec<&'static str>,
    pub assured: When,
    pub joined: When,
    pub assured_days: u32,
    pub asked: i64,
    pub agreed: i64,
    pub came: i64,
    pub version: i64,
    pub form: OfferForm,
    /// Days off that are kept, as `2026-12-24` with their words.
    pub days_off: Vec<Tick>,
    pub certificates: Vec<CertificateShown>,
    pub shown: CertificateForm,
}

/// One row of the registry.
#[derive(Clone, Debug, Default)]
pub struct ResourceLine {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub branch: String,
    pub area: String,
    pub skills: Vec<String>,
    pub paused: bool,
    pub stale: bool,
    pub assured: When,
}

/// `GET /resources`.
#[derive(Template)]
#[template(path = "dispatch/resources.html")]
pub struct ResourcesPage {
    pub shell: Shell,
    pub kinds: Vec<Group>,
    pub kind: String,
    pub areas: Vec<Group>,
    pub area: String,
    pub skills: Vec<Group>,
    pub skill: String,
    pub shows: Vec<Group>,
    pub show: String,
    pub total: i64,
    pub lines: Vec<ResourceLine>,
    pub pager: Pager,
    /// Whether this person may enter something.
    pub enters: bool,
    pub form: EnterForm,
    pub assured_days: u32,
}

/// What is being entered. Field names equal those of the form.
#[derive(Clone, Debug, Default)]
pub struct EnterForm {
    pub kinds: Vec<Group>,
    pub kind: String,
    pub name: String,
    pub areas: Areas,
    pub area: String,
    pub parent: String,
    pub skills: Vec<SkillTick>,
    pub parts: Vec<String>,
    pub week: Vec<WeekDay>,
    pub reach: String,
    pub capacity: String,
    pub at_once: String,
    pub ways: Vec<Tick>,
    pub phone: String,
    pub mail: String,
    /// Whether the form stands open, because something in it is wrong.
    pub open: bool,
}

impl OfferForm {
    fn mails(&self) -> bool {
        self.ways.iter().any(|way| way.value == "mail")
    }
}

impl EnterForm {
    fn mails(&self) -> bool {
        self.ways.iter().any(|way| way.value == "mail")
    }
}

/// Who a volunteer is, once somebody said why.
#[derive(Clone, Debug, Default)]
pub struct PersonShown {
    pub name: String,
    pub phone: String,
    pub mail: String,
    pub guardian: String,
}

/// `GET /resources/{code}`.
#[derive(Template)]
#[template(path = "dispatch/resource.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page of its own")]
pub struct ResourcePage {
    pub shell: Shell,
    pub line: ResourceLine,
    pub code_groups: Vec<String>,
    /// The secret of an entry just made, shown once.
    pub secret: Vec<String>,
    pub bars: Vec<&'static str>,
    /// Skills with whether they count today.
    pub skills: Vec<(String, bool)>,
    pub parts: Vec<String>,
    pub week: Vec<WeekDay>,
    pub reach: String,
    pub capacity: i64,
    pub at_once: i64,
    pub way: String,
    pub asked: i64,
    pub agreed: i64,
    pub came: i64,
    pub joined: When,
    pub minor: bool,
    pub insured_until: String,
    pub parent: Option<Choice>,
    pub members: Vec<Choice>,
    /// Entries with the same phone.
    pub alike: Vec<Choice>,
    pub certificates: Vec<CertificateShown>,
    /// Whether this person may decide here, see who it is, and add certificates.
    pub decides: bool,
    pub is_person: bool,
    /// Whether there is a number or an address to be seen, of a person or of whoever answers for it.
    pub has_contact: bool,
    /// Whether it may be written anew here, and the form for it; a volunteer does so alone.
    pub edits: bool,
    pub edit: EnterForm,
    pub version: i64,
    /// Whether it may be ended here, and the reason that was typed.
    pub ends: bool,
    pub end_reason: String,
    pub person: Option<PersonShown>,
    pub reason: String,
    pub shown: CertificateForm,
}
