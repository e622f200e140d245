//! From a stratified sample to all cases: means and shares with their intervals, and how far two judges agree.

/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What was found in one stratum.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Cases of the frame in it.
    pub cases: u64,
    /// Of those drawn and judged.
    pub values: Vec<f64>,
}

/// What the values are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Of {
    /// Zero or one: the mean is a share, its interval Wilson's with the effective size of the sample (Korn, Graubard 1998).
    Shares,
    /// Marks between two bounds: the interval is the normal one, cut at the bounds.
    Marks { low: f64, high: f64 },
}

/// An estimate for all cases of the strata in which something was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
    pub variance: f64,
    /// Values it rests on.
    pub judged: u64,
    /// Cases of the frame it speaks for.
    pub covers: u64,
}

/// Weighs each stratum by its cases (Cochran, Sampling Techniques, 5.1–5.4); `None` when nothing was found anywhere.
///
/// A stratum without a value is not spoken for: `covers` says so. One with a single value of many has no spread of its own
/// and gets that of the others.
pub fn estimate(cells: &[Cell], of: Of) -> Option<Estimate> {
    let found: Vec<&Cell> = cells.iter().filter(|cell| !cell.values.is_empty()).collect();
    let covers: u64 = found.iter().map(|cell| cell.cases).sum();
    let judged: u64 = found.iter().map(|cell| cell.values.len() as u64).sum();
    if covers == 0 {
        return None;
    }
    let pooled = pooled(&found);
    let (mut mean, mut variance, mut whole, mut unknown) = (0.0, 0.0, true, false);
    for cell in found {
        let (weight, size) = (cell.cases as f64 / covers as f64, cell.values.len() as f64);
        mean += weight * average(&cell.values);
        let left = 1.0 - size / cell.cases as f64;
        if left <= 0.0 {
            continue;
        }
        whole = false;
        let spread = if cell.values.len() > 1 { Some(spread(&cell.values)) } else { pooled };
        match spread {
            Some(spread) => variance += weight * weight * left * spread / size,
            None => unknown = true,
        }
    }
    let (low, high) = match of {
        _ if whole => (mean, mean),
        Of::Shares => wilson(mean, effective(mean, variance, judged)),
        Of::Marks { low, high } if unknown => (low, high),
        Of::Marks { low, high } => ((mean - Z * variance.sqrt()).max(low), (mean + Z * variance.sqrt()).min(high)),
    };
    Some(Estimate { mean, low, high, variance, judged, covers })
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// INVARIANT: more than one value.
fn spread(values: &[f64]) -> f64 {
    let mean = average(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() - 1) as f64
}

/// The spread within strata that have two values, or of all values together; `None` of a single one.
fn pooled(found: &[&Cell]) -> Option<f64> {
    let (sum, free) = found.iter().filter(|cell| cell.values.len() > 1).fold((0.0, 0.0), |(sum, free), cell| {
        let own = (cell.values.len() - 1) as f64;
        (sum + own * spread(&cell.values), free + own)
    });
    if free > 0.0 {
        return Some(sum / free);
    }
    let all: Vec<f64> = found.iter().flat_map(|cell| cell.values.iter().copied()).collect();
    (all.len() > 1).then(|| spread(&all))
}

/// The size of the simple sample that would be as exact; the plain number where all agree and no spread was seen.
fn effective(share: f64, variance: f64, judged: u64) -> f64 {
    let spread = share * (1.0 - share);
    if variance > 0.0 && spread > 0.0 { spread / variance } else { judged as f64 }
}

/// Wilson 1927: stays within 0 and 1, also where all say the same.
fn wilson(share: f64, size: f64) -> (f64, f64) {
    let square = Z * Z / size;
    let middle = (share + square / 2.0) / (1.0 + square);
    let half = Z / (1.0 + square) * (share * (1.0 - share) / size + square / (4.0 * size)).max(0.0).sqrt();
    // What is rounded must not leave the share outside.
    ((middle - half).clamp(0.0, share), (middle + half).clamp(share, 1.0))
}

/// How two judges say yes and no of the same cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    pub both_yes: u64,
    pub both_no: u64,
    pub only_first: u64,
    pub only_second: u64,
}

impl Agreement {
    pub fn of(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut found = Self::default();
        for pair in pairs {
            match pair {
                (true, true) => found.both_yes += 1,
                (false, false) => found.both_no += 1,
                (true, false) => found.only_first += 1,
                (false, true) => found.only_second += 1,
            }
        }
        found
    }

    pub fn total(self) -> u64 {
        self.both_yes + self.both_no + self.only_first + self.only_second
    }

    pub fn agreed(self) -> u64 {
        self.both_yes + self.both_no
    }

    /// Cohen's kappa: 1 for full agreement, 0 for as much as chance brings; `None` where chance alone would agree wholly.
    pub fn kappa(self) -> Option<f64> {
        let total = self.total() as f64;
        if total == 0.0 {
            return None;
        }
        let first = (self.both_yes + self.only_first) as f64 / total;
        let second = (self.both_yes + self.only_second) as f64 / total;
        let chance = first * second + (1.0 - first) * (1.0 - second);
        (chance < 1.0).then(|| (self.agreed() as f64 / total - chance) / (1.0 - chance))
    }
}
