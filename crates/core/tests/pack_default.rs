//! The built-in pack: what it must hold, and hand cases of its rules.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use std::collections::BTreeSet;

use muster_core::area::Level;
use muster_core::evaluate::Measure;
use muster_core::pack::{ClockKind, OUTCOMES, RequestKind, Urgency};
use muster_core::time::clock::BudgetUnit;
use pack_support::{default_pack, shared};

#[test]
fn twelve_classes_and_two_levels_below() {
    let pack = default_pack();
    let classes: Vec<_> = pack.taxonomy.classes().map(|class| class.code.as_str()).collect();
    assert_eq!(classes, ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]);
    for class in classes {
        assert!(pack.taxonomy.children(class).count() >= 4, "class {class}");
    }
    let ancestors: Vec<_> = pack.taxonomy.ancestors("010215").iter().map(|c| c.code.as_str()).collect();
    assert_eq!(ancestors, ["0102", "01"]);
    assert!(pack.taxonomy.ancestors("990101").is_empty());
    assert!(pack.taxonomy.children("0102").all(|child| child.code.len() == 6));
}

#[test]
fn search_finds_names_in_both_languages_and_codes() {
    let pack = default_pack();
    let codes = |text| pack.taxonomy.search(text).iter().map(|c| c.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes("自来水供应"), ["010215"]);
    assert_eq!(codes("noise"), ["050203"]);
    assert_eq!(codes("食品")[0], "0603", "a name that begins with the text comes before one that holds it");
    assert!(codes("0603").contains(&"060301".to_owned()));
    assert!(codes("  ").is_empty());
}

#[test]
fn every_category_has_an_owner_and_departments_span_the_levels() {
    let pack = default_pack();
    for category in pack.taxonomy.iter() {
        let duty = pack.duties.route(&category.code).unwrap_or_else(|| panic!("no duty for {}", category.code));
        assert!(duty.lead_at(duty.answers_at).is_some());
    }
    assert!(pack.duties.departments().count() >= 12);
    for level in muster_core::pack::DUTY_LEVELS {
        assert!(pack.duties.departments().any(|d| d.at.contains_key(&level)), "{level:?}");
    }
    assert!(pack.duties.route("99").is_none());
    assert!(pack.duties.route("").is_none());
}

#[test]
fn the_longest_prefix_decides() {
    let pack = default_pack();
    let lead = |category: &str, level| pack.duties.route(category).unwrap().lead_at(level);
    assert_eq!(lead("010215", Level::County), Some("water"));
    assert_eq!(lead("010216", Level::County), Some("urban_management"), "falls back to 0102");
    assert_eq!(lead("0199", Level::County), Some("housing"), "falls back to 01");
    assert_eq!(lead("060301", Level::County), Some("market"), "food safety is the market regulator's since 2018");
}

/// Golden test 14 of the domain notes: what a community's list does not hold cannot be sent to it.
#[test]
fn a_community_is_not_sent_what_its_list_does_not_hold() {
    let pack = default_pack();
    for category in ["010212", "010215", "010302", "050203", "060301", "110502", "110704", "111104", "120901"] {
        let duty = pack.duties.route(category).unwrap();
        assert_eq!(duty.lead_at(Level::Community), None, "{category}");
        assert_eq!(duty.lead_at(Level::Grid), None, "{category}");
    }
    let held: Vec<_> = pack
        .duties
        .iter()
        .filter(|duty| duty.lead_at(Level::Community).is_some())
        .map(|d| d.category.as_str())
        .collect();
    assert_eq!(held, ["010203", "010211", "010903", "0204", "0802", "100301", "1008", "111102"]);
}

/// Golden test 15 of the domain notes, and the classes of 保定 art. 19.
#[test]
fn budgets_by_kind_urgency_and_category() {
    use BudgetUnit::{NaturalDays, NaturalHours, WorkingDays};
    use ClockKind::{Accept, Answer, Callback, Dispatch};
    use RequestKind::{Complaint, Consult, Help, Praise, Tipoff};
    use Urgency::{Danger, Routine, Urgent};
    let pack = default_pack();
    for (kind, request, urgency, category, amount, unit) in [
        (Answer, Consult, Routine, "020102", 2, WorkingDays),
        (Answer, Complaint, Routine, "020102", 5, WorkingDays),
        (Answer, Praise, Routine, "06", 5, WorkingDays),
        (Answer, Help, Urgent, "010215", 24, NaturalHours),
        (Answer, Consult, Urgent, "010213", 3, WorkingDays),
        (Answer, Consult, Danger, "010215", 2, NaturalHours),
        (Answer, Tipoff, Routine, "120901", 24, NaturalHours),
        (Accept, Complaint, Routine, "01", 1, WorkingDays),
        (Accept, Complaint, Danger, "01", 1, NaturalHours),
        (Dispatch, Help, Danger, "110709", 1, NaturalHours),
        (Dispatch, Help, Urgent, "010207", 2, NaturalHours),
        (Dispatch, Help, Routine, "010207", 24, NaturalHours),
        (Callback, Help, Danger, "010207", 7, NaturalDays),
    ] {
        let budget = pack.clocks.budget(kind, request, urgency, category);
        assert_eq!((budget.amount, budget.unit), (amount, unit), "{kind:?} {request:?} {urgency:?} {category}");
        assert!(!budget.basis.is_empty());
    }
}

#[test]
fn the_fifteen_labels_map_to_our_classes() {
    let pack = default_pack();
    let class = |label| pack.crosswalk.class(label).unwrap();
    let seven = ["城乡建设", "劳动和社会保障", "教育文体", "商贸旅游", "环境保护", "卫生计生", "交通运输"].map(class);
    assert_eq!(seven, ["01", "02", "03", "04", "05", "06", "07"]);
    assert_eq!(["农村农业", "国土资源", "民政", "政法"].map(class), ["08", "09", "10", "11"]);
    assert_eq!(["党务政务", "纪检监察", "经济管理", "科技与信息产业"].map(class), ["12"; 4]);
    for (path, code) in pack.crosswalk.iter() {
        let label = path.split('/').next().unwrap();
        assert!(code.starts_with(class(label)), "{path} leaves the class of its label");
    }
    assert_eq!(pack.crosswalk.class("没有"), None);
    assert_eq!(pack.crosswalk.node(&["城乡建设", "城市建设和市政管理", "自来水供应"]), Some("010215"));
}

#[test]
fn the_crosswalk_covers_the_whole_source_tree_and_every_category_has_a_source() {
    let Some(csv) = shared("data/zhengwu_messages/taxonomy.csv") else { return };
    let pack = default_pack();
    let mut reached = BTreeSet::new();
    for line in csv.lines().skip(1) {
        let path: Vec<_> = line.split(',').collect();
        for depth in 1..=3 {
            let node = pack.crosswalk.node(&path[..depth]);
            reached.insert(node.unwrap_or_else(|| panic!("{:?} is not mapped", &path[..depth])));
        }
    }
    let ours: BTreeSet<_> = pack.taxonomy.iter().map(|category| category.code.as_str()).collect();
    assert_eq!(reached, ours);
}

#[test]
fn outcomes_refusals_and_limits() {
    let pack = default_pack();
    let outcomes: Vec<_> = pack.outcomes.iter().map(|outcome| outcome.code.as_str()).collect();
    assert_eq!(outcomes, OUTCOMES);
    assert!(pack.outcome("fixed").unwrap().needs_evidence);
    assert!(pack.refusal("petition").unwrap().door.zh.contains("信访"));
    assert_eq!((pack.intake.title_max, pack.intake.text_min, pack.intake.text_max), (80, 5, 10_000));
    assert_eq!(pack.root_area.get(), 900_100_000_000_000);
    assert_eq!(pack.root_area.level(), Level::City);
}

#[test]
fn indicators_say_what_is_counted_and_targets_hold_from_their_year_on() {
    let pack = default_pack();
    let indicators = &pack.indicators;
    let get = |code: &str| indicators.get(code).unwrap();
    assert_eq!(get("claimed_resolution").code, "claimed", "addresses of before keep their figure");
    assert_eq!(get("on_time").rest(), Some((vec![Measure::AnswerBroken], None)));
    assert_eq!(get("claimed").rest(), Some((vec![Measure::Answered], Some(Measure::ClaimedSolved))));
    assert_eq!(get("closing").rest(), None, "what was due is no whole of what was closed");
    assert_eq!(indicators.front().count(), 5);
    let aim = |code: &str, level, year| indicators.target(code, level, year).map(|target| target.percent);
    assert_eq!(aim("satisfaction", Level::County, 2023), None);
    assert_eq!(aim("satisfaction", Level::County, 2025), Some(70.0));
    assert_eq!(aim("satisfaction", Level::County, 2029), Some(85.0));
    assert_eq!(aim("satisfaction", Level::County, 2099), Some(90.0));
    assert_eq!((aim("on_time", Level::County, 2026), aim("on_time", Level::Township, 2026)), (Some(95.0), Some(98.0)));
    assert_eq!(aim("participation", Level::City, 2028), Some(55.0), "a target may wait for its figure");
    assert!(get("on_time").misses(94.9, 95.0) && !get("on_time").misses(95.0, 95.0));
    assert!(get("rework").misses(5.1, 5.0) && !get("filing").misses(1.0, 99.0));
    assert!(indicators.is_conflict("111101") && !indicators.is_conflict("010215"));
}
