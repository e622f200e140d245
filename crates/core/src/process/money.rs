//! Amounts and shares as people write them. No floating point anywhere.

/// `1,234.50` from fen, with the sign of an amount below zero.
pub fn yuan(fen: i64) -> String {
    let (whole, part) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{}{grouped}.{part:02}", if fen < 0 { "-" } else { "" })
}

/// `33.33` from basis points; without what is zero at the end.
pub fn percent(basis_points: u32) -> String {
    let text = format!("{}.{:02}", basis_points / 100, basis_points % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Hundredths out of a number with at most two places: `1,234.5` is 123450. Full-width digits and marks are read too.
pub fn hundredths(text: &str) -> Option<i64> {
    let plain: String = text.trim().chars().map(narrow).filter(|c| !matches!(c, ',' | ' ')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '．' | '。' => '.',
        '，' => ',',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_and_read_to_the_fen() {
        for (fen, text) in [(0, "0.00"), (5, "0.05"), (-123_456_789, "-1,234,567.89"), (100_000, "1,000.00")] {
            assert_eq!(yuan(fen), text);
        }
        for fen in [1, 99, 100, 12_345, 9_999_999_999_999] {
            assert_eq!(hundredths(&yuan(fen)), Some(fen));
        }
        assert_eq!((percent(3000), percent(3333), percent(5)), ("30".into(), "33.33".into(), "0.05".into()));
        assert_eq!(
            (hundredths(" １，２３４．５ "), hundredths("7"), hundredths("7.")),
            (Some(123_450), Some(700), Some(700))
        );
        for wrong in ["", "-1", "1.234", "1e3", "1.2.3", ".5", "NaN", "1234567890123456", "一百"] {
            assert_eq!(hundredths(wrong), None, "{wrong}");
        }
    }
}
