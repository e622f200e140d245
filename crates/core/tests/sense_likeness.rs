//! Likeness against a naive computation.

use muster_core::sense::Told;
use muster_core::sense::likeness::{KEYS, Shingles, is_repeat, repeats, shared};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn naive(a: &str, b: &str) -> f64 {
    let set = |text: &str| -> BTreeSet<String> {
        let chars: Vec<char> = text.chars().collect();
        chars.windows(4).map(|run| run.iter().collect()).collect()
    };
    let (a, b) = (set(a), set(b));
    a.intersection(&b).count() as f64 / a.union(&b).count().max(1) as f64
}

fn jaccard(a: &str, b: &str) -> f64 {
    Shingles::of(a).jaccard(&Shingles::of(b))
}

proptest! {
    /// Nobody is called a repeat without one, and a copy is always found.
    #[test]
    fn repeats_are_those_that_have_another(texts in prop::collection::vec("[一-五]{4,30}", 0..12), copied in any::<prop::sample::Index>()) {
        let mut texts = texts;
        if !texts.is_empty() {
            let copy = texts[copied.index(texts.len())].clone();
            texts.push(copy);
        }
        let shingles: Vec<Shingles> = texts.iter().map(|text| Shingles::of(text)).collect();
        let found = repeats(&shingles, 0.7);
        for (n, is) in found.iter().enumerate() {
            let other = (0..texts.len()).any(|m| m != n && shingles[n].jaccard(&shingles[m]) >= 0.7);
            prop_assert!(!is || other, "{} has no like", texts[n]);
            let same = (0..texts.len()).any(|m| m != n && texts[m] == texts[n]);
            prop_assert!(*is || !same, "{} stands there twice", texts[n]);
        }
    }

    // Characters that normalising leaves alone, so that the naive sets are the same sets.
    #[test]
    fn exact_likeness_is_the_naive_one(a in "[一-五]{4,60}", b in "[一-五]{4,60}") {
        prop_assert!((jaccard(&a, &b) - naive(&a, &b)).abs() < 1e-12);
    }

    #[test]
    fn any_text_can_be_compared(a in any::<String>(), b in any::<String>()) {
        let (a, b) = (Shingles::of(&a), Shingles::of(&b));
        prop_assert!(a.keys().len() <= KEYS);
        prop_assert!((0.0..=1.0).contains(&a.likeness(&b)) && a.likeness(&b) >= a.jaccard(&b));
        prop_assert!((a.likeness(&b) - b.likeness(&a)).abs() < 1e-12);
        if !a.is_empty() {
            prop_assert!((a.jaccard(&a) - 1.0).abs() < 1e-12 && (a.likeness(&a) - 1.0).abs() < 1e-12);
        }
    }
}

/// Pairs whose likeness runs from 0 to 1: the same stream of characters, cut at different places.
fn pairs() -> impl Iterator<Item = (String, String)> {
    let mut state = 7u64;
    let stream: Vec<char> = (0..4_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from_u32(0x4e00 + (state >> 33) as u32 % 3_000).expect("a Chinese character")
        })
        .collect();
    (0..400).map(move |n| {
        let (at, shift) = (n * 8, n % 101);
        (stream[at..at + 100].iter().collect(), stream[at + shift..at + shift + 100].iter().collect())
    })
}

#[test]
fn like_texts_share_a_key_and_strangers_do_not() {
    let shares = |a: &str, b: &str| {
        let theirs = Shingles::of(b).keys();
        Shingles::of(a).keys().iter().any(|key| theirs.contains(key))
    };
    let (mut near, mut found, mut far, mut mistaken) = (0, 0, 0, 0);
    for (a, b) in pairs() {
        let likeness = jaccard(&a, &b);
        if likeness >= 0.4 {
            near += 1;
            found += usize::from(shares(&a, &b));
        } else if likeness < 0.001 {
            far += 1;
            mistaken += usize::from(shares(&a, &b));
        }
    }
    assert!(near >= 100 && found * 100 >= near * 99, "{found} of {near} like texts share a key");
    assert!(mistaken == 0, "{mistaken} of {far} strangers share a key");
}

#[test]
fn a_text_within_a_longer_one_is_like_it() {
    let short = "三号楼楼道里的路灯坏了两天，老人不敢下楼";
    let long = format!("您好，我是青竹园的住户。{short}。另外想问问今年什么时候供暖，去年供得很晚，家里有小孩，谢谢。");
    let (a, b) = (Shingles::of(short), Shingles::of(&long));
    assert!(a.likeness(&b) > 0.7 && a.jaccard(&b) < 0.5, "{} {}", a.likeness(&b), a.jaccard(&b));
}

#[test]
fn a_repeat_says_the_same_of_the_same_place() {
    let text = "三号楼楼道里的路灯坏了两天，老人不敢下楼，请派人来修";
    let told = |place| Told { place, text };
    let words = Shingles::of(text);
    assert!(is_repeat((&words, told("柳荫路12号")), (&words, told("柳荫路12号")), 0.6));
    assert!(!is_repeat((&words, told("柳荫路12号")), (&words, told("柳荫路14号")), 0.6));
    assert!(!is_repeat((&words, told("")), (&Shingles::of("井盖不见了，怕有人掉下去"), told("")), 0.6));
}

#[test]
fn layout_width_and_punctuation_do_not_part_copies() {
    let a = "小区 电梯坏了，三天没人修！请 处理 ２０ 楼";
    let b = "小区电梯坏了三天没人修。请处理20楼";
    assert_eq!(Shingles::of(a), Shingles::of(b));
}

#[test]
fn nothing_is_like_nothing() {
    assert!(Shingles::of("，。！").is_empty());
    assert!(jaccard("", "") < 1e-12);
}

#[test]
fn what_two_texts_share_is_shown_in_the_words_of_the_one_who_asks() {
    let own = "小区三号楼楼道里的路灯坏了，晚上老人不敢下楼。请派人来修";
    let other = "我们三号楼楼道里的路灯坏了两天，老人不敢下楼";
    assert_eq!(shared(own, other), ["三号楼楼道里的路灯坏了", "老人不敢下楼"]);
    assert!(shared(own, "").is_empty());
    assert!(shared("路灯坏", "路灯坏").is_empty(), "three characters say too little");
    assert_eq!(shared("ABCD，EFGH", "abcd EFGH"), ["EFGH"], "no run goes over a comma");
}
