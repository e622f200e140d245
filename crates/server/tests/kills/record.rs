//! What was acknowledged, against what is on record.

use std::collections::{HashMap, HashSet};

use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_server::clock::{Chance, Clock};
use muster_server::doctor::examine;
use muster_server::jobs;
use muster_server::state::State;
use muster_store::Db;
use muster_store::intake::reports_of_case;
use muster_store::outbox::outbox_since;
use muster_store::process::{case_by_code, clocks_of_case, steps_of_case, tasks_of_case};
use muster_store::testing::count;

use crate::server::Instance;

/// Everything the server said yes to.
#[derive(Default)]
pub(crate) struct Acknowledged {
    /// Key, which stands as place in the report, and code.
    pub(crate) reports: Vec<(String, String)>,
    /// Code and step.
    pub(crate) acts: Vec<(String, &'static str)>,
    pub(crate) broken: usize,
}

impl Acknowledged {
    pub(crate) fn add(&mut self, other: Self) {
        self.reports.extend(other.reports);
        self.acts.extend(other.acts);
        self.broken += other.broken;
    }
}

#[derive(Default)]
pub(crate) struct Verdict {
    pub(crate) lost: Vec<String>,
    pub(crate) doubled: Vec<String>,
    pub(crate) doctor: Vec<String>,
}

/// Opens the instance as the next start would, lets its jobs finish, and looks.
pub(crate) async fn compare(instance: &Instance, acknowledged: &Acknowledged) -> Verdict {
    let state = State::open(instance.config.clone(), Clock::system(), Chance::system()).await.unwrap();
    jobs::settle(&state).await.unwrap();
    let mut verdict = Verdict::default();
    let mut told: HashMap<&str, (Vec<&str>, Vec<&str>)> = HashMap::new();
    for (key, code) in &acknowledged.reports {
        told.entry(code).or_default().0.push(key);
    }
    for (code, act) in &acknowledged.acts {
        told.entry(code).or_default().1.push(act);
    }
    let mut sent: HashMap<String, usize> = HashMap::new();
    let mut tx = state.db.snapshot().await.unwrap();
    for fact in outbox_since(&mut tx, Timestamp(0), i64::MAX).await.unwrap() {
        *sent.entry(fact.case_id.unwrap().to_string()).or_default() += 1;
    }
    drop(tx);
    for (code, (keys, acts)) in &told {
        look(&state.db, code, keys, acts, &sent, &mut verdict).await;
    }
    totals(&state.db, acknowledged, &mut verdict).await;
    state.db.close().await;
    let health = examine(&instance.config, &Clock::system(), |_, _| {}).await.unwrap();
    let found = health.checks.into_iter().filter(muster_store::check::Check::is_finding);
    verdict.doctor = found.map(|check| format!("{}: {}", check.name, check.first.join("; "))).collect();
    verdict
}

/// One case: each key is one report with one step, each act one step, each step one fact, each promise one clock.
async fn look(db: &Db, code: &str, keys: &[&str], acts: &[&str], sent: &HashMap<String, usize>, verdict: &mut Verdict) {
    let mut tx = db.snapshot().await.unwrap();
    let Some(case) = case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap() else {
        verdict.lost.push(format!("case {code}"));
        return;
    };
    let reports = reports_of_case(&mut tx, case.id).await.unwrap();
    let steps = steps_of_case(&mut tx, case.id).await.unwrap();
    let tasks = tasks_of_case(&mut tx, case.id).await.unwrap();
    let clocks = clocks_of_case(&mut tx, case.id).await.unwrap();
    let made = |step: Move| steps.iter().filter(|made| made.step == step).count();
    let mut expect = |what: String, found: usize, expected: usize| match found.cmp(&expected) {
        std::cmp::Ordering::Less => verdict.lost.push(format!("{what} of {code}: {found} of {expected}")),
        std::cmp::Ordering::Greater => verdict.doubled.push(format!("{what} of {code}: {found} for {expected}")),
        std::cmp::Ordering::Equal => {}
    };
    for key in keys {
        expect(format!("report {key}"), reports.iter().filter(|report| report.place == *key).count(), 1);
    }
    expect("reports".into(), reports.len(), keys.len());
    expect("receive steps".into(), made(Move::Receive), 1);
    expect("join steps".into(), made(Move::Join), reports.len() - 1);
    for (act, step) in [("triage", Move::Assign), ("accept", Move::Accept), ("answer", Move::Answer)] {
        // One that was sent and not acknowledged may have happened, once.
        let (made, least) = (made(step), usize::from(acts.contains(&act)));
        expect(format!("{act} steps"), made, made.clamp(least, 1));
    }
    let of_kind =
        |kind: &str, own: bool| clocks.iter().filter(|c| c.kind == kind && c.task_id.is_some() == own).count();
    expect("tasks".into(), tasks.len(), made(Move::Assign));
    expect("accept clocks".into(), of_kind("accept", true), tasks.len());
    expect("answer clocks".into(), of_kind("answer", true), tasks.len());
    expect("promises to the resident".into(), of_kind("promise", false), 1);
    expect("callback clocks".into(), of_kind("callback", false), made(Move::Answer));
    expect("facts".into(), sent.get(&case.id.to_string()).copied().unwrap_or(0), steps.len());
}

/// What no acknowledgement speaks of must not be there either: every report was sent until it was acknowledged.
async fn totals(db: &Db, acknowledged: &Acknowledged, verdict: &mut Verdict) {
    let codes: HashSet<&String> = acknowledged.reports.iter().map(|(_, code)| code).collect();
    let reports = acknowledged.reports.len() as i64;
    for (what, sql, expected) in [
        ("cases", "select count(*) from cases", codes.len() as i64),
        ("reports", "select count(*) from reports", reports),
        ("persons", "select count(*) from persons", reports),
        ("first judgements", "select count(*) from judgements where decided_by is null", reports),
        ("remembered answers", "select count(*) from idempotency", reports),
        ("audit lines", "select count(*) from audit where action = 'report_submit'", reports),
        ("counted reports", "select cast(sum(amount) as bigint) from deltas where measure = 'received'", reports),
    ] {
        let found = count(db, sql).await;
        if found < expected {
            verdict.lost.push(format!("{what}: {found} of {expected}"));
        } else if found > expected {
            verdict.doubled.push(format!("{what}: {found} for {expected}"));
        }
    }
}
