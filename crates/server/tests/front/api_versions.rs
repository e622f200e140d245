//! A version that was read is the one that is changed, or nothing is.

use axum::http::Method;
use serde_json::{Value, json};

use crate::api_support::{WHAT, masked};
use crate::app::{App, doors};

const KEY: &str = "9b2f6a1e-6f0b-4a51-9d0c-7f4f2f8f1a03";

doors!(a_known_version_is_not_sent_again, async |app: &App| {
    let receipt = app.stranger().reported(KEY, WHAT).await;
    let coordinator = app.api("coordinator").await;
    let path = format!("/api/v1/cases/{}", receipt["code"].as_str().unwrap());
    let seen = coordinator.get(&path).await;
    let tag = seen.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", seen.json()["version"]));
    for known in [tag.as_str(), &format!("W/{tag}"), &format!("\"0\", {tag}"), "*"] {
        let again = coordinator.look(&path, &[("if-none-match", known)]).await;
        assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", tag.as_str()), "{known}");
    }
    for other in ["\"0\"", "0", "W/\"0\"", "nonsense"] {
        assert_eq!(coordinator.look(&path, &[("if-none-match", other)]).await.body, seen.body, "{other}");
    }
    let given = json!({"unit": "mh-water", "reason": "供水由水务局负责。"});
    let given = coordinator.act(&format!("{path}/assign"), &[("if-match", &tag)], &given).await;
    assert_ne!(given.header("etag"), tag);
    let changed = coordinator.look(&path, &[("if-none-match", &tag)]).await;
    assert_eq!((changed.status, changed.header("etag")), (200, given.header("etag")));
});

doors!(a_stale_version_changes_nothing, async |app: &App| {
    let receipt = app.stranger().reported(KEY, WHAT).await;
    let coordinator = app.api("coordinator").await;
    let path = format!("/api/v1/cases/{}", receipt["code"].as_str().unwrap());
    let tag = coordinator.get(&path).await.header("etag").to_owned();
    let given = json!({"unit": "mh-water", "reason": "供水由水务局负责。"});
    let first = coordinator.act(&format!("{path}/assign"), &[("if-match", &tag)], &given).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let back = json!({"unit": "mh-housing", "reason": "由住建局负责。"});
    for stale in [tag.as_str(), "\"abc\"", "\"\"", &format!("W/{}", first.header("etag"))] {
        coordinator.act(&format!("{path}/assign"), &[("if-match", stale)], &back).await.problem(412, "stale-etag");
    }
    for broken in ["3", "\"3\", \"4\"", "\"3", "W/3"] {
        coordinator
            .act(&format!("{path}/assign"), &[("if-match", broken)], &back)
            .await
            .problem(400, "malformed-request");
    }
    assert_eq!(coordinator.get(&path).await.header("etag"), first.header("etag"), "nothing was changed");
    let any = coordinator.act(&format!("{path}/assign"), &[("if-match", "*")], &back).await;
    assert_eq!(any.status, 200, "{}", any.body);
});

doors!(a_case_reads_as_it_went, async |app: &App| {
    let body =
        json!({"area": "900102001001", "text": WHAT, "place": "三号楼", "name": "陈阿婆", "phone": "19900000077"});
    let receipt = app.stranger().report(KEY, &body).await.json();
    let path = format!("/api/v1/cases/{}", receipt["code"].as_str().unwrap());
    let (coordinator, handler) = (app.api("coordinator").await, app.api("mh-water").await);
    app.advance(60_000_000).await;
    let given = json!({"unit": "mh-water", "reason": "供水由水务局负责。"});
    assert_eq!(coordinator.post(&format!("{path}/assign"), &given).await.status, 200);
    app.advance(60_000_000).await;
    let accepted = handler.send(Method::POST, &format!("{path}/accept"), &[], String::new()).await;
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    app.advance(60_000_000).await;
    let said = json!({"outcome": "fixed", "text": "水管已更换。", "evidence": "5月11日现场照片。", "note": "备件用完，已补领。"});
    assert_eq!(handler.post(&format!("{path}/answer"), &said).await.status, 200);
    let seen = handler.get(&path).await;
    for kept in ["陈阿婆", "19900000077"] {
        assert!(!seen.body.contains(kept), "those who handle do not see who: {}", seen.body);
    }
    insta::assert_snapshot!("a_case", masked(seen.json()));
    let twice = handler.post(&format!("{path}/accept"), &json!({})).await;
    insta::assert_snapshot!("an_illegal_move", masked(twice.json()));
    let long = "很".repeat(app.state.pack.intake.text_max + 1);
    let faults = json!({"outcome": "done", "text": " ", "evidence": "", "note": long});
    let faults = handler.post(&format!("{path}/answer"), &faults).await;
    insta::assert_snapshot!("some_fields_are_wrong", masked(faults.json()));
    let revealed = coordinator.post(&format!("{path}/reveal"), &json!({"reason": "需要电话核实漏水位置"})).await.json();
    let known = json!([{"name": "陈阿婆", "phone": "19900000077", "handle": null, "original": WHAT}]);
    assert_eq!(revealed["items"], known);
    let earlier =
        app.api("operator1").await.post("/api/v1/persons/lookup", &json!({"phone": "199 0000 0077"})).await.json();
    assert_eq!(earlier["items"][0]["code"], receipt["code"]);
    let none = app.api("operator1").await.post("/api/v1/persons/lookup", &json!({"phone": "13900000000"})).await.json();
    assert_eq!(none, json!({"items": [], "next": Value::Null}));
});
