//! What residents ask for, and how urgent it is: the two words that, with the category, choose a clock.

use serde::{Deserialize, Serialize};

/// The kind of a request (北京市接诉即办工作条例 art. 2 names the first five; praise is counted in practice).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// 咨询
    Consult,
    /// 求助
    Help,
    /// 投诉
    Complaint,
    /// 举报
    Tipoff,
    /// 建议
    Suggestion,
    /// 表扬
    Praise,
}

impl RequestKind {
    pub const ALL: [Self; 6] =
        [Self::Consult, Self::Help, Self::Complaint, Self::Tipoff, Self::Suggestion, Self::Praise];
    pub const CODES: [&'static str; 6] = ["consult", "help", "complaint", "tipoff", "suggestion", "praise"];

    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How urgent a request is, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// 一般
    Routine,
    /// 紧急: daily life has stopped (water, power, gas, heat)
    Urgent,
    /// 特急: danger to life, property or public order
    Danger,
}

impl Urgency {
    pub const ALL: [Self; 3] = [Self::Routine, Self::Urgent, Self::Danger];
    pub const CODES: [&'static str; 3] = ["routine", "urgent", "danger"];

    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|urgency| urgency.code() == code)
    }
}
