//! Whether two reports can be of one matter as far as their places and numbers tell.
//!
//! [`super::likeness`] folds numbers away, since copies of one text differ in them. Two houses of one street, or two
//! lamp posts of one row, differ in nothing else: so a report joins a case by itself only where nothing contradicts,
//! and is proposed to a person otherwise.

use super::text::fold;

/// What a report says of where and what.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Empty if none was given.
    pub place: &'a str,
    pub text: &'a str,
}

/// A longer text names dates, hours and sums, which two tellings of one matter seldom share.
const SHORT: usize = 80;

/// Whether two reports name other numbers, or places of which neither is the other with something added.
pub fn contradict(a: Told<'_>, b: Told<'_>) -> bool {
    let is_short = |text: &str| text.chars().count() <= SHORT;
    let places = !a.place.trim().is_empty() && !b.place.trim().is_empty() && !is_same_place(a.place, b.place);
    places || (is_short(a.text) && is_short(b.text) && figures(a.text) != figures(b.text))
}

/// The same numbers and single letters in the same order, and every word of the shorter in the longer, in order.
fn is_same_place(a: &str, b: &str) -> bool {
    let (a, b) = (tokens(a), tokens(b));
    let marks = |tokens: &[Token]| tokens.iter().filter(|t| matches!(t, Token::Mark(_))).cloned().collect::<Vec<_>>();
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let mut rest = long.iter();
    marks(&a) == marks(&b) && short.iter().all(|token| rest.any(|other| other == token))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// What tells one house from the next: a number, however written, or a letter that stands alone, as in 12 N Main St.
    Mark(String),
    /// A Chinese character, or a run of letters of another script.
    Word(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digits,
    Numerals,
    Letters,
    Character,
    Gap,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digits,
        c if numeral(c).is_some() => Kind::Numerals,
        '\u{3400}'..='\u{9fff}' => Kind::Character,
        c if c.is_alphanumeric() => Kind::Letters,
        _ => Kind::Gap,
    }
}

fn tokens(place: &str) -> Vec<Token> {
    let chars: Vec<char> = place.chars().map(fold).flat_map(char::to_lowercase).collect();
    let runs = chars.chunk_by(|a, b| kind(*a) == kind(*b) && kind(*a) != Kind::Character);
    let token = |run: &[char]| match kind(run[0]) {
        Kind::Digits => Some(Token::Mark(digits(run))),
        Kind::Numerals => Some(Token::Mark(value(run))),
        Kind::Letters if run.len() == 1 => Some(Token::Mark(run.iter().collect())),
        Kind::Letters | Kind::Character => Some(Token::Word(run.iter().collect())),
        Kind::Gap => None,
    };
    runs.filter_map(token).collect()
}

/// The numbers of a text that are written in digits: in Chinese words, 一 and 十 are seldom a number.
fn figures(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().map(fold).collect();
    let runs = chars.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    runs.filter(|run| run[0].is_ascii_digit()).map(digits).collect()
}

fn digits(run: &[char]) -> String {
    run.iter().collect::<String>().trim_start_matches('0').to_owned()
}

/// What a Chinese numeral counts for; from ten on it multiplies the one before it.
fn numeral(c: char) -> Option<u64> {
    let digit = "零一二三四五六七八九".chars().position(|digit| digit == c).map(|value| value as u64);
    digit.or(match c {
        '〇' => Some(0),
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    })
}

/// 二十三 is 23, and so is 二三.
fn value(run: &[char]) -> String {
    let values: Vec<u64> = run.iter().filter_map(|c| numeral(*c)).collect();
    if values.iter().all(|value| *value < 10) {
        return digits(&run.iter().filter_map(|c| char::from_digit(numeral(*c)? as u32, 10)).collect::<Vec<_>>());
    }
    let (sum, ones) = values.into_iter().fold((0, None), |(sum, ones), value| match value {
        0..10 => (sum, Some(value)),
        times => (sum + ones.unwrap_or(1) * times, None),
    });
    (sum + ones.unwrap_or(0)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "路灯不亮，晚上看不见路，请派人来修。";

    fn places(a: &str, b: &str) -> bool {
        contradict(Told { place: a, text: TEXT }, Told { place: b, text: TEXT })
    }

    fn texts(a: &str, b: &str) -> bool {
        contradict(Told { place: "", text: a }, Told { place: "", text: b })
    }

    #[test]
    fn another_house_is_another_matter() {
        for (a, b) in [
            ("柳荫路12号", "柳荫路14号"),
            ("柳荫路12号", "柳荫路112号"),
            ("柳荫路12号", "柳荫路"),
            ("青竹园3号楼2单元", "青竹园2号楼3单元"),
            ("幸福小区三号楼", "幸福小区五号楼"),
            ("幸福小区二期一号院北门", "幸福小区二期一号院南门"),
            ("锦绣家园Ａ座", "锦绣家园B座"),
            ("柳荫路12号", "石灰桥路12号"),
            ("12 Elm St", "12 Elmwood St"),
            ("20 W Walnut Park", "20 Walnut Park"),
            ("12 Main St, Roxbury", "12 Main St, Dorchester"),
        ] {
            assert!(places(a, b) && places(b, a), "{a} and {b}");
        }
    }

    #[test]
    fn one_place_may_be_told_with_more_words() {
        for (a, b) in [
            ("柳荫路12号", "柳荫路 １２ 号"),
            ("柳荫路12号", "明湖市柳荫路12号门口"),
            ("三号楼", "3号楼"),
            ("青竹园二十三栋", "青竹园23栋"),
            ("一百零五弄", "105弄"),
            ("二〇一室", "0201室"),
            ("十二号", "12号"),
            ("12 Main St", "12 MAIN ST, Roxbury"),
            ("", "柳荫路12号"),
            (" ", "柳荫路12号"),
        ] {
            assert!(!places(a, b) && !places(b, a), "{a} and {b}");
        }
    }

    #[test]
    fn numbers_part_short_texts_only() {
        assert!(texts("灯杆4512不亮", "灯杆4513不亮"));
        assert!(texts("灯杆4512不亮", "灯杆不亮"));
        assert!(!texts("灯杆4512不亮", "灯杆 ４５１２ 不亮了"));
        assert!(!texts("路灯一直不亮", "路灯不亮十天了"), "words, not numbers");
        let long = |day: &str| format!("{day}上报的，{}", "这里写了很多别的话。".repeat(8));
        assert!(!texts(&long("5月10日"), &long("5月11日")));
        assert!(!texts("灯杆4512不亮", &long("5月11日")));
    }

    proptest! {
        #[test]
        fn a_report_never_contradicts_itself_and_both_ways_are_one(a in "[一-十柳荫路0-9A-c ]{0,12}", b in "[一-十柳荫路0-9A-c ]{0,12}") {
            prop_assert!(!places(&a, &a) && !texts(&a, &a));
            prop_assert_eq!(places(&a, &b), places(&b, &a));
            prop_assert_eq!(texts(&a, &b), texts(&b, &a));
        }

        #[test]
        fn any_text_can_be_compared(a in any::<String>(), b in any::<String>()) {
            contradict(Told { place: &a, text: &b }, Told { place: &b, text: &a });
        }
    }
}
