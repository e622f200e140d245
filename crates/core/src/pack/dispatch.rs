//! What can be asked of whom: skills, risks, offers and goods.

use jiff::civil::Time;
use serde::Serialize;

use super::section::Section;
use super::taxonomy::Name;
use crate::dispatch::Worth;

/// Skills of a pack: one bit each in the engine, in the order of the file.
const SKILLS_MOST: usize = 32;
/// Parts of the seven days of a week: one bit each.
const PARTS_MOST: usize = 4;

#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    pub basis: String,
    /// When each part of a day begins, rising; before the first nobody is asked.
    pub parts: Vec<Time>,
    /// Days after which an entry that nobody assured is no longer asked.
    pub assured_days: u32,
    pub offer: OfferRule,
    pub prior: Prior,
    pub worth: Worth,
    /// Factor of a need whose people are vulnerable.
    pub vulnerable: f64,
    pub goods: GoodsRule,
    pub skills: Vec<Skill>,
    pub risks: Vec<Risk>,
    pub items: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OfferRule {
    /// Minutes an offer waits for an answer.
    pub wait: u32,
    pub wait_urgent: u32,
    /// Offers a week to one resource that is a person.
    pub week_most: u32,
    /// Thousandths: how sure it shall be that enough of those asked at once say yes.
    pub target: u32,
    /// Minutes before and after its time in which one may check in.
    pub early: u32,
    pub late: u32,
    pub confirm_days: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GoodsRule {
    /// What one unit is worth more whose last day to be given out is today.
    pub soon: i64,
    /// Days before that last day from which it is pointed out.
    pub soon_days: i32,
    /// Days within which what was given should reach a hand.
    pub reach_days: i64,
}

/// What is believed of one who was never asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Prior {
    pub agreed: u32,
    pub asked: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skill {
    pub code: String,
    pub name: Name,
    /// Counts only with a certificate that a person has seen and that has not run out.
    pub certificate: bool,
    pub basis: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Risk {
    pub code: String,
    pub name: Name,
    /// Full years; of an adult nothing more is asked.
    pub age: u32,
    pub insured: bool,
    pub agreement: bool,
    pub basis: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub code: String,
    pub name: Name,
    pub unit: Name,
    /// Days before it expires from which it is no longer given out.
    pub margin: u32,
}

impl Prior {
    /// How likely the next offer is accepted and kept, after so many.
    pub fn acceptance(self, asked: u32, kept: u32) -> f64 {
        f64::from(self.agreed + kept) / f64::from((self.asked + asked).max(1))
    }
}

impl Dispatch {
    pub(super) fn read(root: &Section) -> Option<Self> {
        root.only(&["basis", "parts", "assured_days", "offer", "prior", "worth", "goods", "skill", "risk", "item"]);
        let prior = root.table("prior")?;
        prior.only(&["agreed", "asked"]);
        let (agreed, asked) = (prior.int("agreed", 0..=1_000) as u32, prior.int("asked", 1..=1_000) as u32);
        if agreed > asked {
            prior.fault("agreed", "more than were asked", format!("use at most {asked}"));
        }
        let goods = root.table("goods")?;
        goods.only(&["soon", "soon_days", "reach_days"]);
        let worth = root.table("worth")?;
        worth.only(&["base", "per_km", "step", "rare", "vulnerable"]);
        let dispatch = Self {
            basis: root.text("basis"),
            parts: parts(root),
            assured_days: root.int("assured_days", 1..=3_650) as u32,
            offer: OfferRule::read(&root.table("offer")?),
            prior: Prior { agreed, asked },
            worth: Worth {
                base: worth.real("base", 1.0..=100_000.0),
                per_km: worth.real("per_km", 0.0..=10_000.0),
                step: worth.int("step", 0..=10_000) as i32,
                rare_from: 0,
                rare: worth.real("rare", 0.0..=0.03),
            },
            vulnerable: worth.real("vulnerable", 1.0..=4.0),
            goods: GoodsRule {
                soon: goods.int("soon", 0..=100_000),
                soon_days: goods.int("soon_days", 0..=365) as i32,
                reach_days: goods.int("reach_days", 1..=365),
            },
            skills: skills(root),
            risks: risks(root),
            items: items(root),
        };
        Some(Self { worth: Worth { rare_from: dispatch.rare_from(), ..dispatch.worth }, ..dispatch })
    }

    pub fn skill(&self, code: &str) -> Option<&Skill> {
        self.skills.iter().find(|skill| skill.code == code)
    }

    pub fn risk(&self, code: &str) -> Option<&Risk> {
        self.risks.iter().find(|risk| risk.code == code)
    }

    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// What a need of this priority weighs.
    pub fn weight(&self, priority: i64, vulnerable: bool) -> f64 {
        priority as f64 * if vulnerable { self.vulnerable } else { 1.0 }
    }

    /// One bit a skill; a word that the pack does not know has none.
    pub fn bits<'a>(&self, codes: impl IntoIterator<Item = &'a str>) -> u32 {
        let bit = |code: &str| self.skills.iter().position(|skill| skill.code == code).map_or(0, |at| 1 << at);
        codes.into_iter().map(bit).fold(0, |bits, bit| bits | bit)
    }

    /// Skills with a certificate are the rare ones: they stand last, from this bit on.
    fn rare_from(&self) -> u32 {
        self.skills.iter().position(|skill| skill.certificate).unwrap_or(self.skills.len()) as u32
    }
}

impl OfferRule {
    fn read(section: &Section) -> Self {
        section.only(&["wait", "wait_urgent", "week_most", "target", "early", "late", "confirm_days"]);
        Self {
            wait: section.int("wait", 1..=10_080) as u32,
            wait_urgent: section.int("wait_urgent", 1..=10_080) as u32,
            week_most: section.int("week_most", 1..=100) as u32,
            target: section.int("target", 1..=999) as u32,
            early: section.int("early", 0..=1_440) as u32,
            late: section.int("late", 0..=1_440) as u32,
            confirm_days: section.int("confirm_days", 1..=365) as u32,
        }
    }
}

fn parts(root: &Section) -> Vec<Time> {
    let texts = root.texts("parts");
    let parts: Vec<Time> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    if parts.len() != texts.len() || parts.is_empty() || parts.len() > PARTS_MOST || !parts.is_sorted_by(|a, b| a < b) {
        let advice = format!("write 1 to {PARTS_MOST} times of day, rising, such as [\"06:00\", \"12:00\", \"18:00\"]");
        root.fault("parts", "no parts of a day", advice);
    }
    parts
}

fn skills(root: &Section) -> Vec<Skill> {
    let sections = root.tables("skill");
    let read = |section: &Section| {
        section.only(&["code", "zh", "en", "certificate", "basis"]);
        Skill {
            code: section.text("code"),
            name: Name::read(section),
            certificate: section.flag("certificate"),
            basis: if section.has("basis") { section.text("basis") } else { String::new() },
        }
    };
    let skills: Vec<Skill> = sections.iter().map(read).collect();
    if skills.is_empty() || skills.len() > SKILLS_MOST {
        root.fault("skill", format!("{} skills", skills.len()), format!("name 1 to {SKILLS_MOST}"));
    }
    for (at, section) in sections.iter().enumerate() {
        once(section, skills[..at].iter().any(|skill| skill.code == skills[at].code));
        if at > 0 && skills[at - 1].certificate && !skills[at].certificate {
            section.fault("certificate", "a skill without a certificate after one with", "put those with one last");
        }
    }
    skills
}

fn risks(root: &Section) -> Vec<Risk> {
    let sections = root.tables("risk");
    let read = |section: &Section| {
        section.only(&["code", "zh", "en", "age", "insured", "agreement", "basis"]);
        Risk {
            code: section.text("code"),
            name: Name::read(section),
            age: section.int("age", 0..=18) as u32,
            insured: section.flag("insured"),
            agreement: section.flag("agreement"),
            basis: if section.has("basis") { section.text("basis") } else { String::new() },
        }
    };
    let risks: Vec<Risk> = sections.iter().map(read).collect();
    if risks.is_empty() {
        root.fault("risk", "no risks", "add [[risk]], the everyday one first");
    }
    for (at, section) in sections.iter().enumerate() {
        once(section, risks[..at].iter().any(|risk| risk.code == risks[at].code));
    }
    risks
}

fn items(root: &Section) -> Vec<Item> {
    let sections = root.tables("item");
    let read = |section: &Section| {
        section.only(&["code", "zh", "en", "unit_zh", "unit_en", "margin"]);
        Item {
            code: section.text("code"),
            name: Name::read(section),
            unit: Name { zh: section.text("unit_zh"), en: section.text("unit_en") },
            margin: section.int("margin", 0..=3_650) as u32,
        }
    };
    let items: Vec<Item> = sections.iter().map(read).collect();
    for (at, section) in sections.iter().enumerate() {
        once(section, items[..at].iter().any(|item| item.code == items[at].code));
    }
    items
}

fn once(section: &Section, again: bool) {
    if again {
        section.fault("code", "a second one of this code", "give it a code of its own");
    }
}
