//! `muster pack replay`: the rules of another pack on the cases of last quarter, with the difference.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use anyhow::bail;
use jiff::civil::Date;
use muster_core::evaluate::replay::{Difference, Replayed};
use muster_core::id::UnitId;
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use serde::Serialize;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::pack_default::check_dir;
use crate::state::State;
use crate::usecase::rule_replay::{Outcome, last_quarter, rule_replay};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Folder with the other pack's .toml files; a file it lacks is taken from the built-in pack
    dir: PathBuf,
    /// First day [default: of last quarter]
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Last day [default: of last quarter]
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    config: ConfigFlags,
}

/// What is printed.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    from: String,
    to: String,
    /// Versions of the packs.
    before: String,
    after: String,
    cut: bool,
    all: Difference,
    classes: BTreeMap<String, Difference>,
    changed: Vec<Changed>,
}

#[derive(Debug, Serialize)]
struct Changed {
    code: String,
    category: String,
    area: i64,
    unit_before: Option<String>,
    unit_after: Option<String>,
    due_before: String,
    due_after: String,
}

pub(super) async fn replay(args: &Args) -> anyhow::Result<Report> {
    let other = match check_dir(&args.dir)? {
        Ok(pack) => pack,
        Err(faults) => {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            bail!("the pack in {} has faults:\n{}", args.dir.display(), lines.join("\n"));
        }
    };
    let state = State::open(Config::load(&args.config)?, Clock::system(), Chance::system()).await?;
    let quarter = last_quarter(state.pack.calendar.local_date(state.now()));
    let days = (args.from.unwrap_or(quarter.0), args.to.unwrap_or(quarter.1));
    let outcome = rule_replay(&state, &Actor::System, &other, days).await?;
    Ok(report(&state, &other.version, &outcome))
}

fn report(state: &State, after: &str, outcome: &Outcome) -> Report {
    let unit = |id: Option<UnitId>| {
        let unit = outcome.units.iter().find(|unit| Some(unit.id) == id);
        unit.map(|unit| unit.code.clone())
    };
    let due = |at: Timestamp| state.pack.calendar.local(at).strftime("%Y-%m-%d %H:%M").to_string();
    let changed = |case: &Replayed| Changed {
        code: case.code.clone(),
        category: case.category.clone(),
        area: case.area,
        unit_before: unit(case.before.unit),
        unit_after: unit(case.after.unit),
        due_before: due(case.before.due),
        due_after: due(case.after.due),
    };
    Report {
        from: outcome.days.0.to_string(),
        to: outcome.days.1.to_string(),
        before: state.pack.version.clone(),
        after: after.to_owned(),
        cut: outcome.cut,
        all: outcome.replay.all,
        classes: outcome.replay.classes.clone(),
        changed: outcome.replay.first.iter().map(changed).collect(),
    }
}

fn line(f: &mut fmt::Formatter<'_>, label: &str, sums: &Difference) -> fmt::Result {
    let share = |kept: u64, told: u64| {
        if told == 0 { "-".to_owned() } else { format!("{:.1}% ({kept}/{told})", 100.0 * kept as f64 / told as f64) }
    };
    writeln!(
        f,
        "{label:<8} {:>8} {:>8} {:>8} {:>8}  {:>22} {:>22}",
        sums.cases,
        sums.moved,
        sums.earlier,
        sums.later,
        share(sums.kept_before, sums.told_before),
        share(sums.kept_after, sums.told_after),
    )
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} – {}: pack {} → {}", self.from, self.to, self.before, self.after)?;
        writeln!(
            f,
            "{:<8} {:>8} {:>8} {:>8} {:>8}  {:>22} {:>22}",
            "class", "cases", "moved", "earlier", "later", "in time", "in time then"
        )?;
        line(f, "all", &self.all)?;
        for (class, sums) in &self.classes {
            line(f, class, sums)?;
        }
        writeln!(
            f,
            "no unit: {} → {}; of an unknown class: {}",
            self.all.homeless_before, self.all.homeless_after, self.all.unknown
        )?;
        if self.cut {
            writeln!(f, "there are more cases; only the first were looked at")?;
        }
        for case in &self.changed {
            let unit = |unit: &Option<String>| unit.clone().unwrap_or_else(|| "-".to_owned());
            writeln!(
                f,
                "{} {} {}  {} → {}  {} → {}",
                case.code,
                case.category,
                case.area,
                unit(&case.unit_before),
                unit(&case.unit_after),
                case.due_before,
                case.due_after
            )?;
        }
        Ok(())
    }
}
