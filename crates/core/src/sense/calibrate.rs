//! From scores to probabilities that mean what they say.

use super::model::Calibration;
use super::table::MAX_CLASSES;

/// Classes without messages cannot be calibrated; they start this far (in logits) below the mean of the others, so
/// that they win only with clear words for them.
const UNSEEN_OFFSET: f32 = -0.7;
const ROUNDS: usize = 400;

/// Fits slope and offsets to scores of messages the scoring model had not seen, by minimising the log loss.
/// Pairs of scores and place of the true class.
pub(crate) fn fit(unseen: &[([f32; MAX_CLASSES], usize)], classes: usize) -> Calibration {
    let mut present = [false; MAX_CLASSES];
    for (_, class) in unseen {
        present[*class] = true;
    }
    let mut found = Calibration { slope: 3.0, offsets: [0.0; MAX_CLASSES] };
    for class in (0..classes).filter(|class| !present[*class]) {
        found.offsets[class] = UNSEEN_OFFSET;
    }
    if unseen.is_empty() {
        return found;
    }
    // Adam with a falling step; the loss is convex in these few numbers.
    let (mut first, mut second) = ([0f32; MAX_CLASSES + 1], [0f32; MAX_CLASSES + 1]);
    for round in 0..ROUNDS {
        let gradient = gradient(&found, unseen, classes);
        let step = 0.1 * (1.0 - round as f32 / ROUNDS as f32);
        for at in 0..=classes {
            first[at] = 0.9 * first[at] + 0.1 * gradient[at];
            second[at] = 0.99 * second[at] + 0.01 * gradient[at] * gradient[at];
            let warm = |decay: f32| 1.0 - decay.powi(round as i32 + 1);
            let change = step * (first[at] / warm(0.9)) / ((second[at] / warm(0.99)).sqrt() + 1e-8);
            if at == classes {
                found.slope -= change;
            } else if present[at] {
                found.offsets[at] -= change;
            }
        }
        let mean = (0..classes).filter(|c| present[*c]).map(|c| found.offsets[c]).sum::<f32>()
            / present.iter().filter(|p| **p).count() as f32;
        for class in (0..classes).filter(|class| present[*class]) {
            found.offsets[class] -= mean;
        }
    }
    found
}

/// Mean gradient of the log loss: one entry per class for its offset, then one for the slope.
fn gradient(now: &Calibration, unseen: &[([f32; MAX_CLASSES], usize)], classes: usize) -> [f32; MAX_CLASSES + 1] {
    let mut sum = [0f64; MAX_CLASSES + 1];
    for (scores, truth) in unseen {
        let logits: [f32; MAX_CLASSES] = std::array::from_fn(|c| now.slope * scores[c] + now.offsets[c]);
        let top = logits[..classes].iter().fold(f32::MIN, |a, &b| a.max(b));
        let total: f32 = logits[..classes].iter().map(|logit| (logit - top).exp()).sum();
        for class in 0..classes {
            let error = (logits[class] - top).exp() / total - f32::from(u8::from(class == *truth));
            sum[class] += f64::from(error);
            sum[classes] += f64::from(error * scores[class]);
        }
    }
    sum.map(|sum| (sum / unseen.len() as f64) as f32)
}
