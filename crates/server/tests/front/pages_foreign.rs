//! Every page of the grid, asked for by people it is not for: nothing foreign is shown, and nothing breaks.

use muster_core::people::{Actor, Subject, may};
use muster_server::router::{Route, all};

use crate::app::{Answer, App, Browser, doors};
use crate::figures_history::{accept, answer, given, told};

const FOREIGN: &str = "900102001001";
const WORDS: [&str; 3] = ["甲处有情况", "昨天那个东西", "上回讲过的"];

/// Page routes only: the API has tests of its own.
fn pages() -> impl Iterator<Item = &'static Route> {
    let elsewhere = |path: &str| path.starts_with("/api/") || matches!(path, "/healthz" | "/readyz" | "/metrics");
    all().filter(move |route| !elsewhere(route.path))
}

fn is_open(route: &Route) -> bool {
    may(&Actor::Anonymous, route.action, &Subject::NONE).is_ok()
}

fn address(route: &Route, code: &str) -> String {
    let nobody = "00000000-0000-0000-0000-000000000007";
    let filled = route.path.replace("{code}", code).replace("{indicator}", "received").replace("{name}", "muster.css");
    let filled = filled.replace("{id}", nobody).replace("{grant}", nobody).replace("{report}", nobody);
    filled.replace("{request}", nobody).replace("{number}", "1")
}

async fn ask(browser: &mut Browser<'_>, route: &Route, path: &str, fields: &[(&str, &str)]) -> Answer {
    if route.method == "get" { browser.get(path).await } else { browser.post(path, fields).await }
}

/// A filled form that fits every route.
const FIELDS: [(&str, &str); 14] = [
    ("version", "1"),
    ("outcome", "fixed"),
    ("text", "一段足够长的文字"),
    ("evidence", "记录"),
    ("reason", "no_place"),
    ("note", "说明"),
    ("category", "0201"),
    ("area", FOREIGN),
    ("phone", "19900000001"),
    ("role", "leader"),
    ("login", "new-account"),
    ("name", "某人"),
    ("password", "a-long-enough-word"),
    ("unit", "mh-office"),
];

doors!(no_staff_page_shows_what_lies_elsewhere, async |app: &App| {
    let waiting = told(app, 0, FOREIGN).await;
    let assigned = given(app, 1, FOREIGN, "0201").await;
    let answered = given(app, 2, FOREIGN, "0201").await;
    accept(app, &answered).await;
    answer(app, &answered, "fixed").await;
    let logins =
        ["ys-coordinator", "ys-leader", "ys-operator", "ys-education", "grid-songping-1", "evaluator", "system-admin"];
    for login in logins {
        let mut browser = app.signed_in(login).await;
        browser.get("/").await;
        for route in pages().filter(|route| !is_open(route) && route.path != "/events" && route.path != "/logout") {
            for case in [&waiting, &assigned, &answered] {
                let path = address(route, &case.code.replace('-', ""));
                for fields in [&FIELDS[..], &[]] {
                    let got = ask(&mut browser, route, &path, fields).await;
                    let what = format!("{login} {} {path}: {}", route.method, got.status);
                    assert!(got.status < 500, "{what}: {}", got.body);
                    if route.path.contains("{code}") {
                        assert!(matches!(got.status, 403 | 404), "{what}: {}", got.body);
                    }
                    for words in WORDS {
                        assert!(!got.body.contains(words), "{what} shows {words}: {}", got.body);
                    }
                }
            }
        }
        for path in ["/dashboard?area=", "/dashboard/received?area="] {
            let got = browser.get(&format!("{path}{FOREIGN}000")).await;
            // A unit's handler sees what the own unit did, wherever that was.
            let own = login == "ys-education" && got.status == 200;
            assert!(own || matches!(got.status, 403 | 404), "{login} {path}: {}", got.status);
        }
        let found = browser.get(&format!("/inbox?tab=all&area={FOREIGN}000")).await;
        assert!(!WORDS.iter().any(|words| found.body.contains(words)), "{login}: {}", found.body);
    }
});

doors!(nobody_gets_past_the_door, async |app: &App| {
    let case = given(app, 1, FOREIGN, "0201").await;
    for route in pages() {
        let path = address(route, &case.code.replace('-', ""));
        let mut stranger = app.browser();
        stranger.get("/").await;
        let got = ask(&mut stranger, route, &path, &FIELDS).await;
        let what = format!("{} {path}: {}", route.method, got.status);
        assert!(got.status < 500, "{what}: {}", got.body);
        match (is_open(route), route.method) {
            (true, _) => assert_ne!(got.status, 401, "{what}"),
            (false, "get") => {
                assert_eq!(got.status, 303, "{what}");
                assert!(got.header("location").starts_with("/login?next=%2F"), "{what}");
            }
            (false, _) => assert_eq!(got.status, 401, "{what}: {}", got.body),
        }
        assert!(!got.body.contains("昨天那个东西"), "{what} shows the words of a case");
    }
});

doors!(those_who_may_break_nothing_either, async |app: &App| {
    let case = given(app, 1, FOREIGN, "0201").await;
    for login in ["coordinator", "leader", "operator1", "bh-human-resources", "security-admin", "audit-admin"] {
        let mut browser = app.signed_in(login).await;
        browser.get("/").await;
        for route in pages().filter(|route| route.path != "/events" && route.path != "/logout") {
            for code in [case.code.replace('-', ""), "nonsense".to_owned(), "%25".to_owned()] {
                let path = address(route, &code);
                for fields in [
                    &[][..],
                    &[("version", "x"), ("unit", "x"), ("category", "x"), ("area", "x"), ("role", "x")],
                    &FIELDS,
                ] {
                    let got = ask(&mut browser, route, &path, fields).await;
                    assert!(got.status < 500, "{login} {} {path} {fields:?}: {}", route.method, got.body);
                }
            }
        }
    }
});
