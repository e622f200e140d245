//! The command itself, as it is typed.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::import_files::{lines, rows};

fn muster(folder: &Path, line: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_muster"))
        .args(line)
        .arg("--data")
        .arg(folder.join("d"))
        .current_dir(folder)
        .env_remove("MUSTER_DATABASE")
        .env("MUSTER_LOG", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_last_line_counts_and_json_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{}{{\"id\": 99, \"text\": \"\", \"time\": \"2019-11-01\"}}\n", lines(&rows(3)));
    std::fs::write(folder.path().join("rows.jsonl"), &text).unwrap();
    let (ok, out, err) = muster(folder.path(), &["import", "reports", "rows.jsonl"], "");
    assert!(ok, "{err}");
    assert_eq!(out.lines().last(), Some("read 4, accepted 3, joined 0, rejected 1, already known 0"));
    assert!(err.contains("rows.jsonl line 4, text: say what happened"), "{err}");
    let rejects = folder.path().join("rows.jsonl.rejects.jsonl");
    let reject: Value = serde_json::from_str(std::fs::read_to_string(&rejects).unwrap().trim()).unwrap();
    assert_eq!((reject["line"].as_i64(), reject["row"]["id"].as_i64()), (Some(4), Some(99)));

    let line = ["import", "reports", "-", "--source", "rows.jsonl", "--json"];
    let (ok, out, err) = muster(folder.path(), &line, &text);
    assert!(ok, "{err}");
    let counts: Value = serde_json::from_str(&out).unwrap();
    for (field, count) in [("read", 4), ("accepted", 0), ("joined", 0), ("rejected", 1), ("known", 3)] {
        assert_eq!(counts[field], count, "{field} in {out}");
    }

    let line = ["import", "reports", "rows.jsonl", "--rejects", "rows.jsonl"];
    let (ok, _, err) = muster(folder.path(), &line, "");
    assert!(!ok && err.contains("is the file to be read"), "{err}");
    assert_eq!(std::fs::read_to_string(folder.path().join("rows.jsonl")).unwrap(), text);
}

#[test]
fn the_demo_leaves_an_instance_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rows.jsonl"), lines(&rows(1))).unwrap();
    let (ok, _, err) = muster(folder.path(), &["import", "reports", "rows.jsonl"], "");
    assert!(ok, "{err}");
    let before = std::fs::read(folder.path().join("d/muster.db")).unwrap();
    let (ok, _, err) = muster(folder.path(), &["demo", "--once"], "");
    assert!(!ok && err.contains("already holds an instance"), "{err}");
    assert_eq!(std::fs::read(folder.path().join("d/muster.db")).unwrap(), before);
}
