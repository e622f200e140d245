//! The programme: stages, goals as counted, tasks that are reported by their owner and confirmed by somebody else.

use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::usecase::programme_import::{Taken, programme_import};

use crate::app::{Answer, App, Browser, between, doors};
use crate::figures_history::{accept, given};

const FILE: &str = include_str!("../../../../demo/programme.toml");

fn at(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// The address of the task of this title.
fn task(page: &str, title: &str) -> String {
    let line = page.split("<a href=\"/programme/tasks/").find(|line| line.contains(&format!(">{title}<")));
    let id = line.unwrap_or_else(|| panic!("no {title} in {page}")).split('"').next().unwrap();
    format!("/programme/tasks/{id}")
}

async fn act(browser: &mut Browser<'_>, path: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await.body;
    let version = between(&page, "name=\"version\" value=\"", "\"").unwrap_or("1").to_owned();
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    browser.post(&format!("{path}/{act}"), &all).await
}

doors!(a_programme_comes_as_a_file_and_comes_again, async |app: &App| {
    let first = programme_import(&app.state, &Actor::System, FILE).await.unwrap();
    assert_eq!(first, Taken { stages: 3, goals: 4, tasks: 6, known: 0 });
    let again = programme_import(&app.state, &Actor::System, FILE).await.unwrap();
    assert_eq!(again, Taken { stages: 3, goals: 4, tasks: 0, known: 6 });
    let wrong = FILE.replace("unit = \"mh-justice\"", "unit = \"mh-nobody\"").replace("长效机制立法建议提交", "另一项");
    let error = programme_import(&app.state, &Actor::System, &wrong).await.unwrap_err();
    assert!(error.fields()[0].detail.contains("mh-nobody"), "{error:?}");
    let outside =
        FILE.replace("last = \"2028-06-30\"", "last = \"2031-06-30\"").replace("长效机制立法建议提交", "另一项");
    let error = programme_import(&app.state, &Actor::System, &outside).await.unwrap_err();
    assert!(error.fields()[0].detail.contains("not within the stage"), "{error:?}");
    let mut leader = app.signed_in("leader").await;
    assert!(!leader.get("/programme").await.body.contains("另一项"), "nothing of a file that is wrong");
});

doors!(a_goal_stands_by_what_was_counted, async |app: &App| {
    programme_import(&app.state, &Actor::System, FILE).await.unwrap();
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/programme").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("还没有数据"), "{}", page.body);
    for n in 0..10 {
        let code = given(app, n, "900102001001", "0201").await;
        if n < 9 {
            accept(app, &code).await;
        }
    }
    app.advance(5 * Timestamp::DAY).await;
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/programme").await.body;
    let goal = page.split("<tr>").find(|row| row.contains("按时签收")).unwrap();
    assert!(goal.contains("90.0%") && goal.contains("9 / 10"), "{goal}");
    assert!(goal.contains("差 5.00 个百分点"), "95 is the target of this stage: {goal}");
    assert!(goal.contains("/dashboard/response?"), "the figure leads to its cases: {goal}");
    let mut handler = app.signed_in("bh-housing").await;
    assert!(handler.get("/programme").await.body.contains("差 5.00 个百分点"), "everybody who works here reads it");
    assert_eq!(app.browser().get("/programme").await.status, 303);
});

doors!(a_task_is_done_when_somebody_else_says_so, async |app: &App| {
    programme_import(&app.state, &Actor::System, FILE).await.unwrap();
    let mut leader = app.signed_in("leader").await;
    let path = task(&leader.get("/programme").await.body, "志愿服务与诉求联动");
    let mut owner = app.signed_in("mh-civil-affairs").await;
    let mut other = app.signed_in("mh-housing").await;
    assert_eq!(act(&mut other, &path, "report", &[("evidence", "做了")]).await.status, 404);
    assert_eq!(act(&mut owner, &path, "report", &[("evidence", " ")]).await.status, 422);
    assert_eq!(act(&mut leader, &path, "decide", &[("verdict", "accept"), ("reason", "好")]).await.status, 409);
    at(&act(&mut owner, &path, "report", &[("evidence", "联动上线，见验收单")]).await);
    assert_eq!(act(&mut owner, &path, "decide", &[("verdict", "accept"), ("reason", "好")]).await.status, 403);
    at(&act(&mut leader, &path, "decide", &[("verdict", "send_back"), ("reason", "缺一个区")]).await);
    at(&act(&mut owner, &path, "report", &[("evidence", "两区都上线")]).await);
    at(&act(&mut leader, &path, "decide", &[("verdict", "accept"), ("reason", "属实")]).await);
    let page = leader.get(&path).await.body;
    assert!(page.contains("已完成") && page.contains("两区都上线") && page.contains("属实"), "{page}");
});

doors!(a_late_task_is_warned_and_a_moved_one_begins_anew, async |app: &App| {
    programme_import(&app.state, &Actor::System, FILE).await.unwrap();
    let mut leader = app.signed_in("leader").await;
    let path = task(&leader.get("/programme").await.body, "志愿服务与诉求联动");
    let wrong =
        act(&mut leader, &path, "decide", &[("verdict", "move"), ("last", "2027-02-01"), ("reason", "延后")]).await;
    assert_eq!(wrong.status, 422, "not within the stage");
    assert!(wrong.body.contains("延后") && wrong.body.contains("id=\"last-error\""), "{}", wrong.body);
    app.advance(143 * Timestamp::DAY).await;
    let mut owner = app.signed_in("mh-civil-affairs").await;
    let told = owner.get("/notices").await.body;
    assert!(told.contains("志愿服务与诉求联动 已到期"), "{told}");
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/programme").await.body;
    assert!(page.contains("逾期 1 项") || page.contains("逾期 2 项"), "red says it in words: {page}");
    at(&act(&mut leader, &path, "decide", &[("verdict", "move"), ("last", "2026-12-15"), ("reason", "系统对接延后")])
        .await);
    let moved = leader.get(&path).await.body;
    assert!(moved.contains("系统对接延后") && moved.contains("2026年12月15日"), "{moved}");
});

doors!(leaders_enter_it_and_nobody_else, async |app: &App| {
    let mut leader = app.signed_in("leader").await;
    assert!(leader.get("/programme").await.body.contains("还没有行动方案"));
    let form = leader.get("/programme/edit").await;
    assert_eq!(form.status, 200, "{}", form.body);
    let turned = [("name", "试点"), ("words", ""), ("first", "2026-12-31"), ("last", "2026-01-01")];
    let answer = leader.post("/programme/stages", &turned).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("id=\"first-error\"") && answer.body.contains("value=\"试点\""), "{}", answer.body);
    at(&leader
        .post("/programme/stages", &[("name", "试点"), ("words", ""), ("first", "2026-01-01"), ("last", "2026-12-31")])
        .await);
    let form = leader.get("/programme/edit").await.body;
    let target = between(&form, "name=\"target-", "\"").unwrap().to_owned();
    let field = format!("target-{target}");
    let over =
        leader.post("/programme/goals", &[("goal", "满意"), ("indicator", "satisfaction"), (&field, "101")]).await;
    assert_eq!(over.status, 422);
    assert!(over.body.contains("id=\"targets-error\"") && over.body.contains("value=\"101\""), "{}", over.body);
    at(&leader.post("/programme/goals", &[("goal", "满意"), ("indicator", "satisfaction"), (&field, "85.5")]).await);
    let page = leader.get("/programme").await.body;
    assert!(page.contains("85.5%"), "{page}");
    let units = between(&form, "<select id=\"unit\"", "</select>").unwrap();
    let unit = between(units.split("<option ").nth(2).unwrap(), "value=\"", "\"").unwrap().to_owned();
    let task = [
        ("stage", target.as_str()),
        ("kind", "milestone"),
        ("title", "平台上线"),
        ("task_words", ""),
        ("unit", &unit),
        ("task_last", "2027-01-01"),
    ];
    let outside = leader.post("/programme/tasks", &task).await;
    assert_eq!(outside.status, 422);
    assert!(outside.body.contains("id=\"task_last-error\""), "{}", outside.body);
    let within: Vec<(&str, &str)> =
        task.iter().map(|(name, value)| (*name, if *name == "task_last" { "2026-08-31" } else { value })).collect();
    at(&leader.post("/programme/tasks", &within).await);
    assert!(leader.get("/programme").await.body.contains("平台上线"));
    let mut coordinator = app.signed_in("coordinator").await;
    coordinator.get("/programme").await;
    assert_eq!(coordinator.get("/programme/edit").await.status, 403);
    let fields = [("name", "另一"), ("words", ""), ("first", "2026-01-01"), ("last", "2026-12-31")];
    assert_eq!(coordinator.post("/programme/stages", &fields).await.status, 403);
});
