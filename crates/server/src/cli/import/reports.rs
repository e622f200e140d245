//! `muster import reports`.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use indicatif::ProgressBar;
use muster_core::area::AreaId;
use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_store::people::area_get;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::fields::{Field, Kind, Mapping};
use super::rejects::{Fault, Rejects};
use super::table::{Columns, Row, Table};
use super::values::Values;
use super::{Common, Done, times};
use crate::state::State;
use crate::usecase::report_import::{Entry, Fate, report_import};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// JSONL or CSV, also packed with gzip; `-` for standard input
    file: PathBuf,
    /// Code of the area of rows that name none [default: the root area of the pack]
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// What the values of a field's column are called here: a TOML file with a table for each field
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,
    /// Every row was a case of its own there: none is joined to one like it
    #[arg(long)]
    apart: bool,
    /// Name under which the rows are remembered: a row of one source is taken once [default: the file name]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    #[command(flatten)]
    pub(super) common: Common,
}

const fn field(name: &'static str, kind: Kind, also: &'static [&'static str]) -> Field {
    Field { name, kind, is_needed: false, also }
}

const FIELDS: [Field; 11] = [
    Field {
        is_needed: true,
        ..field("text", Kind::Words, &["content", "body", "description", "内容", "诉求内容", "留言详情"])
    },
    field("title", Kind::Words, &["subject_line", "标题", "诉求标题", "留言主题"]),
    field("time", Kind::Digits, &["received_at", "created_at", "时间", "诉求时间", "受理时间", "留言时间"]),
    field("place", Kind::Words, &["address", "地点", "地址"]),
    field("area", Kind::Digits, &["area_code", "区域", "区划代码"]),
    field("category", Kind::Digits, &["分类"]),
    field("name", Kind::Words, &["姓名"]),
    field("phone", Kind::Digits, &["mobile", "电话", "手机", "联系电话"]),
    field("on_behalf", Kind::Switch, &["代办"]),
    field("channel", Kind::Words, &["渠道"]),
    field("id", Kind::Digits, &["msg_id", "external_id", "编号", "留言编号"]),
];

/// Rows in one transaction: few enough that a server on the same SQLite file waits for a fraction of a second.
const BATCH: usize = 100;
/// Left between two transactions, since SQLite has no queue: who comes next must find the door open.
const TURN: Duration = Duration::from_millis(15);

/// `read = accepted + known + rejected`; `joined` of the accepted repeat a case already open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub read: u64,
    pub accepted: u64,
    pub joined: u64,
    pub rejected: u64,
    /// Taken by an earlier run, or the same row again under one id.
    pub known: u64,
    /// The file with the rejected rows, if there are any.
    pub rejects: Option<PathBuf>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, accepted, joined, rejected, known, rejects } = self;
        if let Some(file) = rejects {
            writeln!(f, "rejected rows with their reasons: {}", file.display())?;
        }
        write!(f, "read {read}, accepted {accepted}, joined {joined}, rejected {rejected}, already known {known}")
    }
}

/// An import that is ready to begin: the file is open and every field has its column.
pub struct Job {
    table: Table,
    mapping: Mapping,
    values: Values,
    identities: Identities,
    rejects: Rejects,
    bar: ProgressBar,
    area: Option<String>,
    apart: bool,
    source: String,
}

/// A row on its way: what it says, or what is wrong with it.
struct Item {
    line: u64,
    row: serde_json::Value,
    entry: Result<Entry, Vec<Fault>>,
}

impl Job {
    /// # Errors
    /// The file cannot be read, or `--map` names a column that is not there.
    pub fn open(args: &Args) -> anyhow::Result<Self> {
        let bar = ProgressBar::no_length();
        let table = Table::open(&args.file, &bar)?;
        let mapping = Mapping::new(&FIELDS, &args.common.map, &table)?;
        let values = match &args.values {
            Some(file) => Values::open(file, &FIELDS.map(|field| field.name))?,
            None => Values::default(),
        };
        let source = args.source.clone().unwrap_or_else(|| table.name.clone());
        ensure!(
            !source.trim().is_empty() && source.chars().count() <= 200 && !source.contains(char::is_control),
            "--source {source:?}: give a name of 1 to 200 characters"
        );
        let rejects =
            Rejects::new(args.common.rejects.as_deref(), &table.name, std::slice::from_ref(&args.file), &bar)?;
        let identities = Identities { has_id: mapping.has("id"), ..Identities::default() };
        Ok(Self {
            table,
            mapping,
            values,
            identities,
            rejects,
            bar,
            area: args.area.clone(),
            apart: args.apart,
            source,
        })
    }

    /// Takes all rows, batch by batch. What was taken before a failure stays taken, and the next run goes on there.
    pub async fn run(mut self, state: &State) -> Done<Summary> {
        let mut summary = Summary::default();
        let end = self.take(state, &mut summary).await;
        self.bar.finish_and_clear();
        let end = match self.rejects.flush() {
            Ok(file) => {
                summary.rejects = file.map(PathBuf::from);
                end
            }
            Err(error) => end.and(Err(error)),
        };
        (summary, end)
    }

    async fn take(&mut self, state: &State, summary: &mut Summary) -> anyhow::Result<()> {
        let area = self.default_area(state).await?;
        loop {
            let (items, end) = self.batch(state, area);
            let is_empty = items.is_empty();
            self.store(state, items, summary).await?;
            self.bar.set_message(format!("{} read", summary.read));
            if let Err(error) = end {
                let line = "the rows before are taken; mend the file and run again: it goes on where it stopped";
                return Err(error.context(line));
            }
            if is_empty {
                return Ok(());
            }
            tokio::time::sleep(TURN).await;
        }
    }

    async fn default_area(&self, state: &State) -> anyhow::Result<AreaId> {
        let Some(code) = &self.area else { return Ok(state.pack.root_area) };
        let area: AreaId = code.parse().with_context(|| format!("--area {code}"))?;
        let found = area_get(&mut state.read().await?, area).await?;
        ensure!(found.is_some(), "--area {code}: there is no such area; import it with muster import areas");
        Ok(area)
    }

    /// The next rows; an error comes with those read before it.
    fn batch(&mut self, state: &State, area: AreaId) -> (Vec<Item>, anyhow::Result<()>) {
        let mut items = Vec::new();
        while items.len() < BATCH {
            match self.table.next() {
                Ok(Some(row)) => items.push(self.item(state, area, row)),
                Ok(None) => break,
                Err(error) => return (items, Err(error)),
            }
        }
        (items, Ok(()))
    }

    fn item(&mut self, state: &State, area: AreaId, row: Row) -> Item {
        let line = row.line;
        let columns = match row.columns {
            Ok(columns) => columns,
            Err((fault, text)) => return Item { line, row: text.into(), entry: Err(vec![fault]) },
        };
        let entry = self.entry(state, area, line, &columns);
        Item { line, row: columns.into_iter().collect(), entry }
    }

    fn entry(&mut self, state: &State, area: AreaId, line: u64, row: &Columns) -> Result<Entry, Vec<Fault>> {
        let mut reading = Reading { mapping: &self.mapping, values: &self.values, row, faults: Vec::new() };
        let draft = Draft {
            area: reading.parsed("area", "area-unknown", |code| code.parse::<AreaId>().ok(), AREA_HELP).or(Some(area)),
            place: reading.value("place"),
            title: reading.value("title"),
            text: reading.value("text"),
            name: reading.value("name"),
            phone: reading.value("phone"),
            on_behalf: reading.parsed("on_behalf", "switch-unreadable", switch, "true or false").unwrap_or_default(),
            ..Draft::default()
        };
        let time = |text: &str| times::read(text, &state.pack.zone);
        let at = reading.parsed("time", "time-unreadable", time, times::EXAMPLES);
        if at.is_none() && self.mapping.has("time") && reading.faults.is_empty() {
            reading.faults.push(Fault::new(
                "time",
                "time-missing",
                "the row says no time; --map time= takes now for all",
            ));
        }
        let channel = reading.parsed("channel", "channel-unknown", |word| word.parse().ok(), CHANNEL_HELP);
        let id = reading.value("id");
        let known = |code: &str| state.pack.taxonomy.get(code.trim()).map(|category| category.code.clone());
        let category = reading.parsed("category", "category-unknown", known, "a code of the pack's taxonomy.toml");
        let mut faults = reading.faults;
        match self.identities.of(line, &id, row) {
            Ok(external_id) if faults.is_empty() => Ok(Entry {
                external_id,
                received_at: at.unwrap_or_else(|| state.now()),
                channel: channel.unwrap_or(Channel::Import),
                category,
                apart: self.apart,
                draft,
            }),
            Ok(_) => Err(faults),
            Err(fault) => {
                faults.push(fault);
                Err(faults)
            }
        }
    }

    /// Writes a batch and accounts for each of its rows.
    async fn store(&mut self, state: &State, items: Vec<Item>, summary: &mut Summary) -> anyhow::Result<()> {
        let entries: Vec<&Entry> = items.iter().filter_map(|item| item.entry.as_ref().ok()).collect();
        let fates = report_import(state, &Actor::System, &self.source, &entries).await?;
        let mut fates = fates.into_iter();
        for item in &items {
            summary.read += 1;
            let faults = match &item.entry {
                Err(faults) => faults.clone(),
                Ok(_) => match fates.next().context("a row without an answer")? {
                    Fate::Rejected(faults) => faults.iter().map(Fault::from).collect(),
                    Fate::Known => {
                        summary.known += 1;
                        continue;
                    }
                    fate => {
                        summary.accepted += 1;
                        summary.joined += u64::from(fate == Fate::Joined);
                        continue;
                    }
                },
            };
            summary.rejected += 1;
            self.rejects.add(&self.table.name, item.line, &faults, &item.row)?;
        }
        Ok(())
    }
}

const AREA_HELP: &str = "a code of 2, 4, 6, 9, 12 or 15 digits";
const CHANNEL_HELP: &str = "web, hotline, grid, station, api or import";

/// Reads the fields of one row and gathers what is wrong with them.
struct Reading<'a> {
    mapping: &'a Mapping,
    values: &'a Values,
    row: &'a Columns,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn value(&mut self, name: &str) -> String {
        let value = self.mapping.value(self.row, name).and_then(|value| self.values.ours(name, value));
        value.unwrap_or_else(|fault| {
            self.faults.push(fault);
            String::new()
        })
    }

    /// `None` when the field is empty or unreadable; the latter is a fault.
    fn parsed<T>(&mut self, name: &str, code: &str, parse: impl Fn(&str) -> Option<T>, expected: &str) -> Option<T> {
        let value = self.value(name);
        if value.is_empty() {
            return None;
        }
        let parsed = parse(&value);
        if parsed.is_none() {
            let shown: String = value.chars().take(60).collect();
            self.faults.push(Fault::new(name, code, format!("{shown:?} cannot be read; write {expected}")));
        }
        parsed
    }
}

fn switch(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" | "是" => Some(true),
        "false" | "no" | "0" | "否" => Some(false),
        _ => None,
    }
}

/// What tells rows apart: the mapped id, else the hash of the row and how often it has occurred in the file so far.
/// This is all that is remembered of the rows passed: some 50 bytes each.
#[derive(Default)]
struct Identities {
    has_id: bool,
    /// Line and content of each id.
    ids: HashMap<u128, (u64, u128)>,
    occurrences: HashMap<u128, u32>,
}

impl Identities {
    fn of(&mut self, line: u64, id: &str, row: &Columns) -> Result<String, Fault> {
        // The order of columns is that of their names, in JSONL as in CSV.
        let content = hash(&serde_json::to_vec(row).unwrap_or_default());
        let id = id.trim();
        if !self.has_id || id.is_empty() {
            let count = self.occurrences.entry(content).or_default();
            *count += 1;
            return Ok(format!("row:{content:032x}#{count}"));
        }
        if id.chars().count() > 200 || id.contains(char::is_control) {
            return Err(Fault::new("id", "id-invalid", "an id has at most 200 characters and none of control"));
        }
        match *self.ids.entry(hash(id.as_bytes())).or_insert((line, content)) {
            (_, same) if same == content => Ok(id.to_owned()),
            (first, _) => {
                let reason =
                    format!("id {id} stands on line {first} already, with other content; an id names one report");
                Err(Fault::new("id", "id-repeated", reason))
            }
        }
    }
}

/// Half of SHA-256: two rows of a file never meet by chance.
fn hash(bytes: &[u8]) -> u128 {
    let digest = Sha256::digest(bytes);
    digest.iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte))
}
