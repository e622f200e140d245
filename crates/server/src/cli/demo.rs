//! `muster demo`: a city on a throw-away database, a month of its life, and the pages to look around in.

use std::io::Write;
use std::path::PathBuf;

use muster_core::evaluate::{Indicator, Measure};
use muster_core::time::Timestamp;
use tokio::net::TcpListener;

use crate::clock::{Chance, Clock};
use crate::config::Config;
use crate::demo::{City, live};
use crate::state::State;
use crate::usecase::figures::figures_view;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Print the month's summary and end
    #[arg(long)]
    once: bool,
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder of the instance; must be empty [default: a temporary one, removed at the end]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// For the demo only; every other account is made with a password of its own.
const PASSWORD: &str = "muster-demo-2026";

/// Removes the temporary folder, whatever happens.
struct Folder(PathBuf, bool);

impl Drop for Folder {
    fn drop(&mut self) {
        if self.1 {
            std::fs::remove_dir_all(&self.0).ok();
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    super::runtime()?.block_on(demo(args))
}

async fn demo(args: &Args) -> anyhow::Result<()> {
    let temporary = std::env::temp_dir().join(format!("muster-demo-{}", std::process::id()));
    let folder = Folder(args.data.clone().unwrap_or(temporary), args.data.is_none());
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], args.port));
    let config = Config { data: folder.0.clone(), listen, ..Config::default() };
    anyhow::ensure!(
        !config.database_file().exists(),
        "{} already holds an instance; give an empty folder, or serve it with muster serve --data",
        folder.0.display()
    );
    let end = Clock::system().now();
    let (clock, hand) = Clock::virtual_at(end);
    let state = State::open(config.clone(), clock, Chance::seeded(args.seed)).await?;
    let start = first_midnight(&state, end);
    hand.set(start);
    let city = City::found(&state, PASSWORD).await?;
    live(&state, &hand, &city, start, end, args.seed).await?;
    summary(&state, &city, start, end).await?;
    state.db.close().await;
    drop(state);
    if args.once {
        return Ok(());
    }
    let state = State::open(config, Clock::system(), Chance::system()).await?;
    let listener = TcpListener::bind(listen).await?;
    writeln!(std::io::stdout(), "\n打开 / open  http://{listen}    （Ctrl-C 结束 / to end）")?;
    super::serve::serve(state, listener, super::serve::stop_signal()).await
}

/// Midnight of the last Monday that is at least 31 days ago.
fn first_midnight(state: &State, end: Timestamp) -> Timestamp {
    let calendar = &state.pack.calendar;
    let mut date = calendar.local_date(end.plus(-31 * Timestamp::DAY));
    while date.weekday() != jiff::civil::Weekday::Monday {
        date = date.yesterday().unwrap_or(date);
    }
    calendar.day_bounds(date).0
}

async fn summary(state: &State, city: &City, start: Timestamp, end: Timestamp) -> anyhow::Result<()> {
    let day = |at| {
        let date = state.pack.calendar.local_date(at);
        i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
    };
    let totals = figures_view(state, (day(start), day(end)), None).await?.totals;
    let ratio = |indicator: Indicator| {
        let ratio = totals.ratio(indicator);
        ratio.percent().map_or("—".to_owned(), |p| format!("{p:.1} % ({}/{})", ratio.numerator, ratio.denominator))
    };
    let mut out = std::io::stdout();
    writeln!(out, "\n{} · 一个月 / one month", state.pack.root_area_name.zh)?;
    for (label, value) in [
        ("收到诉求 reports received", totals.get(Measure::Received).to_string()),
        ("并入同一件事 joined", totals.get(Measure::Joined).to_string()),
        ("自动派到单位 routed without a person", ratio(Indicator::Alone)),
        ("按时签收 accepted on time", ratio(Indicator::Response)),
        ("按时答复 answered on time", ratio(Indicator::OnTime)),
        ("单位认定解决 claimed solved", ratio(Indicator::Claimed)),
        ("居民确认解决 confirmed by residents", ratio(Indicator::Confirmed)),
        ("满意 satisfied", ratio(Indicator::Satisfaction)),
    ] {
        writeln!(out, "  {label}: {value}")?;
    }
    writeln!(out, "\n登录 / logins（密码 / password: {PASSWORD}）")?;
    for shown in &city.shown {
        writeln!(out, "  {:<16} {:<24} {}", shown.role, shown.login, shown.name)?;
    }
    Ok(())
}
