//! The loop over the API: reported, decided, accepted, answered, confirmed, counted.

use muster_core::time::Timestamp;
use serde_json::{Value, json};

use crate::api_support::WHAT;
use crate::app::{App, doors};

const KEY: &str = "9b2f6a1e-6f0b-4a51-9d0c-7f4f2f8f1a01";

doors!(a_report_is_decided_answered_confirmed_and_counted, async |app: &App| {
    let stranger = app.stranger();
    let body = json!({"area": "900102001001", "text": WHAT, "place": "三号楼", "phone": "199 0000 0077"});
    let taken = stranger.report(KEY, &body).await;
    assert_eq!(taken.status, 201, "{}", taken.body);
    let receipt = taken.json();
    let code = receipt["code"].as_str().unwrap();
    assert_eq!(taken.header("location"), format!("/api/v1/track/{code}"));
    let case = format!("/api/v1/cases/{code}");
    let track = format!("/api/v1/track/{code}");

    let operator = app.api("operator1").await;
    let coordinator = app.api("coordinator").await;
    if receipt["unit"].is_null() {
        let decided = operator.post(&format!("{case}/triage"), &json!({"category": "0101"})).await;
        assert_eq!(decided.status, 200, "{}", decided.body);
    }
    let seen = coordinator.get(&case).await;
    let unit = operator.get("/api/v1/units?limit=100").await.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|unit| unit["code"] == "mh-water")
        .unwrap()["id"]
        .clone();
    let given = json!({"unit": "mh-water", "reason": "供水由水务局负责。"});
    let given = coordinator.act(&format!("{case}/assign"), &[("if-match", seen.header("etag"))], &given).await;
    assert_eq!(given.status, 200, "{}", given.body);
    assert_eq!((&given.json()["state"], &given.json()["unit"]), (&json!("assigned"), &unit));

    let handler = app.api("mh-water").await;
    let accepted = handler.act(&format!("{case}/accept"), &[("if-match", given.header("etag"))], &json!({})).await;
    assert_eq!((accepted.status, &accepted.json()["state"]), (200, &json!("working")), "{}", accepted.body);
    let said =
        json!({"outcome": "fixed", "text": "水管已更换，楼道已清扫。", "evidence": "5月11日现场照片，三号楼一单元。"});
    let answered = handler.post(&format!("{case}/answer"), &said).await;
    assert_eq!((answered.status, &answered.json()["state"]), (200, &json!("answered")), "{}", answered.body);

    let secret = receipt["secret"].as_str().unwrap();
    let by_code = stranger.get(&track).await.json();
    assert_eq!((&by_code["own"], &by_code["text"], &by_code["steps"]), (&json!(false), &json!(""), &json!([])));
    let own = stranger.look(&track, &[("case-secret", secret)]).await.json();
    assert_eq!((&own["own"], &own["text"]), (&json!(true), &json!(WHAT)));
    let read: Vec<_> = own["steps"].as_array().unwrap().iter().map(|step| step["text"].clone()).collect();
    assert!(read.contains(&json!("水管已更换，楼道已清扫。")), "{read:?}");
    let rated = json!({"secret": secret, "solved": true, "satisfied": 5, "comment": "很快"});
    let rated = stranger.post(&format!("{track}/rate"), &rated).await;
    assert_eq!((rated.status, &rated.json()["state"]), (200, &json!("closed")), "{}", rated.body);

    app.advance(Timestamp::SECOND).await;
    let leader = app.api("leader").await;
    let figures = leader.get("/api/v1/figures?from=2026-05-11&to=2026-05-11").await;
    assert_eq!(figures.status, 200, "{}", figures.body);
    let figures = figures.json();
    assert_eq!(figures["measures"]["received"], 1);
    let confirmed = json!({"numerator": 1, "denominator": 1, "percent": 100.0, "small": true});
    assert_eq!(figures["indicators"]["confirmed"], confirmed);
    assert_eq!(figures["trend"][0]["period"], "2026-05-11");
    let open = stranger.get("/api/v1/open/figures").await.json();
    assert_eq!(open["measures"]["received"], Value::Null, "one report would point at someone");
});
