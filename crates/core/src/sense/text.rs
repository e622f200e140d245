//! Text as the classifier and the sketches see it: a row of symbols with the bytes each came from.
//!
//! Half- and full-width forms, letter case, digits and blanks carry no meaning for the class of a message, and
//! masks left by an anonymiser must not either, so all of these are folded away before anything is counted.

use std::ops::Range;

/// Stands where sense breaks off: punctuation, line ends, masked fields. No n-gram crosses it.
pub(crate) const BREAK: u32 = 0;
/// Stands for any masked or coded place name (`A市`, `B7县`, `西地省`).
const PLACE: u32 = 1;
/// Stands for any run of digits.
const NUMBER: u32 = 2;

/// Fields an anonymiser writes in square brackets; they say nothing of the matter.
const MASKS: [&str; 5] = ["[电话]", "[证件号]", "[号码]", "[邮箱]", "[政府发文]"];
/// Province code of the public corpora in which every other place is a letter and a number.
const CODED_PROVINCE: &str = "西地省";

/// Calls `sink(symbol, bytes)` for every symbol of `text`, in order. The byte ranges are ascending, do not
/// overlap and lie on character boundaries.
pub(crate) fn symbols(text: &str, mut sink: impl FnMut(u32, Range<usize>)) {
    let mut rest = text.chars();
    let mut last = BREAK;
    let mut blank = false;
    loop {
        let tail = rest.as_str();
        let start = text.len() - tail.len();
        let Some(c) = rest.next() else { return };
        let mut end = start + c.len_utf8();
        let symbol = match c {
            '西' if tail.starts_with(CODED_PROVINCE) => {
                end = start + CODED_PROVINCE.len();
                PLACE
            }
            '\u{4e00}'..='\u{9fff}' => c as u32,
            c if c.is_whitespace() => {
                blank = true;
                continue;
            }
            '[' => {
                if let Some(mask) = MASKS.iter().find(|mask| tail.starts_with(**mask)) {
                    end = start + mask.len();
                }
                BREAK
            }
            c => match fold(c) {
                '0'..='9' => {
                    end = start + prefix(tail, |c| fold(c).is_ascii_digit());
                    NUMBER
                }
                'A'..='Z' => {
                    if let Some(length) = place_code(tail).filter(|_| !is_latin(last)) {
                        end = start + length;
                        PLACE
                    } else {
                        u32::from(fold(c).to_ascii_lowercase())
                    }
                }
                c if c.is_alphanumeric() => c as u32,
                _ => BREAK,
            },
        };
        rest = text[end..].chars();
        // A blank parts Latin words; between Chinese characters it is only layout.
        if blank && is_latin(last) && is_latin(symbol) {
            sink(BREAK, start..start);
        }
        blank = false;
        if symbol != BREAK || last != BREAK {
            sink(symbol, start..end);
        }
        last = symbol;
    }
}

/// Full-width ASCII forms (U+FF01–FF5E) as their ASCII twins.
pub(super) fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}

fn is_latin(symbol: u32) -> bool {
    (u32::from('a')..=u32::from('z')).contains(&symbol)
}

/// Bytes at the start of `text` whose characters all satisfy `test`.
fn prefix(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|c| !holds(c)).unwrap_or(text.len())
}

/// Length in bytes of a coded place name at the start of `text`: a capital, up to two digits, perhaps a blank,
/// and the word for the kind of place.
fn place_code(text: &str) -> Option<usize> {
    let after = text.strip_prefix(|c: char| c.is_ascii_uppercase())?;
    let digits = prefix(after, |c| c.is_ascii_digit());
    if digits > 2 {
        return None;
    }
    let after = &after[digits..];
    let kind = after.trim_start_matches(' ');
    let length = kind.chars().next().filter(|c| "省市州区县镇乡村".contains(*c))?.len_utf8();
    Some(text.len() - kind.len() + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        symbols(text, |symbol, _| {
            out.push(match symbol {
                BREAK => '|',
                PLACE => '@',
                NUMBER => '#',
                symbol => char::from_u32(symbol).expect("symbols above 2 are characters"),
            });
        });
        out
    }

    #[test]
    fn layout_case_width_digits_and_masks_are_folded_away() {
        assert_eq!(folded("西地省A3区 路灯，坏了３天!!请打[电话]"), "@@路灯|坏了#天|请打|");
        assert_eq!(folded("M1 区 ＫＴＶ扰民"), "@ktv扰民");
        assert_eq!(folded("KTV区 Wi Fi"), "ktv区wi|fi");
        assert_eq!(folded("A"), "a");
        assert_eq!(folded("\u{ff21}市"), "a市");
    }
}
