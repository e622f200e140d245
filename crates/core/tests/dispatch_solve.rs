//! The solver beside a naive one, on small problems full of ties; every answer is certified.

use muster_core::dispatch::recipe::Recipe;
use muster_core::dispatch::{Graph, GraphFault, Matching, Pair, Plan, Supply, Unproven, certify, solve};
use proptest::prelude::*;

/// Successive cheapest paths by Bellman and Ford over every arc, one unit at a time: slow, and plain to see.
struct Naive {
    /// From, to, cost, room; the way back of arc `a` is `a ^ 1`.
    arcs: Vec<(usize, usize, i64, u32)>,
    nodes: usize,
}

impl Naive {
    fn arc(&mut self, from: usize, to: usize, cost: i64, room: u32) {
        self.arcs.push((from, to, cost, room));
        self.arcs.push((to, from, -cost, 0));
    }

    fn of(graph: &Graph) -> Self {
        let (needs, resources) = (graph.heads.len(), graph.supplies.len());
        let (source, sink) = (needs + resources, needs + resources + 1);
        let mut naive = Self { arcs: Vec::new(), nodes: sink + 1 };
        for need in 0..needs {
            naive.arc(source, need, 0, graph.heads[need]);
            for pair in graph.pairs_of(need) {
                naive.arc(need, needs + pair.resource as usize, -i64::from(pair.value), 1);
            }
        }
        for (resource, supply) in graph.supplies.iter().enumerate() {
            for nth in 1..=supply.capacity {
                naive.arc(needs + resource, sink, i64::from(supply.marginal(graph.step, nth)), 1);
            }
        }
        naive
    }

    fn best(mut self) -> i64 {
        let (source, sink, mut objective) = (self.nodes - 2, self.nodes - 1, 0);
        loop {
            let mut cost = vec![i64::MAX; self.nodes];
            let mut by = vec![usize::MAX; self.nodes];
            cost[source] = 0;
            let mut changed = true;
            while changed {
                changed = false;
                for (at, &(from, to, along, room)) in self.arcs.iter().enumerate() {
                    if room > 0 && cost[from] < i64::MAX && cost[from] + along < cost[to] {
                        (cost[to], by[to], changed) = (cost[from] + along, at, true);
                    }
                }
            }
            if cost[sink] >= 0 {
                return objective;
            }
            objective -= cost[sink];
            let mut node = sink;
            while node != source {
                self.arcs[by[node]].3 -= 1;
                self.arcs[by[node] ^ 1].3 += 1;
                node = self.arcs[by[node]].0;
            }
        }
    }
}

fn supply() -> impl Strategy<Value = Supply> {
    (0..5u32, 0..4u32, 1..4u32).prop_map(|(capacity, recent, group)| Supply { capacity, recent, group })
}

/// Few values make ties; the others are as the recipe's.
fn value() -> impl Strategy<Value = i32> {
    prop_oneof![3 => -2..9i32, 1 => -20_000..120_000i32]
}

/// Pairs of one need or one resource: chances say which exist.
fn pairs(others: usize) -> impl Strategy<Value = Vec<(u32, i32)>> {
    prop::collection::vec((any::<bool>(), value()), others).prop_map(|all| {
        let all = all.into_iter().enumerate();
        all.filter_map(|(at, (exists, value))| exists.then_some((at as u32, value))).collect()
    })
}

fn to_resources(pairs: &[(u32, i32)]) -> Vec<Pair> {
    pairs.iter().map(|&(resource, value)| Pair { resource, value }).collect()
}

fn graph(needs: usize, resources: usize) -> impl Strategy<Value = Graph> {
    let supplies = prop::collection::vec(supply(), resources);
    let needs = prop::collection::vec((0..5u32, pairs(resources)), 0..=needs);
    (0..4i32, supplies, needs).prop_map(|(step, supplies, needs)| {
        let mut graph = Graph::new(step, supplies);
        for (head, pairs) in &needs {
            graph.push_need(*head, &to_resources(pairs));
        }
        graph
    })
}

fn any_graph() -> impl Strategy<Value = Graph> {
    (1..9usize).prop_flat_map(|resources| graph(9, resources))
}

#[derive(Debug, Clone)]
enum Event {
    NeedComes(u32, Vec<(u32, i32)>),
    NeedGoes(prop::sample::Index),
    ResourceComes(Supply, Vec<(u32, i32)>),
    ResourceGoes(prop::sample::Index),
    PairsCome(prop::sample::Index, Vec<(u32, i32)>),
    /// One of those held is told, or of those told one declines.
    Told(prop::sample::Index),
    Declined(prop::sample::Index),
}

/// Sides of an instance under events never grow beyond this.
const MOST: usize = 24;

fn event() -> impl Strategy<Value = Event> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        3 => (0..5u32, pairs(MOST)).prop_map(|(head, pairs)| Event::NeedComes(head, pairs)),
        2 => index().prop_map(Event::NeedGoes),
        3 => (supply(), pairs(MOST)).prop_map(|(supply, pairs)| Event::ResourceComes(supply, pairs)),
        2 => index().prop_map(Event::ResourceGoes),
        1 => (index(), pairs(MOST)).prop_map(|(need, pairs)| Event::PairsCome(need, pairs)),
        3 => index().prop_map(Event::Told),
        1 => index().prop_map(Event::Declined),
    ]
}

fn apply(matching: &mut Matching, told: &mut Vec<(u32, u32)>, event: &Event) {
    let (graph, _) = matching.snapshot();
    let (needs, resources) = (graph.heads.len(), graph.supplies.len());
    let known = |pairs: &[(u32, i32)], most: usize| -> Vec<(u32, i32)> {
        pairs.iter().copied().filter(|(other, _)| (*other as usize) < most).collect()
    };
    match event {
        Event::NeedComes(head, pairs) if needs < MOST => {
            matching.add_need(*head, &to_resources(&known(pairs, resources)));
        }
        Event::NeedGoes(index) if needs > 0 => matching.drop_need(index.index(needs) as u32),
        Event::ResourceComes(supply, pairs) if resources < MOST => {
            matching.add_resource(*supply, &known(pairs, needs));
        }
        Event::ResourceGoes(index) if resources > 0 => matching.drop_resource(index.index(resources) as u32),
        Event::PairsCome(index, pairs) if needs > 0 => {
            let need = index.index(needs);
            let mut pairs = to_resources(&known(pairs, resources));
            pairs.retain(|pair| graph.pairs_of(need).iter().all(|old| old.resource != pair.resource));
            matching.add_pairs(need as u32, &pairs);
        }
        Event::Told(index) => {
            matching.settle();
            let (graph, plan) = matching.snapshot();
            if plan.held.is_empty() {
                return;
            }
            let place = plan.held[index.index(plan.held.len())];
            let need = graph.starts.partition_point(|start| *start <= place) as u32 - 1;
            let resource = graph.pairs[place as usize].resource;
            assert!(matching.tell(need, resource));
            assert!(!matching.tell(need, resource), "once");
            told.push((need, resource));
            // Nothing else changes: what is left is still the best, with nothing to settle.
            let (rest, plan) = matching.snapshot();
            certify(&rest, &plan).expect("the rest is the best");
        }
        Event::Declined(index) if !told.is_empty() => {
            let (need, resource) = told.swap_remove(index.index(told.len()));
            matching.decline(need, resource);
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn the_solver_finds_what_the_naive_one_finds(graph in any_graph()) {
        graph.check().unwrap();
        let certificate = certify(&graph, &solve(&graph)).unwrap();
        prop_assert_eq!(certificate.objective, Naive::of(&graph).best());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn after_every_event_the_assignment_is_that_of_a_fresh_start(
        graph in any_graph(),
        events in prop::collection::vec((event(), prop::bool::weighted(0.8)), 1..40),
    ) {
        let mut matching = Matching::new(&graph);
        let mut told = Vec::new();
        for (event, settles) in &events {
            apply(&mut matching, &mut told, event);
            if *settles {
                matching.settle();
                let (now, plan) = matching.snapshot();
                now.check().unwrap();
                let fresh = certify(&now, &solve(&now)).unwrap();
                prop_assert_eq!(certify(&now, &plan).unwrap().objective, fresh.objective);
            }
        }
        matching.settle();
        let (now, plan) = matching.snapshot();
        prop_assert_eq!(certify(&now, &plan).unwrap().objective, Naive::of(&now).best());
    }
}

#[test]
fn a_city_is_solved_exactly_and_always_alike() {
    let graph = Recipe::of("s").unwrap().instance().graph;
    let plan = solve(&graph);
    // As OR-Tools finds it too (benches/peers/ortools_match.py).
    assert_eq!(certify(&graph, &plan).unwrap().objective, 27_413_448);
    assert_eq!(solve(&graph), plan);
}

/// One person for two needs, of which the dearer is worth it twice.
fn two_for_one() -> Graph {
    let mut graph = Graph::new(1, vec![Supply { capacity: 1, recent: 0, group: 1 }]);
    graph.push_need(1, &[Pair { resource: 0, value: 5 }]);
    graph.push_need(1, &[Pair { resource: 0, value: 9 }]);
    graph
}

#[test]
fn a_plan_that_is_not_the_best_or_breaks_a_bound_is_found_out() {
    let graph = two_for_one();
    let best = solve(&graph);
    assert_eq!(certify(&graph, &best).unwrap().objective, 9);
    let said = |plan: Plan| certify(&graph, &plan).unwrap_err();
    assert!(matches!(said(Plan { held: vec![0], ..best.clone() }), Unproven::Gap { objective: 5, .. }));
    assert_eq!(
        said(Plan { held: vec![0, 1], ..best.clone() }),
        Unproven::Capacity { resource: 0, load: 2, capacity: 1 }
    );
    assert_eq!(said(Plan { held: vec![1, 0], ..best.clone() }), Unproven::Held(0));
    assert_eq!(said(Plan { held: vec![1, 1], ..best.clone() }), Unproven::Held(1));
    assert_eq!(said(Plan { held: vec![7], ..best.clone() }), Unproven::Held(7));
    assert_eq!(said(Plan { prices: vec![-1], ..best.clone() }), Unproven::Price { resource: 0, price: -1 });
    assert_eq!(said(Plan { worths: vec![0, -1], ..best.clone() }), Unproven::Worth { need: 1, worth: -1 });
    assert!(matches!(said(Plan { worths: vec![0], ..best.clone() }), Unproven::Lengths { .. }));
    let mut none = graph.clone();
    none.heads[1] = 0;
    assert_eq!(certify(&none, &best).unwrap_err(), Unproven::Head { need: 1, filled: 1, head: 0 });
}

#[test]
fn a_graph_the_solver_cannot_take_says_why() {
    let with = |change: fn(&mut Graph)| {
        let mut graph = two_for_one();
        change(&mut graph);
        graph.check().unwrap_err()
    };
    assert!(matches!(with(|graph| graph.supplies[0].group = 0), GraphFault::Supply { resource: 0, .. }));
    assert!(matches!(with(|graph| graph.step = -1), GraphFault::Supply { .. }));
    assert!(matches!(with(|graph| graph.supplies[0].capacity = u32::MAX), GraphFault::Supply { .. }));
    assert!(matches!(with(|graph| graph.pairs[1].value = 1 << 28), GraphFault::Value { need: 1, .. }));
    assert!(matches!(with(|graph| graph.pairs[0].resource = 3), GraphFault::NoResource { need: 0, .. }));
    assert!(matches!(with(|graph| graph.starts[1] = 3), GraphFault::Starts { need: 0, .. }));
    let twice = |graph: &mut Graph| graph.push_need(1, &[Pair { resource: 0, value: 1 }; 2]);
    assert_eq!(with(twice), GraphFault::Twice { need: 2, resource: 0 });
}
