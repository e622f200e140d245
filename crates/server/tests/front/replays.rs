//! Other rules on the cases of the past: the difference is the rules' and nothing else's, and nothing is written.

use jiff::civil::Date;
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::pack_default::{file_text, with_file};
use muster_server::usecase::rule_replay::rule_replay;

use crate::app::{App, doors};
use crate::figures_history::{accept, answer, given};

const AREA: &str = "900102001001";

fn days() -> (Date, Date) {
    ("2026-05-01".parse().unwrap(), "2026-05-31".parse().unwrap())
}

/// The pack in force with one text of a file replaced wherever it stands.
fn changed(file: &str, from: &str, to: &str) -> muster_core::pack::Pack {
    let text = file_text(None, file).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    with_file(None, file, &text.replace(from, to)).unwrap().unwrap_or_else(|faults| panic!("{faults:?}"))
}

doors!(the_same_rules_change_nothing_and_others_what_they_say, async |app: &App| {
    for n in 0..4 {
        let case = given(app, n, AREA, "0201").await;
        accept(app, &case).await;
        if n < 2 {
            answer(app, &case, "fixed").await;
        }
    }
    given(app, 4, AREA, "0301").await;
    app.advance(30 * Timestamp::DAY).await;
    let same = rule_replay(&app.state, &Actor::System, &app.state.pack, days()).await.unwrap();
    let all = same.replay.all;
    assert_eq!((all.cases, all.moved, all.later, all.earlier), (5, 0, 0, 0));
    assert_eq!((all.told_before, all.kept_before), (5, 2), "two were answered at once, three ran out");
    assert_eq!((all.told_after, all.kept_after), (5, 2));
    assert!(same.replay.first.is_empty());

    let slower = changed("duties.toml", "county = \"human_resources\"", "county = \"civil_affairs\"");
    let moved = rule_replay(&app.state, &Actor::System, &slower, days()).await.unwrap().replay;
    assert_eq!((moved.all.moved, moved.classes["02"].moved, moved.classes["03"].moved), (4, 4, 0));
    assert_eq!(moved.first.len(), 4);
    let before = rule_replay(
        &app.state,
        &Actor::System,
        &slower,
        ("2026-04-01".parse().unwrap(), "2026-04-30".parse().unwrap()),
    )
    .await
    .unwrap();
    assert_eq!(before.replay.all.cases, 0, "of these days only");
});

doors!(a_leader_tries_a_file_and_reads_what_is_wrong_in_it, async |app: &App| {
    for n in 0..3 {
        given(app, n, AREA, "0201").await;
    }
    given(app, 3, "900103001001", "0201").await;
    let mut leader = app.signed_in("bh-leader").await;
    let form = leader.get("/replays?file=duties.toml").await;
    assert_eq!(form.status, 200, "{}", form.body);
    assert!(form.body.contains("2026-01-01") && form.body.contains("2026-03-31"), "last quarter");
    let text = file_text(None, "duties.toml").unwrap();
    let tried = text.replace("county = \"human_resources\"", "county = \"civil_affairs\"");
    let fields = [("file", "duties.toml"), ("text", tried.as_str()), ("from", "2026-05-01"), ("to", "2026-05-31")];
    let page = leader.post("/replays", &fields).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("共 3 件，其中 3 件换了承办单位"), "their own county only: {}", page.body);
    assert!(page.body.contains("滨湖区民政局"), "{}", page.body);
    let wrong = [("file", "duties.toml"), ("text", "这不是规则"), ("from", "2026-05-01"), ("to", "2026-05-31")];
    let page = leader.post("/replays", &wrong).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("duties.toml:1") && page.body.contains("这不是规则"), "{}", page.body);
    let turned = [("file", "duties.toml"), ("text", tried.as_str()), ("from", "2026-06-01"), ("to", "2026-05-31")];
    assert_eq!(leader.post("/replays", &turned).await.status, 422);
    let other = [("file", "intake.toml"), ("text", ""), ("from", "2026-05-01"), ("to", "2026-05-31")];
    assert_eq!(leader.post("/replays", &other).await.status, 422);
    let mut coordinator = app.signed_in("bh-coordinator").await;
    assert_eq!(coordinator.get("/replays").await.status, 403);
});
