//! The living index beside a scan of everybody, over histories of who comes, changes and goes.

use std::collections::BTreeMap;

use muster_core::dispatch::pair::{Need, Point, Resource};
use muster_core::dispatch::{Found, Roster};
use proptest::prelude::*;

fn resource() -> impl Strategy<Value = Resource> {
    // Coarse places, so that many lie at one distance.
    (0..24u32, 0..24u32, any::<u32>(), any::<u32>(), 1..16u32).prop_map(|(x, y, skills, slots, radius)| Resource {
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
    (-8..36i32, -8..36i32, any::<u32>(), any::<u32>(), 1..8u32).prop_map(|(x, y, a, b, slots)| Need {
        at: Point { x: x as f32 / 2.0, y: y as f32 / 2.0 },
        skills: a & b & 0x0f,
        slots,
        head: 1,
        weight: 1.0,
    })
}

#[derive(Debug, Clone)]
enum Event {
    Set(u32, Resource),
    /// Of those there, or of those that are not.
    Remove(u32),
    /// Neither place nor skills change.
    Tire(u32),
    Ask(Need),
}

fn event() -> impl Strategy<Value = Event> {
    let number = || 0..700u32;
    prop_oneof![
        6 => (number(), resource()).prop_map(|(number, resource)| Event::Set(number, resource)),
        2 => number().prop_map(Event::Remove),
        1 => number().prop_map(Event::Tire),
        1 => need().prop_map(Event::Ask),
    ]
}

fn scan(there: &BTreeMap<u32, Resource>, need: &Need, accept: impl Fn(u32) -> bool) -> Vec<Found> {
    let able = there.iter().filter(|(number, _)| accept(**number));
    let mut able: Vec<Found> = able
        .filter_map(|(number, resource)| Some(Found { resource: *number, square: resource.serves(need)? }))
        .collect();
    able.sort_by(|a, b| a.square.total_cmp(&b.square).then(a.resource.cmp(&b.resource)));
    able
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_roster_finds_what_a_scan_finds_whatever_came_and_went(
        first in prop::collection::vec(resource(), 0..300),
        events in prop::collection::vec(event(), 0..2_500),
        k in 1..40usize,
        odd in 2..5u32,
    ) {
        let mut there: BTreeMap<u32, Resource> = (0..).zip(first).collect();
        let mut roster = Roster::new(there.clone());
        let accept = |number: u32| !number.is_multiple_of(odd);
        let mut found = Vec::new();
        for event in events {
            match event {
                Event::Set(number, resource) => {
                    there.insert(number, resource.clone());
                    roster.set(number, resource);
                }
                Event::Remove(number) => {
                    there.remove(&number);
                    roster.remove(number);
                }
                Event::Tire(number) => {
                    if let Some(resource) = there.get_mut(&number) {
                        resource.recent += 1;
                        roster.set(number, resource.clone());
                    }
                }
                Event::Ask(need) => {
                    let mut all = scan(&there, &need, accept);
                    all.truncate(k);
                    roster.nearest(&need, k, accept, &mut found);
                    prop_assert_eq!(&found, &all);
                }
            }
            prop_assert_eq!(roster.len(), there.len());
        }
        for (number, resource) in &there {
            prop_assert_eq!(roster.get(*number), Some(resource));
        }
    }
}
