//! Who bears the cost of a joint project: shares to the fen, payments by their papers, waivers by a second person.

use axum::http::Method;
use muster_store::testing::execute;
use serde_json::{Value, json};

use crate::app::{Api, App, between, doors};
use crate::doctor;

async fn unit(app: &App, code: &str) -> String {
    let mut tx = app.state.read().await.unwrap();
    muster_store::people::unit_by_code(&mut tx, code).await.unwrap().unwrap().id.to_string()
}

/// A case that the housing bureau answers for, with one part of work where `parted`.
async fn project(app: &App, parted: bool) -> (String, String) {
    let receipt = doctor::reported(app, "老楼楼道墙皮脱落，外墙保温也掉，想问什么时候改造。", "shares").await;
    let coordinator = app.api("coordinator").await;
    let housing = unit(app, "mh-housing").await;
    let body = json!({"unit": housing, "reason": "牵头"});
    assert_eq!(coordinator.post(&format!("/api/v1/cases/{}/assign", receipt.code), &body).await.status, 200);
    if parted {
        let body = json!({
            "title": "加装电梯", "unit": housing, "required": true, "amount": 20, "budget_unit": "working_days",
            "reason": "联席会议",
        });
        assert_eq!(coordinator.post(&format!("/api/v1/cases/{}/parts", receipt.code), &body).await.status, 201);
    }
    (receipt.code, receipt.secret)
}

fn parties() -> Value {
    json!([
        {"kind": "residents", "name": "三号楼全体业主", "share": 3000},
        {"kind": "government", "name": "市住建局", "share": 5000},
        {"kind": "firm", "name": "电梯公司", "share": 2000},
    ])
}

struct Book<'a> {
    api: Api<'a>,
    at: String,
}

impl Book<'_> {
    /// Does something that must succeed and gives the account.
    async fn act(&self, rest: &str, body: Value) -> Value {
        let answer = self.api.post(&format!("{}{rest}", self.at), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    async fn fault(&self, rest: &str, body: Value, pointer: &str, code: &str) {
        self.api.post(&format!("{}{rest}", self.at), &body).await.fault(pointer, code);
    }
}

fn entry(kind: &str, party: i64, amount: i64, document: &str) -> Value {
    json!({"kind": kind, "party": party, "amount": amount, "document": document, "dated": "2026-05-11"})
}

fn balances(account: &Value) -> Vec<i64> {
    account["parties"].as_array().unwrap().iter().map(|party| party["stands"]["balance"].as_i64().unwrap()).collect()
}

doors!(what_a_project_costs_is_paid_to_the_fen, async |app: &App| {
    let (code, _) = project(app, true).await;
    let at = format!("/api/v1/cases/{code}/shares");
    let book = Book { api: app.api("mh-housing").await, at: at.clone() };
    book.api.get(&at).await.problem(404, "not-found");
    let set = |cost: i64, parties: Value| json!({"cost": cost, "parties": parties, "reason": "出资协议 2026-05"});
    book.fault("", set(0, parties()), "/cost", "amount-range").await;
    book.fault("", set(100, json!([{"kind": "firm", "name": "甲", "share": 9999}])), "/parties", "shares-whole").await;
    book.fault(
        "",
        set(100, json!([{"kind": "firm", "name": " ", "share": 10000}])),
        "/parties/0/name",
        "party-name-missing",
    )
    .await;
    let twice = json!([{"kind": "firm", "name": "甲", "share": 5000}, {"kind": "firm", "name": "甲", "share": 5000}]);
    book.fault("", set(100, twice), "/parties/1/name", "party-twice").await;
    book.fault("", json!({"cost": 1, "parties": parties(), "reason": " "}), "/reason", "reason-missing").await;

    // 1.01 yuan by 30, 50 and 20 in a hundred: 30.3, 50.5 and 20.2 fen.
    let account = book.act("", set(101, parties())).await;
    assert_eq!(balances(&account), [30, 51, 20]);
    let account = book.act("", set(40_000_001, account_parties(&account, [3000, 5000, 2000]))).await;
    assert_eq!(balances(&account), [12_000_000, 20_000_001, 8_000_000]);
    assert_eq!(account["sum"]["owed"], 40_000_001);

    book.fault("/entries", entry("payment", 1, 100, " "), "/document", "document-missing").await;
    book.fault("/entries", entry("payment", 9, 100, "收1"), "/party", "party-unknown").await;
    book.fault("/entries", entry("payment", 1, 0, "收1"), "/amount", "amount-range").await;
    book.fault("/entries", entry("charge", 1, 100, "收1"), "/kind", "entry-kind").await;
    book.fault("/entries", entry("refund", 1, 100, "退1"), "/amount", "amount-more").await;
    let mut late = entry("payment", 1, 100, "收1");
    late["dated"] = json!("2026-05-12");
    book.fault("/entries", late, "/dated", "dated-wrong").await;
    book.act("/entries", entry("pledge", 1, 12_000_000, "")).await;
    book.act("/entries", entry("payment", 1, 12_100_000, "收1")).await;
    book.fault("/entries", entry("payment", 1, 12_100_000, "收1"), "/document", "document-used").await;
    let account = book.act("/entries", entry("payment", 2, 20_000_001, "收2")).await;
    assert_eq!(balances(&account), [-100_000, 0, 8_000_000], "too much was paid");

    // Entered wrongly: taken back, then entered right under the same paper.
    let wrong = account["entries"].as_array().unwrap().len() as i64 - 1;
    book.fault(&format!("/entries/{wrong}/reverse"), json!({"reason": ""}), "/reason", "reason-missing").await;
    book.act(&format!("/entries/{wrong}/reverse"), json!({"reason": "多录一千元"})).await;
    book.api
        .post(&format!("{at}/entries/{wrong}/reverse"), &json!({"reason": "再来"}))
        .await
        .problem(409, "illegal-move");
    book.api.post(&format!("{at}/entries/1/reverse"), &json!({"reason": "分摊"})).await.problem(409, "illegal-move");
    let account = book.act("/entries", entry("payment", 1, 12_000_000, "收1")).await;
    assert_eq!(balances(&account), [0, 0, 8_000_000]);
    let detail = book.api.post(&format!("{at}/close"), &json!({})).await.fault("/close", "shares-unsettled");
    assert!(detail.contains("电梯公司 80,000.00") && !detail.contains("住建局"), "{detail}");
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

fn account_parties(account: &Value, shares: [i64; 3]) -> Value {
    let of = |(party, share): (&Value, i64)| json!({"number": party["number"], "kind": party["kind"], "name": party["name"], "share": share});
    account["parties"].as_array().unwrap().iter().zip(shares).map(of).collect()
}

doors!(a_waiver_needs_a_second_person_and_closes_the_account, async |app: &App| {
    let (code, secret) = project(app, true).await;
    let at = format!("/api/v1/cases/{code}/shares");
    let book = Book { api: app.api("mh-housing").await, at: at.clone() };
    book.act("", json!({"cost": 100_000, "parties": parties(), "reason": "协议"})).await;
    book.act("/entries", entry("payment", 1, 30_000, "收1")).await;
    book.act("/entries", entry("payment", 2, 50_000, "收2")).await;
    let ask = |amount: i64| json!({"party": 3, "amount": amount, "reason": "企业已破产"});
    book.fault("/waivers", ask(20_001), "/amount", "amount-more").await;
    let account = book.act("/waivers", ask(20_000)).await;
    book.fault("/waivers", ask(100), "/party", "request-open").await;
    let id = account["waivers"][0]["id"].as_str().unwrap().to_owned();
    let decide = format!("/waivers/{id}");
    let yes = json!({"granted": true, "answer": "同意"});
    book.api.post(&format!("{at}{decide}"), &yes).await.problem(403, "forbidden");
    let leader = Book { api: app.api("leader").await, at: at.clone() };
    leader.fault(&decide, json!({"granted": false}), "/answer", "reason-missing").await;
    leader.api.post(&at, &json!({"cost": 1, "parties": parties(), "reason": "甲"})).await.problem(403, "forbidden");
    let account = leader.act(&decide, yes.clone()).await;
    assert_eq!((balances(&account), &account["sum"]["waived"]), (vec![0, 0, 0], &json!(20_000)));
    leader.api.post(&format!("{at}{decide}"), &yes).await.problem(409, "illegal-move");

    // A coordinator may ask and may decide, but never both of one waiver.
    book.act("", json!({"cost": 100_100, "parties": account_parties(&account, [3000, 5000, 2000]), "reason": "增项"}))
        .await;
    let coordinator = Book { api: app.api("coordinator").await, at: at.clone() };
    let account = coordinator.act("/waivers", json!({"party": 1, "amount": 30, "reason": "零头"})).await;
    let own = format!("/waivers/{}", account["waivers"][1]["id"].as_str().unwrap());
    coordinator.fault(&own, yes.clone(), "/answer", "own-request").await;
    coordinator.fault("/close", json!({}), "/close", "shares-unsettled").await;
    leader.act(&own, json!({"granted": false, "answer": "请照付"})).await;
    for (party, amount) in [(1, 30), (2, 50), (3, 20)] {
        book.act("/entries", entry("payment", party, amount, &format!("补{party}"))).await;
    }

    // Who has seen another version is told so, and nothing is entered twice.
    let seen = book.api.get(&at).await;
    let tag = seen.header("etag").to_owned();
    let pledge = entry("pledge", 2, 1, "").to_string();
    let send = async |tag: &str| {
        book.api.send(Method::POST, &format!("{at}/entries"), &[("if-match", tag)], pledge.clone()).await
    };
    assert_eq!(send(&tag).await.status, 200);
    send(&tag).await.problem(412, "stale-etag");

    let mut resident = app.browser();
    resident.get("/track").await;
    let track = resident.post("/track", &[("code", code.as_str()), ("secret", secret.as_str())]).await;
    assert!(track.body.contains("费用由谁出") && track.body.contains("1,001.00 元"), "{}", track.body);
    for name in ["三号楼全体业主", "市住建局", "电梯公司"] {
        assert!(!track.body.contains(name), "the resident's page names {name}");
    }
    assert!(!app.browser().get(&format!("/track/{code}")).await.body.contains("费用由谁出"));

    let account = book.act("/close", json!({})).await;
    assert!(account["closed_at"].is_i64());
    for (rest, body) in [("/entries", entry("payment", 1, 1, "收9")), ("/waivers", ask(1)), ("/close", json!({}))] {
        book.api.post(&format!("{at}{rest}"), &body).await.problem(409, "illegal-move");
    }
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

doors!(costs_are_shared_on_the_page, async |app: &App| {
    let (code, _) = project(app, true).await;
    let at = format!("/case/{}/shares", code.replace('-', ""));
    let mut browser = app.signed_in("mh-housing").await;
    let plan = browser.get(&format!("/case/{code}/plan")).await;
    assert!(plan.body.contains("/shares\""), "{}", plan.body);
    let page = browser.get(&at).await;
    assert!(page.body.contains("name=\"share-1\" type=\"text\" value=\"30\""), "the pack begins: {}", page.body);
    let row = [
        ("version", "0"),
        ("cost", "1,000,00.01"),
        ("reason", "协议"),
        ("kind-1", "residents"),
        ("name-1", "三号楼"),
        ("share-1", "33.33"),
        ("kind-3", "government"),
        ("name-3", "住建局"),
        ("share-3", "66.66"),
        ("kind-4", "residents"),
        ("name-4", ""),
        ("share-4", ""),
    ];
    let refused = browser.post(&at, &row).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("id=\"parties-error\"") && refused.body.contains("value=\"33.33\""),
        "{}",
        refused.body
    );
    let mut wrong = row;
    wrong[8].1 = "一半";
    let wrong = browser.post(&at, &wrong).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"share-3-error\""), "{}", wrong.body);
    let mut right = row;
    right[8].1 = "66.67";
    assert_eq!(browser.post(&at, &right).await.status, 303);
    let page = browser.get(&at).await.body;
    assert!(page.contains("33,330.00") && page.contains("66,670.01"), "{page}");

    let pay = [
        ("version", "1"),
        ("kind", "payment"),
        ("party", "1"),
        ("amount", "33330"),
        ("document", ""),
        ("dated", "2026-05-11"),
    ];
    let refused = browser.post(&format!("{at}/entries"), &pay).await;
    assert!(refused.status == 422 && refused.body.contains("id=\"entry-document-error\""), "{}", refused.body);
    assert!(refused.body.contains("value=\"33330\""), "nothing typed is lost");
    let mut paid = pay;
    paid[4].1 = "收 7";
    assert_eq!(browser.post(&format!("{at}/entries"), &paid).await.status, 303);
    let stale = browser.post(&format!("{at}/entries"), &paid).await;
    assert_eq!(stale.status, 412, "pressed twice: {}", stale.body);
    let reverse = browser.post(&format!("{at}/entries/3/reverse"), &[("version", "2"), ("reason", "")]).await;
    assert!(reverse.status == 422 && reverse.body.contains("id=\"reason-3-error\""), "{}", reverse.body);
    let asked = [("version", "2"), ("party", "2"), ("amount", "66670.01"), ("reason", "财政统筹")];
    assert_eq!(browser.post(&format!("{at}/waivers"), &asked).await.status, 303);
    let unsettled = browser.post(&format!("{at}/close"), &[("version", "3")]).await;
    assert!(unsettled.status == 422 && unsettled.body.contains("id=\"close-error\""), "{}", unsettled.body);

    let mut leader = app.signed_in("leader").await;
    let page = leader.get(&at).await.body;
    let waiver = between(&page, "/shares/waivers/", "\"").unwrap().to_owned();
    assert!(!page.contains(&format!("{at}/entries\"")), "a leader enters nothing");
    let decided = leader.post(&format!("{at}/waivers/{waiver}"), &[("granted", "yes"), ("answer", "同意")]).await;
    assert_eq!(decided.status, 303, "{}", decided.body);
    browser.get(&at).await;
    assert_eq!(browser.post(&format!("{at}/close"), &[("version", "4")]).await.status, 303);
    let page = browser.get(&at).await.body;
    assert!(page.contains("账目已于以下时间结清") && !page.contains("<form class=\"card"), "{page}");
    let paper = browser.get(&format!("{at}.pdf")).await;
    assert_eq!((paper.status, paper.header("content-type")), (200, "application/pdf"));
    assert!(paper.picture.starts_with(b"%PDF-"));
    let mut grid = app.signed_in("grid-songping-1").await;
    assert!(matches!(grid.get(&at).await.status, 403 | 404));
});

doors!(costs_are_shared_of_parted_work_only, async |app: &App| {
    let (code, _) = project(app, false).await;
    let coordinator = app.api("coordinator").await;
    let body = json!({"cost": 100, "parties": parties(), "reason": "协议"});
    coordinator.post(&format!("/api/v1/cases/{code}/shares"), &body).await.fault("/cost", "shares-no-plan");
    let page = app.signed_in("coordinator").await.get(&format!("/case/{code}/shares")).await.body;
    assert!(page.contains("还没有分工") && !page.contains("name=\"cost\""), "{page}");
});

doors!(the_doctor_sees_what_somebody_changed, async |app: &App| {
    let (code, _) = project(app, true).await;
    let book = Book { api: app.api("mh-housing").await, at: format!("/api/v1/cases/{code}/shares") };
    book.act("", json!({"cost": 1_000, "parties": parties(), "reason": "协议"})).await;
    for (party, amount) in [(1, 300), (2, 500), (3, 200)] {
        book.act("/entries", entry("payment", party, amount, &format!("收{party}"))).await;
    }
    book.act("/close", json!({})).await;
    for (wrong, right, named) in [
        (
            "update share_parties set share = share + 1 where number = 1",
            "update share_parties set share = 3000 where number = 1",
            "10001 basis points",
        ),
        (
            "update share_entries set amount = 301 where number = 1",
            "update share_entries set amount = 300 where number = 1",
            "party 1 owes 301 fen, should be 300",
        ),
        (
            "update share_entries set party = 7 where number = 4",
            "update share_entries set party = 1 where number = 4",
            "entry 4 is of no party",
        ),
        (
            "update share_entries set number = 9 where number = 6",
            "update share_entries set number = 6 where number = 9",
            "entry 9 is not in its place",
        ),
        (
            "update share_entries set amount = 1 where number = 4",
            "update share_entries set amount = 300 where number = 4",
            "party 1 has a balance of 299 fen",
        ),
    ] {
        execute(&app.state.db, wrong).await;
        let said = doctor::said(&doctor::health(app).await).join("\n");
        assert!(said.contains(named), "{wrong}: {said}");
        execute(&app.state.db, right).await;
    }
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
});

/// Everything else works without the fonts, and the paper says what to install.
#[tokio::test]
async fn a_server_without_fonts_says_what_to_install() {
    let db = muster_store::testing::sqlite().await;
    let app = App::configured(db, |config| config.fonts = "/nowhere/fonts".into()).await;
    let (code, _) = project(&app, true).await;
    let book = Book { api: app.api("mh-housing").await, at: format!("/api/v1/cases/{code}/shares") };
    book.act("", json!({"cost": 1_000, "parties": parties(), "reason": "协议"})).await;
    let problem = book.api.get(&format!("{}.pdf", book.at)).await.problem(503, "font-missing");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("fonts-noto-cjk") && detail.contains("/nowhere/fonts"), "{detail}");
    let page = app.signed_in("mh-housing").await.get(&format!("/case/{code}/shares.pdf")).await;
    assert!(page.status == 503 && page.body.contains("fonts-noto-cjk"), "{}", page.body);
}
