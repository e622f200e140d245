//! `muster bench detectors`: gaming is planted among honest units, and it is counted what the detectors make of it.

use std::io::Write;

use muster_core::evaluate::detect::Detector;

use crate::bench::{Found, Phrases, STRENGTHS, UNITS, look};
use crate::pack_default::default_pack;

#[derive(clap::Args, Debug)]
pub(super) struct Detectors {
    /// Made-up quarters, each a city of its own
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How far honest units lie apart, in their log-odds.
const SPREADS: [f64; 2] = [0.3, 0.6];

pub(super) fn detectors(args: &Detectors) -> anyhow::Result<()> {
    let (rule, phrases) = (&default_pack().performance.detect, Phrases::load()?);
    let mut out = std::io::stdout();
    for spread in SPREADS {
        let run = |planted: bool| -> Vec<Found> {
            (args.seed..args.seed + args.seeds).map(|seed| look(seed, spread, planted, rule, &phrases)).collect()
        };
        writeln!(out, "\n### Honest units {spread} apart, {} quarters\n", args.seeds)?;
        table(&mut out, &run(true))?;
        let honest = run(false);
        let (alarms, quarters) = (count(&honest), honest.iter().filter(|found| found.signals > 0).count());
        let units = UNITS as f64 * args.seeds as f64;
        writeln!(
            out,
            "\nNothing planted: {alarms} signals in {} quarters of {UNITS} units ({quarters} quarters with any; {:.2} for a \
             hundred units).",
            args.seeds,
            100.0 * alarms as f64 / units
        )?;
    }
    Ok(())
}

fn count(found: &[Found]) -> usize {
    found.iter().map(|found| found.signals).sum()
}

fn table(out: &mut impl Write, found: &[Found]) -> anyhow::Result<()> {
    let heads: Vec<String> = STRENGTHS.iter().map(|share| format!("found at {:.0} %", share * 100.0)).collect();
    writeln!(out, "| detector | {} | false alarms |", heads.join(" | "))?;
    writeln!(out, "| --- | {} | ---: |", vec!["---:"; heads.len()].join(" | "))?;
    for detector in Detector::ALL {
        let cell = |strength: usize| {
            let planted = || found.iter().flat_map(|f| &f.planted).filter(|p| p.0 == *detector && p.1 == strength);
            format!("{}/{}", planted().filter(|p| p.2).count(), planted().count())
        };
        let cells: Vec<String> = (0..STRENGTHS.len()).map(cell).collect();
        let alarms = found.iter().flat_map(|found| &found.false_alarms).filter(|known| *known == detector).count();
        writeln!(out, "| `{detector}` | {} | {alarms} |", cells.join(" | "))?;
    }
    let (all, wrong) = (count(found), found.iter().map(|found| found.false_alarms.len()).sum::<usize>());
    writeln!(out, "\n{all} signals, of them {wrong} false: {:.1} %.", 100.0 * wrong as f64 / all.max(1) as f64)?;
    Ok(())
}
