//! From address to function. Every route names its use-case, and so its row in the permission grid.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use muster_core::people::Action;

use crate::metrics::{Metrics, track};
use crate::security::{Guard, guard};
use crate::state::State;
use crate::{api, pages, who};

/// One way in.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub action: Action,
}

/// Declares routes with the use-case each enters; a route cannot be added without one.
macro_rules! routes {
    ($($method:ident $path:literal => $handler:path, $action:ident;)+) => {
        /// The routes of this door, for the permission grid.
        pub const ROUTES: &[$crate::router::Route] = &[$($crate::router::Route {
            method: stringify!($method),
            path: $path,
            action: muster_core::people::Action::$action,
        }),+];

        pub(crate) fn routes() -> axum::Router<$crate::state::State> {
            axum::Router::new()$(.route($path, axum::routing::$method($handler)))+
        }
    };
}
pub(crate) use routes;

/// Every route of the server.
pub fn all() -> impl Iterator<Item = &'static Route> {
    api::ROUTES.iter().chain(pages::ROUTES)
}

/// The whole server, outermost layer last.
pub fn router(state: State) -> Router {
    let metrics = Metrics::new();
    let guarding = Guard::new(&state.config, &state.clock, &state.chance);
    let most = state.config.max_body_bytes;
    Router::new()
        .merge(api::routes().method_not_allowed_fallback(api::method_not_allowed))
        .merge(pages::routes())
        .fallback(pages::not_found)
        .layer(axum::Extension(metrics.clone()))
        .layer(from_fn_with_state(state.clone(), pages::draw_errors))
        .layer(from_fn_with_state(state.clone(), who::who))
        .layer(from_fn_with_state(metrics, track))
        .layer(DefaultBodyLimit::max(most))
        .layer(from_fn_with_state(guarding, guard))
        .with_state(state)
}
