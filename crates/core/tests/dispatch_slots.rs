//! Parts of the week, pairs that are told and needs that want all or none, beside what OR-Tools finds
//! (`benches/peers/ortools_slots.py` makes the problems and solves them).

use std::collections::BTreeMap;

use muster_core::dispatch::recipe::Recipe;
use muster_core::dispatch::{Graph, Kept, Pair, Pinned, Supply, certify, pin, solve, whole};

struct Problem {
    pinned: Pinned,
    /// Best with parts and told pairs; best without them, when each need wants all or none.
    best: i64,
    best_whole: i64,
}

fn problems() -> Vec<Problem> {
    let mut problems = Vec::new();
    let fresh = |step: i64| Pinned {
        graph: Graph::new(step as i32, Vec::new()),
        slots: Vec::new(),
        at_once: Vec::new(),
        told: Vec::new(),
    };
    let (mut pinned, mut head, mut pairs) = (fresh(0), None, Vec::new());
    for line in include_str!("dispatch_slots.txt").lines() {
        let mut words = line.split(' ');
        let kind = words.next().expect("a line has a kind");
        let numbers: Vec<i64> = words.map(|word| word.parse().expect("a number")).collect();
        if let (Some(asked), "n" | "best") = (head, kind) {
            pinned.graph.push_need(asked, &std::mem::take(&mut pairs));
        }
        match (kind, &numbers[..]) {
            ("step", [step]) => (pinned, head) = (fresh(*step), None),
            ("r", &[capacity, recent, group, at_once]) => {
                let [capacity, recent, group, at_once] = [capacity, recent, group, at_once].map(|number| number as u32);
                pinned.graph.supplies.push(Supply { capacity, recent, group });
                pinned.at_once.push(at_once);
            }
            ("n", [asked, slot]) => {
                head = Some(*asked as u32);
                pinned.slots.push(*slot as u8);
            }
            ("p", [resource, value, told]) => {
                if *told == 1 {
                    pinned.told.push((pinned.graph.pairs.len() + pairs.len()) as u32);
                }
                pairs.push(Pair { resource: *resource as u32, value: *value as i32 });
            }
            ("best", [best, best_whole]) => {
                let pinned = std::mem::replace(&mut pinned, fresh(0));
                problems.push(Problem { pinned, best: *best, best_whole: *best_whole });
            }
            _ => panic!("{line:?}"),
        }
    }
    problems
}

/// By need and by resource and part, how many are held; every pair once.
fn keeps_every_bound(pinned: &Pinned, kept: &Kept) {
    let graph = &pinned.graph;
    assert!(kept.held.is_sorted_by(|a, b| a < b), "every pair once");
    assert!(pinned.told.iter().all(|place| kept.held.contains(place)), "what is told is held");
    let (mut of_needs, mut of_resources, mut of_parts) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for &place in &kept.held {
        let need = graph.starts.partition_point(|start| *start <= place) - 1;
        let resource = graph.pairs[place as usize].resource as usize;
        *of_needs.entry(need).or_insert(0) += 1;
        *of_resources.entry(resource).or_insert(0) += 1;
        *of_parts.entry((resource, pinned.slots[need])).or_insert(0) += 1;
    }
    assert!(of_needs.iter().all(|(need, count)| *count <= graph.heads[*need]));
    assert!(of_resources.iter().all(|(resource, count)| *count <= graph.supplies[*resource].capacity));
    assert!(of_parts.iter().all(|((resource, _), count)| *count <= pinned.at_once[*resource]));
}

#[test]
fn with_parts_and_told_pairs_the_plan_is_that_of_or_tools() {
    let problems = problems();
    assert_eq!(problems.len(), 100);
    for (number, Problem { pinned, best, .. }) in problems.iter().enumerate() {
        pinned.graph.check().unwrap();
        let kept = pinned.solve().unwrap();
        keeps_every_bound(pinned, &kept);
        assert_eq!(kept.objective, *best, "problem {number}");
    }
    let bound = |change: fn(&mut Pinned)| {
        problems.iter().any(|Problem { pinned, best, .. }| {
            let mut pinned = pinned.clone();
            change(&mut pinned);
            pinned.solve().unwrap().objective != *best
        })
    };
    assert!(bound(|pinned| pinned.at_once.fill(9)), "the parts bind nowhere");
    assert!(bound(|pinned| pinned.told.clear()), "those told bind nowhere");
}

#[test]
fn all_or_none_is_near_the_best() {
    let (mut sum, mut best_sum, mut equal) = (0, 0, 0);
    for (number, Problem { pinned, best_whole, .. }) in problems().iter().enumerate() {
        let graph = &pinned.graph;
        let found = whole(graph, &vec![true; graph.heads.len()]);
        let held_of = |need: usize| {
            let places = graph.starts[need]..graph.starts[need + 1];
            found.held.iter().filter(|place| places.contains(place)).count() as u32
        };
        assert!((0..graph.heads.len()).all(|need| [0, graph.heads[need]].contains(&held_of(need))));
        assert!(found.objective <= *best_whole && *best_whole <= found.bound, "problem {number}");
        assert_eq!(found.bound, certify(graph, &solve(graph)).unwrap().objective);
        // Values of one problem are up to a thousand times those of another.
        sum += found.objective * 1_000 / (*best_whole).max(1);
        best_sum += if *best_whole > 0 { 1_000 } else { 0 };
        equal += usize::from(found.objective == *best_whole);
    }
    // What the documentation says of the gap.
    assert_eq!((equal, sum, best_sum), (91, 99_516, 100_000));
}

#[test]
fn a_city_is_pinned_and_solved() {
    let instance = Recipe::of("s").unwrap().instance();
    let mut graph = instance.graph;
    let wanted: Vec<u32> = instance.needs.iter().map(|need| need.slots).collect();
    let free: Vec<u32> = instance.resources.iter().map(|resource| resource.slots).collect();
    let relaxed = solve(&graph);
    let bound = certify(&graph, &relaxed).unwrap().objective;
    let slots = pin(&mut graph, &relaxed.prices, &wanted, &free);
    let at_once = instance.resources.iter().map(|resource| if resource.group == 1 { 1 } else { 3 }).collect();
    let mut pinned = Pinned { graph, slots, at_once, told: Vec::new() };
    let kept = pinned.solve().unwrap();
    keeps_every_bound(&pinned, &kept);
    for &place in &kept.held {
        let need = pinned.graph.starts.partition_point(|start| *start <= place) - 1;
        let (slot, resource) = (pinned.slots[need], pinned.graph.pairs[place as usize].resource as usize);
        assert_eq!(wanted[need] >> slot & free[resource] >> slot & 1, 1, "both are free in that part");
    }
    assert_eq!((kept.objective, bound), (27_104_872, 27_413_448));
    // Who was told stays, and a plan that was the best stays the best when all of it is told.
    pinned.told = kept.held.iter().copied().step_by(2).collect();
    assert_eq!(pinned.solve().unwrap().objective, kept.objective);
    pinned.told.clone_from(&kept.held);
    assert_eq!(pinned.solve().unwrap().held, kept.held);
}
