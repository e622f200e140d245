//! Hashed character n-grams over symbols.

use super::text::BREAK;

/// Longest n-gram. Two characters are most Chinese words; a fourth cost speed and gained nothing when measured.
pub(crate) const LONGEST: usize = 3;

/// Calls `sink(hash, first, length)` for each n-gram of 1 to [`LONGEST`] symbols that crosses no break.
///
/// The hash is a multiply-and-rotate chain, so that a longer gram costs one step more than the one before it.
/// Its high bits are the well mixed ones.
#[inline]
pub(crate) fn each(symbols: &[u32], mut sink: impl FnMut(u64, usize, usize)) {
    for first in 0..symbols.len() {
        let mut hash = 0u64;
        for (at, &symbol) in symbols[first..].iter().take(LONGEST).enumerate() {
            if symbol == BREAK {
                break;
            }
            hash = extended(hash, symbol);
            sink(hash ^ (hash >> 32), first, at + 1);
        }
    }
}

/// The hash of two symbols, the same as [`each`] gives.
#[inline]
pub(crate) fn pair(first: u32, second: u32) -> u64 {
    let hash = extended(extended(0, first), second);
    hash ^ (hash >> 32)
}

#[inline]
fn extended(hash: u64, symbol: u32) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    (hash.rotate_left(23) ^ u64::from(symbol)).wrapping_mul(MULTIPLIER)
}
