//! What third-party evaluators are asked, and which words tell them which unit it was.

use super::section::Section;
use super::taxonomy::Name;
use crate::evaluate::question::{AnsweredBy, Beside, Question, QuestionKind, Questionnaire};

/// The questionnaires a contract chooses from.
#[derive(Clone, Debug, Default)]
pub struct Questionnaires {
    /// In the order of the file.
    pub all: Vec<Questionnaire>,
    /// What bodies are called in everyday words, beside their names.
    pub masked: Vec<String>,
}

impl Questionnaires {
    pub(super) fn read(root: &Section) -> Self {
        root.only(&["masked", "questionnaire"]);
        let sections = root.tables("questionnaire");
        if sections.is_empty() {
            root.fault("questionnaire", "no questionnaire", "add [[questionnaire]]");
        }
        let mut all: Vec<Questionnaire> = Vec::new();
        for section in sections {
            let read = questionnaire(&section);
            if all.iter().any(|known| known.code == read.code) {
                section.fault("code", "a second questionnaire of this code", "give it a code of its own");
            }
            all.push(read);
        }
        let masked = root.texts("masked");
        if masked.iter().any(|word| word.chars().count() < 2) {
            root.fault("masked", "a word of one character", "use two or more: one would hit ordinary words");
        }
        Self { all, masked }
    }

    pub fn get(&self, code: &str) -> Option<&Questionnaire> {
        self.all.iter().find(|known| known.code == code)
    }
}

fn questionnaire(section: &Section) -> Questionnaire {
    section.only(&["code", "zh", "en", "basis", "question"]);
    let mut questions: Vec<Question> = Vec::new();
    for part in section.tables("question") {
        let read = question(&part);
        if questions.iter().any(|known| known.code == read.code) {
            part.fault("code", "a second question of this code", "give it a code of its own");
        }
        let beside = |known: &Question| known.beside.is_some() && (known.beside, known.by) == (read.beside, read.by);
        if questions.iter().any(beside) {
            part.fault("beside", "two questions beside one figure", "leave it out of one of them");
        }
        questions.push(read);
    }
    if !questions.iter().any(|known| known.by == AnsweredBy::File && known.kind != QuestionKind::Text) {
        section.fault(
            "question",
            "nothing to mark from the record",
            "add a question with by = \"file\" and a scale or yes_no",
        );
    }
    Questionnaire { code: section.text("code"), name: Name::read(section), basis: section.text("basis"), questions }
}

fn question(section: &Section) -> Question {
    section.only(&["code", "zh", "en", "hint", "kind", "by", "beside"]);
    let kinds: Vec<_> = QuestionKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let by: Vec<_> = AnsweredBy::ALL.iter().map(|by| by.as_str()).collect();
    let besides: Vec<_> = Beside::ALL.iter().map(|beside| beside.as_str()).collect();
    let kind = section.word("kind", |word| word.parse().ok(), &kinds).unwrap_or(QuestionKind::Text);
    let beside = if section.has("beside") { section.word("beside", |word| word.parse().ok(), &besides) } else { None };
    let fits = match beside {
        Some(Beside::Confirmed) => kind == QuestionKind::YesNo,
        Some(Beside::Satisfaction) => kind == QuestionKind::Scale,
        None => true,
    };
    if !fits {
        section.fault("beside", "not this kind of question", "confirmed goes with yes_no, satisfaction with scale");
    }
    let hint = section.table("hint").map(|hint| {
        hint.only(&["zh", "en"]);
        Name::read(&hint)
    });
    let code = section.text("code");
    if !code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        section.fault("code", "not a code", "use small letters and underscores");
    }
    Question {
        code,
        name: Name::read(section),
        hint: hint.unwrap_or_default(),
        kind,
        by: section.word("by", |word| word.parse().ok(), &by).unwrap_or(AnsweredBy::File),
        beside,
    }
}
