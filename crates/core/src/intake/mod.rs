//! A report as it arrives: is it valid, and what of it may be read by those who handle it.
//!
//! Not here: what the report is about (`sense`), who answers it (`process`).

pub mod letter;
mod photo;
mod redact;

pub use photo::Photo;
pub use redact::redact;

use serde::{Deserialize, Serialize};

use crate::area::AreaId;
use crate::pack::IntakeRules;
use crate::people::text_enum;

text_enum! {
    /// How a report came in.
    Channel {
        Web = "web",
        Hotline = "hotline",
        Grid = "grid",
        Station = "station",
        /// A message to an account of the city, such as on WeChat.
        Chat = "chat",
        Mail = "mail",
        Api = "api",
        Import = "import",
    }
}

/// The longest name, in characters: a technical limit, not a rule of a city.
const NAME_MAX: usize = 60;

/// What someone sends. `area` is already known to exist; everything else is as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub area: Option<AreaId>,
    pub place: String,
    pub title: String,
    pub text: String,
    pub name: String,
    pub phone: String,
    /// How the channel knows the sender, such as the address of a mail; empty where people are asked who they are.
    pub handle: String,
    pub on_behalf: bool,
    /// The language in which they want to be told what becomes of it, by the phone or the channel above; empty: not at all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tell_in: String,
    pub photos: Vec<Photo>,
}

/// A report that may be stored. The fields named `public` carry no phone, identity number, e-mail or reporter's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub area: AreaId,
    pub public_place: String,
    pub public_title: String,
    pub public_text: String,
    /// The exact words, title first when one was given; to be encrypted under the person's key.
    pub original: String,
    pub name: Option<String>,
    /// Digits only, without the country code of China.
    pub phone: Option<String>,
    pub handle: Option<String>,
    pub on_behalf: bool,
    /// The language in which they want to be told what becomes of it.
    pub tell_in: Option<String>,
    /// To be encrypted under the person's key.
    pub photos: Vec<Photo>,
}

/// One thing wrong with a draft; `field` is the name of the form and API field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("say what happened")]
    TextMissing,
    #[error("the text has {len} characters; at least {min} are needed to understand it")]
    TextShort { len: usize, min: usize },
    #[error("the text has {len} characters; at most {max} fit")]
    TextLong { len: usize, max: usize },
    #[error("the title has {len} characters; at most {max} fit")]
    TitleLong { len: usize, max: usize },
    #[error("the place has {len} characters; at most {max} fit")]
    PlaceLong { len: usize, max: usize },
    #[error("the name has {len} characters; at most {max} fit")]
    NameLong { len: usize, max: usize },
    #[error("choose the area where it happened")]
    AreaMissing,
    #[error("'{0}' is not a phone number; write digits such as 13900000000 or 0571-8000000, or leave it empty")]
    Phone(String),
    #[error("there are {len} photos; at most {max} belong to a report, send the ones that show most")]
    PhotosMany { len: usize, max: usize },
    #[error("the text contains a control character that cannot be stored")]
    Control,
}

impl Refusal {
    pub fn field(&self) -> &'static str {
        match self {
            Self::TextMissing | Self::TextShort { .. } | Self::TextLong { .. } | Self::Control => "text",
            Self::TitleLong { .. } => "title",
            Self::PlaceLong { .. } => "place",
            Self::NameLong { .. } => "name",
            Self::AreaMissing => "area",
            Self::Phone(_) => "phone",
            Self::PhotosMany { .. } => "photo",
        }
    }

    /// Stable code, also the key of the translated message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TextMissing => "text-missing",
            Self::TextShort { .. } => "text-short",
            Self::TextLong { .. } => "text-long",
            Self::TitleLong { .. } => "title-long",
            Self::PlaceLong { .. } => "place-long",
            Self::NameLong { .. } => "name-long",
            Self::AreaMissing => "area-missing",
            Self::Phone(_) => "phone-invalid",
            Self::PhotosMany { .. } => "photos-many",
            Self::Control => "text-control",
        }
    }
}

/// Checks a draft as a whole and reports every fault, so that one round of corrections is enough.
pub fn accept(draft: &Draft, limits: &IntakeRules) -> Result<Accepted, Vec<Refusal>> {
    let text = tidy(&draft.text);
    let title = tidy(&draft.title);
    let place = tidy(&draft.place);
    let name = Some(tidy(&draft.name)).filter(|n| !n.is_empty());
    let mut faults = Vec::new();

    let len = text.chars().count();
    match len {
        0 => faults.push(Refusal::TextMissing),
        _ if len < limits.text_min => faults.push(Refusal::TextShort { len, min: limits.text_min }),
        _ if len > limits.text_max => faults.push(Refusal::TextLong { len, max: limits.text_max }),
        _ => {}
    }
    let too_long = |value: &str, max: usize| Some(value.chars().count()).filter(|len| *len > max);
    if let Some(len) = too_long(&title, limits.title_max) {
        faults.push(Refusal::TitleLong { len, max: limits.title_max });
    }
    if let Some(len) = too_long(&place, limits.place_max) {
        faults.push(Refusal::PlaceLong { len, max: limits.place_max });
    }
    if let Some(len) = name.as_deref().and_then(|n| too_long(n, NAME_MAX)) {
        faults.push(Refusal::NameLong { len, max: NAME_MAX });
    }
    if [&text, &title, &place].iter().any(|t| t.contains('\0')) || name.as_ref().is_some_and(|n| n.contains('\0')) {
        faults.push(Refusal::Control);
    }
    if draft.photos.len() > limits.photos.most {
        faults.push(Refusal::PhotosMany { len: draft.photos.len(), max: limits.photos.most });
    }
    let phone = match phone(&draft.phone) {
        Ok(phone) => phone,
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let Some(area) = draft.area else {
        faults.push(Refusal::AreaMissing);
        return Err(faults);
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    let hide = |value: &str| redact(value, name.as_deref());
    let original = if title.is_empty() { text.clone() } else { format!("{title}\n{text}") };
    let public_title = if title.is_empty() { headline(&hide(&text), limits.title_max) } else { hide(&title) };
    Ok(Accepted {
        area,
        public_place: hide(&place),
        public_title,
        public_text: hide(&text),
        original,
        name,
        phone,
        handle: Some(draft.handle.trim().to_owned()).filter(|handle| !handle.is_empty()),
        on_behalf: draft.on_behalf,
        tell_in: Some(draft.tell_in.clone()).filter(|lang| !lang.is_empty()),
        photos: draft.photos.clone(),
    })
}

fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// The first sentence, cut at 30 characters: what a list shows when nobody gave a title.
fn headline(text: &str, max: usize) -> String {
    let first = text.split(['。', '！', '？', '\n', '!', '?']).find(|s| !s.trim().is_empty()).unwrap_or(text).trim();
    let room = max.min(30);
    if first.chars().count() <= room {
        return first.to_owned();
    }
    let mut cut: String = first.chars().take(room.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// The digits of a phone number, or `None` when the field was left empty.
///
/// Accepts full-width digits, spaces, hyphens, brackets, `+86` and `0086`; 5 (short hotline) to 15 (E.164) digits.
pub fn phone(typed: &str) -> Result<Option<String>, Refusal> {
    let mut digits = String::new();
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            '-' | '－' | '—' | '(' | ')' | '（' | '）' | '+' | '＋' | '.' => {}
            c if c.is_whitespace() => {}
            _ => return Err(Refusal::Phone(typed.to_owned())),
        }
    }
    if digits.is_empty() {
        return if typed.trim().is_empty() { Ok(None) } else { Err(Refusal::Phone(typed.to_owned())) };
    }
    let digits = match digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")) {
        Some(rest) if rest.len() >= 10 => rest.to_owned(),
        _ => digits,
    };
    if (5..=15).contains(&digits.len()) { Ok(Some(digits)) } else { Err(Refusal::Phone(typed.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{JoinRule, PhotoRule, Retention, SerialRule};

    fn accept(draft: &Draft) -> Result<Accepted, Vec<Refusal>> {
        let rules = IntakeRules {
            title_max: 80,
            text_min: 5,
            text_max: 5000,
            place_max: 200,
            join: JoinRule { window_days: 30, similarity: 0.9, basis: String::new() },
            serial: SerialRule { days: 30, reports: 5, basis: String::new() },
            photos: PhotoRule { most: 2, bytes_max: 1000, side_max: 100, basis: String::new() },
            retention: Retention { person_days: 1, case_days: 1, log_days: 1, basis: String::new() },
        };
        super::accept(draft, &rules)
    }

    fn draft(text: &str) -> Draft {
        Draft { area: Some("900102001001".parse().expect("an area")), text: text.to_owned(), ..Draft::default() }
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let bad = Draft { phone: "call me".into(), title: "题".repeat(81), ..Draft::default() };
        let faults = accept(&bad).expect_err("refused");
        let codes: Vec<_> = faults.iter().map(Refusal::code).collect();
        assert_eq!(codes, ["text-missing", "title-long", "phone-invalid", "area-missing"]);
    }

    #[test]
    fn a_report_has_so_many_photos_and_no_more() {
        let photo = Photo { width: 1, height: 1, hash: [0; 32], jpeg: [0xff].into() };
        let said = |count| Draft { photos: vec![photo.clone(); count], ..draft("三号楼门口的路灯坏了") };
        assert_eq!(accept(&said(2)).expect("two fit").photos.len(), 2);
        assert_eq!(accept(&said(3)), Err(vec![Refusal::PhotosMany { len: 3, max: 2 }]));
        let told = serde_json::to_string(&said(1)).expect("json");
        assert!(told.contains("hash") && !told.contains("jpeg"), "{told}");
    }

    #[test]
    fn the_title_comes_from_the_first_sentence() {
        let accepted = accept(&draft("三号楼门口的路灯坏了。晚上老人不敢出门。")).expect("accepted");
        assert_eq!(accepted.public_title, "三号楼门口的路灯坏了");
        let long = accept(&draft(&"路".repeat(100))).expect("accepted");
        assert_eq!(long.public_title.chars().count(), 30);
    }

    #[test]
    fn the_reporter_disappears_from_the_public_text_and_stays_in_the_original() {
        let said = Draft {
            name: "陈阿婆".into(),
            phone: "139 0000 0001".into(),
            ..draft("我是陈阿婆，电话13900000001，水管爆了")
        };
        let accepted = accept(&said).expect("accepted");
        assert_eq!(accepted.public_text, "我是[姓名]，电话[电话]，水管爆了");
        assert!(accepted.original.contains("13900000001"));
        assert_eq!(accepted.phone.as_deref(), Some("13900000001"));
    }

    #[test]
    fn phones_are_normalised() {
        for (typed, digits) in [
            ("+86 139-0000-0001", "13900000001"),
            ("００８６13900000001", "13900000001"),
            ("0571-88000000", "057188000000"),
            ("12345", "12345"),
        ] {
            assert_eq!(phone(typed), Ok(Some(digits.to_owned())), "{typed}");
        }
        assert_eq!(phone("  "), Ok(None));
        assert!(phone("1").is_err());
    }
}
