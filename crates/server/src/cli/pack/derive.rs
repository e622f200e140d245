//! `muster pack derive`: a pack from another system's record, so that its cases can be replayed here.
//!
//! Of each class the budget that most of its deadlines follow; classes, units and areas as the record names them; and how
//! far our due times agree with theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use indicatif::ProgressBar;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use muster_core::area::{AreaId, Level};
use muster_core::pack::Pack;
use muster_core::time::Timestamp;
use muster_core::time::fit::{Difference, Fit, Kept, fit};
use serde::Serialize;

use super::kit::{DERIVED, Kit};
use crate::cli::import::fields::{Asked, Field, Kind, Mapping, asked};
use crate::cli::import::table::{Columns, Table};
use crate::cli::import::times;
use crate::pack_default::load_dir;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// CSV or JSONL, also packed with gzip
    file: PathBuf,
    /// Which column holds class, group, unit, area, time, due, closed, kept
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = asked)]
    map: Vec<Asked>,
    /// The calendar of the record's city, a calendar.toml with opening hours and holidays
    #[arg(long, value_name = "FILE")]
    calendar: PathBuf,
    /// Its zone, such as America/New_York
    #[arg(long)]
    zone: String,
    /// Code of the area that all of it lies in, with room for one level below
    #[arg(long, value_name = "CODE")]
    root: String,
    /// What that area is called
    #[arg(long)]
    name: String,
    /// Folder for the pack, areas.csv, units.csv, values.toml and agreement.json; made anew when it is there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print the agreement as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

const fn needed(name: &'static str) -> Field {
    Field { name, kind: Kind::Words, is_needed: true, also: &[] }
}

const fn optional(name: &'static str) -> Field {
    Field { name, kind: Kind::Words, is_needed: false, also: &[] }
}

const FIELDS: [Field; 8] = [
    needed("class"),
    needed("group"),
    needed("unit"),
    needed("area"),
    needed("time"),
    needed("due"),
    optional("closed"),
    // Whether the other system says that the deadline was kept.
    optional("kept"),
];

/// How far deadlines agree; of all rows, and of each class.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Agreement {
    /// Rows with a deadline.
    promised: usize,
    /// In the order of [`Difference::ALL`].
    differences: [usize; Difference::ALL.len()],
    /// Rows that say whether the deadline was kept and when the case was closed.
    judged: usize,
    /// Of those, where closing before or after our deadline says the same.
    same_verdict: usize,
}

impl Agreement {
    fn add(&mut self, other: &Self) {
        self.promised += other.promised;
        for (sum, more) in self.differences.iter_mut().zip(other.differences) {
            *sum += more;
        }
        self.judged += other.judged;
        self.same_verdict += other.same_verdict;
    }

    fn share(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.promised.max(1) as f64
    }
}

#[derive(Debug, Serialize)]
pub(super) struct ClassAgreement {
    class: String,
    /// Such as `17 working_hours`; none where no budget fits one deadline.
    budget: Option<String>,
    #[serde(flatten)]
    agreement: Agreement,
}

#[derive(Debug, Serialize)]
pub(super) struct Summary {
    rows: usize,
    /// Rows without a deadline, or whose deadline is not after their start: they stand as unknown.
    unknown: usize,
    #[serde(flatten)]
    whole: Agreement,
    /// Those with the most deadlines first.
    classes: Vec<ClassAgreement>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>7} {:>7} {:>7}  budget and class", "rows", "same %", "moment%")?;
        for ClassAgreement { class, budget, agreement } in self.classes.iter().take(20) {
            let [same, moment, ..] = agreement.differences;
            let (same, both) = (agreement.share(same), agreement.share(same + moment));
            let budget = budget.as_deref().unwrap_or("none");
            writeln!(f, "{:>7} {same:>7.1} {both:>7.1}  {budget:<22} {class}", agreement.promised)?;
        }
        let Self { rows, unknown, whole, classes } = self;
        writeln!(f, "{rows} rows, {} with a deadline in {} classes, {unknown} unknown", whole.promised, classes.len())?;
        for (difference, count) in Difference::ALL.into_iter().zip(whole.differences) {
            writeln!(f, "{count:>7} {:>6.1} %  {}", whole.share(count), said(difference))?;
        }
        let share = 100.0 * whole.same_verdict as f64 / whole.judged.max(1) as f64;
        write!(f, "kept or late as they say: {} of {} ({share:.2} %)", whole.same_verdict, whole.judged)
    }
}

fn said(difference: Difference) -> &'static str {
    match difference {
        Difference::Same => "the same within a minute",
        Difference::SameWorkingMoment => "the same moment of working time: close of one day, opening of the next",
        Difference::ClocksChanged => "the same on the wall, an hour apart over a change of clocks",
        Difference::BegunOutsideHours => "begun while closed: theirs keeps the time of day",
        Difference::OtherBudget => "another budget that the class also had",
        Difference::Unexplained => "unexplained",
    }
}

/// One row of the record.
struct Entry {
    class: String,
    kept: Option<Kept>,
    closed: Option<Timestamp>,
    verdict: Option<bool>,
}

pub(super) fn derive(args: &Args) -> anyhow::Result<Summary> {
    let head = fs::read_to_string(args.out.join("pack/pack.toml")).unwrap_or_default();
    ensure!(
        !args.out.exists() || head.contains(DERIVED),
        "{} is there and was not made by this command; name another folder",
        args.out.display()
    );
    let root: AreaId = args.root.parse().with_context(|| format!("--root {}", args.root))?;
    ensure!(root.level() < Level::Community, "--root {}: no level of the duty list lies below it", args.root);
    let zone = TimeZoneDatabase::bundled().get(&args.zone).with_context(|| format!("--zone {}", args.zone))?;
    let (entries, seen) = read(args, &zone)?;
    let kit = seen.kit((root, args.name.clone()))?;
    let calendar =
        fs::read_to_string(&args.calendar).with_context(|| format!("cannot read {}", args.calendar.display()))?;
    let folder = args.out.join("pack");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // Once without budgets, so that what is wrong with the calendar is said by the pack's own check.
    kit.write(&args.out, &args.zone, &calendar, &BTreeMap::new())?;
    let pack = load_dir(&folder)?;
    let mut classes: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in &entries {
        classes.entry(&entry.class).or_default().push(entry);
    }
    let fits: BTreeMap<&str, Fit> = (classes.iter())
        .filter_map(|(class, entries)| {
            let kept: Vec<Kept> = entries.iter().filter_map(|entry| entry.kept).collect();
            Some((*class, fit(&kept, &pack.calendar)?))
        })
        .collect();
    let budgets = fits.iter().map(|(class, fit)| (*class, fit.budget.clone())).collect();
    kit.write(&args.out, &args.zone, &calendar, &budgets)?;
    let pack = load_dir(&folder)?;
    let summary = compare(&classes, &fits, &pack, entries.len());
    let file = args.out.join("agreement.json");
    fs::write(&file, serde_json::to_vec_pretty(&summary)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(summary)
}

fn compare(classes: &BTreeMap<&str, Vec<&Entry>>, fits: &BTreeMap<&str, Fit>, pack: &Pack, rows: usize) -> Summary {
    let mut of_classes = Vec::new();
    let mut whole = Agreement::default();
    for (class, entries) in classes {
        let fit = fits.get(class);
        let mut agreement = Agreement::default();
        for (entry, kept) in entries.iter().filter_map(|entry| Some((entry, entry.kept?))) {
            agreement.promised += 1;
            let difference = fit.map_or(Difference::Unexplained, |fit| fit.compare(kept, &pack.calendar));
            agreement.differences[difference as usize] += 1;
            if let (Some(fit), Some(closed), Some(verdict)) = (fit, entry.closed, entry.verdict) {
                agreement.judged += 1;
                let ours = closed <= fit.due(kept.start, &pack.calendar);
                agreement.same_verdict += usize::from(ours == verdict);
            }
        }
        whole.add(&agreement);
        if agreement.promised > 0 {
            let budget = fit.map(|fit| format!("{} {}", fit.budget.amount, fit.budget.unit.code()));
            of_classes.push(ClassAgreement { class: (*class).to_owned(), budget, agreement });
        }
    }
    of_classes.sort_by_key(|class| std::cmp::Reverse(class.agreement.promised));
    Summary { rows, unknown: rows - whole.promised, whole, classes: of_classes }
}

/// Reads the record: its rows, and the classes, units and areas that it names.
fn read(args: &Args, zone: &TimeZone) -> anyhow::Result<(Vec<Entry>, Seen)> {
    let mut table = Table::open(&args.file, &ProgressBar::no_length())?;
    let mapping = Mapping::new(&FIELDS, &args.map, &table)?;
    let mut entries = Vec::new();
    let mut seen = Seen::default();
    while let Some(row) = table.next()? {
        let columns = row.columns.map_err(|(fault, _)| anyhow::anyhow!("line {}: {fault}", row.line))?;
        let entry = entry(&mapping, &columns, zone, &mut seen).with_context(|| format!("line {}", row.line))?;
        entries.push(entry);
    }
    Ok((entries, seen))
}

fn entry(mapping: &Mapping, row: &Columns, zone: &TimeZone, seen: &mut Seen) -> anyhow::Result<Entry> {
    let value = |field: &str| {
        mapping.value(row, field).map(|text| text.trim().to_owned()).map_err(|fault| anyhow::anyhow!("{fault}"))
    };
    let time = |field: &str| -> anyhow::Result<Option<Timestamp>> {
        let text = value(field)?;
        let read = || times::read(&text, zone).with_context(|| format!("{field} {text:?}: write {}", times::EXAMPLES));
        if text.is_empty() { Ok(None) } else { read().map(Some) }
    };
    let class = value("class")?;
    ensure!(!class.is_empty(), "no class");
    let start = time("time")?.context("no time")?;
    let kept = time("due")?.filter(|due| *due > start).map(|due| Kept { start, due });
    let verdict = match value("kept")?.to_lowercase().as_str() {
        "ontime" | "true" | "yes" | "1" | "是" => Some(true),
        "overdue" | "false" | "no" | "0" | "否" => Some(false),
        "" => None,
        other => anyhow::bail!("kept {other:?}: write true or false, or ontime and overdue"),
    };
    *seen.classes.entry(class.clone()).or_default().entry((value("group")?, value("unit")?)).or_default() += 1;
    seen.areas.insert(value("area")?);
    Ok(Entry { class, kept, closed: time("closed")?, verdict })
}

/// How often each name stands in the record.
#[derive(Default)]
struct Seen {
    classes: BTreeMap<String, BTreeMap<(String, String), usize>>,
    areas: BTreeSet<String>,
}

impl Seen {
    /// A class belongs to the group and the unit it stands with most often.
    fn kit(mut self, root: (AreaId, String)) -> anyhow::Result<Kit> {
        self.areas.remove("");
        let homes = self.classes.into_iter().filter_map(|(class, homes)| {
            let (home, _) = homes.into_iter().max_by_key(|(_, count)| *count)?;
            Some((class, home))
        });
        Kit::new(root, homes.collect(), self.areas)
    }
}
