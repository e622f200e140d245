//! What training and learning on share: messages as vectors, the solver, and weights as the table keeps them.
//!
//! One against the rest for each class, L2-regularised squared hinge loss, solved by dual coordinate descent (Hsieh et
//! al. 2008), all classes in one sweep.

use super::calibrate::Lanes;
use super::model::damped;
use super::table::{MAX_CLASSES, Table};
use crate::rng::Rng;

const SWEEPS: usize = 15;
/// Price of an error against a simpler model, or one nearer to where it started.
const COST: f32 = 1.0;

/// Slots of the table with the value of each.
pub(super) type Vector = Vec<(u32, f32)>;

/// The grams of a message that the table knows: damped counts times inverse document frequency, of length 1.
pub(super) fn vector(table: &Table, idf: &[f32], grams: &[(u64, u8)]) -> Vector {
    let mut entries: Vector = (grams.iter())
        .filter_map(|&(hash, count)| table.find(hash).map(|slot| (slot as u32, damped(count) * idf[slot])))
        .collect();
    let norm = entries.iter().map(|e| e.1 * e.1).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    for entry in &mut entries {
        entry.1 /= norm;
    }
    entries
}

/// A linear classifier before it is put into a table; by slot, without inverse document frequency.
pub(super) struct Linear {
    pub(super) weights: Vec<Lanes>,
    pub(super) biases: Lanes,
}

impl Linear {
    /// Goes from where it is to the least of `|change|² / 2 + COST · Σ loss` over vectors and the places of their classes.
    /// Features count by `scales` of slot and class; the bias is a feature that is always 1.
    pub(super) fn descend(&mut self, scales: &[Lanes], vectors: &[Vector], truths: &[usize], seed: u64) {
        let Self { weights, biases } = self;
        let mut duals = vec![[0f32; MAX_CLASSES]; vectors.len()];
        let lengths: Vec<Lanes> = (vectors.iter())
            .map(|vector| {
                let mut length = [1f32; MAX_CLASSES];
                for &(slot, value) in vector {
                    let scale = &scales[slot as usize];
                    for class in 0..MAX_CLASSES {
                        length[class] += (value * scale[class]).powi(2);
                    }
                }
                length
            })
            .collect();
        let slack = 0.5 / COST;
        let mut order: Vec<usize> = (0..vectors.len()).collect();
        let mut rng = Rng(seed);
        for _ in 0..SWEEPS {
            rng.shuffle(&mut order);
            for &at in &order {
                let mut scores = *biases;
                for &(slot, value) in &vectors[at] {
                    let (weight, scale) = (&weights[slot as usize], &scales[slot as usize]);
                    for class in 0..MAX_CLASSES {
                        scores[class] += weight[class] * scale[class] * value;
                    }
                }
                let mut steps = [0f32; MAX_CLASSES];
                for class in 0..MAX_CLASSES {
                    let sign = if class == truths[at] { 1.0 } else { -1.0 };
                    let dual = &mut duals[at][class];
                    let gradient = sign * scores[class] - 1.0 + *dual * slack;
                    let moved = (*dual - gradient / (lengths[at][class] + slack)).max(0.0);
                    steps[class] = (moved - *dual) * sign;
                    *dual = moved;
                    biases[class] += steps[class];
                }
                for &(slot, value) in &vectors[at] {
                    let (weight, scale) = (&mut weights[slot as usize], &scales[slot as usize]);
                    for class in 0..MAX_CLASSES {
                        weight[class] += steps[class] * scale[class] * value;
                    }
                }
            }
        }
    }

    /// Puts the weights of the first `classes` classes into the rows of a table; returns the value of one unit of weight
    /// per class, and the biases.
    pub(super) fn store(mut self, scales: &[Lanes], idf: &[f32], table: &mut Table, classes: usize) -> (Lanes, Lanes) {
        self.biases[classes..].fill(0.0);
        let value = |slot: usize, class: usize| self.weights[slot][class] * scales[slot][class] * idf[slot];
        let mut units = [0f32; MAX_CLASSES];
        for (class, unit) in units[..classes].iter_mut().enumerate() {
            let most = (0..idf.len()).map(|slot| value(slot, class).abs()).fold(0f32, f32::max);
            *unit = most.max(f32::MIN_POSITIVE) / 127.0;
        }
        for slot in 0..idf.len() {
            let row = table.row_mut(slot);
            if row.tag != 0 {
                let weight = |class: usize| (value(slot, class) / units[class]).round() as i8;
                row.weights = std::array::from_fn(|class| if class < classes { weight(class) } else { 0 });
            }
        }
        (units, self.biases)
    }
}
