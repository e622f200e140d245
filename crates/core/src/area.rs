//! Areas: the administrative tree as 15-digit integers, so that a subtree is a numeric range.
//!
//! Digits from the left: province 2, city 4, county 6, township 9, community 12, grid 15, zeros to the right
//! (the layout of GB/T 2260, GB/T 10114 and the statistical division codes, with three digits more for grids).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A level of government or of community work, highest first: `Province < Grid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Province,
    City,
    County,
    Township,
    Community,
    Grid,
}

impl Level {
    pub const ALL: [Self; 6] = [Self::Province, Self::City, Self::County, Self::Township, Self::Community, Self::Grid];

    /// The word used in packs, rows and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
            Self::Community => "community",
            Self::Grid => "grid",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// The next level up, `None` above a province.
    pub fn above(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|level| *level < self)
    }

    /// Significant digits of an id of this level.
    pub fn digits(self) -> u32 {
        match self {
            Self::Province => 2,
            Self::City => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Community => 12,
            Self::Grid => 15,
        }
    }

    /// How many ids lie under one id of this level, itself included.
    fn span(self) -> i64 {
        10_i64.pow(15 - self.digits())
    }
}

/// The id of an area: 15 decimal digits, never beginning with zero. Ordered so that a subtree is contiguous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct AreaId(i64);

/// Why a number or text is not an area id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaFault {
    #[error("area {0} is not a number of 15 digits; pad the code with zeros on the right")]
    NotFifteenDigits(i64),
    #[error("area {0:?} is not a code of 2, 4, 6, 9, 12 or 15 digits beginning with a province (11 to 99)")]
    NotACode(String),
}

impl AreaId {
    pub fn new(id: i64) -> Result<Self, AreaFault> {
        if (100_000_000_000_000..=999_999_999_999_999).contains(&id) {
            Ok(Self(id))
        } else {
            Err(AreaFault::NotFifteenDigits(id))
        }
    }

    pub fn get(self) -> i64 {
        self.0
    }

    /// The level of the last non-zero group of digits.
    pub fn level(self) -> Level {
        let fits = |level: &Level| self.0 % level.span() == 0;
        Level::ALL.into_iter().find(fits).unwrap_or(Level::Grid)
    }

    /// The nearest area that holds this one; `None` for a province.
    ///
    /// Some cities have no counties (Dongguan: township 441900003 with county group 00), so the parent of a
    /// township may be a city.
    pub fn parent(self) -> Option<Self> {
        self.level().above().map(|level| self.cut(level))
    }

    /// The area of that level that holds this one (itself at its own level); `None` where the chain skips it.
    pub fn ancestor(self, level: Level) -> Option<Self> {
        let cut = self.cut(level);
        (cut.level() == level).then_some(cut)
    }

    /// Parent, grandparent, … up to the province.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |area| area.parent())
    }

    /// First and last id of the subtree, both included: `where area between ? and ?`.
    pub fn range(self) -> (i64, i64) {
        (self.0, self.0 + self.level().span() - 1)
    }

    /// True for the area itself and all below it.
    pub fn contains(self, other: Self) -> bool {
        let (first, last) = self.range();
        (first..=last).contains(&other.0)
    }

    fn cut(self, level: Level) -> Self {
        Self(self.0 - self.0 % level.span())
    }
}

impl TryFrom<i64> for AreaId {
    type Error = AreaFault;

    fn try_from(id: i64) -> Result<Self, AreaFault> {
        Self::new(id)
    }
}

impl From<AreaId> for i64 {
    fn from(area: AreaId) -> Self {
        area.0
    }
}

/// Reads a code at any level: `9001` and `900100000000000` are the same city.
impl FromStr for AreaId {
    type Err = AreaFault;

    fn from_str(text: &str) -> Result<Self, AreaFault> {
        let fault = || AreaFault::NotACode(text.to_owned());
        let code = text.trim();
        let known_length = Level::ALL.iter().any(|level| level.digits() as usize == code.len());
        if !known_length || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(fault());
        }
        let number: i64 = code.parse().map_err(|_| fault())?;
        Self::new(number * 10_i64.pow(15 - code.len() as u32)).map_err(|_| fault())
    }
}

/// All 15 digits.
impl fmt::Display for AreaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The area that a text names first, of those whose names are given: of two names at one place the longer one. A name
/// that several areas have tells nothing.
pub fn mentioned(text: &str, areas: &[(AreaId, &str)]) -> Option<AreaId> {
    let place = |name: &str| Some(name.trim()).filter(|name| name.chars().count() > 1).and_then(|name| text.find(name));
    let unique = |name: &str| areas.iter().filter(|(_, other)| *other == name).count() == 1;
    let named = areas.iter().filter_map(|(area, name)| Some((place(name)?, usize::MAX - name.len(), *area, *name)));
    named.filter(|(.., name)| unique(name)).min().map(|(_, _, area, _)| area)
}
