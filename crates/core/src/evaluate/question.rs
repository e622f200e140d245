//! What evaluators are asked of each case, what they may answer, and the fingerprint of all answers that is signed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::sample::fingerprint;
use crate::pack::Name;
use crate::people::text_enum;

text_enum! {
    QuestionKind {
        YesNo = "yes_no",
        /// A mark of 1 to 5.
        Scale = "scale",
        Text = "text",
    }
}

text_enum! {
    /// By what a question is answered.
    AnsweredBy {
        /// The masked record of the case.
        File = "file",
        /// A telephone call with whoever reported.
        Call = "call",
    }
}

text_enum! {
    /// The residents' own figure beside which the answers stand.
    Beside {
        Confirmed = "confirmed",
        Satisfaction = "satisfaction",
    }
}

/// The highest mark.
pub const MARK_MOST: u8 = 5;

/// One question. A copy is kept with the contract, so that another pack later changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub code: String,
    pub name: Name,
    pub hint: Name,
    pub kind: QuestionKind,
    pub by: AnsweredBy,
    pub beside: Option<Beside>,
}

/// A list of questions with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Questionnaire {
    pub code: String,
    pub name: Name,
    pub basis: String,
    pub questions: Vec<Question>,
}

impl Questionnaire {
    /// What is asked: about calls only where they are agreed.
    pub fn asked(&self, calls: bool) -> Vec<Question> {
        self.questions.iter().filter(|question| calls || question.by == AnsweredBy::File).cloned().collect()
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    Yes,
    No,
    Mark(u8),
    Text(String),
    /// The record does not show it. Counts on neither side.
    CannotTell,
}

impl Given {
    /// What a form sends.
    pub fn word(&self) -> String {
        match self {
            Self::Yes => "yes".to_owned(),
            Self::No => "no".to_owned(),
            Self::Mark(mark) => mark.to_string(),
            Self::Text(text) => text.clone(),
            Self::CannotTell => CANNOT_TELL.to_owned(),
        }
    }

    /// As a number to reckon with: one or zero, or the mark.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Yes => Some(1.0),
            Self::No => Some(0.0),
            Self::Mark(mark) => Some(f64::from(*mark)),
            Self::Text(_) | Self::CannotTell => None,
        }
    }
}

/// What a form sends for "cannot tell".
pub const CANNOT_TELL: &str = "cannot_tell";

/// Answers by the code of their question.
pub type Answers = BTreeMap<String, Given>;

/// Reads what was chosen and typed; the codes of questions without a usable answer where there are any. A text may be left
/// out.
///
/// # Errors
/// The code of every question that still wants an answer.
pub fn answers(
    questions: &[Question],
    by: AnsweredBy,
    typed: &BTreeMap<String, String>,
) -> Result<Answers, Vec<String>> {
    let (mut found, mut missing) = (Answers::new(), Vec::new());
    for question in questions.iter().filter(|question| question.by == by) {
        let word = typed.get(&question.code).map_or("", |word| word.trim());
        let given = match (question.kind, word) {
            (QuestionKind::Text, "") => continue,
            (QuestionKind::Text, text) => Some(Given::Text(text.to_owned())),
            (_, CANNOT_TELL) => Some(Given::CannotTell),
            (QuestionKind::YesNo, "yes") => Some(Given::Yes),
            (QuestionKind::YesNo, "no") => Some(Given::No),
            (QuestionKind::YesNo, _) => None,
            (QuestionKind::Scale, mark) => {
                mark.parse().ok().filter(|mark| (1..=MARK_MOST).contains(mark)).map(Given::Mark)
            }
        };
        match given {
            Some(given) => drop(found.insert(question.code.clone(), given)),
            None => missing.push(question.code.clone()),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(missing) }
}

/// The answers of one case of the sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet<'a> {
    /// Of the case within the sample.
    pub number: i64,
    pub by: AnsweredBy,
    pub answers: &'a Answers,
}

/// What is signed, beside the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Signing<'a> {
    pub room: &'a str,
    pub version: i64,
    pub frame: &'a str,
    pub seed: &'a str,
    pub questions: &'a [Question],
}

/// The fingerprint of all answers: SHA-256 of the JSON of [`Signing`] and of each sheet, a line each, in the order of
/// number and kind.
pub fn sheets_hash(signing: &Signing<'_>, sheets: &[Sheet<'_>]) -> String {
    // INVARIANT: values of maps with text keys are JSON.
    let line = |value: serde_json::Value| format!("{value}\n");
    let mut ordered: Vec<&Sheet<'_>> = sheets.iter().collect();
    ordered.sort_by_key(|sheet| (sheet.number, sheet.by));
    let mut text = line(serde_json::json!(signing));
    for sheet in ordered {
        text.push_str(&line(serde_json::json!(sheet)));
    }
    fingerprint(&text)
}
