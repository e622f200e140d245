//! Samples of the pages of reports of a period.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::period_report::{Cell, Chart, Column, Document, Line, Number, Part, Point, Table};
use muster_server::view::period_reports::{
    FileLink, OpenReportPage, OpenReportsPage, Passed, ReportLine, ReportNewPage, ReportPage, ReportsPage,
};

use super::{Sample, areas, shell, staff, when};

fn document(lang: Lang, open: bool) -> Document {
    let column = |name: &str, is_number| Column { name: name.into(), is_number };
    let href = |side: &str| (!open).then(|| format!("/dashboard/on_time?side={side}"));
    let row = |name: &str, n: i64| {
        vec![
            Cell { text: name.into(), ..Cell::default() },
            Cell { text: n.to_string(), number: Number::Count(n), href: href(""), ..Cell::default() },
            Cell {
                text: "93.2%".into(),
                number: Number::Share(0.932),
                small: n < 5,
                href: None,
                sides: vec![("达到".into(), 388, href("numerator")), ("全部计入".into(), 412, href("denominator"))],
            },
        ]
    };
    let table = Table {
        columns: vec![column("名称", false), column("收到诉求", true), column("按时率", true)],
        rows: vec![row("柳河街道", 412), row("云台镇", 4)],
        sums: false,
    };
    let chart = |is_upright| Chart {
        names: if is_upright { vec!["本期".into()] } else { vec!["本期".into(), "上期".into()] },
        points: [("柳河街道", 412), ("云台镇", 4)]
            .map(|(label, n)| Point { label: label.into(), values: vec![Some(n), (!is_upright).then_some(n * 2)] })
            .into(),
        is_upright,
    };
    let part = |code, chart| Part {
        code,
        heading: "按区域".into(),
        aside: "按编码排列，不排名次。".into(),
        lines: vec![Line { text: "柳河街道：收到诉求 412，上期 200".into(), href: href("") }],
        chart,
        table: Some(table.clone()),
        sheet: None,
    };
    Document {
        lang,
        title: "望江区 2026 年第 3 季度诉求办理评估报告".into(),
        issuer: "安和市".into(),
        day: (2026, 10, 9),
        facts: vec![("区域".into(), "望江区".into()), ("内容校验值".into(), "8f2c".repeat(16))],
        summary: vec!["收到诉求 416，比上期 +12.3%。".into(), "按时率 93.2%（388/412）。".into()],
        parts: vec![part("whole", None), part("months", Some(chart(true))), part("areas", Some(chart(false)))],
        notes: vec!["报告写成后数字不再改动。".into()],
    }
}

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let id = "0198c4a2-0000-7000-8000-000000000001";
    let line = |state: &str, waits| ReportLine {
        id: id.into(),
        area: "望江区".into(),
        period: "2026 年第 3 季度".into(),
        state: state.into(),
        written: when("10月9日 周五 09:30"),
        by: if waits { "林岚".into() } else { String::new() },
        waits,
    };
    let list = ReportsPage {
        shell: staff(lang, "reports-page", "coordinator", "/reports"),
        rows: vec![line("draft", true), line("published", false), line("superseded", false)],
        may_write: true,
    };
    let mut new = ReportNewPage {
        shell: staff(lang, "report-new-page", "coordinator", "/reports/new"),
        areas: areas(false).groups,
        area: String::new(),
        period: "去年".into(),
    };
    new.shell.refuse("period", "report-period-unknown", None);
    let passed = |state| Passed { state, when: when("10月9日 周五 09:30"), by: "林岚".into() };
    let file = |name: &str| FileLink { href: format!("/reports/{id}/{name}"), label: name.into() };
    let mut view = ReportPage {
        shell: staff(lang, "reports-page", "leader", "/reports"),
        document: document(lang, false),
        id: id.into(),
        state: "draft".into(),
        passed: vec![passed("draft"), passed("approved")],
        reason_given: "口径有误".into(),
        replaced_by: Some("/reports/2".into()),
        verdicts: vec!["approve", "withdraw"],
        own: true,
        reason: "口径".into(),
        files: vec![file("report.pdf"), file("report.xlsx")],
    };
    view.shell.refuse("verdict", "report-overlap", None);
    let open = |document: Option<Document>| OpenReportPage {
        name: "望江区 2026 年第 3 季度".into(),
        state: if document.is_some() { "published" } else { "superseded" }.into(),
        ended: document.is_none().then(|| when("10月20日 周二 10:00")),
        document,
        published: when("10月12日 周一 10:00"),
        reason: String::new(),
        replaced_by: Some("/open/reports/2".into()),
        files: vec![file("datapackage.json")],
        shell: shell(lang, "open-reports-page"),
    };
    let open_list = OpenReportsPage { shell: shell(lang, "open-reports-page"), rows: vec![line("published", false)] };
    vec![
        ("reports", list.render().expect("list of reports")),
        ("report-new", new.render().expect("a report to be written")),
        ("report", view.render().expect("a report")),
        ("open-reports", open_list.render().expect("published reports")),
        ("open-report", open(Some(document(lang, true))).render().expect("a published report")),
        ("open-report-ended", open(None).render().expect("a report that was replaced")),
    ]
}
