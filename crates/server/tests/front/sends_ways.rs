//! Ways to hear: what accounts and reporters choose, the channel back, letters; and that every template has its act.

use muster_core::pack::Template;
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::hook::Signed;
use muster_server::send::WebhookConfig;
use muster_server::usecase::case_assign::case_assign;
use muster_server::usecase::case_line::line_write;
use muster_server::usecase::case_rate::case_reopen;
use muster_server::usecase::case_resume::case_resume;
use muster_server::usecase::case_send::case_send;
use muster_server::usecase::case_view::case_view;
use muster_server::usecase::extension_ask::{Extension, extension_ask};
use muster_server::usecase::notice_wants::notice_wants;
use muster_server::usecase::parking_ask::{Parking, parking_ask};
use muster_server::usecase::report_submit::Receipt;
use muster_server::usecase::request_decide::{Decision, request_decide};
use muster_server::usecase::task_dispute::task_dispute;
use muster_store::people::unit_list;
use muster_store::testing::{count, told_of};
use serde_json::json;

use crate::app::{App, between, doors};
use crate::doctor::{TEXTS, actor, health, reported, said};
use crate::figures_history::{accept, answer, given};
use crate::hooks::{CHAT, signed};
use crate::receivers::Receiver;
use crate::sends::{AREA, HANDLER, go, in_state, node, sms};

doors!(an_account_chooses_and_nobody_else_sees_it, async |app: &App| {
    let mut browser = app.signed_in(HANDLER).await;
    let page = browser.get("/notices/settings").await;
    assert!(page.body.contains("本市尚未配置"), "nothing is configured, and it says so: {}", page.body);
    assert!(page.body.contains("value=\"22:00\"") && page.body.contains("value=\"07:00\""), "as the pack has it");
    let wrong =
        [("mail", "nobody"), ("mail_on", "on"), ("quiet_from", "25:00"), ("quiet_until", "07:00"), ("phone_on", "on")];
    let refused = browser.post("/notices/settings", &wrong).await;
    assert_eq!(refused.status, 422);
    for part in
        ["id=\"mail-error\"", "id=\"phone-error\"", "id=\"quiet_from-error\"", "value=\"nobody\"", "value=\"25:00\""]
    {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    let right = [
        ("mail", " handler@example.org "),
        ("mail_on", "on"),
        ("phone", "139 0000 0001"),
        ("digest", "8"),
        ("quiet_from", "21:30"),
        ("quiet_until", "6:00"),
    ];
    let kept = browser.post("/notices/settings", &right).await;
    assert!(kept.status == 200 && kept.body.contains("已保存"), "{}", kept.body);
    let page = browser.get("/notices/settings").await;
    assert!(
        page.body.contains("value=\"handler@example.org\"") && page.body.contains("value=\"21:30\""),
        "{}",
        page.body
    );
    let own = notice_wants(&app.state, &actor(app, HANDLER).await).await.unwrap();
    assert_eq!((own.phone.as_str(), own.phone_on, own.mail_on, own.digest_hour), ("13900000001", false, true, Some(8)));

    let mut other = app.signed_in("bh-coordinator").await;
    let page = other.get("/notices/settings").await;
    assert!(!page.body.contains("handler@example.org") && !page.body.contains("13900000001"), "another's");
    assert_eq!(app.browser().get("/notices/settings").await.status, 303);
    let sealed = "select cast(count(*) as bigint) from account_ways where length(address_sealed) > 40";
    assert_eq!(count(&app.state.db, sealed).await, 2);
    // Taken back, it is gone.
    other.get("/").await;
    browser.post("/notices/settings", &[("quiet_from", "22:00"), ("quiet_until", "07:00")]).await;
    assert_eq!(count(&app.state.db, sealed).await, 0);
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(whoever_reports_or_calls_may_ask_to_be_told, async |app: &App| {
    let gateway = Receiver::http().await;
    let mut plain = app.browser();
    let first = [("text", TEXTS[0]), ("area", AREA), ("key", "tell")];
    plain.get("/").await;
    let page = plain.post("/report/contact", &first).await;
    assert!(page.status == 200 && !page.body.contains("name=\"tell\""), "no gateway, no promise: {}", page.body);
    let node = node(app, 8, |config| config.sms = Some(sms(&gateway))).await;
    app.serve(&node);
    let mut resident = app.browser();
    resident.get("/").await;
    let page = resident.post("/report/contact", &first).await;
    assert!(page.body.contains("name=\"tell\" value=\"zh\">"), "asked, and not ticked: {}", page.body);
    let typed = [first[0], first[1], first[2], ("phone", "13900000003"), ("tell", "zh")];
    let page = resident.post("/report/check", &typed).await;
    assert!(page.body.contains("有进展时发短信告诉您"), "read back: {}", page.body);
    assert_eq!(resident.post("/report", &typed).await.status, 200);
    let mut desk = app.signed_in("operator1").await;
    desk.get("/desk").await;
    let called = [("text", TEXTS[1]), ("area", AREA), ("key", "call"), ("phone", "13900000004"), ("tell", "zh")];
    let page = desk.post("/desk", &called).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let asked = "select cast(count(*) as bigint) from report_ways where way = 'sms' and lang = 'zh'";
    assert_eq!(count(&app.state.db, asked).await, 2);
    // Nobody else was asked.
    let silent = [first[0], first[1], ("key", "silent"), ("phone", "13900000005")];
    resident.get("/").await;
    assert_eq!(resident.post("/report", &silent).await.status, 200);
    assert_eq!(count(&app.state.db, asked).await, 2);
});

doors!(a_letter_is_printed_by_whoever_may_and_looking_is_on_the_record, async |app: &App| {
    let receipt = reported(app, TEXTS[0], "letter").await;
    let at = format!("/track/{}/hear", receipt.code.replace('-', ""));
    let mut resident = app.browser();
    resident.get("/track").await;
    resident.post("/track", &[("code", &receipt.code), ("secret", &receipt.secret)]).await;
    let own = ("secret", receipt.secret.as_str());
    let empty = resident.post(&at, &[own, ("way", "letter"), ("letter", "家")]).await;
    assert!(empty.status == 422 && empty.body.contains("id=\"letter-error\""), "{}", empty.body);
    let wrong = resident.post(&at, &[("secret", "0000-0000"), ("way", "none")]).await;
    assert_eq!(wrong.status, 404);
    let kept = resident.post(&at, &[own, ("way", "letter"), ("letter", "王秀英 收\n松坪路 3 号 501")]).await;
    assert!(kept.status == 200 && kept.body.contains("寄纸质信"), "{}", kept.body);
    let same = resident.post(&at, &[own, ("way", "letter"), ("letter", "")]).await;
    assert_eq!(same.status, 200, "the address stays: {}", same.body);
    answer(app, &receipt, "fixed").await;
    go(&app.state).await;
    assert_eq!(in_state(app, "waiting").await, 1);

    let mut foreign = app.signed_in("ys-operator").await;
    assert!(!foreign.get("/letters").await.body.contains(&receipt.code));
    let mut desk = app.signed_in("operator1").await;
    let list = desk.get("/letters").await;
    assert!(list.body.contains(&receipt.code) && !list.body.contains("松坪路 3 号"), "{}", list.body);
    let id = between(&list.body, "action=\"/letters/", "\"").unwrap().to_owned();
    assert_eq!(foreign.post(&format!("/letters/{id}"), &[]).await.status, 404);
    let sheet = desk.post(&format!("/letters/{id}"), &[]).await;
    assert!(sheet.body.contains("<span>松坪路 3 号 501</span>") && sheet.body.contains("已答复"), "{}", sheet.body);
    assert!(sheet.body.contains("<svg") && !sheet.body.contains(&receipt.secret) && !sheet.body.contains("自来水管"));
    let looked = "select cast(count(*) as bigint) from audit where action = 'letter_print'";
    assert_eq!(count(&app.state.db, looked).await, 1);
    assert_eq!(desk.post(&format!("/letters/{id}/printed"), &[]).await.status, 303);
    assert_eq!(in_state(app, "sent").await, 1);
    assert_eq!(desk.post(&format!("/letters/{id}"), &[]).await.status, 404, "it is done");
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(whoever_wrote_by_a_channel_hears_on_it_signed, async |app: &App| {
    let gateway = Receiver::http().await;
    let secret_file = app.state.config.hook[0].secret_file.clone();
    let node = node(app, 8, |config| config.webhook = Some(WebhookConfig { url: gateway.url(), secret_file })).await;
    let body =
        json!({ "from": "o6_bmjrPTlm6", "text": "小区门口的自来水管爆了，水一直在流，请派人来修。" }).to_string();
    let taken = app.send(signed(app, CHAT, "m1", "application/json", body.as_bytes())).await;
    assert_eq!(taken.status, 201, "{}", taken.body);
    let code = taken.json()["code"].as_str().unwrap().to_owned();
    let mut act = muster_server::usecase::Act::begin(&node, &Actor::System).await.unwrap();
    let case = act.lock(case_view(&node, &Actor::System, &code).await.unwrap().case.id).await.unwrap();
    let to = muster_server::usecase::To::Reporters;
    act.notify(muster_server::usecase::Notice::about(&case, to, Template::Feedback));
    act.commit().await.unwrap();
    go(&node).await;
    let got = gateway.got();
    assert_eq!(got.len(), 1);
    let said: serde_json::Value = serde_json::from_str(&got[0].body).unwrap();
    assert_eq!(
        (&said["hook"], &said["to"], &said["code"]),
        (&CHAT.into(), &"o6_bmjrPTlm6".into(), &code.clone().into())
    );
    assert!(said["text"].as_str().unwrap().contains("有新进展") && !got[0].body.contains("水管"), "{said}");
    let head = Signed {
        id: got[0].header("webhook-id"),
        timestamp: got[0].header("webhook-timestamp"),
        signature: got[0].header("webhook-signature"),
    };
    let hook = app.state.hooks.get(CHAT).unwrap();
    assert_eq!(hook.verify(head, got[0].body.as_bytes(), app.state.now()), Ok(()), "whoever has the secret can tell");
});

/// What was told of a case but by the ladder: to whom, and what.
async fn notices(app: &App, case: &Receipt) -> Vec<(String, String)> {
    let case = case_view(&app.state, &Actor::System, &case.code).await.unwrap().case;
    let mut told = told_of(&app.state.db, case.id).await;
    told.retain(|(_, template)| !template.starts_with("rung"));
    told
}

fn told(audience: &str, template: &str) -> (String, String) {
    (audience.to_owned(), template.to_owned())
}

doors!(every_template_has_its_act_and_one_fact_is_told_once, async |app: &App| {
    let (handler, coordinator) = (actor(app, HANDLER).await, actor(app, "bh-coordinator").await);
    let case = given(app, 0, AREA, "0201").await;
    let mut seen = 0;
    let mut since = async |app: &App, case: &Receipt| {
        let all = notices(app, case).await;
        let mut new = all[seen..].to_vec();
        new.sort();
        seen = all.len();
        new
    };
    assert_eq!(since(app, &case).await, [told("unit", "assigned")]);
    accept(app, &case).await;
    line_write(&app.state, &handler, &case.code, "明天上门。").await.unwrap();
    assert_eq!(since(app, &case).await, [told("reporters", "feedback")]);
    let grant = async |case: &Receipt| {
        let request = case_view(&app.state, &Actor::System, &case.code).await.unwrap().requests;
        let open = request.iter().find(|row| row.state == "open").unwrap().id;
        let yes = Decision { granted: true, answer: String::new() };
        request_decide(&app.state, &coordinator, &case.code, open, &yes).await.unwrap();
    };
    let more = Extension { amount: 2, reason: "等配件".to_owned(), version: None };
    extension_ask(&app.state, &handler, &case.code, &more).await.unwrap();
    grant(&case).await;
    assert_eq!(since(app, &case).await, [told("reporters", "extended"), told("unit", "extended")]);
    let review = app.state.pack.calendar.local_date(app.state.now().plus(20 * Timestamp::DAY)).to_string();
    let park = Parking { ground: "season".to_owned(), review, reason: "等停暖".to_owned(), version: None };
    parking_ask(&app.state, &handler, &case.code, &park).await.unwrap();
    grant(&case).await;
    assert_eq!(since(app, &case).await, [told("reporters", "parked"), told("unit", "parked")]);
    case_resume(&app.state, &coordinator, &case.code, "可以开工了", None).await.unwrap();
    assert_eq!(since(app, &case).await, [told("reporters", "resumed"), told("unit", "resumed")]);
    answer(app, &case, "fixed").await;
    assert_eq!(since(app, &case).await, [told("reporters", "answered")]);
    case_reopen(&app.state, &case.code, &case.secret, "还在漏").await.unwrap();
    assert_eq!(since(app, &case).await, [told("unit", "reopened")], "once, and not as given anew");
    answer(app, &case, "fixed").await;
    app.advance(30 * Timestamp::DAY).await;
    let lapsed = [told("reporters", "answered"), told("reporters", "closed"), told("unit", "closed")];
    assert_eq!(since(app, &case).await, lapsed);
});

doors!(a_ruling_and_a_way_up_are_told_to_whom_they_concern, async |app: &App| {
    let (handler, coordinator) = (actor(app, HANDLER).await, actor(app, "bh-coordinator").await);
    let unit = async |code: &str| {
        let mut tx = app.state.read().await.unwrap();
        unit_list(&mut tx).await.unwrap().into_iter().find(|unit| unit.code == code).unwrap().id
    };
    let case = given(app, 0, AREA, "0201").await;
    task_dispute(&app.state, &handler, &case.code, "应由住建部门办理", None).await.unwrap();
    case_assign(&app.state, &coordinator, &case.code, unit("bh-housing").await, "确属住建", None).await.unwrap();
    let ruled = [told("unit", "assigned"), told("unit", "ruled"), told("unit", "ruled")];
    assert_eq!(notices(app, &case).await, ruled, "both units");
    let up = given(app, 1, AREA, "0201").await;
    case_send(&app.state, &handler, &up.code, unit("mh-human-resources").await, "超出区级权限", None).await.unwrap();
    let mut sent = notices(app, &up).await;
    sent.sort();
    assert_eq!(sent, [told("reporters", "escalated"), told("unit", "assigned"), told("unit", "escalated")]);
});
