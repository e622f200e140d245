//! The judgement of a report: the classifier's answer and what the pack's words say, with the evidence for each.

use super::lower::Lower;
use super::model::{Field, Model, Span};
use super::place::{Gazetteer, Place};
use super::rules::{Elsewhere, Emergency, Group, SenseRules};
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
    /// What must be called at once if it happens now.
    #[serde(default)]
    pub emergency: Option<Emergency>,
    /// Why it may belong elsewhere; then a person decides.
    #[serde(default)]
    pub elsewhere: Option<Elsewhere>,
    /// Where it says that it is.
    #[serde(default)]
    pub places: Vec<Place>,
    #[serde(default)]
    pub language: Language,
    /// Version of the model that judged.
    pub model: String,
}

impl Judgement {
    /// The class is known from elsewhere; what was found of kind, urgency and place stands.
    pub fn decided(&mut self, category: String, by: &str) {
        self.category = category;
        (self.confidence, self.sure) = (1.0, true);
        (self.runner_up, self.runner_up_confidence) = (String::new(), 0.0);
        (self.lower, self.elsewhere) = (None, None);
        self.evidence.clear();
        by.clone_into(&mut self.model);
    }
}

/// The language of a message, by its script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    Chinese,
    Latin,
    Other,
}

impl Language {
    /// By the letters: one Chinese character says as much as three of an alphabet.
    fn of(text: &str) -> Self {
        let (mut chinese, mut latin, mut other) = (0, 0, 0);
        for c in text.chars() {
            match c {
                '\u{3400}'..='\u{9fff}' => chinese += 3,
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
                c if c.is_alphabetic() => other += 1,
                _ => {}
            }
        }
        match chinese.max(latin).max(other) {
            0 => Self::Chinese,
            most if most == chinese => Self::Chinese,
            most if most == latin => Self::Latin,
            _ => Self::Other,
        }
    }
}

/// Judges one report; `known` are the places of the city.
pub fn judge(model: &Model, rules: &SenseRules, known: &Gazetteer, title: &str, text: &str) -> Judgement {
    let ranking = model.classify(title, text);
    let ranked = |rank| ranking.at(rank).map_or_else(Default::default, |(code, p)| (code.to_owned(), p));
    let ((category, confidence), (runner_up, runner_up_confidence)) = (ranked(0), ranked(1));
    let said = rules.read(title, text);
    let places = [(Field::Title, title), (Field::Text, text)];
    let places = places.into_iter().flat_map(|(field, text)| rules.place().places(known, field, text)).collect();
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
        emergency: said.emergency,
        elsewhere: said.elsewhere,
        places,
        language: Language::of(text),
        model: model.version().to_owned(),
    }
}
