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
    let mut right = typed;
    right[3].1 = "文丽萍";
    let called = browser.post("/meetings", &right).await;
    assert_eq!(called.status, 303, "{}", called.body);
    let at = called.header("location").to_owned();
    let minutes = browser.get(&at).await;
    assert!(minutes.body.contains("2026年5月12日 周二") && minutes.body.contains("文丽萍"), "{}", minutes.body);
    assert!(browser.get("/meetings").await.body.contains("已列入议程"));

    let none = browser.post(&at, &[("case", plain.as_str()), ("verdict", "owner"), ("words", "由它负责")]).await;
    assert!(none.status == 422 && none.body.contains(&format!("id=\"unit-{plain}-error\"")), "{}", none.body);
    assert!(none.body.contains("由它负责"), "nothing typed is lost");
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
