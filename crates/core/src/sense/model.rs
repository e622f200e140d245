//! A trained classifier and how it reads a message.

use super::calibrate::{Calibration, Lanes, VIEWS, Views};
use super::grams;
use super::table::{MAX_CLASSES, Row, Table};
use super::text::{self, BREAK};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// One sighting in the title counts as this many in the body.
const TITLE_WEIGHT: u8 = 4;
/// Symbols of a body that are read. Messages say what they want early: reading on gained nothing when measured,
/// and the bound keeps the cost of one judgement bounded.
const READ_AT_MOST: usize = 1_000;
const TITLE_AT_MOST: usize = 200;
/// Bytes of a symbol at most, by and large: cutting the bytes first spares reading a book to its end.
const LONG_SYMBOL: usize = 8;

/// Damping of repeated sightings: `1 + ln(count)`, 0 for none, counts held at 255.
pub(crate) fn damped(count: u8) -> f32 {
    if count == 0 { 0.0 } else { 1.0 + f32::from(count).ln() }
}

/// A linear classifier over hashed character n-grams with calibrated probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) codes: Vec<String>,
    pub(crate) table: Table,
    /// Value of one unit of weight, per class.
    pub(crate) scales: [f32; MAX_CLASSES],
    /// Added to the weighed sum, per class.
    pub(crate) biases: [f32; MAX_CLASSES],
    pub(crate) calibration: Calibration,
}

/// Which field of a message a span points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Title,
    Text,
    Place,
}

/// Words of a message that weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    pub field: Field,
    /// Byte range within the field, on character boundaries.
    pub range: Range<usize>,
    pub text: String,
    /// Share of the weight of the whole message, 0 to 1; 1 for a word that decides a rule by itself.
    pub weight: f32,
}

/// The classes of a model, likeliest first.
#[derive(Clone, Copy, Debug)]
pub struct Ranking<'m> {
    codes: &'m [String],
    order: [(u8, f32); MAX_CLASSES],
}

impl<'m> Ranking<'m> {
    /// Class codes with their probabilities, likeliest first; the probabilities sum to 1.
    pub fn iter(&self) -> impl Iterator<Item = (&'m str, f32)> + '_ {
        self.order[..self.codes.len()].iter().map(|&(class, p)| (self.codes[usize::from(class)].as_str(), p))
    }

    /// Place of the likeliest class in [`Model::codes`].
    pub fn best(&self) -> usize {
        usize::from(self.order[0].0)
    }

    /// Probability of the likeliest class.
    pub fn confidence(&self) -> f32 {
        self.order[0].1
    }

    pub(crate) fn at(&self, rank: usize) -> Option<(&'m str, f32)> {
        self.iter().nth(rank)
    }
}

impl Model {
    /// Name and content hash: two models with the same version judge alike.
    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The class codes, in the order the model keeps them.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Ranks the classes for one message. For many, keep a [`Reader`], which keeps its buffers.
    pub fn classify(&self, title: &str, text: &str) -> Ranking<'_> {
        Reader::default().classify(self, title, text)
    }

    /// Probabilities from the scores of a message.
    pub(crate) fn rank(&self, scores: &Views) -> Ranking<'_> {
        let classes = self.codes.len();
        let shares = self.calibration.probabilities(scores, classes);
        let mut order: [(u8, f32); MAX_CLASSES] = std::array::from_fn(|class| (class as u8, shares[class]));
        order[..classes].sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ranking { codes: &self.codes, order }
    }

    /// Inverse document frequency of a gram; `None` if the training messages hardly had it.
    pub(crate) fn rarity(&self, hash: u64) -> Option<f32> {
        let slot = self.table.find(hash)?;
        Some((f32::from(self.table.row(slot).square) / 512.0).sqrt())
    }

    /// The words that spoke for `class` (a place in [`Model::codes`]) against the mean of the others, heaviest
    /// first, at most `most`.
    pub fn evidence(&self, title: &str, text: &str, class: usize, most: usize) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut total = 0.0;
        for (field, content, times) in [(Field::Title, title, f32::from(TITLE_WEIGHT)), (Field::Text, text, 1.0)] {
            let mut symbols = Vec::new();
            let mut places = Vec::new();
            let cut = content.floor_char_boundary(limit(field) * LONG_SYMBOL);
            text::symbols(&content[..cut], |symbol, range| {
                symbols.push(symbol);
                places.push(range);
            });
            symbols.truncate(limit(field));
            let weights = self.weigh_symbols(&symbols, class, times);
            total += weights.iter().filter(|weight| **weight > 0.0).sum::<f32>();
            let bar = weights.iter().fold(0f32, |a, &b| a.max(b)) * 0.4;
            let mut at = 0;
            while at < weights.len() {
                let run = weights[at..].iter().take_while(|&&w| w > bar).count();
                if run > 1 {
                    let range = places[at].start..places[at + run - 1].end;
                    let weight = weights[at..at + run].iter().sum();
                    spans.push(Span { field, text: content[range.clone()].to_owned(), range, weight });
                }
                at += run.max(1);
            }
        }
        spans.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.range.start.cmp(&b.range.start)));
        let mut kept: Vec<Span> = Vec::new();
        for mut span in spans {
            if kept.len() < most && kept.iter().all(|other| other.text != span.text) {
                span.weight /= total;
                kept.push(span);
            }
        }
        kept
    }

    /// For every symbol, what the grams over it say for `class`, each gram's weight shared among its symbols.
    fn weigh_symbols(&self, symbols: &[u32], class: usize, times: f32) -> Vec<f32> {
        let classes = self.codes.len();
        let against = -1.0 / (classes - 1).max(1) as f32;
        let factor = |of: usize| if of == class { 1.0 } else { against };
        let factors: [f32; MAX_CLASSES] =
            std::array::from_fn(|of| if of < classes { times * self.scales[of] * factor(of) } else { 0.0 });
        let mut weights = vec![0f32; symbols.len()];
        grams::each(symbols, |hash, first, length| {
            let Some(slot) = self.table.find(hash) else { return };
            let row = &self.table.row(slot).weights;
            let speaks: f32 = row.iter().zip(&factors).map(|(&weight, factor)| f32::from(weight) * factor).sum();
            let share = speaks / length as f32;
            for weight in &mut weights[first..first + length] {
                *weight += share;
            }
        });
        weights
    }
}

fn limit(field: Field) -> usize {
    match field {
        Field::Title => TITLE_AT_MOST,
        Field::Text | Field::Place => READ_AT_MOST,
    }
}

/// The buffers of reading, kept between messages so that reading one allocates nothing.
#[derive(Default)]
pub struct Reader {
    symbols: Vec<u32>,
    slots: Vec<u32>,
    seen: Seen,
}

impl Reader {
    /// As [`Model::classify`].
    pub fn classify<'m>(&mut self, model: &'m Model, title: &str, text: &str) -> Ranking<'m> {
        model.rank(&self.scores(model, title, text))
    }

    /// Uncalibrated scores of the whole message, its title and its body.
    pub(crate) fn scores(&mut self, model: &Model, title: &str, text: &str) -> Views {
        let titled = self.read(title, text);
        let table = &model.table;
        // First find the rows of all grams, then weigh them: the finding waits for memory, and waits less often
        // when nothing else stands between.
        self.slots.clear();
        self.slots.resize(self.symbols.len() * grams::LONGEST, 0);
        let (mut found, mut found_in_title) = (0, 0);
        grams::each(&self.symbols, |hash, first, _| {
            let (slot, there) = table.look_up(hash);
            self.slots[found] = slot as u32;
            found += usize::from(there);
            found_in_title += usize::from(there && first < titled);
        });
        self.seen.clear(found);
        let damping = DAMPING.get_or_init(|| std::array::from_fn(|count| damped(count as u8)));
        let damp = |count: u8| damping[usize::from(count)];
        // Most grams of the body are not in the title and say the same of body and whole: the whole is summed as the
        // body and what the title makes different.
        let [mut title, mut body, mut different] = [Sum::default(); VIEWS];
        for (at, &slot) in self.slots[..found].iter().enumerate() {
            let row = table.row(slot as usize);
            let in_title = at < found_in_title;
            let (before, now) = self.seen.add(slot, in_title);
            if in_title {
                title.add(row, damp(before.title), damp(now.title));
            } else {
                body.add(row, damp(before.body), damp(now.body));
            }
            if now.title > 0 {
                different.add(row, damp(before.both()), damp(now.both()));
                different.add(row, damp(now.body), damp(before.body));
            }
        }
        [body.with(&different), title, body].map(|sum| sum.scores(model))
    }

    /// Fills the symbols of title and body with a break between; returns where the body starts.
    fn read(&mut self, title: &str, text: &str) -> usize {
        self.symbols.clear();
        text::symbols(title, |symbol, _| self.symbols.push(symbol));
        self.symbols.truncate(TITLE_AT_MOST);
        self.symbols.push(BREAK);
        let titled = self.symbols.len();
        let cut = text.floor_char_boundary(READ_AT_MOST * LONG_SYMBOL);
        text::symbols(&text[..cut], |symbol, _| self.symbols.push(symbol));
        self.symbols.truncate(titled + READ_AT_MOST);
        titled
    }

    /// The grams of a message with their counts, title and body together, in order of hash.
    pub(crate) fn grams(&mut self, title: &str, text: &str) -> Vec<(u64, u8)> {
        let titled = self.read(title, text);
        let mut all = Vec::with_capacity(self.symbols.len() * grams::LONGEST);
        grams::each(&self.symbols, |hash, first, _| all.push((hash, if first < titled { TITLE_WEIGHT } else { 1 })));
        all.sort_unstable_by_key(|gram| gram.0);
        all.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
        all
    }
}

static DAMPING: std::sync::OnceLock<[f32; 256]> = std::sync::OnceLock::new();

/// A weighed sum of rows and the square of the length it is to be divided by.
#[derive(Clone, Copy, Default)]
struct Sum {
    weights: Lanes,
    square: f32,
}

impl Sum {
    /// A gram's damped count goes from `old` to `new`.
    #[inline]
    fn add(&mut self, row: &Row, old: f32, new: f32) {
        self.square += (new * new - old * old) * f32::from(row.square);
        for (sum, &weight) in self.weights.iter_mut().zip(&row.weights) {
            *sum += (new - old) * f32::from(weight);
        }
    }

    fn with(&self, more: &Self) -> Self {
        let weights = std::array::from_fn(|class| self.weights[class] + more.weights[class]);
        Self { weights, square: self.square + more.square }
    }

    fn scores(&self, model: &Model) -> Lanes {
        let length = (self.square.max(0.0) / 512.0).sqrt().max(f32::MIN_POSITIVE);
        std::array::from_fn(|class| self.weights[class] * model.scales[class] / length + model.biases[class])
    }
}

/// How often a gram was seen.
#[derive(Clone, Copy, Default)]
struct Sighted {
    title: u8,
    body: u8,
}

impl Sighted {
    /// In title and body together, the title weighed.
    fn both(self) -> u8 {
        self.title.saturating_mul(TITLE_WEIGHT).saturating_add(self.body)
    }
}

/// Counts per slot for one message: open addressing, at most half full.
#[derive(Default)]
struct Seen {
    /// Slot + 1 and the sightings; 0 for empty.
    cells: Vec<(u32, Sighted)>,
}

impl Seen {
    /// Empties it and makes room for `most` slots.
    fn clear(&mut self, most: usize) {
        self.cells.clear();
        self.cells.resize((most * 2 + 1).next_power_of_two(), (0, Sighted::default()));
    }

    /// Counts a sighting; returns the counts before and after.
    #[inline]
    fn add(&mut self, slot: u32, in_title: bool) -> (Sighted, Sighted) {
        let mask = self.cells.len() - 1;
        let mut at = (slot.wrapping_mul(0x9e37_79b1) >> 7) as usize & mask;
        loop {
            let (key, counts) = &mut self.cells[at];
            if *key == 0 || *key == slot + 1 {
                *key = slot + 1;
                let before = *counts;
                let count = if in_title { &mut counts.title } else { &mut counts.body };
                *count = count.saturating_add(1);
                return (before, *counts);
            }
            at = (at + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sense::{Example, Lesson, train};

    const MESSAGES: [(&str, &str, usize); 4] = [
        ("路灯坏了", "小区路灯坏了，路灯一直没人修", 0),
        ("路灯不亮", "门口的路灯不亮，请派人修路灯", 0),
        ("拖欠工资", "公司拖欠工资，工资三个月没发", 1),
        ("工资没发", "老板不发工资，拖欠工资半年", 1),
    ];

    /// Every gram on its own, counted and weighed without a table of what was seen.
    fn naive(model: &Model, title: &str, text: &str, title_weight: u8) -> Lanes {
        let (titled, body) = (Reader::default().grams(title, ""), Reader::default().grams("", text));
        let mut counts = std::collections::BTreeMap::new();
        for (hash, count) in titled {
            *counts.entry(hash).or_insert(0u8) += count / TITLE_WEIGHT * title_weight;
        }
        for (hash, count) in body {
            *counts.entry(hash).or_insert(0) += count;
        }
        let (mut sums, mut square) = ([0f32; MAX_CLASSES], 0f32);
        for (hash, count) in counts {
            let Some(slot) = model.table.find(hash) else { continue };
            let row = model.table.row(slot);
            square += damped(count).powi(2) * f32::from(row.square) / 512.0;
            for (sum, weight) in sums.iter_mut().zip(row.weights) {
                *sum += damped(count) * f32::from(weight);
            }
        }
        let length = square.sqrt().max(f32::MIN_POSITIVE);
        std::array::from_fn(|class| sums[class] * model.scales[class] / length + model.biases[class])
    }

    #[test]
    fn the_three_views_are_what_counting_each_apart_gives() {
        let codes = ["01", "02"].map(str::to_owned);
        let examples = (MESSAGES.iter().cycle().take(24).zip(0..))
            .map(|(&(title, text, class), group)| Example { title, text, class, group })
            .collect();
        let lesson = Lesson { name: "x", codes: &codes, examples, phrases: vec![], seed: 1, without: None };
        let model = train(&lesson).expect("a sound lesson");
        let mut reader = Reader::default();
        for (title, text, _) in MESSAGES {
            for (title, text) in [(title, text), (title, ""), ("", text), (text, title), ("", "")] {
                let views = reader.scores(&model, title, text);
                let expected =
                    [naive(&model, title, text, TITLE_WEIGHT), naive(&model, title, "", 1), naive(&model, "", text, 1)];
                for (view, expected) in views.iter().zip(expected) {
                    for (score, expected) in view.iter().zip(expected) {
                        assert!((score - expected).abs() < 1e-3, "{title:?} {text:?}: {views:?}");
                    }
                }
            }
        }
    }
}
