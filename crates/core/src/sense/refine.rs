//! Going on learning: a model in use, changed no further than what people decided asks for.
//!
//! The solver of training, started from the weights in use instead of from nothing: minimising `|w - w₀|² / 2 + C Σ loss`
//! by dual coordinate descent needs no other change (Hsieh et al. 2008, with the prior as in Kienzle and Chellapilla
//! 2006). Words of which nobody has said anything keep their weight. The offsets of the classes stay: what people decide is
//! what was doubtful, not a fair sample of what comes in. Only how sure to be is measured anew, by one number, on examples that
//! the model asked had not learned from.

use super::calibrate::{Lanes, Views};
use super::measure::folds;
use super::model::{Model, Reader, damped};
use super::rng::Rng;
use super::table::MAX_CLASSES;
use super::train::Example;

const SWEEPS: usize = 15;
/// Models that learn from a part, to see how sure to be of what was not seen.
const INNER_FOLDS: usize = 4;
/// Price of an error against a change of the model.
const COST: f32 = 1.0;
/// Words new to the model must occur in this many examples.
const SEEN_AT_LEAST: usize = 3;
/// Most that the square of an inverse document frequency can be in a row of the table.
const MOST_SQUARE: f32 = 65_535.0 / 512.0;

/// `base` changed so that it gets `examples` right where it can; their classes are places in its codes. The same
/// examples in the same order with the same seed give the same bytes.
pub fn refine(base: &Model, name: &str, examples: &[Example], seed: u64) -> Model {
    let groups: Vec<u64> = examples.iter().map(|example| example.group).collect();
    let fold = folds(&groups, INNER_FOLDS, seed);
    let mut unseen = Vec::new();
    let mut reader = Reader::default();
    for part in 0..INNER_FOLDS {
        let (asked, learned): (Vec<_>, Vec<_>) = examples.iter().zip(&fold).partition(|(_, of)| **of == part);
        let learned: Vec<Example> = learned.into_iter().map(|(example, _)| *example).collect();
        let model = learn(base, &learned, seed);
        unseen.extend(asked.into_iter().map(|(e, _)| (reader.scores(&model, e.title, e.text), e.class)));
    }
    let mut model = Model { name: name.to_owned(), ..learn(base, examples, seed) };
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
fn learn(base: &Model, examples: &[Example], seed: u64) -> Model {
    let mut reader = Reader::default();
    let mut read = |example: &Example| {
        let mut grams = reader.grams(example.title, example.text);
        grams.shrink_to_fit();
        grams
    };
    let grams: Vec<_> = examples.iter().map(&mut read).collect();
    let mut model = base.clone();
    add_words(&mut model, &grams);
    let idf: Vec<f32> =
        (0..model.table.slots()).map(|slot| (f32::from(model.table.row(slot).square) / 512.0).sqrt()).collect();
    let vectors: Vec<Vec<(u32, f32)>> = grams.iter().map(|grams| vector(&model, &idf, grams)).collect();
    let mut weights: Vec<Lanes> = (0..idf.len()).map(|slot| lanes(&model, slot, idf[slot])).collect();
    descend(&mut weights, &mut model.biases, &vectors, examples, seed);
    store(&mut model, &weights, &idf);
    model
}

/// Makes room for grams the model does not know, with the frequency they have here.
fn add_words(model: &mut Model, grams: &[Vec<(u64, u8)>]) {
    let mut hashes: Vec<u64> = grams.iter().flatten().map(|gram| gram.0).collect();
    hashes.sort_unstable();
    for run in hashes.chunk_by(|a, b| a == b).filter(|run| run.len() >= SEEN_AT_LEAST) {
        if model.table.find(run[0]).is_some() {
            continue;
        }
        if let Some(slot) = model.table.insert(run[0]) {
            let idf = 1.0 + (grams.len() as f32 / run.len() as f32).ln();
            model.table.row_mut(slot).square = ((idf * idf).min(MOST_SQUARE) * 512.0).round() as u16;
        }
    }
}

/// As the model itself reads a message: damped counts times inverse document frequency, of length 1.
fn vector(model: &Model, idf: &[f32], grams: &[(u64, u8)]) -> Vec<(u32, f32)> {
    let found = grams.iter().filter_map(|&(hash, count)| Some((model.table.find(hash)?, count)));
    let mut entries: Vec<(u32, f32)> = found.map(|(slot, count)| (slot as u32, damped(count) * idf[slot])).collect();
    let norm = entries.iter().map(|entry| entry.1 * entry.1).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    for entry in &mut entries {
        entry.1 /= norm;
    }
    entries
}

/// The weights of a row, without the inverse document frequency that is stored in them.
fn lanes(model: &Model, slot: usize, idf: f32) -> Lanes {
    let row = model.table.row(slot);
    std::array::from_fn(|class| f32::from(row.weights[class]) * model.scales[class] / idf.max(f32::MIN_POSITIVE))
}

fn descend(weights: &mut [Lanes], biases: &mut Lanes, vectors: &[Vec<(u32, f32)>], examples: &[Example], seed: u64) {
    let slack = 0.5 / COST;
    let lengths: Vec<f32> =
        vectors.iter().map(|vector| 1.0 + vector.iter().map(|entry| entry.1 * entry.1).sum::<f32>()).collect();
    let mut duals = vec![[0f32; MAX_CLASSES]; examples.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut rng = Rng(seed);
    for _ in 0..SWEEPS {
        rng.shuffle(&mut order);
        for &at in &order {
            let mut scores = *biases;
            for &(slot, value) in &vectors[at] {
                for (score, weight) in scores.iter_mut().zip(&weights[slot as usize]) {
                    *score += weight * value;
                }
            }
            let mut steps = [0f32; MAX_CLASSES];
            for class in 0..MAX_CLASSES {
                let sign = if class == examples[at].class { 1.0 } else { -1.0 };
                let dual = &mut duals[at][class];
                let gradient = sign * scores[class] - 1.0 + *dual * slack;
                let moved = (*dual - gradient / (lengths[at] + slack)).max(0.0);
                steps[class] = (moved - *dual) * sign;
                *dual = moved;
                biases[class] += steps[class];
            }
            for &(slot, value) in &vectors[at] {
                for (weight, step) in weights[slot as usize].iter_mut().zip(&steps) {
                    *weight += step * value;
                }
            }
        }
    }
}

/// Writes weights back in units of each class's scale.
fn store(model: &mut Model, weights: &[Lanes], idf: &[f32]) {
    let classes = model.codes.len();
    model.biases[classes..].fill(0.0);
    for class in 0..classes {
        let most = weights.iter().zip(idf).map(|(lanes, idf)| (lanes[class] * idf).abs()).fold(0f32, f32::max);
        model.scales[class] = most.max(f32::MIN_POSITIVE) / 127.0;
    }
    for (slot, (lanes, idf)) in weights.iter().zip(idf).enumerate() {
        let scales = model.scales;
        let row = model.table.row_mut(slot);
        if row.tag != 0 {
            let value = |class: usize| (lanes[class] * idf / scales[class]).round() as i8;
            row.weights = std::array::from_fn(|class| if class < classes { value(class) } else { 0 });
        }
    }
}
