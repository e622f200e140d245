//! A report of a period is frozen when written, approved by somebody else, published without small counts, and replaced.

use muster_core::time::Timestamp;

use crate::app::{App, Browser, between, doors};
use crate::figures_history::{given, live};

const AREA: &str = "900102000000000";

/// Writes a report and returns its address.
async fn written(browser: &mut Browser<'_>, area: &str, period: &str) -> String {
    browser.get("/reports/new").await;
    let answer = browser.post("/reports", &[("area", area), ("period", period)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

async fn decided(browser: &mut Browser<'_>, address: &str, verdict: &str) -> u16 {
    browser.get(address).await;
    browser.post(address, &[("verdict", verdict), ("reason", "")]).await.status
}

doors!(from_a_draft_to_what_everybody_reads, async |app: &App| {
    live(app).await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let address = written(&mut coordinator, AREA, "2026Q2").await;
    let page = coordinator.get(&address).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for words in ["2026 年第 2 季度", "收到诉求 6", "按时率 60.0%（3/5）", "只计到 2026-06-02", "草稿", "柳港街道"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let rest = "/dashboard/on_time?area=900102001000000&amp;period=2026-04-01..2026-06-30&amp;side=numerator";
    let rest = rest.replace("&amp;", "&#38;");
    assert!(page.body.contains(&rest), "a number of a street opens its cases: {}", page.body);
    assert_eq!(written(&mut coordinator, AREA, "2026Q2").await, address, "what says the same is not written twice");

    let own = coordinator.post(&address, &[("verdict", "approve"), ("reason", "")]).await;
    assert_eq!(own.status, 422);
    assert!(own.body.contains("须由另一位领导或协调员审定"), "{}", own.body);
    assert_eq!(decided(&mut coordinator, &address, "publish").await, 409, "nobody approved it");
    let open = format!("/open{address}");
    assert_eq!(app.browser().get(&open).await.status, 404, "a draft is for nobody outside");

    app.advance(1).await;
    let told = coordinator.get("/notices").await.body;
    assert!(told.contains("2026Q2 评估报告待审定"), "whoever coordinates there hears of it: {told}");
    let mut leader = app.signed_in("bh-leader").await;
    assert!(leader.get("/reports").await.body.contains("待您审定"));
    assert_eq!(decided(&mut leader, &address, "approve").await, 303);
    assert_eq!(decided(&mut leader, &address, "approve").await, 409, "once");
    assert_eq!(decided(&mut coordinator, &address, "publish").await, 303);

    let mut anybody = app.browser();
    assert!(anybody.get("/open/reports").await.body.contains(&open));
    let page = anybody.get(&open).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("收到诉求 6") && page.body.contains("＊"), "{}", page.body);
    for secret in ["/case/", "/dashboard", "3/5", "柳港里"] {
        assert!(!page.body.contains(secret), "{secret} in the open edition: {}", page.body);
    }
    let data = anybody.get(&format!("{open}/received.csv")).await;
    assert!(data.body.starts_with("area_code,own,area,class_code,class,received,suppressed\r\n"), "{}", data.body);
    for line in data.body.lines().skip(1) {
        let count = line.rsplit(',').nth(1).unwrap();
        assert!(count.is_empty() || !(1..5).contains(&count.parse::<i64>().unwrap()), "{line}");
    }
    let package = anybody.get(&format!("{open}/datapackage.json")).await.json();
    assert_eq!(package["resources"][0]["bytes"], data.body.len(), "{package}");
    assert_eq!(anybody.get(&format!("{open}/cases.csv")).await.status, 404);
});

doors!(the_same_report_is_the_same_bytes, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("bh-leader").await;
    let address = written(&mut leader, AREA, "2026-05").await;
    let first = leader.get(&format!("{address}/report.pdf")).await;
    assert_eq!((first.status, first.header("content-type")), (200, "application/pdf"), "{}", first.body);
    let page = leader.get(&address).await.body;
    app.advance(40 * Timestamp::DAY).await;
    given(app, 6, "900102001001", "0201").await;
    let mut leader = app.signed_in("bh-leader").await;
    assert_eq!(leader.get(&format!("{address}/report.pdf")).await.picture, first.picture);
    let content = |page: &str| between(page, "report-summary", "</main>").unwrap().to_owned();
    assert_eq!(content(&leader.get(&address).await.body), content(&page), "nothing that came later is in it");
});

doors!(a_correction_takes_the_place_and_a_withdrawal_says_why, async |app: &App| {
    live(app).await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let mut leader = app.signed_in("bh-leader").await;
    let first = written(&mut coordinator, AREA, "2026Q2").await;
    decided(&mut leader, &first, "approve").await;
    assert_eq!(decided(&mut leader, &first, "publish").await, 303);

    let month = written(&mut coordinator, AREA, "2026-05").await;
    decided(&mut leader, &month, "approve").await;
    leader.get(&month).await;
    let overlap = leader.post(&month, &[("verdict", "publish"), ("reason", "")]).await;
    assert_eq!(overlap.status, 422, "a month and its quarter");
    assert!(overlap.body.contains("重叠"), "{}", overlap.body);

    given(app, 6, "900102001001", "0201").await;
    let second = written(&mut coordinator, AREA, "2026Q2").await;
    assert_ne!(second, first, "the record has grown");
    decided(&mut leader, &second, "approve").await;
    assert_eq!(decided(&mut leader, &second, "publish").await, 303);
    let mut anybody = app.browser();
    let old = anybody.get(&format!("/open{first}")).await.body;
    assert!(old.contains("已被更正替代") && old.contains(&format!("/open{second}")), "{old}");
    assert!(!old.contains("report-whole"), "its numbers are gone: {old}");

    coordinator.get(&second).await;
    let silent = coordinator.post(&second, &[("verdict", "withdraw"), ("reason", " ")]).await;
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains("id=\"reason-error\""), "{}", silent.body);
    let why = coordinator.post(&second, &[("verdict", "withdraw"), ("reason", "口径有误")]).await;
    assert_eq!(why.status, 303, "{}", why.body);
    assert!(anybody.get(&format!("/open{second}")).await.body.contains("口径有误"));
    assert_eq!(anybody.get(&format!("/open{second}/received.csv")).await.status, 404);
    assert!(!anybody.get("/open/reports").await.body.contains(&second));
});

doors!(reports_are_for_those_of_the_area, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("bh-leader").await;
    let address = written(&mut leader, AREA, "2026Q2").await;
    for (period, area, words) in [
        ("2027Q1", AREA, "这个时段还没有开始"),
        ("2020Q1", AREA, "没有任何记录"),
        ("去年", AREA, "时段写成"),
        ("2026Q2", "no area", "id=\"area-error\""),
    ] {
        let wrong = leader.post("/reports", &[("area", area), ("period", period)]).await;
        assert_eq!(wrong.status, 422, "{period}");
        assert!(wrong.body.contains(words) && wrong.body.contains(period), "{period}: {}", wrong.body);
    }
    let foreign = leader.post("/reports", &[("area", "900103000000000"), ("period", "2026Q2")]).await;
    assert_eq!(foreign.status, 404);
    let mut elsewhere = app.signed_in("ys-coordinator").await;
    assert_eq!(elsewhere.get(&address).await.status, 404);
    assert_eq!(elsewhere.get(&format!("{address}/report.xlsx")).await.status, 404);
    let mut handler = app.signed_in("bh-housing").await;
    assert_eq!(handler.get("/reports").await.status, 403);
    assert_eq!(app.browser().get(&address).await.status, 303, "to the sign-in page");
});
