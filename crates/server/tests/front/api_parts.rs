//! The work of a case in parts: given out, in order, each by its unit and by nobody else; no answer over an open one.

use muster_core::time::Timestamp;
use muster_server::usecase::notice_list::notice_list;
use muster_store::process::{case_by_code, parts_of_case};
use serde_json::{Value, json};

use crate::app::{Api, App, NOW, doors};
use crate::doctor;

/// Midnight after Wednesday 2026-05-13: two working days from [`NOW`].
const WEDNESDAY_END: i64 = 1_778_688_000_000_000;

async fn unit(app: &App, code: &str) -> String {
    let mut tx = app.state.read().await.unwrap();
    muster_store::people::unit_by_code(&mut tx, code).await.unwrap().unwrap().id.to_string()
}

/// A case that the housing bureau answers for.
async fn case(app: &App) -> String {
    let code = doctor::reported(app, "老楼楼道墙皮脱落，外墙保温也掉，想问什么时候改造。", "parts").await.code;
    let coordinator = app.api("coordinator").await;
    let body = json!({"unit": unit(app, "mh-housing").await, "reason": "牵头"});
    let answer = coordinator.post(&format!("/api/v1/cases/{code}/assign"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    code
}

async fn part(app: &App, title: &str, unit_code: &str, more: Value) -> Value {
    let mut body = json!({
        "title": title, "unit": unit(app, unit_code).await, "required": true, "amount": 2,
        "budget_unit": "working_days", "reason": "需要配合",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// Gives a part out and returns its number.
async fn given(api: &Api<'_>, code: &str, body: &Value) -> i64 {
    let answer = api.post(&format!("/api/v1/cases/{code}/parts"), body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["number"].as_i64().unwrap()
}

async fn plan(api: &Api<'_>, code: &str) -> Vec<Value> {
    let answer = api.get(&format!("/api/v1/cases/{code}/plan")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["parts"].as_array().unwrap().clone()
}

fn answer() -> Value {
    json!({"outcome": "fixed", "text": "已全部修好，验收合格。", "evidence": "验收单 5 月 13 日"})
}

doors!(parts_are_done_in_order_and_the_answer_waits_for_them, async |app: &App| {
    let code = case(app).await;
    let (lead, water, city) =
        (app.api("mh-housing").await, app.api("mh-water").await, app.api("mh-urban-management").await);
    assert_eq!(given(&lead, &code, &part(app, "换水管", "mh-water", json!({})).await).await, 1);
    let second = part(app, "补路面", "mh-urban-management", json!({"after": [1]})).await;
    assert_eq!(given(&lead, &code, &second).await, 2);
    let optional = part(app, "画车位", "mh-urban-management", json!({"after": [2], "required": false})).await;
    assert_eq!(given(&lead, &code, &optional).await, 3);

    let parts = plan(&lead, &code).await;
    let stored: String = code.chars().filter(|c| *c != '-').collect();
    assert_eq!(parts[0]["code"], format!("{stored}.1"));
    assert_eq!((&parts[0]["due_at"], &parts[0]["planned"]["may_begin"]), (&json!(WEDNESDAY_END), &json!(true)));
    assert_eq!((&parts[1]["started_at"], &parts[1]["due_at"]), (&Value::Null, &Value::Null), "it waits");
    assert_eq!(parts[1]["planned"]["start_at"], json!(WEDNESDAY_END - 1), "after the first, if that takes its time");

    let early = city.post(&format!("/api/v1/cases/{code}/parts/2/accept"), &json!({})).await;
    let problem = early.problem(409, "parts-open");
    let says = format!("Parts that come before it are open: {stored}.1 换水管 (明湖市水务局, due 2026-05-14 00:00).");
    assert_eq!(problem["detail"], says);
    city.post(&format!("/api/v1/cases/{code}/parts/2/done"), &json!({"text": "好了"})).await.problem(409, "parts-open");
    let over = lead.post(&format!("/api/v1/cases/{code}/answer"), &answer()).await.problem(409, "parts-open");
    let over = over["detail"].as_str().unwrap();
    assert!(over.contains(".1 换水管") && over.contains(".2 补路面 (明湖市城市管理局, not begun)"), "{over}");
    assert!(!over.contains("画车位"), "what is not required holds nothing up: {over}");

    let accept = format!("/api/v1/cases/{code}/parts/1/accept");
    assert_eq!(water.post(&accept, &json!({})).await.status, 200);
    water.post(&accept, &json!({})).await.problem(409, "illegal-move");
    app.advance(5 * Timestamp::MINUTE).await;
    let done = format!("/api/v1/cases/{code}/parts/1/done");
    assert!(water.post(&done, &json!({"text": " "})).await.fault("/text", "result-missing").contains("what was done"));
    assert_eq!(water.post(&done, &json!({"text": "换了 30 米", "evidence": "照片三张"})).await.status, 200);
    let parts = plan(&lead, &code).await;
    assert_eq!((&parts[0]["state"], &parts[0]["result"]), (&json!("done"), &json!("换了 30 米")));
    assert_eq!(parts[1]["started_at"], parts[0]["ended_at"], "what waited for it begins when it ends");
    assert_eq!(parts[1]["due_at"], json!(WEDNESDAY_END));
    assert_eq!(city.post(&format!("/api/v1/cases/{code}/parts/2/done"), &json!({"text": "补好"})).await.status, 200);
    let answered = lead.post(&format!("/api/v1/cases/{code}/answer"), &answer()).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    let late = city.post(&format!("/api/v1/cases/{code}/parts/3/accept"), &json!({})).await;
    late.problem(409, "illegal-move");
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());

    let sql = "update parts set required = true where number = 3";
    muster_store::testing::execute(&app.state.db, sql).await;
    let said = doctor::said(&doctor::health(app).await);
    assert_eq!(said, [format!("parts-required: part {stored}.3 is assigned under a case that is answered")]);
});

doors!(a_unit_sees_the_case_it_has_a_part_in_and_acts_on_that_part_only, async |app: &App| {
    let code = case(app).await;
    let lead = app.api("mh-housing").await;
    let first = part(app, "换水管", "mh-water", json!({"cooperating": [unit(app, "mh-market").await]})).await;
    let (water, helper, stranger) =
        (app.api("mh-water").await, app.api("mh-market").await, app.api("mh-education").await);
    water.get(&format!("/api/v1/cases/{code}")).await.problem(404, "not-found");
    given(&lead, &code, &first).await;
    given(&lead, &code, &part(app, "补路面", "mh-urban-management", json!({})).await).await;
    for (who, status) in [(&lead, 200), (&water, 200), (&helper, 200), (&stranger, 404)] {
        assert_eq!(who.get(&format!("/api/v1/cases/{code}")).await.status, status);
        assert_eq!(who.get(&format!("/api/v1/cases/{code}/plan")).await.status, status);
    }
    for (who, number) in [(&stranger, 1), (&helper, 1), (&water, 2), (&lead, 1), (&water, 7)] {
        let path = format!("/api/v1/cases/{code}/parts/{number}/");
        who.post(&format!("{path}accept"), &json!({})).await.problem(404, "not-found");
        who.post(&format!("{path}done"), &json!({"text": "好了"})).await.problem(404, "not-found");
    }
    let part = part(app, "另一项", "mh-water", json!({})).await;
    for who in [&water, &helper, &stranger] {
        who.post(&format!("/api/v1/cases/{code}/answer"), &answer()).await.problem(404, "not-found");
        who.post(&format!("/api/v1/cases/{code}/parts"), &part).await.problem(404, "not-found");
        let off = who.post(&format!("/api/v1/cases/{code}/parts/1/cancel"), &json!({"reason": "不需要"})).await;
        off.problem(404, "not-found");
        let whose = who.post(&format!("/api/v1/cases/{code}/reveal"), &json!({"reason": "联系居民"})).await;
        whose.problem(404, "not-found");
    }
    let operator = app.api("operator1").await;
    operator.post(&format!("/api/v1/cases/{code}/parts/1/accept"), &json!({})).await.problem(403, "forbidden");
    app.stranger().get(&format!("/api/v1/cases/{code}/plan")).await.problem(401, "unauthenticated");
    let off = lead.post(&format!("/api/v1/cases/{code}/parts/1/cancel"), &json!({"reason": "不需要"})).await;
    assert_eq!(off.status, 200, "{}", off.body);
    for who in [&water, &helper] {
        who.get(&format!("/api/v1/cases/{code}")).await.problem(404, "not-found");
    }
});

doors!(what_is_called_off_holds_nothing_up, async |app: &App| {
    let code = case(app).await;
    let (lead, city) = (app.api("mh-housing").await, app.api("mh-urban-management").await);
    given(&lead, &code, &part(app, "设计", "mh-housing", json!({})).await).await;
    given(&lead, &code, &part(app, "图纸", "mh-water", json!({"parent": 1})).await).await;
    given(&lead, &code, &part(app, "施工", "mh-urban-management", json!({"after": [1]})).await).await;
    let circle = part(app, "绕圈", "mh-water", json!({"parent": 1, "after": [3]})).await;
    let circle = lead.post(&format!("/api/v1/cases/{code}/parts"), &circle).await.fault("/after", "part-circle");
    assert_eq!(circle, "parts wait for each other in a circle: 1 → 4 → 3. Take one of them out.");
    let done = lead.post(&format!("/api/v1/cases/{code}/parts/1/done"), &json!({"text": "画好"})).await;
    let done = done.problem(409, "parts-open");
    assert!(done["detail"].as_str().unwrap().starts_with("Required parts below it are open: "), "{done}");

    let cancel = format!("/api/v1/cases/{code}/parts/1/cancel");
    lead.post(&cancel, &json!({"reason": " "})).await.fault("/reason", "reason-missing");
    let stale = lead.act(&cancel, &[("if-match", "\"1\"")], &json!({"reason": "不做了"})).await;
    stale.problem(412, "stale-etag");
    app.advance(5 * Timestamp::MINUTE).await;
    assert_eq!(lead.post(&cancel, &json!({"reason": "不做了"})).await.status, 200);
    let parts = plan(&lead, &code).await;
    let states: Vec<_> = parts.iter().map(|part| part["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["cancelled", "cancelled", "assigned"], "what belongs to it goes with it");
    assert_eq!(parts[2]["started_at"], parts[0]["ended_at"]);
    assert_eq!(city.post(&format!("/api/v1/cases/{code}/parts/3/accept"), &json!({})).await.status, 200);
    lead.post(&cancel, &json!({"reason": "再来"})).await.problem(409, "illegal-move");
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

doors!(a_part_that_cannot_be_given_out_is_refused_field_by_field, async |app: &App| {
    let code = case(app).await;
    let lead = app.api("mh-housing").await;
    let path = format!("/api/v1/cases/{code}/parts");
    let wrong = [
        (json!({"title": " "}), "/title", "part-title-missing"),
        (json!({"unit": "00000000-0000-0000-0000-000000000001"}), "/unit", "unit-unknown"),
        (json!({"amount": 0}), "/amount", "budget-range"),
        (json!({"amount": 521}), "/amount", "budget-range"),
        (json!({"budget_unit": "weeks"}), "/budget_unit", "budget-unknown"),
        (json!({"after": [1]}), "/after", "part-unknown"),
        (json!({"parent": 1}), "/parent", "part-unknown"),
        (json!({"reason": ""}), "/reason", "reason-missing"),
        (json!({"not_before": "2026-02-30"}), "/not_before", "date-wrong"),
    ];
    for (change, pointer, code) in wrong {
        lead.post(&path, &part(app, "甲", "mh-water", change).await).await.fault(pointer, code);
    }
    let later = part(app, "五月十八日起", "mh-water", json!({"not_before": "2026-05-18"})).await;
    given(&lead, &code, &later).await;
    let parts = plan(&lead, &code).await;
    // Monday 18 May, 00:00 in Shanghai; two working days end with Wednesday.
    let monday = NOW.0 + 7 * Timestamp::DAY - 9 * Timestamp::HOUR;
    assert_eq!((&parts[0]["started_at"], &parts[0]["due_at"]), (&json!(monday), &json!(monday + 3 * Timestamp::DAY)));
    assert_eq!(parts[0]["planned"]["may_begin"], false);
});

doors!(the_renewal_of_an_old_estate_is_taken_up_in_one_act, async |app: &App| {
    let code = case(app).await;
    let coordinator = app.api("coordinator").await;
    let path = format!("/api/v1/cases/{code}/plan");
    let unknown = coordinator.post(&path, &json!({"template": "new_town", "reason": "改造"})).await;
    assert!(unknown.fault("/template", "plan-unknown").contains("old_housing, waterlogging, joint_enforcement"));
    let strange = json!({"template": "old_housing", "units": {"roof": unit(app, "mh-water").await}, "reason": "改造"});
    coordinator.post(&path, &strange).await.fault("/units", "part-unknown");
    let units = json!({"pipes": unit(app, "mh-industry").await});
    let body = json!({"template": "old_housing", "units": units, "reason": "列入今年计划"});
    let taken = coordinator.post(&path, &body).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    let calendar = &app.state.pack.calendar;
    let day = |at: &Value| calendar.local_date(Timestamp(at.as_i64().unwrap())).to_string();
    let lines: Vec<String> = plan(&coordinator, &code)
        .await
        .iter()
        .map(|part| {
            let planned = &part["planned"];
            let slack = planned["slack"].as_i64().unwrap() / 86_400;
            format!(
                "{:>2} {} {} {} {} {} {}{}",
                part["number"],
                part["title"].as_str().unwrap(),
                part["unit_name"].as_str().unwrap(),
                day(&planned["start_at"]),
                day(&planned["finish_at"]),
                if planned["critical"] == true { "critical".to_owned() } else { format!("slack {slack} d") },
                if part["required"] == true { "required" } else { "optional" },
                if part["due_at"].is_null() { "" } else { ", begun" },
            )
        })
        .collect();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("api_parts_old_housing", lines.join("\n"));
    });
    let steps = coordinator.get(&format!("/api/v1/cases/{code}")).await.json()["steps"].clone();
    let given: Vec<_> = steps.as_array().unwrap().iter().filter(|step| step["step"] == "part_add").collect();
    assert_eq!(given.len(), 1, "one act, one line");
    assert_eq!(given[0]["detail"]["parts"].as_array().unwrap().len(), 15);
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

/// What the water bureau was told of the time of its parts: warnings and alarms, with their rungs, newest first.
async fn told_of_parts(app: &App, login: &str) -> Vec<String> {
    let mut rows = notice_list(&app.state, &doctor::actor(app, login).await).await.unwrap();
    rows.retain(|row| row.params["clock"] == "part");
    rows.iter().map(|row| format!("{} {}", row.template, row.params["share"])).collect()
}

doors!(a_part_has_the_rungs_of_an_answer_and_each_is_told_once, async |app: &App| {
    let code = case(app).await;
    let lead = app.api("mh-housing").await;
    given(&lead, &code, &part(app, "换水管", "mh-water", json!({})).await).await;
    given(&lead, &code, &part(app, "补路面", "mh-urban-management", json!({"after": [1]})).await).await;
    for (hours, so_far) in [(24, &[][..]), (36, &["rung_warning 80"]), (12, &["rung_overdue 100", "rung_warning 80"])] {
        app.advance(hours * Timestamp::HOUR).await;
        assert_eq!(told_of_parts(app, "mh-water").await, so_far);
    }
    app.advance(10 * Timestamp::DAY).await;
    let overdue = told_of_parts(app, "mh-water").await;
    assert_eq!(overdue, ["rung_overdue 100", "rung_warning 80"], "later rungs are for others, and none comes twice");
    assert_eq!(told_of_parts(app, "mh-urban-management").await, Vec::<String>::new(), "its time does not run yet");
    let mut tx = app.state.read().await.unwrap();
    let case = case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap();
    let parts = parts_of_case(&mut tx, case.id).await.unwrap();
    let stand: Vec<_> = parts.rows.iter().map(|part| (part.rung, part.next_rung_at)).collect();
    assert_eq!(stand, [(4, None), (0, None)]);
});

doors!(after_a_stop_a_part_is_told_its_last_rung_only, async |app: &App| {
    let code = case(app).await;
    let lead = app.api("mh-housing").await;
    given(&lead, &code, &part(app, "换水管", "mh-water", json!({})).await).await;
    app.advance(30 * Timestamp::DAY).await;
    assert_eq!(told_of_parts(app, "mh-water").await, ["rung_overdue null"]);
    app.advance(Timestamp::MINUTE).await;
    assert_eq!(told_of_parts(app, "mh-water").await.len(), 1);
});
