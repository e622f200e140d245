//! Which cases a third party looks at: a stratified sample that anybody with the seed and the frame draws again.
//!
//! A case's rank is the SHA-256 of the seed and its code. Of each stratum the cases of the lowest ranks are taken, so the
//! sample does not hang on the order of the frame, and every tool that knows SHA-256 can check it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::people::text_enum;

text_enum! {
    /// What the strata are.
    StrataBy {
        All = "all",
        /// The areas next below that of the contract.
        Area = "area",
        Unit = "unit",
        Class = "class",
    }
}

text_enum! {
    /// How the sample is shared among the strata.
    Allocation {
        /// By the number of cases.
        Proportional = "proportional",
        /// As many of each.
        Equal = "equal",
        /// By the number of cases and how far residents' answers differ in it (Neyman 1934).
        Neyman = "neyman",
    }
}

/// The published design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    pub by: StrataBy,
    pub allocation: Allocation,
    /// Cases in the sample.
    pub size: u32,
    /// Of each stratum at least so many, or all it has.
    pub least: u32,
}

/// A case that could be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameCase {
    pub code: String,
    pub stratum: String,
    /// Whether the resident said that it is solved, where they said anything.
    pub confirmed: Option<bool>,
}

/// A stratum of the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratum {
    pub key: String,
    pub cases: u64,
    /// What its share of the sample goes by.
    pub weight: u64,
    pub sampled: u64,
}

/// A case that was drawn: where it stands in the frame, and in which stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    pub at: usize,
    pub stratum: usize,
}

/// A sample; `picks` are in the order of their ranks, which tells nothing of their stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub strata: Vec<Stratum>,
    pub picks: Vec<Pick>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleFault {
    #[error("there is no case in the frame")]
    Empty,
    #[error("the least of every stratum takes {needed} cases, more than the sample of {size}")]
    Small { needed: u64, size: u64 },
}

/// The strata of a frame in the order of their keys, with nothing sampled yet.
pub fn strata(frame: &[FrameCase], allocation: Allocation) -> Vec<Stratum> {
    #[derive(Default)]
    struct Seen {
        cases: u64,
        told: u64,
        confirmed: u64,
    }
    let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
    for case in frame {
        let seen = seen.entry(&case.stratum).or_default();
        seen.cases += 1;
        seen.told += u64::from(case.confirmed.is_some());
        seen.confirmed += u64::from(case.confirmed == Some(true));
    }
    let weight = |seen: &Seen| match allocation {
        Allocation::Proportional => seen.cases,
        Allocation::Equal => 1,
        Allocation::Neyman => {
            // One yes and one no are added, so that few or equal answers do not read as certainty.
            let share = (seen.confirmed + 1) as f64 / (seen.told + 2) as f64;
            (1e6 * seen.cases as f64 * (share * (1.0 - share)).sqrt()).round() as u64
        }
    };
    let stratum = |(key, seen): (&str, &Seen)| Stratum {
        key: key.to_owned(),
        cases: seen.cases,
        weight: weight(seen),
        sampled: 0,
    };
    seen.iter().map(|(key, seen)| stratum((key, seen))).collect()
}

/// Shares `size` among the strata: the least of each first, then one by one where weight ÷ (2 × so far + 1) is greatest
/// (Sainte-Laguë), the first of equals; never more than a stratum has.
///
/// # Errors
/// No stratum, or a size that the least of all strata exceeds.
pub fn allocate(strata: &mut [Stratum], size: u64, least: u64) -> Result<(), SampleFault> {
    let cases: u64 = strata.iter().map(|stratum| stratum.cases).sum();
    if cases == 0 {
        return Err(SampleFault::Empty);
    }
    let size = size.min(cases);
    for stratum in strata.iter_mut() {
        stratum.sampled = stratum.cases.min(least);
    }
    let needed: u64 = strata.iter().map(|stratum| stratum.sampled).sum();
    if needed > size {
        return Err(SampleFault::Small { needed, size });
    }
    for _ in needed..size {
        let open = strata.iter_mut().filter(|stratum| stratum.sampled < stratum.cases);
        let next = open.reduce(|best, other| if worth(other, best) == Ordering::Greater { other } else { best });
        if let Some(next) = next {
            next.sampled += 1;
        }
    }
    Ok(())
}

/// Which of two strata has the better claim to the next case.
fn worth(one: &Stratum, other: &Stratum) -> Ordering {
    let scaled = |a: &Stratum, b: &Stratum| u128::from(a.weight) * u128::from(2 * b.sampled + 1);
    scaled(one, other).cmp(&scaled(other, one))
}

/// Draws the sample of a design. INVARIANT: the codes of a frame differ.
///
/// # Errors
/// As [`allocate`].
pub fn draw(seed: &str, design: &Design, frame: &[FrameCase]) -> Result<Sample, SampleFault> {
    let mut strata = strata(frame, design.allocation);
    allocate(&mut strata, design.size.into(), design.least.into())?;
    let place = |key: &str| strata.binary_search_by(|stratum| stratum.key.as_str().cmp(key)).unwrap_or_default();
    let mut ranked: Vec<([u8; 32], Pick)> = (frame.iter().enumerate())
        .map(|(at, case)| (rank(seed, &case.code), Pick { at, stratum: place(&case.stratum) }))
        .collect();
    ranked.sort_unstable_by_key(|(rank, pick)| (*rank, pick.at));
    let mut left: Vec<u64> = strata.iter().map(|stratum| stratum.sampled).collect();
    ranked.retain(|(_, pick)| {
        let taken = left[pick.stratum] > 0;
        left[pick.stratum] -= u64::from(taken);
        taken
    });
    Ok(Sample { strata, picks: ranked.into_iter().map(|(_, pick)| pick).collect() })
}

/// SHA-256 of the seed, a line feed and the code.
fn rank(seed: &str, code: &str) -> [u8; 32] {
    Sha256::digest(format!("{seed}\n{code}")).into()
}

/// What is published of a frame: SHA-256 of its lines, `code`, tab, `stratum`, line feed, in the order of the codes.
pub fn frame_hash(frame: &[FrameCase]) -> String {
    let mut lines: Vec<String> = frame.iter().map(|case| format!("{}\t{}\n", case.code, case.stratum)).collect();
    lines.sort_unstable();
    fingerprint(&lines.concat())
}

/// SHA-256 in hexadecimal: also what is published of a seed before the frame is closed.
pub fn fingerprint(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
