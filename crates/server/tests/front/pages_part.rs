//! A report joined to a case it has nothing to do with gets its own; and it is seen who knows what became of theirs.

use muster_core::id::CaseId;
use muster_core::time::Timestamp;
use muster_server::usecase::report_submit::Receipt;
use muster_store::process::{CaseRow, case_by_code, case_get};

use crate::app::{App, Browser, between, doors};
use crate::doctor::{health, said};
use crate::figures_history::{accept, answer, decide, rate, told};
use crate::pages_forms::has_form;

const AREA: &str = "900102001001";
const HOUR: i64 = 3600 * 1_000_000;

async fn case(app: &App, code: &str) -> CaseRow {
    let mut tx = app.state.read().await.unwrap();
    case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap()
}

async fn case_of(app: &App, id: CaseId) -> CaseRow {
    let mut tx = app.state.read().await.unwrap();
    case_get(&mut tx, id).await.unwrap().unwrap()
}

/// Two people who say the same, the second of whom is joined.
async fn joined(app: &App) -> (Receipt, Receipt) {
    let first = told(app, 0, AREA).await;
    app.advance(HOUR).await;
    let second = told(app, 0, AREA).await;
    assert!(second.joined && second.code == first.code, "{second:?}");
    (first, second)
}

async fn open(browser: &mut Browser<'_>, receipt: &Receipt) -> String {
    let page = browser.post("/track", &[("code", &receipt.code), ("secret", &receipt.secret)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body
}

fn forms(page: &str, end: &str) -> Vec<String> {
    let all = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|action| action.ends_with(end)).map(str::to_owned).collect()
}

doors!(whoever_was_joined_wrongly_gets_a_case_of_their_own, async |app: &App| {
    let (first, second) = joined(app).await;
    let shared = case(app, &first.code).await;
    app.advance(HOUR).await;
    let mut resident = app.browser();
    resident.get("/track").await;
    assert!(!has_form(&open(&mut resident, &first).await, "/part"), "the case is about what was said first");
    let page = open(&mut resident, &second).await;
    let action = forms(&page, "/part").remove(0);
    let wrong = resident.post(&action, &[("secret", &first.secret)]).await;
    assert_eq!(wrong.status, 409, "{}", wrong.body);
    let parted = resident.post(&action, &[("secret", &second.secret)]).await;
    assert_eq!(parted.status, 200, "{}", parted.body);

    let new = between(&parted.body, "新编号是 ", "，").unwrap().replace(' ', "");
    let (old, own) = (case(app, &first.code).await, case(app, &new).await);
    assert_eq!((old.reports, own.reports, old.state), (1, 1, shared.state));
    assert_eq!(own.received_at, shared.received_at.plus(HOUR), "the promise counts from when it was said");
    for code in [&second.code, &new] {
        let page = resident.post("/track", &[("code", code.as_str()), ("secret", &second.secret)]).await;
        assert!(page.body.replace("</span><span>", "").contains(&own.code.to_string().replace('-', "")), "{code}");
        assert!(!has_form(&page.body, "/part"), "it is nobody else's any more");
    }
    let strange = resident.post("/track", &[("code", new.as_str()), ("secret", &first.secret)]).await;
    assert_eq!(strange.status, 404, "the other's secret opens the other's case only");
    let twice = resident.post(&action, &[("secret", &second.secret)]).await;
    assert!(twice.status == 200 && twice.body.contains("新编号是"), "{}", twice.body);

    app.advance(HOUR).await;
    let third = told(app, 0, AREA).await;
    assert!(third.joined, "both are still found by what they say");
    app.advance(Timestamp::DAY).await;
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(staff_part_it_even_from_a_closed_case, async |app: &App| {
    let (first, second) = joined(app).await;
    decide(app, &first, "0201").await;
    accept(app, &first).await;
    app.advance(HOUR).await;
    answer(app, &first, "fixed").await;
    rate(app, &first, true, Some(5)).await;
    let mut stranger = app.signed_in("leader").await;
    let page = stranger.get(&format!("/case/{}", first.code)).await;
    assert!(forms(&page.body, "/part").is_empty(), "a leader looks on");
    let mut operator = app.signed_in("bh-operator").await;
    let page = operator.get(&format!("/case/{}", first.code)).await.body;
    let actions = forms(&page, "/part");
    assert_eq!(actions.len(), 1, "the first report stays: {page}");
    let mut foreign = app.signed_in("ys-operator").await;
    foreign.get("/inbox").await;
    assert_eq!(foreign.post(&actions[0], &[]).await.status, 404);
    let done = operator.post(&actions[0], &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let new = operator.get(done.header("location")).await;
    assert_eq!(new.status, 200);
    let id = case(app, &first.code).await.id;
    assert_eq!(case_of(app, id).await.reports, 1);
    let mut resident = app.browser();
    resident.get("/track").await;
    assert!(!open(&mut resident, &second).await.contains("tag closed"), "theirs is open");
    app.advance(Timestamp::DAY).await;
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(it_is_seen_who_knows_what_became_of_it, async |app: &App| {
    let (first, second) = joined(app).await;
    decide(app, &first, "0201").await;
    accept(app, &first).await;
    let mut operator = app.signed_in("bh-operator").await;
    let case = format!("/case/{}", first.code);
    assert!(!operator.get(&case).await.body.contains("尚未获知"), "there is nothing to know yet");
    let mut resident = app.browser();
    resident.get("/track").await;
    open(&mut resident, &first).await;
    app.advance(HOUR).await;
    answer(app, &first, "fixed").await;
    let mut operator = app.signed_in("bh-operator").await;
    let page = operator.get(&case).await.body;
    assert_eq!(page.matches("尚未获知结果").count(), 2, "who looked before the answer does not know it: {page}");
    open(&mut resident, &first).await;
    let page = operator.get(&case).await.body;
    assert_eq!((page.matches("尚未获知结果").count(), page.matches(">已获知结果").count()), (1, 1), "{page}");
    let tell = forms(&page, "/tell").remove(0);
    let mut leader = app.signed_in("leader").await;
    leader.get("/inbox").await;
    let refused = leader.post(&tell, &[]).await;
    assert!(refused.status == 403 && refused.body.contains("没有"), "{}", refused.body);
    assert_eq!(operator.post(&tell, &[]).await.status, 303);
    let page = operator.get(&case).await.body;
    assert_eq!(page.matches(">已获知结果").count(), 2, "{page}");
    assert!(forms(&page, "/tell").is_empty());
    assert!(open(&mut resident, &second).await.contains("已反馈"), "and they read it themselves");

    let third = told(app, 3, AREA).await;
    decide(app, &third, "0201").await;
    accept(app, &third).await;
    answer(app, &third, "fixed").await;
    rate(app, &third, true, Some(5)).await;
    let page = operator.get(&format!("/case/{}", third.code)).await.body;
    assert!(page.contains(">已获知结果"), "who answers the callback knows: {page}");
});

doors!(what_one_reporter_writes_is_not_for_another, async |app: &App| {
    let (first, second) = joined(app).await;
    decide(app, &first, "0201").await;
    accept(app, &first).await;
    answer(app, &first, "fixed").await;
    let mut resident = app.browser();
    let mut page = resident.get("/track").await.body;
    for (receipt, words) in [(&first, "我家在七号楼三单元，还是不亮"), (&second, "")] {
        page = open(&mut resident, receipt).await;
        if !words.is_empty() {
            let action = forms(&page, "/reopen").remove(0);
            let done = resident.post(&action, &[("secret", &receipt.secret), ("reason", words)]).await;
            assert!(done.status == 200 && done.body.contains(words), "their own: {}", done.body);
        }
    }
    assert!(page.contains("重新办理") && !page.contains("七号楼三单元"), "that it happened, not what was said: {page}");
    let mut operator = app.signed_in("bh-operator").await;
    let case = operator.get(&format!("/case/{}", first.code)).await.body;
    assert!(case.contains("七号楼三单元"), "whoever works on it reads it");
});
