//! Reports from files: each once, at its own time, whatever the form, the order of runs and who else imports.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use muster_core::evaluate::Measure;
use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_server::jobs;
use muster_server::usecase::figures::figures_view;
use muster_server::usecase::report_import::{Entry, Fate, report_import};
use muster_server::usecase::report_submit::report_submit;
use muster_store::outbox::outbox_oldest;
use muster_store::process::{clocks_of_case, steps_of_case};
use serde_json::json;

use crate::app::{App, NOW, doors};
use crate::import_files::{Files, cases, counts, lines, reports, rows};

/// 2019-11-22 12:14:58 in Shanghai.
const THEN: Timestamp = Timestamp(1_574_396_098 * Timestamp::SECOND);

/// First and last day of a period.
fn days(first: &str, last: &str) -> (i64, i64) {
    (first.parse().unwrap(), last.parse().unwrap())
}

const GOOD: &str = "小区北门的路灯坏了三天，晚上老人不敢出门。";

doors!(history_keeps_its_own_times_and_tells_nobody, async |app: &App| {
    let files = Files::new();
    files.write("old.csv", format!("text,time,channel,area\n{GOOD},2019/11/22 12:14:58,hotline,900102001001\n"));
    let summary = files.import(&app.state, "old.csv", &[]).await;
    assert_eq!(counts(&summary), [1, 1, 0, 0, 0]);
    assert_eq!(summary.rejects, None, "nothing was rejected, so there is no file");

    let case = cases(&app.state).await.remove(0);
    assert_eq!(
        (case.received_at, case.channel, case.area.to_string()),
        (THEN, Channel::Hotline, "900102001001000".into())
    );
    let mut tx = app.state.read().await.unwrap();
    let steps = steps_of_case(&mut tx, case.id).await.unwrap();
    assert!(!steps.is_empty() && steps.iter().all(|step| step.at == THEN));
    let clocks = clocks_of_case(&mut tx, case.id).await.unwrap();
    assert!(!clocks.is_empty() && clocks.iter().all(|clock| clock.started_at == THEN && clock.due_at > THEN));
    assert_eq!(outbox_oldest(&mut tx).await.unwrap(), None, "no notice of what is long past");
    drop(tx);

    jobs::settle(&app.state).await.unwrap();
    let mut tx = app.state.read().await.unwrap();
    for clock in clocks_of_case(&mut tx, case.id).await.unwrap() {
        assert_eq!(clock.broken_at, Some(clock.due_at.0), "it ran out when it was due, not when it was imported");
    }
    drop(tx);
    let year = figures_view(&app.state, days("20191101", "20191231"), None).await.unwrap().totals;
    assert_eq!(year.get(Measure::Received), 1);
    assert_eq!(year.get(Measure::AnswerBroken), i64::from(case.unit_id.is_some()));
    let this_month = figures_view(&app.state, days("20260501", "20260531"), None).await.unwrap().totals;
    assert_eq!(this_month.get(Measure::Received), 0, "history does not count as of today");
});

doors!(a_report_joins_what_was_open_at_its_own_time, async |app: &App| {
    let row = |id: u32, time: &str| json!({ "id": id, "text": GOOD, "time": time });
    let files = Files::new();
    let newest = [row(9, "2026-05-11 08:00:00")];
    files.write("new.jsonl", lines(&newest));
    assert_eq!(counts(&files.import(&app.state, "new.jsonl", &[]).await), [1, 1, 0, 0, 0]);
    let history = [row(1, "2019-11-22 12:14:58"), row(2, "2019-11-24 08:00:00"), row(3, "2020-03-01 08:00:00")];
    files.write("old.jsonl", lines(&history));
    // The second repeats the first; the third comes long after; none repeats what was said years later.
    assert_eq!(counts(&files.import(&app.state, "old.jsonl", &[]).await), [3, 3, 1, 0, 0]);
    let sizes: Vec<i64> = cases(&app.state).await.iter().map(|case| case.reports).collect();
    assert_eq!(sizes, [1, 1, 2], "newest first");
});

doors!(history_is_not_written_into_what_followed_it, async |app: &App| {
    let files = Files::new();
    let row = |id: u32, time: &str| json!({ "id": id, "text": GOOD, "time": time, "area": "900102001001" });
    files.write("first.jsonl", lines(&[row(1, "2026-05-01 08:00:00")]));
    files.import(&app.state, "first.jsonl", &[]).await;
    let draft = Draft { area: Some("900102001001".parse().unwrap()), text: GOOD.to_owned(), ..Draft::default() };
    assert!(report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap().joined);
    // The case moved on today: what was said last week, and is learnt only now, cannot be a step between.
    files.write("late.jsonl", lines(&[row(2, "2026-05-04 08:00:00"), row(3, "2026-04-30 08:00:00")]));
    assert_eq!(counts(&files.import(&app.state, "late.jsonl", &[]).await), [2, 2, 0, 0, 0]);
    for case in cases(&app.state).await {
        let mut tx = app.state.read().await.unwrap();
        let steps = steps_of_case(&mut tx, case.id).await.unwrap();
        assert_eq!(steps[0].step, Move::Receive);
        assert!(steps.windows(2).all(|pair| pair[0].to_state == pair[1].from_state), "the states hang together");
    }
});

doors!(a_second_run_adds_nothing_and_a_broken_one_is_continued, async |app: &App| {
    let files = Files::new();
    let rows = rows(150);
    files.write("half.jsonl", lines(&rows[..70]));
    files.write("whole.jsonl", lines(&rows));
    let flags = ["--source", "old system"];
    let half = files.import(&app.state, "half.jsonl", &flags).await;
    assert_eq!((half.accepted, half.known), (70, 0));
    let whole = files.import(&app.state, "whole.jsonl", &flags).await;
    assert_eq!((whole.accepted, whole.known), (80, 70));
    let again = files.import(&app.state, "whole.jsonl", &flags).await;
    assert_eq!(counts(&again), [150, 0, 0, 0, 150]);
    assert_eq!(reports(&app.state).await, 150);
});

doors!(identical_rows_without_an_id_are_two_reports, async |app: &App| {
    let files = Files::new();
    let row = json!({ "text": GOOD, "time": "2019-11-22 12:14:58" });
    files.write("same.jsonl", lines(&[row.clone(), row.clone()]));
    assert_eq!(counts(&files.import(&app.state, "same.jsonl", &[]).await), [2, 2, 1, 0, 0]);
    assert_eq!(counts(&files.import(&app.state, "same.jsonl", &[]).await), [2, 0, 0, 0, 2]);
    files.write("same.jsonl", lines(&[row.clone(), row.clone(), row]));
    assert_eq!(counts(&files.import(&app.state, "same.jsonl", &[]).await), [3, 1, 1, 0, 2]);
    assert_eq!(reports(&app.state).await, 3);
});

doors!(two_imports_at_once_double_nothing, async |app: &App| {
    let files = Files::new();
    files.write("rows.jsonl", lines(&rows(250)));
    let (a, b) = tokio::join!(files.import(&app.state, "rows.jsonl", &[]), files.import(&app.state, "rows.jsonl", &[]));
    assert_eq!(a.accepted + b.accepted, 250);
    assert_eq!(a.known + b.known, 250);
    assert_eq!(reports(&app.state).await, 250);
});

doors!(jsonl_csv_and_gzip_hold_the_same_rows, async |app: &App| {
    let files = Files::new();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(lines(&rows(20)).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    files.write("rows.jsonl.gz", &packed);
    files.write("unnamed", &packed);
    let first = files.import(&app.state, "rows.jsonl.gz", &[]).await;
    assert_eq!(first.accepted, 20);
    files.write("rows.jsonl", lines(&rows(20)));
    assert_eq!(files.import(&app.state, "rows.jsonl", &[]).await.known, 20, "packed or not, it is one source");
    assert_eq!(files.import(&app.state, "unnamed", &["--source", "rows.jsonl"]).await.known, 20);

    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    packed.write_all(lines(&rows(700)).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    files.write("cut.jsonl.gz", &packed[..packed.len() / 2]);
    let (cut, end) = files.job("cut.jsonl.gz", &[]).unwrap().run(&app.state).await;
    assert!((1..700).contains(&cut.accepted), "what could be read is taken: {cut}");
    assert!(format!("{:#}", end.unwrap_err()).contains("cut.jsonl cannot be read to its end"));
    files.write("cut.jsonl.gz", &packed);
    let whole = files.import(&app.state, "cut.jsonl.gz", &[]).await;
    assert_eq!((whole.known, whole.accepted), (cut.accepted, 700 - cut.accepted));
});

doors!(csv_keeps_quotes_lines_and_commas, async |app: &App| {
    let files = Files::new();
    let said = "他说\"没人管\"，\n所以, 再报一次";
    let quoted = said.replace('"', "\"\"");
    let table =
        format!("\u{feff}内容;标题;时间\r\n\"{quoted}\";楼道堆物;2019/1/5 9:05\r\n\r\n{GOOD};路灯;2019-01-06\r\n");
    files.write("export.csv", table);
    assert_eq!(counts(&files.import(&app.state, "export.csv", &[]).await), [2, 2, 0, 0, 0]);
    let stored = cases(&app.state).await;
    assert_eq!((stored[1].text.as_str(), stored[1].title.as_str()), (said, "楼道堆物"));
    assert_eq!(stored[1].received_at, Timestamp(1_546_650_300 * Timestamp::SECOND));
    assert_eq!(stored[0].received_at, Timestamp(1_546_704_000 * Timestamp::SECOND), "a date is its midnight");
});

doors!(columns_are_mapped_joined_and_switched_off, async |app: &App| {
    let files = Files::new();
    let table =
        "kind,street,when,who,tel,text\nStreet light out,12 Elm Street,2019-01-05,Ann Lee,13900000001,ignored\n";
    files.write("city.csv", table);
    let flags = [
        "--map",
        "text=kind+street",
        "--map",
        "place=street",
        "--map",
        "time=",
        "--map",
        "name=who",
        "--map",
        "phone=tel",
    ];
    let flags = [&flags[..], &["--area", "900102"]].concat();
    assert_eq!(counts(&files.import(&app.state, "city.csv", &flags).await), [1, 1, 0, 0, 0]);
    let case = cases(&app.state).await.remove(0);
    assert_eq!((case.text.as_str(), case.place.as_str()), ("Street light out 12 Elm Street", "12 Elm Street"));
    assert_eq!((case.received_at, case.area.to_string()), (NOW, "900102000000000".to_owned()));
});

doors!(only_who_may_import_does, async |app: &App| {
    let draft = Draft { area: Some(app.state.pack.root_area), text: GOOD.to_owned(), ..Draft::default() };
    let entry = Entry {
        external_id: "1".to_owned(),
        received_at: THEN,
        channel: Channel::Web,
        category: None,
        apart: false,
        draft,
    };
    let refused = report_import(&app.state, &Actor::Anonymous, "test", &[&entry]).await.unwrap_err();
    assert_eq!(refused.status(), 401);
    assert_eq!(report_import(&app.state, &Actor::System, "test", &[&entry]).await.unwrap(), [Fate::Opened]);
});

/// The real messages, where they are; their texts stay where they are.
#[tokio::test]
async fn the_shared_messages_are_taken_and_their_clocks_run_out() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hot_topics/train.jsonl");
    let Ok(bytes) = std::fs::read(&shared) else {
        eprintln!("skipped: {} is not there", shared.display());
        return;
    };
    let app = App::new(muster_store::testing::sqlite().await).await;
    let files = Files::new();
    files.write("train.jsonl", bytes);
    let first = files.import(&app.state, "train.jsonl", &[]).await;
    assert_eq!((first.read, first.accepted, first.rejected), (3027, 3027, 0));
    let second = files.import(&app.state, "train.jsonl", &[]).await;
    assert_eq!((second.accepted, second.known), (0, 3027));
    jobs::settle(&app.state).await.unwrap();
    let all = figures_view(&app.state, days("20170101", "20201231"), None).await.unwrap().totals;
    assert_eq!(all.get(Measure::Received), 3027);
    assert_eq!(all.get(Measure::AnswerBroken), all.get(Measure::Assigned), "nobody answered, and all are overdue");
}
