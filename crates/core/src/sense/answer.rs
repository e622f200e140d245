//! A look at an answer before it is sent: is it about the matter, and does it say what a good answer says?
//!
//! Hints, never a block: the person who writes knows more than the words do.

use serde::{Deserialize, Serialize};

use super::model::{Model, Reader, damped};
use super::rules::SenseRules;

/// What the answer may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// Few of its words are those of the report.
    OffMatter,
    /// Too short to say what was done.
    Short,
    /// It only says that the matter was passed on or noted.
    PassedOn,
    /// No law, rule or finding it rests on.
    NoBasis,
    /// No day on which something was or will be done.
    NoDate,
    /// Nobody to ask.
    NoContact,
}

impl Hint {
    pub const ALL: [Self; 6] =
        [Self::OffMatter, Self::Short, Self::PassedOn, Self::NoBasis, Self::NoDate, Self::NoContact];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::OffMatter => "off-matter",
            Self::Short => "short",
            Self::PassedOn => "passed-on",
            Self::NoBasis => "no-basis",
            Self::NoDate => "no-date",
            Self::NoContact => "no-contact",
        }
    }
}

/// Reads an answer beside the report it answers.
pub fn review(model: &Model, rules: &SenseRules, (title, text): (&str, &str), answer: &str) -> Vec<Hint> {
    let rule = rules.answer();
    let has = |words: &[String]| words.iter().any(|word| answer.contains(word.as_str()));
    let digits = answer.chars().filter(char::is_ascii_digit).count();
    let length = answer.chars().filter(|c| c.is_alphanumeric()).count();
    let mut hints = Vec::new();
    let mut hint = |is: bool, hint: Hint| {
        if is {
            hints.push(hint);
        }
    };
    hint(relevance(model, (title, text), answer) < rule.relevance, Hint::OffMatter);
    hint(length < rule.short, Hint::Short);
    hint(has(&rule.passed_on) && !has(&rule.done), Hint::PassedOn);
    hint(!has(&rule.basis), Hint::NoBasis);
    hint(digits == 0 || !has(&rule.date), Hint::NoDate);
    hint(!has(&rule.contact), Hint::NoContact);
    hints
}

/// Rarity of a gram the model has never seen: a name, or a slip of the pen.
const UNSEEN: f32 = 6.0;
/// How much of an answer's likeness to messages at large is taken off its likeness to this one; chosen on the set it was
/// measured on, whose halves agree (`docs/reference/sensing.md`).
const AT_LARGE: f32 = 1.7;
/// The length of a message's vector, by and large.
const USUAL_NORM: f32 = 60.0;

/// How much an answer speaks of the matter of a report: the likeness of their words (cosine of damped counts times
/// inverse document frequency), less what any report would share with this answer. Above 0 for most answers to their own
/// report, below it for most others.
pub fn relevance(model: &Model, (title, text): (&str, &str), answer: &str) -> f32 {
    let mut reader = Reader::default();
    let weigh = |grams: Vec<(u64, u8)>| -> Vec<(u64, f32, f32)> {
        (grams.into_iter())
            .map(|(hash, count)| {
                let square = model.table.find(hash).map(|slot| f32::from(model.table.row(slot).square) / 512.0);
                let rarity = square.map_or(UNSEEN, f32::sqrt);
                // Of all messages, the share that has the gram: what the rarity was made from.
                let share = if square.is_some() { (1.0 - rarity).exp() } else { 0.0 };
                (hash, damped(count) * rarity, share * rarity)
            })
            .collect()
    };
    let norm = |grams: &[(u64, f32, f32)]| grams.iter().map(|(_, weight, _)| weight * weight).sum::<f32>().sqrt();
    let report = weigh(reader.grams("", &format!("{title}，{text}")));
    let answer = weigh(reader.grams("", answer));
    let (report_norm, answer_norm) = (norm(&report).max(f32::MIN_POSITIVE), norm(&answer).max(f32::MIN_POSITIVE));
    let (mut at, mut shared, mut at_large) = (0, 0.0, 0.0);
    for (hash, weight, usual) in &answer {
        at_large += weight * usual;
        while at < report.len() && report[at].0 < *hash {
            at += 1;
        }
        if let Some((_, other, _)) = report.get(at).filter(|(other, ..)| other == hash) {
            shared += weight * other;
        }
    }
    (shared / report_norm - AT_LARGE * at_large / USUAL_NORM) / answer_norm
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sense::train::{Example, Lesson, train};

    fn model() -> Model {
        let codes = ["01".to_owned(), "02".to_owned()];
        let said = ["小区的路灯坏了请派人来修", "公司拖欠工资不给加班费", "路上的井盖坏了", "工厂不交社保"];
        let examples: Vec<Example<'_>> =
            (0..40).map(|n| Example { title: "", text: said[n % 4], class: n % 2, group: n as u64 }).collect();
        train(&Lesson { name: "t", codes: &codes, examples, phrases: Vec::new(), seed: 1, without: None })
            .expect("a lesson")
    }

    #[test]
    fn an_answer_to_the_matter_is_nearer_than_one_to_another() {
        let model = model();
        let report = ("路灯", "三号楼门口的路灯坏了，晚上看不见路");
        let own = relevance(&model, report, "三号楼门口的路灯已于5月6日修好");
        let other = relevance(&model, report, "公司已补发拖欠的工资，社保正在补缴");
        assert!(own > other + 0.1, "{own} {other}");
        assert!(relevance(&model, report, "") <= 0.0 && relevance(&model, ("", ""), "").abs() < 1e-6);
    }
}
