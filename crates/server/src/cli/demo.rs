//! `muster demo`: a city on a throw-away database, a month of its life, and the pages to look around in.

use std::io::Write;
use std::path::PathBuf;

use muster_core::evaluate::Measure;
use muster_core::time::{Timestamp, day_number};
use tokio::net::TcpListener;

use crate::clock::{Chance, Clock};
use crate::config::Config;
use crate::demo::{City, findings, gather, goods, live, needs, past, practices, present, programme, rooms};
use crate::state::State;
use crate::usecase::figures::figures_view;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Print the month's summary and end
    #[arg(long)]
    once: bool,
    /// Port to serve on; 0 takes any free one, which the last line names
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

/// Days of `demo/reports.toml` are counted from 0 to this.
const LAST_DAY: i64 = 29;

pub fn run(args: &Args) -> anyhow::Result<()> {
    super::runtime()?.block_on(demo(args))
}

async fn demo(args: &Args) -> anyhow::Result<()> {
    let folder = super::Folder::new(args.data.clone(), "muster-demo");
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], args.port));
    let config = Config { data: folder.path().to_owned(), listen, ..Config::default() };
    anyhow::ensure!(
        !config.database_file().exists(),
        "{} already holds an instance; give an empty folder, or serve it with muster serve --data",
        folder.path().display()
    );
    let end = Clock::system().now();
    let (clock, hand) = Clock::virtual_at(end);
    let state = State::open(config.clone(), clock, Chance::seeded(args.seed)).await?;
    let start = first_midnight(&state, end);
    hand.set(start);
    let city = City::found(&state, PASSWORD).await?;
    past(&state, &hand, &city, end).await?;
    goods(&state, &hand, &city, end).await?;
    hand.set(start);
    findings(&state, &hand, &city, start).await?;
    hand.set(start);
    gather(&state, &hand, &city, start, args.seed).await?;
    live(&state, &hand, &city, start, end, args.seed).await?;
    needs(&state, &city, end).await?;
    rooms(&state, &hand, &city, start, end).await?;
    practices(&state, &city, start.plus(LAST_DAY * Timestamp::DAY / 2)).await?;
    programme(&state, &city).await?;
    present(&state, &hand, &city, end).await?;
    summary(&state, &city, start, end).await?;
    state.db.close().await;
    drop(state);
    if args.once {
        return Ok(());
    }
    let state = State::open(config, Clock::system(), Chance::system()).await?;
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "\n打开 / open  http://{address}    （Ctrl-C 结束 / to end）")?;
    super::serve::serve(state, listener, super::serve::stop_signal()).await
}

/// Midnight of the month's first day. Its last is today, so that desks and queues hold what is still under way.
fn first_midnight(state: &State, end: Timestamp) -> Timestamp {
    let calendar = &state.pack.calendar;
    calendar.day_bounds(calendar.local_date(end.plus(-LAST_DAY * Timestamp::DAY))).0
}

async fn summary(state: &State, city: &City, start: Timestamp, end: Timestamp) -> anyhow::Result<()> {
    let day = |at| day_number(state.pack.calendar.local_date(at));
    let totals = figures_view(state, (day(start), day(end)), None).await?.totals;
    let ratio = |code: &str| {
        let Some(indicator) = state.pack.indicators.get(code) else { return "—".to_owned() };
        let ratio = totals.ratio(indicator);
        ratio.percent().map_or("—".to_owned(), |p| format!("{p:.1} % ({}/{})", ratio.numerator, ratio.denominator))
    };
    let mut out = std::io::stdout();
    writeln!(out, "\n{} · 一个月 / one month", state.pack.root_area_name.zh)?;
    for (label, value) in [
        ("收到诉求 reports received", totals.get(Measure::Received).to_string()),
        ("并入同一件事 joined", totals.get(Measure::Joined).to_string()),
        ("自动派到单位 routed without a person", ratio("alone")),
        ("按时签收 accepted on time", ratio("response")),
        ("按时答复 answered on time", ratio("on_time")),
        ("单位认定解决 claimed solved", ratio("claimed")),
        ("居民确认解决 confirmed by residents", ratio("confirmed")),
        ("满意 satisfied", ratio("satisfaction")),
    ] {
        writeln!(out, "  {label}: {value}")?;
    }
    writeln!(out, "\n登录 / logins（密码 / password: {PASSWORD}）")?;
    for shown in &city.shown {
        writeln!(out, "  {:<16} {:<24} {}", shown.role, shown.login, shown.name)?;
    }
    Ok(())
}
