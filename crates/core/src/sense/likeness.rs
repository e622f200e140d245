//! How alike two reports are, by the runs of four characters (shingles) they share.
//!
//! Candidates are found by [`Shingles::keys`]: of all shingles of a text the ten with the smallest hash, a bottom-k
//! sketch (Broder 1997; Cohen and Kaplan 2007). Texts that have half of their shingles in common share most of their
//! keys, and a text that stands within another one shares some. Candidates are then compared exactly.

use std::collections::HashMap;

use super::contradict::{Told, contradict};
use super::text::{self, BREAK};
use crate::rng::mix;

/// Keys of a text in an index. With ten, every near-duplicate of a real stream of reports was found (`docs/reference/sensing.md`).
pub const KEYS: usize = 10;
/// Characters of a shingle.
const SHINGLE: usize = 4;
/// A text of fewer shingles stands within many others by chance.
const WITHIN_AT_LEAST: usize = 12;
/// What standing within a longer text is worth against being the same text.
const WITHIN: f64 = 0.75;

/// What is compared of a text: the hashes of its distinct shingles, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    pub fn of(text: &str) -> Self {
        let mut all = Vec::with_capacity(text.len() / 3);
        each_shingle(text, |shingle| all.push(shingle));
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// Whether the text had nothing to compare: it is like no other.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What it is found by in an index: at most [`KEYS`].
    pub fn keys(&self) -> Vec<i64> {
        self.0.iter().take(KEYS).map(|hash| (hash >> 1) as i64).collect()
    }

    fn common(&self, other: &Self) -> usize {
        let (mut at, mut common) = (0, 0);
        for shingle in &self.0 {
            while at < other.0.len() && other.0[at] < *shingle {
                at += 1;
            }
            common += usize::from(other.0.get(at) == Some(shingle));
        }
        common
    }

    /// Share of the shingles of both that both have (Jaccard), 0 to 1; 0 if either has none.
    pub fn jaccard(&self, other: &Self) -> f64 {
        let common = self.common(other);
        let all = self.0.len() + other.0.len() - common;
        if all == 0 { 0.0 } else { common as f64 / all as f64 }
    }

    /// How much a person would take one for the other, 0 to 1: [`Shingles::jaccard`], or three quarters of the share of
    /// the shorter one that stands in the longer.
    pub fn likeness(&self, other: &Self) -> f64 {
        let common = self.common(other) as f64;
        let (a, b) = (self.0.len(), other.0.len());
        let (short, all) = (a.min(b), (a + b) as f64 - common);
        if all == 0.0 {
            return 0.0;
        }
        let within = if short >= WITHIN_AT_LEAST { WITHIN * common / short as f64 } else { 0.0 };
        (common / all).max(within)
    }
}

/// Texts with a key in common that one is compared with, at most.
const CANDIDATES: usize = 500;

/// Whether each of these texts has another among them that shares at least `least` of the shingles of both.
///
/// Candidates are texts with a key in common; each is compared until it has found one.
pub fn repeats(texts: &[Shingles], least: f64) -> Vec<bool> {
    let mut with_key: HashMap<i64, Vec<usize>> = HashMap::new();
    for (place, text) in texts.iter().enumerate() {
        for key in text.keys() {
            with_key.entry(key).or_default().push(place);
        }
    }
    let mut found = vec![false; texts.len()];
    for (place, text) in texts.iter().enumerate() {
        if found[place] {
            continue;
        }
        let others = text.keys().into_iter().flat_map(|key| &with_key[&key]).copied().take(CANDIDATES);
        if let Some(other) = others.filter(|other| *other != place).find(|other| text.jaccard(&texts[*other]) >= least)
        {
            (found[place], found[other]) = (true, true);
        }
    }
    found
}

/// Whether two reports are surely of one matter as far as words tell: at least `least` of their shingles in common
/// ([`Shingles::jaccard`]), and nothing in place or numbers that parts them.
pub fn is_repeat((a, a_told): (&Shingles, Told<'_>), (b, b_told): (&Shingles, Told<'_>), least: f64) -> bool {
    a.jaccard(b) >= least && !contradict(a_told, b_told)
}

/// The runs of `own` that stand in `other` too, as they stand in `own`: at least four letters or digits, longest first.
///
/// What is returned is the asker's own words, so it tells of the other text only that it has them too.
pub fn shared<'a>(own: &'a str, other: &str) -> Vec<&'a str> {
    let windows = |text: &str| -> Vec<(usize, usize, u64)> {
        let at: Vec<(usize, char)> = text.char_indices().collect();
        let runs = at.windows(SHINGLE).filter(|run| run.iter().all(|(_, c)| c.is_alphanumeric()));
        let key = |run: &[(usize, char)]| run.iter().fold(0, |hash, (_, c)| mix(hash ^ u64::from(u32::from(*c))));
        runs.map(|run| (run[0].0, run[SHINGLE - 1].0 + run[SHINGLE - 1].1.len_utf8(), key(run))).collect()
    };
    let mut theirs: Vec<u64> = windows(other).into_iter().map(|(_, _, key)| key).collect();
    theirs.sort_unstable();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (start, end, _) in windows(own).into_iter().filter(|(_, _, key)| theirs.binary_search(key).is_ok()) {
        match runs.last_mut() {
            Some((_, last)) if start < *last => *last = end,
            _ => runs.push((start, end)),
        }
    }
    runs.sort_by_key(|(start, end)| (std::cmp::Reverse(end - start), *start));
    runs.into_iter().map(|(start, end)| &own[start..end]).collect()
}

/// Hashes of all runs of four symbols; punctuation and layout are passed over, since copies differ in them. A
/// shorter text is one shingle.
fn each_shingle(text: &str, mut sink: impl FnMut(u64)) {
    let mut last = [BREAK; SHINGLE];
    let mut count = 0usize;
    let hash = |run: &[u32; SHINGLE]| run.iter().fold(0, |hash, symbol| mix(hash ^ u64::from(*symbol)));
    text::symbols(text, |symbol, _| {
        if symbol != BREAK {
            last.rotate_left(1);
            last[SHINGLE - 1] = symbol;
            count += 1;
            if count >= SHINGLE {
                sink(hash(&last));
            }
        }
    });
    if (1..SHINGLE).contains(&count) {
        sink(hash(&last));
    }
}
