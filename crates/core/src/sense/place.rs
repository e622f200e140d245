//! Where a message says that something is: areas and places of the gazetteer by name, and names that end as roads, estates
//! and communities do.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::model::{Field, Span};
use crate::area::AreaId;

/// How names of places are told from other words (`sense.toml`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRule {
    /// Characters that no name has: the name begins after the last of them.
    cut: String,
    /// Words before a name that are not part of it.
    before: Vec<String>,
    /// Words that end like a name and are none.
    except: Vec<String>,
    /// Endings of a larger area that may stand before a name.
    lead: String,
    /// What may follow the name of a road or an estate, after digits: number, building, unit.
    numbers: Vec<String>,
    kind: Vec<PlaceKind>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceKind {
    code: String,
    endings: Vec<String>,
}

/// A place that a message names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// `area`, or a kind of the pack such as `road`.
    pub kind: String,
    /// The name, without house numbers; the span has them too.
    pub name: String,
    pub span: Span,
    /// Where it is, if the gazetteer knows one area of this name.
    pub area: Option<AreaId>,
}

/// Characters of a name before its ending.
const BODY: std::ops::RangeInclusive<usize> = 2..=6;
/// Places shown of one message.
const SHOWN: usize = 8;
/// A name without its kind (社区, 街道) is looked for only when so many characters are left: shorter ones are often words.
const SHORT: usize = 3;
const KINDS_OF_AREAS: [&str; 10] =
    ["社区居委会", "居民委员会", "村民委员会", "社区", "街道", "居委会", "村委会", "镇", "乡", "村"];

/// Names of places with the area each lies in.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    /// By the first two characters: names with their kind and area, longest first; `None` where two areas share a name.
    names: HashMap<[char; 2], Vec<Known>>,
}

/// A name, `area` or `known`, and where it is.
type Known = (String, &'static str, Option<AreaId>);

impl Gazetteer {
    /// Areas by name, and other names with the area in which they were found.
    pub fn new(
        areas: impl IntoIterator<Item = (String, AreaId)>,
        learned: impl IntoIterator<Item = (String, AreaId)>,
    ) -> Self {
        let mut all: HashMap<String, (&'static str, Option<AreaId>)> = HashMap::new();
        let mut add = |name: &str, kind, area| {
            let known = all.entry(name.to_owned()).or_insert((kind, Some(area)));
            known.1 = known.1.filter(|known| *known == area);
        };
        for (name, area) in areas {
            add(&name, "area", area);
            let bare = KINDS_OF_AREAS.iter().find_map(|kind| name.strip_suffix(kind));
            if let Some(bare) = bare.filter(|bare| bare.chars().count() >= SHORT) {
                add(bare, "area", area);
            }
        }
        for (name, area) in learned {
            add(&name, "known", area);
        }
        let mut names: HashMap<[char; 2], Vec<_>> = HashMap::new();
        for (name, (kind, area)) in all {
            let mut chars = name.chars();
            if let (Some(first), Some(second)) = (chars.next(), chars.next()) {
                names.entry([first, second]).or_default().push((name, kind, area));
            }
        }
        for list in names.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Self { names }
    }

    /// The longest name at the beginning of a text.
    fn at(&self, text: &str) -> Option<&Known> {
        if self.names.is_empty() {
            return None;
        }
        let mut chars = text.chars();
        let start = [chars.next()?, chars.next()?];
        self.names.get(&start)?.iter().find(|(name, ..)| text.starts_with(name.as_str()))
    }
}

impl PlaceRule {
    /// The places named in a field, in the order they stand there. Known names come first where two overlap.
    pub fn places(&self, known: &Gazetteer, field: Field, text: &str) -> Vec<Place> {
        // Few characters begin an ending; the others need no closer look.
        let firsts: Vec<char> = self.endings().filter_map(|(_, ending)| ending.chars().next()).collect();
        let mut found = Vec::new();
        let mut free = 0;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if found.len() == SHOWN {
                break;
            }
            let ends = at + c.len_utf8();
            if let Some((name, kind, area)) = known.at(&text[at..]) {
                let end = self.numbered(text, at + name.len());
                // Named or only guessed at, it is one place.
                let kind = if *kind == "area" { "area" } else { self.kind_of(name).unwrap_or("known") };
                found.push(place(kind, name, field, text, (at, end), *area));
                (free, at) = (end, end);
                continue;
            }
            if firsts.contains(&c)
                && let Some((kind, ending)) = self.ending_at(&text[at..])
                && let Some(start) = self.start(&text[free..at]).map(|start| free + start)
                && !self.is_excepted(text, at, ending)
            {
                let name_end = at + ending.len();
                let end = self.numbered(text, name_end);
                found.push(place(kind, &text[start..name_end], field, text, (start, end), None));
                (free, at) = (end, end);
                continue;
            }
            at = ends;
        }
        found
    }

    /// The longest ending that stands here.
    fn ending_at(&self, text: &str) -> Option<(&str, &str)> {
        self.endings().filter(|(_, ending)| text.starts_with(ending)).max_by_key(|(_, ending)| ending.len())
    }

    /// Every ending with its kind.
    fn endings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.kind.iter().flat_map(|kind| kind.endings.iter().map(|ending| (kind.code.as_str(), ending.as_str())))
    }

    /// Whether the ending is a part of a word that names no place, such as 马路 or 路灯.
    fn is_excepted(&self, text: &str, at: usize, ending: &str) -> bool {
        self.except.iter().any(|word| {
            let places = word.match_indices(ending).filter_map(|(before, _)| at.checked_sub(before));
            places.into_iter().any(|start| text.get(start..).is_some_and(|text| text.starts_with(word.as_str())))
        })
    }

    fn kind_of(&self, name: &str) -> Option<&str> {
        let mut kinds = self.kind.iter();
        kinds
            .find(|kind| kind.endings.iter().any(|ending| name.ends_with(ending.as_str())))
            .map(|kind| kind.code.as_str())
    }

    /// Where a name begins that ends at the end of `text`.
    fn start(&self, text: &str) -> Option<usize> {
        let mut start = text.len();
        for (at, c) in text.char_indices().rev().take(*BODY.end()) {
            if !('\u{4e00}'..='\u{9fff}').contains(&c) || self.cut.contains(c) {
                break;
            }
            start = at;
        }
        let words =
            self.before.iter().filter_map(|word| text[start..].rfind(word.as_str()).map(|at| start + at + word.len()));
        let start = words.max().unwrap_or(start).max(start);
        let led = text[start..].chars().next().filter(|first| self.lead.contains(*first));
        let start = start + led.map_or(0, char::len_utf8);
        (BODY.contains(&text[start..].chars().count())).then_some(start)
    }

    /// The end of the house, building and unit numbers that follow a name.
    fn numbered(&self, text: &str, mut end: usize) -> usize {
        loop {
            let rest = &text[end..];
            let digits =
                rest.find(|c: char| !super::text::fold(c).is_ascii_digit() && !"一二三四五六七八九十百".contains(c));
            let digits = digits.unwrap_or(rest.len());
            let unit = self
                .numbers
                .iter()
                .filter(|unit| rest[digits..].starts_with(unit.as_str()))
                .max_by_key(|unit| unit.len());
            match unit {
                Some(unit) if digits > 0 => end += digits + unit.len(),
                _ => return end,
            }
        }
    }
}

fn place(
    kind: &str,
    name: &str,
    field: Field,
    text: &str,
    (start, end): (usize, usize),
    area: Option<AreaId>,
) -> Place {
    let span = Span { field, range: start..end, text: text[start..end].to_owned(), weight: 1.0 };
    Place { kind: kind.to_owned(), name: name.to_owned(), span, area }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule() -> PlaceRule {
        let text = r#"
            cut = "的了们不是在和有我你他就都也很到从去把被让向对与及或"
            before = ["位于", "住在", "附近", "靠近", "领导", "小区", "经过"]
            except = ["马路", "道路", "公路", "一条路", "农村", "路灯", "在路上"]
            lead = "市区县"
            numbers = ["号楼", "号", "栋", "单元", "室"]
            kind = [
              { code = "road", endings = ["路", "大道", "街"] },
              { code = "estate", endings = ["小区", "花园"] },
              { code = "community", endings = ["社区", "街道", "村"] },
            ]
        "#;
        toml::from_str(text).expect("a sound rule")
    }

    fn area(code: i64) -> AreaId {
        code.to_string().parse().expect("an area")
    }

    fn named(text: &str) -> Vec<(String, String, String)> {
        let known = Gazetteer::new(
            [("柳港里社区".to_owned(), area(900_102_001_001))],
            [("鲤鱼坊".to_owned(), area(900_102_001))],
        );
        let found = rule().places(&known, Field::Text, text);
        found.into_iter().map(|p| (p.kind, p.name, p.span.text)).collect()
    }

    fn one(text: &str) -> (String, String, String) {
        let mut found = named(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.remove(0)
    }

    fn said(kind: &str, name: &str, span: &str) -> (String, String, String) {
        (kind.to_owned(), name.to_owned(), span.to_owned())
    }

    #[test]
    fn names_end_as_places_do_and_begin_where_other_words_end() {
        assert_eq!(one("我住在柳荫路12号3单元，门口积水"), said("road", "柳荫路", "柳荫路12号3单元"));
        assert_eq!(one("领导您好，丽湖花园三号楼停水"), said("estate", "丽湖花园", "丽湖花园三号楼"));
        assert_eq!(one("A3区柳荫路积水"), said("road", "柳荫路", "柳荫路"));
        assert_eq!(named("马路上的道路积水，一条路都不通"), []);
        assert_eq!(named("我在路上，小区门口路灯坏了"), []);
    }

    #[test]
    fn what_the_gazetteer_knows_goes_first() {
        assert_eq!(one("柳港里的路灯不亮"), said("area", "柳港里", "柳港里"));
        assert_eq!(one("柳港里社区门口"), said("area", "柳港里社区", "柳港里社区"));
        assert_eq!(one("鲤鱼坊那里很吵"), said("known", "鲤鱼坊", "鲤鱼坊"));
    }

    #[test]
    fn a_name_of_two_areas_has_none() {
        let twice = [("新兴社区".to_owned(), area(900_102_001_001)), ("新兴社区".to_owned(), area(900_103_001_001))];
        let known = Gazetteer::new(twice, []);
        assert_eq!(rule().places(&known, Field::Text, "新兴社区停电").remove(0).area, None);
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text_and_do_not_overlap(text in "[柳港里社区路街小花园的在住12号楼，。a ]{0,60}") {
            let known = Gazetteer::new([("柳港里社区".to_owned(), area(900_102_001_001))], []);
            let mut last = 0;
            for place in rule().places(&known, Field::Text, &text) {
                prop_assert_eq!(&text[place.span.range.clone()], &place.span.text);
                prop_assert!(place.span.range.start >= last && place.span.text.starts_with(&place.name));
                last = place.span.range.end;
            }
        }
    }
}
