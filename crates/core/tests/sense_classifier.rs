//! The classifier: the same lesson gives the same bytes, a file gives back its model, answers stay in the closed
//! set, probabilities mean what they say, evidence lies in the text.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod pack_support;

use muster_core::sense::{
    Example, Field, Gazetteer, Idea, Lesson, LessonFault, Model, ModelFault, SenseRules, judge, measure, refine, train,
};
use pack_support::default_pack;
use proptest::prelude::*;
use std::sync::OnceLock;

const RULES: &str = include_str!("../../../packs/default/sense.toml");
/// Words that mark the synthetic classes, and words that all share.
const MARKS: [[&str; 4]; 3] =
    [["路灯", "井盖", "供水", "绿化带"], ["工资", "社保", "养老金", "合同"], ["学校", "老师", "补课", "招生"]];
const COMMON: [&str; 8] = ["领导", "您好", "希望", "解决", "我们", "问题", "谢谢", "反映"];

fn codes() -> Vec<String> {
    ["01", "02", "03", "11"].map(str::to_owned).to_vec()
}

/// Messages of three classes, some of them with marks of another class: one in twelve cannot be told.
fn messages(count: usize, mut state: u64) -> Vec<(String, String, usize)> {
    let mut draw = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..count)
        .map(|_| {
            let class = draw(3);
            let shown = if draw(8) == 0 { draw(3) } else { class };
            let mut text = String::new();
            for _ in 0..20 {
                text.push_str(COMMON[draw(8)]);
            }
            text.push_str(MARKS[shown][draw(4)]);
            text.push('，');
            text.push_str(MARKS[shown][draw(4)]);
            (COMMON[draw(8)].to_owned(), text, class)
        })
        .collect()
}

fn model_of(messages: &[(String, String, usize)], seed: u64) -> Model {
    let codes = codes();
    let examples = (messages.iter().zip(0..))
        .map(|((title, text, class), group)| Example { title, text, class: *class, group })
        .collect();
    let phrases = vec![("派出所报警打架斗殴", 3), ("有人赌博派出所不管", 3)];
    let lesson = Lesson { name: "test", codes: &codes, examples, phrases, seed, without: None };
    train(&lesson).expect("a sound lesson")
}

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| model_of(&messages(1_500, 1), 1))
}

fn rules() -> &'static SenseRules {
    static PACK: OnceLock<SenseRules> = OnceLock::new();
    PACK.get_or_init(|| SenseRules::from_toml(RULES).expect("the built-in pack").naming(&default_pack().taxonomy))
}

#[test]
fn the_same_lesson_gives_the_same_bytes() {
    let messages = messages(200, 3);
    let bytes = model_of(&messages, 5).to_bytes();
    assert!(bytes == model_of(&messages, 5).to_bytes());
    assert!(bytes != model_of(&messages, 6).to_bytes());
}

#[test]
fn a_file_gives_back_its_model() {
    let bytes = model().to_bytes();
    let again = Model::from_bytes(&bytes).expect("a sound file");
    assert!(&again == model());
    assert!(again.to_bytes() == bytes);
    assert_eq!(again.version(), model().version());
}

#[test]
fn damaged_files_are_refused() {
    let bytes = model().to_bytes();
    assert_eq!(Model::from_bytes(b"GIF89a"), Err(ModelFault::Magic));
    assert!(Model::from_bytes(&bytes[..8]).is_err());
    assert_eq!(Model::from_bytes(&bytes[..bytes.len() - 1]), Err(ModelFault::Hash));
    let mut other = bytes.clone();
    other[8] = 9;
    assert_eq!(Model::from_bytes(&other), Err(ModelFault::Format(9)));
    for at in (10..bytes.len()).step_by(9_973) {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_eq!(Model::from_bytes(&other), Err(ModelFault::Hash), "byte {at}");
    }
}

#[test]
fn it_learns_and_its_probabilities_mean_what_they_say() {
    let outcomes: Vec<measure::Outcome> = messages(2_000, 99)
        .iter()
        .map(|(title, text, truth)| {
            let ranking = model().classify(title, text);
            measure::Outcome { truth: *truth, answer: ranking.best(), confidence: ranking.confidence() }
        })
        .collect();
    let scores = measure::score(&outcomes, &codes());
    // One in eight shows the marks of a class drawn at random: 1/8 · 2/3 are beyond telling.
    assert!(scores.accuracy > 0.89, "accuracy {}", scores.accuracy);
    assert!(scores.ece < 0.05, "calibration error {}", scores.ece);
}

#[test]
fn a_class_with_phrases_only_can_be_answered() {
    let ranking = model().classify("有人打架斗殴", "派出所不管，有人赌博");
    assert_eq!(ranking.iter().next().map(|(code, _)| code), Some("11"));
}

#[test]
fn evidence_points_at_the_marks() {
    let spans = model().evidence("您好", "希望领导解决路灯问题，谢谢", 0, 3);
    assert!(spans[0].field == Field::Text && spans[0].text.contains("路灯"), "{spans:?}");
}

#[test]
fn leaving_an_idea_out_gives_another_model() {
    let (messages, codes) = (messages(300, 3), codes());
    let bytes = |without| {
        let examples = (messages.iter().zip(0..))
            .map(|((title, text, class), group)| Example { title, text, class: *class, group })
            .collect();
        let phrases = vec![("派出所报警打架斗殴", 3)];
        let lesson = Lesson { name: "test", codes: &codes, examples, phrases, seed: 5, without };
        train(&lesson).expect("a sound lesson").to_bytes()
    };
    let whole = bytes(None);
    for idea in Idea::ALL {
        assert!(whole != bytes(Some(idea)), "{idea:?}");
    }
}

#[test]
fn the_surest_are_told_as_the_table_tells_them() {
    let outcome = |confidence, answer| measure::Outcome { truth: 0, answer, confidence };
    let outcomes = [outcome(0.9, 0), outcome(0.2, 1), outcome(0.7, 1), outcome(0.8, 0), outcome(0.6, 0)];
    let right = |share| measure::right_among_surest(&outcomes, share);
    for (share, expected) in [(0.4, 1.0), (0.6, 2.0 / 3.0), (0.8, 0.75), (1.0, 0.6)] {
        assert!((right(share) - expected).abs() < 1e-12, "{share}: {}", right(share));
    }
    let told = measure::score(&outcomes, &codes()).coverage;
    assert!(told.iter().all(|point| (point.accuracy - right(point.share)).abs() < 1e-12), "{told:?}");
}

#[test]
fn unsound_lessons_are_refused() {
    let codes = codes();
    let example = |class| Example { title: "", text: "路灯", class, group: 0 };
    let lesson = |examples| Lesson { name: "x", codes: &codes, examples, phrases: vec![], seed: 1, without: None };
    assert_eq!(train(&lesson(vec![])).err(), Some(LessonFault::Examples(0)));
    assert_eq!(train(&lesson(vec![example(0)])).err(), Some(LessonFault::Examples(1)));
    assert_eq!(train(&lesson(vec![example(9)])).err(), Some(LessonFault::Class(9, 4)));
    let one = Lesson { codes: &codes[..1], ..lesson(vec![]) };
    assert_eq!(train(&one).err(), Some(LessonFault::Classes(1)));
}

const AWKWARD: [&str; 24] = [
    "路灯",
    "A3区",
    "A",
    "[电话]",
    "[",
    "西地省",
    "西",
    "１",
    "Ｚ市",
    " ",
    "\u{3000}",
    "é",
    "\u{301}",
    "👨‍👩‍👧",
    "停水",
    "不停",
    "老人",
    "，",
    "\0",
    "工资",
    "9 号",
    "𠀀",
    "违章建筑",
    "职工养老保险",
];

proptest! {
    #[test]
    fn any_message_gets_a_judgement_in_the_closed_set(title in any::<String>(), text in any::<String>()) {
        check(&title, &text)?;
    }

    #[test]
    fn so_does_one_made_of_awkward_pieces(
        pieces in prop::collection::vec(prop::sample::select(AWKWARD.to_vec()), 0..40),
    ) {
        check(&pieces.concat(), &pieces.iter().rev().copied().collect::<String>())?;
    }
}

fn check(title: &str, text: &str) -> Result<(), TestCaseError> {
    let judgement = judge(model(), rules(), &Gazetteer::default(), title, text);
    prop_assert!(codes().contains(&judgement.category) && codes().contains(&judgement.runner_up));
    prop_assert!(judgement.category != judgement.runner_up);
    prop_assert!(judgement.confidence >= judgement.runner_up_confidence);
    let sum: f32 = model().classify(title, text).iter().map(|(_, p)| p).sum();
    prop_assert!((sum - 1.0).abs() < 1e-4, "probabilities sum to {}", sum);
    let groups = judgement.groups.iter().flat_map(|group| &group.words);
    let words = judgement.kind_words.iter().chain(&judgement.urgency_words).chain(groups);
    let named = judgement.lower.iter().flat_map(|lower| &lower.words);
    prop_assert!(judgement.lower.iter().all(|lower| lower.code.starts_with(&judgement.category)));
    for span in judgement.evidence.iter().chain(words).chain(named) {
        let field = if span.field == Field::Title { title } else { text };
        prop_assert_eq!(field.get(span.range.clone()), Some(span.text.as_str()));
        prop_assert!(span.weight > 0.0 && span.weight <= 1.0, "weight {}", span.weight);
    }
    let json = serde_json::to_string(&judgement).expect("a judgement is JSON");
    let again: muster_core::sense::Judgement = serde_json::from_str(&json).expect("and reads back");
    prop_assert_eq!(again.category, judgement.category);
    Ok(())
}

/// What people decided of messages with a word the model had never seen, and of some it had right.
fn decided() -> Vec<(String, String, usize)> {
    let known =
        messages(60, 9).into_iter().filter(|(_, text, class)| MARKS[*class].iter().any(|mark| text.contains(mark)));
    let new = (0..30).map(|n| {
        let common: String = (0..12).map(|i| COMMON[(n * 5 + i * 3) % 8]).collect();
        (COMMON[n % 8].to_owned(), format!("{common}，灯会摊位，{}", COMMON[(n + 3) % 8]), 2)
    });
    known.chain(new).collect()
}

fn refined(messages: &[(String, String, usize)], seed: u64) -> Model {
    let examples: Vec<Example> = (messages.iter().zip(0..))
        .map(|((title, text, class), group)| Example { title, text, class: *class, group })
        .collect();
    refine(model(), "test+local", &examples, seed)
}

#[test]
fn what_people_decided_is_learned_and_the_rest_kept() {
    let learned = refined(&decided(), 1);
    let (title, text) = ("领导", "您好，灯会摊位谢谢，希望解决");
    assert_ne!(model().classify(title, text).best(), 2, "the word was unknown");
    assert_eq!(learned.classify(title, text).best(), 2);
    let held_out = messages(400, 77);
    let right = |model: &Model| held_out.iter().filter(|(t, x, class)| model.classify(t, x).best() == *class).count();
    assert!(right(&learned) + 4 >= right(model()), "{} of {} before", right(&learned), right(model()));
    let spans = learned.evidence(title, text, 2, 3);
    assert!(spans.iter().any(|span| span.text.contains("摊位")), "{spans:?}");
}

#[test]
fn learning_on_is_repeatable_and_makes_a_file() {
    let bytes = refined(&decided(), 1).to_bytes();
    assert!(bytes == refined(&decided(), 1).to_bytes());
    let again = Model::from_bytes(&bytes).expect("a sound file");
    assert!(again.version().starts_with("test+local-") && again.version() != model().version());
}

#[test]
fn nothing_decided_changes_nothing() {
    let same = refined(&[], 1);
    for (title, text, _) in messages(100, 5) {
        let (old, new) = (model().classify(&title, &text), same.classify(&title, &text));
        assert_eq!(old.best(), new.best());
        assert!((old.confidence() - new.confidence()).abs() < 0.01);
    }
}
