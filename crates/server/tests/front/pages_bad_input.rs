//! Bad input at the pages: each says what to do, and nothing typed is lost.

use muster_core::time::Timestamp;
use std::net::{IpAddr, Ipv4Addr};

use crate::app::{Answer, App, Browser, PASSWORD, doors};
use crate::figures_history::{accept, answer as answer_case, given, plain};
use crate::pages_forms::{has_form, receipt, value};

const SAID: &str = "楼下的垃圾桶满了三天没人收，味道很大 <b>&\"急\"</b>";
const FORM: &str = "application/x-www-form-urlencoded";
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn keeps(answer: &Answer, status: u16, fields: &[(&str, &str)]) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.header("content-type").starts_with("text/html"), "a page, not {}", answer.header("content-type"));
    for (name, typed) in fields {
        assert_eq!(value(&answer.body, name).as_deref(), Some(*typed), "{name} in {}", answer.body);
    }
}

async fn fresh<'a>(app: &'a App, page: &str) -> Browser<'a> {
    let mut browser = app.browser();
    assert_eq!(browser.get(page).await.status, 200);
    browser
}

doors!(what_is_wrong_stands_beside_its_field, async |app: &App| {
    let mut resident = fresh(app, "/").await;
    let long = "路".repeat(app.state.pack.intake.text_max + 1);
    for (text, area, wrong) in [
        ("", "900102001001", "请写下发生了什么"),
        (long.as_str(), "900102001001", "太长了，请缩短一些"),
        ("嗯", "900102001001", "太短了"),
        (SAID, "", "请选择在哪个区域"),
        (SAID, "900199", "请选择在哪个区域"),
        (SAID, "月球", "请选择在哪个区域"),
        (SAID, "-1", "请选择在哪个区域"),
    ] {
        for page in ["/report/contact", "/report/check", "/report"] {
            let fields = [("text", text), ("area", area), ("place", "三号楼"), ("name", "王女士"), ("key", "k1")];
            let answer = resident.post(page, &fields).await;
            keeps(&answer, 422, &[("text", text), ("place", "三号楼"), ("name", "王女士"), ("key", "k1")]);
            assert!(answer.body.contains(wrong), "{page} does not say {wrong}: {}", answer.body);
        }
    }
    let fields = [("text", SAID), ("area", "900102001001"), ("phone", "打我电话"), ("name", "王女士")];
    let answer = resident.post("/report/check", &fields).await;
    keeps(&answer, 422, &[("text", SAID), ("phone", "打我电话"), ("name", "王女士")]);
    assert!(answer.body.contains("电话号码不对"));
    let many = "字".repeat(201);
    let fields = [("text", SAID), ("area", "900102001001"), ("place", many.as_str())];
    keeps(&resident.post("/report/contact", &fields).await, 422, &[("place", &many), ("text", SAID)]);
});

doors!(a_body_nobody_can_read_gets_a_page_that_says_so, async |app: &App| {
    let mut resident = fresh(app, "/").await;
    for (path, kind, body, status) in [
        ("/report/contact", FORM, "text=%ff%fe".to_owned(), 400),
        ("/report", FORM, "text=a%00b".to_owned(), 400),
        ("/report", "multipart/form-data; boundary=b", "--b\r\nrubbish".to_owned(), 400),
        ("/login", "multipart/form-data; boundary=b", "--b\r\nrubbish".to_owned(), 415),
        ("/report", "application/json", "{}".to_owned(), 415),
        ("/report", "", String::new(), 415),
        ("/report", FORM, "text=".to_owned() + &"x".repeat(3 << 20), 413),
        ("/login", FORM, "login=%c3%28".to_owned(), 400),
        ("/track", "text/plain", "code".to_owned(), 415),
    ] {
        let answer = resident.post_raw(path, kind, body).await;
        keeps(&answer, status, &[]);
        assert!(answer.body.contains("href=\"/\""), "a way on");
    }
    for (path, status) in [
        ("/track/%ff", 400),
        ("/track/%00", 400),
        ("/track/nonsense", 422),
        ("/track/0000-0000-00000", 404),
        ("/login?next=%ff", 400),
        ("/nowhere", 404),
        ("/report", 405),
        ("/case", 404),
    ] {
        let answer = resident.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        keeps(&answer, status, &[]);
    }
    let mut staff = app.signed_in("operator1").await;
    for path in ["/inbox?q=%00", "/inbox?cursor=%ff", "/triage?case=%00"] {
        assert_eq!(staff.get(path).await.status, 400, "{path}");
    }
    for path in
        ["/inbox?cursor=1_2", "/inbox?area=x&unit=y&state=z&tab=w", "/inbox?q=%25_%5C%27%22", "/inbox?q=*%20AND%20("]
    {
        assert_eq!(staff.get(path).await.status, 200, "{path}");
    }
    assert_eq!(staff.get("/triage?case=nonsense").await.status, 404);
});

doors!(an_old_form_is_sent_again_with_one_press, async |app: &App| {
    let mut resident = fresh(app, "/").await;
    let fields =
        [("text", SAID), ("area", "900102001001"), ("place", "三号楼"), ("phone", "19900000001"), ("key", "old")];
    let stale = [fields.as_slice(), &[("csrf", "0000")]].concat();
    for page in ["/report/contact", "/report/check", "/report"] {
        let answer = resident.post(page, &stale).await;
        keeps(&answer, 403, &fields);
        assert!(has_form(&answer.body, page), "it is sent to the same place");
        assert!(answer.body.contains("这一页打开得太久了") && answer.body.contains("再提交一次"));
    }
    let mut stranger = app.browser();
    keeps(&stranger.post("/report", &stale).await, 403, &fields);
    let sent = stranger.post("/report", &fields).await;
    assert_eq!(sent.status, 200, "the page gave a token: {}", sent.body);

    let mut staff = app.signed_in("operator1").await;
    let answer = staff.post("/desk", &stale).await;
    keeps(&answer, 403, &fields);
    let secrets = [("login", "leader"), ("password", PASSWORD), ("csrf", "0000")];
    let answer = app.browser().post("/login", &secrets).await;
    keeps(&answer, 403, &[("login", "leader")]);
    assert!(!answer.body.contains(PASSWORD), "a password is never shown");
});

doors!(two_presses_of_send_are_one_report, async |app: &App| {
    let mut resident = app.browser();
    let key = value(&resident.get("/").await.body, "key").unwrap();
    let fields = [("text", SAID), ("area", "900102001001"), ("key", key.as_str())];
    let first = resident.post("/report", &fields).await;
    let second = resident.post("/report", &fields).await;
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(receipt(&first.body), receipt(&second.body));
    let changed = [("text", "同一把钥匙，说的是另一件事：路灯不亮"), ("area", "900102001001"), ("key", key.as_str())];
    let answer = resident.post("/report", &changed).await;
    keeps(&answer, 422, &[("text", changed[0].1)]);
    assert!(answer.body.contains("刚才已经发送过了"), "{}", answer.body);
    let renewed = value(&answer.body, "key").unwrap();
    assert_ne!(renewed, key);
    let other = resident.post("/report", &[changed[0], changed[1], ("key", &renewed)]).await;
    assert_eq!(other.status, 200);
    assert_ne!(receipt(&other.body).0, receipt(&first.body).0);

    let mut operator = app.signed_in("operator1").await;
    let key = value(&operator.get("/desk").await.body, "key").unwrap();
    let said = [
        ("text", "电话里说：井盖松动，车一过就响"),
        ("area", "900102001001"),
        ("key", key.as_str()),
        ("channel", "hotline"),
    ];
    let (first, second) = (operator.post("/desk", &said).await, operator.post("/desk", &said).await);
    assert_eq!(receipt(&first.body), receipt(&second.body));
});

doors!(too_many_tries_say_when_to_come_back, async |app: &App| {
    let until = |check: &dyn Fn() -> bool| while check() {};
    let limits = &app.state.limits;
    let told = |answer: &Answer| {
        let seconds: u64 = answer.header("retry-after").parse().unwrap_or_else(|_| panic!("{:?}", answer.headers));
        assert!((1..=3600).contains(&seconds));
        assert!(answer.body.contains(&format!("{seconds} 秒后再试")), "{}", answer.body);
    };
    let mut resident = fresh(app, "/").await;
    let fields = [("text", SAID), ("area", "900102001001"), ("key", "k"), ("name", "王女士")];
    let done = resident.post("/report", &[("text", "还没有到限之前说的一件事"), ("area", "900102001001")]).await;
    let (code, secret) = receipt(&done.body);
    until(&|| limits.report(HERE).is_ok());
    let answer = resident.post("/report", &fields).await;
    keeps(&answer, 429, &fields);
    told(&answer);
    assert_eq!(resident.post("/report/check", &fields).await.status, 200, "what was typed can still be read back");

    let mut staff = fresh(app, "/login").await;
    until(&|| limits.login(HERE, "leader").is_ok());
    let answer = staff.post("/login", &[("login", "leader"), ("password", PASSWORD), ("next", "/inbox")]).await;
    keeps(&answer, 429, &[("login", "leader"), ("next", "/inbox")]);
    told(&answer);

    let mut reporter = fresh(app, "/track").await;
    until(&|| limits.code(HERE, &code).is_ok());
    let answer = reporter.post("/track", &[("code", &code), ("secret", &secret)]).await;
    keeps(&answer, 429, &[("code", &code)]);
    told(&answer);
    let words = [("secret", secret.as_str()), ("resolved", "no"), ("comment", "还在漏"), ("reason", "又漏了")];
    for form in ["callback", "reopen"] {
        let answer = reporter.post(&format!("/track/{code}/{form}"), &words).await;
        keeps(&answer, 429, &[("comment", "还在漏"), ("reason", "又漏了"), ("secret", &secret)]);
        told(&answer);
    }
    app.hand.advance(Timestamp::HOUR);
    assert_eq!(resident.post("/report", &fields).await.status, 200);
});

doors!(whoever_is_not_signed_in_signs_in_and_goes_on, async |app: &App| {
    let mut browser = app.browser();
    let sent = browser.get("/inbox?tab=all&q=%E8%B7%AF%E7%81%AF").await;
    assert_eq!(sent.status, 303);
    let login = browser.get(sent.header("location")).await;
    let next = value(&login.body, "next").unwrap();
    assert_eq!(next, "/inbox?tab=all&q=%E8%B7%AF%E7%81%AF");
    let wrong = browser.post("/login", &[("login", "leader"), ("password", "wrong"), ("next", &next)]).await;
    keeps(&wrong, 422, &[("login", "leader"), ("next", &next)]);
    assert!(wrong.body.contains("账号或密码不对"));
    let right = browser.post("/login", &[("login", "leader"), ("password", PASSWORD), ("next", &next)]).await;
    assert_eq!((right.status, right.header("location")), (303, next.as_str()));
    for elsewhere in ["//evil.example/", "https://evil.example/", "/\\evil.example"] {
        let mut browser = fresh(app, "/login").await;
        let answer = browser.post("/login", &[("login", "leader"), ("password", PASSWORD), ("next", elsewhere)]).await;
        assert_eq!(answer.header("location"), "/dashboard", "{elsewhere}");
    }
});

doors!(a_session_that_ends_loses_no_words, async |app: &App| {
    let case = given(app, 0, "900102001001", "0201").await;
    let code = case.code.replace('-', "");
    let mut handler = app.signed_in("bh-human-resources").await;
    let page = handler.get(&format!("/case/{code}")).await;
    let version = value(&page.body, "version").unwrap();
    app.hand.advance(40 * Timestamp::MINUTE);
    let typed = [
        ("version", version.as_str()),
        ("outcome", "fixed"),
        ("text", "已经补发，请查收。"),
        ("evidence", "发放记录 5 号"),
    ];
    let ended = handler.post(&format!("/case/{code}/answer"), &typed).await;
    keeps(&ended, 401, &[("next", &format!("/case/{code}/answer"))]);
    assert!(ended.body.contains("都保留着"), "{}", ended.body);
    let held = value(&ended.body, "held").unwrap();
    let login = [("login", "bh-human-resources"), ("next", &format!("/case/{code}/answer")), ("held", &held)];
    let wrong = handler.post("/login", &[login.as_slice(), &[("password", "wrong")]].concat()).await;
    keeps(&wrong, 422, &[("held", &held)]);
    let back = handler.post("/login", &[login.as_slice(), &[("password", PASSWORD)]].concat()).await;
    keeps(&back, 200, &typed);
    assert!(has_form(&back.body, &format!("/case/{code}/answer")));
    let sent = handler.post(&format!("/case/{code}/answer"), &typed).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(plain(&handler.get(&format!("/case/{code}")).await.body).contains("已经补发，请查收。"));

    let mut operator = app.signed_in("operator1").await;
    operator.get("/desk").await;
    app.hand.advance(40 * Timestamp::MINUTE);
    let call = [("text", SAID), ("area", "900102001001"), ("name", "王女士")];
    for form in ["/desk", "/desk/alike", "/desk/lookup"] {
        keeps(&operator.post(form, &call).await, 401, &[("next", form)]);
    }
    let mut resident = app.signed_in("operator1").await;
    resident.get("/").await;
    app.hand.advance(40 * Timestamp::MINUTE);
    let answer = resident.post("/report", &call).await;
    keeps(&answer, 403, &[("text", SAID)]);
    assert_eq!(resident.post("/report", &call).await.status, 200, "to report nobody has to sign in");
});

doors!(staff_forms_say_what_is_missing, async |app: &App| {
    let case = given(app, 0, "900102001001", "0201").await;
    let code = case.code.replace('-', "");
    let mut handler = app.signed_in("bh-human-resources").await;
    handler.get(&format!("/case/{code}")).await;
    let long = "字".repeat(app.state.pack.intake.text_max + 1);
    for (outcome, text, evidence, wrong) in [
        ("", "写了答复", "依据", "请选择办理结果"),
        ("magic", "写了答复", "依据", "请选择办理结果"),
        ("fixed", "", "依据", "请写给反映人的答复"),
        ("fixed", "写了答复", "", "这种结果要附上依据"),
        ("fixed", &long, "依据", "太长了"),
    ] {
        let fields = [("outcome", outcome), ("text", text), ("evidence", evidence)];
        let answer = handler.post(&format!("/case/{code}/answer"), &fields).await;
        keeps(&answer, 422, &[("text", text), ("evidence", evidence)]);
        assert!(answer.body.contains(wrong), "no {wrong}: {}", answer.body);
    }
    let answer = handler.post(&format!("/case/{code}/dispute"), &[("reason", ""), ("note", "")]).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let answer = handler.post(&format!("/case/{code}/reveal"), &[("reason", " ")]).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let mut coordinator = app.signed_in("bh-coordinator").await;
    coordinator.get(&format!("/case/{code}")).await;
    let nobody = uuid::Uuid::from_u128(7).to_string();
    for unit in ["", "nonsense", nobody.as_str()] {
        let fields = [("unit", unit), ("reason", "由他们办更快")];
        let answer = coordinator.post(&format!("/case/{code}/assign"), &fields).await;
        keeps(&answer, 422, &[("reason", "由他们办更快")]);
    }

    let waiting = crate::figures_history::told(app, 1, "900102001001").await;
    let waiting = waiting.code.replace('-', "");
    for (category, unit, wrong) in
        [("", "", "请选择一个分类"), ("9999", "", "请选择一个分类"), ("0201", nobody.as_str(), "请选择一个单位")]
    {
        let answer = coordinator.post(&format!("/triage/{waiting}"), &[("category", category), ("unit", unit)]).await;
        keeps(&answer, 422, &[]);
        assert!(answer.body.contains(wrong), "no {wrong}: {}", answer.body);
    }
    let fields = [("reason", "nonsense"), ("note", "说明写在这里")];
    keeps(&coordinator.post(&format!("/triage/{waiting}/refuse"), &fields).await, 422, &[("note", "说明写在这里")]);

    let mut operator = app.signed_in("bh-operator").await;
    operator.get("/desk").await;
    let call = [("text", SAID), ("area", "900103001001"), ("name", "王女士"), ("phone", "19900000001")];
    let answer = operator.post("/desk", &call).await;
    keeps(&answer, 422, &[("text", SAID), ("name", "王女士"), ("phone", "19900000001")]);
    assert!(answer.body.contains("不在这里登记"));
    keeps(&operator.post("/desk/lookup", &[("phone", "abc"), ("text", SAID)]).await, 422, &[("text", SAID)]);
});

doors!(the_resident_s_forms_say_what_is_missing, async |app: &App| {
    let case = given(app, 0, "900102001001", "0201").await;
    accept(app, &case).await;
    answer_case(app, &case, "fixed").await;
    let mut reporter = fresh(app, "/track").await;
    let at = format!("/track/{}", case.code.replace('-', ""));
    let wrong = reporter.post("/track", &[("code", &case.code), ("secret", "1111-1111")]).await;
    keeps(&wrong, 404, &[("code", &case.code)]);
    assert!(wrong.body.contains("对不上"));
    let fields = [("secret", case.secret.as_str()), ("resolved", ""), ("satisfaction", "5"), ("comment", "谢谢")];
    let answer = reporter.post(&format!("{at}/callback"), &fields).await;
    keeps(&answer, 422, &[("comment", "谢谢"), ("satisfaction", "5")]);
    assert!(answer.body.contains("请选事情解决了没有"));
    let fields = [("secret", case.secret.as_str()), ("resolved", "yes"), ("satisfaction", "9"), ("comment", "谢谢")];
    let answer = reporter.post(&format!("{at}/callback"), &fields).await;
    keeps(&answer, 422, &[("comment", "谢谢")]);
    let answer = reporter.post(&format!("{at}/reopen"), &[("secret", &case.secret), ("reason", " ")]).await;
    keeps(&answer, 422, &[]);
    let bad = [("secret", "wrong"), ("resolved", "yes"), ("comment", "写了很多")];
    keeps(&reporter.post(&format!("{at}/callback"), &bad).await, 404, &[("comment", "写了很多")]);
});
