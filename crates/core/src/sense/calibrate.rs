//! From scores to probabilities that mean what they say.
//!
//! A message is scored three times with the same weights: whole, title alone, body alone. Each score is also looked
//! at bent, with all that speaks clearly against a class counted alike. A softmax regression over these (stacking,
//! Wolpert 1992) learns from messages the scoring model had not seen how far each is to be believed: where title and
//! body disagree, or a second class is likely too, it is less sure. That ranks the sure before the unsure better
//! than one slope for all.

use super::table::MAX_CLASSES;

/// Readings of a message: whole, title, body.
pub(crate) const VIEWS: usize = 3;
/// Each view's score as it is, and bent.
pub(crate) const CHANNELS: usize = 2 * VIEWS;
/// Scores below this speak against a class; how far below tells nothing more.
const BEND: f32 = -0.5;
/// Classes without messages cannot be calibrated. They start this far (in logits) above the mean of the others, which
/// speak for one another: so clear words for them win, and hardly a message of the others is lost.
const UNSEEN_OFFSET: f32 = 0.7;
/// Price of letting one class's score speak for another.
const MIXING_COST: f32 = 1e-3;
const ROUNDS: usize = 300;

/// One number per class.
pub(crate) type Lanes = [f32; MAX_CLASSES];
/// The scores of a message, by view.
pub(crate) type Views = [Lanes; VIEWS];

/// `softmax(offset + Σ slope[channel] · score[channel] + Σ mixing[channel][from] · score[channel][from])`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Calibration {
    /// How far a channel is believed, for all classes alike.
    pub(crate) slopes: [f32; CHANNELS],
    pub(crate) offsets: Lanes,
    /// What the score of one class says of each: `mixing[channel][from][to]`. Nothing for or from a class without
    /// messages.
    pub(crate) mixing: [[Lanes; MAX_CLASSES]; CHANNELS],
}

impl Calibration {
    /// What an untrained model starts from.
    pub(crate) fn plain() -> Self {
        let mut slopes = [0.0; CHANNELS];
        slopes[0] = 3.0;
        Self { slopes, offsets: [0.0; MAX_CLASSES], mixing: [[[0.0; MAX_CLASSES]; MAX_CLASSES]; CHANNELS] }
    }

    /// As sure as this, times a number: below 1 it is less sure of everything, and ranks it the same.
    pub(crate) fn scaled(&self, by: f32) -> Self {
        let mixing = |lanes: Lanes| lanes.map(|weight| weight * by);
        Self {
            slopes: self.slopes.map(|slope| slope * by),
            offsets: self.offsets.map(|offset| offset * by),
            mixing: self.mixing.map(|channel| channel.map(mixing)),
        }
    }

    /// Logits from the channels of a message.
    fn logits(&self, channels: &[Lanes; CHANNELS], classes: usize) -> Lanes {
        let mut logits = self.offsets;
        for (channel, scores) in channels.iter().enumerate() {
            for (logit, score) in logits.iter_mut().zip(scores) {
                *logit += self.slopes[channel] * score;
            }
            for (row, score) in self.mixing[channel][..classes].iter().zip(scores) {
                for (logit, weight) in logits.iter_mut().zip(row) {
                    *logit += weight * score;
                }
            }
        }
        logits
    }

    /// The probability of each of the first `classes` classes.
    pub(crate) fn probabilities(&self, views: &Views, classes: usize) -> Lanes {
        softmax(self.logits(&channels(views), classes), classes)
    }
}

fn channels(views: &Views) -> [Lanes; CHANNELS] {
    std::array::from_fn(|channel| {
        if channel < VIEWS { views[channel] } else { views[channel - VIEWS].map(|score| (score - BEND).max(0.0)) }
    })
}

fn softmax(logits: Lanes, classes: usize) -> Lanes {
    let top = logits[..classes].iter().fold(f32::MIN, |a, &b| a.max(b));
    let mut shares: Lanes =
        std::array::from_fn(|class| if class < classes { (logits[class] - top).exp() } else { 0.0 });
    let total: f32 = shares.iter().sum();
    for share in &mut shares {
        *share /= total;
    }
    shares
}

/// Fits a calibration to scores of messages the scoring model had not seen, by minimising the log loss; pairs of
/// scores and place of the true class. `uses` tells which channels may speak and whether classes may speak for one
/// another.
pub(crate) fn fit(unseen: &[(Views, usize)], classes: usize, uses: Uses) -> Calibration {
    let mut now = Calibration::plain();
    let mut present = [false; MAX_CLASSES];
    for (_, class) in unseen {
        present[*class] = true;
    }
    let known = present.iter().filter(|present| **present).count();
    for class in (0..classes).filter(|class| !present[*class]) {
        now.offsets[class] = UNSEEN_OFFSET;
    }
    if unseen.is_empty() {
        return now;
    }
    let rows: Vec<([Lanes; CHANNELS], usize)> = unseen.iter().map(|(views, class)| (channels(views), *class)).collect();
    let mut adam = Adam::default();
    for round in 0..ROUNDS {
        let gradient = gradient(&now, &rows, classes);
        adam.start(round);
        for (channel, slope) in now.slopes.iter_mut().enumerate().filter(|(channel, _)| uses.channels[*channel]) {
            *slope -= adam.step(gradient.slopes[channel]);
        }
        for class in (0..classes).filter(|class| present[*class]) {
            now.offsets[class] -= adam.step(gradient.offsets[class]);
        }
        for channel in (0..CHANNELS).filter(|channel| uses.mixing && uses.channels[*channel]) {
            for from in (0..classes).filter(|class| present[*class]) {
                for to in (0..classes).filter(|class| present[*class]) {
                    let weight = &mut now.mixing[channel][from][to];
                    *weight -= adam.step(gradient.mixing[channel][from][to] + 2.0 * MIXING_COST * *weight);
                }
            }
        }
        let mean = (0..classes).filter(|c| present[*c]).map(|c| now.offsets[c]).sum::<f32>() / known as f32;
        for class in (0..classes).filter(|class| present[*class]) {
            now.offsets[class] -= mean;
        }
    }
    now
}

/// What a calibration may make use of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uses {
    pub(crate) channels: [bool; CHANNELS],
    pub(crate) mixing: bool,
}

/// Mean gradient of the log loss, in the shape of what it is the gradient of.
fn gradient(now: &Calibration, rows: &[([Lanes; CHANNELS], usize)], classes: usize) -> Calibration {
    let mut sum = Calibration::plain();
    sum.slopes[0] = 0.0;
    let share = 1.0 / rows.len() as f32;
    for (channels, truth) in rows {
        let mut errors = softmax(now.logits(channels, classes), classes);
        errors[*truth] -= 1.0;
        for (offset, error) in sum.offsets.iter_mut().zip(&mut errors) {
            *error *= share;
            *offset += *error;
        }
        for (channel, scores) in channels.iter().enumerate() {
            sum.slopes[channel] += scores.iter().zip(&errors).map(|(score, error)| score * error).sum::<f32>();
            for (row, score) in sum.mixing[channel][..classes].iter_mut().zip(scores) {
                for (weight, error) in row.iter_mut().zip(&errors) {
                    *weight += score * error;
                }
            }
        }
    }
    sum
}

/// Adam (Kingma and Ba 2015) with a falling step; the loss is convex.
#[derive(Default)]
struct Adam {
    moments: Vec<(f32, f32)>,
    at: usize,
    round: usize,
}

impl Adam {
    fn start(&mut self, round: usize) {
        (self.at, self.round) = (0, round);
    }

    /// The change of the next number, given its gradient. The numbers come in the same order every round.
    fn step(&mut self, gradient: f32) -> f32 {
        if self.at == self.moments.len() {
            self.moments.push((0.0, 0.0));
        }
        let (first, second) = &mut self.moments[self.at];
        self.at += 1;
        *first = 0.9 * *first + 0.1 * gradient;
        *second = 0.99 * *second + 0.01 * gradient * gradient;
        let warm = |decay: f32| 1.0 - decay.powi(self.round as i32 + 1);
        let step = 0.1 * (1.0 - self.round as f32 / ROUNDS as f32);
        step * (*first / warm(0.9)) / ((*second / warm(0.99)).sqrt() + 1e-8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    const CLASSES: usize = 3;

    /// Scores that favour the true class, or another one in one of eight.
    fn unseen(count: usize) -> Vec<(Views, usize)> {
        let mut rng = Rng(7);
        let mut draw = |below: usize| (rng.next() >> 33) as usize % below;
        (0..count)
            .map(|_| {
                let truth = draw(2);
                let shown = if draw(8) == 0 { 1 - truth } else { truth };
                let noise = |draw: &mut dyn FnMut(usize) -> usize| draw(100) as f32 / 100.0 - 1.0;
                let views = [(); VIEWS].map(|()| {
                    let mut lanes = [0.0; MAX_CLASSES];
                    for (class, lane) in lanes[..CLASSES].iter_mut().enumerate() {
                        *lane = noise(&mut draw) + f32::from(u8::from(class == shown));
                    }
                    lanes
                });
                (views, truth)
            })
            .collect()
    }

    fn loss(calibration: &Calibration, unseen: &[(Views, usize)]) -> f32 {
        let each = unseen.iter().map(|(views, truth)| -calibration.probabilities(views, CLASSES)[*truth].ln());
        each.sum::<f32>() / unseen.len() as f32
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        const STEP: f32 = 0.02;
        let unseen = unseen(60);
        let rows: Vec<_> = unseen.iter().map(|(views, class)| (channels(views), *class)).collect();
        let mut at = Calibration::plain();
        at.offsets[1] = 0.3;
        at.mixing[4][1][0] = 0.2;
        let found = gradient(&at, &rows, CLASSES);
        let slope = |change: &dyn Fn(&mut Calibration, f32)| {
            let moved = [STEP, -STEP].map(|step| {
                let mut moved = at.clone();
                change(&mut moved, step);
                loss(&moved, &unseen)
            });
            (moved[0] - moved[1]) / (2.0 * STEP)
        };
        for channel in 0..CHANNELS {
            let expected = slope(&|moved, step| moved.slopes[channel] += step);
            assert!((found.slopes[channel] - expected).abs() < 1e-3, "slope {channel}");
            for (from, to) in [(0, 1), (1, 0), (2, 2)] {
                let expected = slope(&|moved, step| moved.mixing[channel][from][to] += step);
                assert!((found.mixing[channel][from][to] - expected).abs() < 1e-3, "{channel} {from} {to}");
            }
        }
        let expected = slope(&|moved, step| moved.offsets[1] += step);
        assert!((found.offsets[1] - expected).abs() < 1e-3);
    }

    #[test]
    fn fitting_lowers_the_loss_and_leaves_classes_without_messages_alone() {
        let unseen = unseen(400);
        let uses = Uses { channels: [true; CHANNELS], mixing: true };
        let fitted = fit(&unseen, CLASSES, uses);
        let plain = fit(&unseen, CLASSES, Uses { channels: std::array::from_fn(|c| c == 0), mixing: false });
        assert!(loss(&fitted, &unseen) < loss(&plain, &unseen));
        let mut start = Calibration::plain();
        start.offsets[2] = UNSEEN_OFFSET;
        assert!(loss(&plain, &unseen) < loss(&start, &unseen));
        assert!((fitted.offsets[2] - UNSEEN_OFFSET).abs() < f32::EPSILON);
        let of_unseen = |row: &Lanes, from: usize| row[2] != 0.0 || (from == 2 && row.iter().any(|w| *w != 0.0));
        assert!(fitted.mixing.iter().all(|rows| rows.iter().zip(0..).all(|(row, from)| !of_unseen(row, from))));
    }
}
