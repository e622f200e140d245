//! Plans of the pack: the renewal of an old estate as the calendar has it, and faults of a plan named where they stand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use muster_core::pack::Pack;
use muster_core::process::{Planned, plan};
use muster_core::time::Timestamp;
use muster_core::time::clock::due;
use pack_support::{default_files, default_pack};

/// Monday 2026-05-11 09:00 in Shanghai.
const NOW: Timestamp = Timestamp(1_778_461_200_000_000);

#[test]
fn the_renewal_of_an_old_estate_takes_from_may_to_november() {
    let pack = default_pack();
    let template = pack.plan("old_housing").unwrap();
    let parts: Vec<Planned> = template.parts.iter().zip(1..).map(|(part, number)| part.planned(number)).collect();
    let span = |i: usize, start| due(start, &template.parts[i].budget, &pack.calendar).at.plus(-1);
    let slots = plan(&parts, NOW, span).unwrap();
    let lines: Vec<String> = slots
        .iter()
        .zip(&template.parts)
        .map(|(slot, part)| {
            let day = |at| pack.calendar.local_date(at).to_string();
            let slack = slot.slack / Timestamp::DAY;
            let marks = if slot.critical { "critical".to_owned() } else { format!("slack {slack} d") };
            format!("{:<12} {} {} {marks}", part.key, day(slot.start), day(slot.finish))
        })
        .collect();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(lines.join("\n")) });
}

fn faults(plans: &str) -> String {
    let files = default_files();
    let files: Vec<_> =
        (files.iter()).map(|(file, text)| (*file, if *file == "plans.toml" { plans } else { text.as_str() })).collect();
    let faults = Pack::load(&files).map(|_| ()).expect_err("a fault");
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A plan of parts given as (key, department, after).
fn of(parts: &[(&str, &str, &str)]) -> String {
    let head = "[[plan]]\ncode = \"p\"\nzh = \"甲\"\nen = \"A\"\nbasis = \"b\"\n";
    let part = |(key, department, after): &(&str, &str, &str)| {
        format!(
            "[[plan.part]]\nkey = \"{key}\"\nzh = \"乙\"\nen = \"B\"\ndepartment = \"{department}\"\n\
             after = [{after}]\namount = 3\nunit = \"working_days\"\nbasis = \"b\"\n"
        )
    };
    format!("{head}{}", parts.iter().map(part).collect::<String>())
}

#[test]
fn a_plan_with_faults_is_refused_with_their_place() {
    let circle = faults(&of(&[("a", "housing", "\"c\""), ("b", "housing", ""), ("c", "housing", "\"a\"")]));
    assert_eq!(
        circle,
        "plans.toml:1: plan[1]: parts wait for each other in a circle: a → c; \
         take one of the `after` or `parent` out"
    );
    let unknown = faults(&of(&[("a", "housings", "\"z\""), ("b", "housing", "\"b\"")]));
    assert!(unknown.contains("plan[1].part[1].department = \"housings\": unknown department"), "{unknown}");
    assert!(unknown.contains("plan[1].part[1].after = \"z\": no part \"z\" in this plan; use: a, b"), "{unknown}");
    let itself = faults(&of(&[("a", "housing", ""), ("b", "housing", "\"b\"")]));
    assert!(itself.contains("plan[1].part[2].after = \"b\": the part refers to itself"), "{itself}");
    let twice = faults(&of(&[("a", "housing", ""), ("a", "housing", "")]));
    assert!(twice.contains("plan[1].part[2].key = \"a\": a second part of this key"), "{twice}");
    assert!(faults(&of(&[])).contains("plan[1].part: a plan without parts; add [[plan.part]]"));
}
