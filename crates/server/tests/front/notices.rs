//! Whoever shall hear hears once, sees only their own, and it is known what they have read.

use muster_core::pack::Template;
use muster_core::people::{Actor, Role};
use muster_core::time::Timestamp;
use muster_server::usecase::notice_list::{notice_list, notices_deliver, notices_unread};
use muster_server::usecase::{Act, Notice, To};
use muster_store::notice::ToldRow;
use muster_store::people::{account_get, grants_all};
use muster_store::process::{CaseRow, case_by_code};

use crate::app::{App, between, doors};
use crate::doctor::{TEXTS, actor, health, reported, said};

async fn case(app: &App, code: &str) -> CaseRow {
    let mut tx = app.state.read().await.unwrap();
    case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap()
}

/// The login of somebody with a grant of this role for the unit of the case.
async fn handler_of(app: &App, case: &CaseRow) -> String {
    let mut tx = app.state.read().await.unwrap();
    let grants = grants_all(&mut tx).await.unwrap();
    let grant = grants.iter().find(|grant| grant.role == Role::UnitHandler && grant.unit_id == case.unit_id).unwrap();
    account_get(&mut tx, grant.account_id.into()).await.unwrap().unwrap().login
}

async fn told(app: &App, login: &str, template: &str) -> Vec<ToldRow> {
    let mut rows = notice_list(&app.state, &actor(app, login).await).await.unwrap();
    rows.retain(|row| row.template == template);
    rows
}

doors!(a_unit_is_told_of_its_case_and_what_it_opens_is_read, async |app: &App| {
    let slip = reported(app, TEXTS[0], "told").await;
    let login = handler_of(app, &case(app, &slip.code).await).await;
    app.advance(Timestamp::MINUTE).await;
    let mut handler = app.signed_in(&login).await;
    let page = handler.get("/notices").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("<h2 class=\"h4\">{} 派给本单位</h2>", slip.code)), "{}", page.body);
    assert!(page.body.contains("1 条未读"), "{}", page.body);
    assert!(page.body.contains("通知 <span class=\"badge\">1</span>"), "the bell: {}", page.body);
    for secret in ["王秀英", "19900000077", "自来水管", slip.secret.as_str()] {
        assert!(!page.body.contains(secret), "{secret} in a notice");
    }

    let id = between(&page.body, "action=\"/notices/", "\"").unwrap().to_owned();
    let opened = handler.post(&format!("/notices/{id}"), &[]).await;
    assert_eq!(
        (opened.status, opened.header("location")),
        (303, format!("/case/{}", slip.code.replace('-', "")).as_str())
    );
    let first = told(app, &login, "assigned").await[0].read_at;
    assert_eq!(first, Some(app.state.now().0));
    app.advance(Timestamp::MINUTE).await;
    handler.post(&format!("/notices/{id}"), &[]).await;
    assert_eq!(told(app, &login, "assigned").await[0].read_at, first, "when it was read first stays");
    let page = handler.get("/notices").await;
    assert!(!page.body.contains("未读</span>") && !page.body.contains("class=\"badge\""), "{}", page.body);

    let mut other = app.signed_in("audit-admin").await;
    let page = other.get("/notices").await;
    assert!(page.status == 200 && !page.body.contains(&slip.code), "{}", page.body);
    assert_eq!(other.post(&format!("/notices/{id}"), &[]).await.status, 404, "what was told to others is not there");
});

doors!(the_ladder_tells_each_once_and_a_level_without_a_coordinator_is_passed_over, async |app: &App| {
    let slip = reported(app, TEXTS[0], "ladder").await;
    let login = handler_of(app, &case(app, &slip.code).await).await;
    app.advance(Timestamp::MINUTE).await;
    assert_eq!(told(app, &login, "rung_warning").await.len() + told(app, &login, "rung_overdue").await.len(), 0);
    for _ in 0..40 {
        app.advance(Timestamp::DAY).await;
    }
    let rows = told(app, &login, "rung_overdue").await;
    let kinds: Vec<_> = rows.iter().map(|row| row.params["clock"].as_str().unwrap()).collect();
    for kind in ["accept", "answer", "promise"] {
        assert_eq!(kinds.iter().filter(|told| **told == kind).count(), 1, "{kind} ran out once: {kinds:?}");
    }
    assert!(!told(app, &login, "rung_warning").await.is_empty(), "and was announced");
    let of_city = told(app, "coordinator", "rung_overdue").await.len();
    let of_county = told(app, "bh-coordinator", "rung_overdue").await.len();
    assert!(of_city + of_county > 0, "{of_city} {of_county}");
    let mut handler = app.signed_in(&login).await;
    let page = handler.get("/notices").await;
    assert!(page.body.contains("办理时限已到期") && !page.body.contains('{'), "{}", page.body);
    let last = between(&page.body, "name=\"last\" value=\"", "\"").unwrap().to_owned();
    assert_eq!(handler.post("/notices", &[("last", &last)]).await.status, 303);
    assert_eq!(notices_unread(&app.state, &actor(app, &login).await).await.unwrap(), 0);
    assert!(said(&health(app).await).iter().all(|line| !line.starts_with("notices")));
});

doors!(one_key_is_one_notice_and_two_nodes_give_it_once, async |app: &App| {
    let slip = reported(app, TEXTS[1], "keys").await;
    let case = case(app, &slip.code).await;
    let coordinator = actor(app, "coordinator").await;
    let to = To::Account(coordinator.account_id().unwrap());
    let system = Actor::System;
    for _ in 0..2 {
        let mut act = Act::begin(&app.state, &system).await.unwrap();
        for _ in 0..120 {
            act.notify(Notice { dedup: Some("once".to_owned()), ..Notice::about(&case, to, Template::Ruled) });
        }
        act.commit().await.unwrap();
    }
    let dropped =
        Act::begin(&app.state, &system).await.map(|mut act| act.notify(Notice::about(&case, to, Template::Closed)));
    dropped.unwrap();
    let (one, other) = tokio::join!(notices_deliver(&app.state), notices_deliver(&app.state));
    assert!(one.unwrap() + other.unwrap() > 0);
    assert_eq!(notices_deliver(&app.state).await.unwrap(), 0);
    assert_eq!(told(app, "coordinator", "ruled").await.len(), 1);
    assert_eq!(told(app, "coordinator", "closed").await.len(), 0, "an act that was dropped tells nobody");
});
