//! How long things waited, as the two figures that say most of it.

/// The value that `percent` of a hundred do not exceed, by nearest rank; none of nothing. INVARIANT: `sorted` is sorted.
pub fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn ranks_are_the_nearest() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!((percentile(&[7], 50), percentile(&[7], 90)), (Some(7), Some(7)));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!((percentile(&ten, 50), percentile(&ten, 90), percentile(&ten, 100)), (Some(5), Some(9), Some(10)));
        assert_eq!((percentile(&ten[..4], 50), percentile(&ten[..4], 90)), (Some(2), Some(4)));
    }
}
