//! Joint meetings: what nobody owns waits there, and one act makes an owner, a joint task, or a change of the duty list.

use muster_core::time::Timestamp;
use serde_json::{Value, json};

use crate::app::{Api, App, NOW, doors};
use crate::doctor;

async fn unit(app: &App, code: &str) -> String {
    let mut tx = app.state.read().await.unwrap();
    muster_store::people::unit_by_code(&mut tx, code).await.unwrap().unwrap().id.to_string()
}

async fn reported(app: &App, text: &str, key: &str) -> String {
    doctor::reported(app, text, key).await.code
}

async fn called(app: &App, api: &Api<'_>, cases: &[&str]) -> String {
    let body = json!({
        "area": "900100000000000", "held_at": NOW.plus(Timestamp::DAY).0, "place": "市政务大厅 301", "chair": "文丽萍",
        "units": [unit(app, "mh-water").await, unit(app, "mh-housing").await], "cases": cases,
    });
    let answer = api.post("/api/v1/meetings", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn queue(api: &Api<'_>) -> Vec<(String, String)> {
    let answer = api.get("/api/v1/meetings/queue").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = answer.json()["waiting"].as_array().unwrap().clone();
    rows.iter().map(|row| (text(row, "code"), text(row, "reason"))).collect()
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| *c != '-').collect()
}

doors!(a_matter_nobody_owns_gets_an_owner_and_so_does_the_next_one, async |app: &App| {
    let first = reported(app, "小区三号楼楼道里的自来水管漏水，地上都是水，老人进出很滑。", "m1").await;
    let coordinator = app.api("coordinator").await;
    let put = format!("/api/v1/cases/{first}/matter");
    coordinator.post(&put, &json!({"reason": " "})).await.fault("/reason", "reason-missing");
    assert_eq!(coordinator.post(&put, &json!({"reason": "两家都说不归自己"})).await.status, 204);
    coordinator.post(&put, &json!({"reason": "再来"})).await.problem(409, "illegal-move");
    assert_eq!(queue(&coordinator).await, [(plain(&first), "两家都说不归自己".to_owned())]);
    app.stranger().get("/api/v1/meetings/queue").await.problem(401, "unauthenticated");
    app.api("mh-water").await.get("/api/v1/meetings/queue").await.problem(403, "forbidden");

    let id = called(app, &coordinator, &[&first]).await;
    let body = json!({"area": "900100000000000", "held_at": NOW.0, "place": "甲", "chair": "乙", "cases": [first]});
    coordinator.post("/api/v1/meetings", &body).await.fault("/cases", "case-taken");
    let foreign = json!({"case": first, "verdict": {"up": {}}, "words": "不归本级"});
    app.api("operator1").await.post(&format!("/api/v1/meetings/{id}/decide"), &foreign).await.problem(403, "forbidden");

    let decide = format!("/api/v1/meetings/{id}/decide");
    let industry = unit(app, "mh-industry").await;
    let body = json!({"case": first, "verdict": {"owner": {"unit": industry, "amend": true}}, "words": " "});
    coordinator.post(&decide, &body).await.fault("/words", "minute-missing");
    let body = json!({"case": first, "verdict": {"owner": {"unit": industry, "amend": true}}, "words": "由经信局负责"});
    let decided = coordinator.post(&decide, &body).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    assert_eq!((&decided.json()["state"], &decided.json()["unit"]), (&json!("assigned"), &json!(industry)));
    coordinator.post(&decide, &body).await.problem(409, "illegal-move");
    assert_eq!(queue(&coordinator).await, []);

    let minutes = coordinator.get(&format!("/api/v1/meetings/{id}")).await.json();
    let matter = &minutes["matters"][0];
    assert_eq!((&matter["decision"], &matter["unit"]), (&json!("owner"), &json!("明湖市经济和信息化局")));
    assert_eq!(minutes["units"].as_array().unwrap().len(), 2);

    let category = decided.json()["category"].clone();
    app.advance(Timestamp::MINUTE).await;
    let operator = app.api("operator1").await;
    let second = reported(app, "五号楼的自来水总管也在漏，水都流到路上了，麻烦来修。", "m2").await;
    let seen = operator.get(&format!("/api/v1/cases/{second}")).await.json();
    assert_eq!(seen["category"], category);
    assert_eq!(seen["unit"], json!(industry), "the next of its kind goes there by itself");
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

doors!(units_share_a_matter_or_it_waits_on, async |app: &App| {
    let joint = reported(app, "小区门口积水，下雨就淹，车都进不去。", "m3").await;
    let later = reported(app, "老楼楼道墙皮脱落，外墙保温也掉，想问什么时候改造。", "m4").await;
    let away = reported(app, "省道旁的隔音墙倒了一段，夜里很吵。", "m5").await;
    let coordinator = app.api("coordinator").await;
    let id = called(app, &coordinator, &[&joint, &later, &away]).await;
    let decide = format!("/api/v1/meetings/{id}/decide");
    let none = json!({"case": joint, "verdict": {"joint": {"parts": []}}, "words": "一起办"});
    coordinator.post(&decide, &none).await.fault("/parts", "unit-unknown");
    let part = |unit: &str, days: i64| json!({"unit": unit, "title": "排查管网", "days": days});
    let (water, city) = (unit(app, "mh-water").await, unit(app, "mh-urban-management").await);
    let wrong = json!({"case": joint, "verdict": {"joint": {"parts": [part(&water, 0)]}}, "words": "一起办"});
    coordinator.post(&decide, &wrong).await.fault("/parts", "budget-range");
    let right =
        json!({"case": joint, "verdict": {"joint": {"parts": [part(&water, 5), part(&city, 10)]}}, "words": "一起办"});
    let decided = coordinator.post(&decide, &right).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    assert_eq!(decided.json()["unit"], json!(water), "the first leads");
    let parts = app.api("mh-urban-management").await.get(&format!("/api/v1/cases/{joint}/plan")).await.json();
    assert_eq!(parts["parts"].as_array().unwrap().len(), 2);
    assert!(parts["parts"].as_array().unwrap().iter().all(|part| part["required"] == true));

    let up = json!({"case": away, "verdict": {"up": {}}, "words": "属省级事权，报省交通厅"});
    assert_eq!(coordinator.post(&decide, &up).await.status, 200);
    let before = coordinator.get(&format!("/api/v1/meetings/{id}")).await.json()["matters"][1]["waiting_since"].clone();
    let postponed = json!({"case": later, "verdict": {"postponed": {}}, "words": "等资金方案"});
    assert_eq!(coordinator.post(&decide, &postponed).await.status, 200);
    let waiting = coordinator.get("/api/v1/meetings/queue").await.json()["waiting"].clone();
    assert_eq!(waiting.as_array().unwrap().len(), 1);
    assert_eq!((&waiting[0]["code"], &waiting[0]["waiting_since"]), (&json!(plain(&later)), &before));
    let again = called(app, &coordinator, &[&later]).await;
    let minutes = coordinator.get(&format!("/api/v1/meetings/{again}")).await.json();
    assert_eq!((&minutes["matters"][0]["waiting_since"], &minutes["matters"][0]["decision"]), (&before, &Value::Null));
    let first = coordinator.get(&format!("/api/v1/meetings/{id}")).await.json();
    let decisions: Vec<_> =
        first["matters"].as_array().unwrap().iter().map(|matter| matter["decision"].clone()).collect();
    assert_eq!(decisions, ["joint", "postponed", "up"], "the minutes keep what was decided");
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

doors!(a_community_gets_nothing_from_a_meeting_that_its_list_does_not_hold, async |app: &App| {
    let code = reported(app, "小区三号楼楼道里的自来水管漏水，地上都是水，老人进出很滑。", "m6").await;
    let coordinator = app.api("coordinator").await;
    let id = called(app, &coordinator, &[&code]).await;
    let decide = format!("/api/v1/meetings/{id}/decide");
    let mut tx = app.state.read().await.unwrap();
    let units = muster_store::people::unit_list(&mut tx).await.unwrap();
    drop(tx);
    let community = units.iter().find(|unit| unit.area.level() == muster_core::area::Level::Community).unwrap();
    let owner = json!({"case": code, "verdict": {"owner": {"unit": community.id}}, "words": "归社区"});
    coordinator.post(&decide, &owner).await.fault("/unit", "outside-list");
    let water = unit(app, "mh-water").await;
    let part = |unit: &Value| json!({"unit": unit, "title": "看现场", "days": 5});
    let parts = [part(&json!(water)), part(&json!(community.id))];
    let joint = json!({"case": code, "verdict": {"joint": {"parts": parts}}, "words": "一起办"});
    coordinator.post(&decide, &joint).await.fault("/parts", "outside-list");
    let plan = json!({"case": code, "verdict": {"plan": {"unit": water, "template": "nothing"}}, "words": "按模板"});
    coordinator.post(&decide, &plan).await.fault("/template", "plan-unknown");
    let plan =
        json!({"case": code, "verdict": {"plan": {"unit": water, "template": "old_housing"}}, "words": "按模板"});
    let decided = coordinator.post(&decide, &plan).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    assert_eq!(decided.json()["unit"], json!(water));
    let matter = coordinator.get(&format!("/api/v1/meetings/{id}")).await.json()["matters"][0].clone();
    assert_eq!(matter["decision"], "joint");
    assert!(matter["tasks"].as_array().unwrap().len() > 5, "{matter}");
    let waits = coordinator.get("/api/v1/meetings/waits").await.json();
    assert_eq!((&waits["whole"]["count"], waits["cases"].as_array().unwrap().len()), (&json!(1), 1));
    coordinator.get("/api/v1/meetings/waits?from=2026-02-30&to=2026-03-01").await.fault("/from", "date-wrong");
    coordinator.get("/api/v1/meetings/waits?from=2026-03-02&to=2026-03-01").await.fault("/to", "period-reversed");
    let paper = coordinator.get(&format!("/api/v1/meetings/{id}/minutes.pdf")).await;
    assert!(paper.status == 200 && paper.picture.starts_with(b"%PDF-"), "{paper:?}");
    app.api("mh-water").await.get(&format!("/api/v1/meetings/{id}/minutes.pdf")).await.problem(403, "forbidden");
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

doors!(a_unit_proposes_what_it_cannot_settle_alone, async |app: &App| {
    let code = reported(app, "小区三号楼楼道里的自来水管漏水，地上都是水，老人进出很滑。", "m7").await;
    let seen = app.api("operator1").await.get(&format!("/api/v1/cases/{code}")).await.json();
    let mut tx = app.state.read().await.unwrap();
    let units = muster_store::people::unit_list(&mut tx).await.unwrap();
    drop(tx);
    let own = units.iter().find(|unit| seen["unit"] == json!(unit.id)).unwrap();
    let put = format!("/api/v1/cases/{code}/matter");
    let reason = json!({"reason": "管线权属不清"});
    let strange = if own.code == "mh-water" { "mh-housing" } else { "mh-water" };
    app.api(strange).await.post(&put, &reason).await.problem(404, "not-found");
    assert_eq!(app.api(&own.code).await.post(&put, &reason).await.status, 204);
    assert_eq!(queue(&app.api("coordinator").await).await, [(plain(&code), "管线权属不清".to_owned())]);
});
