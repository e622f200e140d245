//! What pages say to everybody: the city in the reader's language, and what a code of the API means.

use axum::http::Method;
use muster_server::error::CODES;

use crate::app::{App, between, doors};

doors!(the_open_figures_name_the_city_in_the_reader_s_language, async |app: &App| {
    let mut reader = app.browser();
    let chinese = reader.get("/open").await;
    assert!(chinese.body.contains("明湖市 · 数据截至"), "{}", chinese.body);
    reader.post("/prefs", &[("lang", "en"), ("back", "/open")]).await;
    let english = reader.get("/open").await;
    assert!(english.body.contains("Minghu · "), "{}", english.body);
    assert!(!english.body.contains("明湖市"), "{}", english.body);
});

doors!(every_problem_points_at_its_line_on_a_page, async |app: &App| {
    let mut reader = app.browser();
    let lost = app.stranger().send(Method::GET, "/api/v1/nowhere", &[], String::new()).await;
    let kind = lost.json()["type"].as_str().unwrap().to_owned();
    let (path, anchor) = kind.split_once('#').unwrap();
    assert_eq!(anchor, "not-found");
    let page = reader.get(path).await;
    assert_eq!(page.status, 200, "{kind}: {}", page.body);
    for row in &CODES {
        let line = between(&page.body, &format!("<tr id=\"{}\">", row.name), "</tr>");
        let line = line.unwrap_or_else(|| panic!("no line for {}", row.name));
        assert!(line.contains(row.title) && line.contains(&row.status.to_string()), "{line}");
    }
});
