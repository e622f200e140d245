//! People at work: each connection reports, has the case sent to its unit, answers it and looks it up again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use muster_core::area::AreaId;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::texts::{Dice, Phrases};

/// Connections at once, one call under way on each.
pub(crate) const CONNECTIONS: u64 = 16;
/// Errors told in words; the rest are only counted.
const TOLD: u64 = 5;

/// Where the load goes and who brings it.
pub(crate) struct Plan {
    /// Such as `http://127.0.0.1:40001`.
    pub(crate) base: String,
    pub(crate) operator: String,
    pub(crate) coordinator: String,
    /// By unit: the token of someone who answers for it.
    pub(crate) handlers: HashMap<String, String>,
    pub(crate) areas: Vec<AreaId>,
    /// Counted after a warm-up of a fifth of it.
    pub(crate) seconds: u64,
    pub(crate) seed: u64,
}

/// What was done and how long each call took.
#[derive(Default)]
pub(crate) struct Load {
    pub(crate) lifecycles: u64,
    pub(crate) seconds: f64,
    pub(crate) errors: u64,
    /// Microseconds of every call, by what was asked.
    pub(crate) calls: [Vec<u64>; 4],
}

pub(crate) const CALLS: [&str; 4] = ["create", "dispatch", "answer", "find"];

impl Load {
    /// The `share`-quantile of the chosen calls in milliseconds.
    pub(crate) fn quantile(&self, calls: std::ops::Range<usize>, share: f64) -> f64 {
        let mut all: Vec<u64> = self.calls[calls].iter().flatten().copied().collect();
        all.sort_unstable();
        let at = ((all.len() as f64 * share) as usize).min(all.len().saturating_sub(1));
        all.get(at).map_or(0.0, |micros| *micros as f64 / 1000.0)
    }
}

/// Runs the load for its time and gathers what every connection saw.
pub(crate) async fn run(plan: Plan) -> anyhow::Result<Load> {
    let plan = Arc::new(plan);
    let phrases = Arc::new(Phrases::load()?);
    let told = Arc::new(AtomicU64::new(0));
    let begin = Instant::now();
    let counted = begin + Duration::from_secs(plan.seconds.div_ceil(5));
    let end = counted + Duration::from_secs(plan.seconds);
    let mut at_work = tokio::task::JoinSet::new();
    for number in 0..CONNECTIONS {
        let person = Person {
            plan: Arc::clone(&plan),
            phrases: Arc::clone(&phrases),
            told: Arc::clone(&told),
            client: crate::send::http()?.pool_max_idle_per_host(1).timeout(Duration::from_secs(30)).build()?,
            dice: Dice::new(plan.seed.wrapping_mul(1000) + number),
            done: Load::default(),
        };
        at_work.spawn(person.work(counted, end));
    }
    let mut sum = Load { seconds: plan.seconds as f64, ..Load::default() };
    while let Some(done) = at_work.join_next().await {
        let done = done?;
        sum.lifecycles += done.lifecycles;
        sum.errors += done.errors;
        for (all, one) in sum.calls.iter_mut().zip(done.calls) {
            all.extend(one);
        }
    }
    Ok(sum)
}

struct Person {
    plan: Arc<Plan>,
    phrases: Arc<Phrases>,
    told: Arc<AtomicU64>,
    client: Client,
    dice: Dice,
    done: Load,
}

impl Person {
    async fn work(mut self, counted: Instant, end: Instant) -> Load {
        while Instant::now() < end {
            let mut times = [0; 4];
            let outcome = self.lifecycle(&mut times).await;
            let now = Instant::now();
            if now < counted || now >= end {
                continue;
            }
            match outcome {
                Ok(()) => {
                    self.done.lifecycles += 1;
                    for (all, one) in self.done.calls.iter_mut().zip(times) {
                        all.push(one);
                    }
                }
                Err(error) => {
                    self.done.errors += 1;
                    if self.told.fetch_add(1, Ordering::Relaxed) < TOLD {
                        tracing::warn!("a lifecycle failed: {error:#}");
                    }
                }
            }
        }
        self.done
    }

    async fn lifecycle(&mut self, times: &mut [u64; 4]) -> anyhow::Result<()> {
        let plan = Arc::clone(&self.plan);
        let said = self.phrases.said(&mut self.dice);
        let area = plan.areas[self.dice.below(plan.areas.len())];
        let phone = format!("198{:08}", self.dice.below(100_000_000));
        let report = json!({
            "area": area.to_string(), "place": said.place, "text": said.text, "phone": phone, "on_behalf": false,
        });
        let receipt = self.post("/api/v1/reports", &plan.operator, &report, &mut times[0]).await?;
        let code = receipt["code"].as_str().context("a receipt has a code")?.replace('-', "");
        let category = match receipt["class"].as_str() {
            Some(class) if !class.is_empty() => class.to_owned(),
            _ => "01".to_owned(),
        };
        // An operator decides what waits; a coordinator gives what found a unit by itself to another.
        let unit = plan.handlers.keys().nth(self.dice.below(plan.handlers.len())).context("a unit")?;
        let (act, who, body) = if receipt["state"] == "triage" {
            ("triage", &plan.operator, json!({ "category": category, "unit": unit }))
        } else {
            ("assign", &plan.coordinator, json!({ "unit": unit, "reason": "片区分工调整" }))
        };
        let case = self.post(&format!("/api/v1/cases/{code}/{act}"), who, &body, &mut times[1]).await?;
        anyhow::ensure!(case["state"] == "assigned", "{act} left the case {}", case["state"]);
        let handler = &plan.handlers[unit];
        let text = self.phrases.answer(&mut self.dice).to_owned();
        let answer = json!({ "outcome": "fixed", "text": text, "evidence": "现场照片已存档" });
        self.post(&format!("/api/v1/cases/{code}/answer"), handler, &answer, &mut times[2]).await?;
        let query = [("area", area.to_string()), ("state", "answered".to_owned()), ("q", said.word)];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let address = format!("/api/v1/cases?{query}");
        let found = self.call(Method::GET, &address, &plan.operator, None, &mut times[3]).await?;
        let items = found["items"].as_array().context("a list has items")?;
        let is_there = items.iter().any(|case| case["code"].as_str().is_some_and(|c| c.replace('-', "") == code));
        anyhow::ensure!(is_there, "the case just answered was not found among {}", items.len());
        Ok(())
    }

    async fn post(&mut self, path: &str, token: &str, body: &Value, micros: &mut u64) -> anyhow::Result<Value> {
        self.call(Method::POST, path, token, Some(body), micros).await
    }

    async fn call(
        &mut self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&Value>,
        micros: &mut u64,
    ) -> anyhow::Result<Value> {
        let mut request = self.client.request(method, format!("{}{path}", self.plan.base)).bearer_auth(token);
        if path == "/api/v1/reports" {
            request = request.header("idempotency-key", format!("bench-{:016x}", self.dice.next()));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let begin = Instant::now();
        let response = request.send().await?;
        let status = response.status();
        let bytes = response.bytes().await?;
        *micros = begin.elapsed().as_micros() as u64;
        anyhow::ensure!(status.is_success(), "{path}: {status}: {}", String::from_utf8_lossy(&bytes));
        Ok(serde_json::from_slice(&bytes)?)
    }
}
