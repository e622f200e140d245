//! The node below a class: proposed where the message names it in so many words, and not on a hint.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use muster_core::sense::{Example, Gazetteer, Judgement, Lesson, Model, SenseRules, judge, train};
use pack_support::default_pack;
use std::sync::OnceLock;

const RULES_FILE: &str = include_str!("../../../packs/default/sense.toml");

fn rules() -> &'static SenseRules {
    static RULES: OnceLock<SenseRules> = OnceLock::new();
    RULES
        .get_or_init(|| SenseRules::from_toml(RULES_FILE).expect("the built-in rules").naming(&default_pack().taxonomy))
}

/// Tells classes 01 and 02 by 小区 and 单位.
fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let codes = ["01", "02"].map(str::to_owned);
        let examples = (0..40)
            .map(|n| {
                let (text, class) =
                    if n % 2 == 0 { ("小区的问题请解决", 0) } else { ("单位的问题请解决", 1) };
                Example { title: "", text, class, group: n }
            })
            .collect();
        let lesson = Lesson { name: "x", codes: &codes, examples, phrases: vec![], seed: 1, without: None };
        train(&lesson).expect("a sound lesson")
    })
}

fn lower(title: &str, text: &str) -> Option<(String, Vec<String>)> {
    let lower = judge(model(), rules(), &Gazetteer::default(), title, text).lower?;
    Some((lower.code, lower.words.into_iter().map(|word| word.text).collect()))
}

fn found(code: &str, words: &[&str]) -> (String, Vec<String>) {
    (code.to_owned(), words.iter().map(|word| (*word).to_owned()).collect())
}

#[test]
fn the_codes_used_here_are_in_the_tree() {
    let taxonomy = default_pack().taxonomy;
    let name = |code| taxonomy.get(code).map(|node| node.name.zh.clone());
    assert_eq!(["010302", "010215"].map(name), ["违章建筑", "自来水供应"].map(|name| Some(name.to_owned())));
    assert!(taxonomy.iter().any(|node| node.name.zh == "园林绿化" && node.code.starts_with("01")));
}

#[test]
fn a_name_in_the_title_is_proposed_with_its_words() {
    assert_eq!(lower("小区违章建筑", "小区有人搭棚"), Some(found("010302", &["违章建筑"])));
}

#[test]
fn most_of_a_name_is_enough_but_half_of_it_is_not() {
    assert_eq!(lower("小区自来水浑浊", "小区的问题"), Some(found("010215", &["自来水"])));
    assert_eq!(lower("小区违章停车", "小区的问题"), None);
}

#[test]
fn in_the_body_a_name_must_be_said_twice() {
    assert_eq!(lower("小区的问题", "小区有违章建筑"), None);
    assert_eq!(lower("小区的问题", "小区有违章建筑，楼顶也有违章建筑"), Some(found("010302", &["违章建筑"])));
}

#[test]
fn two_nodes_equally_named_are_none() {
    assert_eq!(lower("小区违章建筑园林绿化", "小区的问题"), None);
}

#[test]
fn a_name_of_another_class_is_passed_over() {
    assert_eq!(lower("单位违章建筑", "单位的问题，单位，单位"), None);
}

#[test]
fn a_judgement_stored_before_there_were_nodes_still_reads() {
    let judgement = judge(model(), rules(), &Gazetteer::default(), "小区违章建筑", "小区的问题");
    let mut stored = serde_json::to_value(&judgement).expect("a judgement is JSON");
    let again: Judgement = serde_json::from_value(stored.clone()).expect("and reads back");
    assert_eq!(again.lower.map(|lower| lower.code).as_deref(), Some("010302"));
    stored.as_object_mut().expect("an object").remove("lower");
    let old: Judgement = serde_json::from_value(stored).expect("an old judgement");
    assert_eq!(old.lower, None);
}
