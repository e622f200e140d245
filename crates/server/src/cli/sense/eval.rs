//! `muster sense eval`.

use super::rows::{self, Row};
use super::{Fields, shipped};
use anyhow::ensure;
use indicatif::ProgressBar;
use muster_core::sense::measure::{Outcome, Scores, score};
use muster_core::sense::{Gazetteer, Model, Reader, SenseRules, folds, judge, train};
use serde::Serialize;
use std::hint::black_box;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Labelled messages, one JSON object a line
    file: PathBuf,
    #[command(flatten)]
    fields: Fields,
    /// Cross-validate with this many folds, training afresh for each; without it the model is scored as it is
    #[arg(long)]
    folds: Option<usize>,
    /// CSV of the label tree, for training the folds
    #[arg(long)]
    taxonomy: Option<PathBuf>,
    /// Model file to score [default: the built-in model]
    #[arg(long, conflicts_with = "folds")]
    model: Option<PathBuf>,
    /// The pack's sense.toml [default: the built-in pack's]
    #[arg(long)]
    rules: Option<PathBuf>,
    /// Deals the folds and orders the training
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    /// Version of the scored model; of cross-validation, none.
    model: Option<&'a str>,
    folds: Option<usize>,
    seed: u64,
    #[serde(flatten)]
    scores: Scores,
    codes: &'a [String],
    messages_per_second: f64,
    judgements_per_second: f64,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let labels = args.fields.labels()?;
    let rules = shipped::rules(args.rules.as_deref())?;
    let (model, codes, outcomes);
    if let Some(count) = args.folds {
        codes = shipped::codes(&labels);
        let rows = rows::read(&args.file, &args.fields, &labels, &codes)?;
        let phrases = rows::phrases(&rules, args.taxonomy.as_deref(), &labels, &codes)?;
        (outcomes, model) = cross_validate(&rows, &codes, &phrases, count, args.seed)?;
        return print(args, &codes, &outcomes, &rows, &model, &rules);
    }
    model = shipped::model(args.model.as_deref())?;
    codes = model.codes().to_vec();
    let rows = rows::read(&args.file, &args.fields, &labels, &codes)?;
    outcomes = answers(&model, rows.iter());
    print(args, &codes, &outcomes, &rows, &model, &rules)
}

fn answers<'a>(model: &Model, rows: impl Iterator<Item = &'a Row>) -> Vec<Outcome> {
    let mut reader = Reader::default();
    rows.map(|row| {
        let ranking = reader.classify(model, &row.title, &row.text);
        Outcome { truth: row.class, answer: ranking.best(), confidence: ranking.confidence() }
    })
    .collect()
}

/// Trains a model for each fold on the other folds and lets it answer its own; two at a time. Returns all answers
/// and one of the models, whose speed is the speed of all.
fn cross_validate(
    rows: &[Row],
    codes: &[String],
    phrases: &[(String, usize)],
    count: usize,
    seed: u64,
) -> anyhow::Result<(Vec<Outcome>, Model)> {
    let groups: Vec<u64> = rows.iter().map(|row| row.group).collect();
    ensure!((2..=groups.len()).contains(&count), "--folds {count}: give 2 to {} (the number of rows)", groups.len());
    let fold = folds(&groups, count, seed);
    let bar = ProgressBar::new(count as u64).with_message("folds");
    let work = |first: usize| -> anyhow::Result<(Vec<Outcome>, Option<Model>)> {
        let (mut outcomes, mut last) = (Vec::new(), None);
        for own in (first..count).step_by(2) {
            let part =
                |inside: bool| rows.iter().zip(&fold).filter(move |(_, f)| (**f == own) == inside).map(|(r, _)| r);
            let model = train(&rows::lesson("fold", codes, part(false), phrases, seed))?;
            outcomes.extend(answers(&model, part(true)));
            last = Some(model);
            bar.inc(1);
        }
        Ok((outcomes, last))
    };
    let (even, odd) = std::thread::scope(|scope| {
        let odd = scope.spawn(|| work(1));
        (work(0), odd.join())
    });
    bar.finish_and_clear();
    let (mut outcomes, model) = even?;
    let (more, _) = odd.map_err(|_| anyhow::anyhow!("a training thread failed"))??;
    outcomes.extend(more);
    Ok((outcomes, model.ok_or_else(|| anyhow::anyhow!("no fold was trained"))?))
}

fn print(
    args: &Args,
    codes: &[String],
    outcomes: &[Outcome],
    rows: &[Row],
    model: &Model,
    rules: &SenseRules,
) -> anyhow::Result<()> {
    let (mut reader, known) = (Reader::default(), Gazetteer::default());
    let report = Report {
        model: args.folds.is_none().then(|| model.version()),
        folds: args.folds,
        seed: args.seed,
        scores: score(outcomes, codes),
        codes,
        messages_per_second: speed(rows, |row| {
            black_box(reader.classify(model, &row.title, &row.text));
        }),
        judgements_per_second: speed(rows, |row| {
            black_box(judge(model, rules, &known, &row.title, &row.text));
        }),
    };
    if args.json {
        return super::super::print_json(&report);
    }
    table(&mut std::io::stdout().lock(), &report)
}

/// Rows a second on this thread, over whole passes of at least a second together.
fn speed(rows: &[Row], mut act: impl FnMut(&Row)) -> f64 {
    let start = Instant::now();
    let mut passes = 0;
    while start.elapsed() < Duration::from_secs(1) {
        rows.iter().for_each(&mut act);
        passes += 1;
    }
    (rows.len() * passes) as f64 / start.elapsed().as_secs_f64()
}

fn table(out: &mut impl Write, report: &Report) -> anyhow::Result<()> {
    let scores = &report.scores;
    match (report.model, report.folds) {
        (Some(model), _) => writeln!(out, "model                   {model}")?,
        (_, folds) => writeln!(out, "cross-validated, folds  {}", folds.unwrap_or_default())?,
    }
    writeln!(out, "messages                {}", scores.n)?;
    writeln!(out, "accuracy                {:.4}", scores.accuracy)?;
    writeln!(out, "macro F1                {:.4}", scores.macro_f1)?;
    writeln!(out, "weighted F1             {:.4}", scores.weighted_f1)?;
    writeln!(out, "calibration error       {:.4}", scores.ece)?;
    writeln!(out, "messages per second     {:.0}", report.messages_per_second)?;
    writeln!(out, "judgements per second   {:.0}", report.judgements_per_second)?;
    for point in &scores.coverage {
        let (share, accuracy, threshold) = (point.share * 100.0, point.accuracy, point.threshold);
        writeln!(out, "surest {share:>3.0} %            {accuracy:.4} right, from confidence {threshold:.3}")?;
    }
    writeln!(out, "\nclass       n  precision  recall      F1")?;
    for class in &scores.classes {
        let (code, n) = (&class.code, class.n);
        writeln!(out, "{code:<5} {n:>7}     {:.4}  {:.4}  {:.4}", class.precision, class.recall, class.f1)?;
    }
    write!(out, "\ntruth \\ answer")?;
    for code in report.codes {
        write!(out, "{code:>6}")?;
    }
    writeln!(out)?;
    for (code, row) in report.codes.iter().zip(&scores.confusion).filter(|(_, row)| row.iter().any(|n| *n > 0)) {
        write!(out, "{code:<14}")?;
        for n in row {
            write!(out, "{n:>6}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
