//! What a report of a period says, frozen: every number with its two sides, the names as they were, and the cases behind.
//!
//! Whatever is drawn of it, page, paper or workbook, is drawn of this and of nothing else.

use serde::{Deserialize, Serialize};

use super::exceptions::Exception;
use super::period::Period;
use super::{Measure, Ratio};
use crate::area::AreaId;
use crate::pack::{Better, Name};
use crate::people::text_enum;

/// Grows when a field changes its meaning.
pub const FORMAT: u32 = 1;

text_enum! {
    /// For whom it is.
    Edition {
        /// Staff: every number, and the codes of the cases behind them.
        Full = "full",
        /// Everybody: small counts and what gives them away are hidden, and nothing leads to a case.
        Open = "open",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub format: u32,
    pub edition: Edition,
    pub period: Period,
    pub area: AreaId,
    pub area_name: Name,
    /// Version of the pack whose words and classes these are.
    pub pack: String,
    /// The last day that is counted (yyyymmdd), where the period was not over.
    pub until: Option<i64>,
    pub indicators: Vec<Shown>,
    pub whole: Line,
    /// What came in, by month (yyyymm), from a year before the period on.
    pub months: Vec<(i64, Option<i64>)>,
    /// The areas below, in the order of their codes; what stands at the area itself is the last.
    pub areas: Vec<Line>,
    pub classes: Vec<Line>,
    /// What came in by channel and by kind: one value each.
    pub channels: Vec<Line>,
    pub kinds: Vec<Line>,
    /// What came in, by area (in the order of `areas`) and class (of `classes`).
    pub grid: Vec<Vec<Option<i64>>>,
    pub exceptions: Vec<Exception>,
    /// How many more there are.
    pub exceptions_left: u64,
    pub cases: Vec<Listed>,
    pub cases_left: Vec<Left>,
}

/// An indicator as it was computed. The first of a snapshot is a count, of what came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub code: String,
    pub name: Name,
    pub formula: Name,
    pub is_ratio: bool,
    pub better: Better,
    /// What is counted on either side of its line.
    pub measures: Vec<Measure>,
    /// What was aimed at in tenths of a per cent: by the area itself, and by those below it.
    pub target: Option<i64>,
    pub target_below: Option<i64>,
}

/// The numbers of one area, class, channel or kind, in the order of the indicators.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Code of the area (15 digits), the class, the channel or the kind.
    pub key: String,
    pub name: Name,
    /// What stands at an area itself and at none below it.
    pub is_own: bool,
    pub now: Vec<Value>,
    /// Empty where nothing at all was counted then, or where it cannot be compared.
    pub before: Vec<Value>,
    pub year_before: Vec<Value>,
}

/// A count, or both sides of a ratio. What is not shown is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    pub over: Option<i64>,
    pub under: Option<i64>,
}

impl Value {
    pub fn new(over: i64, under: i64) -> Self {
        Self { over: Some(over), under: Some(under) }
    }

    pub fn count(n: i64) -> Self {
        Self::new(n, n)
    }

    /// None where a side is not shown.
    pub fn ratio(self) -> Option<Ratio> {
        Some(Ratio { numerator: self.over?, denominator: self.under? })
    }

    pub fn is_hidden(self) -> bool {
        self.over.is_none() || self.under.is_none()
    }
}

/// A case that a number counts: its public code and nothing of what was said or who said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub indicator: String,
    pub side: Side,
    pub code: String,
    /// When it was counted, yyyymmdd.
    pub day: i64,
    pub area: String,
    pub class: String,
    pub unit: String,
}

text_enum! {
    /// A side of an indicator's line.
    Side {
        Met = "numerator",
        /// Counted, and not met.
        Rest = "rest",
    }
}

/// How many of one side are not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub indicator: String,
    pub side: Side,
    pub listed: u64,
    pub of: u64,
}

impl Snapshot {
    /// Whether there are numbers to compare with.
    pub fn has_before(&self) -> bool {
        !self.whole.before.is_empty()
    }

    pub fn has_year_before(&self) -> bool {
        !self.whole.year_before.is_empty()
    }

    pub fn indicator(&self, code: &str) -> Option<&Shown> {
        self.indicators.iter().find(|shown| shown.code == code)
    }
}
