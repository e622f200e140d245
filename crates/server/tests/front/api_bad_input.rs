//! Whatever is sent, the answer names what was wrong, where, and what to try.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::api_support::WHAT;
use crate::app::{App, doors};

const KEY: &str = "9b2f6a1e-6f0b-4a51-9d0c-7f4f2f8f1a05";

doors!(a_report_that_cannot_be_taken_in, async |app: &App| {
    let stranger = app.stranger();
    let max = app.state.pack.intake.text_max;
    let too_long = format!("{} characters; at most {max}", max + 1);
    let with = |name: &str, value: Value| {
        let mut body = json!({"area": "900102001001", "text": WHAT});
        body[name] = value;
        body
    };
    for (body, pointer, code, says) in [
        (with("text", json!("")), "/text", "text-missing", "say what happened"),
        (with("text", json!("水")), "/text", "text-short", "at least 5"),
        (with("text", json!("水".repeat(max + 1))), "/text", "text-long", too_long.as_str()),
        (with("title", json!("水".repeat(81))), "/title", "title-long", "at most 80"),
        (with("place", json!("水".repeat(201))), "/place", "place-long", "at most 200"),
        (with("name", json!("水".repeat(61))), "/name", "name-long", "at most 60"),
        (with("phone", json!("call me")), "/phone", "phone-invalid", "call me"),
        (with("area", json!("999999")), "/area", "area-unknown", "There is no area 999999000000000"),
        (with("area", json!("north")), "/area", "area-unknown", "north"),
        (with("area", json!(9001)), "/area", "wrong-type", "expected a string"),
        (with("text", json!(["水"])), "/text", "wrong-type", "expected a string"),
        (with("title", Value::Null), "/title", "wrong-type", "null"),
        (with("on_behalf", json!("yes")), "/on_behalf", "wrong-type", "expected a boolean"),
        (with("colour", json!("red")), "/colour", "wrong-type", "unknown field"),
        (json!({"text": WHAT}), "/area", "wrong-type", "missing field"),
        (json!({"area": "900102001001"}), "/text", "wrong-type", "missing field"),
    ] {
        let says_so = stranger.report(KEY, &body).await.fault(pointer, code);
        assert!(says_so.contains(says), "{says_so}");
    }
    let all = json!({"area": "900102001001", "text": "", "title": "水".repeat(81), "phone": "x"});
    let problem = stranger.report(KEY, &all).await.problem(422, "invalid");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3, "every fault at once: {problem}");
});

doors!(a_body_that_cannot_be_read, async |app: &App| {
    let send = async |kind: &str, body: Vec<u8>| {
        let request = Request::post("/api/v1/reports").header("idempotency-key", KEY).header("content-type", kind);
        app.send(request.body(Body::from(body)).unwrap()).await
    };
    let json = "application/json";
    let cut = send(json, br#"{"text": "#.to_vec()).await.problem(400, "malformed-json");
    assert!(cut["detail"].as_str().unwrap().contains("line 1"), "{cut}");
    send(json, b"{\"text\": \"\xff\xfe\"}".to_vec()).await.problem(400, "malformed-json");
    send(json, br#"{"text": "\ud800"}"#.to_vec()).await.problem(400, "malformed-json");
    send(json, br#"{"text": "a\u0000"}"#.to_vec()).await.problem(400, "malformed-text");
    send(json, Vec::new()).await.problem(400, "malformed-json");
    send(json, b"[]".to_vec()).await.problem(422, "invalid");
    send("text/plain", b"{}".to_vec()).await.problem(415, "unsupported-media-type");
    send("multipart/form-data; boundary=b", b"--b".to_vec()).await.problem(415, "unsupported-media-type");
    send(json, vec![b' '; (1 << 20) + 1]).await.problem(413, "too-large");
});

doors!(a_query_that_cannot_be_answered, async |app: &App| {
    let operator = app.api("operator1").await;
    for (query, pointer, code) in [
        ("cases?area=999999", "/area", "area-unknown"),
        ("cases?area=north", "/area", "area-unknown"),
        ("cases?area=", "/area", "area-unknown"),
        ("cases?unit=nobody", "/unit", "unit-unknown"),
        ("cases?unit=019a0000-0000-7000-8000-000000000000", "/unit", "unit-unknown"),
        ("cases?state=lost", "/state", "state-unknown"),
        ("cases?class=99", "/class", "category-unknown"),
        ("cases?order=random", "/order", "order-unknown"),
        ("cases?limit=0", "/limit", "limit-range"),
        ("cases?limit=101", "/limit", "limit-range"),
        ("areas?within=999999", "/within", "area-unknown"),
        ("figures?class=99", "/class", "category-unknown"),
        ("figures?class=0101", "/class", "class-unknown"),
        ("figures?from=yesterday", "/from", "date-wrong"),
        ("figures?from=0041-09-09", "/from", "date-wrong"),
        ("figures?to=2026-02-30", "/to", "date-wrong"),
        ("figures?from=2026-05-11&to=2026-05-10", "/from", "period-reversed"),
        ("open/figures?from=2026-05-11&to=2026-05-10", "/from", "period-reversed"),
        ("open/figures?class=99", "/class", "category-unknown"),
    ] {
        operator.get(&format!("/api/v1/{query}")).await.fault(pointer, code);
    }
    let words = operator.get(&format!("/api/v1/cases?q={}", "a+".repeat(9000))).await.fault("/q", "words-long");
    assert!(words.contains("18000 characters; at most 200"), "{words}");
    let longest = operator.get(&format!("/api/v1/cases?q={}", "a+".repeat(100))).await;
    assert_eq!(longest.status, 200, "{}", longest.body);
    for query in [
        "cases?limit=many",
        "cases?colour=red",
        "cases?limit=1&limit=2",
        "cases?cursor=x",
        "cases?order=due&cursor=newest.1.019a000000007000800000000000000",
        "areas?cursor=x",
        "open/figures?area=900102",
    ] {
        operator.get(&format!("/api/v1/{query}")).await.problem(400, "malformed-request");
    }
    for query in ["cases?q=%ff", "cases?q=%00", "track/%ff"] {
        operator.get(&format!("/api/v1/{query}")).await.problem(400, "malformed-text");
    }
});

doors!(an_act_that_cannot_be_done, async |app: &App| {
    let receipt = app.stranger().reported(KEY, WHAT).await;
    let (code, secret) = (receipt["code"].as_str().unwrap(), receipt["secret"].as_str().unwrap());
    let case = format!("/api/v1/cases/{code}");
    let coordinator = app.api("coordinator").await;
    let given = json!({"unit": "mh-water", "reason": "供水由水务局负责。"});
    assert_eq!(coordinator.post(&format!("{case}/assign"), &given).await.status, 200);
    let handler = app.api("mh-water").await;
    let long = "很".repeat(app.state.pack.intake.text_max + 1);
    for (act, body, pointer, code) in [
        ("assign", json!({"unit": "nobody", "reason": "转办"}), "/unit", "unit-unknown"),
        ("assign", json!({"unit": "mh-water", "reason": " "}), "/reason", "reason-missing"),
        ("assign", json!({"unit": "mh-water", "reason": long}), "/reason", "text-long"),
        ("assign", json!({"unit": "mh-water", "reason": "转办", "by": "me"}), "/by", "wrong-type"),
        ("refuse", json!({"reason": "because"}), "/reason", "reason-unknown"),
        ("reveal", json!({"reason": ""}), "/reason", "reason-missing"),
        ("reveal", json!({"reason": long}), "/reason", "text-long"),
    ] {
        coordinator.post(&format!("{case}/{act}"), &body).await.fault(pointer, code);
    }
    for (act, body, pointer, code) in [
        ("accept", json!({"version": 1}), "/version", "wrong-type"),
        ("answer", json!({"outcome": "done", "text": "好了"}), "/outcome", "outcome-unknown"),
        ("answer", json!({"outcome": "fixed", "text": ""}), "/text", "answer-missing"),
        ("answer", json!({"outcome": "fixed", "text": "好了"}), "/evidence", "evidence-missing"),
        ("answer", json!({"outcome": "explained", "text": long}), "/text", "text-long"),
        ("answer", json!({"text": "好了"}), "/outcome", "wrong-type"),
        ("dispute", json!({"reason": ""}), "/reason", "reason-missing"),
        ("dispute", json!({"reason": long}), "/reason", "text-long"),
    ] {
        handler.post(&format!("{case}/{act}"), &body).await.fault(pointer, code);
    }
    let waits = coordinator.post(&format!("{case}/triage"), &json!({"category": "0101"})).await;
    assert_eq!(
        waits.problem(409, "illegal-move")["allowed"],
        json!([
            "assign",
            "accept",
            "answer",
            "dispute",
            "contact",
            "extend_ask",
            "park_ask",
            "supervise",
            "send_up",
            "send_down"
        ])
    );
    let track = format!("/api/v1/track/{code}");
    let early = json!({"secret": secret, "solved": true});
    let early = app.stranger().post(&format!("{track}/rate"), &early).await.problem(409, "illegal-move");
    assert!(early["detail"].as_str().unwrap().contains("cannot rate"), "{early}");
    for (act, body, pointer, code) in [
        ("rate", json!({"secret": secret, "solved": true, "satisfied": 6}), "/satisfied", "satisfied-range"),
        ("rate", json!({"secret": secret, "solved": true, "satisfied": 300}), "/satisfied", "wrong-type"),
        ("rate", json!({"secret": secret}), "/solved", "wrong-type"),
        ("reopen", json!({"secret": secret, "reason": " "}), "/reason", "reason-missing"),
        ("reopen", json!({"secret": secret, "reason": long}), "/reason", "text-long"),
    ] {
        app.stranger().post(&format!("{track}/{act}"), &body).await.fault(pointer, code);
    }
    let guess = json!({"secret": "0000-0000", "solved": true});
    app.stranger().post(&format!("{track}/rate"), &guess).await.problem(404, "not-found");
    app.stranger().get("/api/v1/track/7M2K").await.fault("/code", "code-wrong");
    app.stranger()
        .send(Method::POST, &format!("{track}/rate"), &[], "{".to_owned())
        .await
        .problem(400, "malformed-json");
});

doors!(a_decision_that_cannot_be_taken, async |app: &App| {
    let operator = app.api("operator1").await;
    let mut waiting = None;
    for (n, text) in ["谢谢你们。", "有个问题想问一下。", "请问可以吗，我想了解情况。", "希望能够处理一下，麻烦了。"]
        .iter()
        .enumerate()
    {
        let receipt = operator.reported(&format!("key-{n}"), text).await;
        if receipt["unit"].is_null() {
            waiting = Some(receipt["code"].as_str().unwrap().to_owned());
        }
    }
    let long = "很".repeat(app.state.pack.intake.text_max + 1);
    let path = format!("/api/v1/cases/{}/triage", waiting.expect("one that sensing is not sure of"));
    for (body, pointer, code) in [
        (json!({"category": "9999"}), "/category", "category-unknown"),
        (json!({"category": "0101", "unit": "nobody"}), "/unit", "unit-unknown"),
        (json!({"category": "0101", "note": long}), "/note", "text-long"),
        (json!({"unit": "mh-water"}), "/category", "wrong-type"),
    ] {
        operator.post(&path, &body).await.fault(pointer, code);
    }
    let decided = operator.post(&path, &json!({"category": "0101", "unit": "mh-water"})).await;
    assert_eq!((decided.status, &decided.json()["category"]), (200, &json!("0101")), "{}", decided.body);
});
