//! How something was solved goes from a closed case to whoever has the next one alike, past a curator.

use muster_core::evaluate::PracticeVerdict;
use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::usecase::case_assign::case_assign;
use muster_server::usecase::practice::PracticeDraft;
use muster_server::usecase::practice_decide::practice_decide;
use muster_server::usecase::practice_measure::practices_measure;
use muster_server::usecase::practice_propose::practice_propose;
use muster_server::usecase::report_submit::{Receipt, report_submit};
use muster_store::people::unit_list;
use muster_store::practice::practice_get;
use uuid::Uuid;

use crate::app::{Answer, App, between, doors};
use crate::figures_history::{accept, answer, given, rate};

const HERE: &str = "900102001001";
const OWED: &str = "工地拖欠我们木工班组三个月工资，包工头电话打不通，项目部说钱已经付给他了，请帮我们要回来";
const OWED_TOO: &str = "我们瓦工班组在新城工地干了四个月，工资一直没有发，包工头失联，项目部说已经付清不再管";
const MEASURES: &str =
    "当天到项目部核对用工台账和付款凭证；三日内说不清的，启动工资保证金先行垫付；发放时三方在场签字留底。";
const FORM: [(&str, &str); 6] = [
    ("title", "工地欠薪先用保证金垫付"),
    ("matter", "包工头失联，总包单位称已付清，班组数月没有领到工资。"),
    ("measures", MEASURES),
    ("limits", "没有实名台账的先认定劳动关系。"),
    ("category", "0203"),
    ("area", "900102000000000"),
];

/// Somebody tells of wages owed; it is given to the district's human resources.
async fn told(app: &App, area: &str, text: &str) -> Receipt {
    app.hand.advance(Timestamp::HOUR);
    let draft = Draft {
        area: Some(area.parse().unwrap()),
        text: text.to_owned(),
        name: "欧阳建国".to_owned(),
        phone: "13900001111".to_owned(),
        ..Draft::default()
    };
    let receipt = report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap();
    let mut tx = app.state.read().await.unwrap();
    let units = unit_list(&mut tx).await.unwrap();
    drop(tx);
    let unit = units.iter().find(|unit| unit.code == "bh-human-resources").unwrap();
    case_assign(&app.state, &Actor::System, &receipt.code, unit.id, "由人社牵头", None).await.unwrap();
    receipt
}

/// A closed case whose resident says that it is solved.
async fn solved(app: &App, text: &str) -> Receipt {
    let receipt = told(app, HERE, text).await;
    accept(app, &receipt).await;
    answer(app, &receipt, "fixed").await;
    rate(app, &receipt, true, Some(5)).await;
    receipt
}

fn with<'a>(field: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    FORM.iter().map(|(name, usual)| (*name, if *name == field { value } else { usual })).collect()
}

fn id_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").rsplit('/').next().unwrap().to_owned()
}

doors!(what_was_solved_here_helps_there_once_a_curator_says_so, async |app: &App| {
    let case = solved(app, OWED).await;
    let mut handler = app.signed_in("bh-human-resources").await;
    let page = handler.get(&format!("/case/{}", case.code)).await.body;
    let form = format!("/case/{}/practice", case.code);
    assert!(page.contains(&format!("href=\"{form}\"")), "a closed case can be proposed: {page}");
    let page = handler.get(&form).await.body;
    assert!(page.contains("已到现场处理") && page.contains("木工班组"), "what was said and answered stands beside");
    for (field, value, problem) in [
        ("title", "", "太短了"),
        ("measures", "打13900001111找王工，他会先核对用工台账和付款凭证再垫付", "请去掉再提交"),
        ("matter", "欧阳建国所在班组数月没有领到工资，总包称已付清。", "请去掉再提交"),
        ("matter", "木工班组三个月工资，包工头电话打不通，项目部说钱已经付给他了，很难办。", "请用自己的话写"),
        ("category", "7777", "没有这个分类"),
        ("area", "900103000000000", "没有找到这个区域"),
    ] {
        let refused = handler.post(&form, &with(field, value)).await;
        assert_eq!(refused.status, 422, "{field}: {}", refused.body);
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.body);
        assert!(refused.body.contains(problem), "{field}: {}", refused.body);
        assert!(refused.body.contains("没有实名台账的先认定劳动关系"), "nothing typed is lost");
    }
    let id = id_of(&handler.post(&form, &FORM).await);
    let page = handler.get(&format!("/case/{}", case.code)).await.body;
    assert!(page.contains(&format!("/practices/{id}")), "the case says that it was proposed");
    assert_eq!(handler.get(&form).await.status, 422, "and is not proposed twice");

    // Which words are rare, a city knows by what else it is told.
    for n in 0..30 {
        crate::figures_history::told(app, n, "900103001001").await;
    }
    let next = told(app, "900102002001", OWED_TOO).await;
    let next_page = format!("/case/{}", next.code);
    let mut handler = app.signed_in("bh-human-resources").await;
    let page = handler.get(&next_page).await;
    assert!(
        page.status == 200 && !page.body.contains("同类问题怎样办好的"),
        "nobody has checked it yet: {}",
        page.body
    );
    let mut elsewhere = app.signed_in("ys-education").await;
    assert_eq!(elsewhere.get(&format!("/practices/{id}")).await.status, 404);
    let mut curator = app.signed_in("bh-coordinator").await;
    let queue = curator.get("/practices?show=proposed").await.body;
    assert!(queue.contains("工地欠薪先用保证金垫付"), "{queue}");
    let page = curator.get(&format!("/practices/{id}")).await.body;
    let version = between(&page, "name=\"version\" value=\"", "\"").unwrap().to_owned();
    let path = format!("/practices/{id}");
    let accepted = curator.post(&path, &[("verdict", "accept"), ("reason", ""), ("version", &version)]).await;
    assert_eq!(accepted.status, 303, "{}", accepted.body);

    assert!(elsewhere.get(&format!("/practices/{id}")).await.body.contains("先行垫付"), "all who work here read it");
    let page = handler.get(&next_page).await.body;
    assert!(page.contains("同类问题怎样办好的") && page.contains("<mark>"), "with the words they share: {page}");
    let take = format!("/case/{}/practices/{id}/use", next.code);
    let taken = handler.post(&take, &[]).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    let draft = handler.get(taken.header("location").split('#').next().unwrap()).await.body;
    let typed = between(&draft, "<textarea id=\"text\"", "</textarea>").unwrap();
    assert!(typed.contains("先行垫付"), "its measures stand in the answer: {typed}");
    assert!(draft.contains("改写后再提交"), "{draft}");
    handler.get(&next_page).await;
    assert_eq!(handler.post(&take, &[]).await.status, 303);
    let mut tx = app.state.read().await.unwrap();
    let shown = practice_get(&mut tx, id.parse().unwrap()).await.unwrap().unwrap();
    drop(tx);
    assert_eq!((shown.uses, shown.views), (1, 1), "twice for one case is once; a look before it was accepted is none");
    assert_eq!(elsewhere.post(&take, &[]).await.status, 404, "another unit's case");

    let own = handler.get(&format!("/case/{}", case.code)).await;
    assert!(own.status == 200 && !own.body.contains("同类问题怎样办好的"), "a closed case is offered nothing");
});

doors!(a_curator_rejects_with_a_reason_and_every_wording_is_kept, async |app: &App| {
    let case = solved(app, OWED).await;
    let mut handler = app.signed_in("bh-human-resources").await;
    handler.get(&format!("/case/{}/practice", case.code)).await;
    let id = id_of(&handler.post(&format!("/case/{}/practice", case.code), &FORM).await);
    let path = format!("/practices/{id}");
    let page = handler.get(&path).await.body;
    assert!(!page.contains("name=\"verdict\""), "who proposes does not decide: {page}");
    assert_eq!(handler.post(&path, &[("verdict", "accept")]).await.status, 403);

    let mut curator = app.signed_in("coordinator").await;
    let page = curator.get(&path).await.body;
    let version = between(&page, "name=\"version\" value=\"", "\"").unwrap().to_owned();
    let silent = curator.post(&path, &[("verdict", "reject"), ("reason", " "), ("version", &version)]).await;
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains("id=\"reason-error\""), "{}", silent.body);
    let mut edited = with("measures", "先核对台账，再由总包限期说明，逾期的启动保证金垫付并暂停评优，发放时三方签字。");
    edited.push(("version", version.as_str()));
    app.hand.advance(Timestamp::MINUTE);
    assert_eq!(curator.post(&format!("{path}/edit"), &edited).await.status, 303);
    let late = curator.post(&format!("{path}/edit"), &edited).await;
    assert_eq!(late.status, 412, "somebody was faster: {}", late.body);
    assert!(late.body.contains("暂停评优"), "and nothing typed is lost");
    let page = curator.get(&path).await.body;
    assert!(page.contains("暂停评优") && page.contains("三日内说不清的"), "the old words stay: {page}");
    let version = between(&page, "name=\"version\" value=\"", "\"").unwrap().to_owned();
    let fields = [("verdict", "reject"), ("reason", "已有同类案例"), ("version", version.as_str())];
    assert_eq!(curator.post(&path, &fields).await.status, 303);
    let again = curator.post(&path, &[("verdict", "reject"), ("reason", "再来")]).await;
    assert_eq!(again.status, 409, "rejected once");
    assert!(handler.get(&path).await.body.contains("已有同类案例"), "the unit reads why");
    assert!(handler.get("/practices?show=rejected").await.body.contains("工地欠薪先用保证金垫付"));
    let mut elsewhere = app.signed_in("ys-coordinator").await;
    assert_eq!(elsewhere.get(&path).await.status, 404);
    assert!(!elsewhere.get("/practices?show=rejected").await.body.contains("工地欠薪先用保证金垫付"));
});

/// A model way of the district, accepted.
async fn model_way(app: &App) -> Uuid {
    let draft = PracticeDraft {
        title: "错时清运，垃圾不过夜".to_owned(),
        matter: "老小区桶少车少，天热时满桶外溢，居民反复投诉。".to_owned(),
        measures: "记下桶位几点装满，改为早晚两清，桶位贴编号和时间，漏运当天补上。".to_owned(),
        limits: String::new(),
        category: "010201".to_owned(),
        area: Some("900102000000000".parse().unwrap()),
    };
    let id = practice_propose(&app.state, &Actor::System, None, &draft).await.unwrap();
    practice_decide(&app.state, &Actor::System, id, PracticeVerdict::Accept, "", None).await.unwrap();
    id
}

doors!(practices_are_found_by_words_class_and_level_and_opened_to_all_by_a_curator, async |app: &App| {
    let id = model_way(app).await;
    let mut reader = app.signed_in("ys-education").await;
    for (q, class, level, found) in [
        ("错时", "", "", true),
        ("错时 漏运", "", "", true),
        ("错时 电梯", "", "", false),
        ("", "01", "county", true),
        ("", "02", "", false),
        ("", "", "city", false),
        ("100%", "", "", false),
    ] {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("q", q).append_pair("class", class).append_pair("level", level).finish();
        let page = reader.get(&format!("/practices?{query}")).await;
        assert_eq!((page.status, page.body.contains("错时清运，垃圾不过夜")), (200, found), "{query}");
    }
    assert_eq!(reader.get("/practices/new").await.status, 403);
    assert_eq!(reader.get("/practices?q=%00").await.status, 400);
    let path = format!("/practices/{id}");
    let open = format!("/open/practices/{id}");
    let mut anybody = app.browser();
    assert_eq!(anybody.get(&open).await.status, 404, "not opened");
    let mut curator = app.signed_in("bh-coordinator").await;
    curator.get(&path).await;
    assert_eq!(curator.post(&path, &[("verdict", "publish")]).await.status, 303);
    assert!(anybody.get("/open/practices").await.body.contains(&open));
    let page = anybody.get(&open).await;
    assert!(page.status == 200 && page.body.contains("早晚两清") && page.body.contains("滨湖区"), "{}", page.body);
    assert!(!page.body.contains("/case/"), "no case is named");
    curator.get(&path).await;
    let retired = curator.post(&path, &[("verdict", "retire"), ("reason", "清运已改为全天")]).await;
    assert_eq!(retired.status, 303, "{}", retired.body);
    assert_eq!(anybody.get(&open).await.status, 404, "what is retired is closed");
    assert!(!reader.get("/practices").await.body.contains("错时清运，垃圾不过夜"));
});

doors!(how_well_it_worked_is_counted_from_cases_that_can_be_opened, async |app: &App| {
    // Four before, in twenty days; then the measure.
    for n in 0..4 {
        given(app, n, HERE, "0201").await;
        app.hand.advance(5 * Timestamp::DAY);
    }
    let source = given(app, 4, HERE, "0201").await;
    accept(app, &source).await;
    answer(app, &source, "fixed").await;
    rate(app, &source, true, Some(5)).await;
    let draft = PracticeDraft {
        title: "窗口先核后办".to_owned(),
        matter: "办事窗口反复补件，来回跑几趟。".to_owned(),
        measures: "窗口先核对材料清单，缺件一次告知，受理后由后台流转，不再让群众来回跑。".to_owned(),
        limits: String::new(),
        category: "0201".to_owned(),
        area: Some(HERE.parse().unwrap()),
    };
    let id = practice_propose(&app.state, &Actor::System, Some(&source.code), &draft).await.unwrap();
    practice_decide(&app.state, &Actor::System, id, PracticeVerdict::Accept, "", None).await.unwrap();
    let mut curator = app.signed_in("bh-coordinator").await;
    let path = format!("/practices/{id}");
    let page = curator.get(&path).await.body;
    assert!(page.contains("效果暂不下结论"), "no day has passed: {page}");
    assert!(page.contains("居民回访 1 件，确认解决 1 件"), "{page}");
    // One after, in the same place; others of another class, and elsewhere.
    app.hand.advance(10 * Timestamp::DAY);
    given(app, 5, HERE, "0201").await;
    given(app, 6, HERE, "0301").await;
    app.hand.advance(10 * Timestamp::DAY);
    given(app, 4, "900102002001", "0201").await;
    app.hand.advance(Timestamp::HOUR);
    assert_eq!(practices_measure(&app.state).await.unwrap(), 1);
    assert_eq!(practices_measure(&app.state).await.unwrap(), 0, "not again at once");
    let mut curator = app.signed_in("bh-coordinator").await;
    let page = curator.get(&path).await.body;
    assert!(page.contains("做法实施前 20 天有同类工单 4 件"), "{page}");
    assert!(page.contains("实施后 20 天有 1 件"), "{page}");
    assert!(page.contains("折算为原来的 25%") && page.contains("件数少，只作参考"), "{page}");
    assert!(page.contains("（95% 区间 4% 至 166%）"), "Wilson's bounds of 1 in 5, as odds: {page}");
    let before = curator.get(&format!("{path}/cases?side=before")).await.body;
    assert_eq!(before.matches("class=\"row\"").count(), 4, "{before}");
    assert_eq!(curator.get(&format!("{path}/cases?side=after")).await.body.matches("class=\"row\"").count(), 1);
    let taken = curator.get(&format!("{path}/cases?side=taken")).await.body;
    assert!(taken.contains(&source.code), "{taken}");
    let mut elsewhere = app.signed_in("ys-coordinator").await;
    let page = elsewhere.get(&format!("{path}/cases?side=before")).await.body;
    assert!(page.contains("另有 4 件不在您的辖区") && !page.contains("class=\"row\""), "counted, not listed: {page}");
    assert!(!elsewhere.get(&path).await.body.contains(&source.code));
});

doors!(only_closed_cases_and_only_of_ones_own_are_proposed, async |app: &App| {
    let open = told(app, HERE, OWED).await;
    let mut handler = app.signed_in("bh-human-resources").await;
    handler.get("/inbox").await;
    assert_eq!(handler.post(&format!("/case/{}/practice", open.code), &FORM).await.status, 409);
    let mut other = app.signed_in("bh-education").await;
    other.get("/inbox").await;
    assert_eq!(other.post(&format!("/case/{}/practice", open.code), &FORM).await.status, 404);
    assert_eq!(other.post("/practices", &FORM).await.status, 403, "a model way is a curator's");
    let mut operator = app.signed_in("bh-operator").await;
    assert_eq!(operator.get(&format!("/case/{}/practice", open.code)).await.status, 403);
    let mut curator = app.signed_in("bh-coordinator").await;
    curator.get("/practices/new").await;
    assert_eq!(curator.post("/practices", &with("area", "900103000000000")).await.status, 404, "another district");
    id_of(&curator.post("/practices", &FORM).await);
});
