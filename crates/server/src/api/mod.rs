//! The JSON door: `/api/v1`, problem+json errors, bearer tokens.

mod health;

use crate::router::routes;

routes! {
    get "/healthz" => health::healthz, HealthRead;
    get "/readyz" => health::readyz, HealthRead;
    get "/metrics" => health::metrics, MetricsRead;
}
