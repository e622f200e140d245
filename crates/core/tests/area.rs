//! Areas as ranges of numbers: the tree and the arithmetic must agree.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use muster_core::area::{AreaId, Level};
use proptest::prelude::*;

fn area(code: &str) -> AreaId {
    code.parse().unwrap()
}

#[test]
fn codes_of_every_length_are_padded_to_fifteen_digits() {
    for (code, id, level) in [
        ("90", 900_000_000_000_000, Level::Province),
        ("9001", 900_100_000_000_000, Level::City),
        ("900102", 900_102_000_000_000, Level::County),
        ("900102003", 900_102_003_000_000, Level::Township),
        ("900102003004", 900_102_003_004_000, Level::Community),
        ("900102003004005", 900_102_003_004_005, Level::Grid),
        ("900100000000000", 900_100_000_000_000, Level::City),
    ] {
        assert_eq!((area(code).get(), area(code).level()), (id, level), "{code}");
    }
}

#[test]
fn what_is_not_a_code_is_refused_with_its_value() {
    for text in ["", "9", "900", "09", "abcd", "-1", "90 1", "9001000000000000", "９０"] {
        let fault = text.parse::<AreaId>().unwrap_err().to_string();
        assert!(fault.contains(&format!("{text:?}")), "{fault}");
    }
    let fault = AreaId::new(9001).unwrap_err().to_string();
    assert_eq!(fault, "area 9001 is not a number of 15 digits; pad the code with zeros on the right");
    assert!(serde_json::from_str::<AreaId>("12").is_err());
    assert_eq!(serde_json::to_string(&area("9001")).unwrap(), "900100000000000");
}

#[test]
fn the_chain_above_a_grid() {
    let chain: Vec<_> = area("900102003004005").ancestors().map(|area| (area.get(), area.level())).collect();
    assert_eq!(
        chain,
        [
            (900_102_003_004_000, Level::Community),
            (900_102_003_000_000, Level::Township),
            (900_102_000_000_000, Level::County),
            (900_100_000_000_000, Level::City),
            (900_000_000_000_000, Level::Province),
        ]
    );
    assert_eq!(area("90").parent(), None);
}

/// Dongguan has no counties: its townships carry 00 where the county stands.
#[test]
fn a_city_without_counties_is_the_parent_of_its_townships() {
    let township = area("441900003");
    assert_eq!(township.level(), Level::Township);
    assert_eq!(township.parent(), Some(area("4419")));
    assert_eq!(township.ancestor(Level::County), None);
    assert_eq!(township.ancestor(Level::City), Some(area("4419")));
    assert!(area("4419").contains(township));
}

fn any_area() -> impl Strategy<Value = AreaId> {
    (11i64..=99, 0i64..100, 0i64..100, 0i64..1000, 0i64..1000, 0i64..1000, 0u32..6).prop_map(
        |(p, c, x, t, m, g, keep)| {
            let id = ((((p * 100 + c) * 100 + x) * 1000 + t) * 1000 + m) * 1000 + g;
            let zeros = [13, 11, 9, 6, 3, 0][keep as usize];
            AreaId::new(id - id % 10_i64.pow(zeros)).unwrap()
        },
    )
}

proptest! {
    #[test]
    fn a_parent_is_above_and_holds_its_child(area in any_area()) {
        if let Some(parent) = area.parent() {
            prop_assert!(parent.level() < area.level());
            prop_assert!(parent.contains(area) && !area.contains(parent));
        } else {
            prop_assert_eq!(area.level(), Level::Province);
        }
    }

    #[test]
    fn holding_is_being_an_ancestor_or_the_same(a in any_area(), b in any_area()) {
        let above = b == a || b.ancestors().any(|ancestor| ancestor == a);
        prop_assert_eq!(a.contains(b), above);
        let (first, last) = a.range();
        let (low, high) = b.range();
        let nested = (first <= low && high <= last) || (low <= first && last <= high);
        prop_assert!(nested || last < low || high < first, "ranges never overlap in part");
    }

    #[test]
    fn an_ancestor_has_the_level_asked_for(area in any_area()) {
        for level in Level::ALL {
            match area.ancestor(level) {
                Some(ancestor) => {
                    prop_assert_eq!(ancestor.level(), level);
                    prop_assert!(ancestor.contains(area));
                }
                None => prop_assert!(!area.ancestors().chain([area]).any(|a| a.level() == level)),
            }
        }
    }

    #[test]
    fn text_and_back(area in any_area()) {
        prop_assert_eq!(area.to_string().parse::<AreaId>().unwrap(), area);
    }
}

#[test]
fn a_text_names_an_area_by_the_longest_name_that_comes_first() {
    let id = |code: &str| code.parse::<AreaId>().unwrap();
    let (street, own, twin, other) = (id("900102001"), id("900102001001"), id("900102001002"), id("900102002001"));
    let areas = [(street, "柳港街道"), (own, "柳港"), (twin, "桂花社区"), (other, "桂花社区")];
    let named = |text| muster_core::area::mentioned(text, &areas);
    assert_eq!(named("柳港街道的路灯"), Some(street), "not the shorter name within it");
    assert_eq!(named("在柳港，靠近柳港街道"), Some(own), "what is said first");
    assert_eq!(named("桂花社区三号楼"), None, "two have this name");
    assert_eq!(named("路灯坏了"), None);
    assert_eq!(muster_core::area::mentioned("一", &[(own, "一"), (street, "")]), None, "a sign is no name");
}
