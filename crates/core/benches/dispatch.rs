//! What the matching engine does in a second: `cargo bench -p muster-core --bench dispatch -- [solve|candidates|roster|live|columns] [SIZE]`.
//! What is done more than once does the same each time, and the quickest counts. Times of solutions and batches are those of this thread on
//! a core where the system tells them (Linux), since a shared machine's clock says little; others are those of the clock.

use std::collections::BTreeSet;
use std::io::{Write, stdout};
use std::time::Instant;

use muster_core::dispatch::recipe::Recipe;
use muster_core::dispatch::{Field, Found, Graph, Index, Matching, Need, Pair, Roster, Supply, Worth, certify, solve};

const RUNS: usize = 5;

fn say(line: &str) {
    writeln!(stdout(), "{line}").expect("standard output is open");
}

/// Seconds that this thread was on a core, or by the clock.
fn cpu_seconds(begun: Instant) -> f64 {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds: Option<f64> = nanoseconds.and_then(|stat| stat.split(' ').next()?.parse().ok());
    nanoseconds.map_or(begun.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

fn recipe(size: &str) -> Recipe {
    Recipe::of(size).expect("a size is s, m, l, ms or ls")
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["solve", size] => whole(size),
        ["candidates", size] => candidates(size),
        ["roster", size] => roster(size),
        ["live", size] => live(size, 0.01),
        ["columns", size] => columns(size),
        _ => {
            ["s", "m", "l", "ms", "ls"].into_iter().for_each(whole);
            candidates("l");
            roster("l");
            live("ms", 0.01);
            ["s", "m", "ms"].into_iter().for_each(columns);
        }
    }
}

/// Percentile of sorted times, in microseconds.
fn at(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize] * 1e6
}

fn whole(size: &str) {
    let graph = recipe(size).instance().graph;
    let start = Instant::now();
    let mut times = Vec::new();
    let mut objective = 0;
    for _ in 0..RUNS {
        let before = cpu_seconds(start);
        let plan = solve(&graph);
        times.push(cpu_seconds(start) - before);
        objective = certify(&graph, &plan).expect("the plan is the best").objective;
    }
    times.sort_by(f64::total_cmp);
    let (least, median) = (times[0], times[RUNS / 2]);
    say(&format!("solve {size}: {objective}, median {median:.4} s, quickest {least:.4} s"));
}

fn candidates(size: &str) {
    let (needs, resources) = recipe(size).sides();
    let begun = Instant::now();
    let index = Index::new(&resources);
    say(&format!("candidates {size}: index of {} built in {:.3} s", resources.len(), begun.elapsed().as_secs_f64()));
    queries(&needs, |need, found| index.nearest(need, 30, found));
}

/// The resources of whom one after the other moves a little, and in between the needs that look for them.
fn roster(size: &str) {
    let (needs, resources) = recipe(size).sides();
    let numbered = resources.iter().cloned().enumerate().map(|(at, resource)| (at as u32, resource));
    let mut roster = Roster::new(numbered);
    let moved = |at: usize| {
        let mut resource = resources[at].clone();
        resource.at.x += 0.01;
        resource
    };
    // Every resource is met once, in no order of place; all stay short of the next time that the base is laid out anew.
    let met = |nth: usize| nth * 7_919 % resources.len();
    let most = resources.len() / 65;
    let begun = Instant::now();
    for nth in 0..most {
        roster.set(met(nth) as u32, moved(met(nth)));
    }
    let each = begun.elapsed().as_secs_f64() / most as f64 * 1e6;
    say(&format!("roster {size}: {most} of {} changed, {each:.1} us each", resources.len()));
    queries(&needs, |need, found| roster.nearest(need, 30, |_| true, found));
    let begun = Instant::now();
    for nth in most..4 * most {
        roster.set(met(nth) as u32, moved(met(nth)));
    }
    let each = begun.elapsed().as_secs_f64() / (3 * most) as f64 * 1e6;
    let begun = Instant::now();
    drop(Index::new(&resources));
    say(&format!("  with all laid out anew: {each:.1} us each, one such {:.3} s", begun.elapsed().as_secs_f64()));
}

fn queries(needs: &[Need], nearest: impl Fn(&Need, &mut Vec<Found>)) {
    let asked: Vec<_> = needs.iter().step_by((needs.len() / 20_000).max(1)).collect();
    let mut quickest = vec![f64::INFINITY; asked.len()];
    let mut best = f64::INFINITY;
    let mut found = Vec::new();
    for _ in 0..RUNS {
        let whole = Instant::now();
        for need in &asked {
            nearest(need, &mut found);
        }
        best = best.min(whole.elapsed().as_secs_f64());
        for (need, quickest) in asked.iter().zip(&mut quickest) {
            let begun = Instant::now();
            nearest(need, &mut found);
            *quickest = quickest.min(begun.elapsed().as_secs_f64());
        }
    }
    quickest.sort_by(f64::total_cmp);
    let (p50, p99, most) = (at(&quickest, 0.5), at(&quickest, 0.99), at(&quickest, 1.0));
    let rate = asked.len() as f64 / best;
    say(&format!("  30 nearest: {rate:.0} queries/s, p50 {p50:.1} us, p99 {p99:.1} us, most {most:.0} us"));
}

#[derive(Debug, Clone, Copy)]
enum Event {
    NeedComes(usize),
    NeedGoes(usize),
    ResourceComes(usize),
    ResourceGoes(usize),
}

/// A city of which some is not there yet.
struct City {
    graph: Graph,
    backs: Vec<Vec<(u32, i32)>>,
    late_needs: BTreeSet<usize>,
    late_resources: BTreeSet<usize>,
    events: Vec<Event>,
}

/// A share of both sides comes later, another share goes, in an order of chance.
fn city(size: &str, share: f64) -> City {
    let graph = recipe(size).instance().graph;
    let mut state = 7u64;
    let mut chance = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below
    };
    let mut backs = vec![Vec::new(); graph.supplies.len()];
    for need in 0..graph.heads.len() {
        graph.pairs_of(need).iter().for_each(|pair| backs[pair.resource as usize].push((need as u32, pair.value)));
    }
    let mut some = |most: usize| -> (BTreeSet<usize>, BTreeSet<usize>) {
        let count = (most as f64 * share) as usize;
        let mut late = BTreeSet::new();
        while late.len() < count {
            late.insert(chance(most));
        }
        let mut leaving = BTreeSet::new();
        while leaving.len() < count {
            let one = chance(most);
            if !late.contains(&one) {
                leaving.insert(one);
            }
        }
        (late, leaving)
    };
    let (late_needs, leaving_needs) = some(graph.heads.len());
    let (late_resources, leaving_resources) = some(graph.supplies.len());
    let mut events: Vec<Event> = late_needs.iter().map(|need| Event::NeedComes(*need)).collect();
    events.extend(leaving_needs.iter().map(|need| Event::NeedGoes(*need)));
    events.extend(late_resources.iter().map(|resource| Event::ResourceComes(*resource)));
    events.extend(leaving_resources.iter().map(|resource| Event::ResourceGoes(*resource)));
    for last in (1..events.len()).rev() {
        events.swap(last, chance(last + 1));
    }
    City { graph, backs, late_needs, late_resources, events }
}

/// The matching before the events, with what tells numbers of the city from its own.
struct Running<'a> {
    city: &'a City,
    matching: Matching,
    needs: Vec<Option<u32>>,
    resources: Vec<Option<u32>>,
}

impl<'a> Running<'a> {
    fn new(city: &'a City) -> Self {
        let absent = Supply { capacity: 0, recent: 0, group: 1 };
        let supplies = city.graph.supplies.iter().enumerate();
        let supplies = supplies.map(|(at, supply)| if city.late_resources.contains(&at) { absent } else { *supply });
        let mut graph = Graph::new(city.graph.step, supplies.collect());
        let there = |at: usize, late: &BTreeSet<usize>| (!late.contains(&at)).then_some(at as u32);
        for need in 0..city.graph.heads.len() {
            let pairs = city.graph.pairs_of(need).iter().copied();
            let pairs: Vec<_> = pairs.filter(|pair| !city.late_resources.contains(&(pair.resource as usize))).collect();
            match there(need, &city.late_needs) {
                Some(_) => graph.push_need(city.graph.heads[need], &pairs),
                None => graph.push_need(0, &[]),
            }
        }
        let needs = (0..city.graph.heads.len()).map(|need| there(need, &city.late_needs)).collect();
        let resources = (0..city.graph.supplies.len()).map(|one| there(one, &city.late_resources)).collect();
        Self { city, matching: Matching::new(&graph), needs, resources }
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::NeedComes(at) => {
                let pairs = self.city.graph.pairs_of(at).iter();
                let known = |pair: &Pair| {
                    self.resources[pair.resource as usize].map(|resource| Pair { resource, value: pair.value })
                };
                let pairs: Vec<_> = pairs.filter_map(known).collect();
                self.needs[at] = Some(self.matching.add_need(self.city.graph.heads[at], &pairs));
            }
            Event::ResourceComes(at) => {
                let known = |(need, value): &(u32, i32)| self.needs[*need as usize].map(|need| (need, *value));
                let pairs: Vec<_> = self.city.backs[at].iter().filter_map(known).collect();
                self.resources[at] = Some(self.matching.add_resource(self.city.graph.supplies[at], &pairs));
            }
            Event::NeedGoes(at) => self.matching.drop_need(self.needs[at].take().expect("it is there")),
            Event::ResourceGoes(at) => self.matching.drop_resource(self.resources[at].take().expect("it is there")),
        }
    }

    fn objective(&self) -> i64 {
        let (graph, plan) = self.matching.snapshot();
        certify(&graph, &plan).expect("the assignment is the best").objective
    }
}

fn live(size: &str, share: f64) {
    let start = Instant::now();
    let city = city(size, share);
    let mut quickest = vec![f64::INFINITY; city.events.len()];
    let (mut cold, mut batch) = (f64::INFINITY, f64::INFINITY);
    for run in 0..RUNS {
        let mut running = Running::new(&city);
        for (number, (event, quickest)) in city.events.iter().zip(&mut quickest).enumerate() {
            let begun = Instant::now();
            running.apply(*event);
            running.matching.settle();
            *quickest = quickest.min(begun.elapsed().as_secs_f64());
            if run == 0 && number % 20 == 0 {
                running.objective();
            }
        }
        let mut together = Running::new(&city);
        let before = cpu_seconds(start);
        city.events.iter().for_each(|event| together.apply(*event));
        together.matching.settle();
        batch = batch.min(cpu_seconds(start) - before);
        let (graph, _) = running.matching.snapshot();
        let before = cpu_seconds(start);
        let plan = solve(&graph);
        cold = cold.min(cpu_seconds(start) - before);
        let objective = certify(&graph, &plan).expect("the plan is the best").objective;
        assert_eq!(running.objective(), objective, "one by one");
        assert_eq!(together.objective(), objective, "together");
    }
    let sum: f64 = quickest.iter().sum();
    quickest.sort_by(f64::total_cmp);
    let (p50, p99, most) = (at(&quickest, 0.5), at(&quickest, 0.99), at(&quickest, 1.0));
    say(&format!(
        "live {size}: {} events one by one {sum:.3} s, as a batch {batch:.3} s, from nothing {cold:.3} s",
        quickest.len()
    ));
    say(&format!("  an event: p50 {p50:.1} us, p99 {p99:.0} us, most {most:.0} us"));
}

fn columns(size: &str) {
    let (needs, resources) = recipe(size).sides();
    let (index, worth) = (Index::new(&resources), Worth::default());
    let graph = recipe(size).instance().graph;
    let field = Field { needs: &needs, resources: &resources, index: &index, worth: &worth };
    let mut matching = Matching::new(&graph);
    let objective = |matching: &Matching| {
        let (graph, plan) = matching.snapshot();
        certify(&graph, &plan).expect("the assignment is the best of its pairs").objective
    };
    let mut reached = vec![objective(&matching)];
    let begun = Instant::now();
    loop {
        let added = matching.widen(&field, 10);
        say(&format!("columns {size}: {added} pairs, {:.2} s since the start", begun.elapsed().as_secs_f64()));
        if added == 0 {
            break;
        }
        reached.push(objective(&matching));
    }
    let best = reached[reached.len() - 1];
    for (round, objective) in reached.iter().enumerate() {
        let behind = (best - objective) as f64 / best as f64 * 100.0;
        say(&format!("  after round {round}: {objective}, {behind:.4} % behind the best over all pairs"));
    }
}
