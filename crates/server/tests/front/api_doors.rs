//! Who may come in at all, and what stands at addresses that nobody built.

use axum::http::Method;
use muster_core::people::{Actor, Denied, Subject, may};
use muster_server::router::Route;
use serde_json::json;

use crate::api_support::WHAT;
use crate::app::{App, doors};

const KEY: &str = "9b2f6a1e-6f0b-4a51-9d0c-7f4f2f8f1a04";

fn routes() -> impl Iterator<Item = &'static Route> {
    muster_server::router::all().filter(|route| route.path.starts_with("/api/v1/"))
}

fn request(route: &Route) -> (Method, String) {
    (route.method.to_uppercase().parse().unwrap(), route.path.replace("{code}", "7M2K-9QX4-T0VBH"))
}

doors!(staff_doors_ask_who_is_there, async |app: &App| {
    let stranger = app.stranger();
    let mut asked = 0;
    for route in routes().filter(|r| may(&Actor::Anonymous, r.action, &Subject::NONE) == Err(Denied::SignIn)) {
        let (method, path) = request(route);
        let answer = stranger.send(method, &path, &[], String::new()).await;
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"muster\"", "{path}");
        asked += 1;
    }
    assert!(asked >= 12, "only {asked} doors");
});

doors!(a_token_that_nobody_holds_opens_nothing, async |app: &App| {
    let stranger = app.stranger();
    for route in routes().filter(|route| route.path != "/api/v1/sessions") {
        let (method, path) = request(route);
        for token in ["Bearer 00", "Bearer ", "bearer", "Basic bTpt"] {
            let headers = [("authorization", token), ("idempotency-key", KEY)];
            let answer = stranger.send(method.clone(), &path, &headers, String::new()).await;
            answer.problem(401, "unauthenticated");
        }
    }
});

doors!(a_session_begins_and_ends, async |app: &App| {
    let stranger = app.stranger();
    let credentials = json!({"login": "operator1", "password": crate::app::PASSWORD});
    let signed = stranger.post("/api/v1/sessions", &credentials).await;
    assert_eq!(signed.status, 201, "{}", signed.body);
    let session = signed.json();
    assert_eq!((&session["name"], &session["roles"]), (&json!("姜长根"), &json!(["operator"])));
    let token = format!("bearer {}", session["token"].as_str().unwrap());
    let headers = [("authorization", token.as_str())];
    assert_eq!(stranger.look("/api/v1/cases", &headers).await.status, 200);
    let ended = stranger.send(Method::DELETE, "/api/v1/sessions/current", &headers, String::new()).await;
    assert_eq!((ended.status, ended.body.as_str()), (204, ""));
    stranger.look("/api/v1/cases", &headers).await.problem(401, "unauthenticated");
    for wrong in [json!({"login": "operator1", "password": "guess"}), json!({"login": "nobody", "password": "guess"})] {
        stranger.post("/api/v1/sessions", &wrong).await.fault("/password", "login-wrong");
    }
});

doors!(strangers_may_try_only_so_often, async |app: &App| {
    let stranger = app.stranger();
    let guess = json!({"login": "leader", "password": "guess"});
    let mut waits = String::new();
    for _ in 0..21 {
        let answer = stranger.post("/api/v1/sessions", &guess).await;
        waits = answer.header("retry-after").to_owned();
        if answer.status == 429 {
            answer.problem(429, "rate-limited");
        }
    }
    assert_eq!(waits, "181", "one each three minutes, and a second");
    let code = app.stranger().reported(KEY, WHAT).await["code"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/track/{code}");
    for n in 0..21 {
        let answer = stranger.look(&path, &[("case-secret", "0000-0000")]).await;
        assert_eq!(answer.status, if n < 20 { 404 } else { 429 }, "{}", answer.body);
    }
    assert_eq!(stranger.get(&path).await.status, 200, "the code alone is no guess");
});

doors!(what_is_elsewhere_does_not_exist, async |app: &App| {
    let receipt = app.stranger().reported(KEY, WHAT).await;
    let case = format!("/api/v1/cases/{}", receipt["code"].as_str().unwrap());
    let elsewhere = app.api("ys-operator").await;
    elsewhere.get(&case).await.problem(404, "not-found");
    elsewhere.post(&format!("{case}/triage"), &json!({"category": "0101"})).await.problem(404, "not-found");
    elsewhere.post(&format!("{case}/reveal"), &json!({"reason": "想看看是谁"})).await.problem(404, "not-found");
    elsewhere.get("/api/v1/figures?area=900102").await.problem(404, "not-found");
    elsewhere.report("key", &json!({"area": "900102001001", "text": WHAT})).await.problem(404, "not-found");
    let unit = app.api("mh-transport").await;
    unit.get(&case).await.problem(404, "not-found");
    unit.post(&format!("{case}/accept"), &json!({})).await.problem(404, "not-found");
    let leader = app.api("leader").await;
    leader.post(&format!("{case}/triage"), &json!({"category": "0101"})).await.problem(403, "forbidden");
    let security = app.api("security-admin").await;
    security.get("/api/v1/cases").await.problem(403, "forbidden");
    security.get("/api/v1/units").await.problem(403, "forbidden");
    for code in ["7M2K-9QX4-T0VBH", "x", "%E7%BC%96%E5%8F%B7"] {
        app.api("operator1").await.get(&format!("/api/v1/cases/{code}")).await.problem(404, "not-found");
    }
});

doors!(an_address_nobody_built_is_a_problem, async |app: &App| {
    let stranger = app.stranger();
    for path in ["/api/", "/api/v1", "/api/v1/nothing", "/api/v1/reports/", "/api/v2/cases", "/api/v1/cases/x/y/z"] {
        stranger.get(path).await.problem(404, "not-found");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/api/v1/reports", "POST"),
        (Method::GET, "/api/v1/sessions/current", "DELETE"),
        (Method::PUT, "/api/v1/cases", "GET,HEAD"),
        (Method::POST, "/api/openapi.json", "GET,HEAD"),
        (Method::TRACE, "/api/v1/figures", "GET,HEAD"),
    ] {
        let answer = stranger.send(method, path, &[], String::new()).await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), allow, "{path}");
        let options = stranger.send(Method::OPTIONS, path, &[], String::new()).await;
        assert_eq!((options.status, options.body.as_str(), options.header("allow")), (204, "", allow), "{path}");
    }
    let head = stranger.send(Method::HEAD, "/api/v1/areas", &[], String::new()).await;
    assert_eq!((head.status, head.body.as_str(), head.header("content-type")), (200, "", "application/json"));
});
