//! Words in the reader's language: one Fluent file per language in `web/translations`, Chinese first.
//!
//! A key that is missing shows as `⟦key⟧`, so that a person and the test both see it. Keys built from a stored code
//! (`state-working`) belong to a family in [`FAMILIES`]; every other key stands as a literal in a template or in this crate.

mod families;

pub use families::FAMILIES;

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The source text of both translation files, for the test that compares their keys.
pub const SOURCES: [(Lang, &str); 2] = [
    (Lang::Zh, include_str!("../../../web/translations/zh-CN.ftl")),
    (Lang::En, include_str!("../../../web/translations/en.ftl")),
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
