//! Indicators: what a city measures itself by, each with its formula in measures and in words, and what it aims at.

use serde::Serialize;

use super::section::Section;
use super::taxonomy::{Name, Taxonomy};
use crate::area::Level;
use crate::evaluate::Measure;
use crate::people::text_enum;

text_enum! {
    /// Which way an indicator is meant to go.
    Better {
        Higher = "higher",
        Lower = "lower",
        /// It says something, but more of it is neither good nor bad.
        Neither = "neither",
    }
}

/// How what stands above the line of an indicator belongs to what stands below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Each measure above is also one of those below.
    Listed,
    /// What is above is counted in the same act as one below, which it marks.
    Marked,
    /// Two counts that are held against each other: the share may exceed the whole.
    Apart,
}

/// A ratio of two sums of measures over the same area, unit, class and period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// As in addresses and in `/api/v1/figures`.
    pub code: String,
    /// Other words for it in addresses, from before.
    pub also: Vec<String>,
    pub name: Name,
    pub over: Vec<Measure>,
    pub under: Vec<Measure>,
    pub line: Line,
    /// What is counted below the line.
    pub unit: Name,
    /// The formula in words, as printed beside the number.
    pub formula: Name,
    /// What stands on neither side.
    pub left_out: Name,
    pub better: Better,
    /// Stands at the front of the dashboard and in its tables.
    pub front: bool,
    pub basis: String,
}

/// An indicator of the plan whose events do not exist yet: it is listed and has no number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Awaited {
    pub code: String,
    pub name: Name,
    /// What has to exist before it can be counted.
    pub awaits: Name,
    pub better: Better,
    pub basis: String,
}

/// What a city aims at from a year on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Target {
    pub indicator: String,
    pub from: i16,
    /// The levels of area it is for; none stands for all.
    pub levels: Vec<Level>,
    pub percent: f64,
    pub basis: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Indicators {
    list: Vec<Indicator>,
    awaited: Vec<Awaited>,
    targets: Vec<Target>,
    /// Categories whose cases are conflicts between people, by prefix.
    conflicts: Vec<String>,
}

impl Indicator {
    /// How the events that did not meet it are found: the measures below the line that are not above it, or, where what
    /// is above marks a part of what is below, that mark. None where the two sides are counts of different things.
    pub fn rest(&self) -> Option<(Vec<Measure>, Option<Measure>)> {
        match self.line {
            Line::Listed => {
                let rest = self.under.iter().filter(|measure| !self.over.contains(measure));
                Some((rest.copied().collect(), None))
            }
            Line::Marked => Some((self.under.clone(), self.over.first().copied())),
            Line::Apart => None,
        }
    }

    /// What it is made of, each measure once.
    pub fn measures(&self) -> Vec<Measure> {
        let over = self.over.iter().filter(|measure| !self.under.contains(measure));
        over.chain(&self.under).copied().collect()
    }

    /// Whether `percent` is short of `aim`, seen from the side that is better.
    pub fn misses(&self, percent: f64, aim: f64) -> bool {
        match self.better {
            Better::Higher => percent < aim,
            Better::Lower => percent > aim,
            Better::Neither => false,
        }
    }
}

impl Indicators {
    pub(super) fn read(root: &Section, tree: Option<&Taxonomy>) -> Self {
        root.only(&["conflicts", "indicator", "awaited", "target"]);
        let sections = root.tables("indicator");
        let mut indicators = Self { conflicts: conflicts(root, tree), ..Self::default() };
        for section in &sections {
            let indicator = indicator(section);
            for word in std::iter::once(&indicator.code).chain(&indicator.also) {
                let is_page = word == "wall";
                if is_page || indicators.get(word).is_some() || Measure::WORDS.contains(&word.as_str()) {
                    let advice = "give it a code that no other indicator, measure or page has";
                    section.fault("code", format!("{word:?} is taken"), advice);
                }
            }
            indicators.list.push(indicator);
        }
        for section in root.tables("awaited") {
            let awaited = awaited(&section);
            if indicators.get(&awaited.code).is_some() || indicators.awaited.iter().any(|a| a.code == awaited.code) {
                section.fault("code", "it is in the file already", "keep one of the two");
            }
            indicators.awaited.push(awaited);
        }
        if indicators.front().next().is_none() {
            root.fault(
                "indicator",
                "none stands at the front",
                "write front = true at those the dashboard begins with",
            );
        }
        for section in root.tables("target") {
            let target = target(&section);
            if !indicators.knows(&target.indicator) {
                section.fault("indicator", "no such indicator", "use the code of one in this file");
            }
            let rises = |before: &Target| before.levels != target.levels || before.from < target.from;
            if !indicators.targets.iter().filter(|before| before.indicator == target.indicator).all(rises) {
                section.fault(
                    "from",
                    "not after the target before it",
                    "write the targets of an indicator year by year",
                );
            }
            indicators.targets.push(target);
        }
        indicators
    }

    /// By its code, or a word it had before.
    pub fn get(&self, code: &str) -> Option<&Indicator> {
        self.list.iter().find(|indicator| indicator.code == code || indicator.also.iter().any(|word| word == code))
    }

    /// Those that are measured, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Indicator> {
        self.list.iter()
    }

    /// Those the dashboard begins with.
    pub fn front(&self) -> impl Iterator<Item = &Indicator> {
        self.list.iter().filter(|indicator| indicator.front)
    }

    /// Those that cannot be measured yet.
    pub fn awaited(&self) -> impl Iterator<Item = &Awaited> {
        self.awaited.iter()
    }

    fn knows(&self, code: &str) -> bool {
        self.list.iter().any(|i| i.code == code) || self.awaited.iter().any(|a| a.code == code)
    }

    /// What is aimed at in a year by an area of this level. A target for the level stands before one for all.
    pub fn target(&self, indicator: &str, level: Level, year: i16) -> Option<&Target> {
        let of = |target: &&Target| target.indicator == indicator && target.from <= year;
        let latest = |exact: bool| {
            let fits =
                move |target: &&Target| if exact { target.levels.contains(&level) } else { target.levels.is_empty() };
            self.targets.iter().filter(of).filter(fits).max_by_key(|target| target.from)
        };
        latest(true).or_else(|| latest(false))
    }

    /// All targets of an indicator, as in the file.
    pub fn targets<'a>(&'a self, indicator: &'a str) -> impl Iterator<Item = &'a Target> {
        self.targets.iter().filter(move |target| target.indicator == indicator)
    }

    /// Whether cases of this category are conflicts between people.
    pub fn is_conflict(&self, category: &str) -> bool {
        self.conflicts.iter().any(|prefix| category.starts_with(prefix.as_str()))
    }
}

fn conflicts(root: &Section, tree: Option<&Taxonomy>) -> Vec<String> {
    let codes = root.texts("conflicts");
    for code in codes.iter().filter(|code| tree.is_some_and(|tree| tree.get(code).is_none())) {
        root.fault("conflicts", format!("there is no category {code}"), "use codes of taxonomy.toml");
    }
    codes
}

fn name(section: &Section, key: &str) -> Name {
    Name { zh: section.text(&format!("{key}_zh")), en: section.text(&format!("{key}_en")) }
}

fn better(section: &Section) -> Better {
    section.word("better", |word| word.parse().ok(), Better::WORDS).unwrap_or(Better::Neither)
}

fn indicator(section: &Section) -> Indicator {
    section.only(&[
        "code",
        "also",
        "zh",
        "en",
        "over",
        "under",
        "same_act",
        "unit_zh",
        "unit_en",
        "formula_zh",
        "formula_en",
        "left_out_zh",
        "left_out_en",
        "better",
        "front",
        "basis",
    ]);
    let side = |key: &str| {
        let measures = section.words(key, |word| word.parse::<Measure>().ok(), Measure::WORDS);
        if measures.is_empty() && section.texts(key).is_empty() {
            section.fault(key, "nothing is counted", format!("name some of: {}", Measure::WORDS.join(", ")));
        }
        measures
    };
    let (over, under) = (side("over"), side("under"));
    let line = if over.iter().all(|measure| under.contains(measure)) {
        Line::Listed
    } else if section.flag("same_act") {
        Line::Marked
    } else {
        Line::Apart
    };
    if section.flag("same_act") && (line != Line::Marked || over.len() != 1) {
        section.fault("same_act", "nothing to mark", "use it where one measure above the line is none of those below");
    }
    Indicator {
        code: section.text("code"),
        also: section.texts("also"),
        name: Name::read(section),
        over,
        under,
        line,
        unit: name(section, "unit"),
        formula: name(section, "formula"),
        left_out: name(section, "left_out"),
        better: better(section),
        front: section.flag("front"),
        basis: section.text("basis"),
    }
}

fn awaited(section: &Section) -> Awaited {
    section.only(&["code", "zh", "en", "awaits_zh", "awaits_en", "better", "basis"]);
    Awaited {
        code: section.text("code"),
        name: Name::read(section),
        awaits: name(section, "awaits"),
        better: better(section),
        basis: section.text("basis"),
    }
}

fn target(section: &Section) -> Target {
    section.only(&["indicator", "from", "levels", "percent", "basis"]);
    let levels: Vec<_> = Level::ALL.iter().map(|level| level.code()).collect();
    Target {
        indicator: section.text("indicator"),
        from: section.int("from", 2000..=2200) as i16,
        levels: section.words("levels", Level::from_code, &levels),
        percent: section.real("percent", 0.0..=100.0),
        basis: section.text("basis"),
    }
}
