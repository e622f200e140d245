//! Drawing and estimating: the same seed draws the same, shares follow the rule, and estimates are right on average over
//! every sample there is.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use muster_core::evaluate::estimate::{Agreement, Cell, Of, estimate};
use muster_core::evaluate::question::{AnsweredBy, Given, Question, Sheet, Signing, answers, sheets_hash};
use muster_core::evaluate::sample::{
    Allocation, Design, FrameCase, SampleFault, StrataBy, Stratum, allocate, draw, fingerprint, frame_hash, strata,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

mod pack_support;

fn frame(sizes: &[usize]) -> Vec<FrameCase> {
    let cases = sizes.iter().enumerate().flat_map(|(stratum, size)| (0..*size).map(move |n| (stratum, n)));
    cases
        .map(|(stratum, n)| FrameCase {
            code: format!("CODE{stratum}X{n}"),
            stratum: format!("s{stratum}"),
            confirmed: [None, Some(true), Some(false)][(n * 7 + stratum) % 3],
        })
        .collect()
}

fn design(allocation: Allocation, size: u32, least: u32) -> Design {
    Design { by: StrataBy::Unit, allocation, size, least }
}

fn drawn(seed: &str, design: &Design, frame: &[FrameCase]) -> Vec<String> {
    draw(seed, design, frame).unwrap().picks.iter().map(|pick| frame[pick.at].code.clone()).collect()
}

/// All quotients at once, the greatest first, instead of one after another.
fn allocated_naively(strata: &[Stratum], size: u64, least: u64) -> Vec<u64> {
    let mut given: Vec<u64> = strata.iter().map(|stratum| stratum.cases.min(least)).collect();
    let open = |n: usize| given[n]..strata[n].cases;
    let mut claims: Vec<(u64, u64, usize)> = Vec::new();
    for (n, stratum) in strata.iter().enumerate() {
        claims.extend(open(n).map(|so_far| (stratum.weight, 2 * so_far + 1, n)));
    }
    claims.sort_by(|a, b| {
        (u128::from(b.0) * u128::from(a.1)).cmp(&(u128::from(a.0) * u128::from(b.1))).then(a.2.cmp(&b.2))
    });
    let left = size.min(strata.iter().map(|stratum| stratum.cases).sum()) - given.iter().sum::<u64>();
    for (_, _, n) in claims.into_iter().take(left as usize) {
        given[n] += 1;
    }
    given
}

/// By sorting each stratum alone, with the hash written out.
fn drawn_naively(seed: &str, design: &Design, frame: &[FrameCase]) -> BTreeSet<String> {
    let mut counted = strata(frame, design.allocation);
    allocate(&mut counted, design.size.into(), design.least.into()).unwrap();
    let mut taken = BTreeSet::new();
    for stratum in counted {
        let own = frame.iter().filter(|case| case.stratum == stratum.key);
        let mut own: Vec<(Vec<u8>, &str)> =
            own.map(|case| (Sha256::digest(format!("{seed}\n{}", case.code)).to_vec(), case.code.as_str())).collect();
        own.sort();
        taken.extend(own.into_iter().take(stratum.sampled as usize).map(|(_, code)| code.to_owned()));
    }
    taken
}

fn allocations() -> impl Strategy<Value = Allocation> {
    prop_oneof![Just(Allocation::Proportional), Just(Allocation::Equal), Just(Allocation::Neyman)]
}

proptest! {
    #[test]
    fn the_same_seed_and_frame_draw_the_same_in_whatever_order(
        sizes in proptest::collection::vec(1usize..40, 1..8), allocation in allocations(),
        size in 1u32..120, seed in "[a-f0-9]{8}", turn in 0usize..300,
    ) {
        let design = design(allocation, size.max(sizes.len() as u32 * 2), 2);
        let cases = frame(&sizes);
        let mut other = cases.clone();
        let turn = turn % other.len();
        other.rotate_left(turn);
        other.reverse();
        let first = drawn(&seed, &design, &cases);
        prop_assert_eq!(&first, &drawn(&seed, &design, &other));
        prop_assert_eq!(frame_hash(&cases), frame_hash(&other));
        prop_assert_eq!(first.iter().cloned().collect::<BTreeSet<_>>(), drawn_naively(&seed, &design, &cases));
        prop_assert_eq!(first.len(), (design.size as usize).min(cases.len()), "none twice, none too many");
    }

    #[test]
    fn shares_are_those_of_the_naive_rule_and_keep_their_bounds(
        counts in proptest::collection::vec((1u64..200, 0u64..1_000_000), 1..12), size in 1u64..400, least in 0u64..4,
    ) {
        let mut strata: Vec<Stratum> = counts.iter().enumerate()
            .map(|(n, (cases, weight))| Stratum { key: n.to_string(), cases: *cases, weight: *weight, sampled: 0 })
            .collect();
        let total: u64 = counts.iter().map(|(cases, _)| cases).sum();
        let needed: u64 = counts.iter().map(|(cases, _)| cases.min(&least)).sum();
        let done = allocate(&mut strata, size, least);
        if needed > size.min(total) {
            prop_assert_eq!(done, Err(SampleFault::Small { needed, size: size.min(total) }));
            return Ok(());
        }
        let given: Vec<u64> = strata.iter().map(|stratum| stratum.sampled).collect();
        prop_assert_eq!(given.iter().sum::<u64>(), size.min(total));
        prop_assert!(strata.iter().all(|s| s.sampled <= s.cases && s.sampled >= s.cases.min(least)));
        prop_assert_eq!(given, allocated_naively(&strata, size, least));
    }

    #[test]
    fn another_seed_is_another_sample(seed in "[a-f0-9]{16}", other in "[g-z]{16}") {
        let (cases, design) = (frame(&[60, 90, 30]), design(Allocation::Proportional, 60, 2));
        prop_assert_ne!(drawn(&seed, &design, &cases), drawn(&other, &design, &cases));
    }

    #[test]
    fn intervals_hold_the_estimate_and_stay_in_bounds(
        cells in proptest::collection::vec((1u64..50, proptest::collection::vec(any::<bool>(), 0..20)), 1..6),
    ) {
        let cells: Vec<Cell> = cells.into_iter().map(|(more, values)| Cell {
            cases: values.len() as u64 + more - 1,
            values: values.into_iter().map(|yes| f64::from(u8::from(yes))).collect(),
        }).collect();
        let Some(found) = estimate(&cells, Of::Shares) else {
            prop_assert!(cells.iter().all(|cell| cell.values.is_empty()));
            return Ok(());
        };
        prop_assert!(0.0 <= found.low && found.low <= found.mean + 1e-9, "{found:?}");
        prop_assert!(found.mean <= found.high + 1e-9 && found.high <= 1.0, "{found:?}");
    }
}

/// Every choice of `take` of the values.
fn choices(values: &[f64], take: usize) -> Vec<Vec<f64>> {
    if take == 0 {
        return vec![Vec::new()];
    }
    let Some((first, rest)) = values.split_first() else { return Vec::new() };
    let mut with: Vec<Vec<f64>> = choices(rest, take - 1);
    for choice in &mut with {
        choice.push(*first);
    }
    with.extend(choices(rest, take));
    with
}

#[test]
fn over_every_sample_there_is_the_estimate_and_its_variance_are_right_on_average() {
    let strata: [(&[f64], usize); 3] =
        [(&[1.0, 0.0, 1.0, 1.0, 0.0], 3), (&[5.0, 2.0, 4.0, 4.0], 2), (&[3.0, 3.0, 1.0], 2)];
    let all: Vec<f64> = strata.iter().flat_map(|(values, _)| values.iter().copied()).collect();
    let truth = all.iter().sum::<f64>() / all.len() as f64;
    let mut found = Vec::new();
    for a in choices(strata[0].0, strata[0].1) {
        for b in choices(strata[1].0, strata[1].1) {
            for c in choices(strata[2].0, strata[2].1) {
                let values = [a.clone(), b.clone(), c];
                let cells =
                    values.into_iter().zip(strata).map(|(values, (all, _))| Cell { cases: all.len() as u64, values });
                found.push(estimate(&cells.collect::<Vec<_>>(), Of::Marks { low: 0.0, high: 5.0 }).unwrap());
            }
        }
    }
    let count = found.len() as f64;
    let mean = found.iter().map(|one| one.mean).sum::<f64>() / count;
    let spread = found.iter().map(|one| (one.mean - truth) * (one.mean - truth)).sum::<f64>() / count;
    let told = found.iter().map(|one| one.variance).sum::<f64>() / count;
    assert_eq!(found.len(), 10 * 6 * 3);
    assert!((mean - truth).abs() < 1e-12, "{mean} for {truth}");
    assert!((told - spread).abs() < 1e-12, "{told} for {spread}");
}

#[test]
fn all_of_them_leave_nothing_open_and_one_of_many_leaves_much() {
    let whole = estimate(&[Cell { cases: 3, values: vec![1.0, 0.0, 1.0] }], Of::Shares).unwrap();
    assert_eq!((whole.low, whole.high, whole.covers), (whole.mean, whole.mean, 3));
    let same = estimate(&[Cell { cases: 400, values: vec![1.0; 10] }], Of::Shares).unwrap();
    assert!((same.mean, same.high) == (1.0, 1.0) && (0.70..0.73).contains(&same.low), "Wilson, 10 of 10: {same:?}");
    let one = estimate(&[Cell { cases: 9, values: vec![4.0] }], Of::Marks { low: 1.0, high: 5.0 }).unwrap();
    assert_eq!((one.low, one.high), (1.0, 5.0), "a single mark has no spread");
    let part = [Cell { cases: 30, values: Vec::new() }, Cell { cases: 10, values: vec![0.0, 1.0] }];
    assert_eq!(estimate(&part, Of::Shares).unwrap().covers, 10, "nobody speaks for the thirty");
    assert_eq!(estimate(&part[..1], Of::Shares), None);
}

#[test]
fn agreement_is_told_from_chance() {
    let pairs = [(45, (true, true)), (15, (true, false)), (25, (false, true)), (15, (false, false))];
    let found = Agreement::of(pairs.into_iter().flat_map(|(times, pair)| std::iter::repeat_n(pair, times)));
    assert_eq!((found.total(), found.agreed()), (100, 60));
    // 0.60 seen, 0.60 × 0.70 + 0.40 × 0.30 = 0.54 by chance.
    assert!((found.kappa().unwrap() - 0.06 / 0.46).abs() < 1e-12);
    assert_eq!(Agreement::of([(true, true)]).kappa(), None);
    assert_eq!(Agreement::default().kappa(), None);
}

#[test]
fn the_published_hashes_are_plain_sha256() {
    assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let case = |code: &str, stratum: &str| FrameCase { code: code.into(), stratum: stratum.into(), confirmed: None };
    assert_eq!(frame_hash(&[case("B", "y"), case("A", "x")]), fingerprint("A\tx\nB\ty\n"));
}

#[test]
fn answers_are_read_whole_or_not_at_all_and_a_changed_one_changes_the_signature() {
    let pack = pack_support::default_pack();
    let questions: &[Question] = &pack.questionnaires.all[0].questions;
    let mut typed: BTreeMap<String, String> = BTreeMap::new();
    let wanted: Vec<String> =
        vec!["solved".into(), "shown".into(), "to_the_point".into(), "in_time".into(), "as_resident".into()];
    assert_eq!(answers(questions, AnsweredBy::File, &typed), Err(wanted.clone()));
    for code in &wanted {
        typed
            .insert(code.clone(), if code == "to_the_point" || code == "as_resident" { "4" } else { "yes" }.to_owned());
    }
    typed.insert("call_solved".into(), "no".into());
    let given = answers(questions, AnsweredBy::File, &typed).unwrap();
    assert_eq!(given.len(), 5, "a text may be left out, and a call is another's");
    assert_eq!(given["as_resident"], Given::Mark(4));
    for wrong in ["6", "0", "yes", "x"] {
        typed.insert("as_resident".into(), wrong.into());
        assert_eq!(answers(questions, AnsweredBy::File, &typed), Err(vec!["as_resident".to_owned()]));
    }
    let signing = Signing { room: "r", version: 1, frame: "f", seed: "s", questions };
    let sheet = |number, answers| Sheet { number, by: AnsweredBy::File, answers };
    let mut changed = given.clone();
    changed.insert("solved".into(), Given::CannotTell);
    let first = sheets_hash(&signing, &[sheet(1, &given), sheet(2, &given)]);
    assert_eq!(first, sheets_hash(&signing, &[sheet(2, &given), sheet(1, &given)]));
    assert_ne!(first, sheets_hash(&signing, &[sheet(1, &given), sheet(2, &changed)]));
    assert_ne!(first, sheets_hash(&Signing { version: 2, ..signing }, &[sheet(1, &given), sheet(2, &given)]));
    let kept = serde_json::to_value(&given).unwrap();
    assert_eq!(serde_json::from_value::<BTreeMap<String, Given>>(kept).unwrap(), given);
}
