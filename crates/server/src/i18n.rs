//! Words in the reader's language: one Fluent file per language in `web/translations`, Chinese first.
//!
//! A key that is missing shows as `⟦key⟧`, so that a person and the test both see it. Keys built from a stored code
//! (`state-working`) belong to a family in [`FAMILIES`]; every other key stands as a literal in a template or in this crate.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use muster_core::evaluate::Measure;
use muster_core::pack::ClockKind;
use muster_core::send::Send;
use muster_core::time::clock::BudgetUnit;
use unic_langid::LanguageIdentifier;

/// The source text of both translation files, for the test that compares their keys.
pub const SOURCES: [(Lang, &str); 2] = [
    (Lang::Zh, include_str!("../../../web/translations/zh-CN.ftl")),
    (Lang::En, include_str!("../../../web/translations/en.ftl")),
];

/// Families of keys completed by a code from the record: (prefix, codes that must exist in every language).
pub const FAMILIES: &[(&str, &[&str])] = &[
    ("edition", &["full", "open"]),
    ("against", &["before", "year-before"]),
    ("than", &["before", "year-before"]),
    ("about", &["area", "class"]),
    (
        "report-part",
        &["whole", "months", "exceptions", "areas", "classes", "grid", "channels", "kinds", "cases", "formulas"],
    ),
    ("report-verdict", &["approve", "publish", "withdraw"]),
    ("report-verdict-hint", &["approve", "publish"]),
    ("report-file", &["report-pdf", "report-xlsx", "datapackage-json", "received-csv", "indicators-csv", "months-csv"]),
    ("report-class", &["other"]),
    ("report-sheet", &["grid", "cases"]),
    ("report-state", &["draft", "approved", "published", "withdrawn", "superseded"]),
    ("request-kind", &muster_core::pack::RequestKind::CODES),
    ("need-state", &["open", "filled", "done", "expired", "cancelled"]),
    ("need-priority", &["1", "2", "4", "8"]),
    ("offer", &["invited", "accepted", "declined", "expired", "withdrawn", "checked_in", "done", "no_show"]),
    ("offer-own", &["invited", "accepted", "declined", "expired", "withdrawn", "checked_in", "done", "no_show"]),
    ("weekday", &["1", "2", "3", "4", "5", "6", "7"]),
    ("resource", &["volunteer", "organisation", "service", "venue", "vehicle", "stock"]),
    ("branch", &["community", "professional", "emergency"]),
    ("ask-way", &["page", "phone", "sms", "mail"]),
    (
        "bar",
        &[
            "left",
            "paused",
            "consent",
            "guardian",
            "stale",
            "hours",
            "age",
            "insurance",
            "skills",
            "taken",
            "capacity",
            "far",
            "budget",
            "again",
        ],
    ),
    ("bar-own", &["paused", "consent", "guardian", "stale", "hours"]),
    ("certificate", &["open", "verified", "refused", "revoked", "expired"]),
    ("resources-show", &["stale", "waiting"]),
    ("bulk", &["accept", "assign", "note"]),
    ("way", &["mail", "sms", "chat", "push", "letter"]),
    ("goods-figure", &["reached", "idle"]),
    ("consignment", &["committed", "sent", "settled", "released"]),
    (
        "trail",
        &[
            "donated",
            "committed",
            "released",
            "sent",
            "received",
            "returned",
            "lost",
            "spoiled",
            "more",
            "fewer",
            "reversed",
            "signed",
        ],
    ),
    ("send", &Send::CODES),
    ("hear", &["none", "sms", "mail", "chat", "letter"]),
    ("hotspot", &["new", "taken", "dismissed"]),
    ("room-state", &["ordered", "framed", "running", "signed", "cancelled"]),
    ("room-step", &["order", "frame", "draw", "people", "until", "sign", "correct", "cancel"]),
    ("room-side", &["resident", "unit", "staff", "system"]),
    ("strata", &["all", "area", "unit", "class"]),
    ("allocation", &["proportional", "equal", "neyman"]),
    ("practice", &["proposed", "accepted", "rejected", "retired"]),
    ("practice-do", &["accept", "reject", "retire", "publish", "withdraw"]),
    ("practice-act", &["proposed", "edited", "accept", "reject", "retire", "publish", "withdraw"]),
    ("practice-side", &["before", "after", "told", "solved", "taken"]),
    ("likeness", &["close", "near", "some"]),
    ("level", &["province", "city", "county", "township", "community", "grid"]),
    ("finding-source", &["indicator", "hotspot", "patrol", "evaluator", "audit", "interview", "signal", "topic"]),
    (
        "finding-stage",
        &[
            "found",
            "dropped",
            "registered",
            "claimed",
            "planned",
            "fixing",
            "own_checked",
            "checked",
            "published",
            "struck_off",
        ],
    ),
    (
        "finding-step",
        &[
            "note",
            "register",
            "drop",
            "claim",
            "plan",
            "begin",
            "check_own",
            "accept",
            "send_back",
            "publish",
            "strike",
            "hold",
            "reopen",
        ],
    ),
    ("programme-when", &["past", "now", "ahead"]),
    ("programme-standing", &["reached", "few", "nothing", "none"]),
    ("programme-kind", &["milestone", "task"]),
    ("programme-state", &["open", "reported", "done", "cancelled"]),
    ("programme-step", &["report", "accept", "send_back", "move", "cancel"]),
    ("finding-group", &["open", "late", "struck", "all"]),
    ("finding-next", &["found", "registered", "claimed", "planned", "fixing", "own_checked", "checked", "published"]),
    ("score-mark", &["good", "failed", "unrated"]),
    ("score-standing", &["provisional", "appealed", "ruled", "final", "replaced"]),
    ("exempt", &["exclusion", "blameless"]),
    ("interview", &["due", "called", "held"]),
    ("signal", &["new", "explained", "followed"]),
    ("detector", &["spike", "reopen", "template", "pause", "exclusion", "ping_pong", "instant"]),
    ("detect", &["spike", "reopen", "template", "pause", "exclusion", "ping_pong", "instant"]),
    ("verdict", &["owner", "amend", "joint", "plan", "up", "postponed"]),
    ("entry", &["charge", "pledge", "payment", "refund", "waive"]),
    ("decision", &["owner", "joint", "up", "postponed"]),
    ("part-state", &["waiting", "assigned", "accepted", "done", "cancelled"]),
    ("budget-unit", &BudgetUnit::CODES),
    ("model", &["proposed", "adopted", "rejected", "retired"]),
    ("model-do", &["adopt", "reject", "retire"]),
    ("language", &["latin", "other"]),
    ("case-knows", &["open", "seen"]),
    ("hint", &["off-matter", "short", "passed-on", "no-basis", "no-date", "no-contact"]),
    (
        "state",
        &[
            "received", "triage", "assigned", "accepted", "working", "answered", "closed", "refused", "parked",
            "reopened",
        ],
    ),
    ("outcome", &["fixed", "partly", "explained", "not_fixed", "out_of_scope"]),
    (
        "role",
        &[
            "resident",
            "volunteer",
            "operator",
            "grid_worker",
            "unit_handler",
            "coordinator",
            "leader",
            "evaluator",
            "system_admin",
            "security_admin",
            "audit_admin",
        ],
    ),
    (
        "channel",
        &["web", "hotline", "wechat", "visit", "letter", "grid", "station", "chat", "mail", "api", "open311", "import"],
    ),
    ("urgency", &["routine", "soon", "urgent", "danger", "life_safety"]),
    ("due", &["left-days", "left-hours", "left-minutes", "late-days", "late-hours", "late-minutes"]),
    ("waits", &["unsure", "no-duty", "no-unit", "disputed", "elsewhere", "reopened"]),
    ("clock", &ClockKind::CODES),
    ("clock", &["part"]),
    ("asked", &["open", "granted", "refused", "void"]),
    ("budget", &BudgetUnit::CODES),
    ("owed", &["dispatch", "accept", "answer", "callback", "promise"]),
    ("contact", &["phone", "visit", "message"]),
    ("next", &ClockKind::CODES),
    ("period", &["days"]),
    ("chance", &["likely", "perhaps", "unlikely"]),
    ("refuse", &["not_a_request", "duplicate", "other_channel", "no_place", "abuse", "legal_process"]),
    ("dispute", &["not_our_duty", "wrong_area", "wrong_class", "needs_lead", "no_authority"]),
    ("tab", &["mine", "waiting", "late", "soon", "answered", "all"]),
    (
        "step",
        &[
            "created",
            "joined",
            "parted",
            "judged",
            "corrected",
            "assigned",
            "accepted",
            "answered",
            "disputed",
            "ruled",
            "refused",
            "reopened",
            "contact",
            "urge",
            "extend_ask",
            "extend",
            "extend_refuse",
            "park_ask",
            "park",
            "park_refuse",
            "resume",
            "supervise",
            "supervise_report",
            "send_up",
            "send_down",
            "send_back",
            "part_added",
            "part_done",
            "part_cancelled",
            "called_back",
            "closed",
            "noted",
            "revealed",
        ],
    ),
    ("indicator", &["received", "assigned"]),
    ("better", &["higher", "lower", "neither"]),
    ("measure", Measure::WORDS),
    ("queue", &["triage", "assigned", "working", "answered", "soon", "late"]),
    ("shade", &["good", "close", "short", "few", "plain"]),
    ("standing", &["few", "as_expected", "above", "below"]),
    ("side", &["denominator", "numerator", "rest"]),
    ("error", &["form", "400", "403", "404", "405", "408", "409", "413", "415", "422", "429", "500", "503"]),
    ("advice", &["form", "400", "403", "404", "405", "408", "409", "413", "415", "422", "429", "500", "503"]),
    ("formula", &["received", "assigned"]),
    (
        "problem",
        &[
            "room-title-missing",
            "room-agency-missing",
            "room-days",
            "room-size",
            "room-least",
            "room-questionnaire",
            "room-evaluators",
            "room-source-missing",
            "room-source-past",
            "room-moved",
            "room-period",
            "room-source-drawn",
            "room-empty",
            "room-small",
            "room-seed-other",
            "room-number-early",
            "room-number-missing",
            "room-not-drawn",
            "room-until",
            "room-change",
            "room-answer-missing",
            "room-name",
            "room-unjudged",
            "room-over",
            "appeal-own",
            "practice-short",
            "practice-personal",
            "practice-copied",
            "practice-known",
            "finding-title-missing",
            "finding-words-missing",
            "finding-due-range",
            "finding-figure-missing",
            "finding-figure-unknown",
            "finding-hotspot-missing",
            "finding-hotspot-unknown",
            "finding-cases-many",
            "finding-same-person",
            "finding-own-unit",
            "finding-past-deadline",
            "finding-too-early",
            "finding-measure-missing",
            "finding-by-past",
            "finding-evidence-missing",
            "finding-public-missing",
            "finding-look-early",
            "finding-verdict-unknown",
            "source-unknown",
            "programme-days-wrong",
            "replay-faults",
            "replay-file-unknown",
            "programme-figure-unknown",
            "programme-target-missing",
            "programme-target-range",
            "programme-stage-unknown",
            "programme-name-missing",
            "programme-day-outside",
            "programme-title-twice",
            "programme-tasks-many",
            "programme-kind-unknown",
            "programme-file-wrong",
            "indicator-unknown",
            "need-title-missing",
            "need-address-missing",
            "need-case-closed",
            "need-part-unknown",
            "need-early",
            "head-range",
            "head-below",
            "priority-unknown",
            "risk-unknown",
            "risk-text-missing",
            "item-unknown",
            "minutes-range",
            "window-order",
            "window-past",
            "window-far",
            "window-part",
            "window-held",
            "offer-left",
            "offer-paused",
            "offer-consent",
            "offer-guardian",
            "offer-stale",
            "offer-hours",
            "offer-age",
            "offer-insurance",
            "offer-skills",
            "offer-taken",
            "offer-capacity",
            "offer-far",
            "offer-budget",
            "offer-again",
            "offer-nobody",
            "resource-unknown",
            "agreement-missing",
            "digits-wrong",
            "check-in-time",
            "served-range",
            "confirm-range",
            "no-show-early",
            "service-none",
            "skills-missing",
            "skill-unknown",
            "hours-missing",
            "hours-wrong",
            "reach-range",
            "capacity-range",
            "days-off-many",
            "born-wrong",
            "guardian-missing",
            "branch-unknown",
            "ask-way-missing",
            "ask-phone-missing",
            "ask-mail-missing",
            "at-once-booked",
            "consent-missing",
            "certificates-many",
            "certificate-skill",
            "certificate-title",
            "certificate-number",
            "certificate-expired",
            "kind-missing",
            "parent-unknown",
            "reached-missing",
            "urged-already",
            "contact-way-unknown",
            "text-missing",
            "text-short",
            "text-long",
            "stock-name-missing",
            "donor-missing",
            "expiry-missing",
            "expiry-wrong",
            "goods-expired",
            "goods-too-soon",
            "goods-quantity",
            "goods-more",
            "goods-full",
            "goods-beyond",
            "count-same",
            "count-kept",
            "need-unknown",
            "need-other-item",
            "need-over",
            "receiver-missing",
            "receipt-word",
            "place-long",
            "name-long",
            "area-missing",
            "area-foreign",
            "title-long",
            "class-unknown",
            "code-wrong",
            "period-reversed",
            "satisfied-range",
            "grant-refused",
            "no-duty",
            "no-unit",
            "password-long",
            "password-common",
            "password-name",
            "phone-invalid",
            "text-control",
            "from-missing",
            "photo-empty",
            "photo-large",
            "photo-gif",
            "photo-heic",
            "photo-pdf",
            "photo-svg",
            "photo-video",
            "photo-kind",
            "photo-pixels",
            "photo-broken",
            "photo-busy",
            "photo-gone",
            "photos-many",
            "login-wrong",
            "login-form",
            "login-taken",
            "name-form",
            "solved-missing",
            "reason-missing",
            "extension-amount",
            "extension-times",
            "request-open",
            "ground-unknown",
            "review-date",
            "supervision-open",
            "unit-same",
            "unit-level",
            "outside-list",
            "line-missing",
            "note-missing",
            "thread-full",
            "part-title-missing",
            "budget-unknown",
            "budget-range",
            "part-unknown",
            "part-circle",
            "parts-many",
            "result-missing",
            "plan-unknown",
            "date-wrong",
            "meeting-place-missing",
            "meeting-chair-missing",
            "agenda-empty",
            "agenda-long",
            "case-unknown",
            "case-taken",
            "minute-missing",
            "verdict-unknown",
            "time-wrong",
            "shares-no-plan",
            "shares-whole",
            "parties-count",
            "party-unknown",
            "party-name-missing",
            "party-twice",
            "party-kind",
            "share-range",
            "amount-wrong",
            "amount-range",
            "amount-more",
            "ledger-full",
            "entry-kind",
            "document-missing",
            "document-used",
            "dated-wrong",
            "own-request",
            "shares-unsettled",
            "waiver-open",
            "answer-missing",
            "evidence-missing",
            "outcome-unknown",
            "reason-unknown",
            "words-long",
            "cases-none",
            "cases-many",
            "view-name-missing",
            "view-name-long",
            "view-name-taken",
            "views-many",
            "views-shared-many",
            "code-repeated",
            "code-invalid",
            "name-invalid",
            "department-unknown",
            "name-missing",
            "name-control",
            "parent-missing",
            "parent-wrong",
            "time-early",
            "time-future",
            "text-empty",
            "text-too-long",
            "too-long",
            "area-empty",
            "area-unknown",
            "phone-malformed",
            "code-malformed",
            "secret-empty",
            "not-found",
            "login-failed",
            "name-empty",
            "password-empty",
            "password-short",
            "name-taken",
            "resolved-empty",
            "satisfaction-empty",
            "reason-empty",
            "category-unknown",
            "unit-unknown",
            "decision-unknown",
            "role-unknown",
            "outcome-empty",
            "evidence-empty",
            "channel-unknown",
            "period-unknown",
            "characters",
            "mail-missing",
            "mail-invalid",
            "phone-missing",
            "digest-hour",
            "push-service",
            "push-many",
            "time-form",
            "way-unknown",
            "letter-address",
            "other",
        ],
    ),
];

/// The languages the pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// Reads `zh` or `en` as the preference form sends it and the cookie keeps it.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak; Chinese when there is none.
    pub fn negotiate(header: &str) -> Self {
        header.split(',').find_map(|part| Self::parse(part.trim().get(..2)?)).unwrap_or_default()
    }

    /// The value kept in the cookie and sent by the form.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The value of the `lang` attribute (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static ZH: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Zh, SOURCES[0].1));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En, SOURCES[1].1));

fn bundle(lang: Lang, source: &str) -> Bundle {
    // An unreadable tag would only lose the plural rules; ours are constants and covered by the tests.
    let tag: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks would travel with copied codes and phone numbers.
    bundle.set_use_isolating(false);
    // A line Fluent cannot read is left out here and fails the test that compares the files.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
    bundle.add_resource_overriding(resource);
    bundle
}

/// Looks words up in one language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text {
    pub lang: Lang,
}

impl Text {
    /// The words of a key without variables.
    pub fn get(self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The same under the name that templates use of a page's shell.
    pub fn t(self, key: &str) -> Cow<'static, str> {
        self.get(key)
    }

    /// The words of a key with one variable, set as it stands.
    pub fn with(self, key: &str, name: &str, value: impl Display) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value.to_string());
        self.format(key, Some(&args)).into_owned()
    }

    /// The words of a key with two variables.
    pub fn with2(self, key: &str, name: &str, value: impl Display, other: &str, other_value: impl Display) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value.to_string());
        args.set(other, other_value.to_string());
        self.format(key, Some(&args)).into_owned()
    }

    /// The words of a key with the number `$n`, which chooses the plural form.
    pub fn count(self, key: &str, n: impl Display) -> String {
        let mut args = FluentArgs::new();
        let digits = n.to_string();
        args.set("n", FluentValue::try_number(&digits));
        self.format(key, Some(&args)).into_owned()
    }

    /// The words for a stored code of a family, such as `("state", "working")`.
    pub fn label(self, family: &str, code: &str) -> Cow<'static, str> {
        self.get(&format!("{family}-{code}"))
    }

    /// Whether the key exists in this language.
    pub fn has(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    fn bundle(self) -> &'static Bundle {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return Cow::Owned(format!("⟦{key}⟧"));
        };
        let mut errors = Vec::new();
        Cow::Owned(bundle.format_pattern(pattern, args, &mut errors).into_owned())
    }
}
