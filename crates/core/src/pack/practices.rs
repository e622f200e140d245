//! When a practice is proposed beside a new case, and over how many days its effect is looked at.

use serde::Serialize;

use super::section::Section;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PracticeRule {
    pub basis: String,
    /// Days before and after a measure in which like cases are counted.
    pub window_days: i64,
    /// Days after it below which nothing is said.
    pub least_days: i64,
    /// Cases before and after together, below which the count is marked as small.
    pub small_count: i64,
    /// Proposed beside one case.
    pub proposed: usize,
    pub least_likeness: f32,
    /// What one of another large class keeps of its place, 0 to 1.
    pub other_class: f32,
}

impl PracticeRule {
    pub(super) fn read(root: &Section) -> Self {
        let keys = ["basis", "window_days", "least_days", "small_count", "proposed", "least_likeness", "other_class"];
        root.only(&keys);
        Self {
            basis: root.text("basis"),
            window_days: root.int("window_days", 7..=730),
            least_days: root.int("least_days", 1..=365),
            small_count: root.int("small_count", 1..=1_000),
            proposed: root.int("proposed", 1..=10) as usize,
            least_likeness: root.int("least_likeness", 0..=1_000) as f32 / 1_000.0,
            other_class: root.int("other_class", 0..=100) as f32 / 100.0,
        }
    }
}
