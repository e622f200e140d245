//! Files to import, and the import of them as the command line does it.

use std::path::PathBuf;

use clap::Parser;
use muster_core::people::Scope;
use muster_server::cli::import::reports::{Args, Job, Summary};
use muster_server::state::State;
use muster_store::process::{CaseFilter, CaseRow, case_list};
use serde_json::{Value, json};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

/// A folder with files to import; removed with the value.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The flags of a command on one of the files; rejects go into the folder.
    pub(crate) fn line(&self, names: &[&str], flags: &[&str]) -> Vec<String> {
        let mut line = vec!["import".to_owned()];
        line.extend(names.iter().map(|name| self.0.path().join(name).display().to_string()));
        line.extend(["--rejects".to_owned(), self.0.path().join("rejects.jsonl").display().to_string()]);
        line.extend(flags.iter().map(|flag| (*flag).to_owned()));
        line
    }

    /// Opens the job; the error is what ends the command at once.
    pub(crate) fn job(&self, name: &str, flags: &[&str]) -> anyhow::Result<Job> {
        Job::open(&Line::try_parse_from(self.line(&[name], flags))?.args)
    }

    /// Imports a file to its end.
    pub(crate) async fn import(&self, state: &State, name: &str, flags: &[&str]) -> Summary {
        let (summary, end) = self.job(name, flags).unwrap().run(state).await;
        end.unwrap();
        assert_eq!(summary.read, summary.accepted + summary.known + summary.rejected);
        summary
    }

    /// The lines of the rejects file.
    pub(crate) fn rejects(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.0.path().join("rejects.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// `read, accepted, joined, rejected, known` of a summary.
pub(crate) fn counts(summary: &Summary) -> [u64; 5] {
    [summary.read, summary.accepted, summary.joined, summary.rejected, summary.known]
}

/// JSONL of some rows.
pub(crate) fn lines(rows: &[Value]) -> String {
    rows.iter().flat_map(|row| [row.to_string(), "\n".to_owned()]).collect()
}

/// Rows that nothing is wrong with, an hour apart, none like another.
pub(crate) fn rows(count: usize) -> Vec<Value> {
    let things = ["路灯", "水管", "公交站牌", "垃圾桶", "井盖", "电梯", "树枝", "红绿灯"];
    let faults = ["坏了一个星期", "漏水很严重", "被人推倒", "一直没有人修", "夜里响个不停", "挡住了路口", "不见了"];
    let row = |n: usize| {
        let (thing, fault) = (things[n % things.len()], faults[n % faults.len()]);
        let text = format!(
            "{thing}{fault}，第{}个路口的{}家商户都看见了。",
            "东西南北".repeat(n % 3),
            "甲乙丙丁戊".repeat(n % 4)
        );
        json!({ "id": n, "title": thing, "text": text, "time": format!("2019-11-{:02} {:02}:15:00", 1 + n / 24, n % 24) })
    };
    (0..count).map(row).collect()
}

/// Every case, newest first.
pub(crate) async fn cases(state: &State) -> Vec<CaseRow> {
    let mut tx = state.read().await.unwrap();
    let filter = CaseFilter {
        scope: Scope { areas: vec![(0, i64::MAX)], units: Vec::new() },
        order: muster_store::process::CaseOrder::Newest,
        limit: 1000,
        ..CaseFilter::default()
    };
    case_list(&mut tx, &filter).await.unwrap()
}

/// Reports stored, joined ones included.
pub(crate) async fn reports(state: &State) -> i64 {
    cases(state).await.iter().map(|case| case.reports).sum()
}
