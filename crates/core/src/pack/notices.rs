//! What people are told by notices, in the city's words.

use serde::Serialize;

use super::section::Section;
use super::taxonomy::Name;
use crate::people::text_enum;

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
    }
}

impl Template {
    const CODES: [&'static str; 15] = [
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
    ];

    /// The gaps that its text may have.
    pub fn gaps(self) -> &'static [&'static str] {
        match self {
            Self::RungWarning => &["code", "clock", "share", "due", "unit"],
            Self::RungOverdue => &["code", "clock", "due", "unit"],
            _ => &["code", "unit"],
        }
    }
}

/// Characters of a title and of a body: one line of a list, and a short message of a phone.
const TITLE_MAX: usize = 60;
const BODY_MAX: usize = 200;

/// The words of one template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeText {
    pub title: Name,
    pub body: Name,
}

/// In the order of [`Template::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notices(Vec<NoticeText>);

impl Notices {
    pub(super) fn read(root: &Section) -> Self {
        root.only(&Template::CODES);
        let read = |template: &Template| {
            let Some(section) = root.table(template.as_str()) else {
                return NoticeText { title: Name::default(), body: Name::default() };
            };
            section.only(&["title", "body"]);
            let words = |key, max| section.table(key).map(|words| read_words(&words, *template, max));
            NoticeText {
                title: words("title", TITLE_MAX).unwrap_or_default(),
                body: words("body", BODY_MAX).unwrap_or_default(),
            }
        };
        Self(Template::ALL.iter().map(read).collect())
    }

    pub fn text(&self, template: Template) -> &NoticeText {
        &self.0[template as usize]
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
