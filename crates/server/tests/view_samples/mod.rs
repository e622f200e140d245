//! A filled sample of every page, in every state worth looking at. Names and matters are invented.

pub(crate) mod council;
pub(crate) mod evaluate;
pub(crate) mod goods;
pub(crate) mod inbox;
pub(crate) mod intake;
pub(crate) mod people;
pub(crate) mod performance;
pub(crate) mod period_reports;
pub(crate) mod practices;
pub(crate) mod process;
pub(crate) mod rooms;

use muster_server::i18n::Lang;
use muster_server::view::{Areas, Choice, Group, NavItem, Person, Shell, When};

/// One rendered page: a file name and its HTML.
pub(crate) type Sample = (&'static str, String);

pub(crate) fn all(lang: Lang) -> Vec<Sample> {
    let council = [council::pages(lang), goods::pages(lang), rooms::pages(lang)].concat();
    let evaluate =
        [evaluate::pages(lang), practices::pages(lang), performance::pages(lang), period_reports::pages(lang)].concat();
    [intake::pages(lang), process::pages(lang), council, evaluate, people::pages(lang)].into_iter().flatten().collect()
}

pub(crate) fn shell(lang: Lang, title: &str) -> Shell {
    let mut shell = Shell::new(lang, title);
    shell.csrf = "csrf-token".into();
    shell.path = "/".into();
    shell.city = "安和市".into();
    shell
}

/// A shell for somebody signed in; `current` is the address of the entry to mark.
pub(crate) fn staff(lang: Lang, title: &str, role: &str, current: &str) -> Shell {
    let mut shell = shell(lang, title);
    let entries = [
        ("/inbox", "nav-inbox", Some(42)),
        ("/triage", "nav-triage", Some(3)),
        ("/grid", "nav-grid", None),
        ("/desk", "nav-desk", None),
        ("/dashboard", "nav-dashboard", None),
        ("/admin", "nav-admin", None),
        ("/admin/audit", "nav-audit", None),
    ];
    shell.path = current.into();
    let nav = entries
        .into_iter()
        .map(|(href, key, count)| NavItem {
            href: href.into(),
            label: shell.t(key).into_owned(),
            current: (href == current).then_some("page"),
            count,
        })
        .collect();
    shell.person = Some(Person {
        name: "林岚".into(),
        role: role.into(),
        place: "望江区城市管理局".into(),
        nav,
        nav_within: Vec::new(),
    });
    shell
}

pub(crate) fn when(text: &str) -> When {
    When { iso: "2026-11-23T09:30:00+08:00".into(), text: text.into() }
}

pub(crate) fn areas(searchable: bool) -> Areas {
    let options = |names: &[&str]| {
        names.iter().enumerate().map(|(n, name)| Choice::new(format!("33010{n}"), *name)).collect::<Vec<_>>()
    };
    Areas {
        groups: vec![
            Group {
                label: "望江区".into(),
                options: options(&["柳河街道", "柳河街道 · 桂花社区", "柳河街道 · 渡口社区"]),
            },
            Group { label: "东山区".into(), options: options(&["云台镇", "云台镇 · 石桥村"]) },
        ],
        searchable,
    }
}

/// One group without a heading.
pub(crate) fn group(options: &[(&str, &str)]) -> Vec<Group> {
    let options = options.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
    vec![Group { label: String::new(), options }]
}

/// One group whose words come from a family of codes.
pub(crate) fn coded(shell: &Shell, family: &str, codes: &[&str]) -> Vec<Group> {
    let options = codes.iter().map(|code| Choice::new(*code, shell.label(family, code))).collect();
    vec![Group { label: String::new(), options }]
}
