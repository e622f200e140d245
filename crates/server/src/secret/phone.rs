//! One spelling for one phone number, so that its blind index finds it.

/// Why a text is no phone number. The text itself is personal and not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("the phone number has a character that is no digit; use digits, spaces, hyphens and a leading +")]
    NotADigit,
    #[error("the phone number has {0} digits; 5 to 15 are expected")]
    Length(usize),
}

/// Digits only, in the way they are dialled within mainland China (`13812345678`, `02112345678`, `12345`); numbers of
/// other countries keep `+` and the country code (E.164). Full-width characters count as their plain ones.
pub fn normalise_phone(text: &str) -> Result<String, PhoneError> {
    let mut digits = String::new();
    let mut is_international = false;
    for character in text.trim().chars().map(narrow) {
        match character {
            '0'..='9' => digits.push(character),
            '+' if digits.is_empty() && !is_international => is_international = true,
            ' ' | '\u{a0}' | '\u{3000}' | '\t' | '-' | '‐' | '–' | '—' | '.' | '(' | ')' | '/' => {}
            _ => return Err(PhoneError::NotADigit),
        }
    }
    if !is_international && let Some(rest) = digits.strip_prefix("00") {
        digits = rest.into();
        is_international = true;
    }
    if is_international {
        match digits.strip_prefix("86") {
            Some(national) => digits = within_china(national),
            None => digits.insert(0, '+'),
        }
    } else if let Some(mobile) = digits.strip_prefix("86").filter(|rest| is_mobile(rest)) {
        digits = mobile.into();
    }
    let count = digits.trim_start_matches('+').len();
    if (5..=15).contains(&count) { Ok(digits) } else { Err(PhoneError::Length(count)) }
}

/// After +86 a landline has lost the 0 of its area code: +86 21 … is 021 … at home.
fn within_china(national: &str) -> String {
    let national = national.trim_start_matches('0');
    let is_landline = matches!(national.len(), 9..=11) && !national.starts_with('1')
        || national.starts_with("10") && national.len() == 10;
    if is_landline { format!("0{national}") } else { national.to_owned() }
}

/// Mainland mobile numbers: eleven digits from 13 to 19.
fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')
}

/// Full-width forms (U+FF01 to U+FF5E) stand 0xFEE0 above their ASCII ones.
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_one() {
        for (spellings, expected) in [
            (
                &[
                    "13812345678",
                    "+86 138 1234 5678",
                    "0086-138-1234-5678",
                    "8613812345678",
                    "１３８１２３４５６７８",
                    "＋８６　138－1234－5678",
                    " 138.1234.5678 ",
                    "+86 (0)138 1234 5678",
                ][..],
                "13812345678",
            ),
            (&["021-12345678", "(021) 1234 5678", "+86 21 12345678", "0086 021 1234 5678"][..], "02112345678"),
            (&["010-12345678", "+86 10 1234 5678"][..], "01012345678"),
            (&["12345"][..], "12345"),
            (&["+44 20 7946 0018", "0044 20 7946 0018"][..], "+442079460018"),
            (&["400-820-8820"][..], "4008208820"),
        ] {
            for spelling in spellings {
                assert_eq!(normalise_phone(spelling).as_deref(), Ok(expected), "{spelling}");
            }
        }
    }

    #[test]
    fn other_texts_are_refused_without_repeating_them() {
        assert_eq!(normalise_phone("ask my wife"), Err(PhoneError::NotADigit));
        assert_eq!(normalise_phone("138+12345678"), Err(PhoneError::NotADigit));
        assert_eq!(normalise_phone(""), Err(PhoneError::Length(0)));
        assert_eq!(normalise_phone("1234"), Err(PhoneError::Length(4)));
        assert_eq!(normalise_phone(&"1".repeat(16)), Err(PhoneError::Length(16)));
    }
}
