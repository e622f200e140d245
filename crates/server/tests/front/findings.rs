//! Findings from being seen to being struck off and coming back: with an owner, a deadline, a check by another, and for
//! everybody only what was published.

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::usecase::report_submit::report_submit;

use crate::app::{Answer, App, Browser, between, doors};
use crate::figures_history::{accept, given};

const AREA: &str = "900102001001";
const COUNTY: &str = "900102000000000";

/// Ids of the options of a select by their label.
fn option(page: &str, select: &str, label: &str) -> String {
    let list = between(page, &format!("<select id=\"{select}\""), "</select>")
        .unwrap_or_else(|| panic!("no {select} in {page}"));
    let line = list
        .split("<option ")
        .find(|line| line.contains(&format!(">{label}<")))
        .unwrap_or_else(|| panic!("no {label} in {list}"));
    between(line, "value=\"", "\"").unwrap().to_owned()
}

fn at(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// Sends one of the forms of a finding with the version of the page.
async fn act(browser: &mut Browser<'_>, path: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let version = between(&page.body, "name=\"version\" value=\"", "\"").unwrap_or("1").to_owned();
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    browser.post(&format!("{path}/{act}"), &all).await
}

/// Of the one finding there is; a page offers no form where nothing can be done.
async fn at_version(app: &App) -> String {
    muster_store::testing::count(&app.state.db, "select version from findings").await.to_string()
}

/// A finding opened by the county's coordinator for its bureau of human resources.
async fn opened(app: &App) -> String {
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let form = coordinator.get(&format!("/findings/new?source=audit&area={COUNTY}&title=档案不全")).await;
    assert_eq!(form.status, 200, "{}", form.body);
    assert!(form.body.contains("value=\"档案不全\""), "{}", form.body);
    let unit = option(&form.body, "unit", "滨湖区人力资源和社会保障局");
    let fields = [
        ("source", "audit"),
        ("area", COUNTY),
        ("unit", &unit),
        ("title", "档案不全"),
        ("words", "抽查二十件，六件没有现场记录。"),
        ("due", "2026-07-10"),
    ];
    at(&coordinator.post("/findings", &fields).await)
}

doors!(all_that_is_wrong_with_a_finding_is_said_at_once, async |app: &App| {
    let mut coordinator = app.signed_in("bh-coordinator").await;
    coordinator.get("/findings/new").await;
    let fields = [("source", ""), ("area", COUNTY), ("unit", ""), ("title", " "), ("words", ""), ("due", "明天")];
    let refused = coordinator.post("/findings", &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    for field in ["source", "unit", "title", "words", "due"] {
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.body);
    }
    assert!(refused.body.contains("value=\"明天\""), "nothing typed is lost: {}", refused.body);
});

doors!(whoever_walks_one_grid_notes_what_is_wrong_there, async |app: &App| {
    let mut worker = app.signed_in("grid-liugangli-1").await;
    let form = worker.get("/findings/note").await;
    let areas = between(&form.body, "<select id=\"area\"", "</select>").unwrap();
    assert!(areas.contains("<option value=\"900102001001001\" selected>"), "the own is chosen: {areas}");
    let fields = [("source", "patrol"), ("area", "900102001001001"), ("title", "通道被占"), ("words", "三次都被占。")];
    let noted = worker.post("/findings/note", &fields).await;
    assert_eq!(noted.status, 200, "{}", noted.body);
    assert!(app.signed_in("bh-coordinator").await.get("/findings").await.body.contains("通道被占"));
});

doors!(a_finding_goes_its_way_only_by_the_check_of_another, async |app: &App| {
    let path = opened(app).await;
    let mut unit = app.signed_in("bh-human-resources").await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    assert!(unit.get("/findings").await.body.contains("档案不全"));
    let version = at_version(app).await;
    let fields = [("version", version.as_str()), ("reason", "改好了")];
    coordinator.get(&path).await;
    let early = coordinator.post(&format!("{path}/strike"), &fields).await;
    assert_eq!(early.status, 409, "no way round the check");
    assert!(early.body.contains("认领"), "it says what is next: {}", early.body);
    at(&act(&mut unit, &path, "claim", &[]).await);
    let late = act(&mut unit, &path, "plan", &[("measure", "补录"), ("by", "2026-07-11")]).await;
    assert_eq!(late.status, 422);
    assert!(late.body.contains("id=\"by-error\"") && late.body.contains("补录"), "{}", late.body);
    at(&act(&mut unit, &path, "plan", &[("measure", "补录并每周自查"), ("by", "2026-07-10")]).await);
    at(&act(&mut unit, &path, "begin", &[]).await);
    let bare = act(&mut unit, &path, "own-check", &[("evidence", " ")]).await;
    assert_eq!(bare.status, 422);
    at(&act(&mut unit, &path, "own-check", &[("evidence", "二十件补齐，清单见附件三")]).await);
    let own = act(&mut unit, &path, "check", &[("verdict", "accept"), ("reason", "看过了")]).await;
    assert_eq!(own.status, 403, "the owner does not check");
    at(&act(&mut coordinator, &path, "check", &[("verdict", "send_back"), ("reason", "第七件仍缺照片")]).await);
    let back = unit.get(&path).await.body;
    assert!(back.contains("第七件仍缺照片") && back.contains("整改中"), "{back}");
    at(&act(&mut unit, &path, "own-check", &[("evidence", "第七件已补")]).await);
    at(&act(&mut coordinator, &path, "check", &[("verdict", "accept"), ("reason", "逐件核对，齐全")]).await);
    assert!(!app.browser().get("/open/findings").await.body.contains("档案"), "not public yet");
    let public = [("title", "现场记录不全"), ("words", "已补齐并每周自查，联系人 13900001234。")];
    at(&act(&mut coordinator, &path, "publish", &public).await);
    let open = app.browser().get("/open/findings").await;
    assert_eq!(open.status, 200);
    assert!(open.body.contains("现场记录不全") && open.body.contains("[电话]"), "{}", open.body);
    for inner in ["13900001234", "档案不全", "逐件核对", "抽查二十件", "清单见附件三"] {
        assert!(!open.body.contains(inner), "{inner} is for staff");
    }
    at(&act(&mut coordinator, &path, "strike", &[("reason", "公示无异议")]).await);
    let page = coordinator.get(&path).await.body;
    assert!(page.contains("已销号") && page.contains("下次回头看"), "{page}");
    let fields = [("version", &at_version(app).await[..]), ("reason", "再来")];
    let again = coordinator.post(&format!("{path}/strike"), &fields).await;
    assert_eq!(again.status, 409);
});

doors!(what_came_back_is_opened_again_by_whoever_is_asked, async |app: &App| {
    let path = opened(app).await;
    let mut unit = app.signed_in("bh-human-resources").await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    at(&act(&mut unit, &path, "claim", &[]).await);
    at(&act(&mut unit, &path, "plan", &[("measure", "补录"), ("by", "2026-07-01")]).await);
    at(&act(&mut unit, &path, "own-check", &[("evidence", "补了")]).await);
    at(&act(&mut coordinator, &path, "check", &[("verdict", "accept"), ("reason", "齐了")]).await);
    at(&act(&mut coordinator, &path, "publish", &[("title", "记录不全"), ("words", "已补齐。")]).await);
    at(&act(&mut coordinator, &path, "strike", &[("reason", "无异议")]).await);
    let version = at_version(app).await;
    let fields = [("version", version.as_str()), ("verdict", "hold"), ("reason", "还好")];
    let early = coordinator.post(&format!("{path}/look"), &fields).await;
    assert_eq!(early.status, 422, "nobody is asked yet");
    app.advance(30 * Timestamp::DAY).await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let page = coordinator.get(&path).await.body;
    assert!(page.contains("没有反弹"), "after thirty days a person is asked: {page}");
    at(&act(&mut coordinator, &path, "look", &[("verdict", "hold"), ("reason", "抽查十件都齐")]).await);
    app.advance(60 * Timestamp::DAY).await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    at(&act(&mut coordinator, &path, "look", &[("verdict", "reopen"), ("reason", "又有三件缺")]).await);
    let page = coordinator.get(&path).await.body;
    assert!(page.contains("反弹 1 次") && page.contains("已认领"), "{page}");
    assert!(page.contains("又有三件缺"), "{page}");
});

doors!(a_figure_is_looked_at_by_itself, async |app: &App| {
    // Six tasks of one county, of which two are signed for in time: the others run out.
    let mut codes = Vec::new();
    for n in 0..6 {
        codes.push(given(app, n, AREA, "0201").await);
    }
    for code in codes.iter().take(2) {
        accept(app, code).await;
    }
    app.advance(5 * Timestamp::DAY).await;
    let mut leader = app.signed_in("bh-leader").await;
    let cases = leader.get(&format!("/dashboard/response?area={COUNTY}&side=rest")).await.body;
    let door = between(&cases, "href=\"/findings/new?", "\"")
        .unwrap_or_else(|| panic!("no door in {cases}"))
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    let form = leader.get(&format!("/findings/new?{door}")).await.body;
    assert!(form.contains("33.3%") && form.contains("2 / 6"), "{form}");
    let unit = option(&form, "unit", "滨湖区人力资源和社会保障局");
    let hidden = |name: &str| between(&form, &format!("name=\"{name}\" value=\""), "\"").unwrap().to_owned();
    let (indicator, from, to) = (hidden("indicator"), hidden("from"), hidden("to"));
    let fields = [
        ("source", "indicator"),
        ("area", COUNTY),
        ("unit", &unit),
        ("indicator", &indicator),
        ("from", &from),
        ("to", &to),
        ("title", "签收不及时"),
        ("words", "六件只有两件按时签收。"),
        ("due", "2026-07-10"),
    ];
    let path = at(&leader.post("/findings", &fields).await);
    let mut handler = app.signed_in("bh-human-resources").await;
    at(&act(&mut handler, &path, "claim", &[]).await);
    at(&act(&mut handler, &path, "plan", &[("measure", "专人签收"), ("by", "2026-07-01")]).await);
    at(&act(&mut handler, &path, "own-check", &[("evidence", "本周全部按时")]).await);
    at(&act(&mut leader, &path, "check", &[("verdict", "accept"), ("reason", "抽查属实")]).await);
    at(&act(&mut leader, &path, "publish", &[("title", "签收不及时"), ("words", "已设专人。")]).await);
    at(&act(&mut leader, &path, "strike", &[("reason", "无异议")]).await);
    app.advance(2 * Timestamp::DAY).await;
    for n in 10..16 {
        let code = given(app, n, AREA, "0201").await;
        accept(app, &code).await;
    }
    app.advance(28 * Timestamp::DAY).await;
    let mut leader = app.signed_in("bh-leader").await;
    let page = leader.get(&path).await.body;
    assert!(page.contains("回头看：没有反弹") && page.contains("6 / 6"), "{page}");
    for n in 20..44 {
        given(app, n, AREA, "0201").await;
    }
    app.advance(60 * Timestamp::DAY).await;
    let mut leader = app.signed_in("bh-leader").await;
    let page = leader.get(&path).await.body;
    assert!(page.contains("重新打开") && page.contains("反弹 1 次") && page.contains("6 / 30"), "{page}");
    assert!(page.contains("已认领"), "it is the owner's again: {page}");
});

doors!(no_finding_without_an_owner_and_a_deadline, async |app: &App| {
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let form = coordinator.get("/findings/new").await.body;
    let unit = option(&form, "unit", "滨湖区人力资源和社会保障局");
    let base = [("source", "audit"), ("area", COUNTY), ("title", "甲"), ("words", "乙的说明")];
    let with = |more: &[(&'static str, String)]| -> Vec<(&'static str, String)> {
        base.iter().map(|(name, value)| (*name, (*value).to_owned())).chain(more.iter().cloned()).collect()
    };
    for (more, field) in [
        (vec![("due", "2026-07-10".to_owned())], "unit"),
        (vec![("unit", unit.clone()), ("due", String::new())], "due"),
        (vec![("unit", unit.clone()), ("due", "2026-05-11".to_owned())], "due"),
        (vec![("unit", unit.clone()), ("due", "2028-05-11".to_owned())], "due"),
    ] {
        let fields = with(&more);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = coordinator.post("/findings", &fields).await;
        assert_eq!(answer.status, 422, "{more:?}");
        assert!(answer.body.contains(&format!("id=\"{field}-error\"")), "{more:?}: {}", answer.body);
        assert!(answer.body.contains("乙的说明"), "nothing typed is lost");
    }
    let elsewhere = [
        ("source", "audit"),
        ("area", "900103000000000"),
        ("unit", &unit),
        ("title", "甲"),
        ("words", "乙"),
        ("due", "2026-07-10"),
    ];
    assert_eq!(coordinator.post("/findings", &elsewhere).await.status, 404, "of another county");
});

doors!(what_is_only_noted_waits_for_an_owner, async |app: &App| {
    let mut worker = app.signed_in("grid-liugangli-1").await;
    let form = worker.get("/findings/note").await;
    assert_eq!(form.status, 200, "{}", form.body);
    assert!(!form.body.contains("id=\"unit\""), "whoever notes gives no order");
    let fields =
        [("source", "patrol"), ("area", "900102001001001"), ("title", "消防通道常被占"), ("words", "三次巡查都被占。")];
    let noted = worker.post("/findings/note", &fields).await;
    assert_eq!(noted.status, 200, "{}", noted.body);
    assert_eq!(worker.get("/findings").await.status, 403);
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let list = coordinator.get("/findings").await.body;
    assert!(list.contains("消防通道常被占") && list.contains("待登记"), "{list}");
    let path = format!("/findings/{}", between(&list, "<h2><a href=\"/findings/", "\"").unwrap());
    let page = coordinator.get(&path).await.body;
    let unit = option(&page, "unit", "滨湖区人力资源和社会保障局");
    let bare = act(&mut coordinator, &path, "drop", &[("reason", " ")]).await;
    assert_eq!(bare.status, 422);
    at(&act(&mut coordinator, &path, "register", &[("unit", &unit), ("due", "2026-06-30")]).await);
    assert!(coordinator.get(&path).await.body.contains("已登记"));
    let stale = coordinator.post(&format!("{path}/drop"), &[("version", "1"), ("reason", "不是")]).await;
    assert_eq!(stale.status, 412, "somebody else was first");
});

doors!(findings_are_seen_where_one_may, async |app: &App| {
    let path = opened(app).await;
    assert_eq!(app.browser().get("/findings").await.status, 303, "to the sign-in page");
    assert_eq!(app.signed_in("ys-coordinator").await.get(&path).await.status, 404, "of another county");
    assert_eq!(app.signed_in("bh-housing").await.get(&path).await.status, 404, "of another unit");
    assert_eq!(app.signed_in("bh-operator").await.get(&path).await.status, 403);
    assert_eq!(app.signed_in("leader").await.get(&path).await.status, 200);
    let draft =
        Draft {
            area: Some(AREA.parse().unwrap()), text: "养老金没有到账请查一查".to_owned(), ..Draft::default()
        };
    let case = report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap().code;
    let mut elsewhere = app.signed_in("ys-coordinator").await;
    let form = elsewhere.get("/findings/new").await.body;
    let unit = option(&form, "unit", "滨湖区人力资源和社会保障局");
    let fields = [
        ("source", "topic"),
        ("area", "900103000000000"),
        ("unit", &unit),
        ("title", "甲"),
        ("words", "乙"),
        ("due", "2026-07-10"),
        ("cases", case.as_str()),
    ];
    let answer = elsewhere.post("/findings", &fields).await;
    assert_eq!(answer.status, 422, "a case of another county does not exist");
    assert!(answer.body.contains("id=\"cases-error\""), "{}", answer.body);
});

doors!(whoever_is_late_is_warned_by_the_ladder, async |app: &App| {
    let path = opened(app).await;
    app.advance(0).await;
    let told = |page: &str, words: &str| page.matches(words).count();
    let mut unit = app.signed_in("bh-human-resources").await;
    let mine = unit.get("/notices").await.body;
    assert_eq!(told(&mine, "<h2 class=\"h4\">问题清单：档案不全"), 1, "it is the owner's turn: {mine}");
    let lead = between(&mine, "action=\"/notices/", "\"").unwrap().to_owned();
    assert_eq!(at(&unit.post(&format!("/notices/{lead}"), &[]).await), path, "the notice leads to the finding");
    app.advance(8 * Timestamp::DAY).await;
    let mut unit = app.signed_in("bh-human-resources").await;
    let late = unit.get("/notices").await.body;
    assert_eq!(told(&late, "<h2 class=\"h4\">档案不全 已到期"), 1, "claimed within three working days: {late}");
    let mut coordinator = app.signed_in("bh-coordinator").await;
    assert!(told(&coordinator.get("/notices").await.body, "档案不全 已到期") >= 1, "the level hears of it");
    let list = coordinator.get("/findings?group=late").await.body;
    assert!(list.contains("档案不全") && list.contains("超时"), "{list}");
    at(&act(&mut unit, &path, "claim", &[]).await);
    assert!(!coordinator.get("/findings?group=late").await.body.contains("档案不全"), "in time again");
});
