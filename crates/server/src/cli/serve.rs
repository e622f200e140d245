//! `muster serve`: the server and its jobs, until told to stop.

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::state::State;
use crate::{jobs, net, router};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFlags,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let config = Config::load(&args.config)?;
    super::runtime()?.block_on(async {
        let state = State::open(config, Clock::system(), Chance::system()).await?;
        for (setting, value, safe) in state.db.durability().await? {
            anyhow::ensure!(safe, "the database does not keep what it acknowledges: {setting} is {value}");
        }
        let listen = state.config.listen;
        let listener = TcpListener::bind(listen).await.with_context(|| format!("listening on {listen}"))?;
        tracing::info!(%listen, database = state.db.name(), pack = state.pack.version, "serving");
        serve(state, listener, stop_signal()).await
    })
}

/// Serves until `stop` ends, drains, and lets the jobs finish their round.
pub async fn serve(state: State, listener: TcpListener, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let (tell, told) = watch::channel(false);
    let working = tokio::spawn(jobs::run(state.clone(), told.clone()));
    let limits = state.config.net_limits();
    let stopping = async move {
        stop.await;
        tell.send(true).ok();
    };
    let drained = net::serve(listener, router::router(state.clone()), limits, stopping).await;
    tracing::info!(cut = drained.cut, "stopped serving");
    working.await.context("the jobs ended badly")?;
    state.db.close().await;
    Ok(())
}

/// Interrupt or terminate.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
