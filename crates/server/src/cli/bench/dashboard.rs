//! `muster bench dashboard`: how fast the dashboard answers for any area, unit, class, period and way of comparing.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::Context;
use muster_core::area::AreaId;
use muster_core::people::Role;
use muster_store::people::{account_list, area_list, grants_all, unit_list};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{Instance, PASSWORD};
use crate::bench::Dice;
use crate::cookie::Cookies;
use crate::jobs;
use crate::state::State;
use crate::usecase::session::session_login;
use crate::who::SESSION_COOKIE;

/// Of the calls, so many before those that are counted.
const WARM_UP: usize = 10;
const WAYS: [&str; 6] = ["area", "unit", "class", "period", "area&mix=1", "unit&mix=1"];
/// The last so many days, and all time.
const PERIODS: [&str; 5] = ["7", "30", "90", "365", ""];

#[derive(clap::Args, Debug)]
pub(super) struct Dashboard {
    #[command(flatten)]
    instance: Instance,
    /// Pages that are counted, after a tenth as many
    #[arg(long, default_value_t = 1_000)]
    pages: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    database: &'static str,
    preload: u64,
    pages: usize,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    /// By way of comparing and period, each p95.
    by: Vec<(String, f64)>,
    /// The slowest page.
    slowest: String,
    preload_seconds: f64,
}

/// A leader of the whole city reads one page after another, each with another filter.
pub(super) async fn dashboard(args: &Dashboard) -> anyhow::Result<()> {
    let folder = super::super::Folder::new(args.instance.data.clone(), "muster-bench");
    let (state, preload_seconds) = args.instance.open(&folder).await?;
    // What fell due while nobody ran the city is done before, or the pages wait for it too.
    jobs::settle(&state).await?;
    let addresses = addresses(&state, args).await?;
    let cookie = cookie(&state).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(super::super::serve::serve(state.clone(), listener, async { drop(stopped.await) }));
    let client = crate::send::http()?.build()?;
    let mut times: Vec<(f64, &Asked)> = Vec::with_capacity(args.pages);
    for (n, asked) in addresses.iter().enumerate() {
        let begun = state.clock.elapsed();
        let answer = client.get(format!("{base}{}", asked.address)).header("cookie", &cookie).send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        anyhow::ensure!(status.is_success() && body.contains("id=\"compare\""), "{}: {status}", asked.address);
        if n >= args.pages / WARM_UP {
            times.push((state.clock.elapsed().saturating_sub(begun).as_secs_f64() * 1e3, asked));
        }
    }
    stop.send(()).ok();
    serving.await??;
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    print(&report(&state, args, preload_seconds, &times), args.json)
}

struct Asked {
    address: String,
    way: &'static str,
    period: &'static str,
}

/// Each way of comparing with each period in turn; area, unit, class and what is drawn by chance.
async fn addresses(state: &State, args: &Dashboard) -> anyhow::Result<Vec<Asked>> {
    let mut tx = state.read().await?;
    let areas: Vec<AreaId> =
        area_list(&mut tx, state.pack.root_area.range(), 10_000).await?.iter().map(|area| area.id).collect();
    let units = unit_list(&mut tx).await?;
    let classes: Vec<&str> = state.pack.taxonomy.classes().map(|class| class.code.as_str()).collect();
    let indicators: Vec<&str> = state.pack.indicators.iter().map(|indicator| indicator.code.as_str()).collect();
    let mut dice = Dice::new(args.instance.seed);
    let mut addresses = Vec::new();
    for n in 0..args.pages + args.pages / WARM_UP {
        let (way, period) = (WAYS[n % WAYS.len()], PERIODS[n / WAYS.len() % PERIODS.len()]);
        // Half of all filters hold the whole city, where the most is added up.
        let area = if dice.percent() < 50 { state.pack.root_area } else { areas[dice.below(areas.len())] };
        let mut address = format!("/dashboard?by={way}&period={period}&area={area}");
        if dice.percent() < 25 {
            write!(address, "&unit={}", units[dice.below(units.len())].id)?;
        }
        if dice.percent() < 25 {
            write!(address, "&category={}", classes[dice.below(classes.len())])?;
        }
        write!(address, "&show={}", indicators[dice.below(indicators.len())])?;
        addresses.push(Asked { address, way, period });
    }
    Ok(addresses)
}

/// The session of somebody who sees the whole city.
async fn cookie(state: &State) -> anyhow::Result<String> {
    let mut tx = state.read().await?;
    let grants = grants_all(&mut tx).await?;
    let leader = grants.iter().find(|grant| grant.role == Role::Leader && grant.area == state.pack.root_area);
    let leader = leader.context("no account leads the whole city")?.account_id;
    let accounts = account_list(&mut tx, 10_000).await?;
    let login = accounts.into_iter().find(|account| account.id.0 == leader).context("a grant has its account")?.login;
    drop(tx);
    let token = session_login(state, &login, PASSWORD).await?.token;
    let cookie = Cookies { secure: state.config.secure_cookies }.set(SESSION_COOKIE, &token, None);
    Ok(cookie.to_str()?.split(';').next().unwrap_or_default().to_owned())
}

/// INVARIANT: `times` rise.
fn report(state: &State, args: &Dashboard, preload_seconds: f64, times: &[(f64, &Asked)]) -> Report {
    let quantile = |times: &[f64], q: f64| times.get(((times.len().max(1) - 1) as f64 * q) as usize).copied();
    let all: Vec<f64> = times.iter().map(|(ms, _)| *ms).collect();
    let of = |fits: &dyn Fn(&Asked) -> bool| -> f64 {
        let these: Vec<f64> = times.iter().filter(|(_, asked)| fits(asked)).map(|(ms, _)| *ms).collect();
        quantile(&these, 0.95).unwrap_or(0.0)
    };
    let by_way = WAYS.map(|way| (format!("by {way}"), of(&|asked| asked.way == way)));
    let by_period = PERIODS.map(|period| {
        let name = if period.is_empty() { "all time".to_owned() } else { format!("{period} days") };
        (name, of(&|asked| asked.period == period))
    });
    Report {
        database: state.db.name(),
        preload: args.instance.preload,
        pages: times.len(),
        p50_ms: quantile(&all, 0.5).unwrap_or(0.0),
        p95_ms: quantile(&all, 0.95).unwrap_or(0.0),
        p99_ms: quantile(&all, 0.99).unwrap_or(0.0),
        max_ms: quantile(&all, 1.0).unwrap_or(0.0),
        by: by_way.into_iter().chain(by_period).collect(),
        slowest: times.last().map(|(_, asked)| asked.address.clone()).unwrap_or_default(),
        preload_seconds,
    }
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return super::super::print_json(report);
    }
    let mut out = std::io::stdout();
    let Report { database, preload, pages, p50_ms, p95_ms, p99_ms, max_ms, .. } = report;
    writeln!(out, "{database}, {preload} cases: {pages} pages")?;
    writeln!(out, "ms: p50 {p50_ms:.1}, p95 {p95_ms:.1}, p99 {p99_ms:.1}, max {max_ms:.1}")?;
    for (name, ms) in &report.by {
        writeln!(out, "  p95 {name:<12} {ms:7.1}")?;
    }
    writeln!(out, "slowest {}", report.slowest)?;
    Ok(())
}
