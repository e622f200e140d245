//! Figures for Prometheus, as text under `/metrics`. No listener of its own and no global state: each server has its own
//! recorder, so tests do not count each other's requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use muster_core::send::Way;

/// Seconds; from a cached page to the longest answer anybody waits for.
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// The recorder keeps each timing until it is folded; without a scraper nobody else would ask for it.
const FOLD_EVERY: u64 = 4096;

/// Cheap to clone; clones share the figures.
#[derive(Clone)]
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
    requests: Arc<AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    pub fn new() -> Self {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).expect("there are buckets");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        let metrics = Self { recorder: Arc::new(recorder), handle, requests: Arc::default() };
        metrics.record(|| {
            metrics::describe_counter!("muster_requests_total", "Requests answered, by method, route and status");
            metrics::describe_histogram!(
                "muster_request_seconds",
                "Time until the head of the answer, by method and route"
            );
            metrics::describe_gauge!("muster_requests_running", "Requests being handled");
            metrics::describe_counter!("muster_sends_total", "Tries to send something out, by way and what came of it");
        });
        metrics
    }

    /// Runs `write`, whose `metrics::counter!`, `gauge!` and `histogram!` count here. Not for `async` blocks.
    pub fn record<T>(&self, write: impl FnOnce() -> T) -> T {
        metrics::with_local_recorder(&*self.recorder, write)
    }

    /// The page: Prometheus text format 0.0.4 (`text/plain; version=0.0.4`).
    pub fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }

    /// Takes over what the ways out have counted.
    pub fn sends(&self, counted: impl Iterator<Item = (Way, &'static str, u64)>) {
        self.record(|| {
            for (way, result, count) in counted {
                metrics::counter!("muster_sends_total", "way" => way.as_str(), "result" => result).absolute(count);
            }
        });
    }

    fn count(&self, method: &Method, route: &str, status: u16, seconds: f64) {
        let method = known_method(method);
        self.record(|| {
            let labels = [("method", method.to_owned()), ("route", route.to_owned())];
            metrics::histogram!("muster_request_seconds", &labels).record(seconds);
            let [method, route] = labels;
            let labels = [method, route, ("status", status.to_string())];
            metrics::counter!("muster_requests_total", &labels).increment(1);
        });
        if self.requests.fetch_add(1, Ordering::Relaxed) % FOLD_EVERY == FOLD_EVERY - 1 {
            self.handle.run_upkeep();
        }
    }
}

/// Counts one as running, also when the request is given up half-way.
struct Running(Metrics);

impl Running {
    fn start(metrics: &Metrics) -> Self {
        metrics.record(|| metrics::gauge!("muster_requests_running").increment(1));
        Self(metrics.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.record(|| metrics::gauge!("muster_requests_running").decrement(1));
    }
}

/// Middleware: `router.layer(middleware::from_fn_with_state(metrics, track))`. Labels by the matched route, never by
/// the path: paths hold codes, and every new one would be a new series.
pub async fn track(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let running = Running::start(&metrics);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    drop(running);
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    metrics.count(&method, route, response.status().as_u16(), started.elapsed().as_secs_f64());
    response
}

/// A client may invent methods, and each would be a new series.
fn known_method(method: &Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn requests_count_by_route_and_not_by_path() {
        let metrics = Metrics::new();
        let app = Router::new()
            .route("/track/{code}", get(|| async { "ok" }))
            .layer(from_fn_with_state(metrics.clone(), track))
            .fallback(|| async { axum::http::StatusCode::NOT_FOUND })
            .layer(from_fn_with_state(Metrics::new(), track));
        for path in ["/track/A", "/track/B"] {
            app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        }
        let odd = Request::builder().method("BREW").uri("/track/C").body(Body::empty()).unwrap();
        app.oneshot(odd).await.unwrap();
        let page = metrics.render();
        assert!(page.contains(r#"muster_requests_total{method="GET",route="/track/{code}",status="200"} 2"#), "{page}");
        assert!(page.contains(r#"method="other",route="/track/{code}",status="405"} 1"#), "{page}");
        assert!(
            page.contains(r#"muster_request_seconds_bucket{method="GET",route="/track/{code}",le="5"} 2"#),
            "{page}"
        );
        assert!(page.contains("muster_requests_running 0"), "{page}");
        assert!(page.contains("# HELP muster_requests_total"), "{page}");
        assert!(!page.contains("/track/A"));
    }

    #[tokio::test]
    async fn two_servers_do_not_count_each_other() {
        let (one, two) = (Metrics::new(), Metrics::new());
        one.record(|| metrics::counter!("muster_jobs_total").increment(3));
        assert!(one.render().contains("muster_jobs_total 3"));
        assert!(!two.render().contains("muster_jobs_total"));
    }
}
