//! The plan of the seven days from today: candidates from the roster, the exact best assignment, and why.

use std::collections::HashMap;

use muster_core::area::AreaId;
use muster_core::dispatch::reasons::{Reason, Reasons};
use muster_core::dispatch::{Graph, Kept, Need, Pair, Pinned, Supply, pin, solve};
use muster_core::id::{NeedId, ResourceId};

use super::board_view::OTHERS;
use crate::error::{Error, Result};
use crate::roster::{Kept as Standing, Near};
use crate::state::State;

/// The nearest that are considered for one need.
const NEAREST: usize = 30;

/// A need as the plan takes it; its head are the helpers still looked for.
#[derive(Clone, Debug)]
pub struct Task {
    pub id: NeedId,
    pub need: Need,
    /// Place in the pack's list.
    pub risk: usize,
}

/// Somebody proposed for a need.
#[derive(Clone, Copy, Debug)]
pub struct Proposed {
    pub resource: ResourceId,
    pub km: f64,
    pub value: i32,
    /// How likely they say yes and come.
    pub chance: f64,
    pub is_pinned: bool,
}

/// Somebody who could help and is not proposed.
#[derive(Clone, Copy, Debug)]
pub struct Other {
    pub resource: ResourceId,
    pub km: f64,
    pub why: Reason,
}

/// What the plan holds for one need; in the order of the tasks.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub wanted: u32,
    /// Part of the seven days, as a bit.
    pub slot: Option<u8>,
    pub proposed: Vec<Proposed>,
    pub others: Vec<Other>,
    /// How many could help at all, of the nearest that were considered.
    pub able: usize,
}

impl Line {
    pub fn short(&self) -> u32 {
        self.wanted.saturating_sub(self.proposed.len() as u32)
    }

    pub fn named(&self) -> impl Iterator<Item = ResourceId> {
        let proposed = self.proposed.iter().map(|proposed| proposed.resource);
        proposed.chain(self.others.iter().map(|other| other.resource))
    }
}

#[derive(Clone, Debug, Default)]
pub struct Planned {
    pub lines: Vec<Line>,
    /// What the plan is worth, and the bound its prices prove; they are equal.
    pub objective: i64,
    pub dual: i64,
    pub wanted: u64,
    pub found: u64,
    /// People and organisations that can be asked, and those the plan asks.
    pub free: usize,
    pub used: usize,
    /// By part of the seven days: helpers wanted there, those found, and how many are free.
    pub parts: Vec<Part>,
    /// Free people and organisations by area.
    pub free_in: HashMap<AreaId, u64>,
    pub seconds: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub wanted: u64,
    pub found: u64,
    pub free: u64,
}

pub fn plan(
    state: &State,
    tasks: &[Task],
    leave_out: impl Fn(NeedId, ResourceId) -> bool + Sync,
    pins: &[(NeedId, ResourceId)],
) -> Result<Planned> {
    let begun = state.clock.elapsed();
    let standing = state.roster.read();
    let Some(standing) = standing.as_ref() else { return Ok(Planned::default()) };
    let since = || state.clock.elapsed().saturating_sub(begun).as_secs_f64();
    let (mut asked, far) = gather(state, standing, tasks, leave_out, pins);
    let gathered = since();
    let first = solve(&asked.graph);
    let free: Vec<u32> =
        (0..standing.numbers()).map(|number| standing.resource(number).map_or(0, |free| free.slots)).collect();
    let wanted: Vec<u32> = tasks.iter().map(|task| task.need.slots).collect();
    asked.slots = pin(&mut asked.graph, &first.prices, &wanted, &free);
    let pinned = since();
    let kept = asked.solve().map_err(|fault| Error::internal(&fault))?;
    let solved = since();
    let mut planned = told(state, standing, tasks, (&asked, &kept), &far);
    planned.seconds = since();
    tracing::debug!(needs = tasks.len(), gathered, pinned, solved, told = planned.seconds, "planned, in seconds");
    Ok(planned)
}

/// Threads that look for who is near: each has a stretch of the needs, and their finds stand in the order of the needs.
const THREADS: usize = 2;

/// Who is near some needs: their pairs, and how far away each is.
#[derive(Default)]
struct Gathered {
    /// How many pairs each need has.
    counts: Vec<u32>,
    pairs: Vec<Pair>,
    far: Vec<f32>,
    /// Places of the pairs that are pinned.
    told: Vec<u32>,
}

/// The problem, and for each of its pairs how far away the resource is.
fn gather(
    state: &State,
    standing: &Standing,
    tasks: &[Task],
    leave_out: impl Fn(NeedId, ResourceId) -> bool + Sync,
    pins: &[(NeedId, ResourceId)],
) -> (Pinned, Vec<f32>) {
    let stretches: Vec<&[Task]> = tasks.chunks(tasks.len().div_ceil(THREADS).max(1)).collect();
    let found: Vec<Gathered> = std::thread::scope(|scope| {
        let leave_out = &leave_out;
        let look = |stretch| scope.spawn(move || near(state, standing, stretch, leave_out, pins));
        let threads: Vec<_> = stretches.iter().copied().map(look).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread that looks for who is near ends well"))
            .collect()
    });
    let supply = |number| {
        let none = Supply { capacity: 0, recent: 0, group: 1 };
        standing.resource(number).map_or(none, muster_core::dispatch::Resource::supply)
    };
    let mut graph = Graph::new(state.pack.dispatch.worth.step, (0..standing.numbers()).map(supply).collect());
    graph.pairs.reserve(found.iter().map(|found| found.pairs.len()).sum());
    let at_once = (0..standing.numbers()).map(|number| standing.known(number).room).collect();
    let (mut told, mut far) = (Vec::new(), Vec::with_capacity(graph.pairs.capacity()));
    for (stretch, found) in stretches.iter().zip(found) {
        let before = graph.pairs.len() as u32;
        told.extend(found.told.iter().map(|place| before + place));
        let mut pairs = found.pairs.as_slice();
        for (task, count) in stretch.iter().zip(found.counts) {
            let (mine, rest) = pairs.split_at(count as usize);
            graph.push_need(task.need.head, mine);
            pairs = rest;
        }
        far.extend(found.far);
    }
    (Pinned { graph, slots: Vec::new(), at_once, told }, far)
}

/// Who can serve each of these needs and is worth it, the nearest first; whoever is pinned to it whatever that is worth.
fn near(
    state: &State,
    standing: &Standing,
    tasks: &[Task],
    leave_out: impl Fn(NeedId, ResourceId) -> bool,
    pins: &[(NeedId, ResourceId)],
) -> Gathered {
    let worth = &state.pack.dispatch.worth;
    let mut all = Gathered::default();
    for task in tasks {
        let need = &task.need;
        let mut found = Vec::new();
        if need.head > 0 && need.slots > 0 {
            found = standing.near(need, task.risk, NEAREST, |id| leave_out(task.id, id));
        }
        let mine = pins.iter().filter(|(id, _)| *id == task.id).filter_map(|(_, resource)| standing.find(*resource));
        for number in mine {
            let serves = standing.resource(number).and_then(|resource| resource.serves(need));
            if let Some(square) = serves.filter(|_| need.head > 0 && found.iter().all(|near| near.number != number)) {
                let km = f64::from(square).sqrt();
                found.push(Near { id: standing.known(number).id, number, km });
            }
        }
        let before = all.pairs.len();
        for near in found {
            let Some(resource) = standing.resource(near.number) else { continue };
            let value = worth.of(need, resource, near.km);
            let is_pinned = pins.contains(&(task.id, near.id));
            if is_pinned {
                all.told.push(all.pairs.len() as u32);
            }
            if value > 0 || is_pinned {
                all.pairs.push(Pair { resource: near.number, value: value.max(1) });
                all.far.push(near.km as f32);
            }
        }
        all.counts.push((all.pairs.len() - before) as u32);
    }
    all
}

/// The plan in terms of those who read it.
fn told(state: &State, standing: &Standing, tasks: &[Task], (asked, kept): (&Pinned, &Kept), far: &[f32]) -> Planned {
    let reasons = Reasons::new(asked, kept);
    let mut planned = Planned {
        objective: kept.objective,
        dual: kept.certificate.dual - kept.certificate.objective + kept.objective,
        free: standing.count(),
        parts: vec![Part::default(); state.pack.dispatch.parts.len() * 7],
        ..Planned::default()
    };
    let mut held = kept.held.iter().copied().peekable();
    let mut used = vec![false; standing.numbers() as usize];
    let mut left: Vec<(std::cmp::Reverse<i32>, ResourceId, u32)> = Vec::new();
    for (at, task) in tasks.iter().enumerate() {
        let places = asked.graph.starts[at]..asked.graph.starts[at + 1];
        let mut line = Line { wanted: task.need.head, able: places.len(), ..Line::default() };
        line.slot = (task.need.head > 0 && task.need.slots > 0).then_some(asked.slots[at]);
        left.clear();
        for place in places {
            let pair = asked.graph.pairs[place as usize];
            let id = standing.known(pair.resource).id;
            if held.next_if_eq(&place).is_none() {
                left.push((std::cmp::Reverse(pair.value), id, place));
                continue;
            }
            used[pair.resource as usize] = true;
            let resource = standing.resource(pair.resource);
            line.proposed.push(Proposed {
                resource: id,
                km: f64::from(far[place as usize]),
                value: pair.value,
                chance: resource.map_or(0.0, |resource| f64::from(resource.acceptance)),
                is_pinned: asked.told.binary_search(&place).is_ok(),
            });
        }
        line.proposed.sort_by_key(|proposed| (std::cmp::Reverse(proposed.value), proposed.resource));
        // Of those who are left only the first few are named.
        if left.len() > OTHERS {
            left.select_nth_unstable(OTHERS);
            left.truncate(OTHERS);
        }
        left.sort_unstable();
        let other = |(_, resource, place): &(_, ResourceId, u32)| Other {
            resource: *resource,
            km: f64::from(far[*place as usize]),
            why: reasons.of(at as u32, *place),
        };
        line.others = left.iter().map(other).collect();
        planned.wanted += u64::from(line.wanted);
        planned.found += line.proposed.len() as u64;
        if let Some(part) = line.slot.and_then(|slot| planned.parts.get_mut(usize::from(slot))) {
            part.wanted += u64::from(line.wanted);
            part.found += line.proposed.len() as u64;
        }
        planned.lines.push(line);
    }
    planned.used = used.into_iter().filter(|used| *used).count();
    for number in 0..standing.numbers() {
        let Some(resource) = standing.resource(number) else { continue };
        let known = standing.known(number);
        *planned.free_in.entry(known.area).or_default() += 1;
        for (bit, part) in planned.parts.iter_mut().enumerate() {
            part.free += u64::from(resource.slots >> bit & 1);
        }
    }
    planned
}
