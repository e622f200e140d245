//! Joint meetings on their pages: what waits is ticked, a meeting is called, a decision is written down once.

use crate::app::{App, between, doors};
use crate::doctor;

doors!(a_meeting_is_called_and_decides, async |app: &App| {
    let code = doctor::reported(app, "小区三号楼楼道里的自来水管漏水，地上都是水，老人进出很滑。", "m1").await.code;
    let plain: String = code.chars().filter(|c| *c != '-').collect();
    let coordinator = doctor::actor(app, "coordinator").await;
    muster_server::usecase::meeting_queue::matter_put(&app.state, &coordinator, &code, "两家都说不归自己")
        .await
        .unwrap();
    let mut browser = app.signed_in("coordinator").await;
    let page = browser.get("/meetings").await;
    assert!(page.body.contains("两家都说不归自己") && page.body.contains("1 件事在等"), "{}", page.body);
    let ticked = format!("case-{plain}");
    let typed = [
        ("area", "900100000000000"),
        ("held", "2026-05-12T14:00"),
        ("place", "301 室"),
        ("chair", ""),
        (ticked.as_str(), "yes"),
    ];
    let refused = browser.post("/meetings", &typed).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("id=\"chair-error\"") && refused.body.contains("value=\"301 室\""),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("value=\"yes\" checked"), "what was ticked stays ticked");
    let timeless = browser.post("/meetings", &[("area", "900100000000000"), ("held", "明天")]).await;
    assert!(timeless.status == 422 && timeless.body.contains("id=\"held-error\""), "{}", timeless.body);
    let nothing = browser.post("/meetings", &[typed[0], typed[1], typed[2], ("chair", "文丽萍")]).await;
    assert!(nothing.status == 422 && nothing.body.contains("id=\"cases-error\""), "{}", nothing.body);
    let [water, housing] = [invited(&page.body, "明湖市水务局"), invited(&page.body, "明湖市住房和城乡建设局")];
    let right = [
        typed[0],
        typed[1],
        typed[2],
        ("chair", "文丽萍"),
        typed[4],
        (water.as_str(), "yes"),
        (housing.as_str(), "yes"),
    ];
    let mut wrong = right;
    wrong[2].1 = " ";
    let refused = browser.post("/meetings", &wrong).await.body;
    assert_eq!(refused.matches(" checked").count(), 3, "the units that were ticked stay ticked");
    let called = browser.post("/meetings", &right).await;
    assert_eq!(called.status, 303, "{}", called.body);
    let at = called.header("location").to_owned();
    let minutes = browser.get(&at).await;
    assert!(minutes.body.contains("2026年5月12日 周二") && minutes.body.contains("文丽萍"), "{}", minutes.body);
    assert!(minutes.body.contains("明湖市水务局、") || minutes.body.contains("、明湖市水务局"), "both are invited");
    assert!(browser.get("/meetings").await.body.contains("已列入议程"));

    let none = browser.post(&at, &[("case", plain.as_str()), ("verdict", "owner"), ("words", "由它负责")]).await;
    assert!(none.status == 422 && none.body.contains(&format!("id=\"unit-{plain}-error\"")), "{}", none.body);
    assert!(none.body.contains("由它负责"), "nothing typed is lost");
    let paper = browser.get(&format!("{at}/minutes.pdf")).await;
    assert_eq!((paper.status, paper.header("content-type")), (200, "application/pdf"));
    assert!(paper.picture.starts_with(b"%PDF-"));
    browser.get(&at).await;
    let unit = between(&none.body, "name=\"unit\"", "</select>").unwrap().split("<option value=\"").nth(2).unwrap();
    let unit = unit.split('"').next().unwrap().to_owned();
    let right =
        [("case", plain.as_str()), ("verdict", "amend"), ("unit", unit.as_str()), ("words", "由它负责，今后也归它")];
    assert_eq!(browser.post(&at, &right).await.status, 303);
    let minutes = browser.get(&at).await;
    assert!(minutes.body.contains("由一家单位负责：") && minutes.body.contains("今后也归它"), "{}", minutes.body);
    assert!(!minutes.body.contains("<select"), "a decision stands");
    let mut handler = app.signed_in("mh-water").await;
    assert_eq!(handler.get(&at).await.status, 403);
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

/// Name of the box of a unit in the form that calls a meeting.
fn invited(page: &str, unit: &str) -> String {
    let before = page.split(&format!("> {unit}</label>")).next().unwrap();
    let name = before.rsplit("name=\"").next().unwrap();
    name.split('"').next().unwrap().to_owned()
}

doors!(a_unit_proposes_and_the_meeting_parts_the_work_on_its_page, async |app: &App| {
    let first = doctor::reported(app, "老楼楼道墙皮脱落，外墙保温也掉，想问什么时候改造。", "m2").await.code;
    let second = doctor::reported(app, "小区门口积水，下雨就淹，车都进不去。", "m3").await.code;
    let mut operator = app.signed_in("operator1").await;
    assert!(!operator.get(&format!("/case/{first}")).await.body.contains("提请会议"));
    let mut coordinator = app.signed_in("coordinator").await;
    for code in [&first, &second] {
        let seen = coordinator.get(&format!("/case/{code}")).await.body;
        assert!(seen.contains("提请联席会议"), "{seen}");
        let at = format!("/case/{}/matter", code.replace('-', ""));
        let refused = coordinator.post(&at, &[("reason", " ")]).await;
        assert!(refused.status == 422 && refused.body.contains("id=\"matter-reason-error\""), "{}", refused.body);
        assert_eq!(coordinator.post(&at, &[("reason", "需要几家一起定")]).await.status, 303);
        let seen = coordinator.get(&format!("/case/{code}")).await.body;
        assert!(seen.contains("正在等待联席会议（需要几家一起定）") && !seen.contains("提请会议"), "{seen}");
    }
    let queue = coordinator.get("/meetings").await.body;
    assert!(queue.contains("提请") && queue.contains("需要几家一起定"), "{queue}");
    let ticks = [first.clone(), second.clone()].map(|code| format!("case-{}", code.replace('-', "")));
    let call = [
        ("area", "900100000000000"),
        ("held", "2026-05-12T14:00"),
        ("place", "301 室"),
        ("chair", "文丽萍"),
        (ticks[0].as_str(), "yes"),
        (ticks[1].as_str(), "yes"),
    ];
    let called = coordinator.post("/meetings", &call).await;
    assert_eq!(called.status, 303, "{}", called.body);
    let at = called.header("location").to_owned();
    app.advance(30 * muster_core::time::Timestamp::HOUR).await;
    let mut coordinator = app.signed_in("coordinator").await;
    let page = coordinator.get(&at).await.body;
    let option = |name: &str| {
        let before = page.split(&format!("\">{name}</option>")).next().unwrap();
        before.rsplit("value=\"").next().unwrap().to_owned()
    };
    let (water, city) = (option("明湖市水务局"), option("明湖市城市管理局"));
    let plain = second.replace('-', "");
    let joint = [
        ("case", plain.as_str()),
        ("verdict", "joint"),
        ("words", "一起办"),
        ("joint-unit-1", water.as_str()),
        ("joint-title-1", "疏通雨水管"),
        ("joint-days-1", "5"),
        ("joint-unit-2", city.as_str()),
        ("joint-title-2", "修整路面"),
        ("joint-days-2", ""),
    ];
    let refused = coordinator.post(&at, &joint).await;
    assert!(refused.status == 422 && refused.body.contains(&format!("id=\"parts-{plain}-error\"")), "{}", refused.body);
    assert!(refused.body.contains("value=\"修整路面\""), "nothing typed is lost");
    let mut right = joint;
    right[8].1 = "10";
    assert_eq!(coordinator.post(&at, &right).await.status, 303);
    let planned = first.replace('-', "");
    let by_plan = [("case", planned.as_str()), ("verdict", "plan"), ("words", "按模板办"), ("unit", water.as_str())];
    let refused = coordinator.post(&at, &by_plan).await;
    assert!(refused.body.contains(&format!("id=\"template-{planned}-error\"")), "{}", refused.body);
    let by_plan = [by_plan[0], by_plan[1], by_plan[2], by_plan[3], ("template", "old_housing")];
    let decided = coordinator.post(&at, &by_plan).await;
    assert_eq!(decided.status, 303, "{}", decided.body);
    let minutes = coordinator.get(&at).await.body;
    for words in ["共同办理，牵头：明湖市水务局", "疏通雨水管", "修整路面", "征求居民意见"]
    {
        assert!(minutes.contains(words), "{words} is missing: {minutes}");
    }
    let waits = coordinator.get("/meetings/waits").await.body;
    assert!(waits.contains("背后的 2 件事") && waits.contains("30 小时") && waits.contains(&plain), "{waits}");
    let none = coordinator.get("/meetings/waits?from=2025-01-01&to=2025-02-01").await.body;
    assert!(none.contains("这段时间没有会议决定"), "{none}");
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});
