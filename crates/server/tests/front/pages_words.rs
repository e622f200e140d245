//! What pages say to everybody, in the reader's language.

use crate::app::{App, doors};

doors!(the_open_figures_name_the_city_in_the_reader_s_language, async |app: &App| {
    let mut reader = app.browser();
    let chinese = reader.get("/open").await;
    assert!(chinese.body.contains("明湖市 · 数据截至"), "{}", chinese.body);
    reader.post("/prefs", &[("lang", "en"), ("back", "/open")]).await;
    let english = reader.get("/open").await;
    assert!(english.body.contains("Minghu · "), "{}", english.body);
    assert!(!english.body.contains("明湖市"), "{}", english.body);
});
