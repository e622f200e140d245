//! Sums by measure, and the ratios made of them.

use std::collections::BTreeMap;

use super::{Measure, Ratio};
use crate::pack::Indicator;

/// Sums by measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<Measure, i64>);

impl Totals {
    pub fn get(&self, measure: Measure) -> i64 {
        self.0.get(&measure).copied().unwrap_or_default()
    }

    pub fn sum(&self, measures: &[Measure]) -> i64 {
        measures.iter().map(|measure| self.get(*measure)).sum()
    }

    pub fn ratio(&self, indicator: &Indicator) -> Ratio {
        Ratio { numerator: self.sum(&indicator.over), denominator: self.sum(&indicator.under) }
    }

    pub fn is_empty(&self) -> bool {
        self.0.values().all(|amount| *amount == 0)
    }

    pub fn add(&mut self, measure: Measure, amount: i64) {
        *self.0.entry(measure).or_default() += amount;
    }

    /// A measure as it stands in a row; one that this program does not know is no figure of it.
    pub fn add_word(&mut self, measure: &str, amount: i64) {
        if let Ok(measure) = measure.parse() {
            self.add(measure, amount);
        }
    }

    pub fn add_all(&mut self, other: &Self, sign: i64) {
        for (measure, amount) in &other.0 {
            self.add(*measure, sign * amount);
        }
    }
}
