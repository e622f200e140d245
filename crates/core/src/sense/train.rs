//! Training: from examples to a [`Model`], the same bytes for the same lesson on every machine.
//!
//! The solver is in `solve.rs`. Features are damped counts times inverse document frequency, each message scaled to
//! length 1, then scaled per class by how unevenly the feature falls inside and outside of the class (the naive Bayes log-count ratio of Wang and Manning 2012, half-way to 1).

use super::calibrate::{self, Calibration, Lanes, Uses, VIEWS};
use super::measure::folds;
use super::model::{Model, Reader};
use super::solve::{Linear, Vector, vector};
use super::table::{MAX_CLASSES, Table};

/// A message whose class is known.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    pub title: &'a str,
    pub text: &'a str,
    /// Place of its class in [`Lesson::codes`].
    pub class: usize,
    /// Examples of one group are near-duplicates and never stand on both sides of a split.
    pub group: u64,
}

/// All that a model is made from.
#[derive(Clone, Debug)]
pub struct Lesson<'a> {
    /// Name of the model to be.
    pub name: &'a str,
    /// The closed set of classes.
    pub codes: &'a [String],
    pub examples: Vec<Example<'a>>,
    /// Phrases that name a class without being messages: names of its lower nodes, typical wordings. They let the
    /// model answer classes that have no examples; pairs of phrase and place of the class in `codes`.
    pub phrases: Vec<(&'a str, usize)>,
    pub seed: u64,
    /// Leaves one idea out, to measure what it is good for.
    pub without: Option<Idea>,
}

/// What training does beyond a plain linear classifier with calibrated probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idea {
    /// Title and body are also scored apart.
    Views,
    /// Scores are also looked at bent: clearly against a class is against it, however far.
    Bends,
    /// The score of one class says something of the others.
    Mixing,
    /// Features count by how unevenly they fall inside and outside of a class.
    Unevenness,
    /// Names and phrases teach classes that have no messages.
    Phrases,
}

impl Idea {
    pub const ALL: [Self; 5] = [Self::Views, Self::Bends, Self::Mixing, Self::Unevenness, Self::Phrases];
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LessonFault {
    #[error("{0} classes: a model can tell 2 to {MAX_CLASSES} apart")]
    Classes(usize),
    #[error("an example has class number {0}, but there are only {1} classes")]
    Class(usize, usize),
    #[error("the examples have only {0} class(es): give examples of at least two")]
    Examples(usize),
}

/// How far the features' scale goes from 1 to the naive Bayes ratio.
const UNEVENNESS: f32 = 0.75;
/// Features must occur in this many messages, or in a phrase.
pub(super) const SEEN_AT_LEAST: u32 = 3;
/// 2^16 buckets of four: room for some 200,000 features.
const TABLE_BITS: u32 = 16;
/// Models trained on parts, to see how sure to be of messages that were not seen.
pub(super) const INNER_FOLDS: usize = 4;

/// A message as the solver sees it.
struct Row {
    grams: Vec<(u64, u8)>,
    class: usize,
    phrase: bool,
}

/// Trains a model on a lesson.
pub fn train(lesson: &Lesson) -> Result<Model, LessonFault> {
    check(lesson)?;
    let mut reader = Reader::default();
    let mut rows: Vec<Row> = (lesson.examples.iter())
        .map(|e| Row { grams: reader.grams(e.title, e.text), class: e.class, phrase: false })
        .collect();
    let phrases = if lesson.without == Some(Idea::Phrases) { &[][..] } else { &lesson.phrases };
    rows.extend(phrases.iter().map(|(phrase, class)| Row {
        grams: reader.grams(phrase, phrase),
        class: *class,
        phrase: true,
    }));

    let groups: Vec<u64> = lesson.examples.iter().map(|e| e.group).collect();
    let fold = folds(&groups, INNER_FOLDS, lesson.seed);
    let mut unseen = Vec::with_capacity(groups.len());
    for part in 0..INNER_FOLDS {
        let rest: Vec<&Row> = (rows.iter().enumerate())
            .filter(|(at, _)| fold.get(*at).is_none_or(|of| *of != part))
            .map(|(_, row)| row)
            .collect();
        let model = fit(lesson, &rest);
        for (at, example) in lesson.examples.iter().enumerate().filter(|(at, _)| fold[*at] == part) {
            unseen.push((reader.scores(&model, example.title, example.text), lesson.examples[at].class));
        }
    }
    let mut model = fit(lesson, &rows.iter().collect::<Vec<_>>());
    model.calibration = calibrate::fit(&unseen, lesson.codes.len(), uses(lesson.without));
    model.seal();
    Ok(model)
}

/// What the calibration is left with when an idea is left out.
fn uses(without: Option<Idea>) -> Uses {
    let channels = std::array::from_fn(|channel| match without {
        Some(Idea::Views) => channel % VIEWS == 0,
        Some(Idea::Bends) => channel < VIEWS,
        _ => true,
    });
    Uses { channels, mixing: without != Some(Idea::Mixing) }
}

fn check(lesson: &Lesson) -> Result<(), LessonFault> {
    let classes = lesson.codes.len();
    if !(2..=MAX_CLASSES).contains(&classes) {
        return Err(LessonFault::Classes(classes));
    }
    let mut present = [false; MAX_CLASSES];
    for class in lesson.examples.iter().map(|e| e.class).chain(lesson.phrases.iter().map(|p| p.1)) {
        if class >= classes {
            return Err(LessonFault::Class(class, classes));
        }
        present[class] = true;
    }
    match present.iter().filter(|present| **present).count() {
        few @ 0..2 => Err(LessonFault::Examples(few)),
        _ => Ok(()),
    }
}

/// One uncalibrated model.
fn fit(lesson: &Lesson, rows: &[&Row]) -> Model {
    let mut table = vocabulary(rows);
    let idf = frequencies(&table, rows);
    let vectors: Vec<Vector> = rows.iter().map(|row| vector(&table, &idf, &row.grams)).collect();
    let classes = lesson.codes.len();
    let unevenness = match lesson.without {
        Some(Idea::Unevenness) => vec![[1.0; MAX_CLASSES]; table.slots()],
        _ => unevenness(table.slots(), classes, &vectors, rows),
    };
    let truths: Vec<usize> = rows.iter().map(|row| row.class).collect();
    let mut linear = Linear { weights: vec![[0.0; MAX_CLASSES]; table.slots()], biases: [0.0; MAX_CLASSES] };
    linear.descend(&unevenness, &vectors, &truths, lesson.seed);
    for (slot, frequency) in idf.iter().enumerate() {
        let row = table.row_mut(slot);
        if row.tag != 0 {
            row.square = (frequency * frequency * 512.0).round() as u16;
        }
    }
    let (scales, biases) = linear.store(&unevenness, &idf, &mut table, classes);
    let calibration = Calibration::plain();
    let (name, codes) = (lesson.name.to_owned(), lesson.codes.to_vec());
    Model { name, version: String::new(), codes, table, scales, biases, calibration }
}

/// The commonest features; of those that do not fit in a bucket, the rarest stay out.
fn vocabulary(rows: &[&Row]) -> Table {
    let mut hashes: Vec<u64> =
        rows.iter().filter(|row| !row.phrase).flat_map(|row| row.grams.iter().map(|g| g.0)).collect();
    hashes.sort_unstable();
    let mut counted: Vec<(u32, u64)> = (hashes.chunk_by(|a, b| a == b))
        .filter(|run| run.len() as u32 >= SEEN_AT_LEAST)
        .map(|run| (run.len() as u32, run[0]))
        .collect();
    counted.sort_unstable_by_key(|&(count, hash)| (std::cmp::Reverse(count), hash));
    let mut table = Table::new(TABLE_BITS);
    let phrases = rows.iter().filter(|row| row.phrase).flat_map(|row| row.grams.iter().map(|g| g.0));
    for hash in phrases.chain(counted.into_iter().map(|c| c.1)) {
        table.insert(hash);
    }
    table
}

/// Inverse document frequency by slot: `1 + ln(messages / messages with it)`.
fn frequencies(table: &Table, rows: &[&Row]) -> Vec<f32> {
    let mut counts = vec![0u32; table.slots()];
    for (hash, _) in rows.iter().flat_map(|row| &row.grams) {
        if let Some(slot) = table.find(*hash) {
            counts[slot] += 1;
        }
    }
    counts.iter().map(|&count| 1.0 + (rows.len() as f32 / count.max(1) as f32).ln()).collect()
}

/// For each slot and class, the size of the log of how often the feature is in the class against outside.
fn unevenness(slots: usize, classes: usize, vectors: &[Vector], rows: &[&Row]) -> Vec<Lanes> {
    let mut counts = vec![[0.5f32; MAX_CLASSES]; slots];
    let mut totals = [1f32; MAX_CLASSES];
    for (vector, row) in vectors.iter().zip(rows) {
        totals[row.class] += 1.0;
        for &(slot, _) in vector {
            counts[slot as usize][row.class] += 1.0;
        }
    }
    let all: f32 = totals[..classes].iter().sum();
    for count in &mut counts {
        let sum: f32 = count[..classes].iter().sum();
        for class in 0..classes {
            let ratio = (count[class] / totals[class]) / ((sum - count[class]) / (all - totals[class]));
            count[class] = 1.0 - UNEVENNESS + UNEVENNESS * ratio.ln().abs();
        }
        count[classes..].fill(0.0);
    }
    counts
}
