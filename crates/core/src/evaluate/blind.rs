//! Takes out of a text what tells which unit worked on it: its names, its area's names, and what such bodies are called.
//!
//! Rather a word too many than a unit that is known: whoever judges shall know what was done, not by whom.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

const UNIT: &str = "[单位]";
const AREA: &str = "[区域]";
const NAME: &str = "[姓名]";

/// Bodies by what their names end with, with up to three characters before it.
static BODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\p{Han}{0,3}(?:分局|局|办事处|街道办|居委会|村委会|委员会|管委会|派出所|卫健委|发改委|执法队|大队|中队|支队|服务中心|人民政府|镇政府|区政府)",
    )
});

/// The public code of a case, as printed and as stored.
static CODE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{5}(?:-\d+)?\b"));

/// Words that end like a body and are none.
const NO_BODY: [&str; 9] = ["结局", "布局", "格局", "大局", "全局", "当局", "僵局", "残局", "时局"];
/// What makes another word of the character before it.
const GOES_ON: [char; 6] = ['部', '面', '限', '促', '势', '域'];

#[expect(clippy::expect_used, reason = "the patterns are constants and every test compiles them")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// The names to take out.
#[derive(Clone, Debug, Default)]
pub struct Blind {
    /// By their first character, the longest first.
    names: HashMap<char, Vec<(String, &'static str)>>,
}

impl Blind {
    /// Of units also what is left of a name without its area; of areas also the name without what kind of area it is;
    /// and the names of those who worked on the case.
    pub fn new(units: &[&str], areas: &[&str], people: &[&str]) -> Self {
        let mut names: HashMap<char, Vec<(String, &'static str)>> = HashMap::new();
        let mut add = |name: &str, mask| {
            // A single character would hit ordinary words.
            if let (Some(first), true) = (name.chars().next(), name.chars().count() >= 2) {
                names.entry(first).or_default().push((name.to_owned(), mask));
            }
        };
        for unit in units {
            add(unit, UNIT);
            if let Some(own) = areas.iter().filter_map(|area| unit.strip_prefix(*area)).min_by_key(|own| own.len()) {
                add(own, UNIT);
            }
        }
        for area in areas {
            add(area, AREA);
            add(stem(area), AREA);
        }
        for name in people {
            add(name, NAME);
        }
        for list in names.values_mut() {
            list.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
            list.dedup();
        }
        Self { names }
    }

    /// Units become `[单位]`, areas `[区域]`, people `[姓名]`, codes of cases `[编号]`.
    pub fn mask(&self, text: &str) -> String {
        let mut known = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let list = self.names.get(&first).map_or(&[][..], Vec::as_slice);
            let taken = if let Some((name, mask)) = list.iter().find(|(name, _)| rest.starts_with(name.as_str())) {
                known.push_str(mask);
                name.len()
            } else {
                known.push(first);
                first.len_utf8()
            };
            rest = &rest[taken..];
        }
        let coded = CODE.replace_all(&known, |found: &Captures<'_>| {
            // Two letters and a figure at least: a date or a number is no code.
            let letters = found[0].chars().filter(char::is_ascii_uppercase).count();
            if letters >= 2 { "[编号]".to_owned() } else { found[0].to_owned() }
        });
        let masked = BODY.replace_all(&coded, |found: &Captures<'_>| {
            let (body, whole) = (&found[0], found.get(0).map_or(0, |whole| whole.end()));
            let goes_on = body.ends_with('局') && coded[whole..].starts_with(GOES_ON);
            let is_none = goes_on || NO_BODY.iter().any(|word| body.ends_with(word));
            if is_none { body.to_owned() } else { UNIT.to_owned() }
        });
        let mut masked = masked.into_owned();
        for mask in [UNIT, AREA] {
            while masked.contains(&mask.repeat(2)) {
                masked = masked.replace(&mask.repeat(2), mask);
            }
        }
        masked
    }
}

/// The name of an area without what kind of area it is.
fn stem(area: &str) -> &str {
    let kinds = ["街道", "社区", "新区", "区", "县", "镇", "乡", "村", "市"];
    let stem = kinds.iter().find_map(|kind| area.strip_suffix(kind));
    stem.filter(|stem| stem.chars().count() >= 2).unwrap_or(area)
}

#[cfg(test)]
mod tests {
    use super::Blind;
    use proptest::prelude::*;

    const UNITS: [&str; 4] = ["滨湖区城市管理局", "明湖市公安局滨湖分局", "柳港街道办事处", "蓝天物业有限公司"];
    const AREAS: [&str; 3] = ["滨湖区", "柳港街道", "柳港里社区"];

    #[test]
    fn who_worked_goes_and_what_was_done_stays() {
        let blind = Blind::new(&UNITS, &AREAS, &["袁琳"]);
        for (text, masked) in [
            ("滨湖区城市管理局已到场，城市管理局复查", "[单位]已到场，[单位]复查"),
            ("请你们市的城管局来", "请你们市[单位]来"),
            ("柳港里三号楼局部渗水，大局已定", "[区域]三号楼局部渗水，大局已定"),
            ("蓝天物业有限公司没有回电", "[单位]没有回电"),
            ("工单 7K2M-9QXA-B3D4E 办结", "工单 [编号] 办结"),
            ("2026-0131-00123 号通知", "2026-0131-00123 号通知"),
            ("路灯已修好，联系人袁琳", "路灯已修好，联系人[姓名]"),
        ] {
            assert_eq!(blind.mask(text), masked);
        }
    }

    proptest! {
        #[test]
        fn no_name_survives_anywhere(before in "\\PC{0,12}", at in 0usize..7, after in "\\PC{0,12}") {
            let name = UNITS.iter().chain(&AREAS).nth(at).copied().unwrap_or_default();
            let masked = Blind::new(&UNITS, &AREAS, &[]).mask(&format!("{before}{name}{after}"));
            prop_assert!(UNITS.iter().chain(&AREAS).all(|name| !masked.contains(name)), "{masked}");
        }

        #[test]
        fn masking_twice_changes_nothing(text in "[滨湖区柳港街道办事处城市管理局a-z，]{0,30}") {
            let blind = Blind::new(&UNITS, &AREAS, &[]);
            let once = blind.mask(&text);
            prop_assert_eq!(blind.mask(&once), once.clone());
        }
    }
}
