//! Beside the straight way of a case, through the API: the thread, more time, parking, supervision, urging, levels.

use muster_core::time::Timestamp;
use serde_json::{Value, json};

use crate::api_support::masked;
use crate::app::{Answer, Api, App, doors};
use crate::figures_history::{given, told};

const AREA: &str = "900102001001";

async fn act(api: &Api<'_>, code: &str, act: &str, body: Value) -> Answer {
    api.post(&format!("/api/v1/cases/{code}/{act}"), &body).await
}

async fn done(api: &Api<'_>, code: &str, name: &str, body: Value) -> Value {
    let answer = act(api, code, name, body).await;
    assert_eq!(answer.status, 200, "{name}: {}", answer.body);
    answer.json()
}

doors!(a_case_leaves_the_straight_way_and_comes_back_to_it, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let code = &case.code;
    let (unit, coordinator, resident) =
        (app.api("bh-human-resources").await, app.api("bh-coordinator").await, app.stranger());
    done(&unit, code, "contact", json!({ "way": "phone", "reached": true })).await;
    done(&unit, code, "line", json!({ "text": "明天上门看。" })).await;
    done(&unit, code, "note", json!({ "text": "屋主脾气急，两人同去。" })).await;
    let own = json!({ "secret": case.secret, "text": "好的，下午三点后有人。" });
    let answer = resident.post(&format!("/api/v1/track/{code}/line"), &own).await;
    assert_eq!(answer.status, 200, "{}", answer.body);

    done(&unit, code, "extension", json!({ "amount": 2, "reason": "配件在途" })).await;
    let requests = coordinator.get(&format!("/api/v1/cases/{code}")).await.json()["requests"].clone();
    let id = requests[0]["id"].as_str().unwrap().to_owned();
    act(&coordinator, code, &format!("requests/{id}"), json!({ "granted": false }))
        .await
        .fault("/answer", "reason-missing");
    act(&unit, code, &format!("requests/{id}"), json!({ "granted": true })).await.problem(403, "forbidden");
    done(&coordinator, code, &format!("requests/{id}"), json!({ "granted": true })).await;
    act(&coordinator, code, &format!("requests/{id}"), json!({ "granted": true })).await.problem(409, "illegal-move");

    let parking = json!({ "ground": "season", "review": "2026-07-01", "reason": "雨季不能施工" });
    done(&unit, code, "parking", parking).await;
    let requests = coordinator.get(&format!("/api/v1/cases/{code}")).await.json()["requests"].clone();
    let id = requests[1]["id"].as_str().unwrap().to_owned();
    done(&coordinator, code, &format!("requests/{id}"), json!({ "granted": true })).await;
    done(&unit, code, "resume", json!({ "reason": "提前放晴" })).await;

    let urge = async || resident.post(&format!("/api/v1/track/{code}/urge"), &json!({ "secret": case.secret })).await;
    assert_eq!(urge().await.status, 200);
    urge().await.fault("/urge", "urged-already");
    app.advance(25 * Timestamp::HOUR).await;
    // Their sessions have ended with the day.
    let (unit, coordinator) = (app.api("bh-human-resources").await, app.api("bh-coordinator").await);
    done(&coordinator, code, "urge", json!({})).await;
    done(&coordinator, code, "supervision", json!({ "ground": "unsolved", "text": "两日内报告" })).await;
    done(&unit, code, "supervision/report", json!({ "text": "已查明，本周内修复" })).await;

    let whole = coordinator.get(&format!("/api/v1/cases/{code}")).await.json();
    let kept = json!({
        "lines": whole["lines"], "notes": whole["notes"], "requests": whole["requests"], "supervisions": whole["supervisions"],
        "steps": whole["steps"].as_array().unwrap().iter().map(|step| step["step"].clone()).collect::<Vec<_>>(),
    });
    insta::assert_snapshot!("a_case_beside_its_way", masked(kept));
    let tracked = resident.look(&format!("/api/v1/track/{code}"), &[("case-secret", &case.secret)]).await;
    assert_eq!(tracked.json()["lines"].as_array().unwrap().len(), 2, "{}", tracked.body);
    assert!(!tracked.body.contains("脾气"), "a note has no way to the resident");
});

doors!(what_is_wrong_with_an_act_beside_the_way_is_said, async |app: &App| {
    let waiting = told(app, 0, AREA).await;
    let case = given(app, 1, AREA, "0201").await;
    let (unit, coordinator) = (app.api("bh-human-resources").await, app.api("bh-coordinator").await);
    act(&unit, &case.code, "contact", json!({ "way": "pigeon", "reached": true }))
        .await
        .fault("/way", "contact-way-unknown");
    act(&unit, &case.code, "line", json!({ "text": " " })).await.fault("/line", "line-missing");
    act(&unit, &case.code, "note", json!({ "text": "" })).await.fault("/note", "note-missing");
    act(&unit, &case.code, "extension", json!({ "amount": 99, "reason": "x" }))
        .await
        .fault("/amount", "extension-amount");
    act(&unit, &case.code, "parking", json!({ "ground": "mood", "review": "x", "reason": "y" }))
        .await
        .fault("/ground", "ground-unknown");
    act(&unit, &case.code, "resume", json!({ "reason": "x" })).await.problem(409, "illegal-move");
    act(&coordinator, &case.code, "supervision", json!({ "ground": "mood", "text": "x" }))
        .await
        .fault("/ground", "ground-unknown");
    act(&unit, &case.code, "supervision/report", json!({ "text": "x" })).await.problem(409, "illegal-move");
    let foreign = json!({ "unit": "00000000-0000-7000-8000-000000000000", "reason": "x" });
    act(&unit, &case.code, "send", foreign).await.fault("/unit", "unit-unknown");
    act(&coordinator, &waiting.code, "supervision", json!({ "ground": "effect", "text": "x" }))
        .await
        .problem(409, "illegal-move");
    act(&unit, &case.code, "line", json!({ "words": "x" })).await.fault("/words", "wrong-type");
});
