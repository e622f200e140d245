//! Reports as people write them, made of parts of sentences: no two alike, and as unlike each other as real ones.

use serde::Deserialize;

/// A small generator of its own, so that a seed writes the same reports everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Below `bound`, which is not 0. Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(crate) fn percent(&mut self) -> usize {
        self.below(100)
    }

    /// Uniform over [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (-53_f64).exp2()
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Fisher and Yates.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }

    fn of<'a>(&mut self, choices: &'a [String]) -> &'a str {
        let at = self.below(choices.len());
        &choices[at]
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Phrases {
    when: Vec<String>,
    place: Vec<String>,
    subject: Vec<String>,
    effect: Vec<String>,
    before: Vec<String>,
    who: Vec<String>,
    ask: Vec<String>,
    answer: Vec<String>,
}

/// One report and the word of it that somebody will look for.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) place: String,
    pub(crate) word: String,
}

impl Phrases {
    pub(crate) fn load() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("phrases.toml"))
    }

    pub(crate) fn said(&self, dice: &mut Dice) -> Said {
        let mut subject = dice.of(&self.subject).splitn(2, '，');
        let (what, more) = (subject.next().unwrap_or_default(), subject.next());
        let place = numbered(dice.of(&self.place), dice);
        let mut parts = vec![dice.of(&self.when), &place];
        if dice.percent() < 40 {
            parts.push(dice.of(&self.who));
        }
        dice.shuffle(&mut parts);
        let mut rest = vec![dice.of(&self.effect)];
        let (before, effect) = (dice.of(&self.before), dice.of(&self.effect));
        for (percent, part) in [(60, more), (60, Some(before)), (50, Some(effect))] {
            if dice.percent() < percent {
                rest.extend(part);
            }
        }
        dice.shuffle(&mut rest);
        parts.push(what);
        parts.append(&mut rest);
        let text = format!("{}。{}。", numbered(&parts.join("，"), dice), dice.of(&self.ask));
        Said { word: word(what), text, place }
    }

    pub(crate) fn answer(&self, dice: &mut Dice) -> &str {
        let at = dice.below(self.answer.len());
        &self.answer[at]
    }
}

/// The first four characters of what was reported, which is what an operator would type to find it again.
fn word(subject: &str) -> String {
    subject.chars().take(4).collect()
}

fn numbered(text: &str, dice: &mut Dice) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, part) in text.split("{n}").enumerate() {
        if i > 0 {
            out.push_str(&(1 + dice.below(99)).to_string());
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::sense::likeness::Shingles;
    use std::collections::HashMap;

    /// Were the reports alike, each would meet a crowd of candidates that no city has, or join another. In a real stream
    /// (`hot_topics`) the share is 0.016; here the same turns of phrase come again more often, which makes finding harder.
    #[test]
    fn reports_are_hardly_more_alike_than_real_ones() {
        let (phrases, mut dice) = (Phrases::load().unwrap(), Dice::new(1));
        let mut met: HashMap<i64, usize> = HashMap::new();
        let (count, mut candidates) = (20_000_u32, 0);
        for _ in 0..count {
            for key in Shingles::of(&phrases.said(&mut dice).text).keys() {
                let seen = met.entry(key).or_default();
                candidates += *seen;
                *seen += 1;
            }
        }
        let share = candidates as f64 / (f64::from(count) * f64::from(count) / 2.0);
        assert!(share < 0.1, "a report shares a key with {share} of all others");
    }

    #[test]
    fn a_seed_writes_the_same_again_and_the_word_stands_in_the_text() {
        let phrases = Phrases::load().unwrap();
        let (mut one, mut two) = (Dice::new(9), Dice::new(9));
        for _ in 0..50 {
            let said = phrases.said(&mut one);
            assert_eq!(said.text, phrases.said(&mut two).text);
            assert!(said.text.contains(&said.word) && !said.text.contains('{'), "{said:?}");
            assert!(!said.text.contains("，，") && !said.text.contains("，。"), "no part is empty: {said:?}");
        }
    }
}
