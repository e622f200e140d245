//! A pack with faults is refused whole, and its author reads all of them at once: file, line, key, value, advice.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use muster_core::pack::Pack;
use pack_support::default_files;

/// Loads the built-in pack with texts replaced, each in its file, and renders what the loader says.
fn faults(changes: &[(&str, &str, &str)]) -> String {
    let mut files = default_files();
    for (name, from, to) in changes {
        let (_, text) = files.iter_mut().find(|(file, _)| file == name).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}: the test is out of date");
        *text = text.replacen(from, to, 1);
    }
    load(&files)
}

/// The snapshot without the expression, which would repeat the test.
macro_rules! assert_faults {
    ($faults:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($faults) })
    };
}

fn load(files: &[(&'static str, String)]) -> String {
    let files: Vec<_> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
    match Pack::load(&files) {
        Ok(_) => "no faults".to_owned(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn every_fault_of_every_file_is_reported_in_one_run() {
    assert_faults!(faults(&[
        ("pack.toml", "\"2026-01-01\"", "\"2026-02-30\""),
        ("pack.toml", "Asia/Shanghai", "Asia/Minghu"),
        ("pack.toml", "id = 900100000000000", "id = 9001"),
        (
            "taxonomy.toml",
            "010101 = { zh = \"事故处理\", en = \"Accident handling\" }",
            "010101 = { zh = \"事故处理\" }"
        ),
        ("taxonomy.toml", "\n05 = ", "\n055 = "),
        ("crosswalk.toml", "\"城乡建设\" = \"01\"", "\"城乡建设\" = \"77\""),
        ("duties.toml", "category = \"010212\"", "category = \"0177\""),
        ("duties.toml", "province = \"development\"", "province = \"developement\""),
        ("duties.toml", "cooperating = [\"resources\"]", "cooperating = [\"ressources\"]"),
        ("duties.toml", ", community = \"none\" }\ncooperating", " }\ncooperating"),
        ("duties.toml", "answers_at = \"township\"", "answers_at = \"grid\""),
        ("duties.toml", "answers_at = \"community\"", "answers_at = \"community\"\nanswer_at = \"county\""),
        ("clocks.toml", "amount = 24", "amount = 0"),
        ("clocks.toml", "request = [\"consult\"]", "request = [\"gossip\"]"),
        ("clocks.toml", "unit = \"natural_days\"", "unit = \"days\""),
        ("calendar.toml", "02-10..02-17", "02-30..02-17"),
        ("calendar.toml", "[years.2025]", "[years.next]"),
        ("calendar.toml", "work = [\"02-02..02-03\", \"04-28\"", "work = [\"02-04\", \"04-29\""),
        ("outcomes.toml", "needs_evidence = true", "needs_evidence = \"yes\""),
        ("refusals.toml", "door = { zh = \"请凭原编号查看进展\", en", "door = { zh = \" \", en"),
        ("intake.toml", "similarity = 0.6", "similarity = 90"),
        ("intake.toml", "text_min = 5\n", "text_min = 20000\n"),
        ("shares.toml", "share = 2000", "share = 1999"),
        ("notices.toml", "工单 {code} 已派给{unit}", "工单 {code} 已派给{units}"),
        ("dispatch.toml", "\"12:00\", \"18:00\"", "\"18:00\", \"12:00\""),
        ("dispatch.toml", "agreed = 4", "agreed = 7"),
        ("dispatch.toml", "code = \"carrying\"", "code = \"errand\""),
        (
            "dispatch.toml",
            "code = \"tutoring\"\nzh = \"课业辅导\"\nen = \"Tutoring\"\ncertificate = false",
            "code = \"tutoring\"\nzh = \"课业辅导\"\nen = \"Tutoring\"\ncertificate = true"
        ),
        ("dispatch.toml", "age = 18", "age = 180"),
        ("performance.toml", "weight = 15\npass", "weight = 9\npass"),
        ("findings.toml", "second = 90", "second = 30"),
        ("findings.toml", "usual = 60", "usual = 366"),
        ("findings.toml", "register = { amount = 5", "register = { amount = 0"),
        ("performance.toml", "weight = 30", "weight = 29"),
        ("performance.toml", "from = \"joint\"", "from = \"jointly\""),
        ("performance.toml", "full = 98", "full = 50"),
        ("performance.toml", "04 = 120", "77 = 120"),
        ("performance.toml", "kind = \"blameless\", zh = \"不可抗力\"", "kind = \"excuse\", zh = \"不可抗力\""),
        ("performance.toml", "failures = 3", "failures = 1"),
        ("indicators.toml", "\"1111\"]", "\"9911\"]"),
        ("indicators.toml", "under = [\"rated\"]", "under = [\"ratings\"]"),
        ("indicators.toml", "over = [\"opened\"]\n", "over = []\n"),
        ("indicators.toml", "code = \"alone\"", "code = \"claimed_resolution\""),
        ("indicators.toml", "over = [\"accept_kept\"]", "over = [\"accept_kept\"]\nsame_act = true"),
        ("indicators.toml", "indicator = \"rework\"", "indicator = \"reworking\""),
        ("indicators.toml", "from = 2026\npercent = 45", "from = 2023\npercent = 45"),
        ("indicators.toml", "percent = 82", "percent = 820"),
        ("indicators.toml", "code = \"awareness\"", "code = \"coverage\""),
        ("questionnaire.toml", "beside = \"satisfaction\"", "beside = \"confirmed\""),
        ("questionnaire.toml", "code = \"in_time\"", "code = \"solved\""),
        ("practices.toml", "window_days = 90", "window_days = 3"),
        ("practices.toml", "proposed = 3", "proposed = 0"),
    ]));
}

#[test]
fn a_short_message_that_is_long_or_tells_more_than_the_code_and_a_night_that_is_no_time() {
    assert_faults!(faults(&[
        ("notices.toml", "{code}: work goes on.", "{code}: work goes on, as {unit} has told us today."),
        ("notices.toml", "{code}: closed. You may", "{code}: closed. If you are not content with it you may"),
        ("notices.toml", "\"22:00\"", "\"24:00\""),
        ("notices.toml", "most_wait_seconds = 21600", "most_wait_seconds = 6"),
    ]));
}

#[test]
fn a_code_given_twice() {
    assert_faults!(faults(&[("taxonomy.toml", "010102 = ", "010101 = ")]));
}

#[test]
fn broken_syntax_is_one_fault_and_does_not_flood_the_references() {
    assert_faults!(faults(&[("taxonomy.toml", "[categories]", "[categories")]));
}

#[test]
fn a_duty_given_twice_and_a_department_without_a_body_at_the_level() {
    assert_faults!(faults(&[
        ("duties.toml", "category = \"0101\"", "category = \"01\""),
        ("duties.toml", "township = \"street\", community = \"none\"", "township = \"ecology\", community = \"none\""),
        ("duties.toml", "answers_at = \"township\"", "answers_at = \"community\""),
        ("duties.toml", "community = \"community\"", "community = \"none\""),
    ]));
}

#[test]
fn a_clock_without_a_row_for_all_and_a_row_that_is_never_reached() {
    assert_faults!(faults(&[
        ("clocks.toml", "[[callback]]", "[[callback]]\nurgency = [\"danger\"]"),
        ("clocks.toml", "[[dispatch]]\nurgency = [\"danger\"]", "[[dispatch]]"),
    ]));
}

#[test]
fn missing_and_unknown_files() {
    let mut files = default_files();
    files.retain(|(file, _)| *file != "duties.toml" && *file != "calendar.toml");
    files.push(("dutys.toml", String::new()));
    files.push(("sense.toml", "read = \"elsewhere\"".to_owned()));
    assert_faults!(load(&files));
}

#[test]
fn nothing_at_all() {
    assert_faults!(load(&default_files().into_iter().map(|(file, _)| (file, String::new())).collect::<Vec<_>>()));
}
