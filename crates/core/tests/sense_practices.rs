//! The practices in memory beside a naive twin: every cosine from its definition, and any order of putting in and taking out.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::sense::{Practices, Solved};
use proptest::prelude::*;

const AT_LARGE: f64 = 0.7;
const TITLE: f64 = 0.1;
const SURE: f64 = 20.0;

type Grams = BTreeMap<String, f64>;

/// Characters and pairs, by the words of the documentation.
fn grams(text: &str) -> Grams {
    let mut found = Grams::new();
    let kept: Vec<Option<char>> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.is_alphanumeric().then_some(c)).collect();
    for (at, c) in kept.iter().enumerate() {
        let Some(c) = c else { continue };
        *found.entry(c.to_string()).or_default() += 1.0;
        if let Some(Some(before)) = at.checked_sub(1).map(|at| kept[at]) {
            *found.entry(format!("{before}{c}")).or_default() += 1.0;
        }
    }
    found
}

struct Naive {
    sides: Vec<Grams>,
    messages: Vec<Grams>,
}

impl Naive {
    fn rarity(&self, gram: &str) -> f64 {
        let having = |texts: &[Grams]| texts.iter().filter(|text| text.contains_key(gram)).count() as f64;
        let (sides, messages) = (having(&self.sides), having(&self.messages));
        let (all_sides, all_messages) = (self.sides.len() as f64, self.messages.len() as f64);
        let together = (sides + messages + 0.5) / (all_sides + all_messages + 1.0);
        -together.max(sides / (all_sides + SURE)).max(messages / (all_messages + SURE)).ln()
    }

    fn vector(&self, grams: &Grams) -> Grams {
        let weighed: Grams =
            grams.iter().map(|(gram, count)| (gram.clone(), (1.0 + count.ln()) * self.rarity(gram))).collect();
        let length = weighed.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        weighed.into_iter().map(|(gram, weight)| (gram, weight / length.max(1e-30))).collect()
    }

    fn cosine(&self, a: &Grams, b: &Grams) -> f64 {
        let (a, b) = (self.vector(a), self.vector(b));
        a.iter().map(|(gram, weight)| weight * b.get(gram).unwrap_or(&0.0)).sum()
    }

    fn side(&self, title: &str, text: &str, side: &str) -> Option<f64> {
        let side = grams(side);
        if side.is_empty() {
            return None;
        }
        let whole = grams(&format!("{title}\n{text}"));
        let own = self.cosine(&whole, &side) + TITLE * self.cosine(&grams(title), &side);
        let mut near: Vec<f64> = self.messages.iter().map(|message| self.cosine(message, &side)).collect();
        near.sort_by(|a, b| b.total_cmp(a));
        near.truncate(near.len().div_ceil(100));
        Some(own - AT_LARGE * near.iter().sum::<f64>() / near.len().max(1) as f64)
    }

    fn likeness(&self, title: &str, text: &str, (matter, measures): (&str, &str)) -> f64 {
        let sides: Vec<f64> = [matter, measures].iter().filter_map(|side| self.side(title, text, side)).collect();
        sides.iter().sum::<f64>() / sides.len().max(1) as f64
    }
}

/// Words of few characters, so that texts share some.
fn words() -> impl Strategy<Value = String> {
    "[路灯坏修垃圾桶满，水电梯停7a]{0,14}"
}

proptest! {
    #[test]
    fn likeness_is_what_its_definition_says(
        practices in prop::collection::vec((words(), words()), 1..8),
        messages in prop::collection::vec(words(), 0..6),
        (title, text) in (words(), words()),
    ) {
        let solved: Vec<(u32, Solved<'_>)> = (0..)
            .zip(&practices)
            .map(|(n, (matter, measures))| (n, Solved { matter, measures }))
            .collect();
        let at_large: Vec<&str> = messages.iter().map(String::as_str).collect();
        let engine = Practices::new(&solved, &at_large);
        let both = |(matter, measures): &(String, String)| [grams(matter), grams(measures)];
        let naive = Naive {
            sides: practices.iter().flat_map(both).filter(|grams| !grams.is_empty()).collect(),
            messages: messages.iter().map(|text| grams(text)).collect(),
        };
        let shares = |n: usize| {
            let own: BTreeSet<String> = grams(&format!("{title}\n{text}")).into_keys().collect();
            both(&practices[n]).iter().any(|side| side.keys().any(|gram| own.contains(gram) && naive.rarity(gram) > 0.0))
        };
        let found = engine.likely((&title, &text), 100, |_| true);
        let sharing = (0..practices.len()).filter(|n| shares(*n)).count();
        prop_assert_eq!(found.len(), sharing, "those that share a word, and no others");
        for likely in &found {
            let (matter, measures) = &practices[likely.number as usize];
            let named = naive.likeness(&title, &text, (matter, measures));
            prop_assert!((f64::from(likely.likeness) - named).abs() < 1e-4, "{} {}", likely.likeness, named);
        }
        prop_assert!(found.windows(2).all(|two| two[0].likeness >= two[1].likeness), "the likeliest first");
    }

    #[test]
    fn what_was_taken_out_is_gone_and_what_was_put_in_is_there(
        texts in prop::collection::vec((words(), words()), 2..6),
        acts in prop::collection::vec((0u32..6, 0usize..6, any::<bool>()), 1..20),
        text in words(),
    ) {
        let solved = |n: usize| {
            let (matter, measures) = &texts[n % texts.len()];
            Solved { matter, measures }
        };
        let first: Vec<(u32, Solved<'_>)> = (0..texts.len()).map(|n| (n as u32, solved(n))).collect();
        let mut engine = Practices::new(&first, &[]);
        let mut held: BTreeMap<u32, usize> = (0..texts.len()).map(|n| (n as u32, n)).collect();
        for (number, which, is_put) in acts {
            if is_put {
                engine.put(number, solved(which));
                held.insert(number, which);
            } else {
                engine.remove(number);
                held.remove(&number);
            }
        }
        prop_assert_eq!(engine.len(), held.len());
        let found = engine.likely(("", &text), 100, |_| true);
        prop_assert!(found.iter().all(|likely| held.contains_key(&likely.number)));
        // The same text under two numbers is as likely under both.
        for one in &found {
            let twins = held.iter().filter(|(_, which)| **which % texts.len() == held[&one.number] % texts.len());
            for (twin, _) in twins {
                let other = found.iter().find(|other| other.number == *twin);
                prop_assert!(other.is_some_and(|other| (other.likeness - one.likeness).abs() < 1e-5));
            }
        }
        let few = engine.likely(("", &text), 1, |number| number != 0);
        let best = found.iter().find(|likely| likely.number != 0);
        prop_assert_eq!(few.first(), best);
    }
}

#[test]
fn much_change_asks_for_rarities_to_be_counted_anew() {
    let solved: Vec<(u32, Solved<'_>)> =
        (0..100).map(|n| (n, Solved { matter: "路灯坏了", measures: "换灯头" })).collect();
    let mut engine = Practices::new(&solved, &[]);
    assert!(!engine.is_stale());
    for n in 0..20 {
        engine.remove(n);
    }
    assert!(engine.is_stale());
}

#[test]
fn the_first_practice_asks_for_rarities_at_once() {
    let mut engine = Practices::new(&[], &["路灯坏了"]);
    assert!(!engine.is_stale());
    engine.put(0, Solved { matter: "路灯坏了", measures: "换灯头" });
    assert!(engine.is_stale());
}
