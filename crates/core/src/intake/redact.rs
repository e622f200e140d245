//! Takes what tells who someone is out of a text: phones, identity and card numbers, e-mails, the reporter's own name.
//!
//! Every occurrence goes, not the first (FixMyStreet pull request 4106). The masks are words a reader understands.

use std::sync::LazyLock;

use regex::{Captures, Regex};

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[A-Za-z0-9._%+\-]+\s?[@＠]\s?[A-Za-z0-9\-]+(?:\s?[.．]\s?[A-Za-z0-9\-]+)+"));

/// A run of digits, half or full width, with single separators inside, and the X that may end an identity number.
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[+＋(（]?[0-9０-９](?:[ \t\-－—.()（）]{0,2}[0-9０-９]){4,}[Xxｘ×]?"));

#[expect(clippy::expect_used, reason = "the patterns are constants and every test compiles them")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// Replaces phones by `[电话]`, identity and card numbers by `[证件号]`, e-mails by `[邮箱]` and `name` by `[姓名]`.
pub fn redact(text: &str, name: Option<&str>) -> String {
    let text = EMAIL.replace_all(text, "[邮箱]");
    let text = NUMBER.replace_all(&text, |found: &Captures<'_>| {
        let run = &found[0];
        mask(run).map_or_else(|| run.to_owned(), str::to_owned)
    });
    match name {
        // A single character would hit ordinary words.
        Some(name) if name.chars().count() >= 2 => text.replace(name, "[姓名]"),
        _ => text.into_owned(),
    }
}

/// What a run of digits is, by its length and first digits; `None` for house numbers, amounts and dates.
fn mask(run: &str) -> Option<&'static str> {
    let digits: String = run.chars().filter_map(ascii_digit).collect();
    let separated = run.chars().any(|c| matches!(c, '-' | '－' | '—'));
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|d| d.len() == 11));
    let number = national.unwrap_or(&digits);
    let mobile = number.len() == 11 && number.starts_with('1') && !matches!(number.as_bytes()[1], b'0' | b'1' | b'2');
    let landline = (10..=12).contains(&number.len()) && number.starts_with('0');
    let service = number.len() == 10 && (number.starts_with("400") || number.starts_with("800"));
    let local = matches!(number.len(), 7 | 8) && separated && !is_date(number);
    match digits.len() {
        _ if mobile || landline || service || local => Some("[电话]"),
        15..=19 => Some("[证件号]"),
        // Two numbers written close together, or a number with an extension: hide rather than guess.
        10.. if !is_date(&digits) => Some("[号码]"),
        _ => None,
    }
}

/// `20260131`: a day, not a phone.
fn is_date(digits: &str) -> bool {
    digits.len() == 8 && (digits.starts_with("19") || digits.starts_with("20"))
}

fn ascii_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::redact;
    use proptest::prelude::*;

    #[test]
    fn what_tells_who_goes_and_the_rest_stays() {
        for (text, public) in [
            ("打13900000001或１３９００００００02", "打[电话]或[电话]"),
            ("电话 139-0000-0001，座机0571-88001234", "电话 [电话]，座机[电话]"),
            ("+86 139 0000 0001", "[电话]"),
            ("身份证90010219500101123X，请核实", "身份证[证件号]，请核实"),
            ("卡号 6222 0000 0000 0000 000", "卡号 [证件号]"),
            ("写信 chen.apo+1@example.com 或 a@b.cn", "写信 [邮箱] 或 [邮箱]"),
            ("2026-01-31在88号楼1203室，欠费12000元", "2026-01-31在88号楼1203室，欠费12000元"),
            ("公交K102路8:30到", "公交K102路8:30到"),
            ("服务电话400-800-1234", "服务电话[电话]"),
        ] {
            assert_eq!(redact(text, None), public);
        }
        assert_eq!(redact("王小明家，王小明说", Some("王小明")), "[姓名]家，[姓名]说");
    }

    proptest! {
        #[test]
        fn no_mobile_number_survives_anywhere(before in "\\PC{0,20}", tail in 0u64..1_000_000_000, after in "[^0-9]\\PC{0,20}") {
            let phone = format!("13{tail:09}");
            let text = format!("{before}：{phone}{after}");
            prop_assert!(!redact(&text, None).contains(&phone));
        }

        #[test]
        fn redacting_twice_changes_nothing(text in "\\PC{0,80}") {
            let once = redact(&text, None);
            prop_assert_eq!(redact(&once, None), once);
        }
    }
}
