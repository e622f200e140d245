//! One act on many cases of the list: row by row, each on its own, and once however often it is sent.

use muster_core::people::Actor;
use muster_core::process::CaseState;
use muster_server::usecase::case_view::case_view;
use muster_server::usecase::report_submit::Receipt;
use muster_server::usecase::task_accept::task_accept;
use muster_store::people::unit_by_code;

use crate::app::{Answer, App, between, doors};
use crate::doctor::{health, said};
use crate::figures_history::{given, plain};
use crate::pages_forms::value;

const AREA: &str = "900102001001";

async fn state(app: &App, case: &Receipt) -> (CaseState, i64) {
    let file = case_view(&app.state, &Actor::System, &case.code).await.unwrap();
    (file.case.state, file.case.version)
}

async fn unit(app: &App, code: &str) -> String {
    let mut tx = app.state.read().await.unwrap();
    unit_by_code(&mut tx, code).await.unwrap().unwrap().id.to_string()
}

/// The choices of the list, as its form sends them.
fn ticks(page: &str) -> Vec<String> {
    let ticks = page.split("form=\"chosen\" name=\"case\" value=\"").skip(1);
    ticks.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn fields<'a>(cases: &'a [String], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    cases.iter().map(|case| ("case", case.as_str())).chain(more.iter().copied()).collect()
}

/// Code, done or not, of each row of the result.
fn results(answer: &Answer) -> Vec<(String, bool)> {
    let rows = answer.body.split("<li class=\"row\">").skip(1);
    rows.map(|row| (between(row, "class=\"code\">", "<").unwrap().to_owned(), row.contains("tag closed\">已办")))
        .collect()
}

doors!(many_are_accepted_and_one_that_changed_meanwhile_is_told_apart, async |app: &App| {
    let mut cases = Vec::new();
    for n in 0..3 {
        cases.push(given(app, n, AREA, "0201").await);
    }
    let mut handler = app.signed_in("bh-human-resources").await;
    let list = handler.get("/inbox").await.body;
    let chosen = ticks(&list);
    assert_eq!(chosen.len(), 3, "{list}");
    assert!(!list.contains("value=\"assign\""), "what a handler may not do is not offered");
    let none = handler.post("/inbox/chosen", &[("act", "accept"), ("back", "tab=mine")]).await;
    assert_eq!(none.status, 422);
    assert!(plain(&none.body).contains("请先在列表里选中工单"), "{}", none.body);
    let asked = handler.post("/inbox/chosen", &fields(&chosen, &[("act", "accept"), ("back", "tab=mine")])).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert!(asked.body.matches("name=\"case\"").count() == 3 && asked.body.contains("甲处有情况"), "{}", asked.body);
    assert_eq!(state(app, &cases[0]).await.0, CaseState::Assigned, "nothing is done yet");

    task_accept(&app.state, &Actor::System, &cases[1].code, None).await.unwrap();
    let key = value(&asked.body, "key").unwrap();
    let form = fields(&chosen, &[("key", &key), ("back", "tab=mine")]);
    let over = handler.post("/inbox/accept", &form).await;
    assert_eq!(over.status, 200, "{}", over.body);
    assert!(plain(&over.body).contains("2 件办好了，1 件没有办成"), "{}", plain(&over.body));
    let rows = results(&over);
    assert!(!rows[0].1 && rows[1].1 && rows[2].1, "what failed first: {rows:?}");
    assert!(over.body.contains("/docs/errors#stale-etag") && over.body.contains("别人更新了这件工单"), "{}", over.body);
    assert_eq!(over.body.matches("name=\"case\"").count(), 1, "only that can be tried again");
    for case in &cases {
        assert_eq!(state(app, case).await.0, CaseState::Working);
    }
    // Sent twice: the two are done, and stay as they are.
    let before = state(app, &cases[0]).await;
    let again = handler.post("/inbox/accept", &form).await;
    assert_eq!(results(&again), rows, "{}", again.body);
    assert_eq!(state(app, &cases[0]).await, before);
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(assigning_keeps_the_words_for_what_was_refused, async |app: &App| {
    let ours = [given(app, 0, AREA, "0201").await, given(app, 1, AREA, "0201").await];
    let elsewhere = given(app, 2, "900103001001", "0201").await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let mut chosen = ticks(&coordinator.get("/inbox?tab=all").await.body);
    assert_eq!(chosen.len(), 2, "what lies elsewhere is not listed");
    chosen.push(format!("{}:{}", elsewhere.code, state(app, &elsewhere).await.1));
    let asked = coordinator.post("/inbox/chosen", &fields(&chosen, &[("act", "assign")])).await;
    assert!(!asked.body.contains("丙处") && asked.body.contains(&elsewhere.code), "nothing of it is shown");
    let key = value(&asked.body, "key").unwrap();
    let unit = unit(app, "bh-education").await;

    let wrong = coordinator.post("/inbox/assign", &fields(&chosen, &[("key", &key), ("reason", "归口")])).await;
    assert_eq!(wrong.status, 422, "no unit: {}", wrong.body);
    assert_eq!(value(&wrong.body, "reason").as_deref(), Some("归口"));
    assert!(wrong.body.contains("id=\"unit-error\""), "{}", wrong.body);

    let typed = [("key", key.as_str()), ("unit", unit.as_str()), ("reason", "归教育局一并办")];
    let form = fields(&chosen, &typed);
    let over = coordinator.post("/inbox/assign", &form).await;
    assert_eq!(over.status, 200, "{}", over.body);
    let rows = results(&over);
    assert_eq!(rows.iter().filter(|(_, done)| *done).count(), 2, "{rows:?}");
    assert!(rows[0] == (elsewhere.code.clone(), false), "{rows:?}");
    assert!(plain(&over.body).contains("没有这件工单，或者不归您管"), "{}", plain(&over.body));
    assert_eq!(state(app, &elsewhere).await.0, CaseState::Assigned);
    let again = coordinator.post("/inbox/assign", &form).await;
    assert_eq!(results(&again), rows, "sent twice");
    let file = case_view(&app.state, &Actor::System, &ours[0].code).await.unwrap();
    assert_eq!(file.tasks.len(), 2, "assigned once");

    // Another unit with the same form's versions is another act, and the cases have changed.
    let other = unit_other(app).await;
    let stale = fields(&chosen, &[("key", &key), ("unit", &other), ("reason", "改主意了")]);
    let stale = coordinator.post("/inbox/assign", &stale).await;
    assert!(results(&stale).iter().all(|(_, done)| !done), "{:?}", results(&stale));
    assert_eq!(value(&stale.body, "reason").as_deref(), Some("改主意了"), "the words are kept");
    let now: Vec<String> =
        stale.body.split("name=\"case\" value=\"").skip(1).map(|r| r.split('"').next().unwrap().into()).collect();
    let retried = coordinator
        .post("/inbox/assign", &fields(&now, &[("key", &key), ("unit", &other), ("reason", "改主意了")]))
        .await;
    assert!(results(&retried).len() == 2 && results(&retried).iter().all(|(_, done)| *done), "{}", retried.body);
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

async fn unit_other(app: &App) -> String {
    unit(app, "bh-housing").await
}

doors!(a_note_sent_twice_is_written_once, async |app: &App| {
    let cases = [given(app, 0, AREA, "0201").await, given(app, 1, AREA, "0201").await];
    let mut handler = app.signed_in("bh-human-resources").await;
    let chosen = ticks(&handler.get("/inbox").await.body);
    let asked = handler.post("/inbox/chosen", &fields(&chosen, &[("act", "note")])).await;
    let key = value(&asked.body, "key").unwrap();
    let empty = handler.post("/inbox/note", &fields(&chosen, &[("key", &key), ("note", " ")])).await;
    assert_eq!(empty.status, 422, "said once, at its field: {}", empty.body);
    assert!(empty.body.contains("id=\"note-error\""), "{}", empty.body);
    let form = fields(&chosen, &[("key", &key), ("note", "停水已修，周五回访。")]);
    for _ in 0..2 {
        let over = handler.post("/inbox/note", &form).await;
        assert!(over.status == 200 && results(&over).iter().all(|(_, done)| *done), "{}", over.body);
    }
    for case in &cases {
        let notes = case_view(&app.state, &Actor::System, &case.code).await.unwrap().notes;
        assert_eq!(notes.len(), 1, "{notes:?}");
    }
    let many: Vec<String> = (0..101).map(|n| format!("CODE{n}:1")).collect();
    let refused = handler.post("/inbox/note", &fields(&many, &[("key", &key), ("note", "多")])).await;
    assert_eq!(refused.status, 422);
    assert!(plain(&refused.body).contains("一次最多选 100 件"), "{}", plain(&refused.body));
});

doors!(whoever_acts_on_nothing_is_offered_nothing, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let mut leader = app.signed_in("bh-leader").await;
    let list = leader.get("/inbox?tab=all").await.body;
    assert!(list.contains(&case.code) && ticks(&list).is_empty() && !list.contains("id=\"chosen\""), "{list}");
    let chosen = [format!("{}:{}", case.code, state(app, &case).await.1)];
    let act = leader.post("/inbox/accept", &fields(&chosen, &[("key", "x")])).await;
    assert_eq!(results(&act), [(case.code.clone(), false)], "{}", act.body);
    assert_eq!(state(app, &case).await.0, CaseState::Assigned);
});
