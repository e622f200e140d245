//! What is said to whoever reports before anything else, and what the city learns of its places.

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_server::usecase::gazetteer_learn::{gazetteer_learn, gazetteer_load};
use muster_server::usecase::report_submit::{Receipt, report_submit};

use crate::app::{App, Browser, doors};
use crate::figures_history::{accept, answer, decide, rate};
use crate::pages_forms::value;

const AREA: &str = "900102001001";

async fn tell(app: &App, text: &str, area: &str) -> Receipt {
    let draft = Draft { area: Some(area.parse().unwrap()), text: text.to_owned(), ..Draft::default() };
    report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap()
}

/// The second and the third screen for a text.
async fn screens(resident: &mut Browser<'_>, text: &str, area: &str) -> (String, String) {
    let key = value(&resident.get("/").await.body, "key").unwrap();
    let fields = [("text", text), ("area", area), ("key", key.as_str())];
    let second = resident.post("/report/contact", &fields).await;
    assert_eq!(second.status, 200, "{}", second.body);
    (second.body, resident.post("/report/check", &fields).await.body)
}

doors!(whoever_reports_a_fire_is_told_to_call_first, async |app: &App| {
    let text = "三号楼楼道里的电动车着火了，烟很大，老人下不来。";
    let (second, third) = screens(&mut app.browser(), text, AREA).await;
    for page in [&second, &third] {
        assert!(page.contains("href=\"tel:119\"") && page.contains("请先拨打 119"), "{page}");
    }
    let receipt = tell(app, text, AREA).await;
    assert_eq!(receipt.call.as_deref(), Some("119"), "and taken all the same: {receipt:?}");
    let mut operator = app.signed_in("bh-operator").await;
    let page = operator.get(&format!("/case/{}", receipt.code)).await.body;
    assert!(page.contains("像是 119 的事") && page.contains("老年人"), "{page}");
    let (second, _) = screens(&mut app.browser(), "三号楼楼道里堆满杂物，请清理。", AREA).await;
    assert!(!second.contains("tel:"), "{second}");
});

doors!(a_matter_that_belongs_elsewhere_is_told_its_door_and_decided_by_a_person, async |app: &App| {
    let text = "小区物业公司拖欠电梯维修，业主已起诉，法院已受理，请住建局责令物业公司维修电梯。";
    let (second, _) = screens(&mut app.browser(), text, AREA).await;
    assert!(second.contains("已进入诉讼或仲裁") && second.contains("人民法院"), "{second}");
    let receipt = tell(app, text, AREA).await;
    assert_eq!((receipt.state.as_str(), receipt.elsewhere.as_deref()), ("triage", Some("litigation")), "{receipt:?}");
    let mut operator = app.signed_in("bh-operator").await;
    let page = operator.get(&format!("/triage?case={}", receipt.code.replace('-', ""))).await.body;
    assert!(page.contains("可能不属于受理范围"), "{page}");
    assert!(page.contains("value=\"litigation\" selected"), "the reason is proposed: {page}");
});

doors!(places_are_learned_from_what_residents_confirmed, async |app: &App| {
    let said = |n: usize| {
        let own: String = (0..20).map(|i| char::from_u32(0x6b00 + (n * 20 + i) as u32).unwrap()).collect();
        format!("{own}，鲤鱼坊小区门口{own}")
    };
    for n in 0..4 {
        let case = tell(app, &said(n), AREA).await;
        if case.state == "triage" {
            decide(app, &case, "0201").await;
        }
        accept(app, &case).await;
        answer(app, &case, "fixed").await;
        // What nobody confirmed is not learned from.
        rate(app, &case, n != 3, Some(5)).await;
    }
    let other = "900103001001";
    let (_, before) = screens(&mut app.browser(), "鲤鱼坊小区的电梯坏了", other).await;
    assert!(!before.contains("鲤鱼坊小区”一般在"), "{before}");
    assert_eq!(gazetteer_learn(&app.state).await.unwrap(), 3);
    gazetteer_load(&app.state).await.unwrap();
    let (_, after) = screens(&mut app.browser(), "鲤鱼坊小区的电梯坏了", other).await;
    assert!(after.contains("“鲤鱼坊小区”一般在") && after.contains("柳港里社区"), "{after}");
    let (_, right) = screens(&mut app.browser(), "鲤鱼坊小区的电梯坏了", AREA).await;
    assert!(!right.contains("一般在"), "where it lies nothing is said");
    app.hand.advance(60_000_000);
    assert_eq!(gazetteer_learn(&app.state).await.unwrap(), 0, "each is read once");
    let (_, named) = screens(&mut app.browser(), "柳港里社区的路灯坏了", other).await;
    assert!(named.contains("“柳港里社区”一般在"), "areas are known from the tree: {named}");
});
