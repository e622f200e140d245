//! Lists come in pages; walking them shows everything once.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{Api, App, doors};

#[derive(Deserialize)]
struct Told {
    report: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    area: i64,
    title: String,
    text: String,
}

/// Reports what the first residents of the demo city say; returns how many cases that made.
async fn some_cases(operator: &Api<'_>) -> usize {
    let told: Told = toml::from_str(include_str!("../../../../demo/reports.toml")).unwrap();
    let mut codes = BTreeSet::new();
    for (n, said) in told.report.iter().take(40).enumerate() {
        let body = json!({"area": said.area.to_string(), "title": said.title, "text": said.text});
        let answer = operator.report(&format!("key-{n}"), &body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        codes.insert(answer.json()["code"].to_string());
    }
    codes.len()
}

/// Follows `next` to the end.
async fn walk(api: &Api<'_>, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let answer = api.get(&format!("{path}{after}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let page = answer.json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return items;
        }
        assert!(items.len() < 10_000, "{path} never ends");
    }
}

fn names<'a>(items: &'a [Value], member: &str) -> BTreeSet<&'a str> {
    items.iter().map(|item| item[member].as_str().unwrap()).collect()
}

doors!(a_walk_shows_every_case_once, async |app: &App| {
    let operator = app.api("operator1").await;
    let made = some_cases(&operator).await;
    let waiting = walk(&operator, "/api/v1/cases?state=triage&limit=100").await;
    for case in waiting.iter().take(3) {
        let path = format!("/api/v1/cases/{}/refuse", case["code"].as_str().unwrap());
        let refused = operator.post(&path, &json!({"reason": "outside"})).await;
        assert_eq!(refused.json()["due_at"], Value::Null, "nothing is promised any more: {}", refused.body);
    }
    for order in ["due", "newest"] {
        let items = walk(&operator, &format!("/api/v1/cases?order={order}&limit=7")).await;
        assert_eq!((items.len(), names(&items, "code").len()), (made, made), "{order}");
    }
    let due = walk(&operator, "/api/v1/cases?limit=7").await;
    assert!(due.is_sorted_by_key(|case| case["due_at"].as_i64().unwrap_or(i64::MAX)), "what runs out first");
    let word = "路";
    let found = walk(&operator, &format!("/api/v1/cases?q={}&limit=3", percent(word))).await;
    let expected =
        due.iter().filter(|case| ["title", "text", "place"].iter().any(|m| case[m].as_str().unwrap().contains(word)));
    let expected: BTreeSet<_> = expected.map(|case| case["code"].as_str().unwrap()).collect();
    assert!(expected.len() > 3, "enough for two pages");
    assert_eq!((names(&found, "code"), found.len()), (expected.clone(), expected.len()));
});

doors!(words_are_found_and_walked_newest_first, async |app: &App| {
    let operator = app.api("operator1").await;
    some_cases(&operator).await;
    let all = walk(&operator, "/api/v1/cases?limit=100").await;
    let found = walk(&operator, &format!("/api/v1/cases?q={}&limit=2", percent("个月"))).await;
    let has = |case: &&Value| ["title", "text", "place"].iter().any(|m| case[m].as_str().unwrap().contains("个月"));
    let expected: BTreeSet<_> = all.iter().filter(has).map(|case| case["code"].as_str().unwrap()).collect();
    assert!(expected.len() > 4, "enough for three pages");
    assert_eq!((names(&found, "code"), found.len()), (expected.clone(), expected.len()));
});

doors!(areas_and_units_are_walked_too, async |app: &App| {
    let operator = app.api("operator1").await;
    for (list, member) in [("areas", "id"), ("units", "code")] {
        let small = walk(&operator, &format!("/api/v1/{list}?limit=7")).await;
        let large = walk(&operator, &format!("/api/v1/{list}?limit=100")).await;
        assert!(small.len() > 14 && small == large, "{list}");
        assert_eq!(names(&small, member).len(), small.len(), "{list}");
    }
    let within = walk(&app.stranger(), "/api/v1/areas?within=900102001&limit=5").await;
    assert!(within.iter().all(|area| area["id"].as_str().unwrap().starts_with("900102001")), "{within:?}");
    assert_eq!(within[0]["level"], "township");
    let categories = app.stranger().get("/api/v1/categories").await.json();
    let water =
        categories["items"].as_array().unwrap().iter().find(|category| category["code"] == "0101").unwrap().clone();
    assert_eq!((&water["parent"], categories["next"].is_null()), (&json!("01"), true));
});

doors!(a_filter_keeps_to_its_word, async |app: &App| {
    let operator = app.api("operator1").await;
    some_cases(&operator).await;
    let all = walk(&operator, "/api/v1/cases?limit=100").await;
    let class = &all[0]["category"].as_str().unwrap()[..2];
    let area = &all[0]["area"].as_str().unwrap()[..6];
    for (query, member, start) in [
        (format!("class={class}"), "category", class),
        (format!("area={area}"), "area", area),
        ("state=assigned".to_owned(), "state", "assigned"),
    ] {
        let kept = walk(&operator, &format!("/api/v1/cases?{query}&limit=100")).await;
        let expected = all.iter().filter(|case| case[member].as_str().unwrap().starts_with(start)).count();
        assert!(kept.len() == expected && expected > 0, "{query}: {} of {expected}", kept.len());
        assert!(kept.iter().all(|case| case[member].as_str().unwrap().starts_with(start)), "{query}");
    }
    let unit = all.iter().find_map(|case| case["unit"].as_str()).unwrap();
    let of_unit = walk(&operator, &format!("/api/v1/cases?unit={unit}")).await;
    assert!(!of_unit.is_empty() && of_unit.iter().all(|case| case["unit"] == unit));
    let narrow = app.api("ys-operator").await;
    let seen = walk(&narrow, "/api/v1/cases?limit=100").await;
    assert!(seen.iter().all(|case| case["area"].as_str().unwrap().starts_with("900103")), "only one's own area");
});

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
