//! The doctor finds nothing after a day of life, and names what someone changed behind the program's back.

use muster_core::intake::{Channel, Draft};
use muster_core::people::{Account, Actor, Role};
use muster_core::process::CaseState;
use muster_core::time::Timestamp;
use muster_server::doctor::{Health, examine};
use muster_server::usecase::case_assign::case_assign;
use muster_server::usecase::case_rate::{Rating, case_rate, case_reopen};
use muster_server::usecase::case_refuse::case_refuse;
use muster_server::usecase::case_triage::{Decision, case_triage};
use muster_server::usecase::report_submit::{Again, Receipt, report_submit};
use muster_server::usecase::task_accept::task_accept;
use muster_server::usecase::task_answer::{Answer, task_answer};
use muster_server::usecase::task_dispute::task_dispute;
use muster_store::people::{GrantRow, account_by_login, account_get, grants_all, grants_of, unit_list};
use muster_store::process::{CaseRow, case_by_code};
use muster_store::testing::execute;

use crate::app::{App, doors};

pub(crate) async fn health(app: &App) -> Health {
    examine(&app.state.config, &app.state.clock, |_, _| {}).await.unwrap()
}

/// Everything the doctor says, but for the disk of the machine the test runs on.
pub(crate) fn said(health: &Health) -> Vec<String> {
    let checks = health.checks.iter().filter(|check| check.found > 0 && check.name != "disk");
    checks.map(|check| format!("{}: {}", check.name, check.first.join("\n"))).collect()
}

pub(crate) async fn actor(app: &App, login: &str) -> Actor {
    let mut tx = app.state.read().await.unwrap();
    let account = account_by_login(&mut tx, login).await.unwrap().unwrap();
    let grants = grants_of(&mut tx, account.id).await.unwrap().iter().map(GrantRow::grant).collect();
    Actor::Account(Account { id: account.id, name: account.name, grants })
}

async fn case(app: &App, code: &str) -> CaseRow {
    let mut tx = app.state.read().await.unwrap();
    case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap()
}

/// Someone who acts for the unit of a case.
async fn handler(app: &App, code: &str) -> Actor {
    let case = case(app, code).await;
    let mut tx = app.state.read().await.unwrap();
    let grants = grants_all(&mut tx).await.unwrap();
    let grant = grants.iter().find(|grant| grant.role == Role::UnitHandler && grant.unit_id == case.unit_id).unwrap();
    let account = account_get(&mut tx, grant.account_id.into()).await.unwrap().unwrap();
    drop(tx);
    actor(app, &account.login).await
}

/// Reports something and brings it to a unit.
pub(crate) async fn reported(app: &App, text: &str, key: &str) -> Receipt {
    let draft = Draft {
        area: Some("900102001001".parse().unwrap()),
        place: "三号楼".to_owned(),
        text: text.to_owned(),
        name: "王秀英".to_owned(),
        phone: "19900000077".to_owned(),
        ..Draft::default()
    };
    let again = Again::new("api", key, &draft);
    let first = report_submit(&app.state, &Actor::Anonymous, Channel::Api, &draft, Some(&again)).await.unwrap();
    let second = report_submit(&app.state, &Actor::Anonymous, Channel::Api, &draft, Some(&again)).await.unwrap();
    assert_eq!(first, second);
    if case(app, &first.code).await.state == CaseState::Triage {
        let operator = actor(app, "operator1").await;
        let decision = Decision { category: "0101".to_owned(), ..Decision::default() };
        case_triage(&app.state, &operator, &first.code, &decision).await.unwrap();
    }
    first
}

async fn answered(app: &App, code: &str) {
    let handler = handler(app, code).await;
    let answer = Answer {
        outcome: "fixed".to_owned(),
        text: "已更换水管，漏水处理完毕。".to_owned(),
        evidence: "5月12日现场记录".to_owned(),
        ..Answer::default()
    };
    task_answer(&app.state, &handler, code, &answer).await.unwrap();
}

pub(crate) const TEXTS: [&str; 6] = [
    "小区三号楼楼道里的自来水管漏水，已经漏了两天，地上都是水，老人进出很滑。",
    "人民路路灯坏了一个星期，晚上很黑，孩子放学不安全，希望尽快修理。",
    "楼下烧烤店凌晨两点还在营业，油烟和噪音很大，无法休息。",
    "医保报销的材料交了一个月没有回音，想问一下什么时候能到账。",
    "工地欠我们三个月的工资，老板电话打不通，家里等着用钱。",
    "公交车站的站牌倒了，压在盲道上，盲人没法走路。",
];

doors!(a_day_of_life_is_clean, async |app: &App| {
    let mut slips = Vec::new();
    for (n, text) in TEXTS.iter().enumerate() {
        // The clock stands still: what happens to one case in one instant still has an order.
        slips.push(reported(app, text, &format!("k{n}")).await);
    }
    let twice = reported(app, TEXTS[0], "again").await;
    assert!(twice.joined, "the same words again: one case");
    let code = |n: usize| slips[n].code.as_str();

    answered(app, code(0)).await;
    let rating = Rating { solved: Some(false), satisfied: Some(2), comment: "还在漏".to_owned() };
    case_rate(&app.state, code(0), &slips[0].secret, &rating).await.unwrap();
    case_reopen(&app.state, code(0), &slips[0].secret, "还在漏水").await.unwrap();
    let worker = handler(app, code(0)).await;
    task_accept(&app.state, &worker, code(0), None).await.unwrap();

    let worker = handler(app, code(1)).await;
    task_dispute(&app.state, &worker, code(1), "不属于本单位职责", None).await.unwrap();
    app.advance(40 * Timestamp::DAY).await;
    let operator = actor(app, "operator1").await;
    case_refuse(&app.state, &operator, code(1), "court", None, None).await.unwrap_err();
    let reason = app.state.pack.refusals[0].code.clone();
    case_refuse(&app.state, &operator, code(1), &reason, None, None).await.unwrap();

    let coordinator = actor(app, "coordinator").await;
    let unit = {
        let other = case(app, code(3)).await.unit_id;
        let mut tx = app.state.read().await.unwrap();
        let units = unit_list(&mut tx).await.unwrap();
        units.into_iter().find(|unit| Some(unit.id.0) != other).unwrap()
    };
    // The promise ran out while no job was looking.
    let late = reported(app, TEXTS[1], "late").await;
    app.hand.advance(40 * Timestamp::DAY);
    case_assign(&app.state, &coordinator, &late.code, unit.id, "改派", None).await.unwrap();
    case_assign(&app.state, &coordinator, code(3), unit.id, "改派", None).await.unwrap();

    answered(app, code(2)).await;
    app.advance(40 * Timestamp::DAY).await;
    assert_eq!(case(app, code(2)).await.state, CaseState::Closed, "the callback lapsed");

    let health = health(app).await;
    assert_eq!(said(&health), Vec::<String>::new());
    let looked = |name: &str| health.checks.iter().find(|check| check.name == name).unwrap().looked;
    assert_eq!(looked("reports-counted"), 7);
    assert_eq!(looked("reports-judged"), 8);
    assert_eq!(looked("master-key"), 8, "the answers to senders are forgotten after a day");
    assert!(looked("clocks-due") >= 20, "{}", looked("clocks-due"));
    assert_eq!((health.findings(), health.warnings()), (0, health.checks.iter().filter(|c| c.found > 0).count()));
});

doors!(what_was_changed_behind_its_back_is_named, async |app: &App| {
    reported(app, TEXTS[0], "k0").await;
    app.advance(Timestamp::SECOND).await;
    execute(&app.state.db, "update cases set code = '0000000000000'").await;
    execute(&app.state.db, "update reports set original_sealed = name_sealed").await;
    let health = health(app).await;
    let said = said(&health).join("\n");
    assert!(health.findings() >= 2, "{said}");
    for word in ["acknowledged: answer api/k0 is of case", "master-key: reports.original_sealed of"] {
        assert!(said.contains(word), "{word} is not in {said}");
    }
});

doors!(without_its_key_an_instance_is_examined_all_the_same, async |app: &App| {
    reported(app, TEXTS[0], "k0").await;
    app.advance(Timestamp::SECOND).await;
    std::fs::remove_file(app.state.config.master_key_path()).unwrap();
    let health = health(app).await;
    let said = said(&health);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("master-key: there is no master key at"), "{said:?}");
});

doors!(a_calendar_that_ends_is_a_warning, async |app: &App| {
    app.hand.set("2026-11-24T00:00:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond().into());
    let health = health(app).await;
    assert_eq!(health.findings(), 0);
    let calendar = health.checks.iter().find(|check| check.name == "calendar").unwrap();
    assert!(calendar.first[0].contains("lacks 2027"), "{:?}", calendar.first);
});

/// Runs the built program on the app's database, beside the app.
pub(crate) fn muster(app: &App, arguments: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(arguments).arg("--data").arg(&app.state.config.data).args(["--database", app.url()]);
    command.current_dir(&app.state.config.data).output().unwrap()
}

doors!(the_command_ends_as_its_findings_say, async |app: &App| {
    reported(app, TEXTS[0], "k0").await;
    let clean = muster(app, &["doctor", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&clean.stdout).unwrap();
    assert!(clean.status.success(), "{said}");
    assert_eq!((&said["database"], said["checks"].as_array().unwrap().len()), (&app.state.db.name().into(), 53));
    execute(&app.state.db, "update cases set reports = 7").await;
    let sick = muster(app, &["doctor"]);
    let said = String::from_utf8(sick.stdout).unwrap();
    assert_eq!(sick.status.code(), Some(1), "{said}");
    let line = said.lines().find(|line| line.starts_with("FINDING  reports-counted")).expect(&said);
    assert!(line.contains("Every case has a report"), "{line}");
    assert!(said.contains("has 1 reports and counts 7") && said.contains("1 with findings"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("city.backup");
    let made = muster(app, &["backup", file.to_str().unwrap()]);
    let said = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success() && said.contains("The master key") && said.contains("is not in it"), "{said}");
    let refused = muster(app, &["restore", file.to_str().unwrap()]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("the target is not empty"), "{said}");
});

#[test]
fn every_check_is_explained() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating/doctor.md");
    let page = std::fs::read_to_string(page).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let health = runtime.block_on(async {
        let app = App::new(muster_store::testing::sqlite().await).await;
        health(&app).await
    });
    for check in health.checks {
        assert!(page.contains(&format!("### `{}`", check.name)), "docs/operating/doctor.md lacks {}", check.name);
        assert!(page.contains(check.sentence), "docs/operating/doctor.md says of {} something else", check.name);
    }
}
