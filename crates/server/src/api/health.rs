//! Is it alive, can it serve, what has it done.

use axum::Extension;
use axum::extract::State as Held;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use muster_core::people::{Action, Actor, Subject, may};

use crate::error::Result;
use crate::metrics::Metrics;
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::deny;
use crate::who::Who;

/// The process answers.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// The database answers too.
pub(super) async fn readyz(Held(state): Held<State>) -> Result<&'static str> {
    let mut tx = state.read().await?;
    muster_store::people::instance_get(&mut tx, "ready").await?;
    Ok("ready")
}

/// For a collector on the same machine, or a system administrator.
pub(super) async fn metrics(
    Held(state): Held<State>,
    Extension(metrics): Extension<Metrics>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Extension(who): Extension<Who>,
) -> Result<impl IntoResponse> {
    let actor = if address.is_loopback() { Actor::System } else { who.actor };
    may(&actor, Action::MetricsRead, &Subject::NONE).map_err(deny)?;
    metrics.sends(state.senders.counted());
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()))
}
