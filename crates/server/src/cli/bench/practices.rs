//! `muster bench practices`: how long the proposal beside a case takes among many practices.

use std::io::Write;

use muster_core::evaluate::PracticeState;
use muster_core::people::{Actor, Scope};
use muster_core::time::Timestamp;
use muster_store::people::area_list;
use muster_store::practice::{PracticeRow, PracticeVersionRow, practice_insert};
use muster_store::process::{CaseFilter, CaseOrder, CaseRow, case_list};
use serde::Serialize;

use super::Instance;
use crate::bench::{Dice, Phrases};
use crate::state::State;
use crate::usecase::practice_likely::practice_likely;

#[derive(clap::Args, Debug)]
pub(super) struct Practices {
    #[command(flatten)]
    instance: Instance,
    /// Accepted practices, written first
    #[arg(long = "practices", default_value_t = 10_000)]
    count: usize,
    /// Cases for which they are asked for
    #[arg(long, default_value_t = 500)]
    cases: i64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    database: &'static str,
    practices: usize,
    cases: usize,
    /// Cases beside which something was proposed.
    proposed: usize,
    /// To read all of them into memory, once on each node.
    load_seconds: f64,
    /// For one case: what changed is taken up, all are compared, and the nearest are read.
    p50_ms: f64,
    p95_ms: f64,
    max_ms: f64,
}

pub(super) async fn practices(args: &Practices) -> anyhow::Result<()> {
    let folder = super::super::Folder::new(args.instance.data.clone(), "muster-bench");
    let (state, _) = args.instance.open(&folder).await?;
    write(&state, args.count, args.instance.seed).await?;
    let cases = newest(&state, args.cases).await?;
    anyhow::ensure!(!cases.is_empty(), "no case is there; preload some, such as --preload 2000");
    let begun = state.clock.elapsed();
    state.practices.follow(&state).await?;
    let load_seconds = state.clock.elapsed().saturating_sub(begun).as_secs_f64();
    let (mut times, mut proposed) = (Vec::new(), 0);
    for case in &cases {
        let begun = state.clock.elapsed();
        let likely = practice_likely(&state, &Actor::System, case).await?;
        times.push(state.clock.elapsed().saturating_sub(begun).as_secs_f64() * 1_000.0);
        proposed += usize::from(!likely.is_empty());
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let report = Report {
        database: state.db.name(),
        practices: state.practices.read().as_ref().map_or(0, crate::practices::Kept::count),
        cases: cases.len(),
        proposed,
        load_seconds,
        p50_ms: at(0.5),
        p95_ms: at(0.95),
        max_ms: at(1.0),
    };
    print(&report, args.json)
}

/// As long as those that people write: a matter of two reports' length, measures of four.
async fn write(state: &State, count: usize, seed: u64) -> anyhow::Result<()> {
    let (phrases, mut dice) = (Phrases::load()?, Dice::new(seed ^ 0x9ac7));
    let mut tx = state.read().await?;
    let areas = area_list(&mut tx, state.pack.root_area.range(), 1_000).await?;
    drop(tx);
    let classes: Vec<String> = state.pack.taxonomy.classes().map(|class| class.code.clone()).collect();
    let now = state.now();
    let mut tx = state.db.write().await?;
    for n in 0..count {
        let mut said = |parts: usize| (0..parts).map(|_| phrases.said(&mut dice).text).collect::<String>();
        let (title, matter, measures) = (said(1), said(2), said(4));
        let area = areas[dice.below(areas.len())].id;
        let at = now.plus(n as i64 - Timestamp::DAY);
        let row = PracticeRow {
            id: state.chance.uuid(at),
            area,
            level: area.level().code().to_owned(),
            category: classes[dice.below(classes.len())].clone(),
            title: title.chars().take(30).collect(),
            matter,
            measures,
            limits: String::new(),
            case_id: None,
            unit_id: None,
            worked_at: None,
            state: PracticeState::Accepted,
            public: false,
            proposed_at: at,
            proposed_by: None,
            decided_at: None,
            decided_by: None,
            reason: None,
            changed_at: at,
            version: 1,
        };
        let version = PracticeVersionRow {
            practice_id: row.id,
            version: 1,
            at,
            account_id: None,
            act: "proposed".to_owned(),
            area,
            category: row.category.clone(),
            title: row.title.clone(),
            matter: row.matter.clone(),
            measures: row.measures.clone(),
            limits: String::new(),
            reason: None,
        };
        practice_insert(&mut tx, &row, &version).await?;
    }
    Ok(tx.commit().await?)
}

async fn newest(state: &State, limit: i64) -> anyhow::Result<Vec<CaseRow>> {
    let scope = Scope { areas: vec![state.pack.root_area.range()], ..Scope::default() };
    let filter = CaseFilter { scope, order: CaseOrder::Newest, limit, ..CaseFilter::default() };
    let mut tx = state.read().await?;
    Ok(case_list(&mut tx, &filter).await?)
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return super::super::print_json(report);
    }
    let mut out = std::io::stdout().lock();
    let r = report;
    writeln!(out, "{}: {} practices, read in {:.2} s", r.database, r.practices, r.load_seconds)?;
    writeln!(
        out,
        "beside {} cases, {} with a proposal: p50 {:.2} ms, p95 {:.2} ms, longest {:.2} ms",
        r.cases, r.proposed, r.p50_ms, r.p95_ms, r.max_ms
    )?;
    Ok(())
}
