//! What people are told by notices, in the city's words.

use serde::Serialize;

use super::section::Section;
use super::taxonomy::Name;
use crate::people::text_enum;
use crate::send::Quiet;
use crate::time::Timestamp;

text_enum! {
    /// What a notice says.
    Template {
        RungWarning = "rung_warning",
        RungOverdue = "rung_overdue",
        Assigned = "assigned",
        Answered = "answered",
        Closed = "closed",
        Reopened = "reopened",
        Extended = "extended",
        Parked = "parked",
        Resumed = "resumed",
        Ruled = "ruled",
        Supervised = "supervised",
        /// A unit wrote to the resident.
        Feedback = "feedback",
        ResidentWrote = "resident_wrote",
        /// Whoever waits has said so.
        Urged = "urged",
        Escalated = "escalated",
        /// Not accepted, with a reason and where to turn.
        Refused = "refused",
        /// A unit's score of a period is there, and may be appealed.
        Scored = "scored",
        /// A unit has appealed its score, and what came of it.
        Appealed = "appealed",
        AppealRuled = "appeal_ruled",
        /// What came of it that a case be left out of a score.
        ExclusionRuled = "exclusion_ruled",
        /// A unit has failed again and must be spoken with (约谈), and is called to it.
        InterviewDue = "interview_due",
        InterviewCalled = "interview_called",
        /// Somebody is asked to help.
        OfferInvited = "offer_invited",
        /// The time of help that they were asked for is another.
        OfferChanged = "offer_changed",
        OfferWithdrawn = "offer_withdrawn",
        /// Enough others have said yes.
        OfferFilled = "offer_filled",
        NeedFilled = "need_filled",
        /// Helpers are missing and nobody more can be asked.
        NeedShort = "need_short",
        /// Its time is over without all who were asked for.
        NeedExpired = "need_expired",
        /// A finding waits for whoever is told.
        FindingTurn = "finding_turn",
        /// What is owed beside the promises of cases: the next step of a finding, or a key task of the programme.
        OwedWarning = "owed_warning",
        OwedOverdue = "owed_overdue",
        /// A report of a period is written and waits for somebody else to approve it.
        ReportWaits = "report_waits",
    }
}

impl Template {
    const CODES: [&'static str; 33] = [
        "rung_warning",
        "rung_overdue",
        "assigned",
        "answered",
        "closed",
        "reopened",
        "extended",
        "parked",
        "resumed",
        "ruled",
        "supervised",
        "feedback",
        "resident_wrote",
        "urged",
        "escalated",
        "refused",
        "scored",
        "appealed",
        "appeal_ruled",
        "exclusion_ruled",
        "interview_due",
        "interview_called",
        "offer_invited",
        "offer_changed",
        "offer_withdrawn",
        "offer_filled",
        "need_filled",
        "need_short",
        "need_expired",
        "finding_turn",
        "owed_warning",
        "owed_overdue",
        "report_waits",
    ];

    /// The gaps that its text may have.
    pub fn gaps(self) -> &'static [&'static str] {
        match self {
            Self::RungWarning => &["code", "clock", "share", "due", "unit"],
            Self::RungOverdue => &["code", "clock", "due", "unit"],
            Self::Scored | Self::Appealed | Self::AppealRuled | Self::InterviewDue => &["unit", "period"],
            Self::InterviewCalled => &["unit", "due"],
            Self::OfferInvited => &["code", "due"],
            Self::OfferChanged | Self::OfferWithdrawn | Self::OfferFilled => &["code"],
            Self::NeedFilled | Self::NeedShort | Self::NeedExpired => &["code", "filled", "head"],
            Self::FindingTurn => &["title", "due"],
            Self::OwedWarning => &["title", "share", "due", "unit"],
            Self::OwedOverdue => &["title", "due", "unit"],
            Self::ReportWaits => &["area", "period"],
            _ => &["code", "unit"],
        }
    }
}

impl Template {
    /// What whoever reported is told of.
    pub const OF_REPORTERS: [Self; 9] = [
        Self::Answered,
        Self::Closed,
        Self::Reopened,
        Self::Extended,
        Self::Parked,
        Self::Resumed,
        Self::Feedback,
        Self::Escalated,
        Self::Refused,
    ];

    /// What whoever offered help is told of. The title is what goes to a phone, and `{code}` their own number.
    pub const OF_HELPERS: [Self; 4] = [Self::OfferInvited, Self::OfferChanged, Self::OfferWithdrawn, Self::OfferFilled];
}

/// Characters of a short message in one piece, with the code in its gap.
const SHORT_MAX: usize = 70;
/// As long as any code is, and any time.
const CODE: &str = "0000-0000-00000";
const DUE: &str = "0000-00-00 00:00";

/// Characters of a title and of a body: one line of a list, and a short message of a phone.
const TITLE_MAX: usize = 60;
const BODY_MAX: usize = 200;

/// The words of one template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeText {
    pub title: Name,
    pub body: Name,
}

/// How sending goes: when nobody is disturbed, and how often what failed is tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sending {
    /// For whoever chose none of their own.
    pub quiet: Quiet,
    /// Of a digest, unless another hour is chosen.
    pub digest_hour: u8,
    /// Tries after which a person decides.
    pub tries: u32,
    /// Microseconds after the first failure, doubled with each further one, and the most it grows to.
    pub first_wait: i64,
    pub most_wait: i64,
}

impl Sending {
    fn read(root: &Section) -> Self {
        let none = Self { quiet: Quiet { from: 0, until: 0 }, digest_hour: 0, tries: 1, first_wait: 1, most_wait: 1 };
        let Some(section) = root.table("sending") else { return none };
        section.only(&["quiet_from", "quiet_until", "digest_hour", "tries", "first_wait_seconds", "most_wait_seconds"]);
        let time = |key: &str| {
            minutes(&section.text(key)).unwrap_or_else(|| {
                section.fault(key, "not a time of day", "write \"HH:MM\", such as \"22:00\"");
                0
            })
        };
        let wait = |key: &str| section.int(key, 1..=7 * 86_400) * Timestamp::SECOND;
        let sending = Self {
            quiet: Quiet { from: time("quiet_from"), until: time("quiet_until") },
            digest_hour: section.int("digest_hour", 0..=23) as u8,
            tries: section.int("tries", 1..=50) as u32,
            first_wait: wait("first_wait_seconds"),
            most_wait: wait("most_wait_seconds"),
        };
        if sending.most_wait < sending.first_wait {
            section.fault("most_wait_seconds", "less than first_wait_seconds", "make it the same or more");
        }
        sending
    }
}

/// Minutes after midnight of `HH:MM`.
pub fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, below: u16| {
        let is_plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| is_plain && *number < below)
    };
    Some(number(hour, 24)? * 60 + number(minute, 60)?)
}

/// Texts in the order of [`Template::ALL`], and how they are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notices {
    texts: Vec<NoticeText>,
    /// In the order of [`Template::OF_REPORTERS`].
    short: Vec<Name>,
    pub sending: Sending,
}

impl Notices {
    pub(super) fn read(root: &Section) -> Self {
        root.only(&[&Template::CODES[..], &["sending", "reporters"]].concat());
        let read = |template: &Template| {
            let Some(section) = root.table(template.as_str()) else {
                return NoticeText { title: Name::default(), body: Name::default() };
            };
            section.only(&["title", "body"]);
            let words = |key, max| section.table(key).map(|words| read_words(&words, *template, max));
            if Template::OF_HELPERS.contains(template) {
                section.table("title").iter().for_each(check_phone);
            }
            NoticeText {
                title: words("title", TITLE_MAX).unwrap_or_default(),
                body: words("body", BODY_MAX).unwrap_or_default(),
            }
        };
        Self { texts: Template::ALL.iter().map(read).collect(), short: read_short(root), sending: Sending::read(root) }
    }

    pub fn text(&self, template: Template) -> &NoticeText {
        &self.texts[template as usize]
    }

    /// What whoever reported is told, short enough for a phone; `None` where it does not concern them.
    pub fn short(&self, template: Template) -> Option<&Name> {
        let place = Template::OF_REPORTERS.iter().position(|known| *known == template)?;
        self.short.get(place)
    }
}

/// What goes to a phone may be read by anybody beside it: the code is all that its gaps may hold.
fn read_short(root: &Section) -> Vec<Name> {
    let Some(section) = root.table("reporters") else { return Vec::new() };
    section.only(&Template::OF_REPORTERS.map(Template::as_str));
    let read = |template: &Template| {
        let Some(words) = section.table(template.as_str()) else { return Name::default() };
        words.only(&["zh", "en"]);
        let name = Name::read(&words);
        for (key, text) in [("zh", &name.zh), ("en", &name.en)] {
            match fill(text, |gap| (gap == "code").then(|| CODE.to_owned())) {
                Ok(filled) if filled.chars().count() > SHORT_MAX => {
                    let problem = format!("longer than {SHORT_MAX} characters with the code in it");
                    words.fault(key, problem, "shorten it: one short message holds no more");
                }
                Ok(_) => {}
                Err(gap) => words.fault(key, format!("unknown gap {{{gap}}}"), "the only gap here is {code}"),
            }
        }
        name
    };
    Template::OF_REPORTERS.iter().map(read).collect()
}

/// A title that goes to a phone.
fn check_phone(words: &Section) {
    let name = Name::read(words);
    for (key, text) in [("zh", &name.zh), ("en", &name.en)] {
        let long = |gap: &str| Some(if gap == "due" { DUE } else { CODE }.to_owned());
        if fill(text, long).is_ok_and(|filled| filled.chars().count() > SHORT_MAX) {
            let problem = format!("longer than {SHORT_MAX} characters with what stands in its gaps");
            words.fault(key, problem, "shorten it: one short message holds no more");
        }
    }
}

fn read_words(section: &Section, template: Template, max: usize) -> Name {
    section.only(&["zh", "en"]);
    let name = Name::read(section);
    for (key, text) in [("zh", &name.zh), ("en", &name.en)] {
        if text.chars().count() > max {
            section.fault(key, format!("longer than {max} characters"), "shorten it");
        }
        if let Err(gap) = fill(text, |gap| template.gaps().contains(&gap).then(String::new)) {
            let advice = format!("gaps of {template}: {{{}}}", template.gaps().join("}, {"));
            section.fault(key, format!("unknown gap {{{gap}}}"), advice);
        }
    }
    name
}

/// Puts words into the `{gaps}` of a text.
///
/// # Errors
/// The first gap that `word` has nothing for, or the rest of a text whose brace is not closed.
pub fn fill(text: &str, word: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (gap, after) = after.split_once('}').ok_or_else(|| after.to_owned())?;
        filled.push_str(before);
        filled.push_str(&word(gap).ok_or_else(|| gap.to_owned())?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}
