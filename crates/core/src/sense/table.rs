//! The vocabulary as a four-way set-associative table: one cache line per look-up, hit or miss.
//!
//! A bucket is chosen by the high bits of a gram's hash and holds up to four rows told apart by sixteen further
//! bits; a gram that is not in the vocabulary is taken for one that is about once in twenty thousand look-ups.

/// Most classes a model can tell apart: what fits beside tag and weight in a 16-byte row.
pub const MAX_CLASSES: usize = 12;
pub(crate) const WAYS: usize = 4;

/// What is known of one n-gram.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// 0 marks an empty row.
    pub(crate) tag: u16,
    /// Square of the inverse document frequency, in units of 1/512.
    pub(crate) square: u16,
    /// Weight for each class, in units of the class's scale; inverse document frequency included.
    pub(crate) weights: [i8; MAX_CLASSES],
}

#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(crate) struct Bucket(pub(crate) [Row; WAYS]);

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) buckets: Vec<Bucket>,
    bits: u32,
}

impl std::fmt::Debug for Table {
    /// Its size only: the rows are megabytes of numbers.
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Table").field("bits", &self.bits).finish_non_exhaustive()
    }
}

impl Table {
    /// An empty table of `2^bits` buckets; `bits` is 1 to 24.
    pub(crate) fn new(bits: u32) -> Self {
        Self { buckets: vec![Bucket::default(); 1 << bits], bits }
    }

    pub(crate) fn bits(&self) -> u32 {
        self.bits
    }

    /// Number of rows, empty ones included: slots are `0..slots()`.
    pub(crate) fn slots(&self) -> usize {
        self.buckets.len() * WAYS
    }

    #[inline]
    fn place(&self, hash: u64) -> (usize, u16) {
        ((hash >> (64 - self.bits)) as usize, (hash as u16).max(1))
    }

    /// The slot of the gram with this hash, and whether it is there; without a branch, so that the processor can
    /// look many up at once instead of guessing which are there.
    #[inline]
    pub(crate) fn look_up(&self, hash: u64) -> (usize, bool) {
        let (bucket, tag) = self.place(hash);
        let rows = &self.buckets[bucket].0;
        let mut slot = bucket * WAYS;
        let mut found = false;
        for (way, row) in rows.iter().enumerate() {
            let same = row.tag == tag;
            slot += way * usize::from(same);
            found |= same;
        }
        (slot, found)
    }

    pub(crate) fn find(&self, hash: u64) -> Option<usize> {
        let (slot, found) = self.look_up(hash);
        found.then_some(slot)
    }

    #[inline]
    pub(crate) fn row(&self, slot: usize) -> &Row {
        &self.buckets[slot / WAYS].0[slot % WAYS]
    }

    pub(crate) fn row_mut(&mut self, slot: usize) -> &mut Row {
        &mut self.buckets[slot / WAYS].0[slot % WAYS]
    }

    /// Makes room for a gram; `None` when its bucket is full or its tag taken.
    pub(crate) fn insert(&mut self, hash: u64) -> Option<usize> {
        let (bucket, tag) = self.place(hash);
        let rows = &mut self.buckets[bucket].0;
        if rows.iter().any(|row| row.tag == tag) {
            return None;
        }
        let way = rows.iter().position(|row| row.tag == 0)?;
        rows[way].tag = tag;
        Some(bucket * WAYS + way)
    }
}
