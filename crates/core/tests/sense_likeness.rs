//! Likeness against a naive computation.

use muster_core::sense::likeness::{Sketch, bands, jaccard, shared, similarity, sketch};
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

proptest! {
    // Characters that normalising leaves alone, so that the naive sets are the same sets.
    #[test]
    fn exact_likeness_is_the_naive_one(a in "[一-五]{4,60}", b in "[一-五]{4,60}") {
        prop_assert!((jaccard(&a, &b) - naive(&a, &b)).abs() < 1e-12);
    }

    #[test]
    fn any_text_can_be_sketched(a in any::<String>(), b in any::<String>()) {
        let (a_sketch, b_sketch) = (sketch(&a), sketch(&b));
        prop_assert_eq!(Sketch::from_bytes(&a_sketch.to_bytes()), Some(a_sketch));
        prop_assert!((0.0..=1.0).contains(&similarity(&a_sketch, &b_sketch)));
        prop_assert!((0.0..=1.0).contains(&jaccard(&a, &b)));
        if !a_sketch.is_empty() {
            prop_assert!((jaccard(&a, &a) - 1.0).abs() < 1e-12);
            prop_assert!((similarity(&a_sketch, &a_sketch) - 1.0).abs() < 1e-12);
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
fn sketches_estimate_likeness_without_bias() {
    let errors: Vec<f64> = pairs().map(|(a, b)| similarity(&sketch(&a), &sketch(&b)) - jaccard(&a, &b)).collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    let spread = (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt();
    assert!(mean.abs() < 0.02, "bias {mean}");
    assert!(spread < 0.1, "root mean square error {spread}");
}

#[test]
fn near_twins_share_a_band_and_strangers_do_not() {
    let shares = |a: &str, b: &str| bands(&sketch(a)).iter().any(|key| bands(&sketch(b)).contains(key));
    let (mut near, mut found, mut far, mut mistaken) = (0, 0, 0, 0);
    for (a, b) in pairs() {
        let likeness = jaccard(&a, &b);
        if likeness >= 0.8 {
            near += 1;
            found += usize::from(shares(&a, &b));
        } else if likeness < 0.05 {
            far += 1;
            mistaken += usize::from(shares(&a, &b));
        }
    }
    assert!(near >= 20 && found * 10 >= near * 9, "{found} of {near} near twins share a band");
    assert!(far >= 20 && mistaken == 0, "{mistaken} of {far} strangers share a band");
}

#[test]
fn layout_width_and_punctuation_do_not_part_copies() {
    let a = "小区 电梯坏了，三天没人修！请 处理 ２０ 楼";
    let b = "小区电梯坏了三天没人修。请处理20楼";
    assert!((jaccard(a, b) - 1.0).abs() < 1e-12);
    assert_eq!(sketch(a), sketch(b));
}

#[test]
fn nothing_is_like_nothing() {
    assert!(sketch("，。！").is_empty());
    assert!(similarity(&sketch(""), &sketch("")) < 1e-12);
    assert_eq!(Sketch::from_bytes(&[0; 95]), None);
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
