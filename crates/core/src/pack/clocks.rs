//! Budgets of time: how long a unit has, by what is asked, how urgent it is and what it is about.

use std::collections::BTreeSet;

use super::request::{RequestKind, Urgency};
use super::section::Section;
use super::taxonomy::Taxonomy;
use crate::time::Timestamp;
use crate::time::calendar::Calendar;
use crate::time::clock::{Budget, BudgetUnit, due};

/// A promise that is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// From intake until a unit has the task.
    Dispatch,
    /// From dispatch until the unit signs for it.
    Accept,
    /// From dispatch until the unit answers.
    Answer,
    /// From the answer until the case closes as claimed, if the resident says nothing.
    Callback,
    /// From intake until the resident has an answer: the city's own word, above the budgets of its units.
    Promise,
    /// From dispatch until the resident hears from the unit, and from then on again and again.
    FeedbackFirst,
    FeedbackNext,
    /// From an objection until somebody rules.
    Rule,
    /// From an order of supervision until the unit has reported on it.
    Supervise,
}

impl ClockKind {
    pub const ALL: [Self; 9] = [
        Self::Dispatch,
        Self::Accept,
        Self::Answer,
        Self::Callback,
        Self::Promise,
        Self::FeedbackFirst,
        Self::FeedbackNext,
        Self::Rule,
        Self::Supervise,
    ];
    pub const CODES: [&'static str; 9] =
        ["dispatch", "accept", "answer", "callback", "promise", "feedback_first", "feedback_next", "rule", "supervise"];

    /// The duty to be heard goes on while a case is parked; everything else stands still.
    pub fn pauses(self) -> bool {
        !matches!(self, Self::FeedbackFirst | Self::FeedbackNext)
    }

    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The keys that narrow a row; a row with none of them is for all.
const CONDITIONS: [&str; 3] = ["request", "urgency", "category"];

/// One row: a budget and the requests it is for. An empty list stands for all.
#[derive(Clone, Debug)]
struct Rule {
    requests: Vec<RequestKind>,
    urgencies: Vec<Urgency>,
    categories: Vec<String>,
    budget: Budget,
}

impl Rule {
    fn applies(&self, request: RequestKind, urgency: Urgency, category: &str) -> bool {
        (self.requests.is_empty() || self.requests.contains(&request))
            && (self.urgencies.is_empty() || self.urgencies.contains(&urgency))
            && (self.categories.is_empty() || self.categories.iter().any(|prefix| category.starts_with(prefix)))
    }
}

/// The rows of one kind of clock: the first that applies decides, `otherwise` is the row for all.
#[derive(Clone, Debug)]
struct Rules {
    rules: Vec<Rule>,
    otherwise: Budget,
}

/// The budgets of a pack.
#[derive(Clone, Debug)]
pub struct Clocks {
    /// In the order of `ClockKind::ALL`.
    by_kind: [Rules; ClockKind::ALL.len()],
}

impl Clocks {
    /// `taxonomy` is `None` when it could not be read, so that its faults are not repeated here.
    pub(super) fn read(root: &Section, taxonomy: Option<&Taxonomy>) -> Self {
        root.only(&ClockKind::CODES);
        Self { by_kind: ClockKind::ALL.map(|kind| read_rules(root, kind, taxonomy)) }
    }

    /// The budget for a request: the first row of the kind that applies, in the order of the file.
    pub fn budget(&self, kind: ClockKind, request: RequestKind, urgency: Urgency, category: &str) -> &Budget {
        let rules = &self.by_kind[kind as usize];
        let rule = rules.rules.iter().find(|rule| rule.applies(request, urgency, category));
        rule.map_or(&rules.otherwise, |rule| &rule.budget)
    }

    /// The city's word must hold when its units use their time to the full: dispatch and answer, one after the other,
    /// never run longer than the promise, whenever a report comes in.
    pub(super) fn check_sums(&self, root: &Section, calendar: &Calendar) {
        let rules = || self.by_kind.iter().flat_map(|rules| &rules.rules);
        let categories: BTreeSet<&str> = rules().flat_map(|rule| &rule.categories).map(String::as_str).collect();
        let mut seen = Vec::new();
        for request in RequestKind::ALL {
            for urgency in Urgency::ALL {
                for category in categories.iter().copied().chain([""]) {
                    let kinds = [ClockKind::Dispatch, ClockKind::Answer, ClockKind::Promise];
                    let budgets = kinds.map(|kind| self.budget(kind, request, urgency, category));
                    if seen.contains(&budgets) {
                        continue;
                    }
                    seen.push(budgets);
                    if let Some(start) = exceeded(budgets, calendar) {
                        let whom = format!("{} {} {category:?}", request.code(), urgency.code());
                        let problem =
                            format!("dispatch and answer of {whom} outlast it from {}", calendar.local(start));
                        root.fault(ClockKind::Promise.code(), problem, "promise more time, or give the units less");
                    }
                }
            }
        }
    }

    /// Number of rows, the rows for all included.
    pub fn rows(&self) -> usize {
        self.by_kind.iter().map(|rules| rules.rules.len() + 1).sum()
    }
}

/// A start from which the two stretches outlast the promise: every seven hours of two years are tried.
fn exceeded([dispatch, answer, promise]: [&Budget; 3], calendar: &Calendar) -> Option<Timestamp> {
    let year = calendar.years().last().unwrap_or(2000);
    let first = calendar.day_bounds(jiff::civil::date(year, 1, 1)).0;
    (0..2 * 366 * 24 / 7).map(|step| first.plus(step * 7 * Timestamp::HOUR)).find(|start| {
        let given = due(*start, dispatch, calendar).at.plus(-1);
        due(given, answer, calendar).at > due(*start, promise, calendar).at
    })
}

fn read_rules(root: &Section, kind: ClockKind, taxonomy: Option<&Taxonomy>) -> Rules {
    let mut rules = Vec::new();
    let mut otherwise: Option<Budget> = None;
    for section in root.tables(kind.code()) {
        let rule = read_rule(&section, taxonomy);
        let is_for_all = !CONDITIONS.iter().any(|key| section.has(key));
        if otherwise.is_some() {
            section.fault("", "never reached: a row before it is for all", "move the row for all to the end");
        } else if is_for_all {
            otherwise = Some(rule.budget);
        } else {
            rules.push(rule);
        }
    }
    if otherwise.is_none() {
        root.fault(kind.code(), "no row for all", "end with a row without request, urgency and category");
    }
    Rules { rules, otherwise: otherwise.unwrap_or_default() }
}

fn read_rule(section: &Section, taxonomy: Option<&Taxonomy>) -> Rule {
    section.only(&["request", "urgency", "category", "amount", "unit", "roll_to_working_day", "basis"]);
    for key in CONDITIONS.iter().filter(|key| section.has(key) && section.texts(key).is_empty()) {
        section.fault(key, "an empty list", "name at least one, or leave the key out");
    }
    let categories = section.texts("category");
    if let Some(taxonomy) = taxonomy {
        for code in categories.iter().filter(|code| taxonomy.get(code).is_none()) {
            section.fault("category", format!("no such category {code:?}"), "use codes of taxonomy.toml");
        }
    }
    let unit = section.word("unit", BudgetUnit::from_code, &BudgetUnit::CODES).unwrap_or_default();
    let roll_to_working_day = section.flag("roll_to_working_day");
    if roll_to_working_day && unit != BudgetUnit::NaturalDays {
        section.fault("roll_to_working_day", "only natural days can end on a holiday", "leave it out");
    }
    let budget = Budget {
        amount: section.int("amount", 1..=unit.most()) as u32,
        unit,
        roll_to_working_day,
        basis: section.text("basis"),
    };
    Rule {
        requests: section.words("request", RequestKind::from_code, &RequestKind::CODES),
        urgencies: section.words("urgency", Urgency::from_code, &Urgency::CODES),
        categories,
        budget,
    }
}
