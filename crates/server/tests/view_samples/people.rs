//! Samples of the pages about accounts, the audit list, and what went wrong.

use askama::Template;
use muster_server::error::CODES;
use muster_server::i18n::{Lang, Text};
use muster_server::view::error::{ErrorPage, ErrorsPage, Kept, KeptPage};
use muster_server::view::notices::{NoticesPage, Told, WantsPage};
use muster_server::view::people::{Account, AccountForm, AccountsPage, AuditLine, AuditPage, Grant, LoginPage};
use muster_server::view::process::{Pager, Typed};
use muster_server::view::qr::Qr;
use muster_server::view::sends::{LetterPage, LettersPage, SendsPage, Sent};

use super::{Sample, areas, coded, group, shell, staff, when};

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let login = LoginPage {
        shell: shell(lang, "login-page"),
        login: String::new(),
        next: "/inbox".into(),
        held: String::new(),
    };
    let mut wrong = LoginPage {
        shell: shell(lang, "login-page"),
        login: "linlan".into(),
        next: String::new(),
        held: "text=%E8%B7%AF".into(),
    };
    wrong.shell.refuse("password", "login-failed", None);
    let mut pages = vec![
        ("login", login.render().expect("login")),
        ("login-wrong", wrong.render().expect("login, wrong")),
        ("admin", accounts(lang).render().expect("accounts")),
        ("audit", audit(lang, true).render().expect("audit")),
        ("audit-empty", audit(lang, false).render().expect("audit, empty")),
    ];
    for (name, status) in [
        ("error-403", 403),
        ("error-404", 404),
        ("error-409", 409),
        ("error-429", 429),
        ("error-500", 500),
        ("error-503", 503),
    ] {
        let page = ErrorPage {
            shell: shell(lang, "error-page"),
            status,
            reference: "0197-a0c4-11".into(),
            detail: String::new(),
            old_form: status == 403,
            kept: (status == 403).then(|| kept(lang)),
        };
        pages.push((name, page.render().expect("error page")));
    }
    let again = KeptPage { shell: staff(lang, "kept-page", "unit_handler", "/inbox"), kept: kept(lang) };
    pages.push(("kept", again.render().expect("kept")));
    let errors = ErrorsPage { shell: shell(lang, "errors-page"), rows: &CODES };
    pages.push(("errors", errors.render().expect("errors")));
    pages.push(("notices", notices(lang, true).render().expect("notices")));
    pages.push(("notices-empty", notices(lang, false).render().expect("notices, empty")));
    pages.push(("wants", wants(lang).render().expect("wants")));
    pages.push(("sends", sends(lang, true).render().expect("sends")));
    pages.push(("sends-empty", sends(lang, false).render().expect("sends, empty")));
    pages.push(("letters", letters(lang, true).render().expect("letters")));
    pages.push(("letters-empty", letters(lang, false).render().expect("letters, empty")));
    pages.push(("letter", letter(lang).render().expect("letter")));
    pages
}

fn wants(lang: Lang) -> WantsPage {
    let mut shell = staff(lang, "wants-page", "unit_handler", "/notices");
    shell.refuse("mail", "mail-invalid", None);
    WantsPage {
        shell,
        ways: [true, false],
        mail: "linlan".into(),
        mail_on: true,
        phone: String::new(),
        phone_on: false,
        hours: group(&[("8", "8:00"), ("17", "17:00")]),
        digest: "8".into(),
        quiet_from: "22:00".into(),
        quiet_until: "07:00".into(),
        push_key: Some("BCVx".to_owned()),
        browsers: vec![("018f".to_owned(), when("5月11日 星期一 10:00"))],
    }
}

fn sent(id: &str, staff: bool, codes: &[&str]) -> Sent {
    Sent {
        id: id.into(),
        way: "sms".into(),
        staff,
        helper: false,
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        tries: 8,
        fault: "HTTP 503".into(),
        told: when("2026年5月11日 周一 09:00"),
        then: when("2026年5月11日 周一 21:40"),
        urgent: !staff,
    }
}

fn sends(lang: Lang, some: bool) -> SendsPage {
    let dead = vec![sent("a", false, &["15YD-VYEZ-7ZQFX"]), sent("b", true, &["15YD-VYEZ-7ZQFX", "7K3F-Q9WX-2M4AC"])];
    SendsPage {
        shell: staff(lang, "sends-page", "coordinator", "/admin/sends"),
        ways: vec![("mail", true), ("sms", true), ("chat", false), ("letter", true)],
        counts: vec![("waiting", 3), ("retry", 1), ("sent", 1200), ("dead", 2), ("given_up", 0), ("void", 4)],
        dead: if some { dead } else { Vec::new() },
        retry: if some { vec![sent("c", true, &["7K3F-Q9WX-2M4AC"])] } else { Vec::new() },
        typed: ("a".into(), "号码停机".into()),
    }
}

fn letters(lang: Lang, some: bool) -> LettersPage {
    LettersPage {
        shell: staff(lang, "letters-page", "operator", "/letters"),
        waiting: some.into(),
        letters: if some { vec![sent("a", false, &["15YD-VYEZ-7ZQFX"])] } else { Vec::new() },
    }
}

fn letter(lang: Lang) -> LetterPage {
    LetterPage {
        shell: staff(lang, "letter-page", "operator", "/letters"),
        id: "a".into(),
        address: vec!["王秀英 收".into(), "安和市望江区松坪路 3 号 2 单元 501".into(), "900102".into()],
        code: ["15YD", "VYEZ", "7ZQFX"].map(str::to_owned).to_vec(),
        text: "您反映的 15YD-VYEZ-7ZQFX 已答复，请查询并评价。".into(),
        date: when("2026年5月11日 周一"),
        link: "muster.example.org/track/15YDVYEZ7ZQFX".into(),
        qr: Qr::of("muster.example.org/track/15YDVYEZ7ZQFX"),
        sheet: Text { lang },
    }
}

fn notices(lang: Lang, some: bool) -> NoticesPage {
    let told = |id: &str, is_read, urgent| Told {
        id: id.into(),
        code: "15YD-VYEZ-7ZQFX".into(),
        title: "15YD-VYEZ-7ZQFX <派给本单位>".into(),
        body: "工单已派给住房和城乡建设局，须按时签收。".into(),
        when: when("2026年5月11日 周一 09:00"),
        is_read,
        urgent,
    };
    let notices = if some { vec![told("a", false, true), told("b", true, false)] } else { Vec::new() };
    NoticesPage {
        shell: staff(lang, "notices-page", "unit_handler", "/notices"),
        notices,
        unread: some.into(),
        last: 0,
    }
}

fn kept(lang: Lang) -> Kept {
    let label = shell(lang, "kept-page").t("case-answer-text").into_owned();
    let value = "维保单位今天上午更换了主控板。".into();
    Kept {
        action: "/case/7K3FQ9WX2M4AC/answer".into(),
        typed: vec![Typed { name: "text".into(), label, value, shown: None }],
        hidden: vec![("version".into(), "6".into())],
        resend: true,
    }
}

fn accounts(lang: Lang) -> AccountsPage {
    let shell = staff(lang, "accounts-page", "security_admin", "/admin");
    let roles = coded(&shell, "role", &["operator", "unit_handler", "coordinator", "leader", "evaluator"]);
    let grant = |id: &str, role: &str, unit: &str| Grant {
        id: id.into(),
        role: role.into(),
        unit: unit.into(),
        area: "望江区".into(),
    };
    let account = |id: &str, name: &str, active, grants| Account {
        id: id.into(),
        login: format!("{id}lan"),
        name: name.into(),
        active,
        grants,
    };
    AccountsPage {
        q: String::new(),
        accounts: vec![
            account(
                "1",
                "林岚",
                true,
                vec![grant("11", "unit_handler", "区住房和城乡建设局"), grant("12", "coordinator", "")],
            ),
            account("2", "周远", false, Vec::new()),
        ],
        total: 2,
        pager: Pager::default(),
        roles,
        units: group(&[("12", "区住房和城乡建设局")]),
        areas: areas(false).groups,
        form: AccountForm::default(),
        shell,
    }
}

fn audit(lang: Lang, filled: bool) -> AuditPage {
    let line = |actor: &str, action: &str, reason: &str, sealed| AuditLine {
        when: when("11月23日 周一 09:30:12"),
        actor: actor.into(),
        action: action.into(),
        subject: "7K3FQ9WX2M4AC".into(),
        reason: reason.into(),
        sealed,
    };
    AuditPage {
        shell: staff(lang, "audit-page", "audit_admin", "/admin/audit"),
        q: String::new(),
        lines: if filled {
            vec![
                line("林岚", "report_reveal", "上门维修需要约时间", false),
                line("周远", "task_answer", "", true),
                line("周远", "case_assign", "原单位没有执法权限，按权责清单第 112 项改派", true),
            ]
        } else {
            Vec::new()
        },
        pager: Pager::default(),
    }
}
