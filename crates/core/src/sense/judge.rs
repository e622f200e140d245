//! The judgement of a report: the classifier's answer and what the pack's words say, with the evidence for each.

use super::lower::Lower;
use super::model::{Model, Span};
use super::rules::{Group, SenseRules};
use crate::pack::{RequestKind, Urgency};
use serde::{Deserialize, Serialize};

/// Evidence spans given for the class.
const EVIDENCE: usize = 5;

/// What sensing says of a report. Stored with it, so that what was decided can be explained later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Class code.
    pub category: String,
    /// Calibrated probability of the class, 0 to 1.
    pub confidence: f32,
    pub runner_up: String,
    pub runner_up_confidence: f32,
    /// Whether the pack lets this confidence decide without a person.
    pub sure: bool,
    /// The words that weighed most for the class, heaviest first.
    pub evidence: Vec<Span>,
    /// A node below the class that the message names; a judgement stored before there were any has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<Lower>,
    pub kind: RequestKind,
    /// The words that decided the kind; none when it is the default.
    pub kind_words: Vec<Span>,
    pub urgency: Urgency,
    pub urgency_words: Vec<Span>,
    pub groups: Vec<Group>,
    /// Version of the model that judged.
    pub model: String,
}

/// Judges one report.
pub fn judge(model: &Model, rules: &SenseRules, title: &str, text: &str) -> Judgement {
    let ranking = model.classify(title, text);
    let ranked = |rank| ranking.at(rank).map_or_else(Default::default, |(code, p)| (code.to_owned(), p));
    let ((category, confidence), (runner_up, runner_up_confidence)) = (ranked(0), ranked(1));
    let said = rules.read(title, text);
    Judgement {
        lower: rules.names().find(model, &category, title, text),
        sure: confidence >= rules.confidence(),
        category,
        confidence,
        runner_up,
        runner_up_confidence,
        evidence: model.evidence(title, text, ranking.best(), EVIDENCE),
        kind: said.kind.0,
        kind_words: said.kind.1,
        urgency: said.urgency.0,
        urgency_words: said.urgency.1,
        groups: said.groups,
        model: model.version().to_owned(),
    }
}
