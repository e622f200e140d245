//! `muster bench`: how much one machine carries, measured on a server of its own.

mod dispatch;
mod ladder;
mod practices;

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use muster_core::area::{AreaId, Level};
use muster_core::intake::{Channel, Draft};
use muster_core::people::{Actor, Role};
use muster_store::people::{account_list, area_list, grants_all, unit_list};
use muster_store::process::cases_total;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::bench::{CALLS, Dice, Load, Phrases, Plan, preload, run as run_load};
use crate::clock::{Chance, Clock};
use crate::config::Config;
use crate::demo::City;
use crate::ratelimit::Rate;
use crate::state::State;
use crate::usecase::report_alike::report_alike;
use crate::usecase::session::session_login;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Report, dispatch, answer and find, over HTTP from 16 connections
    Lifecycle(Lifecycle),
    /// The open cases like a draft, asked for one draft after another
    Likeness(Likeness),
    /// A need among many who could help, posted until its candidates are there; and the plan for all
    Dispatch(dispatch::Dispatch),
    /// Rungs of the ladder among open clocks: found and claimed, and passed after a stop
    Ladder(ladder::Ladder),
    /// What is proposed beside a case, among many practices
    Practices(practices::Practices),
}

#[derive(clap::Args, Debug)]
struct Lifecycle {
    #[command(flatten)]
    instance: Instance,
    /// Time that is counted, after a warm-up of a fifth of it
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args, Debug)]
struct Likeness {
    #[command(flatten)]
    instance: Instance,
    /// Drafts that are counted, after a tenth as many
    #[arg(long, default_value_t = 2_000)]
    drafts: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The instance that is measured.
#[derive(clap::Args, Debug)]
struct Instance {
    /// Cases the database holds before the measuring begins; what is missing is written first
    #[arg(long, default_value_t = 0)]
    preload: u64,
    /// postgres://… of a database for this alone [default: SQLite in the data folder]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Folder of the instance; one of an earlier run is taken up again [default: a temporary one, removed at the end]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Instance {
    /// Opened, with the city founded and the missing cases written; tells how long that took.
    async fn open(&self, folder: &super::Folder) -> anyhow::Result<(State, f64)> {
        let unlimited: Rate = "1000000/second".parse().map_err(anyhow::Error::msg)?;
        let config = Config {
            data: folder.path().to_owned(),
            database: self.database.clone().map(TryInto::try_into).transpose().map_err(anyhow::Error::msg)?,
            rate_login_address: unlimited,
            rate_login_account: unlimited,
            ..Config::default()
        };
        let state = State::open(config, Clock::system(), Chance::system()).await?;
        for (setting, value, safe) in state.db.durability().await? {
            anyhow::ensure!(safe, "the database does not keep what it acknowledges: {setting} is {value}");
        }
        let begun = state.clock.elapsed();
        self.prepare(&state).await?;
        let seconds = state.clock.elapsed().saturating_sub(begun).as_secs_f64();
        Ok((state, seconds))
    }

    /// Founds the city in an empty instance and writes the cases that are missing.
    async fn prepare(&self, state: &State) -> anyhow::Result<()> {
        let mut tx = state.read().await?;
        let is_new = unit_list(&mut tx).await?.is_empty();
        let held = cases_total(&mut tx).await? as u64;
        drop(tx);
        anyhow::ensure!(
            self.preload > 0 || held == 0,
            "the database already holds {held} cases; give an empty one, or --preload {held} or more"
        );
        if is_new {
            City::found(state, PASSWORD).await?;
        }
        preload(state, held, self.preload, self.seed).await
    }
}

#[derive(Serialize)]
struct Report {
    database: &'static str,
    preload: u64,
    seconds: f64,
    connections: u64,
    lifecycles: u64,
    lifecycles_per_second: f64,
    /// Of every call.
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    errors: u64,
    calls: Vec<Timing>,
    preload_seconds: f64,
}

#[derive(Serialize)]
struct Timing {
    call: &'static str,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
}

/// For an instance that only this command talks to.
const PASSWORD: &str = "muster-bench-2026";

pub fn run(args: &Args) -> anyhow::Result<()> {
    let runtime = super::runtime()?;
    match &args.command {
        Command::Lifecycle(args) => runtime.block_on(lifecycle(args)),
        Command::Likeness(args) => runtime.block_on(likeness(args)),
        Command::Dispatch(args) => runtime.block_on(dispatch::dispatch(args)),
        Command::Ladder(args) => runtime.block_on(ladder::ladder(args)),
        Command::Practices(args) => runtime.block_on(practices::practices(args)),
    }
}

async fn lifecycle(args: &Lifecycle) -> anyhow::Result<()> {
    let folder = super::Folder::new(args.instance.data.clone(), "muster-bench");
    let (state, preload_seconds) = args.instance.open(&folder).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(super::serve::serve(state.clone(), listener, async { drop(stopped.await) }));
    let load = run_load(plan(&state, base, args).await?).await?;
    stop.send(()).ok();
    serving.await??;
    let report = report(state.db.name(), args.instance.preload, preload_seconds, &load);
    print(&report, args.json)
}

#[derive(Serialize)]
struct LikenessReport {
    database: &'static str,
    preload: u64,
    drafts: usize,
    /// Drafts for which a case was proposed.
    proposed: usize,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    preload_seconds: f64,
}

/// Asks as the report form does before sending: the judgement, the candidates, their whole words.
async fn likeness(args: &Likeness) -> anyhow::Result<()> {
    let folder = super::Folder::new(args.instance.data.clone(), "muster-bench");
    let (state, preload_seconds) = args.instance.open(&folder).await?;
    let mut tx = state.read().await?;
    let areas = area_list(&mut tx, state.pack.root_area.range(), 10_000).await?;
    drop(tx);
    let areas: Vec<AreaId> = areas.iter().map(|area| area.id).filter(|area| area.level() == Level::Community).collect();
    anyhow::ensure!(!areas.is_empty(), "the instance has no communities to report from");
    let (phrases, mut dice) = (Phrases::load()?, Dice::new(args.instance.seed.wrapping_add(7)));
    let (mut times, mut proposed) = (Vec::with_capacity(args.drafts), 0);
    for n in 0..args.drafts + args.drafts / 10 {
        let said = phrases.said(&mut dice);
        let area = areas[dice.below(areas.len())];
        let draft = Draft { area: Some(area), place: said.place, text: said.text, ..Draft::default() };
        let begun = state.clock.elapsed();
        let found = report_alike(&state, &Actor::Anonymous, Channel::Web, &draft, "bench").await?;
        if n >= args.drafts / 10 {
            times.push(state.clock.elapsed().saturating_sub(begun).as_secs_f64() * 1e3);
            proposed += usize::from(!found.is_empty());
        }
    }
    times.sort_by(f64::total_cmp);
    let quantile = |q: f64| times.get(((times.len().max(1) - 1) as f64 * q) as usize).copied().unwrap_or(0.0);
    let report = LikenessReport {
        database: state.db.name(),
        preload: args.instance.preload,
        drafts: args.drafts,
        proposed,
        p50_ms: quantile(0.50),
        p95_ms: quantile(0.95),
        p99_ms: quantile(0.99),
        preload_seconds,
    };
    if args.json {
        return super::print_json(&report);
    }
    let mut out = std::io::stdout();
    let LikenessReport { database, preload, drafts, p50_ms, p95_ms, p99_ms, .. } = report;
    writeln!(out, "{database}, {preload} cases: {drafts} drafts, a case proposed for {proposed}")?;
    writeln!(out, "ms: p50 {p50_ms:.2}, p95 {p95_ms:.2}, p99 {p99_ms:.2}")?;
    Ok(())
}

async fn plan(state: &State, base: String, args: &Lifecycle) -> anyhow::Result<Plan> {
    let mut tx = state.read().await?;
    let areas = area_list(&mut tx, state.pack.root_area.range(), 10_000).await?;
    let units = unit_list(&mut tx).await?;
    let accounts: HashMap<_, _> = account_list(&mut tx, 10_000).await?.into_iter().map(|a| (a.id.0, a.login)).collect();
    let grants = grants_all(&mut tx).await?;
    let held = cases_total(&mut tx).await? as u64;
    drop(tx);
    let token = async |role: Role, area: AreaId, unit: Option<uuid::Uuid>| {
        let fits = |grant: &&muster_store::people::GrantRow| {
            grant.role == role && grant.area.contains(area) && (unit.is_none() || grant.unit_id == unit)
        };
        let grant = grants.iter().find(fits).with_context(|| format!("no account is {role} for {area}"))?;
        let login = accounts.get(&grant.account_id).context("a grant has its account")?;
        anyhow::Ok(session_login(state, login, PASSWORD).await?.token)
    };
    let mut handlers = HashMap::new();
    // What its list does not hold may not be given to a community.
    for unit in units.iter().filter(|unit| unit.area.level() < Level::Community) {
        handlers.insert(unit.code.clone(), token(Role::UnitHandler, unit.area, Some(unit.id.0)).await?);
    }
    let city = muster_core::area::AreaId::ancestor(areas.last().context("an area")?.id, Level::City);
    let city = city.context("communities lie in a city")?;
    Ok(Plan {
        base,
        operator: token(Role::Operator, city, None).await?,
        coordinator: token(Role::Coordinator, city, None).await?,
        handlers,
        areas: areas.iter().map(|area| area.id).filter(|id| id.level() == Level::Community).collect(),
        seconds: args.seconds,
        // A second run on the same data must not say the same again.
        seed: args.instance.seed.wrapping_add(held),
    })
}

fn report(database: &'static str, preload: u64, preload_seconds: f64, load: &Load) -> Report {
    let call = |i: usize| Timing {
        call: CALLS[i],
        p50_ms: load.quantile(i..i + 1, 0.50),
        p95_ms: load.quantile(i..i + 1, 0.95),
        p99_ms: load.quantile(i..i + 1, 0.99),
    };
    Report {
        database,
        preload,
        seconds: load.seconds,
        connections: crate::bench::CONNECTIONS,
        lifecycles: load.lifecycles,
        lifecycles_per_second: load.lifecycles as f64 / load.seconds,
        p50_ms: load.quantile(0..CALLS.len(), 0.50),
        p95_ms: load.quantile(0..CALLS.len(), 0.95),
        p99_ms: load.quantile(0..CALLS.len(), 0.99),
        errors: load.errors,
        calls: (0..CALLS.len()).map(call).collect(),
        preload_seconds,
    }
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return super::print_json(report);
    }
    let mut out = std::io::stdout();
    let Report { database, preload, lifecycles_per_second, errors, .. } = report;
    writeln!(out, "{database}, {preload} cases: {lifecycles_per_second:.1} lifecycles/s, {errors} errors")?;
    writeln!(out, "{:10} {:>9} {:>9} {:>9}", "ms", "p50", "p95", "p99")?;
    for Timing { call, p50_ms, p95_ms, p99_ms } in &report.calls {
        writeln!(out, "{call:10} {p50_ms:9.1} {p95_ms:9.1} {p99_ms:9.1}")?;
    }
    writeln!(out, "{:10} {:9.1} {:9.1} {:9.1}", "all", report.p50_ms, report.p95_ms, report.p99_ms)?;
    Ok(())
}
