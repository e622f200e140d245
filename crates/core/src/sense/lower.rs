//! The second or third level below a class, where the words of a message say it.
//!
//! No message is labelled so deep, so nothing is learned here: a node is proposed when most of its name stands in
//! the title, or more than once in the body, in rare words, and no other node is nearly as well named. Precision
//! before recall.

use super::grams;
use super::model::{Field, Model, Span};
use super::text::{self, BREAK};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;

/// Share of the characters of a name that must stand in the message, in one piece.
const COVERED: f32 = 0.6;
/// Rarity of the named words, as the mean inverse document frequency of their pairs of characters: 4 is one message
/// in twenty.
const RARE: f32 = 4.0;
/// How far the best must be ahead of a node elsewhere in the tree.
const AHEAD: f32 = 1.25;
/// A name in the title counts as this many in the body, and a name must be said so often.
const IN_TITLE: u8 = 2;
const SAID: u8 = 2;
/// Rarity of a pair that the model does not know.
const UNKNOWN: f32 = 8.0;
/// Symbols of a body that are read: what a message is about it says early.
const READ_AT_MOST: usize = 500;
const SHOWN: usize = 3;
/// Words that join two names into one.
const JOINTS: [char; 6] = ['和', '与', '及', '、', '（', '）'];

/// A node below the class, with the words that name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lower {
    /// Code of the node; the class is its beginning.
    pub code: String,
    pub words: Vec<Span>,
}

/// A name of a node: some have two, joined by an "and".
#[derive(Clone, Debug)]
struct Name {
    code: String,
    symbols: usize,
}

/// The names of a tree, found by their pairs of characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    parts: Vec<Name>,
    /// For each pair, the names it stands in and where.
    pairs: HashMap<u64, Vec<(usize, usize)>>,
    /// One bit for each value of a pair's first sixteen bits: most pairs of a message stand in no name.
    maybe: Vec<bool>,
}

/// What of one name stands in a message.
#[derive(Default)]
struct Found {
    /// For each pair of the name, how often it is there, the title weighed.
    pairs: Vec<u8>,
    rarity: Vec<f32>,
    words: Vec<(Field, Range<usize>)>,
}

impl Names {
    /// Indexes nodes by code and name; large classes and "other" (codes ending in 99) are passed over.
    pub(crate) fn new<'a>(nodes: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut index = Self { maybe: vec![false; 1 << 16], ..Self::default() };
        for (code, name) in nodes.filter(|(code, _)| code.len() > 2 && !code.ends_with("99")) {
            let parts = name.split(JOINTS).filter(|part| *part == name || part.chars().count() > 2);
            for part in parts.filter(|part| part.chars().count() > 1) {
                let mut symbols = Vec::new();
                text::symbols(part, |symbol, _| symbols.push(symbol));
                for (at, pair) in symbols.windows(2).enumerate() {
                    let hash = grams::pair(pair[0], pair[1]);
                    index.maybe[bits(hash)] = true;
                    index.pairs.entry(hash).or_default().push((index.parts.len(), at));
                }
                index.parts.push(Name { code: code.to_owned(), symbols: symbols.len() });
            }
        }
        index
    }

    /// The node below `class` that the message names, if one is clearly named.
    pub(crate) fn find(&self, model: &Model, class: &str, title: &str, text: &str) -> Option<Lower> {
        let mut found: HashMap<usize, Found> = HashMap::new();
        for (field, content) in [(Field::Title, title), (Field::Text, text)] {
            self.look(model, class, field, content, &mut found);
        }
        let mut scored: Vec<(f32, usize)> =
            (found.iter()).filter_map(|(&name, found)| Some((found.score(self.parts[name].symbols)?, name))).collect();
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| self.order(a.1, b.1)));
        let &(best, name) = scored.first()?;
        let code = &self.parts[name].code;
        let rival = scored.iter().find(|(_, other)| !related(code, &self.parts[*other].code));
        if rival.is_some_and(|rival| best < AHEAD * rival.0) {
            return None;
        }
        Some(Lower { code: code.clone(), words: found[&name].spans(title, text) })
    }

    /// The deeper node first, then by code.
    fn order(&self, a: usize, b: usize) -> std::cmp::Ordering {
        let [a, b] = [a, b].map(|name| &self.parts[name].code);
        b.len().cmp(&a.len()).then_with(|| a.cmp(b))
    }

    fn look(&self, model: &Model, class: &str, field: Field, content: &str, found: &mut HashMap<usize, Found>) {
        let mut last: (u32, Range<usize>) = (BREAK, 0..0);
        let cut = content.floor_char_boundary(READ_AT_MOST * 3);
        text::symbols(&content[..cut], |symbol, range| {
            if symbol != BREAK && last.0 != BREAK {
                self.pair(model, class, field, [last.0, symbol], last.1.start..range.end, found);
            }
            last = (symbol, range);
        });
    }

    fn pair(
        &self,
        model: &Model,
        class: &str,
        field: Field,
        pair: [u32; 2],
        range: Range<usize>,
        found: &mut HashMap<usize, Found>,
    ) {
        let hash = grams::pair(pair[0], pair[1]);
        if !self.maybe.get(bits(hash)).is_some_and(|maybe| *maybe) {
            return;
        }
        for &(name, at) in self.pairs.get(&hash).map_or(&[][..], Vec::as_slice) {
            let Name { code, symbols } = &self.parts[name];
            if !code.starts_with(class) {
                continue;
            }
            let found = found.entry(name).or_insert_with(|| Found {
                pairs: vec![0; symbols - 1],
                rarity: vec![0.0; symbols - 1],
                words: Vec::new(),
            });
            found.rarity[at] = model.rarity(hash).unwrap_or(UNKNOWN);
            found.pairs[at] = found.pairs[at].saturating_add(if field == Field::Title { IN_TITLE } else { 1 });
            match found.words.last_mut() {
                Some((last, word)) if *last == field && range.start < word.end => word.end = range.end,
                _ => found.words.push((field, range.clone())),
            }
        }
    }
}

impl Found {
    /// How well the name is said, or `None` if not well enough.
    fn score(&self, symbols: usize) -> Option<f32> {
        let (first, length) = longest_run(&self.pairs)?;
        let run = first..first + length;
        let share = (length + 1) as f32 / symbols as f32;
        let rarity: f32 = self.rarity[run.clone()].iter().sum();
        let said = self.pairs[run].iter().min()?;
        let clear = share >= COVERED && rarity / length as f32 >= RARE && *said >= SAID;
        clear.then(|| rarity * share * f32::from(*said).sqrt())
    }

    /// The longest words that name it, each once.
    fn spans(&self, title: &str, text: &str) -> Vec<Span> {
        let mut words = self.words.clone();
        words.sort_by_key(|(field, word)| (std::cmp::Reverse(word.len()), *field, word.start));
        let mut spans: Vec<Span> = Vec::new();
        for (field, range) in words {
            let content = if field == Field::Title { title } else { text };
            let word = &content[range.clone()];
            if spans.len() < SHOWN && spans.iter().all(|span| !span.text.contains(word)) {
                spans.push(Span { field, text: word.to_owned(), range, weight: 1.0 });
            }
        }
        spans
    }
}

/// Whether one is above the other, or both are one.
fn related(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

fn bits(hash: u64) -> usize {
    (hash >> 48) as usize
}

/// Start and length of the longest run of pairs that are there, the first of equals.
fn longest_run(pairs: &[u8]) -> Option<(usize, usize)> {
    let length = |first: usize| pairs[first..].iter().take_while(|count| **count > 0).count();
    let runs = (0..pairs.len()).map(|first| (first, length(first))).filter(|run| run.1 > 0);
    runs.max_by_key(|&(first, length)| (length, std::cmp::Reverse(first)))
}
