//! What a reviewer would say of every change, said by a test: sizes, directions of imports, words, paths.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MOST_LINES: usize = 600;
/// Stages of core know the shared words, never each other; what passes between them is a value in a use-case.
const STAGES: [&str; 5] = ["intake", "sense", "process", "dispatch", "evaluate"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file under `folder` with one of the endings, as (path from the root, text).
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == "target" || name == "node_modules" || name == ".git" {
            continue;
        }
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(root()).unwrap().display().to_string(), text));
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing to look at under {folder}");
    found
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Lines of code with their numbers: no comments, and nothing after the tests of a file begin.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(number, line)| (number + 1, line))
}

#[test]
fn files_stay_short() {
    let rust = files("crates", &[".rs"]).into_iter();
    let long =
        rust.chain(files("web", &[".html", ".css", ".js"])).filter(|(_, text)| text.lines().count() > MOST_LINES);
    none(
        &long
            .map(|(path, text)| format!("{path}: {} lines; split at {MOST_LINES}", text.lines().count()))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn core_never_touches_the_outside() {
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "tokio",
        "sqlx",
        "axum",
        "Instant::now",
        "SystemTime",
    ];
    let mut faults = Vec::new();
    for (path, text) in files("crates/core/src", &[".rs"]) {
        for (number, line) in code(&text) {
            faults.extend(
                outside.iter().filter(|word| line.contains(*word)).map(|word| format!("{path}:{number}: {word}")),
            );
        }
    }
    none(&faults);
}

#[test]
fn stages_of_core_do_not_import_each_other() {
    let mut faults = Vec::new();
    for stage in STAGES {
        for (path, text) in files("crates/core/src", &[".rs"]) {
            let inside = path.split('/').nth(3).is_some_and(|part| part.trim_end_matches(".rs") == stage);
            for (number, line) in code(&text).filter(|_| inside) {
                let others =
                    STAGES.iter().filter(|other| **other != stage && line.contains(&format!("crate::{other}")));
                faults.extend(others.map(|other| format!("{path}:{number}: {stage} imports {other}")));
            }
        }
    }
    none(&faults);
}

#[test]
fn only_store_has_sql_and_only_a_few_files_know_two_databases() {
    let mut faults = Vec::new();
    for (path, text) in files("crates/server/src", &[".rs"]) {
        let sql = ["sqlx", "select * ", "insert into ", "delete from "];
        for (number, line) in code(&text) {
            faults
                .extend(sql.iter().filter(|word| line.contains(*word)).map(|word| format!("{path}:{number}: {word}")));
        }
    }
    for (path, text) in files("crates/store/src", &[".rs"]) {
        for (number, line) in code(&text).filter(|(_, line)| line.contains("axum") || line.contains("hyper")) {
            faults.push(format!("{path}:{number}: {line}"));
        }
    }
    none(&faults);
}

#[test]
fn no_notes_to_oneself_are_left() {
    let marks = ["TODO", "FIXME", "XXX", "HACK", "todo!", "unimplemented!"];
    let mut faults = Vec::new();
    for (path, text) in files("crates", &[".rs", ".sql"]).into_iter().filter(|(path, _)| !path.ends_with("tidy.rs")) {
        for (number, line) in text.lines().enumerate() {
            faults.extend(
                marks.iter().filter(|mark| line.contains(*mark)).map(|mark| format!("{path}:{}: {mark}", number + 1)),
            );
        }
    }
    none(&faults);
}

#[test]
fn paths_in_the_documents_exist() {
    let folders = ["crates/", "web/", "packs/", "models/", "docs/", "demo/", "scripts/", "e2e/", "benches/"];
    let mut faults = Vec::new();
    let pages = files("docs", &[".md"])
        .into_iter()
        .chain(files(".", &[".md"]).into_iter().filter(|(path, _)| !path.contains('/')));
    for (path, text) in pages {
        let words = text.split(|c: char| c.is_whitespace() || "`()[]\"<>,;|".contains(c));
        for word in words.map(|word| word.trim_end_matches(['.', ':'])) {
            let local = folders.iter().any(|folder| word.starts_with(folder)) && !word.contains(['*', '{', '$', '…']);
            if local && !root().join(word.split('#').next().unwrap()).exists() {
                faults.push(format!("{path}: {word} does not exist"));
            }
        }
    }
    none(&faults);
}

#[test]
fn numbers_of_migrations_are_used_once() {
    let mut names: Vec<String> = files("crates/store/migrations", &[".sql"])
        .into_iter()
        .filter_map(|(path, _)| Some(path.rsplit('/').next()?[..4].to_owned()))
        .collect();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all, "two migrations share a number");
}

/// A source file that a pattern of .gitignore hides builds here and nowhere else.
#[test]
fn nothing_that_is_built_is_ignored() {
    if !root().join(".git").exists() {
        eprintln!("skipped: not a git work tree");
        return;
    }
    let arguments = [
        "ls-files",
        "--others",
        "--ignored",
        "--exclude-standard",
        "--",
        "crates",
        "web",
        "packs",
        "models",
        "demo",
        "scripts",
    ];
    let output = Command::new("git").current_dir(root()).args(arguments).output().unwrap();
    let hidden = String::from_utf8(output.stdout).unwrap();
    assert!(hidden.is_empty(), "git ignores files the build reads:\n{hidden}");
}

#[test]
fn both_readmes_open_with_the_two_commands_and_a_picture() {
    for name in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let opening: String = text.lines().take(14).collect::<Vec<_>>().join("\n");
        for needed in ["cargo run --release -- demo", "make test", "](docs/images/"] {
            assert!(opening.contains(needed), "{name} does not open with {needed}");
        }
    }
}
