//! Who has a case open now: shown to those who may see the case, ended by itself, written rarely, kept by nobody.

use muster_core::time::Timestamp;
use muster_server::usecase::presence::presence_list;
use muster_store::copy::tables;

use crate::app::{Answer, App, Browser, between, doors};
use crate::doctor::actor;
use crate::figures_history::{accept, given, plain};

const AREA: &str = "900102001001";
const SECOND: i64 = Timestamp::SECOND;

/// What stands in the place of the page that says who else is there.
fn around(page: &Answer) -> String {
    plain(between(&page.body, "data-here=", "</div>").unwrap().split_once('>').unwrap().1)
}

async fn say(browser: &mut Browser<'_>, at: &str, version: &str, gone: &str) -> String {
    let answer = browser.post(&format!("{at}/here"), &[("version", version), ("gone", gone)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    plain(&answer.body)
}

async fn rows(app: &App) -> i64 {
    tables(&mut app.state.read().await.unwrap()).await.unwrap()["presences"]
}

doors!(two_on_one_case_see_each_other_and_nobody_else_does, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let at = format!("/case/{}", case.code.replace('-', ""));
    let mut handler = app.signed_in("bh-human-resources").await;
    let alone = handler.get(&at).await;
    assert_eq!(around(&alone), "", "one does not see oneself");
    let version = between(&alone.body, "data-version=\"", "\"").unwrap().to_owned();
    app.hand.advance(40 * SECOND);
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let page = coordinator.get(&at).await;
    let seen = around(&page);
    assert!(seen.contains("也打开着这件工单") && seen.contains("09:00"), "{seen}");
    let listed = plain(&coordinator.get("/inbox").await.body);
    assert!(listed.contains("正在看"), "{listed}");
    let told = say(&mut handler, &at, &version, "no").await;
    assert!(told.contains("也打开着") && !told.contains("刚有变化"), "{told}");
    accept(app, &case).await;
    assert!(say(&mut handler, &at, &version, "no").await.contains("刚有变化"));

    // Whom the case is not for learns nothing, and is not noted.
    let before = rows(app).await;
    for login in ["ys-coordinator", "bh-education", "evaluator"] {
        let mut other = app.signed_in(login).await;
        other.get("/").await;
        let refused = other.post(&format!("{at}/here"), &[("version", "1")]).await;
        assert!(matches!(refused.status, 403 | 404), "{login}: {}", refused.status);
    }
    assert_eq!(rows(app).await, before);
    let resident = app.browser().get(&format!("/track/{}", case.code)).await.body;
    assert!(!resident.contains("也打开着") && !resident.contains("data-here"), "{resident}");
});

doors!(it_ends_by_itself_and_leaves_nothing, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let at = format!("/case/{}", case.code.replace('-', ""));
    let reader = actor(app, "bh-coordinator").await;
    let file = muster_server::usecase::case_view::case_view(&app.state, &reader, &case.code).await.unwrap();
    let ids = [file.case.id];
    let there = async || presence_list(&app.state, &reader, &ids).await.unwrap().pop();
    let mut handler = app.signed_in("bh-human-resources").await;
    handler.get(&at).await;
    let first = there().await.unwrap();
    app.hand.advance(170 * SECOND);
    assert!(there().await.is_some(), "without scripts it counts for three minutes");
    app.hand.advance(10 * SECOND);
    assert!(there().await.is_none());
    assert_eq!(rows(app).await, 1);
    app.advance(0).await;
    assert_eq!(rows(app).await, 0, "no history");

    // Said every ten seconds, it is written twice a minute at most, and lasts from the first.
    handler.get(&at).await;
    let mut written = Vec::new();
    for _ in 0..30 {
        app.hand.advance(10 * SECOND);
        say(&mut handler, &at, "1", "no").await;
        written.push(there().await.unwrap().until_at);
    }
    let since = there().await.unwrap().since;
    assert!(since > first.since && written.iter().all(|until| *until > since));
    written.dedup();
    assert!(written.len() <= 7, "300 seconds cost {} writes", written.len());
    say(&mut handler, &at, "1", "yes").await;
    app.hand.advance(10 * SECOND);
    handler.get(&at).await;
    assert_eq!(there().await.unwrap().since, since, "whoever sends a form and comes back was never away");
    say(&mut handler, &at, "1", "yes").await;
    app.hand.advance(16 * SECOND);
    assert!(there().await.is_none(), "gone");
});

doors!(an_open_page_does_not_keep_a_session_alive, async |app: &App| {
    let mut handler = app.signed_in("bh-human-resources").await;
    for minute in (5..30).step_by(5) {
        app.hand.advance(5 * Timestamp::MINUTE);
        assert_eq!(handler.by_itself("/inbox").await.status, 200, "after {minute} minutes");
    }
    app.hand.advance(5 * Timestamp::MINUTE);
    let ended = handler.by_itself("/inbox").await;
    assert_eq!(ended.status, 303, "nobody has worked here for half an hour");
    assert!(ended.header("location").starts_with("/login"));
});
