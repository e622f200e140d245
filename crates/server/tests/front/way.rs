//! The line of a case: the same for the resident and for staff, with what stands beside it, and without what is not theirs.

use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::usecase::case_rate::case_reopen;
use muster_server::usecase::case_view::case_view;
use muster_server::usecase::extension_ask::{Extension, extension_ask};
use muster_server::usecase::request_decide::{Decision, request_decide};
use muster_server::usecase::supervision_order::supervision_order;
use muster_server::usecase::task_dispute::task_dispute;

use crate::app::{App, between, doors};
use crate::doctor::actor;
use crate::figures_history::{accept, answer, given, plain, told};

const AREA: &str = "900102001001";

/// Stages reached, the one that is now, and what stands beside the line.
fn line(page: &str) -> (Vec<String>, String, Vec<String>) {
    let stages = between(page, "<ol class=\"stages", "</ol>").unwrap();
    let name = |li: &str| plain(between(li, "<strong>", "</strong>").unwrap());
    let of = |class: &str| -> Vec<String> {
        stages.split("<li class=\"").filter(|li| li.starts_with(class)).map(name).collect()
    };
    let beside = between(page, "<ul class=\"asides\">", "</ul>").unwrap_or_default();
    (of("reached"), of("current").concat(), beside.split("<li>").skip(1).map(plain).collect())
}

doors!(both_sides_see_one_line_and_each_what_concerns_it, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let (handler, coordinator) = (actor(app, "bh-human-resources").await, actor(app, "bh-coordinator").await);
    let at = format!("/case/{}", case.code.replace('-', ""));
    let mut desk = app.signed_in("bh-human-resources").await;
    let mut resident = app.browser();
    resident.get("/track").await;
    let own = [("code", case.code.as_str()), ("secret", case.secret.as_str())];
    assert_eq!(line(&desk.get(&at).await.body), (vec!["已收到".into()], "已派单".into(), vec![]));

    accept(app, &case).await;
    let ask = Extension { amount: 2, reason: "缺件".to_owned(), version: None };
    extension_ask(&app.state, &handler, &case.code, &ask).await.unwrap();
    let request = case_view(&app.state, &Actor::System, &case.code).await.unwrap().requests[0].id;
    let yes = Decision { granted: true, answer: String::new() };
    request_decide(&app.state, &coordinator, &case.code, request, &yes).await.unwrap();
    supervision_order(&app.state, &coordinator, &case.code, "unsolved", "两日内报告", None).await.unwrap();
    let staff = desk.get(&at).await.body;
    let (reached, now, beside) = line(&staff);
    assert_eq!((reached.len(), now.as_str()), (3, "办理中"));
    assert!(
        beside.len() == 2 && beside[0].contains("已同意延长 2 个工作日") && beside[1].contains("督办中"),
        "{beside:?}"
    );
    assert!(plain(&staff).contains("接下来"), "and what is due next");
    let open = resident.post("/track", &own).await.body;
    let (reached, now, beside) = line(&open);
    assert_eq!((reached.len(), now.as_str()), (3, "办理中"), "the same line");
    assert!(beside.len() == 1 && beside[0].contains("已同意延长"), "not what staff order each other: {beside:?}");
    assert!(!open.contains("督办"), "{}", plain(&open));

    answer(app, &case, "fixed").await;
    app.advance(Timestamp::HOUR).await;
    case_reopen(&app.state, &case.code, &case.secret, "还是没修").await.unwrap();
    let (_, now, beside) = line(&resident.post("/track", &own).await.body);
    assert_eq!(now, "已派单");
    assert!(beside.iter().any(|aside| aside.contains("要求重新办理（第 1 次）")), "{beside:?}");

    let refused = given(app, 1, AREA, "0201").await;
    task_dispute(&app.state, &handler, &refused.code, "不归我们", None).await.unwrap();
    let stranger = app.browser().get(&format!("/track/{}", refused.code)).await.body;
    let (_, now, beside) = line(&stranger);
    assert_eq!(now, "已收到");
    assert!(beside[0].contains("正在裁定由谁办") && !stranger.contains("不归我们"), "{beside:?}");
});

doors!(a_printed_page_leads_back_without_the_secret, async |app: &App| {
    let case = told(app, 0, AREA).await;
    let mut resident = app.browser();
    resident.get("/track").await;
    let own = [("code", case.code.as_str()), ("secret", case.secret.as_str())];
    let open = resident.post("/track", &own).await.body;
    let sheet = between(&open, "class=\"sheet\"", "</figure>").unwrap();
    let address = format!("http://front.test/track/{}", case.code.replace('-', ""));
    assert!(sheet.contains(&address) && sheet.contains("<path d=\"M0 0h7"), "{sheet}");
    assert!(!sheet.contains(&case.secret) && sheet.contains("打印于 2026年5月11日"), "{sheet}");
    let mut desk = app.signed_in("bh-coordinator").await;
    let page = desk.get(&format!("/case/{}", case.code)).await.body;
    let sheet = between(&page, "class=\"sheet\"", "</figure>").unwrap();
    let host = address.strip_prefix("http").unwrap();
    assert!(sheet.contains(host) && sheet.contains("许雪 打印于"), "{sheet}");
});
