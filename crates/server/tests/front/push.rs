//! A browser that asked for it is told by Web Push, through services that are named and no others.

use muster_core::pack::Template;
use muster_server::send::PushConfig;
use muster_store::testing::count;

use crate::app::{App, between, doors};
use crate::doctor::{actor, health, said};
use crate::figures_history::given;
use crate::receivers::{Receiver, Reply};
use crate::sends::{AREA, HANDLER, case, go, in_state, node, tell};

/// The example of RFC 8291: any key of the curve, and 16 bytes.
const KEYS: [(&str, &str); 2] = [
    ("p256dh", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
    ("auth", "BTBZMqHH6r4Tts7J_aSIgg"),
];

doors!(a_browser_is_told_until_it_is_gone_and_no_other_address_is_ever_asked, async |app: &App| {
    let service = Receiver::http().await;
    let origin = format!("http://127.0.0.1:{}", service.port);
    let services = vec![origin.clone()];
    let node = node(app, 41, |config| {
        config.push = Some(PushConfig { contact: "mailto:muster@example.org".to_owned(), services });
    });
    let node = node.await;
    app.serve(&node);
    let receipt = given(app, 0, AREA, "0201").await;
    let case = case(app, &receipt).await;
    let account = actor(app, HANDLER).await.account_id().unwrap();
    go(&node).await;
    let mut browser = app.signed_in(HANDLER).await;
    let page = browser.get("/notices/settings").await;
    assert!(page.body.contains("在这台设备上提醒我"), "{}", page.body);
    let key = between(&page.body, "data-push=\"", "\"").unwrap();
    assert_eq!(key.len(), 87, "65 bytes of an uncompressed point: {key}");

    let endpoint = format!("{origin}/p/abc");
    for elsewhere in ["http://169.254.169.254/latest", "https://127.0.0.1/", "http://127.0.0.1:1/p", "", "p"] {
        let fields = [("endpoint", elsewhere), KEYS[0], KEYS[1]];
        assert_eq!(browser.post("/notices/push", &fields).await.status, 422, "{elsewhere}");
    }
    let unfit = [("endpoint", endpoint.as_str()), KEYS[0], ("auth", "short")];
    assert_eq!(browser.post("/notices/push", &unfit).await.status, 422);
    for _ in 0..2 {
        let fields = [("endpoint", endpoint.as_str()), KEYS[0], KEYS[1]];
        assert_eq!(browser.post("/notices/push", &fields).await.status, 303);
    }
    let page = browser.get("/notices/settings").await;
    assert_eq!(page.body.matches("一台设备").count(), 1, "twice the same is one: {}", page.body);

    tell(&node, &case, account, Template::Assigned, false).await;
    let got = service.got();
    assert_eq!(got.len(), 1);
    assert_eq!((got[0].header("content-encoding"), got[0].header("ttl")), ("aes128gcm", "86400"));
    assert!(got[0].header("authorization").starts_with("vapid t="), "{}", got[0].head);
    assert!(got[0].header("authorization").ends_with(key), "{}", got[0].head);
    assert!(got[0].head.starts_with("POST /p/abc "), "{}", got[0].head);
    assert!(!got[0].body.contains(&receipt.code), "sealed for the browser");
    assert_eq!(in_state(app, "sent").await, 1);

    service.reply(&[Reply::Say(410, "")]);
    tell(&node, &case, account, Template::Urged, false).await;
    assert_eq!((in_state(app, "void").await, in_state(app, "dead").await), (1, 0), "nobody need look at it");
    assert!(!browser.get("/notices/settings").await.body.contains("一台设备"));
    let sealed = "select cast(count(*) as bigint) from account_ways where address_sealed is not null";
    assert_eq!(count(&app.state.db, sealed).await, 0, "the address is forgotten");
    tell(&node, &case, account, Template::Supervised, false).await;
    assert_eq!(service.got().len(), 2, "and nothing more goes there");
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(a_browser_is_removed_by_its_own_account_only, async |app: &App| {
    let service = Receiver::http().await;
    let origin = format!("http://127.0.0.1:{}", service.port);
    let node = node(app, 43, |config| {
        config.push = Some(PushConfig { contact: "mailto:a@example.org".to_owned(), services: vec![origin.clone()] });
    });
    app.serve(&node.await);
    let mut browser = app.signed_in(HANDLER).await;
    browser.get("/notices/settings").await;
    for n in 0..11 {
        let endpoint = format!("{origin}/p/{n}");
        let fields = [("endpoint", endpoint.as_str()), KEYS[0], KEYS[1]];
        let status = browser.post("/notices/push", &fields).await.status;
        assert_eq!(status, if n < 10 { 303 } else { 422 }, "{n}");
    }
    let page = browser.get("/notices/settings").await;
    let id = between(&page.body, "action=\"/notices/push/", "/remove").unwrap().to_owned();
    let path = format!("/notices/push/{id}/remove");
    let mut other = app.signed_in("coordinator").await;
    other.get("/notices/settings").await;
    assert_eq!(other.post(&path, &[]).await.status, 404);
    assert_eq!(browser.post(&path, &[]).await.status, 303);
    assert_eq!(browser.post(&path, &[]).await.status, 404);
    assert_eq!(browser.get("/notices/settings").await.body.matches("一台设备").count(), 9);
});
