//! What a page shows, as plain data: one struct per page, one template per struct.
//!
//! Nothing here reads the store, the clock or a session. A handler fills a struct and renders it; every text that comes
//! from a person is escaped by the template. Times arrive as [`When`], already written in the city's zone.

pub mod board;
pub mod chart;
pub mod error;
pub mod evaluate;
pub mod findings;
pub mod goods;
pub mod hotspots;
pub mod inbox;
pub mod intake;
pub mod meetings;
pub mod models;
pub mod needs;
pub mod notices;
pub mod people;
pub mod performance;
pub mod period_reports;
pub mod photos;
pub mod plan;
pub mod practices;
pub mod presence;
pub mod process;
pub mod programme;
pub mod qr;
pub mod replays;
pub mod reporters;
pub mod resources;
pub mod room;
pub mod rooms;
pub mod sends;
pub mod shares;
pub mod side;
pub mod way;

use std::borrow::Cow;
use std::fmt::Display;

use crate::assets;
use crate::i18n::{Lang, Text};

/// A moment: `iso` for machines (RFC 3339 with offset), `text` for people (city's zone, with the weekday).
#[derive(Clone, Debug, Default)]
pub struct When {
    pub iso: String,
    pub text: String,
}

/// One entry of a select or a group of radio buttons. `value` is what the form sends.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// Choices under a heading; an empty `label` means no heading.
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub label: String,
    pub options: Vec<Choice>,
}

/// The areas a form offers. A long list (`searchable`) becomes a text field with suggestions, which then sends the
/// label a person typed or picked; a short one becomes a select, which sends the value. Handlers accept both.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    pub groups: Vec<Group>,
    pub searchable: bool,
}

/// Something wrong with one field: shown in the summary on top and beside the field itself.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The `name` and `id` of the form control.
    pub field: String,
    pub message: String,
}

/// A short word above the page after an act: what was done, or what could not be.
#[derive(Clone, Debug)]
pub struct Notice {
    pub good: bool,
    pub text: String,
}

/// Size of the type: the ordinary page, or the elder version in one of three sizes (px of body text).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Elder {
    #[default]
    Off,
    Large,
    Larger,
    Largest,
}

impl Elder {
    pub const SIZES: [Self; 3] = [Self::Large, Self::Larger, Self::Largest];

    /// Reads the value the preference form sends and the cookie keeps.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Off, Self::Large, Self::Larger, Self::Largest].into_iter().find(|size| size.code() == code)
    }

    /// `off`, or the size of body text in px (工信部 2021: at least 18, adjustable to at least 30).
    pub fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Large => "20",
            Self::Larger => "25",
            Self::Largest => "30",
        }
    }
}

/// A link in the head of the page. `label` is already in the reader's language.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub href: String,
    pub label: String,
    /// What `aria-current` says: `page` on the page itself, `true` on one behind it.
    pub current: Option<&'static str>,
    /// A true count to show beside the word, such as cases waiting.
    pub count: Option<u64>,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    /// The code of the role, such as `unit_handler`.
    pub role: String,
    /// The unit or area the person acts for, as shown.
    pub place: String,
    pub nav: Vec<NavItem>,
    /// The second row: what is in the current part of the first.
    pub nav_within: Vec<NavItem>,
}

/// What every page has around its content.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    pub text: Text,
    pub elder: Elder,
    /// Sent back by every form as the hidden field `csrf`.
    pub csrf: String,
    pub person: Option<Person>,
    /// Title of the page in the reader's language, without the product's name.
    pub title: String,
    /// Address of this page with its query: where the preference form returns to.
    pub path: String,
    /// The city or jurisdiction, such as 安和市.
    pub city: String,
    pub notice: Option<Notice>,
    pub problems: Vec<Problem>,
}

impl Shell {
    pub fn new(lang: Lang, title: &str) -> Self {
        let text = Text { lang };
        Self { text, title: text.get(title).into_owned(), ..Self::default() }
    }

    /// Words for a key; see [`Text`].
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.text.get(key)
    }

    pub fn with(&self, key: &str, name: &str, value: impl Display) -> String {
        self.text.with(key, name, value)
    }

    pub fn with2(&self, key: &str, name: &str, value: impl Display, other: &str, other_value: impl Display) -> String {
        self.text.with2(key, name, value, other, other_value)
    }

    pub fn count(&self, key: &str, n: impl Display) -> String {
        self.text.count(key, n)
    }

    pub fn label(&self, family: &str, code: impl AsRef<str>) -> Cow<'static, str> {
        self.text.label(family, code.as_ref())
    }

    /// Notes that `field` is wrong. `code` is one of the family `problem`; `n` is the limit it names, if any.
    pub fn refuse(&mut self, field: &str, code: &str, n: Option<u64>) {
        let key = format!("problem-{code}");
        let message = match n {
            _ if !self.text.has(&key) => self.t("problem-other").into_owned(),
            Some(n) => self.count(&key, n),
            None => self.t(&key).into_owned(),
        };
        self.problems.push(Problem { field: field.to_owned(), message });
    }

    /// What is wrong with a field, if anything.
    pub fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.as_str())
    }

    pub fn asset(&self, name: &str) -> String {
        assets::asset_url(name)
    }
}
