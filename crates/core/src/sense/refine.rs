//! Going on learning: a model in use, changed no further than what people decided asks for.
//!
//! The solver of training, started from the weights in use instead of from nothing: minimising `|w - w₀|² / 2 + C Σ loss`
//! by dual coordinate descent needs no other change (Hsieh et al. 2008, with the prior as in Kienzle and Chellapilla
//! 2006). Words of which nobody has said anything keep their weight. The offsets of the classes stay: what people decide is
//! what was doubtful, not a fair sample of what comes in. Only how sure to be is measured anew, by one number, on examples that
//! the model asked had not learned from.

use super::calibrate::{Lanes, Views};
use super::measure::folds;
use super::model::{Model, Reader};
use super::solve::{Linear, Vector, vector};
use super::table::MAX_CLASSES;
use super::train::{Example, INNER_FOLDS, SEEN_AT_LEAST};

/// Most that the square of an inverse document frequency can be in a row of the table.
const MOST_SQUARE: f32 = 65_535.0 / 512.0;

/// An example as the solver sees it, read once for all models.
struct Read {
    grams: Vec<(u64, u8)>,
    class: usize,
}

impl Read {
    fn of(example: &Example, reader: &mut Reader) -> Self {
        let mut grams = reader.grams(example.title, example.text);
        grams.shrink_to_fit();
        Self { grams, class: example.class }
    }
}

/// `base` changed so that it gets `examples` right where it can; their classes are places in its codes. The same
/// examples in the same order with the same seed give the same bytes.
pub fn refine(base: &Model, name: &str, examples: &[Example], seed: u64) -> Model {
    let groups: Vec<u64> = examples.iter().map(|example| example.group).collect();
    let fold = folds(&groups, INNER_FOLDS, seed);
    let mut unseen = Vec::new();
    let mut reader = Reader::default();
    let read: Vec<Read> = examples.iter().map(|example| Read::of(example, &mut reader)).collect();
    for part in 0..INNER_FOLDS {
        let learned: Vec<&Read> = read.iter().zip(&fold).filter(|(_, of)| **of != part).map(|(read, _)| read).collect();
        let model = learn(base, &learned, seed);
        let asked = examples.iter().zip(&fold).filter(|(_, of)| **of == part);
        unseen.extend(asked.map(|(e, _)| (reader.scores(&model, e.title, e.text), e.class)));
    }
    let mut model = Model { name: name.to_owned(), ..learn(base, &read.iter().collect::<Vec<_>>(), seed) };
    model.calibration = base.calibration.scaled(sureness(base, &unseen));
    model.seal();
    model
}

/// By how much to multiply the logits of the base's calibration so that the probabilities of unseen examples come true:
/// the one number with the least log loss, by golden section, since the loss is convex in it.
fn sureness(base: &Model, unseen: &[(Views, usize)]) -> f32 {
    if unseen.is_empty() {
        return 1.0;
    }
    let loss = |by: f32| -> f64 {
        let calibration = base.calibration.scaled(by);
        let chance = |views, truth: usize| f64::from(calibration.probabilities(views, base.codes.len())[truth]);
        -unseen.iter().map(|(views, truth)| chance(views, *truth).max(1e-9).ln()).sum::<f64>()
    };
    let golden = (5f32.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.1f32, 1.5f32);
    while high - low > 0.005 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if loss(left) < loss(right) { high = right } else { low = left }
    }
    f32::midpoint(low, high)
}

/// The base with other weights.
fn learn(base: &Model, examples: &[&Read], seed: u64) -> Model {
    let mut model = base.clone();
    add_words(&mut model, examples);
    let idf: Vec<f32> =
        (0..model.table.slots()).map(|slot| (f32::from(model.table.row(slot).square) / 512.0).sqrt()).collect();
    let vectors: Vec<Vector> = examples.iter().map(|read| vector(&model.table, &idf, &read.grams)).collect();
    let truths: Vec<usize> = examples.iter().map(|read| read.class).collect();
    let weights = (0..idf.len()).map(|slot| lanes(&model, slot, idf[slot])).collect();
    let mut linear = Linear { weights, biases: model.biases };
    // Every feature counts as it is: how unevenly it falls is in the weights it starts from.
    let even = vec![[1.0; MAX_CLASSES]; idf.len()];
    linear.descend(&even, &vectors, &truths, seed);
    (model.scales, model.biases) = linear.store(&even, &idf, &mut model.table, base.codes.len());
    model
}

/// Makes room for grams the model does not know, with the frequency they have here.
fn add_words(model: &mut Model, examples: &[&Read]) {
    let mut hashes: Vec<u64> = examples.iter().flat_map(|read| &read.grams).map(|gram| gram.0).collect();
    hashes.sort_unstable();
    for run in hashes.chunk_by(|a, b| a == b).filter(|run| run.len() >= SEEN_AT_LEAST as usize) {
        if model.table.find(run[0]).is_some() {
            continue;
        }
        if let Some(slot) = model.table.insert(run[0]) {
            let idf = 1.0 + (examples.len() as f32 / run.len() as f32).ln();
            model.table.row_mut(slot).square = ((idf * idf).min(MOST_SQUARE) * 512.0).round() as u16;
        }
    }
}

/// The weights of a row, without the inverse document frequency that is stored in them.
fn lanes(model: &Model, slot: usize, idf: f32) -> Lanes {
    let row = model.table.row(slot);
    std::array::from_fn(|class| f32::from(row.weights[class]) * model.scales[class] / idf.max(f32::MIN_POSITIVE))
}
