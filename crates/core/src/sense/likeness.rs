//! How alike two reports are, by the runs of four characters they share.
//!
//! A [`Sketch`] stands for a text in 96 bytes: the share of equal places in two sketches estimates the Jaccard
//! likeness of the texts (MinHash, Broder 1997), and two texts that share one of the six [`bands`] are candidates:
//! at likeness 0.5 about one pair in three is found so, at 0.7 four in five, at 0.9 nearly all. Candidates are
//! confirmed by [`jaccard`].

use super::rng::mix;
use super::text::{self, BREAK};

/// Places of a sketch.
pub const PLACES: usize = 24;
/// Keys by which likely twins are found in an index.
pub const BANDS: usize = 6;
/// Characters of a shingle.
const SHINGLE: usize = 4;

/// What is kept of a text to compare it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sketch([u32; PLACES]);

impl Sketch {
    /// Whether the text had nothing to compare; such a sketch is like no other and belongs in no index.
    pub fn is_empty(&self) -> bool {
        self.0 == [u32::MAX; PLACES]
    }

    /// Little-endian, in order of places.
    pub fn to_bytes(&self) -> [u8; PLACES * 4] {
        let mut bytes = [0; PLACES * 4];
        for (to, place) in bytes.chunks_exact_mut(4).zip(self.0) {
            to.copy_from_slice(&place.to_le_bytes());
        }
        bytes
    }

    /// `None` unless there are exactly 96 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; PLACES * 4] = bytes.try_into().ok()?;
        let mut places = [0; PLACES];
        for (place, from) in places.iter_mut().zip(bytes.chunks_exact(4)) {
            *place = u32::from_le_bytes(from.try_into().ok()?);
        }
        Some(Self(places))
    }
}

/// Sketches a text.
pub fn sketch(text: &str) -> Sketch {
    let mut places = [u32::MAX; PLACES];
    each_shingle(text, |shingle| {
        let mut hash = shingle;
        for place in &mut places {
            // One multiply and add a place: a family of hashes good enough for 24 minima (Dietzfelbinger 1997).
            hash = hash.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(0x9e37_79b9_7f4a_7c15);
            *place = (*place).min(((hash ^ (hash >> 29)) >> 32) as u32);
        }
    });
    Sketch(places)
}

/// Keys for an index: two texts with any key in common are worth comparing. The number of the band is part of the
/// key, so one column of an index can hold all six.
pub fn bands(sketch: &Sketch) -> [i64; BANDS] {
    let rows = PLACES / BANDS;
    std::array::from_fn(|band| {
        let start = mix(band as u64 + 1);
        sketch.0[band * rows..][..rows].iter().fold(start, |key, place| mix(key ^ u64::from(*place))) as i64
    })
}

/// Estimate of [`jaccard`] from two sketches, 0 to 1, with a standard error of at most 0.1; 0 if either is empty.
pub fn similarity(a: &Sketch, b: &Sketch) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    a.0.iter().zip(&b.0).filter(|(a, b)| a == b).count() as f64 / PLACES as f64
}

/// Share of the two texts' shingles that both have, 0 to 1; 0 if either has none.
pub fn jaccard(a: &str, b: &str) -> f64 {
    let (a, b) = (shingles(a), shingles(b));
    let (mut at, mut common) = (0, 0usize);
    for shingle in &a {
        while at < b.len() && b[at] < *shingle {
            at += 1;
        }
        common += usize::from(b.get(at) == Some(shingle));
    }
    let all = a.len() + b.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
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

/// The distinct shingles, in order.
fn shingles(text: &str) -> Vec<u64> {
    let mut all = Vec::new();
    each_shingle(text, |shingle| all.push(shingle));
    all.sort_unstable();
    all.dedup();
    all
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
