//! Which classifier judges, what others were made here, and how judging drifts.

use askama::Template;

use super::{Shell, When};

/// `GET /models`. Forms post to `/models` (nothing) and `/models/{id}` (`verdict`: `adopt`, `reject` or `retire`; `reason`).
/// Ids of the controls, for problems: `reason-{id}`.
#[derive(Template)]
#[template(path = "evaluate/models.html")]
pub struct ModelsPage {
    pub shell: Shell,
    pub judges: String,
    pub is_shipped: bool,
    /// The adopted model does not judge here: not taken up yet, or not readable by this version of the program.
    pub unread: bool,
    pub may_propose: bool,
    /// Decisions needed before anything is learned.
    pub least: usize,
    pub models: Vec<Shown>,
    pub weeks: Vec<Week>,
    /// In per cent; none where too little was judged.
    pub mix: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Shown {
    pub id: String,
    pub version: String,
    pub base: String,
    /// Code of the family `model`.
    pub state: String,
    pub made: When,
    pub decided: usize,
    pub carried: usize,
    /// `73.1 %（19 / 26）`, before and after.
    pub before: String,
    pub after: String,
    pub carried_before: String,
    pub carried_after: String,
    pub alone_before: String,
    pub alone_after: String,
    /// Whether it does better on the frozen decisions.
    pub gains: bool,
    pub seen: usize,
    pub changed: usize,
    pub sure_before: String,
    pub sure_after: String,
    /// From class, to class, reports.
    pub moves: Vec<(String, String, usize)>,
    pub by: String,
    pub when: Option<When>,
    pub reason: String,
    /// Codes of the family `model-do` that are possible now.
    pub verdicts: Vec<&'static str>,
    pub reason_id: String,
    pub typed: String,
    pub is_open: bool,
}

/// One week; figures as text, `–` where nothing was judged.
#[derive(Clone, Debug, Default)]
pub struct Week {
    /// Its Monday, as `2026-11-23`.
    pub began: String,
    pub judged: i64,
    pub confidence: String,
    pub sure: String,
    pub decided: i64,
    pub otherwise: String,
}
