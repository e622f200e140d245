//! `muster sense eval`.

use super::rows::{self, Row};
use super::{Fields, curve, shipped};
use anyhow::{Context, ensure};
use indicatif::ProgressBar;
use muster_core::sense::measure::{Outcome, Scores, score};
use muster_core::sense::{Gazetteer, Idea, Model, Reader, SenseRules, folds, judge, train};
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
    /// Train the folds without one idea, to see what it is good for
    #[arg(long, requires = "folds", value_enum)]
    without: Option<Without>,
    /// Train the folds also on 10, 20, 40 and 70 % of their groups, to see what more messages would bring
    #[arg(long, requires = "folds")]
    learning_curve: bool,
    /// Write the accuracy-coverage curve to this SVG file
    #[arg(long)]
    svg: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// An idea of the training, see [`Idea`].
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Without {
    /// Scoring title and body apart, too
    Views,
    /// Counting all that speaks clearly against a class alike
    Bends,
    /// Letting the score of one class speak for others
    Mixing,
    /// Counting features by how unevenly they fall on the classes
    Unevenness,
    /// Teaching classes by names and phrases
    Phrases,
}

impl From<Without> for Idea {
    fn from(without: Without) -> Self {
        match without {
            Without::Views => Self::Views,
            Without::Bends => Self::Bends,
            Without::Mixing => Self::Mixing,
            Without::Unevenness => Self::Unevenness,
            Without::Phrases => Self::Phrases,
        }
    }
}

/// Shares of the training groups for the learning curve; the whole is measured anyway.
const PARTS: [f64; 4] = [0.1, 0.2, 0.4, 0.7];

/// What training on a part of the groups gives.
#[derive(Serialize)]
struct Learned {
    share: f64,
    accuracy: f64,
    macro_f1: f64,
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
    /// Most memory the command had at once, training included; none where the system does not tell.
    peak_mib: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    learning_curve: Vec<Learned>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let labels = args.fields.labels()?;
    let rules = shipped::rules(args.rules.as_deref())?;
    if let Some(count) = args.folds {
        let codes = shipped::codes(&labels);
        let rows = rows::read(&args.file, &args.fields, &labels, &codes)?;
        let phrases = rows::phrases(&rules, args.taxonomy.as_deref(), &labels, &codes)?;
        let folds = Folds::deal(&rows, &codes, &phrases, count, args)?;
        let (outcomes, model) = folds.validate(1.0)?;
        let mut learned = Vec::new();
        if args.learning_curve {
            for share in PARTS {
                let scores = score(&folds.validate(share)?.0, &codes);
                learned.push(Learned { share, accuracy: scores.accuracy, macro_f1: scores.macro_f1 });
            }
        }
        return print(args, &outcomes, &rows, &model, &rules, learned);
    }
    let model = shipped::model(args.model.as_deref())?;
    let rows = rows::read(&args.file, &args.fields, &labels, model.codes())?;
    let outcomes = answers(&model, rows.iter());
    print(args, &outcomes, &rows, &model, &rules, Vec::new())
}

fn answers<'a>(model: &Model, rows: impl Iterator<Item = &'a Row>) -> Vec<Outcome> {
    let mut reader = Reader::default();
    rows.map(|row| {
        let ranking = reader.classify(model, &row.title, &row.text);
        Outcome { truth: row.class, answer: ranking.best(), confidence: ranking.confidence() }
    })
    .collect()
}

/// Rows dealt into folds.
struct Folds<'a> {
    rows: &'a [Row],
    codes: &'a [String],
    phrases: &'a [(String, usize)],
    count: usize,
    fold: Vec<usize>,
    /// Of a hundred parts of the groups, the one of each row.
    part: Vec<usize>,
    seed: u64,
    without: Option<Idea>,
}

impl<'a> Folds<'a> {
    fn deal(
        rows: &'a [Row],
        codes: &'a [String],
        phrases: &'a [(String, usize)],
        count: usize,
        args: &Args,
    ) -> anyhow::Result<Self> {
        let groups: Vec<u64> = rows.iter().map(|row| row.group).collect();
        ensure!(
            (2..=groups.len()).contains(&count),
            "--folds {count}: give 2 to {} (the number of rows)",
            groups.len()
        );
        let (fold, part) = (folds(&groups, count, args.seed), folds(&groups, 100, args.seed.wrapping_add(1)));
        Ok(Self { rows, codes, phrases, count, fold, part, seed: args.seed, without: args.without.map(Idea::from) })
    }

    /// Trains a model for each fold on a share of the other folds' groups and lets it answer its own; two at a time.
    /// Returns all answers and one of the models, whose speed is the speed of all.
    fn validate(&self, share: f64) -> anyhow::Result<(Vec<Outcome>, Model)> {
        let bar = ProgressBar::new(self.count as u64).with_message("folds");
        let most = (share * 100.0).round() as usize;
        let work = |first: usize| -> anyhow::Result<(Vec<Outcome>, Option<Model>)> {
            let (mut outcomes, mut last) = (Vec::new(), None);
            for own in (first..self.count).step_by(2) {
                let numbered = || self.rows.iter().enumerate();
                let others = numbered().filter(|(at, _)| self.fold[*at] != own && self.part[*at] < most);
                let lesson =
                    rows::lesson("fold", self.codes, others.map(|(_, row)| row), self.phrases, self.seed, self.without);
                let model = train(&lesson)?;
                outcomes
                    .extend(answers(&model, numbered().filter(|(at, _)| self.fold[*at] == own).map(|(_, row)| row)));
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
}

fn print(
    args: &Args,
    outcomes: &[Outcome],
    rows: &[Row],
    model: &Model,
    rules: &SenseRules,
    learning_curve: Vec<Learned>,
) -> anyhow::Result<()> {
    if let Some(file) = &args.svg {
        let title = format!("{} messages: right answers among the surest", outcomes.len());
        let picture = curve::svg(outcomes, &title).context("drawing the curve")?;
        std::fs::write(file, picture).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let (mut reader, known) = (Reader::default(), Gazetteer::default());
    let report = Report {
        model: args.folds.is_none().then(|| model.version()),
        folds: args.folds,
        seed: args.seed,
        scores: score(outcomes, model.codes()),
        codes: model.codes(),
        messages_per_second: speed(rows, |row| {
            black_box(reader.classify(model, &row.title, &row.text));
        }),
        judgements_per_second: speed(rows, |row| {
            black_box(judge(model, rules, &known, &row.title, &row.text));
        }),
        peak_mib: peak_mib(),
        learning_curve,
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

/// Most memory this process had at once, in MiB, as Linux tells it.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
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
    if let Some(peak) = report.peak_mib {
        writeln!(out, "peak memory             {peak:.0} MiB")?;
    }
    for point in &scores.coverage {
        let (share, accuracy, threshold) = (point.share * 100.0, point.accuracy, point.threshold);
        writeln!(out, "surest {share:>3.0} %            {accuracy:.4} right, from confidence {threshold:.3}")?;
    }
    for part in &report.learning_curve {
        let (share, accuracy, macro_f1) = (part.share * 100.0, part.accuracy, part.macro_f1);
        writeln!(out, "learned from {share:>3.0} %       accuracy {accuracy:.4}, macro F1 {macro_f1:.4}")?;
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
