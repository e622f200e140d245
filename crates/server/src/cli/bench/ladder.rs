//! `muster bench ladder`: how fast rungs are found and claimed among many open clocks, and passed after a stop.

use std::io::Write;

use muster_core::people::Scope;
use muster_core::process::CaseState;
use muster_core::time::Timestamp;
use muster_store::process::{
    CaseFilter, CaseRow, ClockRow, RungRow, case_list, clocks_insert, clocks_reached, clocks_reached_plan, rungs_pass,
    rungs_total,
};
use serde::Serialize;

use super::Instance;
use crate::state::State;
use crate::usecase::tick::rungs_climb;

/// Rungs that one claim takes.
const CLAIM: i64 = 1000;

#[derive(clap::Args, Debug)]
pub(super) struct Ladder {
    #[command(flatten)]
    instance: Instance,
    /// Open clocks, none of them due, dealt to the cases of the preload
    #[arg(long, default_value_t = 1_000_000)]
    clocks: usize,
    /// Clocks of them that ran out during a stop
    #[arg(long, default_value_t = 10_000)]
    overdue: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    database: &'static str,
    clocks: usize,
    /// To find and claim a thousand due rungs, commit included.
    claim_p50_ms: f64,
    claim_max_ms: f64,
    plan: Vec<String>,
    overdue: usize,
    /// For all that ran out to pass their rungs, with what is told of them.
    overdue_seconds: f64,
    /// Rungs passed by them, and how many there should be.
    passed: i64,
    expected: i64,
}

pub(super) async fn ladder(args: &Ladder) -> anyhow::Result<()> {
    let folder = super::super::Folder::new(args.instance.data.clone(), "muster-bench");
    let (state, _) = args.instance.open(&folder).await?;
    let mut tx = state.read().await?;
    let filter = CaseFilter {
        scope: Scope { areas: vec![state.pack.root_area.range()], ..Scope::default() },
        states: vec![CaseState::Assigned, CaseState::Working],
        limit: 10_000,
        ..CaseFilter::default()
    };
    let cases = case_list(&mut tx, &filter).await?;
    drop(tx);
    anyhow::ensure!(!cases.is_empty(), "no case is open; preload some, such as --preload 10000");
    while rungs_climb(&state).await? > 0 {}
    deal(&state, &cases, args.clocks, &|now, i| now.plus(Timestamp::DAY + i)).await?;
    let (claims, plan) = claims(&state, &cases).await?;

    let mut tx = state.read().await?;
    let before = rungs_total(&mut tx).await?;
    drop(tx);
    deal(&state, &cases, args.overdue, &|now, i| now.plus(i - Timestamp::DAY)).await?;
    let begun = state.clock.elapsed();
    while rungs_climb(&state).await? > 0 {}
    let overdue_seconds = state.clock.elapsed().saturating_sub(begun).as_secs_f64();
    let mut tx = state.read().await?;
    let passed = rungs_total(&mut tx).await? - before;
    let report = Report {
        database: state.db.name(),
        clocks: args.clocks,
        claim_p50_ms: claims[claims.len() / 2],
        claim_max_ms: claims[claims.len() - 1],
        plan,
        overdue: args.overdue,
        overdue_seconds,
        passed,
        // Of 24 hours that began 25 hours ago: four fifths, and all of it.
        expected: 2 * args.overdue as i64,
    };
    print(&report, args.json)
}

/// Writes running clocks to the cases in turn: promises to answer within 24 hours that began 25 hours ago; `next` says when
/// the next rung of the i-th is reached.
async fn deal(
    state: &State,
    cases: &[CaseRow],
    count: usize,
    next: &(dyn Fn(Timestamp, i64) -> Timestamp + Sync),
) -> anyhow::Result<()> {
    let now = state.now();
    let start = now.plus(-25 * Timestamp::HOUR);
    for first in (0..count).step_by(50_000) {
        let rows: Vec<ClockRow> = (first..count.min(first + 50_000))
            .map(|i| ClockRow {
                id: state.chance.uuid(now),
                case_id: cases[i % cases.len()].id,
                task_id: None,
                kind: "answer".to_owned(),
                started_at: start,
                budget_amount: 24,
                budget_unit: "natural_hours".to_owned(),
                rolls: false,
                extra: 0,
                calendar: state.pack.calendar.version().to_owned(),
                provisional: false,
                due_at: start.plus(Timestamp::DAY),
                stopped_at: None,
                broken_at: None,
                rung: 0,
                next_rung_at: next(now, i as i64).0,
            })
            .collect();
        let mut tx = state.db.write().await?;
        clocks_insert(&mut tx, &rows).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Claims a thousand due rungs, twenty-one times; milliseconds ascending, and how the database finds them.
async fn claims(state: &State, cases: &[CaseRow]) -> anyhow::Result<(Vec<f64>, Vec<String>)> {
    let mut times = Vec::new();
    for _ in 0..21 {
        deal(state, cases, CLAIM as usize, &|now, i| now.plus(i - Timestamp::DAY)).await?;
        let now = state.now();
        let begun = state.clock.elapsed();
        let mut tx = state.db.write().await?;
        let reached = clocks_reached(&mut tx, now, CLAIM).await?;
        anyhow::ensure!(reached.len() as i64 == CLAIM, "{} rungs were due, not {CLAIM}", reached.len());
        let (mut rungs, mut clocks) = (Vec::new(), Vec::new());
        for reached in reached {
            let mut clock = reached.clock;
            let at = Timestamp(clock.next_rung_at);
            rungs.push(RungRow { clock_id: clock.id, number: clock.rung, at, fired_at: now });
            (clock.rung, clock.next_rung_at) = (clock.rung + 1, Timestamp::NEVER.0);
            clocks.push(clock);
        }
        rungs_pass(&mut tx, &rungs, &clocks).await?;
        tx.commit().await?;
        times.push(state.clock.elapsed().saturating_sub(begun).as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let mut tx = state.read().await?;
    Ok((times, clocks_reached_plan(&mut tx).await?))
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return super::super::print_json(report);
    }
    let mut out = std::io::stdout();
    let Report { database, clocks, claim_p50_ms, claim_max_ms, overdue, overdue_seconds, passed, expected, .. } =
        report;
    writeln!(
        out,
        "{database}, {clocks} open clocks: 1000 due rungs found and claimed in {claim_p50_ms:.1} ms, at most {claim_max_ms:.1}"
    )?;
    for line in &report.plan {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "{overdue} overdue after a stop: {overdue_seconds:.2} s, {passed} rungs passed of {expected}")?;
    Ok(())
}
