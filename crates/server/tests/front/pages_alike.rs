//! "Is it one of these?": who tells the same again is asked, joins or does not, and learns nothing of the other.

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_server::usecase::report_submit::{Receipt, report_submit};

use crate::app::{App, Browser, between, doors};
use crate::figures_history::{accept, answer, plain, told};
use crate::pages_forms::{receipt, value};

const FIRST: &str =
    "柳港里小区北门口的路灯坏了一个多星期，晚上黑得看不见路，老人出门买菜摔了一跤。我叫李秀英，住在七号楼。";
const AGAIN: &str = "柳港里小区北门口的路灯坏了一个多星期，晚上黑得看不见路，孩子放学回家害怕。";
const AREA: &str = "900102001001";

async fn tell(app: &App, text: &str, area: &str) -> Receipt {
    let draft = Draft {
        area: Some(area.parse().unwrap()),
        text: text.to_owned(),
        name: "李秀英".to_owned(),
        ..Draft::default()
    };
    report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap()
}

/// The third screen for a text, and its fields.
async fn check(resident: &mut Browser<'_>, text: &str, area: &str) -> (String, String) {
    let key = value(&resident.get("/").await.body, "key").unwrap();
    let page = resident.post("/report/check", &[("text", text), ("area", area), ("key", &key)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    (page.body, key)
}

/// What the screen offers to join: the token, and what is said of the case.
fn offers(page: &str) -> Vec<(String, String)> {
    let choices = page.split("name=\"join\"").skip(1).map(|choice| {
        let token = between(choice, "value=\"", "\"").unwrap().to_owned();
        (token, plain(choice.split_once('>').unwrap().1.split("</label>").next().unwrap()))
    });
    choices.filter(|(token, _)| token != "none").collect()
}

async fn reports(app: &App, code: &str) -> i64 {
    let mut tx = app.state.read().await.unwrap();
    muster_store::process::case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap().reports
}

doors!(the_same_matter_is_offered_and_joined, async |app: &App| {
    let first = tell(app, FIRST, AREA).await;
    let mut resident = app.browser();
    let (page, key) = check(&mut resident, AGAIN, AREA).await;
    let offered = offers(&page);
    assert_eq!(offered.len(), 1, "{page}");
    assert_eq!(value(&page, "join").as_deref(), Some("none"), "nobody is joined by default");
    let fields = [("text", AGAIN), ("area", AREA), ("key", key.as_str()), ("join", offered[0].0.as_str())];
    let done = resident.post("/report", &fields).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let (code, secret) = receipt(&done.body);
    assert_eq!(code, first.code.replace('-', ""));
    assert_ne!(secret, first.secret, "each has a secret of their own");
    assert!(done.body.contains("已并入正在办理的同一件事"));
    assert_eq!(reports(app, &code).await, 2);
    let again = resident.post("/report", &fields).await;
    assert_eq!(receipt(&again.body), (code.clone(), secret.clone()), "the same form again is the same report");
    assert_eq!(reports(app, &code).await, 2);
    let other = [fields[0], fields[1], fields[2], ("join", "none")];
    assert_eq!(resident.post("/report", &other).await.status, 422, "another choice is another report");

    let opened = resident.post("/track", &[("code", &code), ("secret", &secret)]).await;
    assert!(opened.body.contains("孩子放学回家害怕"), "they read their own words: {}", opened.body);
    for words in ["摔了一跤", "七号楼", "李秀英"] {
        assert!(!opened.body.contains(words), "and not those of the other: {words}");
    }
});

doors!(what_is_offered_tells_a_stranger_nothing_new, async |app: &App| {
    let first = tell(app, FIRST, AREA).await;
    let mut resident = app.browser();
    let (page, _) = check(&mut resident, AGAIN, AREA).await;
    let offered = offers(&page);
    let shown = &offered[0].1;
    assert!(shown.contains("柳港里社区") && shown.contains("2026年5月"), "{shown}");
    assert!(shown.contains("柳港里小区北门口的路灯坏了一个多星期"), "by their own words they recognise it: {shown}");
    for words in ["老人出门", "摔了一跤", "七号楼", "李秀英", "5月11日"] {
        assert!(!page.contains(words), "{words} is the other's");
    }
    let code = first.code.replace('-', "");
    assert!(!page.contains(&code) && !page.contains(&first.code), "the code is the other's too");
    let (page, _) = check(&mut app.browser(), AGAIN, AREA).await;
    assert_ne!(offers(&page)[0].0, offered[0].0, "two drafts cannot tell that they were shown one case");
    let stolen = [("text", AGAIN), ("area", AREA), ("key", "another-draft"), ("join", offered[0].0.as_str())];
    let done = resident.post("/report", &stolen).await;
    assert_ne!(receipt(&done.body).0, code, "a token is good for its own draft only");
});

doors!(whoever_says_it_is_another_matter_is_believed, async |app: &App| {
    let first = tell(app, AGAIN, AREA).await;
    let mut resident = app.browser();
    let (page, key) = check(&mut resident, AGAIN, AREA).await;
    let offered = offers(&page);
    assert_eq!(value(&page, "join").as_ref(), Some(&offered[0].0), "word for word the same: joined unless they object");
    let fields = [("text", AGAIN), ("area", AREA), ("key", key.as_str()), ("join", "none")];
    let done = resident.post("/report", &fields).await;
    assert_ne!(receipt(&done.body).0, first.code.replace('-', ""));
    assert_eq!(reports(app, &first.code).await, 1);
});

doors!(a_case_answered_meanwhile_takes_no_more_reports, async |app: &App| {
    let first = told(app, 0, AREA).await;
    let mut resident = app.browser();
    let (page, key) = check(&mut resident, "甲处有情况，盼有人来看看", AREA).await;
    let offered = offers(&page);
    assert_eq!(offered.len(), 1, "{page}");
    crate::figures_history::decide(app, &first, "0201").await;
    accept(app, &first).await;
    answer(app, &first, "fixed").await;
    let text = [("text", "甲处有情况，盼有人来看看"), ("area", AREA), ("key", key.as_str())];
    let done = resident.post("/report", &[text.as_slice(), &[("join", &offered[0].0)]].concat()).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_ne!(receipt(&done.body).0, first.code.replace('-', ""));
    assert!(done.body.contains("刚刚办结，这次单独登记了"), "{}", done.body);
    assert!(offers(&check(&mut resident, "甲处有情况，盼有人来看看", AREA).await.0).len() == 1, "only the open one");
});

doors!(only_open_cases_nearby_and_no_tip_offs_are_offered, async |app: &App| {
    tell(app, FIRST, "900103001001").await;
    tell(app, FIRST, "900102002001").await;
    let tip = "举报柳港里社区有人在地下室非法集资，骗了很多老人的养老钱，请快来查处。";
    tell(app, tip, AREA).await;
    let mut resident = app.browser();
    for text in [AGAIN, FIRST, tip] {
        let (page, _) = check(&mut resident, text, AREA).await;
        assert!(offers(&page).is_empty(), "{text}: {page}");
        assert!(!page.contains("name=\"join\""), "where nothing is offered, nothing is asked");
    }
    for n in 0..5 {
        let draft = format!("{AGAIN}这是第{n}个人说的，楼号各不相同，{}", "零一二三四".chars().nth(n).unwrap());
        tell(app, &draft, ["900102001001", "900102001002"][n % 2]).await;
    }
    let (page, _) = check(&mut resident, AGAIN, AREA).await;
    assert!((1..=3).contains(&offers(&page).len()), "at most three: {page}");
});

doors!(an_operator_may_ask_too, async |app: &App| {
    let first = tell(app, FIRST, AREA).await;
    let mut operator = app.signed_in("bh-operator").await;
    let key = value(&operator.get("/desk").await.body, "key").unwrap();
    let said = [("text", AGAIN), ("area", AREA), ("name", "陈先生"), ("key", key.as_str()), ("channel", "hotline")];
    let asked = operator.post("/desk/alike", &said).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert_eq!(value(&asked.body, "name").as_deref(), Some("陈先生"), "nothing typed is lost");
    let offered = offers(&asked.body);
    assert_eq!(offered.len(), 1);
    let taken = operator.post("/desk", &[said.as_slice(), &[("join", &offered[0].0)]].concat()).await;
    assert_eq!(receipt(&taken.body).0, first.code.replace('-', ""));
    let nothing = operator.post("/desk/alike", &[("text", "完全不同的一件事情要说"), ("area", AREA)]).await;
    assert!(nothing.body.contains("没有类似的"), "{}", nothing.body);
    let foreign = operator.post("/desk/alike", &[("text", AGAIN), ("area", "900103001001")]).await;
    assert_eq!(foreign.status, 404, "what lies elsewhere is not looked through");
    assert_eq!(value(&foreign.body, "text").as_deref(), Some(AGAIN));
});
