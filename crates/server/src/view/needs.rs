//! Pages of help that is asked for: for anybody, for staff, for those invited and for those helped.

use askama::Template;

use super::qr::Qr;
use super::resources::SkillTick;
use super::{Areas, Group, Shell};

/// A need in a list.
#[derive(Clone, Debug, Default)]
pub struct NeedLine {
    pub code: String,
    pub title: String,
    pub area: String,
    /// When: the day and from when until when.
    pub window: String,
    /// Skills, or the item.
    pub what: String,
    /// Code of the family `need-state`.
    pub state: String,
    pub head: i64,
    pub filled: i64,
    pub missing: i64,
    pub urgent: bool,
    pub minutes: i64,
    pub risk: String,
    pub risk_text: String,
}

/// `GET /help`
#[derive(Template)]
#[template(path = "dispatch/help.html")]
pub struct HelpPage {
    pub shell: Shell,
    pub lines: Vec<NeedLine>,
    pub open: i64,
    pub helpers: i64,
}

/// `GET /needs`
#[derive(Template)]
#[template(path = "dispatch/needs.html")]
pub struct NeedsPage {
    pub shell: Shell,
    pub lines: Vec<NeedLine>,
    pub total: i64,
    pub all: bool,
    /// Code of the case whose needs these are, or empty.
    pub case: String,
    pub may_post: bool,
}

/// Field names equal those of the form.
#[derive(Clone, Debug, Default)]
pub struct NeedForm {
    /// Whether goods are asked for; else helpers.
    pub goods: bool,
    pub case: String,
    /// Number of the part of the case's work, or nothing.
    pub part: String,
    pub item: String,
    pub area: String,
    pub title: String,
    pub text: String,
    pub place: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    pub head: String,
    pub day: String,
    pub from: String,
    pub until: String,
    pub minutes: String,
    pub risk: String,
    pub risk_text: String,
    pub priority: String,
    pub vulnerable: bool,
}

/// `GET /needs/new`; posts to `/needs`.
#[derive(Template)]
#[template(path = "dispatch/need_form.html")]
pub struct NeedFormPage {
    pub shell: Shell,
    pub form: NeedForm,
    pub areas: Areas,
    pub skills: Vec<SkillTick>,
    /// Goods that the pack knows, each with its unit.
    pub items: Vec<Group>,
    pub risks: Vec<Group>,
    pub priorities: Vec<Group>,
}

/// What the one who is helped takes with them.
#[derive(Template)]
#[template(path = "dispatch/need_posted.html")]
pub struct NeedPostedPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub secret: Vec<String>,
    pub address: String,
    pub qr: Option<Qr>,
}

/// Somebody who can be invited, or cannot.
#[derive(Clone, Debug, Default)]
pub struct CandidateLine {
    pub code: String,
    pub name: String,
    pub km: String,
    /// In per cent.
    pub chance: i64,
    pub week: i64,
    pub when: String,
    /// Codes of the family `bar`; empty of one who can be invited.
    pub why: Vec<&'static str>,
}

#[derive(Clone, Debug, Default)]
pub struct OfferLine {
    pub id: String,
    pub resource: String,
    pub name: String,
    /// Code of the family `offer`.
    pub state: String,
    pub when: String,
    pub until: String,
    pub reason: String,
    pub digits: String,
    pub minutes: Option<i64>,
    pub confirmed: Option<i64>,
    pub may_withdraw: bool,
    pub may_miss: bool,
    pub may_confirm: bool,
    pub minutes_id: String,
    pub minutes_typed: String,
}

/// `GET /needs/{code}`
#[derive(Template)]
#[template(path = "dispatch/need.html")]
pub struct NeedPage {
    pub shell: Shell,
    pub need: NeedLine,
    pub code_groups: Vec<String>,
    pub case: String,
    pub text: String,
    pub place: String,
    pub vulnerable: bool,
    pub version: i64,
    pub offers: Vec<OfferLine>,
    pub candidates: Vec<CandidateLine>,
    pub barred: Vec<CandidateLine>,
    /// How many are asked at once.
    pub ask: usize,
    pub may_invite: bool,
    pub may_change: bool,
    pub head: String,
    pub priority: String,
    pub priorities: Vec<Group>,
    pub reason: String,
}

/// An invitation on the page of the one invited.
#[expect(clippy::struct_excessive_bools, reason = "each form is offered or not, independently of the others")]
#[derive(Clone, Debug, Default)]
pub struct OfferShown {
    pub id: String,
    pub state: String,
    pub title: String,
    pub text: String,
    pub area: String,
    pub place: String,
    pub when: String,
    pub minutes: i64,
    pub risk: String,
    pub risk_text: String,
    /// Until when an answer is waited for.
    pub until: String,
    pub waiting: bool,
    pub accepted: bool,
    pub here: bool,
    pub agreement: bool,
    /// Name, phone and address, after a yes.
    pub contact: Option<(String, String, String)>,
    pub said: Option<i64>,
    pub confirmed: Option<i64>,
    pub cancelled: String,
    pub digits_id: String,
    pub minutes_id: String,
    pub agreed_id: String,
}

/// Somebody who comes to the one who is helped.
#[derive(Clone, Debug, Default)]
pub struct HelperShown {
    pub id: String,
    pub name: String,
    pub when: String,
    pub state: String,
    pub digits: String,
    pub coming: bool,
    pub said: Option<i64>,
    pub confirmed: Option<i64>,
    pub may_confirm: bool,
    pub minutes_id: String,
}

/// `GET /serve/{code}`: the secret is asked for; posted, who comes and when.
#[derive(Template)]
#[template(path = "dispatch/serve.html")]
pub struct ServePage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub secret: String,
    pub opened: bool,
    pub title: String,
    pub window: String,
    pub state: String,
    pub helpers: Vec<HelperShown>,
}

/// `GET /verify/{code}`
#[derive(Template)]
#[template(path = "dispatch/verify.html")]
pub struct VerifyPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub holder: String,
    pub name: String,
    pub from: String,
    pub until: String,
    pub minutes: i64,
    pub times: i64,
    pub issued: String,
    pub genuine: bool,
    /// Why it was taken back.
    pub revoked: Option<String>,
    pub may_revoke: bool,
    pub reason: String,
}
