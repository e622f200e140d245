//! The grid worker's form: who may, what is refused and where that is said, and that one key is one case.

use muster_core::intake::Channel;

use crate::app::{App, between, doors};
use crate::pages_forms::{receipt, value};

/// The own grid of `grid-liugangli-1`, the one beside it, and the community above both.
const OWN: &str = "900102001001001";
const BESIDE: &str = "900102001001002";
const ABOVE: &str = "900102001001000";
const SAID: &str = "四号楼东侧的下水井盖松动了，<踩上去>会翘起来";

async fn cases(app: &App) -> usize {
    let mut staff = app.signed_in("coordinator").await;
    let page = staff.get("/inbox?tab=all").await.body;
    page.matches("<li class=\"row\"").count()
}

doors!(what_is_seen_on_the_spot_becomes_a_case, async |app: &App| {
    let mut worker = app.browser();
    worker.get("/login").await;
    let entered = worker.post("/login", &[("login", "grid-liugangli-1"), ("password", crate::app::PASSWORD)]).await;
    assert_eq!(entered.header("location"), "/grid", "the form is where the day begins");
    let page = worker.get("/grid").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("<li><a href=\"/grid\" aria-current=\"page\">上报</a>"), "{}", page.body);
    let offered = between(&page.body, "<select id=\"area\"", "</select>").unwrap();
    assert!(offered.contains(&format!("<option value=\"{OWN}\" selected>")), "the only one is chosen: {offered}");
    assert!(!offered.contains(BESIDE) && !offered.contains(ABOVE), "none but the own: {offered}");

    let fields = [("text", SAID), ("area", OWN), ("place", "四号楼东侧"), ("phone", "139 0000 1234"), ("key", "k-1")];
    let done = worker.post("/grid", &fields).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(value(&done.body, "text").as_deref(), Some(""), "ready for the next");
    assert_ne!(value(&done.body, "key").as_deref(), Some("k-1"), "under a key of its own");
    let (code, _) = receipt(&done.body);
    let mut tx = app.state.read().await.unwrap();
    let case = muster_store::process::case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((case.area.to_string().as_str(), case.reports), (OWN, 1));
    assert_eq!(case.channel, Channel::Grid);
});

doors!(one_key_is_one_case_however_often_it_is_sent, async |app: &App| {
    let mut worker = app.signed_in("grid-liugangli-1").await;
    worker.get("/grid").await;
    let fields = [("text", SAID), ("area", OWN), ("place", "四号楼东侧"), ("key", "made-on-the-phone")];
    let first = worker.post("/grid", &fields).await;
    let second = worker.post("/grid", &fields).await;
    assert_eq!((first.status, second.status), (200, 200), "{}", second.body);
    assert_eq!(receipt(&first.body), receipt(&second.body));
    assert_eq!(cases(app).await, 1);

    let changed = [("text", "另一件事，说的是路灯"), ("area", OWN), ("place", "四号楼"), ("key", "made-on-the-phone")];
    let refused = worker.post("/grid", &changed).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("先前已经收到"), "{}", refused.body);
    assert_eq!(value(&refused.body, "text").as_deref(), Some("另一件事，说的是路灯"), "nothing typed is lost");
    assert_ne!(value(&refused.body, "key").as_deref(), Some("made-on-the-phone"), "sent again it is another");
    assert_eq!(cases(app).await, 1);

    let mut other = app.signed_in("grid-liugangli-2").await;
    other.get("/grid").await;
    let theirs = other.post("/grid", &[fields[0], ("area", BESIDE), fields[2], fields[3]]).await;
    assert_eq!(theirs.status, 200, "a key belongs to an account: {}", theirs.body);
    assert_ne!(receipt(&theirs.body).1, receipt(&first.body).1, "and so does its receipt");
});

doors!(what_cannot_be_taken_is_said_beside_its_field, async |app: &App| {
    let mut worker = app.signed_in("grid-liugangli-1").await;
    worker.get("/grid").await;
    for (field, sent, wrong) in [
        ("text", "", "请写下发生了什么"),
        ("text", "嗯", "太短了"),
        ("area", "月球", "请选择在哪个区域"),
        ("area", BESIDE, "请选本辖区的区域"),
        ("area", ABOVE, "请选本辖区的区域"),
        ("phone", "打我电话", "电话号码不对"),
    ] {
        let mut fields = [("text", SAID), ("area", OWN), ("place", "四号楼"), ("phone", ""), ("key", "k")];
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, value)| *value = sent);
        let answer = worker.post("/grid", &fields).await;
        assert_eq!(answer.status, 422, "{field} {sent}: {}", answer.body);
        let beside = between(&answer.body, &format!("id=\"{field}-error\">"), "</p>").unwrap_or_default();
        assert!(beside.contains(wrong), "{field} {sent}: {beside:?} in {}", answer.body);
        for (name, value_sent) in fields.iter().filter(|(name, _)| *name != "area") {
            assert_eq!(value(&answer.body, name).as_deref(), Some(*value_sent), "{field} {sent}: {name} is kept");
        }
    }
    assert_eq!(cases(app).await, 0);
});

doors!(only_those_who_enter_reports_come_in, async |app: &App| {
    for login in ["bh-human-resources", "coordinator", "leader", "evaluator", "security-admin"] {
        let mut staff = app.signed_in(login).await;
        let page = staff.get("/grid").await;
        assert_eq!(page.status, 403, "{login}");
        assert!(!page.body.contains("<li><a href=\"/grid\""), "{login} is shown no door");
        staff.get("/").await;
        let sent = staff.post("/grid", &[("text", SAID), ("area", OWN), ("key", "k")]).await;
        assert_eq!(sent.status, 403, "{login}");
    }
    let mut operator = app.signed_in("operator1").await;
    let page = operator.get("/grid").await;
    assert_eq!(page.status, 200, "an operator may enter what is seen, too");
    assert!(!page.body.contains("<li><a href=\"/grid\""), "but has the desk for it");
    assert_eq!(cases(app).await, 0);

    let mut stranger = app.browser();
    let turned_away = stranger.get("/grid").await;
    assert_eq!((turned_away.status, turned_away.header("location")), (303, "/login?next=%2Fgrid"));
    stranger.get("/").await;
    let sent = stranger.post("/grid", &[("text", SAID), ("area", OWN), ("key", "k")]).await;
    assert_eq!(sent.status, 401, "the phone is told to sign in");
    let held = value(&sent.body, "held").unwrap();
    let text = url::form_urlencoded::parse(held.as_bytes()).find(|(name, _)| name == "text");
    assert_eq!(text.unwrap().1, SAID, "and what was written goes along");
});

doors!(the_phone_is_given_what_it_keeps, async |app: &App| {
    let mut anyone = app.browser();
    let script = anyone.get("/grid-worker.js").await;
    assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
    assert_eq!(script.header("cache-control"), "no-cache", "a mended script is found at the next visit");
    let mut worker = app.signed_in("grid-liugangli-1").await;
    let page = worker.get("/grid").await.body;
    for asset in ["muster.css", "keep.js", "grid.js"] {
        let address = between(&page, &format!("\"/assets/{asset}"), "\"").unwrap();
        assert_eq!(worker.get(&format!("/assets/{asset}{address}")).await.status, 200, "{asset}");
    }
});
