//! Samples of the list of cases and of what is kept of it.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::Choice;
use muster_server::view::inbox::{
    BulkBecame, BulkPage, BulkRow, Filter, InboxPage, SavedLine, SavedPage, SavedTab, Tab,
};
use muster_server::view::process::{Pager, Row};

use super::process::{owed, rows};
use super::{Sample, areas, coded, group, staff};

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let mut gone = inbox_page(lang, Vec::new(), 0);
    gone.gone = "承办单位".into();
    let mut wrong = saved_page(lang, saved_lines());
    (wrong.query, wrong.what, wrong.typed) = ("tab=late".into(), "已超时".into(), "滨湖超时".into());
    wrong.shell.refuse("name", "view-name-taken", None);
    vec![
        ("inbox", inbox_page(lang, rows(), 42).render().expect("inbox")),
        ("inbox-empty", inbox_page(lang, Vec::new(), 0).render().expect("inbox, empty")),
        ("inbox-gone", gone.render().expect("inbox, of a unit that is gone")),
        ("saved", saved_page(lang, saved_lines()).render().expect("saved views")),
        ("bulk-assign", bulk_page(lang, "assign", false).render().expect("several at once")),
        ("bulk-note", bulk_page(lang, "note", true).render().expect("several at once, done")),
        ("saved-empty", saved_page(lang, Vec::new()).render().expect("saved views, none")),
        ("saved-wrong", wrong.render().expect("saved views, one not taken")),
    ]
}

fn inbox_page(lang: Lang, rows: Vec<Row>, total: u64) -> InboxPage {
    let shell = staff(lang, "inbox-page", "unit_handler", "/inbox");
    let tab = |code: &str, count: &str, current| Tab {
        code: code.into(),
        href: format!("/inbox?tab={code}"),
        count: count.into(),
        current,
    };
    let saved = |name: &str, count: Option<&str>, by: &str| SavedTab {
        name: name.into(),
        href: "/inbox?tab=late".into(),
        count: count.map(str::to_owned),
        current: by.is_empty() && count.is_some(),
        by: by.into(),
    };
    let states = coded(&shell, "state", &["triage", "assigned", "working", "answered", "closed"]);
    InboxPage {
        tabs: vec![
            tab("mine", "42", true),
            tab("waiting", "6", false),
            tab("late", "2", false),
            tab("soon", "9", false),
            tab("all", "10000+", false),
        ],
        saved: vec![
            saved("电梯，桂花社区", Some("3"), ""),
            saved("城管局待签收", None, ""),
            saved("本区超时", Some("17"), "文丽萍"),
        ],
        filter: Filter { tab: "mine".into(), query: "tab=mine".into(), ..Filter::default() },
        gone: String::new(),
        areas: areas(false).groups,
        units: group(&[("12", "区住房和城乡建设局"), ("14", "区城市管理局")]),
        classes: group(&[("03", "住房与物业"), ("06", "城市管理")]),
        states,
        acts: vec!["accept", "assign", "note"],
        rows,
        total: shell.count("inbox-total", total),
        owed: owed(),
        owed_total: 1,
        pager: Pager { first: None, next: (total > 0).then(|| "/inbox?tab=mine&cursor=abc".into()) },
        shell,
    }
}

fn saved_lines() -> Vec<SavedLine> {
    let line = |id: &str, name: &str, gone: &str, by: &str| SavedLine {
        id: id.into(),
        name: name.into(),
        href: "/inbox?tab=late".into(),
        count: gone.is_empty().then(|| "3".to_owned()),
        what: "已超时 · 望江区 · 住房与物业".into(),
        gone: gone.into(),
        area: if by.is_empty() { String::new() } else { "330100000000000".into() },
        area_name: if by.is_empty() { String::new() } else { "望江区".into() },
        by: by.into(),
        may_remove: true,
        name_id: format!("name-{id}"),
        area_id: format!("area-{id}"),
    };
    vec![line("1", "电梯", "", ""), line("2", "城管局待签收", "承办单位", ""), line("3", "本区超时", "", "文丽萍")]
}

fn saved_page(lang: Lang, saved: Vec<SavedLine>) -> SavedPage {
    SavedPage {
        shell: staff(lang, "saved-page", "coordinator", "/inbox"),
        saved,
        areas: vec![Choice::new("330100000000000", "望江区")],
        query: String::new(),
        what: String::new(),
        typed: String::new(),
        most: 20,
    }
}

fn bulk_page(lang: Lang, act: &'static str, over: bool) -> BulkPage {
    let became = |n: usize| BulkBecame {
        done: n > 1, why: "您填写时，别人更新了这件工单".into(), error: "stale-etag"
    };
    let one = |(n, row): (usize, Row)| BulkRow {
        value: format!("{}:4", row.code),
        code: row.code.clone(),
        row: (n != 0).then_some(row),
        became: over.then(|| became(n)),
    };
    BulkPage {
        shell: staff(lang, "bulk-page", "coordinator", "/inbox"),
        act,
        back: "tab=late".into(),
        key: "0197a2".into(),
        rows: rows().into_iter().enumerate().map(one).collect(),
        over,
        retry: if over { vec!["7K3FQ9WX2M4AC:5".into()] } else { Vec::new() },
        units: group(&[("12", "区住房和城乡建设局"), ("14", "区城市管理局")]),
        unit: String::new(),
        reason: "统一归口办理".into(),
        note: "周五前一并回复。".into(),
    }
}
