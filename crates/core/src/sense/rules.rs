//! The words of the policy pack (`sense.toml`) that decide kind, urgency and groups.

use super::hotspot::HotRule;
use super::lower::Names;
use super::model::{Field, Span};
use super::place::PlaceRule;
use crate::pack::{RequestKind, Taxonomy, Urgency};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

#[derive(Debug, thiserror::Error)]
pub enum RulesFault {
    #[error("sense.toml: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("sense.toml: confidence is {0}: give a probability from 0 to 1")]
    Confidence(f32),
    #[error("sense.toml: [hotspot] {0}")]
    HotSpot(&'static str),
    #[error("sense.toml: an empty word in {0}: remove it")]
    EmptyWord(String),
    #[error("sense.toml: the words are too many to compile: {0}")]
    Words(#[from] regex::Error),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    confidence: f32,
    hotspot: HotRule,
    answer: AnswerRule,
    place: PlaceRule,
    #[serde(default)]
    kind: Vec<KindRule>,
    #[serde(default)]
    urgency: Vec<UrgencyRule>,
    #[serde(default)]
    group: Vec<GroupRule>,
    #[serde(default)]
    emergency: Vec<EmergencyRule>,
    #[serde(default)]
    refusal: Vec<RefusalRule>,
    #[serde(default)]
    examples: BTreeMap<String, Vec<String>>,
}

/// What an answer is looked at for before it is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRule {
    /// Below this it hardly speaks of the matter.
    pub relevance: f32,
    /// Fewer letters than this say too little.
    pub short: usize,
    pub passed_on: Vec<String>,
    /// Words that something was done, so that passing on was not all.
    pub done: Vec<String>,
    pub basis: Vec<String>,
    pub date: Vec<String>,
    pub contact: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KindRule {
    kind: RequestKind,
    #[serde(default)]
    strong: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UrgencyRule {
    urgency: Urgency,
    #[serde(default)]
    strong: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRule {
    code: String,
    name: String,
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

/// A number that helps at once, and the words that call for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EmergencyRule {
    number: String,
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

/// Words of a matter that is not accepted here; `reason` is a code of `refusals.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusalRule {
    reason: String,
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

/// What a word does where it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Strong,
    Weak,
    With,
    Except,
}

/// A rule by its place: kinds first, then urgencies, groups, emergencies and refusals.
type Rule = usize;

/// The compiled words. One pass over a text finds them all, the longest first where several start together.
#[derive(Clone, Debug)]
pub struct SenseRules {
    file: File,
    words: Regex,
    roles: HashMap<String, Vec<(Rule, Role)>>,
    names: Names,
}

/// A group of people named in a message, with the words that name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub code: String,
    pub name: String,
    pub words: Vec<Span>,
}

/// Something to be called at once if it happens now: its number, and the words that tell of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Emergency {
    pub number: String,
    pub words: Vec<Span>,
}

/// Why the matter may belong elsewhere: a code of `refusals.toml`, and the words that say so. A person decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Elsewhere {
    pub reason: String,
    pub words: Vec<Span>,
}

/// What the words say of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) kind: (RequestKind, Vec<Span>),
    pub(crate) urgency: (Urgency, Vec<Span>),
    pub(crate) groups: Vec<Group>,
    pub(crate) emergency: Option<Emergency>,
    pub(crate) elsewhere: Option<Elsewhere>,
}

/// A strong word outweighs two weak ones; the title says what the message is for.
const STRONG: u32 = 3;
const IN_TITLE: u32 = 2;
/// Words shown for one decision.
const SHOWN: usize = 5;

impl SenseRules {
    /// Reads and compiles the text of a `sense.toml`.
    pub fn from_toml(text: &str) -> Result<Self, RulesFault> {
        let file: File = toml::from_str(text)?;
        if !(0.0..=1.0).contains(&file.confidence) {
            return Err(RulesFault::Confidence(file.confidence));
        }
        file.hotspot.check().map_err(RulesFault::HotSpot)?;
        let mut listed: Vec<(&str, Rule, Role)> = Vec::new();
        for (rule, (name, lists)) in lists(&file).into_iter().enumerate() {
            for (role, words) in lists {
                if words.iter().any(|word| word.trim().is_empty()) {
                    return Err(RulesFault::EmptyWord(name));
                }
                listed.extend(words.iter().map(|word| (word.as_str(), rule, role)));
            }
        }
        let mut roles: HashMap<String, Vec<(Rule, Role)>> = HashMap::new();
        for &(word, rule, role) in &listed {
            roles.entry(word.to_owned()).or_default().push((rule, role));
        }
        // A longer word hides the shorter ones inside it, so it takes over what they do, unless it is there to
        // silence them.
        for (word, own) in &mut roles {
            for &(inner, rule, role) in listed.iter().filter(|(inner, ..)| word.contains(inner)) {
                if inner != word && own.iter().all(|(other, _)| *other != rule) {
                    own.push((rule, role));
                }
            }
        }
        let mut words: Vec<&String> = roles.keys().collect();
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        let pattern: Vec<String> = words.into_iter().map(|word| regex::escape(word)).collect();
        // Without any word the pattern must match nothing, not the empty string everywhere.
        let pattern = if pattern.is_empty() { "[^\\s\\S]".to_owned() } else { pattern.join("|") };
        let words = Regex::new(&pattern)?;
        Ok(Self { file, words, roles, names: Names::default() })
    }

    /// With the names of a tree's lower nodes, which [`judge`](super::judge) proposes where a message says them.
    #[must_use]
    pub fn naming(mut self, taxonomy: &Taxonomy) -> Self {
        self.names = Names::new(taxonomy.iter().map(|node| (node.code.as_str(), node.name.zh.as_str())));
        self
    }

    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// When a rising cluster is a warning.
    pub fn hotspot(&self) -> HotRule {
        self.file.hotspot
    }

    /// How names of places are told.
    pub fn place(&self) -> &PlaceRule {
        &self.file.place
    }

    /// The reasons for which a matter may belong elsewhere, all of them codes of `refusals.toml`.
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        self.file.refusal.iter().map(|rule| rule.reason.as_str())
    }

    /// What an answer is looked at for.
    pub fn answer(&self) -> &AnswerRule {
        &self.file.answer
    }

    /// The probability below which a person decides.
    pub fn confidence(&self) -> f32 {
        self.file.confidence
    }

    /// Phrases that teach classes without messages: class code and phrase.
    pub fn examples(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.file.examples.iter();
        all.flat_map(|(code, phrases)| phrases.iter().map(|phrase| (code.as_str(), phrase.as_str())))
    }

    pub(crate) fn read(&self, title: &str, text: &str) -> Said {
        let file = &self.file;
        let sizes = [file.kind.len(), file.urgency.len(), file.group.len(), file.emergency.len(), file.refusal.len()];
        let rules = sizes.iter().sum();
        let mut found: Vec<Found> = vec![Found::default(); rules];
        for (field, content) in [(Field::Title, title), (Field::Text, text)] {
            for hit in self.words.find_iter(content) {
                for &(rule, role) in self.roles.get(hit.as_str()).map_or(&[][..], Vec::as_slice) {
                    found[rule].add(role, field, hit);
                }
            }
        }
        let (kinds, rest) = found.split_at(self.file.kind.len());
        let (urgencies, rest) = rest.split_at(self.file.urgency.len());
        let (groups, rest) = rest.split_at(self.file.group.len());
        let (emergencies, refusals) = rest.split_at(self.file.emergency.len());
        Said {
            kind: self.kind(kinds),
            urgency: self.urgency(urgencies),
            groups: self.groups(groups),
            emergency: loudest(&self.file.emergency, emergencies)
                .map(|(rule, words)| Emergency { number: rule.number.clone(), words }),
            elsewhere: loudest(&self.file.refusal, refusals)
                .map(|(rule, words)| Elsewhere { reason: rule.reason.clone(), words }),
        }
    }

    fn kind(&self, found: &[Found]) -> (RequestKind, Vec<Span>) {
        let mut best: (u32, RequestKind, &[Span]) = (0, RequestKind::Help, &[]);
        for (rule, found) in self.file.kind.iter().zip(found) {
            if found.points > best.0 {
                best = (found.points, rule.kind, &found.words);
            }
        }
        (best.1, shown(best.2.iter().cloned()))
    }

    fn urgency(&self, found: &[Found]) -> (Urgency, Vec<Span>) {
        for (rule, found) in self.file.urgency.iter().zip(found) {
            if found.strong || (found.points > 0 && !found.with.is_empty()) {
                let with = if found.strong { &[][..] } else { &found.with };
                return (rule.urgency, shown(found.words.iter().chain(with).cloned()));
            }
        }
        (Urgency::Routine, Vec::new())
    }

    fn groups(&self, found: &[Found]) -> Vec<Group> {
        (self.file.group.iter().zip(found))
            .filter(|(_, found)| !found.words.is_empty())
            .map(|(rule, found)| Group {
                code: rule.code.clone(),
                name: rule.name.clone(),
                words: shown(found.words.iter().cloned()),
            })
            .collect()
    }
}

/// The rule most spoken for, the first of those that are so equally.
fn loudest<'r, R>(rules: &'r [R], found: &[Found]) -> Option<(&'r R, Vec<Span>)> {
    let spoken = rules.iter().zip(found).filter(|(_, found)| found.points > 0);
    let (rule, found) = spoken.rev().max_by_key(|(_, found)| found.points)?;
    Some((rule, shown(found.words.iter().cloned())))
}

/// The words of one rule, by the part they play.
type Lists<'a> = Vec<(Role, &'a Vec<String>)>;

/// Every rule's name and lists, in the order of [`Rule`].
fn lists(file: &File) -> Vec<(String, Lists<'_>)> {
    let kinds = file.kind.iter().map(|rule| {
        let lists = vec![(Role::Except, &rule.except), (Role::Strong, &rule.strong), (Role::Weak, &rule.weak)];
        (format!("kind {:?}", rule.kind), lists)
    });
    let urgencies = file.urgency.iter().map(|rule| {
        let loud = [(Role::Except, &rule.except), (Role::Strong, &rule.strong)];
        let lists = loud.into_iter().chain([(Role::Weak, &rule.weak), (Role::With, &rule.with)]).collect();
        (format!("urgency {:?}", rule.urgency), lists)
    });
    let groups = (file.group.iter())
        .map(|rule| (format!("group {}", rule.code), vec![(Role::Except, &rule.except), (Role::Strong, &rule.words)]));
    let deciding = |name: String, words, except| (name, vec![(Role::Except, except), (Role::Strong, words)]);
    let emergencies =
        file.emergency.iter().map(|rule| deciding(format!("emergency {}", rule.number), &rule.words, &rule.except));
    let refusals =
        file.refusal.iter().map(|rule| deciding(format!("refusal {}", rule.reason), &rule.words, &rule.except));
    kinds.chain(urgencies).chain(groups).chain(emergencies).chain(refusals).collect()
}

/// The first few, each text once.
fn shown(words: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut kept: Vec<Span> = Vec::new();
    for word in words {
        if kept.len() < SHOWN && kept.iter().all(|other| other.text != word.text) {
            kept.push(word);
        }
    }
    kept
}

/// What was found for one rule.
#[derive(Clone, Debug, Default)]
struct Found {
    points: u32,
    strong: bool,
    words: Vec<Span>,
    with: Vec<Span>,
}

impl Found {
    fn add(&mut self, role: Role, field: Field, hit: regex::Match) {
        let span = |weight| Span { field, range: hit.range(), text: hit.as_str().to_owned(), weight };
        let place = if field == Field::Title { IN_TITLE } else { 1 };
        // Saying a word twice does not make it truer.
        let again = self.words.iter().any(|word| word.text == hit.as_str() && word.field == field);
        match role {
            Role::Except => {}
            Role::With => self.with.push(span(0.5)),
            Role::Strong | Role::Weak if again => {}
            Role::Strong => {
                self.strong = true;
                self.points += STRONG * place;
                self.words.push(span(1.0));
            }
            Role::Weak => {
                self.points += place;
                self.words.push(span(0.5));
            }
        }
    }
}
