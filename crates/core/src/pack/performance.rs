//! How the performance of units is scored and appealed, what is left out of it, and what follows when it fails again.

use serde::Serialize;

use super::flow::Ground;
use super::indicators::Indicators;
use super::section::Section;
use super::taxonomy::{Name, Taxonomy};
use crate::people::text_enum;
use crate::time::clock::{Budget, BudgetUnit};

/// Where a part of a score is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum PartFrom {
    /// Code of one of `indicators.toml`.
    Indicator(String),
    /// Parts of joint work, each by its own clock, for the unit that owes it and those that help.
    Joint,
}

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScorePart {
    pub code: String,
    pub name: Name,
    pub from: PartFrom,
    /// Of a hundred.
    pub weight: i64,
    /// Per cent at which it has no points, and from which it has all.
    pub zero: i64,
    pub full: i64,
    pub basis: String,
}

text_enum! {
    /// What a ground does to a case.
    Exempt {
        /// 剔除: the whole case is left out.
        Exclusion = "exclusion",
        /// 容错: only what was missed is forgiven.
        Blameless = "blameless",
    }
}

/// A coded ground on which a case is left out, or forgiven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExemptGround {
    pub kind: Exempt,
    pub ground: Ground,
}

/// What follows so many unqualified years in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Consequence {
    pub failures: i64,
    pub name: Name,
    pub basis: String,
}

/// When the ways of a unit are a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DetectRule {
    /// Per cent of the peers' odds that a unit must exceed.
    pub odds: i64,
    /// Expected share of false signals among all, at most, in per cent.
    pub false_share: i64,
    /// Fewer tasks, hits or peers are not tested.
    pub trials: i64,
    pub hits: i64,
    pub peers: i64,
    /// Share of the time used, in per cent, from which an answer comes just before it runs out.
    pub spike: i64,
    pub reopen_days: i64,
    /// Shingles that two answers have in common, in per cent.
    pub alike: i64,
    pub instant_minutes: i64,
    /// Days that are looked at.
    pub days: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Performance {
    /// Share of this in the yearly appraisal, in per cent.
    pub weight: i64,
    /// A score below is unqualified; in points of a hundred.
    pub pass: i64,
    /// A part with fewer is left out; with fewer in all nothing is judged.
    pub part_least: i64,
    pub least: i64,
    pub basis: String,
    pub ask: Budget,
    pub decide: Budget,
    /// For a changed result; `None`: it needs no approval.
    pub approve: Option<Budget>,
    pub parts: Vec<ScorePart>,
    /// Large class and what it is worth when it is done, in per cent; others are worth 100.
    pub difficulty: Vec<(String, i64)>,
    pub grounds: Vec<ExemptGround>,
    /// Failures in a row that open an interview.
    pub interview: i64,
    pub interview_basis: String,
    /// By failures, the fewest first.
    pub consequences: Vec<Consequence>,
    pub detect: DetectRule,
}

/// What a hundred points are made of.
const WHOLE: i64 = 100;

impl Performance {
    pub(super) fn read(root: &Section, tree: Option<&Taxonomy>, indicators: Option<&Indicators>) -> Option<Self> {
        root.only(&["score", "appeal", "part", "difficulty", "ground", "interview", "consequence", "detect"]);
        let (score, appeal, interview) = (root.table("score")?, root.table("appeal")?, root.table("interview")?);
        score.only(&["weight", "pass", "part_least", "least", "basis"]);
        appeal.only(&["ask", "decide", "approve", "basis"]);
        interview.only(&["failures", "basis"]);
        let basis = appeal.text("basis");
        let days = |key: &str, least: i64| Budget {
            amount: appeal.int(key, least..=260) as u32,
            unit: BudgetUnit::WorkingDays,
            roll_to_working_day: false,
            basis: basis.clone(),
        };
        Some(Self {
            // A law of the city may ask for more; less than a tenth would make it a matter of form.
            weight: score.int("weight", 10..=100),
            pass: score.int("pass", 1..=99),
            part_least: score.int("part_least", 1..=1000),
            least: score.int("least", 1..=10_000),
            basis: score.text("basis"),
            ask: days("ask", 1),
            decide: days("decide", 1),
            approve: Some(days("approve", 0)).filter(|budget| budget.amount > 0),
            parts: parts(root, indicators),
            difficulty: difficulty(root, tree),
            grounds: grounds(root),
            interview: interview.int("failures", 1..=9),
            interview_basis: interview.text("basis"),
            consequences: consequences(root),
            detect: detect(&root.table("detect")?),
        })
    }

    pub fn part(&self, code: &str) -> Option<&ScorePart> {
        self.parts.iter().find(|part| part.code == code)
    }

    pub fn ground(&self, code: &str) -> Option<&ExemptGround> {
        self.grounds.iter().find(|known| known.ground.code == code)
    }

    /// What a case of this large class is worth when it is done, in per cent.
    pub fn worth(&self, class: &str) -> i64 {
        self.difficulty.iter().find(|(code, _)| code == class).map_or(WHOLE, |(_, worth)| *worth)
    }

    /// What follows so many failures in a row; `None` where nothing does.
    pub fn consequence(&self, failures: i64) -> Option<&Consequence> {
        self.consequences.iter().rev().find(|known| known.failures <= failures)
    }
}

fn parts(root: &Section, indicators: Option<&Indicators>) -> Vec<ScorePart> {
    let known = indicators.into_iter().flat_map(Indicators::iter).map(|indicator| indicator.code.as_str());
    let words: Vec<&str> = known.chain(["joint"]).collect();
    // Without a list that could be read, its own faults are told and no word is refused.
    let is_known = |word: &str| indicators.is_none() || words.contains(&word);
    let from = |word: &str| match word {
        "joint" => Some(PartFrom::Joint),
        word => Some(PartFrom::Indicator(word.to_owned())).filter(|_| is_known(word)),
    };
    let mut parts: Vec<ScorePart> = Vec::new();
    for section in root.tables("part") {
        section.only(&["code", "zh", "en", "from", "weight", "zero", "full", "basis"]);
        let part = ScorePart {
            code: section.text("code"),
            name: Name::read(&section),
            from: section.word("from", from, &words).unwrap_or(PartFrom::Joint),
            weight: section.int("weight", 1..=WHOLE),
            zero: section.int("zero", 0..=99),
            full: section.int("full", 1..=100),
            basis: section.text("basis"),
        };
        if part.full <= part.zero {
            section.fault("full", "not above zero", "all points are for more than none");
        }
        if parts.iter().any(|known| known.code == part.code) {
            section.fault("code", "given twice", "give each part a code of its own");
        }
        parts.push(part);
    }
    let whole: i64 = parts.iter().map(|part| part.weight).sum();
    if whole != WHOLE {
        root.fault(
            "",
            format!("the weights of the parts make {whole}"),
            format!("change them so that they make {WHOLE}"),
        );
    }
    parts
}

fn difficulty(root: &Section, tree: Option<&Taxonomy>) -> Vec<(String, i64)> {
    let Some(section) = root.table("difficulty") else { return Vec::new() };
    section.only(&["class", "basis"]);
    section.text("basis");
    let Some(classes) = section.has("class").then(|| section.table("class")).flatten() else { return Vec::new() };
    let worth = |code: &str| {
        if code.len() != 2 || tree.is_some_and(|tree| tree.get(code).is_none()) {
            classes.fault(code, "no such class", "use a code of two digits of taxonomy.toml");
        }
        (code.to_owned(), classes.int(code, 100..=300))
    };
    classes.keys().map(worth).collect()
}

fn grounds(root: &Section) -> Vec<ExemptGround> {
    let kinds: Vec<&str> = Exempt::ALL.iter().map(|kind| kind.as_str()).collect();
    let entries = root.table("ground").iter().flat_map(Section::entries).collect::<Vec<_>>();
    let read = |(code, section): (&str, Section)| {
        section.only(&["kind", "zh", "en"]);
        let kind = section.word("kind", |word| word.parse().ok(), &kinds)?;
        Some(ExemptGround { kind, ground: Ground { code: code.to_owned(), name: Name::read(&section) } })
    };
    let grounds: Vec<ExemptGround> = entries.into_iter().filter_map(read).collect();
    if grounds.is_empty() {
        root.fault("ground", "no ground is named", "name at least one");
    }
    grounds
}

fn consequences(root: &Section) -> Vec<Consequence> {
    let mut known: Vec<Consequence> = Vec::new();
    for section in root.tables("consequence") {
        section.only(&["failures", "zh", "en", "basis"]);
        let failures = section.int("failures", 1..=9);
        if known.last().is_some_and(|last| last.failures >= failures) {
            section.fault("failures", "does not rise", "write the consequences in the order in which they come");
        }
        known.push(Consequence { failures, name: Name::read(&section), basis: section.text("basis") });
    }
    known
}

fn detect(section: &Section) -> DetectRule {
    section.only(&[
        "odds",
        "false_share",
        "trials",
        "hits",
        "peers",
        "spike",
        "reopen_days",
        "alike",
        "instant_minutes",
        "days",
        "basis",
    ]);
    section.text("basis");
    DetectRule {
        odds: section.int("odds", 100..=1000),
        false_share: section.int("false_share", 1..=50),
        trials: section.int("trials", 1..=10_000),
        hits: section.int("hits", 1..=1000),
        peers: section.int("peers", 1..=1000),
        spike: section.int("spike", 50..=99),
        reopen_days: section.int("reopen_days", 1..=365),
        alike: section.int("alike", 10..=100),
        instant_minutes: section.int("instant_minutes", 1..=1440),
        days: section.int("days", 7..=366),
    }
}
