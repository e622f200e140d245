//! How good a classifier is: accuracy, F1, calibration, and what is right among the answers it is surest of.

use crate::rng::mix;
use serde::Serialize;

/// Shares of the messages at which the accuracy of the surest is told.
pub const SHARES: [f64; 4] = [0.95, 0.9, 0.8, 0.7];

/// One judged message.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub truth: usize,
    pub answer: usize,
    /// Probability the classifier gave its answer.
    pub confidence: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    pub share: f64,
    /// Right answers among the surest `share` of all.
    pub accuracy: f64,
    /// Confidence of the least sure of them.
    pub threshold: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassScore {
    pub code: String,
    pub n: usize,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    pub n: usize,
    pub accuracy: f64,
    /// Mean F1 of the classes that occur in the truth.
    pub macro_f1: f64,
    /// The same, weighted by how often they occur.
    pub weighted_f1: f64,
    /// Expected calibration error over ten bins of equal width (Guo et al. 2017).
    pub ece: f64,
    pub coverage: Vec<Coverage>,
    pub classes: Vec<ClassScore>,
    /// Row: truth, column: answer, in the order of `codes` given to [`score`].
    pub confusion: Vec<Vec<usize>>,
}

/// Scores judged messages; `truth` and `answer` are places in `codes`.
pub fn score(outcomes: &[Outcome], codes: &[String]) -> Scores {
    let n = outcomes.len();
    let mut confusion = vec![vec![0usize; codes.len()]; codes.len()];
    for outcome in outcomes {
        confusion[outcome.truth][outcome.answer] += 1;
    }
    let classes: Vec<ClassScore> = (0..codes.len())
        .map(|class| {
            let hit = confusion[class][class];
            let real: usize = confusion[class].iter().sum();
            let said: usize = confusion.iter().map(|row| row[class]).sum();
            let (precision, recall, f1) = (ratio(hit, said), ratio(hit, real), ratio(2 * hit, real + said));
            ClassScore { code: codes[class].clone(), n: real, precision, recall, f1 }
        })
        .filter(|class| class.n > 0)
        .collect();
    let right = outcomes.iter().filter(|o| o.truth == o.answer).count();
    Scores {
        n,
        accuracy: ratio(right, n),
        macro_f1: classes.iter().map(|class| class.f1).sum::<f64>() / classes.len().max(1) as f64,
        weighted_f1: classes.iter().map(|class| class.f1 * class.n as f64).sum::<f64>() / n.max(1) as f64,
        ece: calibration_error(outcomes),
        coverage: coverage(outcomes),
        classes,
        confusion,
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn calibration_error(outcomes: &[Outcome]) -> f64 {
    let mut bins = [(0usize, 0f64, 0usize); 10];
    for outcome in outcomes {
        let bin = &mut bins[((outcome.confidence * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += f64::from(outcome.confidence);
        bin.2 += usize::from(outcome.truth == outcome.answer);
    }
    bins.iter().map(|(_, sure, right)| (sure - *right as f64).abs()).sum::<f64>() / outcomes.len().max(1) as f64
}

fn coverage(outcomes: &[Outcome]) -> Vec<Coverage> {
    let surest = surest(outcomes);
    SHARES
        .iter()
        .map(|&share| {
            let kept = first(&surest, share);
            let threshold = kept.last().map_or(0.0, |o| f64::from(o.confidence));
            Coverage { share, accuracy: right(kept), threshold }
        })
        .collect()
}

/// Share of right answers among the surest `share` of all.
pub fn right_among_surest(outcomes: &[Outcome], share: f64) -> f64 {
    right(first(&surest(outcomes), share))
}

fn surest(outcomes: &[Outcome]) -> Vec<Outcome> {
    let mut surest = outcomes.to_vec();
    surest.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    surest
}

fn first(surest: &[Outcome], share: f64) -> &[Outcome] {
    &surest[..((share * surest.len() as f64).round() as usize).min(surest.len())]
}

fn right(outcomes: &[Outcome]) -> f64 {
    ratio(outcomes.iter().filter(|o| o.truth == o.answer).count(), outcomes.len())
}

/// Deals groups into `count` folds of about equal size: for each item, its fold. The same groups, count and seed
/// give the same folds; items of one group are never parted.
pub fn folds(groups: &[u64], count: usize, seed: u64) -> Vec<usize> {
    let mut distinct: Vec<u64> = groups.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.sort_by_key(|group| (mix(group ^ mix(seed)), *group));
    let fold: std::collections::HashMap<u64, usize> =
        distinct.into_iter().enumerate().map(|(at, group)| (group, at % count.max(1))).collect();
    groups.iter().map(|group| fold[group]).collect()
}
