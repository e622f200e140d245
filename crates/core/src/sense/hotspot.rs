//! Hot spots: many people begin to say one thing that few said before (未诉先办).
//!
//! Each run of four Chinese characters is a word to watch. When a report comes in, each of its words is held against the
//! word's own past: so many people said it in the window, so many before. If the past were all there is to it, the number
//! in the window would follow a Gamma-Poisson law (the rate is unknown, so it has a distribution of its own: negative
//! binomial, as in the small-count surveillance of Noufaily et al. 2013), measured per reports seen rather than per
//! day, so that a busy week is no hot spot. A word whose count is rarer than the rule's chance makes a spot; reports that
//! share hot words belong to one spot. People are counted, not reports: who writes ten times is one.
//!
//! [`Watch`] is a stream in memory; every report is looked at once, in order of time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::text::{self, BREAK};
use crate::rng::mix;
use crate::time::Timestamp;

/// When a cluster is a warning.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotRule {
    /// Days that count as now.
    pub window_days: u32,
    /// People who must say it.
    pub people: u32,
    /// Chance, for one word at one moment, of a warning though nothing has changed.
    pub chance: f64,
}

impl HotRule {
    /// What is wrong with the rule, if anything.
    pub fn check(&self) -> Result<(), &'static str> {
        match self {
            Self { window_days: 0, .. } => Err("window_days is 0: give at least one day"),
            Self { people: 0 | 1, .. } => Err("people is below 2: one person is no cluster"),
            Self { chance, .. } if !(*chance > 0.0 && *chance < 1.0) => {
                Err("chance: give a probability above 0 and below 1")
            }
            _ => Ok(()),
        }
    }
}

/// One report of the stream. `by` tells people apart.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    pub at: Timestamp,
    pub by: u64,
    pub title: &'a str,
    pub text: &'a str,
}

/// A rising cluster.
#[derive(Clone, Debug)]
pub struct HotSpot {
    /// When it became a warning.
    pub since: Timestamp,
    pub last: Timestamp,
    /// Places in the stream of the reports that share its words, the ones that came after the warning included.
    pub members: BTreeSet<usize>,
    /// How many there were when it became one.
    pub at_first: usize,
    /// The chance of the first word's count, had nothing changed.
    pub chance: f64,
    words: BTreeSet<u64>,
}

/// Characters of a word.
const WORD: usize = 4;
/// With fewer reports before the window, too little is known of the past.
const BEGINS_AT: usize = 300;
/// The past begins as if so many reports had been seen in which half a person said the word.
const PRIOR: (f64, f64) = (0.5, 50.0);

#[derive(Debug)]
pub struct Watch {
    rule: HotRule,
    seen: Vec<(Timestamp, u64)>,
    /// Where the window begins in `seen`.
    window: usize,
    said: HashMap<u64, Vec<u32>>,
    spots: Vec<HotSpot>,
}

impl Watch {
    pub fn new(rule: HotRule) -> Self {
        Self { rule, seen: Vec::new(), window: 0, said: HashMap::new(), spots: Vec::new() }
    }

    /// The warnings so far, in the order in which they came.
    pub fn spots(&self) -> &[HotSpot] {
        &self.spots
    }

    /// Takes in the next report, not earlier than the one before it; returns the place of the spot it raised or joined.
    pub fn hear(&mut self, heard: &Heard<'_>) -> Option<usize> {
        let number = self.seen.len();
        let at = self.seen.last().map_or(heard.at, |(last, _)| heard.at.max(*last));
        self.seen.push((at, heard.by));
        let since = at.plus(-i64::from(self.rule.window_days) * Timestamp::DAY);
        while self.seen[self.window].0 < since {
            self.window += 1;
        }
        let words = words_of(heard);
        let hot: Vec<(f64, u64)> = words.iter().filter_map(|word| self.test(*word, number)).collect();
        let least = hot.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(self.settle(number, at, least, &hot))
    }

    /// Notes that a word was said; its chance when that is a warning.
    fn test(&mut self, word: u64, number: usize) -> Option<(f64, u64)> {
        let said = self.said.entry(word).or_default();
        said.push(number as u32);
        let recent = &said[said.partition_point(|at| (*at as usize) < self.window)..];
        if recent.len() < self.rule.people as usize || self.window < BEGINS_AT {
            return None;
        }
        let people: BTreeSet<u64> = recent.iter().map(|at| self.seen[*at as usize].1).collect();
        if people.len() < self.rule.people as usize {
            return None;
        }
        let before = (said.len() - recent.len()) as f64;
        let (now, past) = ((number + 1 - self.window) as f64, self.window as f64);
        let chance = tail(people.len(), PRIOR.0 + before, PRIOR.1 + past, now);
        (chance < self.rule.chance).then_some((chance, word))
    }

    /// Puts a report with hot words into the spot that shares them, or makes one.
    fn settle(&mut self, number: usize, at: Timestamp, (chance, word): (f64, u64), hot: &[(f64, u64)]) -> usize {
        let said = &self.said[&word];
        let recent: BTreeSet<usize> =
            said[said.partition_point(|at| (*at as usize) < self.window)..].iter().map(|at| *at as usize).collect();
        let since = at.plus(-2 * i64::from(self.rule.window_days) * Timestamp::DAY);
        let same = |spot: &HotSpot| {
            let shared = spot.members.intersection(&recent).count();
            spot.last >= since && (spot.words.contains(&word) || shared * 2 >= recent.len())
        };
        let place = self.spots.iter().rposition(same).unwrap_or(self.spots.len());
        if place == self.spots.len() {
            let (members, words) = (BTreeSet::new(), BTreeSet::new());
            self.spots.push(HotSpot { since: at, last: at, members, at_first: recent.len(), chance, words });
        }
        let spot = &mut self.spots[place];
        spot.last = at;
        spot.members.extend(recent);
        spot.members.insert(number);
        spot.words.extend(hot.iter().map(|(_, word)| *word));
        place
    }
}

impl HotSpot {
    /// A name made of its own words: the runs of hot words that most members share, at most two.
    pub fn name<'a>(&self, members: impl Iterator<Item = &'a str>) -> String {
        name(&self.words, members)
    }
}

fn name<'a>(words: &BTreeSet<u64>, members: impl Iterator<Item = &'a str>) -> String {
    let mut runs: BTreeMap<&str, usize> = BTreeMap::new();
    for text in members {
        let found: BTreeSet<&str> = hot_runs(text, words).into_iter().collect();
        for run in found {
            *runs.entry(run).or_default() += 1;
        }
    }
    let mut runs: Vec<(&str, usize)> = runs.into_iter().collect();
    // Said by many, then long; ties in the order of writing.
    runs.sort_by_key(|(run, count)| std::cmp::Reverse((*count, run.len())));
    let mut name: Vec<&str> = Vec::new();
    for (run, _) in runs {
        if name.len() < 2 && name.iter().all(|other| !other.contains(run) && !run.contains(other)) {
            name.push(run);
        }
    }
    name.join(" · ")
}

/// The same look at one moment, for a database: the reports of the window at once, then the texts before them one after
/// another, of which only the words that many say now are counted.
#[derive(Debug)]
pub struct Survey<'a> {
    rule: HotRule,
    now: Vec<Heard<'a>>,
    /// Who of the window says a word, and how many texts before it.
    said: HashMap<u64, (Vec<u32>, u32)>,
    before: usize,
}

/// A rising cluster of one moment. Members are places in the reports of the window.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub members: BTreeSet<usize>,
    pub people: usize,
    pub chance: f64,
    pub name: String,
}

/// Cells of a rough count of words; a power of two.
const ROUGH: usize = 1 << 22;

impl<'a> Survey<'a> {
    /// Of the reports of the window: no word is kept that fewer than the rule's number of people can have said.
    pub fn of(rule: HotRule, now: Vec<Heard<'a>>) -> Self {
        let all: Vec<BTreeSet<u64>> = now.iter().map(words_of).collect();
        // Rough first, since nearly all words are said once.
        let cell = |word: u64| (word >> 20) as usize % ROUGH;
        let mut rough = vec![0_u8; ROUGH];
        for word in all.iter().flatten() {
            rough[cell(*word)] = rough[cell(*word)].saturating_add(1);
        }
        let enough = rule.people.min(255) as u8;
        let mut said: HashMap<u64, (Vec<u32>, u32)> = HashMap::new();
        for (at, words) in all.iter().enumerate() {
            for word in words.iter().filter(|word| rough[cell(**word)] >= enough) {
                said.entry(*word).or_default().0.push(at as u32);
            }
        }
        let people = |at: &[u32]| at.iter().map(|at| now[*at as usize].by).collect::<BTreeSet<_>>().len();
        said.retain(|_, (at, _)| people(at) >= rule.people as usize);
        Self { rule, now, said, before: 0 }
    }

    /// Counts a text from before the window.
    pub fn before(&mut self, title: &str, text: &str) {
        self.before += 1;
        let heard = Heard { at: Timestamp::default(), by: 0, title, text };
        for word in words_of(&heard) {
            if let Some((_, before)) = self.said.get_mut(&word) {
                *before += 1;
            }
        }
    }

    /// The clusters, those of words never said before first; none while too little is known of the past.
    pub fn clusters(&self) -> Vec<Cluster> {
        if self.before < BEGINS_AT {
            return Vec::new();
        }
        let (now, exposure) = (self.now.len() as f64, PRIOR.1 + self.before as f64);
        let people = |at: &BTreeSet<usize>| at.iter().map(|at| self.now[*at].by).collect::<BTreeSet<_>>().len();
        let mut hot: Vec<(f64, u64, BTreeSet<usize>)> = (self.said.iter())
            .map(|(word, (at, before))| {
                let members: BTreeSet<usize> = at.iter().map(|at| *at as usize).collect();
                (tail(people(&members), PRIOR.0 + f64::from(*before), exposure, now), *word, members)
            })
            .filter(|(chance, ..)| *chance < self.rule.chance)
            .collect();
        // What was never said before tells a matter from a turn of phrase, so it comes first.
        let before = |word: u64| self.said[&word].1;
        hot.sort_by(|a, b| before(a.1).cmp(&before(b.1)).then(a.0.total_cmp(&b.0)).then(a.1.cmp(&b.1)));
        let mut found: Vec<(f64, BTreeSet<u64>, BTreeSet<usize>)> = Vec::new();
        for (chance, word, members) in hot {
            let same = |other: &(f64, BTreeSet<u64>, BTreeSet<usize>)| {
                other.2.intersection(&members).count() * 5 >= members.len() * 4
            };
            if let Some((_, words, all)) = found.iter_mut().find(|other| same(other)) {
                words.insert(word);
                all.extend(members);
                continue;
            }
            // A turn of phrase is said more often because those of a spot say it: without them it may be as rare as ever.
            let rest: BTreeSet<usize> =
                members.into_iter().filter(|at| found.iter().all(|(_, _, all)| !all.contains(at))).collect();
            let alone = tail(people(&rest), PRIOR.0 + f64::from(before(word)), exposure, now);
            if people(&rest) >= self.rule.people as usize && alone < self.rule.chance {
                found.push((chance, BTreeSet::from([word]), rest));
            }
        }
        found.into_iter().map(|(chance, words, members)| self.cluster(chance, &words, members, people)).collect()
    }

    fn cluster(
        &self,
        chance: f64,
        words: &BTreeSet<u64>,
        members: BTreeSet<usize>,
        people: impl Fn(&BTreeSet<usize>) -> usize,
    ) -> Cluster {
        let texts = members.iter().flat_map(|at| [self.now[*at].title, self.now[*at].text]);
        Cluster { name: name(words, texts), people: people(&members), chance, members }
    }
}

/// The longest runs of a text all of whose words are hot.
fn hot_runs<'a>(text: &'a str, hot: &BTreeSet<u64>) -> Vec<&'a str> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    each_word(text, |word, range| {
        if hot.contains(&word) {
            match runs.last_mut() {
                Some((_, end)) if range.start < *end => *end = range.end,
                _ => runs.push((range.start, range.end)),
            }
        }
    });
    runs.into_iter().map(|(start, end)| &text[start..end]).collect()
}

fn words_of(heard: &Heard<'_>) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    for text in [heard.title, heard.text] {
        each_word(text, |word, _| {
            found.insert(word);
        });
    }
    found
}

fn each_word(text: &str, mut sink: impl FnMut(u64, std::ops::Range<usize>)) {
    let mut last = [(BREAK, 0, 0); WORD];
    let mut count = 0;
    text::symbols(text, |symbol, range| {
        // Numbers, letters and coded places name nothing that a city has in common.
        if !(0x4e00..=0x9fff).contains(&symbol) {
            count = 0;
            return;
        }
        last.rotate_left(1);
        last[WORD - 1] = (symbol, range.start, range.end);
        count += 1;
        if count >= WORD {
            let hash = last.iter().fold(0, |hash, (symbol, ..)| mix(hash ^ u64::from(*symbol)));
            sink(hash, last[0].1..last[WORD - 1].2);
        }
    });
}

/// The chance of `count` or more where the rate has a Gamma distribution of this shape and exposure, over `now` reports.
fn tail(count: usize, shape: f64, exposure: f64, now: f64) -> f64 {
    let part = now / (now + exposure);
    let mut log = shape * (1.0 - part).ln() + count as f64 * part.ln();
    for at in 0..count {
        log += ((at as f64 + shape) / (at as f64 + 1.0)).ln();
    }
    let (mut term, mut sum, mut at) = (log.exp(), 0.0, count as f64);
    while term > sum * 1e-12 && term > 0.0 {
        sum += term;
        term *= (at + shape) / (at + 1.0) * part;
        at += 1.0;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: HotRule = HotRule { window_days: 14, people: 4, chance: 1e-6 };

    fn day(n: i64) -> Timestamp {
        Timestamp(n * Timestamp::DAY)
    }

    /// A text of characters that hardly another has.
    fn own(n: usize) -> String {
        (0..12).map(|i| char::from_u32(0x4e00 + ((n * 12 + i) % 20_000) as u32).unwrap()).collect()
    }

    /// A stream in which nothing happens: every report of its own characters.
    fn quiet(watch: &mut Watch, count: usize) {
        for n in 0..count {
            let heard = Heard { at: day(n as i64 / 8), by: n as u64, title: "", text: &own(n) };
            assert_eq!(watch.hear(&heard), None, "report {n} of a quiet stream");
        }
    }

    fn say(watch: &mut Watch, at: i64, by: u64) -> Option<usize> {
        let text = format!("第{by}次写信，丽湖新城旁边的搅拌站太吵了");
        watch.hear(&Heard { at: day(at), by, title: "", text: &text })
    }

    #[test]
    fn four_people_who_say_what_nobody_said_are_a_warning_and_one_who_says_it_ten_times_is_not() {
        let mut watch = Watch::new(RULE);
        quiet(&mut watch, 4_000);
        for _ in 0..10 {
            assert_eq!(say(&mut watch, 501, 5_000), None, "one person");
        }
        let mut watch = Watch::new(RULE);
        quiet(&mut watch, 4_000);
        let raised: Vec<Option<usize>> = (0..5).map(|by| say(&mut watch, 501, 5_000 + by)).collect();
        assert_eq!(raised, [None, None, None, Some(0), Some(0)]);
        let spot = &watch.spots()[0];
        assert_eq!((spot.at_first, spot.members.len()), (4, 5));
        let text = "丽湖新城旁边的搅拌站太吵了";
        assert_eq!(spot.name([text].into_iter()), text);
    }

    #[test]
    fn what_was_always_said_is_no_warning() {
        let mut watch = Watch::new(RULE);
        for n in 0..2_000_u64 {
            let text = if n % 20 == 0 { "小区里的路灯又坏了" } else { "请问社保卡怎么办理" };
            let at = Timestamp(n as i64 * Timestamp::DAY / 8);
            assert_eq!(watch.hear(&Heard { at, by: n, title: "", text }), None, "report {n}");
        }
    }

    #[test]
    fn a_survey_of_a_moment_finds_what_the_stream_finds() {
        let texts: Vec<String> = (0..112)
            .map(|n| {
                if n < 5 {
                    format!("第{n}次写信，丽湖新城旁边的搅拌站太吵了")
                } else {
                    format!("路灯{n}坏")
                }
            })
            .collect();
        let now = texts.iter().enumerate().map(|(n, text)| Heard { at: day(500), by: n as u64, title: "", text });
        let mut survey = Survey::of(RULE, now.collect());
        assert!(survey.clusters().is_empty(), "nothing is known of the past");
        for n in 0..3_888 {
            survey.before("", &own(n));
        }
        let clusters = survey.clusters();
        assert_eq!(clusters.len(), 1);
        assert_eq!((clusters[0].people, clusters[0].members.len()), (5, 5));
        assert_eq!(clusters[0].name, "丽湖新城旁边的搅拌站太吵了");
    }

    #[test]
    fn a_turn_of_phrase_adds_nobody_to_a_spot() {
        let plant = |n: usize| format!("第{n}次写信，丽湖新城旁边的搅拌站什么时候搬走");
        let other = ["孩子疫苗", "公交改线", "电梯年检"].map(|what| format!("{what}什么时候"));
        let texts: Vec<String> = (0..9).map(plant).chain(other).collect();
        let now = texts.iter().enumerate().map(|(n, text)| Heard { at: day(500), by: n as u64, title: "", text });
        let mut survey = Survey::of(RULE, now.collect());
        for n in 0..4_000 {
            survey.before("", if n % 200 == 0 { "请问什么时候办" } else { "路灯坏了" });
        }
        let clusters = survey.clusters();
        assert_eq!(clusters.len(), 1, "{clusters:?}");
        assert_eq!(clusters[0].members, (0..9).collect());
    }

    #[test]
    fn any_text_can_be_heard() {
        proptest!(|(texts in proptest::collection::vec(any::<String>(), 0..20))| {
            let mut watch = Watch::new(RULE);
            for (n, text) in texts.iter().enumerate() {
                watch.hear(&Heard { at: day(0), by: n as u64, title: text, text });
            }
        });
    }

    #[test]
    fn the_tail_is_the_naive_sum() {
        // Negative binomial with a whole shape: the chance of `count` or more successes before the shape-th failure.
        let naive = |count: usize, shape: u64, share: f64| -> f64 {
            let choose = |n: u64, k: u64| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
            let below = |x: usize| {
                choose(x as u64 + shape - 1, shape - 1) * (1.0 - share).powi(shape as i32) * share.powi(x as i32)
            };
            1.0 - (0..count).map(below).sum::<f64>()
        };
        for (count, shape, exposure, now) in [(0, 1, 10.0, 5.0), (3, 2, 40.0, 10.0), (9, 4, 100.0, 80.0)] {
            let share = now / (now + exposure);
            let (ours, theirs) = (tail(count, shape as f64, exposure, now), naive(count, shape, share));
            assert!((ours - theirs).abs() < 1e-9, "{ours} {theirs}");
        }
        assert!(tail(60, 0.5, 3_000.0, 100.0) > 0.0, "very small chances are still numbers");
    }
}
