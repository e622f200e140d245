//! Which of many practices is about the matter of a message, for whoever has the next one alike.
//!
//! A practice has two sides: the matter it solved, and what was done. Each is compared with the message by the cosine of
//! their characters and pairs of characters, damped counts times rarity. A side that is near to any message at all, because
//! it is long or says what all say, would stand before those that are about the matter; so its likeness to messages at large
//! is taken off (a local scaling, as in Conneau et al. 2018, CSLS). How good that is: `docs/reference/practices.md`.

use std::collections::{BTreeMap, HashMap};

use super::text::fold;

/// How much of a side's likeness to messages at large is taken off; chosen on one half of a set of answers and measured on
/// the other.
const AT_LARGE: f32 = 0.7;
/// Of the messages at large, those nearest to a side that count: one in so many.
const NEAREST: usize = 100;
/// What the title adds beside the text: a message says there what it is about.
const TITLE: f32 = 0.1;
/// Documents that have to be there before a word's share of them counts as its share at large.
const SURE: f32 = 20.0;
/// A character that joins no pair.
const BREAK: u32 = 0;

/// One way in which something was solved, as it is compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Solved<'a> {
    pub matter: &'a str,
    pub measures: &'a str,
}

/// A practice and how much it is about a message: 0 for what has nothing to do with it, towards 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likely {
    /// The number it was put in under.
    pub number: u32,
    pub likeness: f32,
}

/// Practices in memory, found by a message.
///
/// Rarities are those of the texts it was made from; whatever is put in or taken out later is weighed by them, until
/// [`Practices::is_stale`] says that it should be made anew.
#[derive(Debug, Default)]
pub struct Practices {
    rarity: Rarity,
    /// Messages at large that have a gram, with its weight there; and how many messages there are.
    at_large: Having,
    messages: usize,
    /// Sides that have a gram, with its weight there.
    sides: Having,
    /// By place: what was put in under which number, while it is there.
    places: Vec<Place>,
    numbers: HashMap<u32, usize>,
    made_of: usize,
    gone: usize,
}

#[derive(Debug)]
struct Place {
    /// `None` once it was taken out.
    number: Option<u32>,
    /// For each side, what is taken off its likeness; `None` where it has no words.
    usual: [Option<f32>; 2],
}

/// Grams of a text with their weights; the weights are those of a vector of length one.
type Weighed = Vec<(u64, f32)>;
/// For each gram the texts that have it, by number, with its weight there.
type Having = HashMap<u64, Vec<(u32, f32)>>;

impl Practices {
    /// `at_large` are messages as they come in, to tell what is near to anything: some hundreds.
    pub fn new(solved: &[(u32, Solved<'_>)], at_large: &[&str]) -> Self {
        let counted: Vec<_> = (solved.iter())
            .flat_map(|(_, solved)| [solved.matter, solved.measures])
            .map(grams)
            .filter(|grams| !grams.is_empty())
            .collect();
        let messages: Vec<_> = at_large.iter().map(|text| grams(text)).collect();
        let rarity = Rarity::of(&counted, &messages);
        let mut at_large = Having::new();
        for (number, grams) in (0..).zip(&messages) {
            have(&mut at_large, number, &rarity.weigh(grams));
        }
        let (messages, made_of) = (messages.len(), solved.len());
        let mut practices = Self { rarity, at_large, messages, made_of, ..Self::default() };
        for (number, solved) in solved {
            practices.put(*number, *solved);
        }
        practices
    }

    /// Puts a practice in, in place of what stood under its number.
    pub fn put(&mut self, number: u32, solved: Solved<'_>) {
        self.remove(number);
        let place = self.places.len();
        let usual = [solved.matter, solved.measures].map(|text| self.rarity.weigh(&grams(text)));
        let usual = [0, 1].map(|side| {
            let weighed = &usual[side];
            have(&mut self.sides, (2 * place + side) as u32, weighed);
            (!weighed.is_empty()).then(|| AT_LARGE * self.usual(weighed))
        });
        self.places.push(Place { number: Some(number), usual });
        self.numbers.insert(number, place);
    }

    pub fn remove(&mut self, number: u32) {
        if let Some(place) = self.numbers.remove(&number) {
            self.places[place].number = None;
            self.gone += 1;
        }
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Whether so much changed that rarities should be counted anew.
    pub fn is_stale(&self) -> bool {
        let added = self.places.len() - self.made_of;
        8 * (added + self.gone) >= self.made_of + 8
    }

    /// The `k` practices that are most about a message and that `accept` lets in, the likeliest first. One that shares no word
    /// with it is none of them.
    pub fn likely(&self, (title, text): (&str, &str), k: usize, accept: impl Fn(u32) -> bool) -> Vec<Likely> {
        let mut found = self.scores(title, text);
        found.retain(|likely| accept(likely.number));
        let order = |a: &Likely, b: &Likely| b.likeness.total_cmp(&a.likeness).then(a.number.cmp(&b.number));
        if found.len() > k {
            found.select_nth_unstable_by(k, order);
            found.truncate(k);
        }
        found.sort_unstable_by(order);
        found
    }

    fn scores(&self, title: &str, text: &str) -> Vec<Likely> {
        let mut shared = vec![0.0_f32; 2 * self.places.len()];
        let whole = format!("{title}\n{text}");
        for (words, part) in [(whole.as_str(), 1.0), (title, TITLE)] {
            add(&mut shared, &self.sides, &self.rarity.weigh(&grams(words)), part);
        }
        let likely = |(at, place): (usize, &Place)| {
            let number = place.number?;
            let own = [shared[2 * at], shared[2 * at + 1]];
            if own == [0.0, 0.0] {
                return None;
            }
            let sides = own.into_iter().zip(place.usual).filter_map(|(own, usual)| Some(own - usual?));
            let (sum, count) = sides.fold((0.0, 0.0), |(sum, count), side| (sum + side, count + 1.0_f32));
            Some(Likely { number, likeness: sum / count.max(1.0) })
        };
        self.places.iter().enumerate().filter_map(likely).collect()
    }

    /// How near the nearest of the messages at large are to a text.
    fn usual(&self, text: &Weighed) -> f32 {
        if self.messages == 0 {
            return 0.0;
        }
        let mut near = vec![0.0_f32; self.messages];
        add(&mut near, &self.at_large, text, 1.0);
        let nearest = near.len().div_ceil(NEAREST);
        near.select_nth_unstable_by(nearest - 1, |a, b| b.total_cmp(a));
        near[..nearest].iter().sum::<f32>() / nearest as f32
    }
}

fn have(having: &mut Having, number: u32, weighed: &Weighed) {
    for (gram, weight) in weighed {
        having.entry(*gram).or_default().push((number, *weight));
    }
}

/// Adds a part of the cosines of a text with all of `having` to `sums`.
fn add(sums: &mut [f32], having: &Having, text: &Weighed, part: f32) {
    for (gram, weight) in text {
        for (number, theirs) in having.get(gram).map(Vec::as_slice).unwrap_or_default() {
            sums[*number as usize] += part * weight * theirs;
        }
    }
}

/// How rare a gram is: among all the texts, among practices and among messages, whichever has it most.
#[derive(Debug, Default)]
struct Rarity {
    of: HashMap<u64, f32>,
    unseen: f32,
}

impl Rarity {
    fn of(sides: &[BTreeMap<u64, u32>], messages: &[BTreeMap<u64, u32>]) -> Self {
        let mut seen: HashMap<u64, (f32, f32)> = HashMap::new();
        for gram in sides.iter().flat_map(BTreeMap::keys) {
            seen.entry(*gram).or_default().0 += 1.0;
        }
        for gram in messages.iter().flat_map(BTreeMap::keys) {
            seen.entry(*gram).or_default().1 += 1.0;
        }
        let (all_sides, all_messages) = (sides.len() as f32, messages.len() as f32);
        let rarity = |(sides, messages): (f32, f32)| {
            let together = (sides + messages + 0.5) / (all_sides + all_messages + 1.0);
            let share = together.max(sides / (all_sides + SURE)).max(messages / (all_messages + SURE));
            -share.ln()
        };
        Self { of: seen.into_iter().map(|(gram, counts)| (gram, rarity(counts))).collect(), unseen: rarity((0.0, 0.0)) }
    }

    fn weigh(&self, grams: &BTreeMap<u64, u32>) -> Weighed {
        let weight = |(gram, count): (&u64, &u32)| {
            let rarity = self.of.get(gram).copied().unwrap_or(self.unseen);
            (*gram, (1.0 + (*count as f32).ln()) * rarity)
        };
        let mut weighed: Weighed = grams.iter().map(weight).collect();
        let length = weighed.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        for (_, weight) in &mut weighed {
            *weight /= length.max(f32::MIN_POSITIVE);
        }
        weighed
    }
}

/// Characters and pairs of neighbouring characters with how often they occur. Half- and full-width forms and letter case are
/// one; layout is passed over; punctuation parts pairs. Place names and numbers stay: they tell which matter it is.
fn grams(text: &str) -> BTreeMap<u64, u32> {
    let mut found = BTreeMap::new();
    let mut before = BREAK;
    for c in text.chars().map(fold).filter(|c| !c.is_whitespace()) {
        let symbol = if c.is_alphanumeric() { u32::from(c.to_lowercase().next().unwrap_or(c)) } else { BREAK };
        if symbol != BREAK {
            *found.entry(u64::from(symbol)).or_insert(0) += 1;
            if before != BREAK {
                *found.entry(u64::from(before) << 32 | u64::from(symbol)).or_insert(0) += 1;
            }
        }
        before = symbol;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_width_and_case_are_one_and_punctuation_parts() {
        assert_eq!(grams("A3 区，路"), grams("ａ３区 。路"));
        assert_ne!(grams("区路"), grams("区，路"));
        assert!(grams(" ，。").is_empty());
    }

    #[test]
    fn what_is_near_to_any_message_stands_behind_what_is_about_the_matter() {
        let everyone = ["您好，请尽快处理，谢谢", "您好，请有关部门处理一下", "请尽快处理，您好"];
        let about = Solved { matter: "", measures: "路灯坏了换灯头" };
        let usual = Solved { matter: "", measures: "您好，请尽快处理，谢谢" };
        let practices = Practices::new(&[(1, about), (2, usual)], &everyone);
        let found = practices.likely(("", "您好，路灯坏了，请尽快处理"), 2, |_| true);
        assert_eq!(found[0].number, 1, "{found:?}");
    }
}
