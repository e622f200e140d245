//! `muster report`: the report of a month, quarter or half-year, written by itself, as page, paper and workbook.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use muster_core::area::AreaId;
use muster_core::evaluate::open::open_edition;
use muster_core::evaluate::period::{Period, PeriodKind};
use muster_core::evaluate::snapshot::Snapshot;
use muster_core::people::Actor;
use muster_print::Printer;
use muster_store::people::area_list;
use muster_store::period_report::PeriodReportRow;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::i18n::Lang;
use crate::period_report::{Document, Links, PACKAGE_FILES, document, package_file, page, paper_of, workbook_of};
use crate::secret::hex;
use crate::state::State;
use crate::usecase::period_report_write::period_report_write;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Of a month, such as 2011-07
    Month(Report),
    /// Of a quarter, such as 2011Q3
    Quarter(Report),
    /// Of half a year, such as 2011H2
    HalfYear(Report),
}

#[derive(clap::Args, Debug)]
struct Report {
    /// Code of the area, or its name where only one has it
    #[arg(long)]
    area: String,
    #[arg(long)]
    period: Period,
    /// Folder for report.html, report.pdf, report.xlsx and, in `open`, what everybody may see with the open data
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// In English [default: Chinese]
    #[arg(long)]
    en: bool,
    /// Print what was written as one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let (args, kind) = match &args.command {
        Command::Month(args) => (args, PeriodKind::Month),
        Command::Quarter(args) => (args, PeriodKind::Quarter),
        Command::HalfYear(args) => (args, PeriodKind::HalfYear),
    };
    anyhow::ensure!(
        args.period.kind() == kind,
        "{} is a {}; write: muster report {} --period {}",
        args.period,
        args.period.kind(),
        args.period.kind(),
        args.period
    );
    let config = Config::load(&args.config)?;
    super::runtime()?.block_on(write(args, config))
}

#[derive(Serialize)]
struct Written {
    id: uuid::Uuid,
    hash: String,
    state: String,
    seconds: f64,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    path: PathBuf,
    bytes: usize,
    sha256: String,
}

async fn write(args: &Report, config: Config) -> anyhow::Result<()> {
    let state = State::open(config, Clock::system(), Chance::system()).await?;
    let begun = state.clock.elapsed();
    let area = area(&state, &args.area).await?;
    let (row, full) = period_report_write(&state, &Actor::System, area, args.period).await.map_err(told)?;
    let lang = if args.en { Lang::En } else { Lang::Zh };
    let links = Links(state.config.public_url.as_ref().map(|url| url.as_str().to_owned()));
    let open = open_edition(&full);
    let printer = Printer::open(&state.config.fonts)?;
    let mut files = Vec::new();
    edition(&printer, &args.out, &document(&state.pack, &row, &full, lang, &links), &mut files)?;
    let folder = args.out.join("open");
    edition(&printer, &folder, &document(&state.pack, &row, &open, lang, &links), &mut files)?;
    package(&folder, &row, &open, &mut files)?;
    let seconds = state.clock.elapsed().saturating_sub(begun).as_secs_f64();
    let written = Written { id: row.id, hash: row.hash, state: row.state, seconds, files };
    if args.json {
        return super::print_json(&written);
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "report {} ({}), hash {}", written.id, written.state, written.hash)?;
    for file in &written.files {
        writeln!(out, "{}  {} ({} bytes)", file.sha256, file.path.display(), file.bytes)?;
    }
    Ok(writeln!(out, "{seconds:.2} s")?)
}

/// What was wrong, in one line.
fn told(error: crate::error::Error) -> anyhow::Error {
    match error.fields().first() {
        Some(fault) => anyhow::anyhow!("{}", fault.detail),
        None => anyhow::Error::new(error),
    }
}

async fn area(state: &State, typed: &str) -> anyhow::Result<AreaId> {
    if let Ok(area) = typed.parse() {
        return Ok(area);
    }
    let mut tx = state.read().await?;
    let areas = area_list(&mut tx, state.pack.root_area.range(), 100_000).await?;
    let root = &state.pack.root_area_name;
    if typed == root.zh || typed == root.en {
        return Ok(state.pack.root_area);
    }
    let mut named = areas.iter().filter(|area| area.name == typed);
    let found = named.next().with_context(|| format!("there is no area {typed:?}; give its code"))?;
    anyhow::ensure!(named.next().is_none(), "several areas are called {typed:?}; give the code");
    Ok(found.id)
}

/// Page, paper and workbook of one edition.
fn edition(printer: &Printer, folder: &Path, document: &Document, files: &mut Vec<File>) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let pdf = printer.print(&paper_of(document))?;
    put(folder, "report.html", page(document)?.as_bytes(), files)?;
    put(folder, "report.pdf", &pdf, files)?;
    put(folder, "report.xlsx", &workbook_of(document)?, files)
}

fn package(folder: &Path, row: &PeriodReportRow, open: &Snapshot, files: &mut Vec<File>) -> anyhow::Result<()> {
    for name in PACKAGE_FILES {
        if let Some(bytes) = package_file(row, open, name) {
            put(folder, name, &bytes, files)?;
        }
    }
    Ok(())
}

fn put(folder: &Path, name: &str, bytes: &[u8], files: &mut Vec<File>) -> anyhow::Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
    files.push(File { path, bytes: bytes.len(), sha256: hex(&Sha256::digest(bytes)) });
    Ok(())
}
