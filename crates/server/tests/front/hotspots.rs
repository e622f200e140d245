//! What many begin to say is a warning, for whoever coordinates there; one unit takes up the whole of it.

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::usecase::hotspot_watch::hotspot_watch;
use muster_server::usecase::report_import::{Entry, report_import};
use muster_server::usecase::report_submit::{Receipt, report_submit};

use crate::app::{App, NOW, between, doors};

const AREA: &str = "900102001001";

/// Three hundred and sixty reports of the months before, each of its own matter.
async fn a_past(app: &App) {
    let entry = |n: usize| {
        let own: String = (0..14).map(|i| char::from_u32(0x5000 + (n * 14 + i) as u32).unwrap()).collect();
        Entry {
            external_id: n.to_string(),
            received_at: NOW.plus(-(30 + n as i64 % 200) * Timestamp::DAY),
            category: None,
            apart: false,
            channel: Channel::Web,
            draft: Draft { area: Some(AREA.parse().unwrap()), text: own, ..Draft::default() },
        }
    };
    let entries: Vec<Entry> = (0..360).map(entry).collect();
    report_import(&app.state, &Actor::System, "past", &entries.iter().collect::<Vec<_>>()).await.unwrap();
}

/// Somebody tells of the concrete plant in their own words.
async fn tell(app: &App, n: usize, by: usize) -> Receipt {
    let own = ["夜里睡不着", "窗台全是灰", "孩子咳嗽", "车辆排到路口", "味道刺鼻", "从早响到晚", "洗的衣服又脏了"];
    let text = format!("{}，丽湖新城旁边的搅拌站什么时候搬走？{}。", own[n % 7], own[(n + 3) % 7]);
    let draft = Draft {
        area: Some(AREA.parse().unwrap()),
        text,
        phone: format!("1390000{:04}", 1000 + by),
        ..Draft::default()
    };
    report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap()
}

fn spots(page: &str) -> usize {
    page.matches("aria-labelledby=\"spot-").count()
}

doors!(one_person_is_none_and_five_are_a_warning_that_one_unit_takes_up, async |app: &App| {
    a_past(app).await;
    for n in 0..5 {
        tell(app, n, 1).await;
    }
    assert_eq!(hotspot_watch(&app.state).await.unwrap(), 0, "one person who writes five times is one person");
    let mut told = Vec::new();
    for n in 0..5 {
        told.push(tell(app, n, 10 + n).await);
    }
    assert_eq!(hotspot_watch(&app.state).await.unwrap(), 0, "another node has just looked");
    app.advance(11 * Timestamp::MINUTE).await;
    assert_eq!(hotspot_watch(&app.state).await.unwrap(), 1);
    app.advance(11 * Timestamp::MINUTE).await;
    told.push(tell(app, 5, 20).await);
    hotspot_watch(&app.state).await.unwrap();

    let mut coordinator = app.signed_in("bh-coordinator").await;
    let page = coordinator.get("/hotspots").await;
    assert_eq!((page.status, spots(&page.body)), (200, 1), "it went on, and is no second one: {}", page.body);
    assert!(page.body.contains("丽湖新城旁边的搅拌站什么时候搬走"), "{}", page.body);
    assert!(page.body.contains("7 人反映"), "{}", page.body);
    let map = between(&page.body, "<ul class=\"tiles\"", "</ul>").unwrap();
    assert!(map.contains("<li class=\"shade-4\">柳港里社区 <strong>11</strong>"), "where it is, and where not: {map}");
    assert!(map.contains("<li class=\"shade-0\">"), "{map}");
    let id = between(&page.body, "action=\"/hotspots/", "\"").unwrap().to_owned();
    let unit = between(&page.body, "name=\"unit\"", "</select>").unwrap().split("<option value=\"").nth(2).unwrap();
    let unit = unit.split('"').next().unwrap().to_owned();

    let path = format!("/hotspots/{id}");
    let silent = coordinator.post(&path, &[("verdict", "take"), ("unit", &unit), ("reason", " ")]).await;
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains(&format!("id=\"reason-{id}-error\"")), "{}", silent.body);
    let nobody = coordinator.post(&path, &[("verdict", "take"), ("unit", ""), ("reason", "一起办")]).await;
    assert_eq!(nobody.status, 422);
    assert!(nobody.body.contains("一起办"), "nothing typed is lost: {}", nobody.body);
    let taken = coordinator.post(&path, &[("verdict", "take"), ("unit", &unit), ("reason", "一起办")]).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    let page = coordinator.get("/hotspots").await;
    assert!(page.body.contains("已牵头") && page.body.contains("一起办"), "{}", page.body);
    let mut tx = app.state.read().await.unwrap();
    for receipt in &told {
        let code = receipt.code.parse().unwrap();
        let case = muster_store::process::case_by_code(&mut tx, &code).await.unwrap().unwrap();
        assert_eq!(case.unit_id.map(|unit| unit.to_string()), Some(unit.clone()), "{}", receipt.code);
    }
    drop(tx);
    let again = coordinator.post(&path, &[("verdict", "dismiss"), ("unit", ""), ("reason", "算了")]).await;
    assert_ne!(again.status, 303, "decided once");
});

doors!(a_warning_is_seen_where_one_may_and_nowhere_else, async |app: &App| {
    a_past(app).await;
    for n in 0..5 {
        tell(app, n, 10 + n).await;
    }
    assert_eq!(hotspot_watch(&app.state).await.unwrap(), 1);
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/hotspots").await.body;
    assert_eq!(spots(&page), 1, "{page}");
    assert!(!page.contains("action=\"/hotspots/"), "a leader reads, a coordinator decides");
    let mut handler = app.signed_in("bh-human-resources").await;
    assert_eq!(handler.get("/hotspots").await.status, 403);
    assert_eq!(app.browser().get("/hotspots").await.status, 303, "to the sign-in page");
    let mut elsewhere = app.signed_in("ys-operator").await;
    assert_eq!(spots(&elsewhere.get("/hotspots").await.body), 0, "of another county");
});

doors!(operators_see_who_reports_often_but_not_who_they_are, async |app: &App| {
    for n in 0..7 {
        let own =
            ["路灯不亮", "井盖松动", "垃圾没人收", "水管漏水", "噪音太大", "树枝挡路", "举报有人非法集资骗老人"][n];
        let draft = Draft {
            area: Some(AREA.parse().unwrap()),
            text: format!("{own}，请来看看{own}"),
            name: "常来电".to_owned(),
            phone: if n == 5 { "13900008888" } else { "13900007777" }.to_owned(),
            ..Draft::default()
        };
        app.advance(60_000_000).await;
        report_submit(&app.state, &Actor::Anonymous, Channel::Hotline, &draft, None).await.unwrap_err();
        report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap();
    }
    let mut operator = app.signed_in("bh-operator").await;
    let page = operator.get("/reporters").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("反映 5 次") && page.body.contains("5 件事"), "{}", page.body);
    assert!(page.body.contains("水管漏水") && !page.body.contains("树枝挡路"), "once is not often");
    assert!(!page.body.contains("非法集资"), "whose a tip-off is stays a secret");
    for who in ["常来电", "7777", "13900007777"] {
        assert!(!page.body.contains(who), "{who}");
    }
    assert!(app.signed_in("ys-operator").await.get("/reporters").await.body.contains("近期没有"), "elsewhere");
    for login in ["coordinator", "leader", "bh-housing"] {
        let mut browser = app.signed_in(login).await;
        assert_eq!(browser.get("/reporters").await.status, 403, "{login}");
        assert!(!browser.get("/inbox").await.body.contains("/reporters"), "{login}");
    }
    app.advance(31 * Timestamp::DAY).await;
    let mut operator = app.signed_in("bh-operator").await;
    assert!(operator.get("/reporters").await.body.contains("近期没有"), "and not for ever");
});
