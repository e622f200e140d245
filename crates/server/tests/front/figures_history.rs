//! A little history whose every figure is known, lived through the use-cases, and a reader of the tables it makes.

use std::collections::BTreeMap;

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::usecase::case_rate::{Rating, case_rate};
use muster_server::usecase::case_triage::{Decision, case_triage};
use muster_server::usecase::report_submit::{Receipt, report_submit};
use muster_server::usecase::task_accept::task_accept;
use muster_server::usecase::task_answer::{Answer, task_answer};

use crate::app::{App, Browser, between};

/// Says so little that a person has to decide, and no two are alike.
const TEXTS: [&str; 7] = [
    "甲处有情况，盼有人来看",
    "昨天那个东西还在原地没动",
    "上回讲过的，至今没下文",
    "这边又是老样子了，唉",
    "路过时瞧见的，说不清楚",
    "听邻居提起，想让你们知道",
    "同样的毛病第三回了吧",
];

/// Characters that no model has learned from, and none of which another number has.
pub(crate) fn unlike(n: usize) -> String {
    (0..14).map(|i| char::from_u32(0x3400 + (n * 14 + i) as u32).unwrap()).collect()
}

pub(crate) async fn told(app: &App, n: usize, area: &str) -> Receipt {
    let text = TEXTS.get(n).map_or_else(|| unlike(n), |text| (*text).to_owned());
    let draft = Draft { area: Some(area.parse().unwrap()), text, ..Draft::default() };
    let receipt = report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap();
    assert!(receipt.joined || receipt.state == "triage", "number {n} was sure: {receipt:?}");
    receipt
}

/// Tells the text of number `n` in an area and gives it to the unit that the duty list names for the category.
pub(crate) async fn given(app: &App, n: usize, area: &str, category: &str) -> Receipt {
    let receipt = told(app, n, area).await;
    decide(app, &receipt, category).await;
    receipt
}

pub(crate) async fn decide(app: &App, case: &Receipt, category: &str) {
    let decision = Decision { category: category.to_owned(), ..Decision::default() };
    case_triage(&app.state, &Actor::System, &case.code, &decision).await.unwrap();
}

pub(crate) async fn accept(app: &App, case: &Receipt) {
    task_accept(&app.state, &Actor::System, &case.code, None).await.unwrap();
}

pub(crate) async fn answer(app: &App, case: &Receipt, outcome: &str) {
    let answer = Answer {
        outcome: outcome.to_owned(),
        text: "已到现场处理。".to_owned(),
        evidence: "现场记录".to_owned(),
        ..Answer::default()
    };
    task_answer(&app.state, &Actor::System, &case.code, &answer).await.unwrap();
}

pub(crate) async fn rate(app: &App, case: &Receipt, solved: bool, stars: Option<u8>) {
    let rating = Rating { solved: Some(solved), satisfied: stars, comment: String::new() };
    case_rate(&app.state, &case.code, &case.secret, &rating).await.unwrap();
}

/// Twenty-two days with seven reports, six cases, three units and every kind of ending:
///
/// | case | where | unit | what became of it |
/// |---|---|---|---|
/// | 0 | 柳港里 | human resources | accepted and answered in time, fixed, confirmed, 5 stars |
/// | 1 | 柳港里 | human resources | accepted and answered in time, explained, not confirmed, 2 stars |
/// | 2 | 老船厂 | education | both promises ran out, then partly, nobody answered the callback |
/// | 3 | 柳港街道 itself | human resources | accepted and answered in time, fixed, confirmed, no stars |
/// | 4 | 北闸口, told twice | human resources | both promises ran out, still open |
/// | 5 | 松坪, another district | human resources there | both promises ran out, still open |
pub(crate) async fn live(app: &App) {
    let in_time = [
        given(app, 0, "900102001001", "0201").await,
        given(app, 1, "900102001001", "0201").await,
        given(app, 3, "900102001", "0201").await,
    ];
    let late = given(app, 2, "900102001002", "0301").await;
    let twice = told(app, 4, "900102002001").await;
    assert!(told(app, 4, "900102002001").await.joined, "the same words again join");
    decide(app, &twice, "0201").await;
    given(app, 5, "900103001001", "0201").await;
    app.hand.advance(Timestamp::HOUR);
    for case in &in_time {
        accept(app, case).await;
    }
    for (case, outcome) in in_time.iter().zip(["fixed", "explained", "fixed"]) {
        answer(app, case, outcome).await;
    }
    rate(app, &in_time[0], true, Some(5)).await;
    rate(app, &in_time[1], false, Some(2)).await;
    rate(app, &in_time[2], true, None).await;
    app.advance(12 * Timestamp::DAY).await;
    answer(app, &late, "partly").await;
    app.advance(10 * Timestamp::DAY).await;
}

/// Rows of the comparison by label: the text of each cell without what only screen readers hear.
pub(crate) type Table = BTreeMap<String, Vec<String>>;

pub(crate) fn table(page: &str) -> Table {
    let table =
        between(page, "<table class=\"cards compare\">", "</table>").unwrap_or_else(|| panic!("no table: {page}"));
    let rows = table.split("<tr>").skip(2);
    rows.map(|row| {
        let (label, cells) = row.split_once("</th>").unwrap();
        let cells = cells.split("</td>").map(plain).filter(|cell| !cell.is_empty()).collect();
        (plain(label), cells)
    })
    .collect()
}

/// What is seen of a piece of a page.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html.to_owned();
    while let Some(start) = rest.find("<span class=\"hidden\">") {
        let end = rest[start..].find("</span>").unwrap() + start;
        rest.replace_range(start..end + "</span>".len(), "");
    }
    for (i, part) in rest.split('<').enumerate() {
        text.push_str(if i == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) });
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Address and visible text of every link in the main part that begins with `start`.
pub(crate) fn links(page: &str, start: &str) -> Vec<(String, String)> {
    let main = between(page, "<main", "</main>").unwrap();
    let links = main.split("<a ").skip(1).filter_map(|link| {
        let href = between(link, "href=\"", "\"")?.replace("&#38;", "&").replace("&amp;", "&");
        let text = link.split_once('>')?.1.split("</a>").next()?;
        href.starts_with(start).then(|| (href, plain(text)))
    });
    links.collect()
}

/// How many lines a list of cases has over all its pages.
pub(crate) async fn listed(browser: &mut Browser<'_>, address: &str) -> usize {
    let (mut seen, mut next) = (0, Some(address.to_owned()));
    while let Some(address) = next {
        let page = browser.get(&address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.body);
        seen += page.body.matches("<li class=\"row\">").count();
        next = links(&page.body, "/dashboard/").into_iter().find(|(_, text)| text.contains('→')).map(|(href, _)| href);
    }
    seen
}
