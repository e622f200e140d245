//! A report that is sent again is taken in once.

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::api_support::WHAT;
use crate::app::{Api, App, doors};

const KEY: &str = "9b2f6a1e-6f0b-4a51-9d0c-7f4f2f8f1a02";

fn body(text: &str) -> Value {
    json!({"area": "900102001001", "text": text})
}

async fn cases(app: &App) -> Vec<Value> {
    let page = app.api("operator1").await.get("/api/v1/cases").await.json();
    page["items"].as_array().unwrap().clone()
}

doors!(the_same_again_gets_the_first_answer_and_does_nothing, async |app: &App| {
    for (n, api) in [app.stranger(), app.api("operator1").await, app.api("grid-liugangli-1").await].iter().enumerate() {
        let said = json!({"area": "900102001001001", "text": format!("{n}{n}{n}号楼{}", &WHAT[..n * 30 + 30]), "phone": "19900000077"});
        let first = api.report(KEY, &said).await;
        assert_eq!(first.status, 201, "{}", first.body);
        let before = cases(app).await;
        app.hand.advance(1_000_000);
        let again = api.report(KEY, &said).await;
        assert_eq!((again.status, &again.body), (201, &first.body));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(cases(app).await, before, "nothing was done twice");
    }
    let channels: Vec<_> = cases(app).await.iter().map(|case| case["channel"].clone()).collect();
    assert_eq!(channels.len(), 3);
    assert!(["api", "hotline", "grid"].iter().all(|channel| channels.contains(&json!(channel))), "{channels:?}");
});

doors!(another_body_under_the_same_key_is_refused, async |app: &App| {
    let stranger = app.stranger();
    assert_eq!(stranger.report(KEY, &body(WHAT)).await.status, 201);
    stranger.report(KEY, &body("路口的红绿灯坏了，早高峰很危险。")).await.problem(422, "idempotency-key-reused");
    let spelled = r#"{ "text": "小区三号楼楼道里的自来水管漏水，已经漏了两天，地上都是水，老人进出很滑。", "area": "900102001001000" }"#;
    let headers = [("idempotency-key", KEY)];
    let again = stranger.send(axum::http::Method::POST, "/api/v1/reports", &headers, spelled.to_owned()).await;
    assert_eq!(again.status, 201, "the same said in another spelling is the same: {}", again.body);
    assert_eq!(cases(app).await.len(), 1);
});

doors!(the_keys_of_two_clients_never_meet, async |app: &App| {
    let (one, two, nobody) = (app.api("operator1").await, app.api("operator2").await, app.stranger());
    let texts = [WHAT, "路口的红绿灯坏了，早高峰很危险。", "学校门口的摊贩占道，孩子们只能走机动车道。"];
    let mut secrets = Vec::new();
    for (api, text) in [&one, &two, &nobody].into_iter().zip(texts) {
        let answer = api.report(KEY, &body(text)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        secrets.push(answer.json()["secret"].clone());
    }
    let asked = one.report(KEY, &body(texts[2])).await;
    asked.problem(422, "idempotency-key-reused");
    let spied = nobody.report(KEY, &body(texts[0])).await;
    assert!(!spied.body.contains(secrets[0].as_str().unwrap()), "nobody reads another's receipt");
    assert_eq!(cases(app).await.len(), 3);
});

doors!(two_that_meet_are_one, async |app: &App| {
    let stranger = app.stranger();
    let said = body(WHAT);
    let (one, two) = tokio::join!(stranger.report(KEY, &said), stranger.report(KEY, &said));
    assert_eq!((one.status, two.status), (201, 201), "{} {}", one.body, two.body);
    assert_eq!(one.body, two.body);
    let cases = cases(app).await;
    assert_eq!((cases.len(), &cases[0]["reports"]), (1, &json!(1)));
});

doors!(a_refusal_is_not_remembered, async |app: &App| {
    let stranger = app.stranger();
    stranger.report(KEY, &body("")).await.fault("/text", "text-missing");
    assert_eq!(stranger.report(KEY, &body(WHAT)).await.status, 201, "mended and sent again under the same key");
});

doors!(a_key_is_there_and_can_be_one, async |app: &App| {
    let (stranger, operator) = (app.stranger(), app.api("operator1").await);
    let wrong = async |api: &Api<'_>, headers: &[(&str, &str)], says: &str| {
        let problem = api.act("/api/v1/reports", headers, &body(WHAT)).await.problem(400, "idempotency-key-wrong");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
    };
    wrong(&stranger, &[], "Send an Idempotency-Key header").await;
    wrong(&operator, &[("idempotency-key", " ")], "Send an Idempotency-Key header").await;
    wrong(&operator, &[("idempotency-key", &"k".repeat(201))], "has 201 characters; at most 200").await;
    wrong(&operator, &[("idempotency-key", "a"), ("idempotency-key", "b")], "two").await;
    wrong(&stranger, &[("idempotency-key", "fifteen-letters")], "at least 16").await;
    let mut request = Request::post("/api/v1/reports").header("content-type", "application/json");
    let key = HeaderValue::from_bytes("九零零一零二零零一零零一零零零".as_bytes()).unwrap();
    request = request.header("idempotency-key", key);
    let answer = app.send(request.body(Body::from(body(WHAT).to_string())).unwrap()).await;
    answer.problem(400, "idempotency-key-wrong");
    assert_eq!(operator.report("short", &body(WHAT)).await.status, 201, "an account's keys are its own");
    assert_eq!(operator.report(&"k".repeat(200), &body("路口的红绿灯坏了，早高峰很危险。")).await.status, 201);
});
