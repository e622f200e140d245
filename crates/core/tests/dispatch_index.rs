//! The index beside a scan of everybody, and an instance through a file.

use muster_core::dispatch::pair::{Need, Point, Resource, Worth};
use muster_core::dispatch::recipe::Recipe;
use muster_core::dispatch::{Index, file};
use proptest::prelude::*;

fn resource() -> impl Strategy<Value = Resource> {
    // Coarse places and radii, so that many lie at one distance, on edges of cells and just within reach.
    (0..24u32, 0..24u32, any::<u32>(), any::<u32>(), 1..12u32).prop_map(|(x, y, skills, slots, radius)| Resource {
        at: Point { x: x as f32 / 2.0, y: y as f32 / 2.0 },
        skills: skills & 0x0f,
        slots: slots & 0x07,
        capacity: 1,
        radius: radius as f32 / 2.0,
        group: 1,
        recent: 0,
        acceptance: 0.5,
    })
}

fn need() -> impl Strategy<Value = Need> {
    (-8..36i32, -8..36i32, any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(x, y, a, b, slots)| Need {
        at: Point { x: x as f32 / 2.0, y: y as f32 / 2.0 },
        skills: a & b & 0x0f,
        slots: slots & 0x07,
        head: 1,
        weight: 1.0,
    })
}

fn scan(resources: &[Resource], need: &Need) -> Vec<(f32, u32)> {
    let able = resources.iter().enumerate();
    let mut able: Vec<_> =
        able.filter_map(|(at, resource)| resource.serves(need).map(|square| (square, at as u32))).collect();
    able.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    able
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_index_finds_what_a_scan_finds(
        resources in prop::collection::vec(resource(), 0..220),
        needs in prop::collection::vec(need(), 1..12),
        k in 1..40usize,
    ) {
        let index = Index::new(&resources);
        let mut found = Vec::new();
        for need in &needs {
            let all = scan(&resources, need);
            index.nearest(need, k, &mut found);
            let near: Vec<_> = found.iter().map(|found| (found.square, found.resource)).collect();
            prop_assert_eq!(&near[..], &all[..k.min(all.len())]);
            let mut every = Vec::new();
            index.each(need, |found| every.push((found.square, found.resource)), |_, _| false);
            every.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            prop_assert_eq!(every, all);
        }
    }

    #[test]
    fn no_pair_is_worth_more_than_its_bounds(need in need(), resource in resource(), weight in 0.1f32..12.0, acceptance in 0f32..=1.0) {
        let (need, resource) = (Need { weight, ..need }, Resource { acceptance, ..resource });
        let worth = Worth::default();
        let distance = f64::from(resource.at.square_to(need.at)).sqrt();
        let widest = f64::from(resource.radius) + 3.0;
        let value = f64::from(worth.of(&need, &resource, distance));
        prop_assert!(value <= worth.at_most(&need, distance, widest));
        prop_assert!(value <= worth.at_best(&need, &resource, distance));
    }
}

#[test]
fn an_instance_comes_back_from_its_file() {
    let instance = Recipe::of("s").unwrap().instance();
    let mut bytes = Vec::new();
    file::write(&instance, &mut bytes).unwrap();
    assert_eq!(file::read(&mut bytes.as_slice()).unwrap(), instance);
    assert!(file::read(&mut &bytes[..bytes.len() - 1]).unwrap_err().to_string().contains("complete"));
    let said = |at: usize, word: u32| {
        let mut bytes = bytes.clone();
        bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        file::read(&mut bytes.as_slice()).unwrap_err().to_string()
    };
    let (needs, resources, pairs) = (instance.needs.len(), instance.resources.len(), instance.graph.pairs.len());
    let starts = 24 + 4 * (6 * needs + 9 * resources);
    assert!(said(0, 7).contains("MUSTERD1"));
    assert!(said(8, u32::MAX).contains("4294967295 needs"));
    assert!(said(24, f32::NAN.to_bits()).contains("need x holds NaN in row 0"));
    assert!(said(starts + 4 * needs, 3).contains("end at 3"));
    assert!(said(starts + 4, u32::MAX).contains("need 0"));
    assert!(said(starts + 4 * (needs + 1), 999_999).contains("resource 999999 is not one of 5000"));
    assert!(said(starts + 4 * (needs + 1 + pairs), i32::MIN as u32).contains("scale all values down"));
}

#[test]
fn the_recipe_has_the_shape_it_says() {
    let instance = Recipe::of("m").unwrap().instance();
    let head: u32 = instance.needs.iter().map(|need| need.head).sum();
    let capacity: u32 = instance.resources.iter().map(|resource| resource.capacity).sum();
    assert!((16_000..17_200).contains(&head), "{head} helpers asked for");
    assert!((150_000..156_000).contains(&capacity), "{capacity} tasks can be taken");
    assert!((290_000..300_000).contains(&instance.graph.pairs.len()), "{} pairs", instance.graph.pairs.len());
    assert!(Recipe::of("xl").is_none());
}
