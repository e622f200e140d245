//! What leaves the program goes out once, when it may, and what comes to nothing is seen.

use std::collections::BTreeMap;

use mail_parser::MessageParser;
use muster_core::id::AccountId;
use muster_core::pack::Template;
use muster_core::people::Actor;
use muster_core::send::Way;
use muster_core::time::Timestamp;
use muster_server::clock::Chance;
use muster_server::config::Config;
use muster_server::i18n::Lang;
use muster_server::send::{SmsConfig, SmsFormat, SmtpConfig, SmtpTls};
use muster_server::state::State;
use muster_server::usecase::case_line::line_write_own;
use muster_server::usecase::notice_list::notices_deliver;
use muster_server::usecase::notice_wants::{WantsDraft, notice_wants_set};
use muster_server::usecase::report_hear::report_hear;
use muster_server::usecase::report_submit::Receipt;
use muster_server::usecase::send_go::{sends_go, sends_hold};
use muster_server::usecase::{Act, Notice, To};
use muster_store::process::{CaseRow, case_by_code};
use muster_store::send::{SendRow, send_settle};
use muster_store::testing::count;

use crate::app::{App, between, doors};
use crate::doctor::{actor, health, reported, said};
use crate::figures_history::{answer, given};
use crate::receivers::{Receiver, Reply};

pub(crate) const AREA: &str = "900102001001";
pub(crate) const HANDLER: &str = "bh-human-resources";
const MINUTE: i64 = Timestamp::MINUTE;
const HOUR: i64 = Timestamp::HOUR;

pub(crate) fn smtp(receiver: &Receiver) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: Some(receiver.port),
        tls: SmtpTls::None,
        user: None,
        password_file: None,
        from: "12345 <muster@example.org>".to_owned(),
    }
}

pub(crate) fn sms(receiver: &Receiver) -> SmsConfig {
    SmsConfig {
        url: receiver.url(),
        method: "POST".to_owned(),
        format: SmsFormat::Json,
        headers_file: None,
        body: r#"{"to":"{phone}","template":"{template_id}","params":{params},"text":"{text}","id":"{id}"}"#.to_owned(),
        accepts: None,
        templates: BTreeMap::from([("answered".to_owned(), "SMS_7".to_owned())]),
    }
}

/// Another server on the same database, with ways out.
pub(crate) async fn node(app: &App, seed: u64, ways: impl FnOnce(&mut Config)) -> State {
    let mut config = app.state.config.clone();
    config.send_timeout_seconds = 1;
    ways(&mut config);
    State::open(config, app.state.clock.clone(), Chance::seeded(seed)).await.unwrap()
}

/// Finds the recipients, then sends all that may go out now.
pub(crate) async fn go(node: &State) {
    while notices_deliver(node).await.unwrap() > 0 {}
    while sends_go(node).await.unwrap() > 0 {}
}

pub(crate) fn wants() -> WantsDraft {
    WantsDraft {
        mail: "handler@example.org".to_owned(),
        mail_on: true,
        quiet_from: "22:00".to_owned(),
        quiet_until: "07:00".to_owned(),
        ..WantsDraft::default()
    }
}

pub(crate) async fn case(app: &App, receipt: &Receipt) -> CaseRow {
    let mut tx = app.state.read().await.unwrap();
    case_by_code(&mut tx, &receipt.code.parse().unwrap()).await.unwrap().unwrap()
}

pub(crate) async fn tell(node: &State, case: &CaseRow, account: AccountId, template: Template, urgent: bool) {
    let mut act = Act::begin(node, &Actor::System).await.unwrap();
    act.notify(Notice { urgent, ..Notice::about(case, To::Account(account), template) });
    act.commit().await.unwrap();
    go(node).await;
}

pub(crate) async fn in_state(app: &App, state: &'static str) -> i64 {
    let sql = match state {
        "waiting" => "select cast(count(*) as bigint) from sends where state = 'waiting'",
        "retry" => "select cast(count(*) as bigint) from sends where state = 'retry'",
        "sent" => "select cast(count(*) as bigint) from sends where state = 'sent'",
        "dead" => "select cast(count(*) as bigint) from sends where state = 'dead'",
        "void" => "select cast(count(*) as bigint) from sends where state = 'void'",
        "given_up" => "select cast(count(*) as bigint) from sends where state = 'given_up'",
        other => panic!("{other}"),
    };
    count(&app.state.db, sql).await
}

doors!(mail_goes_to_whoever_wants_it_and_holds_nothing_of_the_resident, async |app: &App| {
    let server = Receiver::smtp().await;
    let node = node(app, 8, |config| {
        config.smtp = Some(smtp(&server));
        config.public_url = Some("https://muster.example.org".to_owned().try_into().unwrap());
    })
    .await;
    let receipt = given(app, 0, AREA, "0201").await;
    let case = case(app, &receipt).await;
    go(&node).await;
    assert_eq!(server.got().len(), 0, "nobody has asked for mail");
    notice_wants_set(&node, &actor(app, HANDLER).await, &wants()).await.unwrap();
    line_write_own(&node, &receipt.code, &receipt.secret, "家里电话 19900000077，请快些").await.unwrap();
    go(&node).await;
    let got = server.got();
    assert_eq!(got.len(), 1, "{got:?}");
    assert!(got[0].head.contains("RCPT TO:<handler@example.org>"), "{}", got[0].head);
    let mail = MessageParser::default().parse(got[0].body.as_bytes()).unwrap();
    assert_eq!(mail.subject(), Some(format!("{} 反映人留言", case.code).as_str()));
    let text = mail.body_text(0).unwrap();
    assert!(
        text.contains("https://muster.example.org/notices") && text.contains(case.code.to_string().as_str()),
        "{text}"
    );
    for secret in ["19900000077", "请快些", receipt.secret.as_str(), case.title.as_str()] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(mail.message_id().unwrap().ends_with("@example.org"));
    let rows =
        count(&app.state.db, "select cast(count(*) as bigint) from account_ways where address_sealed is not null");
    assert_eq!(rows.await, 1);
    assert_eq!(in_state(app, "sent").await, 1);
    let counted: Vec<_> = node.senders.counted().filter(|(.., n)| *n > 0).collect();
    assert_eq!(counted, [(Way::Mail, "sent", 1)]);
});

doors!(what_fails_is_tried_again_further_apart_and_in_the_end_a_person_decides, async |app: &App| {
    let server = Receiver::smtp().await;
    let node = node(app, 8, |config| config.smtp = Some(smtp(&server))).await;
    let receipt = given(app, 0, AREA, "0201").await;
    go(&node).await;
    let handler = actor(app, HANDLER).await;
    notice_wants_set(&node, &handler, &WantsDraft { quiet_until: "22:00".to_owned(), ..wants() }).await.unwrap();
    let write = async || line_write_own(&node, &receipt.code, &receipt.secret, "请回复").await.unwrap();

    // Slow, then busy, then well.
    server.reply(&[Reply::Hang, Reply::Say(451, "")]);
    write().await;
    go(&node).await;
    assert_eq!((in_state(app, "retry").await, server.got().len()), (1, 1));
    go(&node).await;
    assert_eq!(server.got().len(), 1, "not before its time");
    app.hand.advance(MINUTE);
    go(&node).await;
    assert_eq!((in_state(app, "retry").await, server.got().len()), (1, 2));
    app.hand.advance(2 * MINUTE);
    go(&node).await;
    assert_eq!((in_state(app, "sent").await, server.got().len()), (1, 3));
    let ids: std::collections::BTreeSet<String> = server
        .got()
        .iter()
        .map(|got| got.body.split("Message-ID: ").nth(1).unwrap().lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "one mail, however often it is tried: {ids:?}");

    // Refused for good: no second try.
    server.reply(&[Reply::Say(550, "")]);
    write().await;
    go(&node).await;
    assert_eq!((in_state(app, "dead").await, server.got().len()), (1, 4));

    // Nobody there: as often as the pack says, then no more.
    drop(server);
    write().await;
    for _ in 0..20 {
        go(&node).await;
        app.hand.advance(6 * HOUR);
    }
    assert_eq!((in_state(app, "dead").await, in_state(app, "retry").await), (2, 0));
    let tries = count(&app.state.db, "select cast(max(tries) as bigint) from sends where state = 'dead'").await;
    assert_eq!(tries, i64::from(app.state.pack.notices.sending.tries));
    let lines = said(&health(app).await);
    assert!(lines.iter().any(|line| line.starts_with("sends-dead: 2 sends")), "{lines:?}");
});

doors!(nodes_send_each_once_and_what_a_dead_node_held_goes_out_when_its_lease_is_over, async |app: &App| {
    let gateway = Receiver::http().await;
    let one = node(app, 8, |config| config.sms = Some(sms(&gateway))).await;
    let other = node(app, 9, |config| config.sms = Some(sms(&gateway))).await;
    let wants = WantsDraft { mail_on: false, phone: "13900000001".to_owned(), phone_on: true, ..wants() };
    notice_wants_set(&one, &actor(app, HANDLER).await, &wants).await.unwrap();
    let receipt = given(app, 0, AREA, "0201").await;
    for n in 0..40 {
        line_write_own(&one, &receipt.code, &receipt.secret, &format!("第 {n} 次请回复")).await.unwrap();
    }
    tokio::join!(go(&one), go(&other));
    go(&one).await;
    let ids: Vec<String> = gateway.got().iter().map(|got| got.header("idempotency-key").to_owned()).collect();
    let different: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), different.len()), (41, 41), "each once, by whichever node");

    // A node dies between taking a send and sending it.
    line_write_own(&one, &receipt.code, &receipt.secret, "又来问了").await.unwrap();
    notices_deliver(&one).await.unwrap();
    let held = sends_hold(&one).await.unwrap();
    assert_eq!(held.len(), 1);
    go(&other).await;
    assert_eq!(gateway.got().len(), 41, "it is held");
    app.hand.advance(HOUR);
    go(&other).await;
    assert_eq!(gateway.got().len(), 42, "another node takes it when the lease is over");
    // Was it only slow, what it has to say comes too late.
    let mut late: SendRow = held[0].clone();
    late.take(late.sending().unwrap().void(one.now()).unwrap());
    let mut tx = one.db.write().await.unwrap();
    assert!(!send_settle(&mut tx, &late).await.unwrap());
    drop(tx);
    assert_eq!(in_state(app, "sent").await, 42);
});

doors!(the_night_holds_all_but_danger_and_a_digest_is_one, async |app: &App| {
    let server = Receiver::smtp().await;
    let node = node(app, 8, |config| config.smtp = Some(smtp(&server))).await;
    let receipt = given(app, 0, AREA, "0201").await;
    let case = case(app, &receipt).await;
    go(&node).await;
    let coordinator = actor(app, "coordinator").await;
    let account = coordinator.account_id().unwrap();
    notice_wants_set(&node, &coordinator, &wants()).await.unwrap();
    app.hand.advance(14 * HOUR);
    tell(&node, &case, account, Template::Ruled, false).await;
    assert_eq!(server.got().len(), 0, "at eleven in the evening");
    tell(&node, &case, account, Template::Supervised, true).await;
    assert_eq!(server.got().len(), 1, "danger wakes people");
    app.hand.advance(8 * HOUR);
    go(&node).await;
    assert_eq!(server.got().len(), 2, "at seven in the morning");

    notice_wants_set(&node, &coordinator, &WantsDraft { digest_hour: "17".to_owned(), ..wants() }).await.unwrap();
    for template in [Template::Ruled, Template::Closed, Template::Parked] {
        tell(&node, &case, account, template, false).await;
        app.hand.advance(HOUR);
    }
    assert_eq!((server.got().len(), in_state(app, "waiting").await), (2, 1), "they wait for five in the afternoon");
    app.hand.advance(8 * HOUR);
    go(&node).await;
    let got = server.got();
    let mail = MessageParser::default().parse(got[2].body.as_bytes()).unwrap();
    assert_eq!((got.len(), mail.subject()), (3, Some("3 条新通知")));
    let text = mail.body_text(0).unwrap();
    assert!(text.contains("已裁定") && text.contains("已办结") && text.contains("已挂账"), "{text}");
    tell(&node, &case, account, Template::Ruled, false).await;
    assert_eq!(in_state(app, "waiting").await, 1, "the next is for the next day");
});

doors!(whoever_reported_hears_by_the_way_they_chose_until_they_say_stop, async |app: &App| {
    let gateway = Receiver::http().await;
    let node = node(app, 8, |config| config.sms = Some(sms(&gateway))).await;
    let receipt = reported(app, crate::doctor::TEXTS[0], "hear").await;
    let hear = async |way: &str| report_hear(&node, &receipt.code, &receipt.secret, way, "", Lang::Zh).await;
    let tell = async || {
        let mut act = Act::begin(&node, &Actor::System).await.unwrap();
        act.notify(Notice {
            urgent: false,
            ..Notice::about(&case(app, &receipt).await, To::Reporters, Template::Answered)
        });
        act.commit().await.unwrap();
    };
    tell().await;
    go(&node).await;
    assert_eq!(gateway.got().len(), 0, "nobody asked to be told");
    assert_eq!(hear("mail").await.unwrap_err().status(), 422, "they gave no address for it");
    assert_eq!(hear("sms").await.unwrap().offered, [Way::Sms, Way::Letter]);
    tell().await;
    go(&node).await;
    let got = gateway.got();
    assert_eq!(got.len(), 1);
    let body: serde_json::Value = serde_json::from_str(&got[0].body).unwrap();
    assert_eq!((&body["to"], &body["template"]), (&"19900000077".into(), &"SMS_7".into()));
    assert_eq!(body["params"]["code"], receipt.code);
    let text = body["text"].as_str().unwrap();
    assert!(text.chars().count() <= 70 && text.contains(&receipt.code) && text.contains("已答复"), "{text}");
    assert!(!got[0].body.contains(&receipt.secret) && !got[0].body.contains("水管"), "{}", got[0].body);

    // Planned, and stopped before it went out; and what comes after.
    tell().await;
    notices_deliver(&node).await.unwrap();
    hear("none").await.unwrap();
    tell().await;
    go(&node).await;
    assert_eq!((gateway.got().len(), in_state(app, "void").await), (1, 1), "whoever said stop hears nothing");
});

doors!(a_gateway_that_says_no_is_not_asked_twice_and_one_that_is_busy_is, async |app: &App| {
    let gateway = Receiver::http().await;
    let node = node(app, 8, |config| {
        config.sms = Some(SmsConfig { accepts: Some("\"OK\"".to_owned()), ..sms(&gateway) });
    })
    .await;
    let receipt = reported(app, crate::doctor::TEXTS[0], "no").await;
    report_hear(&node, &receipt.code, &receipt.secret, "sms", "", Lang::En).await.unwrap();
    let ok = Reply::Say(200, "{\"Code\":\"OK\"}");
    gateway.reply(&[
        Reply::Say(503, ""),
        Reply::Say(200, "{\"Code\":\"LIMIT\"}"),
        Reply::Hang,
        ok,
        Reply::Say(403, ""),
    ]);
    answer(app, &receipt, "fixed").await;
    for tries in 1..=4 {
        go(&node).await;
        assert_eq!(gateway.got().len(), tries);
        app.hand.advance(10 * MINUTE);
    }
    assert_eq!(in_state(app, "sent").await, 1, "taken in the end");
    assert!(gateway.got()[0].body.contains("answered. Look it up"), "in the language that was chosen");
    let mut act = Act::begin(&node, &Actor::System).await.unwrap();
    act.notify(Notice::about(&case(app, &receipt).await, To::Reporters, Template::Closed));
    act.commit().await.unwrap();
    go(&node).await;
    app.hand.advance(24 * HOUR);
    go(&node).await;
    assert_eq!((gateway.got().len(), in_state(app, "dead").await), (5, 1), "403 is for good");

    // It is on the page, without who it was for; it can be tried again, or given up with a reason.
    let mut page = app.signed_in("bh-coordinator").await;
    let shown = page.get("/admin/sends").await;
    assert!(shown.body.contains("HTTP 403") && shown.body.contains(&receipt.code), "{}", shown.body);
    assert!(!shown.body.contains("19900000077") && !shown.body.contains("王秀英"));
    let id = between(&shown.body, "action=\"/admin/sends/", "\"").unwrap().to_owned();
    let at = format!("/admin/sends/{id}");
    let mut foreign = app.signed_in("ys-coordinator").await;
    assert!(!foreign.get("/admin/sends").await.body.contains(&receipt.code), "another district's");
    assert_eq!(foreign.post(&at, &[("do", "again")]).await.status, 404);
    let mut leader = app.signed_in("leader").await;
    assert_eq!(leader.get("/admin/sends").await.status, 403);
    assert_eq!(page.post(&at, &[("do", "again")]).await.status, 303);
    gateway.reply(&[Reply::Say(403, "")]);
    go(&node).await;
    assert_eq!((gateway.got().len(), in_state(app, "dead").await), (6, 1), "tried once more");
    page.get("/admin/sends").await;
    let empty = page.post(&at, &[("do", "give_up"), ("reason", " ")]).await;
    assert_eq!(empty.status, 422, "{}", empty.body);
    assert_eq!(page.post(&at, &[("do", "give_up"), ("reason", "号码已停机，改电话告知")]).await.status, 303);
    assert_eq!((in_state(app, "dead").await, in_state(app, "given_up").await), (0, 1));
    let again = page.post(&at, &[("do", "again")]).await;
    assert_eq!(again.status, 409, "what was given up is over");
    assert!(said(&health(app).await).iter().all(|line| !line.starts_with("sends")));
});
