//! What cannot be taken is said with line, field and reason, and the rest goes on.

use muster_core::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::app::{App, doors};
use crate::import_files::{Files, cases, counts};

const GOOD: &str = "小区北门的路灯坏了三天，晚上老人不敢出门。";

/// A line of JSONL and, if it is to be rejected, field and code.
type Case = (Vec<u8>, Option<(&'static str, &'static str)>);

fn row(id: &str, change: &Value) -> Vec<u8> {
    let mut row = json!({ "id": id, "text": format!("{GOOD}{id}"), "time": "2019-11-22 12:14:58" });
    row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    row.to_string().into_bytes()
}

fn bad_lines(text_max: usize) -> Vec<Case> {
    let long = "长".repeat(text_max + 1);
    vec![
        (row("a", &json!({})), None),
        (row("b", &json!({ "text": "" })), Some(("text", "text-missing"))),
        (row("c", &json!({ "text": null })), Some(("text", "text-missing"))),
        (row("d", &json!({ "text": "坏" })), Some(("text", "text-short"))),
        (row("e", &json!({ "text": long })), Some(("text", "text-long"))),
        (row("f", &json!({ "text": ["a", "b"] })), Some(("text", "type-wrong"))),
        (row("g", &json!({ "text": 42 })), Some(("text", "type-wrong"))),
        (row("h", &json!({ "text": "路灯\u{0}坏了很久了" })), Some(("text", "text-control"))),
        (row("i", &json!({ "title": "题".repeat(81) })), Some(("title", "title-long"))),
        (row("j", &json!({ "area": "900999" })), Some(("area", "area-unknown"))),
        (row("k", &json!({ "area": "somewhere" })), Some(("area", "area-unknown"))),
        (row("l", &json!({ "time": "yesterday" })), Some(("time", "time-unreadable"))),
        (row("m", &json!({ "time": "" })), Some(("time", "time-missing"))),
        (row("n", &json!({ "time": "2026-05-11 09:00:01" })), Some(("time", "time-future"))),
        (row("o", &json!({ "time": "1969-12-31 08:00:00" })), Some(("time", "time-early"))),
        (row("p", &json!({ "phone": "call me" })), Some(("phone", "phone-invalid"))),
        (row("q", &json!({ "phone": "001234" })), Some(("phone", "phone-invalid"))),
        (row("r", &json!({ "channel": "pigeon" })), Some(("channel", "channel-unknown"))),
        (row("s", &json!({ "on_behalf": "perhaps" })), Some(("on_behalf", "switch-unreadable"))),
        (row("t\u{0}", &json!({})), Some(("id", "id-invalid"))),
        (row("a", &json!({ "text": format!("{GOOD}又坏了") })), Some(("id", "id-repeated"))),
        (b"{\"id\": \"u\", \"text\": ".to_vec(), Some(("", "json-invalid"))),
        (b"[1, 2]".to_vec(), Some(("", "json-invalid"))),
        ("[".repeat(5000).into_bytes(), Some(("", "json-invalid"))),
        (b"{\"id\": \"v\", \"text\": \"\xff\xfe\"}".to_vec(), Some(("", "utf8-invalid"))),
        ([b"{\"text\": \"".to_vec(), vec![b'x'; 2 << 20], b"\"}".to_vec()].concat(), Some(("", "row-long"))),
        (row("z", &json!({ "phone": 13_900_000_001_i64, "on_behalf": true })), None),
    ]
}

doors!(each_bad_line_is_named_and_the_rest_is_taken, async |app: &App| {
    let cases = bad_lines(app.state.pack.intake.text_max);
    let files = Files::new();
    files.write("bad.jsonl", cases.iter().map(|(line, _)| line.as_slice()).collect::<Vec<_>>().join(&b'\n'));
    for (accepted, known) in [(2, 0), (0, 2)] {
        let summary = files.import(&app.state, "bad.jsonl", &[]).await;
        assert_eq!((summary.accepted, summary.known, summary.rejected), (accepted, known, cases.len() as u64 - 2));
        let mut rejects = files.rejects().into_iter();
        for (number, (_, expected)) in (1..).zip(&cases) {
            let Some((field, code)) = expected else { continue };
            let reject = rejects.next().unwrap();
            assert_eq!(reject["line"], number, "{reject}");
            assert_eq!((&reject["field"], &reject["code"]), (&json!(field), &json!(code)), "{reject}");
            assert!(reject["reason"].as_str().unwrap().len() > 10 && !reject["row"].is_null(), "{reject}");
        }
        assert_eq!(rejects.next(), None);
    }
});

doors!(a_csv_with_faults_loses_only_those_rows, async |app: &App| {
    let files = Files::new();
    let mut table = format!("id,text,time\n1,{GOOD},2019-01-05\n2,{GOOD}\n").into_bytes();
    table.extend_from_slice(b"3,\xc2\xb7\xff\xff\xff\xff,2019-01-05\n");
    table.extend_from_slice(format!("4,\"{GOOD},2019-01-06\n5,地铁口的台阶裂开了一条缝。,2019-01-07\n").as_bytes());
    files.write("bad.csv", table);
    assert_eq!(counts(&files.import(&app.state, "bad.csv", &[]).await), [5, 2, 0, 3, 0]);
    let said: Vec<(i64, String, String)> = files
        .rejects()
        .iter()
        .map(|r| (r["line"].as_i64().unwrap(), r["field"].as_str().unwrap().into(), r["code"].as_str().unwrap().into()))
        .collect();
    let expected = [(3, "", "columns-wrong"), (4, "text", "utf8-invalid"), (5, "", "quote-open")];
    assert_eq!(said, expected.map(|(line, field, code)| (line, field.to_owned(), code.to_owned())));
    let stored: Vec<_> = cases(&app.state).await.iter().map(|case| case.received_at).collect();
    assert_eq!(stored[0].since(stored[1]), 2 * Timestamp::DAY);
});

doors!(several_faults_of_one_row_stand_in_one_line, async |app: &App| {
    let files = Files::new();
    files.write("rows.jsonl", row("a", &json!({ "time": "soon", "channel": "pigeon", "text": 3 })));
    assert_eq!(files.import(&app.state, "rows.jsonl", &[]).await.rejected, 1);
    let rejects = files.rejects();
    assert_eq!(rejects.len(), 1);
    assert_eq!(rejects[0]["also"].as_array().unwrap().len(), 2, "{}", rejects[0]);
    // The row of a reject, mended, is a row again.
    files.write("mended.jsonl", row("a", &json!({})));
    assert_eq!(files.import(&app.state, "mended.jsonl", &["--source", "rows.jsonl"]).await.accepted, 1);
});

#[test]
fn a_wrong_mapping_ends_at_once_with_the_columns_there_are() {
    let files = Files::new();
    files.write("rows.csv", "content of it,when,when\na,b,c\n");
    let text = ["--map", "text=content of it"];
    let more = |flags: &[&'static str]| [&text[..], flags].concat();
    let refused: [(Vec<&str>, &[&str]); 5] = [
        (vec![], &["text", "--map text=COLUMN", "content of it, when"]),
        (vec!["--map", "text=nowhere"], &["\"nowhere\"", "content of it, when"]),
        (more(&["--map", "title=content of it+nowhere"]), &["\"nowhere\"", "content of it, when"]),
        (more(&["--map", "colour=when"]), &["\"colour\"", "text, title, time"]),
        (more(&["--map", "time=when"]), &["two columns \"when\""]),
    ];
    for (flags, parts) in refused {
        let message = files.job("rows.csv", &flags).err().unwrap().to_string();
        for part in parts {
            assert!(message.contains(part), "{part} is missing in: {message}");
        }
    }
    assert!(files.job("rows.csv", &text).is_ok());
    assert!(files.job("rows.csv", &["--map", "text"]).err().unwrap().to_string().contains("FIELD=COLUMN"));
    assert!(files.job("absent.csv", &[]).err().unwrap().to_string().contains("cannot read"));
    files.write("array.json", "[{\"text\": \"a\"}]");
    assert!(format!("{:#}", files.job("array.json", &[]).err().unwrap()).contains("one object a line"));
    files.write("wide.csv", b"\xff\xfet\0e\0x\0t\0");
    assert!(format!("{:#}", files.job("wide.csv", &[]).err().unwrap()).contains("UTF-16"));
    files.write("gbk.csv", b"\xc4\xda\xc8\xdd,\xb1\xea\xcc\xe2\n");
    assert!(format!("{:#}", files.job("gbk.csv", &[]).err().unwrap()).contains("UTF-8"));
}

#[tokio::test]
async fn an_unknown_default_area_ends_at_once() {
    let app = App::new(muster_store::testing::sqlite().await).await;
    let files = Files::new();
    files.write("rows.jsonl", row("a", &json!({})));
    let (summary, end) = files.job("rows.jsonl", &["--area", "900999"]).unwrap().run(&app.state).await;
    assert_eq!(summary.read, 0);
    assert!(end.unwrap_err().to_string().contains("900999"));
}

/// Bytes that look like rows more often than chance would make them.
fn anything() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        Just(b"text,time,id\n".to_vec()),
        Just(b"{\"text\": \"".to_vec()),
        Just("路灯坏了很久没人修".as_bytes().to_vec()),
        Just(b"\",\"time\":\"2019-01-05\"}\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just(b"\x1f\x8b\x08".to_vec()),
        Just(b"2019-01-05".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

/// Whatever the bytes: no panic, every row accounted for, and a second run adds nothing.
#[test]
fn any_file_is_survived() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(async { App::new(muster_store::testing::sqlite().await).await });
    let files = Files::new();
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(bytes in anything(), name in prop_oneof![Just("x.csv"), Just("x.jsonl"), Just("x")])| {
        files.write(name, &bytes);
        let run = || files.job(name, &["--source", "any"]).ok().map(|job| runtime.block_on(job.run(&app.state)));
        if let Some((first, _)) = run() {
            prop_assert_eq!(first.read, first.accepted + first.known + first.rejected);
            let (second, _) = run().unwrap();
            prop_assert_eq!((second.read, second.rejected, second.accepted), (first.read, first.rejected, 0));
        }
    });
}
