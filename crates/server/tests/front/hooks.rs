//! The gateways of message channels: what is signed is taken in once, answered in words, and nothing else gets in.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use muster_core::intake::Channel;
use muster_core::time::Timestamp;
use muster_server::doctor::examine;
use muster_server::hook::HookConfig;
use muster_store::intake::reports_of_case;
use muster_store::process::{CaseRow, case_by_code};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::app::{Answer, App, NOW, doors};
use crate::photo_files::camera;

const SECRET: &[u8] = b"twenty-four bytes at least";
pub(crate) const CHAT: &str = "wechat";
pub(crate) const MAIL: &str = "letters";

/// Two hooks of the demo city's county, with one secret.
pub(crate) fn configured(data: &Path) -> Vec<HookConfig> {
    let secret_file = data.join("hook.secret");
    std::fs::write(&secret_file, format!("whsec_{}\n", BASE64_STANDARD.encode(SECRET))).unwrap();
    std::fs::set_permissions(&secret_file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let hook = |name: &str, channel| HookConfig {
        name: name.to_owned(),
        secret_file: secret_file.clone(),
        area: "900102".to_owned(),
        channel,
    };
    vec![hook(CHAT, Channel::Chat), hook(MAIL, Channel::Mail)]
}

fn signature(id: &str, seconds: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

fn kind(hook: &str) -> &'static str {
    if hook == MAIL { "message/rfc822" } else { "application/json" }
}

/// A message as the gateway would send it now.
pub(crate) fn signed(app: &App, hook: &str, id: &str, kind: &str, body: &[u8]) -> Request<Body> {
    let seconds = app.state.now().0 / Timestamp::SECOND;
    message(hook, id, kind, seconds, &signature(id, seconds, body), body)
}

fn message(hook: &str, id: &str, kind: &str, seconds: i64, signature: &str, body: &[u8]) -> Request<Body> {
    Request::builder()
        .method(Method::POST)
        .uri(format!("/hooks/{hook}"))
        .header("content-type", kind)
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", signature)
        .body(Body::from(body.to_vec()))
        .unwrap()
}

async fn send(app: &App, hook: &str, id: &str, body: &[u8]) -> Answer {
    app.send(signed(app, hook, id, kind(hook), body)).await
}

async fn chat(app: &App, id: &str, body: &Value) -> Answer {
    send(app, CHAT, id, body.to_string().as_bytes()).await
}

async fn case(app: &App, answer: &Answer) -> CaseRow {
    assert_eq!(answer.status, 201, "{}", answer.body);
    let code = answer.json()["code"].as_str().unwrap().parse().unwrap();
    let mut tx = app.state.read().await.unwrap();
    case_by_code(&mut tx, &code).await.unwrap().unwrap()
}

async fn people(app: &App, case: &CaseRow) -> Vec<Option<uuid::Uuid>> {
    let mut tx = app.state.read().await.unwrap();
    reports_of_case(&mut tx, case.id).await.unwrap().iter().map(|report| report.person_id).collect()
}

doors!(a_message_becomes_a_case_and_its_sender_is_told, async |app: &App| {
    let body = json!({ "from": "oX7-2k", "text": "柳港里社区三号楼的电梯停了两天了，老人下不了楼。" });
    let answer = chat(app, "m1", &body).await;
    let first = case(app, &answer).await;
    assert_eq!(first.channel, Channel::Chat);
    assert_eq!(first.area.to_string(), "900102001001000", "the area the text names");
    let told = answer.json();
    let reply = told["reply"].as_str().unwrap();
    let code = told["code"].as_str().unwrap().replace('-', " ");
    assert!(reply.starts_with("已收到") && reply.contains(&code) && reply.contains("查询密码"), "{reply}");
    assert!(reply.contains("前答复") && reply.contains("2026年5月"), "{reply}");

    assert_eq!(chat(app, "m1", &body).await.json(), told, "the second try gets the first answer");
    let changed = json!({ "from": "oX7-2k", "text": "另外一件事，路灯坏了三天了" });
    assert_eq!(chat(app, "m1", &changed).await.json()["code"], "idempotency-key-reused");

    let second = case(app, &chat(app, "m2", &changed).await).await;
    assert_eq!(second.area.to_string(), "900102000000000", "without a name that of the hook");
    assert_eq!(people(app, &second).await, people(app, &first).await, "one sender is one person");
    let other = json!({ "from": "oX7-2K", "text": "公园的长椅坏了，坐不了人" });
    let third = case(app, &chat(app, "m3", &other).await).await;
    assert_ne!(people(app, &third).await, people(app, &first).await);

    let mut staff = app.signed_in("coordinator").await;
    let page = staff.get(&format!("/case/{}", first.code.as_str())).await.body;
    assert!(page.contains("公众号留言") && !page.contains("oX7-2k"), "{page}");
    let why = [("reason", "需要回电核实位置")];
    let revealed = staff.post(&format!("/case/{}/reveal", first.code.as_str()), &why).await.body;
    assert!(revealed.contains("wechat:oX7-2k"), "{revealed}");

    let english =
        json!({ "from": "a", "lang": "en", "area": "900102001001", "text": "The lift has been out for two days." });
    let reply = chat(app, "m4", &english).await.json();
    assert!(reply["reply"].as_str().unwrap().starts_with("We have received"), "{reply}");

    let health = examine(&app.state.config, &app.state.clock, |_, _| {}).await.unwrap();
    let keys = health.checks.iter().find(|check| check.name == "master-key").unwrap();
    assert_eq!(keys.found, 0, "{keys:?}");
});

doors!(a_sender_who_leaves_a_phone_is_the_same_person_at_the_desk, async |app: &App| {
    let said = |text: &str, phone: &str| json!({ "from": "oX7", "text": text, "phone": phone });
    let before = case(app, &chat(app, "m1", &said("楼道的灯不亮了，已经三天", "")).await).await;
    let with = case(app, &chat(app, "m2", &said("公园的长椅坏了，坐不了人", "13900001234")).await).await;
    let after = case(app, &chat(app, "m3", &said("车棚的顶漏雨，电动车泡水", "")).await).await;
    let person = people(app, &before).await;
    assert_eq!(people(app, &with).await, person);
    assert_eq!(people(app, &after).await, person);
    let elsewhere = case(app, &chat(app, "m4", &said("垃圾房门坏了，味道很大", "13900009999")).await).await;
    assert_ne!(people(app, &elsewhere).await, person, "another phone is another person");
    let desk = app.api("operator1").await;
    let found = desk.post("/api/v1/persons/lookup", &json!({ "phone": "139 0000 1234" })).await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 3, "{found}");
});

doors!(a_mail_becomes_a_case_with_its_photos, async |app: &App| {
    let mail = |body: &str| {
        let photo = BASE64_STANDARD.encode(camera(64, 48));
        format!(
            "From: =?UTF-8?B?546L5aWz5aOr?= <Wang@example.org>\r\nSubject: 回复：四号楼的井盖松动\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n\
             --b\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n{photo}\r\n\
             --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n--b--\r\n"
        )
    };
    let text = "踩上去会翘，晚上看不见，差点摔倒。\r\n\r\n在 2026年5月10日，市民服务 <a@example.org> 写道：\r\n> 您好";
    let answer = send(app, MAIL, "l1", mail(text).as_bytes()).await;
    let taken = case(app, &answer).await;
    assert_eq!((taken.channel, taken.title.as_str()), (Channel::Mail, "四号楼的井盖松动"));
    assert_eq!(taken.text, "踩上去会翘，晚上看不见，差点摔倒。");
    let reply = answer.json()["reply"].as_str().unwrap().to_owned();
    assert!(reply.contains("有 1 个附件没有收下"), "{reply}");
    let staff = app.api("coordinator").await;
    let seen = staff.get(&format!("/api/v1/cases/{}", taken.code.as_str())).await.json();
    assert_eq!(seen["photos"].as_array().unwrap().len(), 1, "{seen}");
    let why = json!({ "reason": "需要核实" });
    let who = staff.post(&format!("/api/v1/cases/{}/reveal", taken.code.as_str()), &why).await.json();
    assert_eq!(who["items"][0]["handle"], "mail:wang@example.org", "{who}");
    assert_eq!(who["items"][0]["name"], "王女士", "{who}");

    let subject_only = "From: a@example.org\r\nSubject: 桂花路口的路灯不亮了三天\r\n\r\n";
    let short = case(app, &send(app, MAIL, "l2", subject_only.as_bytes()).await).await;
    assert_eq!(short.text, "桂花路口的路灯不亮了三天");
    let absent =
        "From: a@example.org\r\nAuto-Submitted: auto-replied\r\nSubject: x\r\n\r\n我不在办公室，下周回来。\r\n";
    let absent = send(app, MAIL, "l3", absent.as_bytes()).await;
    assert_eq!(
        (absent.status, &absent.json()["errors"][0]["code"]),
        (422, &json!("mail-automatic")),
        "{}",
        absent.body
    );
    assert!(absent.json()["reply"].is_null(), "a machine is not answered: {}", absent.body);
});

doors!(what_the_sender_can_mend_is_said_to_the_sender, async |app: &App| {
    for (body, code, words) in [
        (json!({ "from": "a", "text": "" }), "text-missing", "没有收下：请写下发生了什么"),
        (json!({ "from": "a", "text": "嗯" }), "text-short", "太短了"),
        (json!({ "from": "a", "text": "字".repeat(10_001) }), "text-long", "太长了"),
        (json!({ "from": "a", "text": "路灯坏了三天了", "phone": "打我电话" }), "phone-invalid", "电话号码不对"),
        (json!({ "from": "a", "text": "路灯坏了三天了", "photos": [{ "content": "R0lGODlh" }] }), "photo-gif", "动图"),
        (json!({ "from": " ", "text": "路灯坏了三天了" }), "from-missing", "看不出是谁"),
    ] {
        let answer = chat(app, "m", &body).await;
        let told = answer.json();
        assert_eq!((answer.status, &told["errors"][0]["code"]), (422, &json!(code)), "{told}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(told["reply"].as_str().unwrap_or_default().contains(words), "{told}");
    }
    let elsewhere = chat(app, "m", &json!({ "from": "a", "text": "路灯坏了三天了", "area": "900103" })).await.json();
    assert_eq!(elsewhere["errors"][0]["code"], "area-foreign", "{elsewhere}");
    assert!(elsewhere["reply"].is_null(), "the gateway's matter, not the sender's: {elsewhere}");
    let mended = json!({ "from": "a", "text": "路灯坏了三天了，晚上看不见路" });
    case(app, &chat(app, "m", &mended).await).await;
    for n in 0..60 {
        chat(app, &format!("n{n}"), &json!({ "from": "a", "text": "" })).await;
    }
    let often = chat(app, "last", &mended).await;
    assert_eq!(often.status, 429, "{}", often.body);
    assert!(!often.header("retry-after").is_empty() && often.json()["reply"].is_string(), "{}", often.body);
    case(app, &chat(app, "other", &json!({ "from": "b", "text": "公园的长椅坏了，坐不了人" })).await).await;
});

doors!(what_is_not_signed_is_refused_and_recorded_so_many_times, async |app: &App| {
    let body = json!({ "from": "a", "text": "路灯坏了三天了，晚上看不见路" }).to_string();
    let body = body.as_bytes();
    let now = NOW.0 / Timestamp::SECOND;
    let good = signature("m", now, body);
    let json = "application/json";
    for (id, seconds, signature, sent) in [
        ("m", now, "v1,AAAA", body),
        ("m", now, "", body),
        ("n", now, &good, body),
        ("m", now, &good, &b"{}"[..]),
        ("m", now - 301, &signature("m", now - 301, body), body),
        ("m", now + 301, &signature("m", now + 301, body), body),
    ] {
        let answer = app.send(message(CHAT, id, json, seconds, signature, sent)).await;
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("signature-wrong")), "{}", answer.body);
        assert!(answer.json()["reply"].is_null());
    }
    let unknown = app.send(message("nobody", "m", json, now, &good, body)).await;
    assert_eq!(unknown.status, 404, "{}", unknown.body);
    let other = app.send(signed(app, MAIL, "m", json, body)).await;
    assert_eq!(other.status, 415, "each hook has its kind: {}", other.body);
    for _ in 0..100 {
        app.send(message(CHAT, "m", json, now, "v1,AAAA", body)).await;
    }
    let mut tx = app.state.read().await.unwrap();
    let lines = muster_store::audit::audit_list(&mut tx, Some(CHAT), NOW.plus(Timestamp::DAY), 500).await.unwrap();
    let forged = lines.iter().filter(|line| line.action == "hook_receive").count();
    assert_eq!(forged, 60, "enough to see it, too few to fill a disk");
    let taken = app.send(message(CHAT, "m", json, now, &good, body)).await;
    assert_eq!(taken.status, 201, "and who is genuine is heard: {}", taken.body);
});

doors!(nothing_is_read_for_a_door_that_is_not_there_or_a_head_no_gateway_wrote, async |app: &App| {
    let broken = || Body::from_stream(futures_util::stream::iter([Err::<Vec<u8>, _>("read")]));
    let now = NOW.0 / Timestamp::SECOND;
    for (hook, id, seconds, status) in
        [("nobody", "m", now, 404), (CHAT, "m", now - 301, 401), (CHAT, "", now, 401), (CHAT, "m", now, 400)]
    {
        let mut request = message(hook, id, "application/json", seconds, "v1,AAAA", b"");
        *request.body_mut() = broken();
        let answer = app.send(request).await;
        assert_eq!(answer.status, status, "{hook} {id:?} {seconds}: {}", answer.body);
    }
});

doors!(photos_of_forms_that_are_coming_in_keep_no_message_out, async |app: &App| {
    let _all = app.state.photos.coming_in.hold(96 << 20).unwrap();
    let body = json!({ "from": "a", "text": "路灯坏了三天了，晚上看不见路" });
    case(app, &chat(app, "m", &body).await).await;
    // A photo needs of the forms' room; that there is none is not the sender's to mend.
    let photo = json!([{ "content": BASE64_STANDARD.encode(camera(64, 48)) }]);
    let busy = json!({ "from": "a", "text": "公园的长椅坏了，坐不了人", "photos": photo });
    let busy = chat(app, "n", &busy).await;
    assert_eq!((busy.status, busy.header("retry-after")), (503, "60"), "{}", busy.body);
});

doors!(the_reply_says_whom_to_call_first_and_which_door_is_the_right_one, async |app: &App| {
    let said = |text: &str| json!({ "from": "a", "text": text });
    let fire = chat(app, "m1", &said("三号楼楼道里的电动车着火了，烟很大，老人下不来。")).await.json();
    assert!(fire["reply"].as_str().unwrap().starts_with("如果正在发生，请先拨打 119\n已收到"), "{fire}");
    let text = "小区物业公司拖欠电梯维修，业主已起诉，法院已受理，请住建局责令物业公司维修电梯。";
    let court = chat(app, "m2", &said(text)).await.json();
    let reply = court["reply"].as_str().unwrap();
    assert!(reply.starts_with("已收到") && reply.contains("已进入诉讼或仲裁") && reply.contains("人民法院"), "{reply}");
});
