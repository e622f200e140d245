//! Widening from a few nearest pairs reaches the optimum over all possible pairs.

use muster_core::dispatch::recipe::Recipe;
use muster_core::dispatch::{Field, Index, Matching, Worth, certify, nearest_graph, solve};

#[test]
fn widening_ends_at_the_best_over_all_pairs() {
    let worth = Worth::default();
    for seed in 0..40 {
        let is_surge = seed % 2 == 1;
        let recipe = Recipe { needs: 120, resources: 150, side: 12.0, clusters: 20, is_surge, seed };
        let (needs, resources) = recipe.sides();
        let index = Index::new(&resources);
        let graph_of = |k| nearest_graph(&needs, &resources, &index, &worth, k);
        let all = graph_of(resources.len());
        let best = certify(&all, &solve(&all)).unwrap().objective;
        let field = Field { needs: &needs, resources: &resources, index: &index, worth: &worth };
        let few = graph_of(2);
        let begun = certify(&few, &solve(&few)).unwrap().objective;
        let mut matching = Matching::new(&few);
        let mut last = begun;
        while matching.widen(&field, 3) > 0 {
            let (graph, plan) = matching.snapshot();
            graph.check().unwrap();
            let objective = certify(&graph, &plan).unwrap().objective;
            assert!(objective >= last, "seed {seed}: {objective} after {last}");
            last = objective;
        }
        assert!(begun < best, "seed {seed}: two pairs a need were enough");
        assert_eq!(last, best, "seed {seed}");
        // The last prices prove it over all pairs, also for one who knows nothing of how they came about.
        let (graph, mut plan) = matching.snapshot();
        let held: Vec<_> = (0..needs.len())
            .flat_map(|need| (graph.starts[need]..graph.starts[need + 1]).map(move |at| (need, at)))
            .filter(|(_, at)| plan.held.binary_search(at).is_ok())
            .map(|(need, at)| (need, graph.pairs[at as usize]))
            .collect();
        let place = |(need, pair)| {
            let at = all.pairs_of(need).iter().position(|other| *other == pair).unwrap();
            all.starts[need] + at as u32
        };
        plan.held = held.into_iter().map(place).collect();
        plan.held.sort_unstable();
        assert_eq!(certify(&all, &plan).unwrap().objective, best, "seed {seed}");
    }
}
