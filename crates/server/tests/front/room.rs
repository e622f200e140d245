//! The third-party room: nobody chooses the sample, evaluators see nothing else, and what is signed stays.

use muster_core::intake::{Channel, Draft};
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_server::router::all;
use muster_server::usecase::report_submit::{Receipt, report_submit};
use muster_server::usecase::room_redraw::room_redraw;
use muster_store::testing::{count, execute};

use crate::app::{Answer, App, Browser, between, doors};
use crate::doctor::muster;
use crate::figures_history::{accept, decide, rate};

/// Everything an evaluator must never read: who reported, which unit, where, and under which code.
const HIDDEN: [&str; 8] =
    ["赵小满", "13900008888", "1390000", "人力资源和社会保障局", "人社局", "柳港里", "柳港", "滨湖"];
const TITLE: &str = "上半年办理质量评价";

/// A closed case of its own matter, whose texts say all that has to be hidden.
async fn closed(app: &App, n: usize, area: &str, outcome: &str, solved: Option<bool>) -> Receipt {
    let own: String = (0..14).map(|i| char::from_u32(0x5000 + (n * 14 + i) as u32).unwrap()).collect();
    let draft = Draft {
        area: Some(area.parse().unwrap()),
        place: "柳港里三号楼".to_owned(),
        text: format!("{own}，我是赵小满，电话13900008888，柳港里的，找过滨湖区人力资源和社会保障局。"),
        name: "赵小满".to_owned(),
        phone: "13900008888".to_owned(),
        ..Draft::default()
    };
    let receipt = report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap();
    if receipt.state == "triage" {
        decide(app, &receipt, "0201").await;
    }
    accept(app, &receipt).await;
    let answer = muster_server::usecase::task_answer::Answer {
        outcome: outcome.to_owned(),
        text: "赵小满您好，滨湖区人力资源和社会保障局已到柳港里核实，人社局会再回访。".to_owned(),
        evidence: "柳港街道办事处现场记录".to_owned(),
        ..Default::default()
    };
    muster_server::usecase::task_answer::task_answer(&app.state, &Actor::System, &receipt.code, &answer).await.unwrap();
    if let Some(solved) = solved {
        rate(app, &receipt, solved, Some(if solved { 5 } else { 1 })).await;
    }
    receipt
}

/// Ten closed cases in two districts, and two days later.
async fn history(app: &App) -> Vec<Receipt> {
    let mut cases = Vec::new();
    for n in 0..10 {
        let area = if n < 7 { "900102001001" } else { "900103001001" };
        cases.push(closed(app, n, area, if n % 2 == 0 { "fixed" } else { "not_fixed" }, Some(n % 3 != 0)).await);
        app.hand.advance(Timestamp::MINUTE);
    }
    app.advance(2 * Timestamp::DAY).await;
    cases
}

fn value<'a>(page: &'a str, name: &str) -> &'a str {
    between(page, &format!("name=\"{name}\" value=\""), "\"").unwrap()
}

/// The form of a contract on all cases of the history; what is given stands instead of the usual.
async fn order(browser: &mut Browser<'_>, instead: &[(&str, &str)]) -> Answer {
    let form = browser.get("/rooms/new").await;
    assert_eq!(form.status, 200, "{}", form.body);
    let evaluator = between(&form.body, "name=\"evaluator\" value=\"", "\"").unwrap().to_owned();
    let usual = [
        ("title", TITLE),
        ("agency", "湖东社会治理研究院"),
        ("area", "900100000000000"),
        ("cases_from", "2026-05-11"),
        ("cases_until", "2026-05-12"),
        ("work_from", "2026-05-13"),
        ("work_until", "2026-05-20"),
        ("by", "area"),
        ("allocation", "proportional"),
        ("size", "6"),
        ("least", "2"),
        ("questionnaire", "half_year"),
        ("seed", "secret"),
        ("evaluator", &evaluator),
    ];
    let kept = usual.iter().filter(|(name, _)| !instead.iter().any(|(other, _)| other == name));
    let fields: Vec<(&str, &str)> = kept.chain(instead).copied().collect();
    browser.post("/rooms", &fields).await
}

/// A contract whose sample is drawn; its id.
async fn drawn(app: &App, instead: &[(&str, &str)]) -> String {
    let mut leader = app.signed_in("leader").await;
    let ordered = order(&mut leader, instead).await;
    assert_eq!(ordered.status, 303, "{}", ordered.body);
    let room = ordered.header("location").to_owned();
    leader.get(&room).await;
    for act in ["frame", "draw"] {
        let done = leader.post(&format!("{room}/{act}"), &[]).await;
        assert_eq!(done.status, 303, "{act}: {}", done.body);
    }
    room.rsplit('/').next().unwrap().to_owned()
}

const GOOD: [(&str, &str); 5] =
    [("solved", "yes"), ("shown", "yes"), ("to_the_point", "4"), ("in_time", "yes"), ("as_resident", "5")];

/// Judges a case; returns where the page leads.
async fn judge(browser: &mut Browser<'_>, room: &str, number: usize, instead: &[(&str, &str)]) -> Answer {
    let path = format!("/room/{room}/{number}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let revision = value(&page.body, "revision").to_owned();
    let kept = GOOD.iter().filter(|(name, _)| !instead.iter().any(|(other, _)| other == name));
    let mut fields: Vec<(&str, &str)> = kept.chain(instead).copied().collect();
    fields.push(("revision", &revision));
    browser.post(&path, &fields).await
}

doors!(a_contract_says_what_is_wrong_and_loses_nothing, async |app: &App| {
    history(app).await;
    let mut leader = app.signed_in("leader").await;
    let bad = order(
        &mut leader,
        &[("title", " "), ("cases_until", "2026-05-01"), ("size", "0"), ("least", "x"), ("agency", "研究院")],
    )
    .await;
    assert_eq!(bad.status, 422);
    for field in ["title", "cases_until", "size", "least"] {
        assert!(bad.body.contains(&format!("id=\"{field}-error\"")), "{field}: {}", bad.body);
    }
    assert!(bad.body.contains("value=\"研究院\""), "{}", bad.body);
    let nowhere = order(&mut leader, &[("area", ""), ("title", "")]).await;
    for field in ["area", "title"] {
        assert!(nowhere.body.contains(&format!("id=\"{field}-error\"")), "all at once: {field}: {}", nowhere.body);
    }
    let small = order(&mut leader, &[("size", "3")]).await;
    let room = small.header("location").to_owned();
    leader.get(&room).await;
    let refused = leader.post(&format!("{room}/frame"), &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("样本太小"), "two areas of two each are four: {}", refused.body);
    let early = order(&mut leader, &[("cases_until", "2026-05-13")]).await.header("location").to_owned();
    leader.get(&early).await;
    assert!(leader.post(&format!("{early}/frame"), &[]).await.body.contains("还没有过完"), "the day is not over");
    let cancelled = leader.post(&format!("{room}/change"), &[("change", "cancel"), ("reason", "样本定小了")]).await;
    assert_eq!(cancelled.status, 303, "{}", cancelled.body);
    let page = leader.get(&room).await.body;
    assert!(page.contains("已取消") && page.contains("样本定小了"), "{page}");
    assert_eq!(leader.post(&format!("{room}/frame"), &[]).await.status, 422, "it is called off");
});

doors!(the_sample_is_the_one_of_the_published_seed, async |app: &App| {
    let cases = history(app).await;
    let mut leader = app.signed_in("leader").await;
    let room = order(&mut leader, &[]).await.header("location").to_owned();
    let before = leader.get(&room).await.body;
    let commitment = between(&before, "<dd class=\"hash\">", "</dd>").unwrap().to_owned();
    assert!(!before.contains("种子</dt>"), "the seed itself is not shown: {before}");
    assert_eq!(
        leader.post(&format!("{room}/draw"), &[]).await.status,
        422,
        "nothing is drawn before the frame is closed"
    );
    leader.post(&format!("{room}/frame"), &[]).await;
    // What happens afterwards is not in the frame.
    closed(app, 40, "900102001001", "fixed", Some(true)).await;
    assert_eq!(leader.post(&format!("{room}/frame"), &[]).await.status, 422, "closed once");
    leader.post(&format!("{room}/draw"), &[]).await;
    assert_eq!(leader.post(&format!("{room}/draw"), &[]).await.status, 422, "drawn once");
    let id: uuid::Uuid = room.rsplit('/').next().unwrap().parse().unwrap();
    let again = room_redraw(&app.state, &Actor::System, id).await.unwrap();
    assert!(again.is_same() && again.seed_same == Some(true), "{again:?}");
    assert_eq!((again.drawn, again.contract.row.frame_size), (6, Some(cases.len() as i64)));
    assert_eq!(muster_core::evaluate::sample::fingerprint(&again.seed), commitment);
    let page = leader.get(&format!("{room}/redraw")).await.body;
    assert!(page.contains("完全一样") && page.contains(&commitment) && page.contains(&again.seed), "{page}");
    let told = muster(app, &["room", "redraw", &id.to_string(), "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert!(told.status.success() && said["same"] == true && said["drawn"] == 6, "{said}");
    let public = app.browser().get(&format!("/open/rooms/{id}")).await;
    assert_eq!(public.status, 200);
    assert!(public.body.contains(&commitment) && public.body.contains(&again.frame_hash), "{}", public.body);
    assert!(cases.iter().all(|case| !public.body.contains(&case.code.replace('-', ""))), "no code is published");

    // Another case where one was drawn, behind the program's back.
    execute(
        &app.state.db,
        "update room_cases set case_id = (select f.case_id from room_frame f where f.case_id not in
         (select case_id from room_cases) order by f.case_id limit 1) where number = 2",
    )
    .await;
    assert_eq!(room_redraw(&app.state, &Actor::System, id).await.unwrap().differing, [2]);
    let told = muster(app, &["room", "redraw", &id.to_string()]);
    assert!(!told.status.success() && String::from_utf8_lossy(&told.stdout).contains("ANOTHER"));
    let sick = muster(app, &["doctor"]);
    assert!(String::from_utf8_lossy(&sick.stdout).contains("FINDING  rooms-sample"), "the doctor sees it");
    assert!(leader.get(&format!("{room}/redraw")).await.body.contains("不一样"));
});

doors!(a_public_number_is_drawn_after_the_frame_is_closed, async |app: &App| {
    history(app).await;
    let source = [("seed", "source"), ("source", "双色球第2026055期"), ("source_at", "2026-05-14T21:15")];
    let mut leader = app.signed_in("leader").await;
    let past = order(&mut leader, &[source[0], source[1], ("source_at", "2026-05-12T21:15")]).await;
    assert!(past.status == 422 && past.body.contains("id=\"source_at-error\""), "{}", past.body);
    let (room, late) = (order(&mut leader, &source).await, order(&mut leader, &source).await);
    let [room, late] = [room, late].map(|ordered| ordered.header("location").to_owned());
    leader.get(&room).await;
    assert_eq!(leader.post(&format!("{room}/frame"), &[]).await.status, 303);
    let early = leader.post(&format!("{room}/draw"), &[("number", "01 07")]).await;
    assert!(early.body.contains("号码还没有开出") && early.body.contains("value=\"01 07\""), "{}", early.body);
    app.advance(2 * Timestamp::DAY).await;
    let mut leader = app.signed_in("leader").await;
    leader.get(&late).await;
    let refused = leader.post(&format!("{late}/frame"), &[]).await;
    assert!(refused.status == 422 && refused.body.contains("号码已经开出"), "{}", refused.body);
    assert_eq!(leader.post(&format!("{room}/draw"), &[("number", " ")]).await.status, 422);
    assert_eq!(leader.post(&format!("{room}/draw"), &[("number", "01  07 33")]).await.status, 303);
    let page = leader.get(&room).await.body;
    assert!(page.contains("双色球第2026055期#01 07 33"), "the seed as anybody writes it down: {page}");
});

doors!(an_evaluator_reaches_the_sample_and_nothing_else, async |app: &App| {
    let cases = history(app).await;
    let room = drawn(app, &[]).await;
    let mut evaluator = app.signed_in("evaluator").await;
    let home = evaluator.get("/room").await;
    assert!(home.status == 200 && home.body.contains(TITLE), "{}", home.body);
    let mut bodies = vec![home.body, evaluator.get(&format!("/room/{room}")).await.body];
    for number in 1..=6 {
        let page = evaluator.get(&format!("/room/{room}/{number}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(
            page.body.contains("[单位]") && page.body.contains("[姓名]") && page.body.contains("[电话]"),
            "{}",
            page.body
        );
        assert!(!page.body.contains("<strong>回访</strong>"), "what the resident said is left out: {}", page.body);
        bodies.push(page.body);
    }
    for body in &bodies {
        for hidden in HIDDEN {
            assert!(!body.contains(hidden), "{hidden} in {body}");
        }
        for case in &cases {
            assert!(!body.contains(&case.code) && !body.contains(&case.code.replace('-', "")), "a code: {body}");
        }
    }
    assert_eq!(evaluator.get(&format!("/room/{room}/7")).await.status, 404, "not in the sample");
    let looks = "select count(*) from audit where subject_kind = 'room_case' and action = 'room_work'";
    assert_eq!(count(&app.state.db, looks).await, 6, "every look is on the record");

    // Every other route, with what is there behind it.
    let codes: Vec<String> = cases.iter().map(|case| case.code.replace('-', "")).collect();
    for route in all().filter(|route| may(&Actor::Anonymous, route.action, &Subject::NONE).is_err()) {
        let own = matches!(route.action, Action::RoomWork | Action::RoomAnswer | Action::RoomSign);
        let holder = matches!(route.action, Action::NoticeList | Action::NoticeWants | Action::SessionLogout);
        // Figures of the machine are for whoever is on it.
        if own || holder || route.path.starts_with("/api/") || route.path == "/metrics" {
            continue;
        }
        for code in &codes {
            let path = route.path.replace("{code}", code).replace("{id}", &room).replace("{number}", "1");
            let path = path.replace("{indicator}", "received").replace("{grant}", &room);
            let path = path.replace("{report}", &room).replace("{request}", &room).replace("{file}", "report.pdf");
            assert!(!path.contains('{'), "{path}: fill the gap");
            let what = format!("{} {path}", route.method);
            if route.method == "get" {
                let got = evaluator.get(&path).await;
                assert!(matches!(got.status, 403 | 404), "{what}: {} {}", got.status, got.body);
            } else {
                // A form may be refused for what it lacks before it is refused for whose it is; nothing is ever done.
                let got = evaluator.post(&path, &[("area", "900102001001"), ("reason", "看看")]).await;
                assert!((400..500).contains(&got.status), "{what}: {} {}", got.status, got.body);
            }
            if !route.path.contains("{code}") {
                break;
            }
        }
    }
    let api = app.api("evaluator").await;
    let closed_to_strangers =
        |route: &&muster_server::router::Route| may(&Actor::Anonymous, route.action, &Subject::NONE).is_err();
    for route in
        all().filter(closed_to_strangers).filter(|route| route.path.starts_with("/api/") && route.method == "get")
    {
        let path = route.path.replace("{code}", &codes[0]).replace("{id}", &room);
        let got = api.get(&path).await;
        assert!(matches!(got.status, 403 | 404), "{path}: {} {}", got.status, got.body);
    }

    // Named in no contract, or not in its days: it is not there.
    let mut other = app.signed_in("evaluator2").await;
    assert!(!other.get("/room").await.body.contains(TITLE));
    for path in [format!("/room/{room}"), format!("/room/{room}/1")] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(other.post(&format!("/room/{room}/1"), &GOOD).await.status, 404);
    for login in ["leader", "operator1", "bh-human-resources", "security-admin"] {
        let mut staff = app.signed_in(login).await;
        assert_eq!(staff.get(&format!("/room/{room}/1")).await.status, 403, "{login}");
    }
    app.advance(9 * Timestamp::DAY).await;
    let mut evaluator = app.signed_in("evaluator").await;
    assert_eq!(evaluator.get(&format!("/room/{room}/1")).await.status, 403, "the days are over");
    assert_eq!(evaluator.get(&format!("/room/{room}")).await.status, 200, "how far it came can still be seen");
});

doors!(who_works_on_cases_cannot_be_named, async |app: &App| {
    history(app).await;
    let id: uuid::Uuid = {
        let mut tx = app.state.read().await.unwrap();
        muster_store::people::account_by_login(&mut tx, "operator1").await.unwrap().unwrap().id.0
    };
    let mut leader = app.signed_in("leader").await;
    let refused = order(&mut leader, &[("evaluator", &id.to_string())]).await;
    assert!(refused.status == 422 && refused.body.contains("id=\"evaluators-error\""), "{}", refused.body);
    for (login, status) in [("bh-leader", 404), ("operator1", 403), ("evaluator", 403)] {
        let mut other = app.signed_in(login).await;
        other.get("/").await;
        let fields = [("title", "x"), ("area", "900100000000000")];
        assert_eq!(other.post("/rooms", &fields).await.status, status, "{login}: not for the whole city");
    }
});

doors!(answers_are_whole_and_nobody_writes_over_another, async |app: &App| {
    history(app).await;
    let room = drawn(app, &[]).await;
    let mut evaluator = app.signed_in("evaluator").await;
    let half = judge(&mut evaluator, &room, 1, &[("solved", ""), ("remark", "写了一半，电话13900001111")]).await;
    assert_eq!(half.status, 422);
    assert!(
        half.body.contains("id=\"q-solved-error\"") && !half.body.contains("id=\"q-shown-error\""),
        "{}",
        half.body
    );
    assert!(half.body.contains("写了一半"), "nothing typed is lost: {}", half.body);
    let done = judge(&mut evaluator, &room, 1, &[("remark", "只写了日期，电话13900001111")]).await;
    assert_eq!((done.status, done.header("location")), (303, format!("/room/{room}/2").as_str()), "the next one");
    let page = evaluator.get(&format!("/room/{room}/1")).await.body;
    assert!(page.contains("只写了日期，电话[电话]"), "{page}");
    assert!(between(&page, "name=\"solved\" value=\"yes\"", ">").unwrap().contains("checked"), "{page}");
    // A page that was open meanwhile.
    let late: Vec<(&str, &str)> = GOOD.iter().copied().chain([("revision", "0")]).collect();
    let refused = evaluator.post(&format!("/room/{room}/1"), &late).await;
    assert_eq!(refused.status, 412, "{}", refused.body);
    let second = judge(&mut evaluator, &room, 1, &[("solved", "cannot_tell")]).await;
    assert_eq!(second.status, 303, "a second thought is another revision");
    assert_eq!(count(&app.state.db, "select count(*) from room_answers").await, 2, "and both are kept");
});

doors!(what_is_signed_stays_and_stands_beside_the_residents_own, async |app: &App| {
    history(app).await;
    let room = drawn(app, &[("by", "all"), ("size", "10")]).await;
    let mut evaluator = app.signed_in("evaluator").await;
    let path = format!("/room/{room}");
    for number in 1..=10 {
        if number == 10 {
            let page = evaluator.get(&path).await.body;
            assert!(page.contains("已评 9 件，共 10 件") && !page.contains("/sign\""), "not before all: {page}");
            assert_eq!(evaluator.post(&format!("{path}/sign"), &[("name", "黄传芳")]).await.status, 422);
        }
        judge(&mut evaluator, &room, number, &[("solved", if number <= 8 { "yes" } else { "no" })]).await;
    }
    let page = evaluator.get(&path).await.body;
    let hash = between(&page, "<p class=\"hash\">", "</p>").unwrap().to_owned();
    let wrong = evaluator.post(&format!("{path}/sign"), &[("name", "别人")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"name-error\""), "{}", wrong.body);
    assert_eq!(evaluator.post(&format!("{path}/sign"), &[("name", "黄传芳")]).await.status, 303);
    assert_eq!(evaluator.get(&format!("{path}/1")).await.status, 403, "signed cases are shown no more");
    let fields: Vec<(&str, &str)> = GOOD.iter().copied().chain([("revision", "1")]).collect();
    assert_eq!(evaluator.post(&format!("{path}/1"), &fields).await.status, 422, "nor changed");
    assert_eq!(evaluator.get(&format!("/rooms/{room}/result")).await.status, 403, "the comparison is not theirs");

    let mut leader = app.signed_in("leader").await;
    let result = leader.get(&format!("/rooms/{room}/result")).await;
    assert_eq!(result.status, 200, "{}", result.body);
    // All ten were looked at: nothing is open. Six residents of ten said yes.
    for said in ["80.0%", "80.0% – 80.0%", "60.0%", "6/10", "黄传芳", &hash, "两边都有意见的 10 件里"] {
        assert!(result.body.contains(said), "{said}: {}", result.body);
    }
    let signed = "select count(*) from audit where action = 'room_sign' and reason is not null";
    assert_eq!(count(&app.state.db, signed).await, 1, "the hash is in the audit chain");

    // A correction is another version; the first stays as it was signed.
    evaluator.get(&path).await;
    let silent = evaluator.post(&format!("{path}/correct"), &[("reason", " ")]).await;
    assert!(silent.status == 422 && silent.body.contains("id=\"reason-error\""), "{}", silent.body);
    evaluator.post(&format!("{path}/correct"), &[("reason", "第一件看错了附件")]).await;
    judge(&mut evaluator, &room, 1, &[("solved", "no")]).await;
    evaluator.get(&path).await;
    assert_eq!(evaluator.post(&format!("{path}/sign"), &[("name", "黄传芳")]).await.status, 303);
    let second = leader.get(&format!("/rooms/{room}/result")).await.body;
    assert!(second.contains("70.0%") && second.contains("第 2 版"), "{second}");
    let first = leader.get(&format!("/rooms/{room}/result?version=1")).await.body;
    assert!(first.contains("80.0%") && first.contains(&hash) && !first.contains("对不上"), "{first}");
    assert!(leader.get(&format!("/rooms/{room}")).await.body.contains("第一件看错了附件"));

    execute(&app.state.db, "update room_answers set answers = '{\"solved\": \"yes\"}' where number = 9").await;
    let broken = leader.get(&format!("/rooms/{room}/result")).await.body;
    assert!(broken.contains("保存的答案与签字时的哈希对不上"), "{broken}");
    let sick = muster(app, &["doctor"]);
    assert!(String::from_utf8_lossy(&sick.stdout).contains("FINDING  rooms-signed"));
});

doors!(the_hotline_calls_without_knowing_what_was_found, async |app: &App| {
    history(app).await;
    let room = drawn(app, &[("calls", "yes"), ("by", "all"), ("size", "10")]).await;
    let mut operator = app.signed_in("bh-operator").await;
    let calls = operator.get("/rooms/calls").await;
    assert_eq!(calls.status, 200);
    assert_eq!(calls.body.matches("<li class=\"row\">").count(), 7, "those of the own district: {}", calls.body);
    let path = between(&calls.body, &format!("href=\"/rooms/{room}/calls/"), "\"").unwrap();
    let path = format!("/rooms/{room}/calls/{path}");
    let page = operator.get(&path).await.body;
    assert!(page.contains("居民在电话里说") && !page.contains("从材料看"), "{page}");
    let half = operator.post(&path, &[("revision", "0"), ("call_solved", "yes")]).await;
    assert!(half.status == 422 && half.body.contains("id=\"q-call_satisfied-error\""), "{}", half.body);
    let said = [("revision", "0"), ("call_solved", "yes"), ("call_satisfied", "4"), ("call_words", "我叫王五")];
    assert_eq!(operator.post(&path, &said).await.status, 303);
    assert_eq!(operator.get("/rooms/calls").await.body.matches("<li class=\"row\">").count(), 6);
    let foreign = (1..=10).map(|number| format!("/rooms/{room}/calls/{number}"));
    let mut elsewhere = app.signed_in("ys-operator").await;
    let mut open = 0;
    for path in foreign {
        open += usize::from(elsewhere.get(&path).await.status == 200);
    }
    assert_eq!(open, 3, "cases of another district are not there");
    let mut evaluator = app.signed_in("evaluator").await;
    assert_eq!(evaluator.get(&path).await.status, 403);
    assert!(!evaluator.get(&format!("/room/{room}/1")).await.body.contains("call_solved"));
});
