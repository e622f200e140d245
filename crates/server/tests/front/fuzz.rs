//! Anything at all, to everything that reads what people send: it is taken, or refused with a reason, never a 500.
//!
//! Each target runs for `MUSTER_FUZZ_SECONDS` (20; in `make slow` 600) from `MUSTER_SEED`; what breaks one is printed small and
//! belongs in `crashers/`, which are tried first.

use axum::http::Method;
use muster_core::intake::{Channel, Draft, accept};
use muster_core::people::Actor;
use muster_core::sense::hotspot::Heard;
use muster_core::sense::likeness::{Shingles, shared};
use muster_core::sense::{Told, Watch, contradict, review};
use muster_core::time::Timestamp;
use muster_server::clock::Clock;
use muster_server::usecase::report_submit::report_submit;
use muster_store::testing;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::json;

use crate::app::App;
use crate::hooks::{CHAT, MAIL, signed};
use crate::import_files::Files;
use crate::pages_forms::value;
use crate::photo_files::damaged;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Cases until the time is up; panics with the smallest input that breaks `check`.
fn fuzz<S: Strategy>(name: &str, strategy: &S, mut check: impl FnMut(S::Value) -> Result<(), String>)
where
    S::Value: Clone,
{
    let (seconds, seed) = (number("MUSTER_FUZZ_SECONDS", 20), number("MUSTER_SEED", 1));
    let clock = Clock::system();
    let (mut count, mut round) = (0_u64, seed);
    while clock.elapsed().as_secs() < seconds {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&round.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
        let checked = std::cell::RefCell::new(&mut check);
        let done = TestRunner::new_with_rng(config, rng)
            .run(strategy, |input| (checked.borrow_mut())(input).map_err(TestCaseError::fail));
        match done {
            Ok(()) => count += 64,
            Err(TestError::Fail(why, input)) => panic!("{name}, MUSTER_SEED={round}: {why}\n{input:?}"),
            Err(TestError::Abort(why)) => panic!("{name}: {why}"),
        }
        round += 1;
    }
    assert!(count > 0, "{name}: no input was tried in {seconds} s");
}

fn crashers(prefix: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/front/crashers");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    entries
        .filter(|path| name(path).starts_with(prefix))
        .map(|path| (name(&path), std::fs::read(path).unwrap()))
        .collect()
}

/// Words that rules look for, among anything else.
fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => any::<String>(),
        3 => "[一-龥]{0,40}",
        1 => prop_oneof![
            Just("13900001111".to_owned()), Just("[电话]".to_owned()), Just("A市B7县西地省".to_owned()),
            Just("430102199001011234".to_owned()), Just("三号楼二十三栋１２室".to_owned()), Just("被困，正在着火".to_owned()),
            Just("\u{feff}\u{202e}\0\r\n".to_owned()), Just("﷽".repeat(50)), Just("已转交《条例》2026年".to_owned()),
        ],
    ];
    proptest::collection::vec(word, 0..8).prop_map(|words| words.concat())
}

#[tokio::test]
async fn any_text_is_read() {
    let app = App::new(testing::sqlite().await).await;
    let mut watch = Watch::new(app.state.sense.hotspot());
    let mut read = |title: &str, text: &str| {
        let draft =
            Draft { area: Some(app.state.pack.root_area), title: title.into(), text: text.into(), ..Draft::default() };
        let accepted = accept(&draft, &app.state.pack.intake);
        let judged = app.state.judge(title, text);
        for span in judged.evidence.iter().chain(&judged.kind_words).chain(&judged.urgency_words) {
            let field = if span.field == muster_core::sense::Field::Title { title } else { text };
            if field.get(span.range.clone()) != Some(span.text.as_str()) {
                return Err(format!("{span:?} is not in the field"));
            }
        }
        let (a, b) = (Shingles::of(title), Shingles::of(text));
        let told = |text| Told { place: title, text };
        contradict(told(text), told(title));
        shared(title, text);
        review(&app.state.model(), &app.state.sense, (title, text), title);
        watch.hear(&Heard { at: Timestamp(0), by: text.len() as u64, title, text });
        match accepted {
            Ok(accepted) if accepted.public_text.contains("13900001111") => {
                Err("a phone is left in the public text".into())
            }
            _ if !(0.0..=1.0).contains(&a.likeness(&b)) => Err("likeness out of bounds".into()),
            _ => Ok(()),
        }
    };
    for (name, bytes) in crashers("text-") {
        let text = String::from_utf8_lossy(&bytes);
        read(&text, &text).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    fuzz("text", &(texts(), texts()), |(title, text)| read(&title, &text));
}

/// A file that would be taken, with a few bytes changed, cut or doubled.
fn files() -> impl Strategy<Value = (bool, Vec<u8>)> {
    const CSV: &str = "id,text,time,area,phone\n1,\"小区的路灯坏了三天，晚上看不见路\",2026-01-02 03:04:05,900102001001,13900001111\n2,\"他说\"\"停水了\"\"没人管\",2026/1/3,900102001,\n";
    const LINES: &str = "{\"id\":1,\"text\":\"小区的路灯坏了三天，晚上看不见路\",\"time\":\"2026-01-02 03:04:05\",\"area\":900102001001}\n{\"id\":\"二\",\"text\":\"停水了没人管，已经两天\",\"area\":\"900102001\",\"phone\":null}\n";
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), 0..5_u8, any::<Vec<u8>>()), 0..6);
    (any::<bool>(), edits).prop_map(|(csv, edits)| {
        let mut bytes = if csv { CSV } else { LINES }.as_bytes().to_vec();
        for (at, what, new) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match what {
                0 => drop(bytes.splice(at..at, new)),
                1 => bytes.truncate(at),
                2 => drop(bytes.remove(at)),
                3 => bytes[at] = new.first().copied().unwrap_or(b'"'),
                _ => bytes.extend_from_within(at..),
            }
        }
        (csv, bytes)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn any_file_is_imported_or_rejected_line_by_line() {
    let app = App::new(testing::sqlite().await).await;
    let folder = Files::new();
    let import = |name: &str, bytes: &[u8]| -> Result<(), String> {
        folder.write(name, bytes);
        let Ok(job) = folder.job(name, &["--area", "900102001001"]) else { return Ok(()) };
        let run = job.run(&app.state);
        let (summary, end) = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(run));
        end.map_err(|error| format!("{error:#}"))?;
        let told = summary.accepted + summary.known + summary.rejected;
        if summary.read == told { Ok(()) } else { Err(format!("read {} but told of {told}", summary.read)) }
    };
    for (name, bytes) in crashers("import-") {
        import(&name, &bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    fuzz("import", &files(), |(csv, bytes)| import(if csv { "f.csv" } else { "f.jsonl" }, &bytes));
}

/// A route that takes a body, the type it is said to be, and the body.
fn bodies() -> impl Strategy<Value = (usize, usize, Vec<u8>)> {
    let body = prop_oneof![
        any::<Vec<u8>>(),
        texts().prop_map(String::into_bytes),
        texts().prop_map(|text| format!("{{\"area\":900102001001,\"text\":{}}}", serde_json::json!(text)).into_bytes()),
        texts().prop_map(|text| format!("text={text}&area=900102001001&key=k&csrf=%zz").into_bytes()),
        texts()
            .prop_map(|text| format!("--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n--b--")
                .into_bytes()),
    ];
    (0..ROUTES.len(), 0..TYPES.len(), body)
}

const ROUTES: [&str; 9] = [
    "/api/v1/reports",
    "/api/v1/session",
    "/api/v1/cases/ABC/answer",
    "/report",
    "/report/check",
    "/track",
    "/login",
    "/prefs",
    "/desk",
];
const TYPES: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "text/plain; charset=\u{ff}",
];

#[tokio::test(flavor = "multi_thread")]
async fn any_body_is_answered_without_a_500() {
    let app = App::new(testing::sqlite().await).await;
    let draft =
        Draft {
            area: Some("900102001001".parse().unwrap()), text: "小区的路灯坏了三天".into(), ..Draft::default()
        };
    report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap();
    let send = |(route, kind, body): (usize, usize, Vec<u8>)| -> Result<(), String> {
        let stranger = app.stranger();
        let body =
            String::from_utf8(body).unwrap_or_else(|error| error.into_bytes().iter().map(|b| *b as char).collect());
        let kind = TYPES[kind].chars().filter(char::is_ascii).collect::<String>();
        let headers = [("content-type", kind.as_str())];
        let answer = stranger.send(Method::POST, ROUTES[route], &headers, body);
        let answer = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(answer));
        if answer.status < 500 { Ok(()) } else { Err(format!("{}: {}", answer.status, answer.body)) }
    };
    for (name, bytes) in crashers("body-") {
        for at in 0..ROUTES.len() * TYPES.len() {
            let whole = (at % ROUTES.len(), at / ROUTES.len(), bytes.clone());
            send(whole).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
    fuzz("body", &bodies(), send);
}

/// A form with photos, whole or damaged: its fields, a picture that may be none, and how the whole is cut.
fn forms() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let name = prop_oneof![
        Just("text"),
        Just("photo"),
        Just("photos"),
        Just("photo_fault"),
        Just("key"),
        Just("area"),
        Just("")
    ];
    let file =
        prop_oneof![Just(""), Just("; filename=\"a.jpg\""), Just("; filename=\"\""), Just("; filename*=UTF-8''%ff")];
    let content = prop_oneof![texts().prop_map(String::into_bytes), damaged(), any::<Vec<u8>>()];
    let field = (name, file, content).prop_map(|(name, file, content)| {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        [head.as_bytes(), &content, b"\r\n"].concat()
    });
    let whole =
        proptest::collection::vec(field, 0..6).prop_map(|fields| [fields.concat(), b"--b--\r\n".to_vec()].concat());
    let cut = (whole, any::<prop::sample::Index>(), 0..8_u8).prop_map(|(mut body, at, how)| {
        let at = at.index(body.len());
        match how {
            0 => body.truncate(at),
            1 => body[at] ^= 0x20,
            _ => {}
        }
        body
    });
    (0..FORMS.len(), cut)
}

const FORMS: [&str; 5] = ["/report/contact", "/report", "/desk", "/grid", "/report/check"];

#[tokio::test(flavor = "multi_thread")]
async fn any_form_with_photos_is_answered_without_a_500() {
    let app = App::new(testing::sqlite().await).await;
    let mut worker = app.signed_in("grid-liugangli-1").await;
    let csrf = value(&worker.get("/grid").await.body, "csrf").unwrap();
    let token = format!("--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n");
    let mut send = |(form, body): (usize, Vec<u8>)| -> Result<(), String> {
        let body = [token.as_bytes(), &body].concat();
        let answer = worker.post_raw(FORMS[form], "multipart/form-data; boundary=b", body);
        let answer = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(answer));
        if answer.status < 500 { Ok(()) } else { Err(format!("{}: {}", answer.status, answer.body)) }
    };
    for (name, bytes) in crashers("multipart-") {
        for form in 0..FORMS.len() {
            send((form, bytes.clone())).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
    fuzz("multipart", &forms(), send);
}

/// A message of a gateway: which hook, the type it is said to be, and the body.
fn messages() -> impl Strategy<Value = (bool, bool, Vec<u8>)> {
    let member = prop_oneof![
        Just("from"),
        Just("text"),
        Just("title"),
        Just("area"),
        Just("place"),
        Just("name"),
        Just("phone"),
        Just("lang")
    ];
    let value = prop_oneof![
        texts().prop_map(|text| json!(text)),
        any::<i64>().prop_map(|number| json!(number)),
        Just(json!(null))
    ];
    let chat = proptest::collection::btree_map(member, value, 0..8).prop_map(|mut members| {
        members.entry("from").or_insert_with(|| json!("a"));
        json!(members).to_string().into_bytes()
    });
    let line = prop_oneof![
        texts().prop_map(|text| format!("From: {text}\r\n")),
        texts().prop_map(|text| format!("Subject: {text}\r\n")),
        Just("From: a@example.org\r\n".to_owned()),
        Just("Content-Type: multipart/mixed; boundary=b\r\n".to_owned()),
        Just("Content-Type: text/html; charset=gb18030\r\n".to_owned()),
        Just("Content-Transfer-Encoding: base64\r\n".to_owned()),
        Just("\r\n--b\r\n".to_owned()),
        Just(
            "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n".to_owned()
        ),
        texts(),
    ];
    let mail = proptest::collection::vec(line, 0..12).prop_map(|lines| lines.concat().into_bytes());
    (any::<bool>(), any::<bool>(), prop_oneof![3 => chat, 3 => mail, 1 => any::<Vec<u8>>(), 1 => damaged()])
}

#[tokio::test(flavor = "multi_thread")]
async fn any_message_of_a_gateway_is_answered_without_a_500() {
    let app = App::new(testing::sqlite().await).await;
    let mut count = 0;
    let mut send = |(mail, says_mail, body): (bool, bool, Vec<u8>)| -> Result<(), String> {
        count += 1;
        // A sender may write once a minute for ever.
        app.hand.advance(Timestamp::MINUTE);
        let hook = if mail { MAIL } else { CHAT };
        let kind = if says_mail { "message/rfc822" } else { "application/json" };
        let answer = app.send(signed(&app, hook, &format!("m{count}"), kind, &body));
        let answer = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(answer));
        match answer.status {
            401 => Err(format!("signed, and refused: {}", answer.body)),
            500.. => Err(format!("{}: {}", answer.status, answer.body)),
            _ => Ok(()),
        }
    };
    for (name, bytes) in crashers("hook-") {
        for (mail, says_mail) in [(false, false), (true, true)] {
            send((mail, says_mail, bytes.clone())).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
    fuzz("hook", &messages(), send);
}
