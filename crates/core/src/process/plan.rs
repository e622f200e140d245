//! The plan of a case whose work is parted: when each part can begin and end, how much it can slip, and which parts decide
//! the end.
//!
//! A part begins when the parts it comes after have ended, when the part it belongs to has begun, and not before its date;
//! it ends when its own time is used up, and not before the parts below it. How long a part takes depends on where it
//! begins (weekends, holidays), so the caller gives that as a function of the start; it must not end earlier for a later
//! start.

use crate::time::Timestamp;

/// What is planned. Parts are named by their numbers within the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub number: u32,
    /// The part it is a part of.
    pub parent: Option<u32>,
    /// Parts that must have ended before.
    pub after: Vec<u32>,
    pub not_before: Option<Timestamp>,
    pub stage: Stage,
}

/// How far a part has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not begun: when it will is computed.
    Waiting,
    Begun {
        at: Timestamp,
    },
    Ended {
        from: Timestamp,
        at: Timestamp,
    },
}

/// When a part runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub number: u32,
    pub start: Timestamp,
    pub finish: Timestamp,
    /// Microseconds by which its end may slip without moving the end of the whole; 0 for a part that has ended.
    pub slack: i64,
    /// Not ended, and on a chain that leads to the end without a gap. It may still have slack: a week-end within the chain
    /// takes up a small delay.
    pub critical: bool,
    /// Nothing it waits for is open: it can begin now, or has begun.
    pub may_begin: bool,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    #[error("part {0} is named twice")]
    Twice(u32),
    #[error("part {part} refers to part {other}, which does not exist")]
    Unknown { part: u32, other: u32 },
    #[error("part {0} refers to itself")]
    Itself(u32),
    /// Each waits for the next, the last for the first.
    #[error("parts wait for each other in a circle: {}", .0.iter().map(u32::to_string).collect::<Vec<_>>().join(" → "))]
    Circle(Vec<u32>),
}

/// The plan from `now` on, in the order of `parts`. `span(i, start)` is when part `i` ends if it begins at `start`.
pub fn plan(
    parts: &[Planned],
    now: Timestamp,
    span: impl Fn(usize, Timestamp) -> Timestamp,
) -> Result<Vec<Slot>, PlanFault> {
    let net = Net::of(parts)?;
    let (starts, finishes) = forward(parts, &net, now, &span);
    let end = finishes.iter().copied().max().unwrap_or(now);
    let latest = backward(parts, &net, (&starts, &finishes), end, &span);
    let critical = leading(parts, &net, (&starts, &finishes), end, |i| span(i, starts[i]).max(now));
    let slots = parts.iter().enumerate().map(|(i, part)| {
        let ended = matches!(part.stage, Stage::Ended { .. });
        let slack = if ended { 0 } else { latest[i].since(finishes[i]).max(0) };
        Slot {
            number: part.number,
            start: starts[i],
            finish: finishes[i],
            slack,
            critical: critical[i],
            may_begin: !ended && starts[i] <= now && net.waits[i].iter().all(|before| over(&parts[*before])),
        }
    });
    Ok(slots.collect())
}

fn over(part: &Planned) -> bool {
    matches!(part.stage, Stage::Ended { .. })
}

/// Who waits for whom, by place in the list.
struct Net {
    /// Parts that must have ended before this one begins.
    waits: Vec<Vec<usize>>,
    parents: Vec<Option<usize>>,
    /// Beginnings (`2 i`) and ends (`2 i + 1`), each after all it waits for.
    order: Vec<usize>,
}

impl Net {
    fn of(parts: &[Planned]) -> Result<Self, PlanFault> {
        let place = |number: u32| parts.iter().position(|part| part.number == number);
        for (i, part) in parts.iter().enumerate() {
            if place(part.number) != Some(i) {
                return Err(PlanFault::Twice(part.number));
            }
        }
        let find = |part: u32, other: u32| match place(other) {
            _ if part == other => Err(PlanFault::Itself(part)),
            Some(found) => Ok(found),
            None => Err(PlanFault::Unknown { part, other }),
        };
        let (mut waits, mut parents) = (Vec::new(), Vec::new());
        for part in parts {
            waits.push(part.after.iter().map(|other| find(part.number, *other)).collect::<Result<Vec<_>, _>>()?);
            parents.push(part.parent.map(|other| find(part.number, other)).transpose()?);
        }
        let before: Vec<Vec<usize>> = (0..2 * parts.len())
            .map(|event| match (event / 2, event % 2) {
                (i, 0) => waits[i].iter().map(|j| 2 * j + 1).chain(parents[i].map(|j| 2 * j)).collect(),
                (i, _) => {
                    let below = (0..parts.len()).filter(|j| parents[*j] == Some(i)).map(|j| 2 * j + 1);
                    below.chain([2 * i]).collect()
                }
            })
            .collect();
        let order = sorted(&before).map_err(|events| PlanFault::Circle(named(parts, &events)))?;
        Ok(Self { waits, parents, order })
    }
}

/// The events in an order in which each comes after all it waits for, or a circle of events.
fn sorted(before: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut order = Vec::with_capacity(before.len());
    let mut placed = vec![false; before.len()];
    while order.len() < before.len() {
        let ready = |event: &usize| !placed[*event] && before[*event].iter().all(|other| placed[*other]);
        match (0..before.len()).find(ready) {
            Some(event) => {
                placed[event] = true;
                order.push(event);
            }
            None => return Err(circle(before, &placed)),
        }
    }
    Ok(order)
}

/// Every event that is left waits for one that is left: whoever goes from one to the next comes round.
fn circle(before: &[Vec<usize>], placed: &[bool]) -> Vec<usize> {
    let mut way: Vec<usize> = placed.iter().position(|placed| !placed).into_iter().collect();
    while let Some(next) = way.last().and_then(|last| before[*last].iter().find(|other| !placed[**other])) {
        if let Some(first) = way.iter().position(|event| event == next) {
            return way.split_off(first);
        }
        way.push(*next);
    }
    way
}

/// The numbers of the parts whose events these are, the smallest first, each once.
fn named(parts: &[Planned], events: &[usize]) -> Vec<u32> {
    let mut numbers: Vec<u32> = events.iter().map(|event| parts[event / 2].number).collect();
    numbers.dedup();
    if numbers.len() > 1 && numbers.first() == numbers.last() {
        numbers.pop();
    }
    let least = numbers.iter().enumerate().min_by_key(|(_, number)| **number).map_or(0, |(place, _)| place);
    numbers.rotate_left(least);
    numbers
}

type Times = Vec<Timestamp>;

/// The earliest beginnings and ends.
fn forward(
    parts: &[Planned],
    net: &Net,
    now: Timestamp,
    span: &impl Fn(usize, Timestamp) -> Timestamp,
) -> (Times, Times) {
    let (mut starts, mut finishes) = (vec![now; parts.len()], vec![now; parts.len()]);
    for event in &net.order {
        let (i, part) = (event / 2, &parts[event / 2]);
        if event % 2 == 0 {
            let before = net.waits[i].iter().map(|j| finishes[*j]).chain(net.parents[i].map(|j| starts[j]));
            starts[i] = match part.stage {
                Stage::Waiting => before.chain(part.not_before).fold(now, Timestamp::max),
                Stage::Begun { at } | Stage::Ended { from: at, .. } => at,
            };
        } else {
            let below = (0..parts.len()).filter(|j| net.parents[*j] == Some(i)).map(|j| finishes[j]);
            finishes[i] = match part.stage {
                Stage::Ended { at, .. } => at,
                Stage::Waiting | Stage::Begun { .. } => below.fold(span(i, starts[i]).max(now), Timestamp::max),
            };
        }
    }
    (starts, finishes)
}

/// The latest ends that leave the end of the whole where it is.
fn backward(
    parts: &[Planned],
    net: &Net,
    (starts, finishes): (&[Timestamp], &[Timestamp]),
    end: Timestamp,
    span: &impl Fn(usize, Timestamp) -> Timestamp,
) -> Times {
    let (mut begin, mut latest) = (vec![end; parts.len()], vec![end; parts.len()]);
    for event in net.order.iter().rev() {
        let i = event / 2;
        let children = || (0..parts.len()).filter(|j| net.parents[*j] == Some(i));
        if event % 2 == 0 {
            let own = last_start(starts[i], latest[i], |start| span(i, start));
            // Of one that has begun or ended nothing can be moved by what comes before it.
            let moves = |j: &usize| parts[*j].stage == Stage::Waiting;
            begin[i] = children().filter(moves).map(|j| begin[j]).fold(own, Timestamp::min);
        } else {
            let later = (0..parts.len()).filter(|j| net.waits[*j].contains(&i) && parts[*j].stage == Stage::Waiting);
            let above = net.parents[i].filter(|j| !over(&parts[*j])).map(|j| latest[j]);
            latest[i] = later.map(|j| begin[j]).chain(above).fold(end, Timestamp::min).max(finishes[i]);
        }
    }
    latest
}

/// The parts on a chain that leads to the end: each begins when the one before ends. `own` is when a part's own time is
/// used up.
fn leading(
    parts: &[Planned],
    net: &Net,
    (starts, finishes): (&[Timestamp], &[Timestamp]),
    end: Timestamp,
    own: impl Fn(usize) -> Timestamp,
) -> Vec<bool> {
    let mut leads = vec![false; 2 * parts.len()];
    for event in net.order.iter().rev() {
        let i = event / 2;
        if over(&parts[i]) {
            continue;
        }
        if event % 2 == 1 {
            leads[*event] |= finishes[i] == end;
            if leads[*event] {
                leads[2 * i] |= own(i) == finishes[i];
                let below = (0..parts.len()).filter(|j| net.parents[*j] == Some(i) && finishes[*j] == finishes[i]);
                below.for_each(|j| leads[2 * j + 1] = true);
            }
        } else if leads[*event] && parts[i].stage == Stage::Waiting {
            net.waits[i].iter().filter(|j| finishes[**j] == starts[i]).for_each(|j| leads[2 * j + 1] = true);
            net.parents[i].iter().filter(|j| starts[**j] == starts[i]).for_each(|j| leads[2 * j] = true);
        }
    }
    (0..parts.len()).map(|i| leads[2 * i + 1] && !over(&parts[i])).collect()
}

/// The last start from `start` on that ends by `limit`; `start` itself where even that does not.
fn last_start(start: Timestamp, limit: Timestamp, span: impl Fn(Timestamp) -> Timestamp) -> Timestamp {
    let (mut fits, mut fails) = (start.0, limit.0.saturating_add(1));
    while fits.saturating_add(1) < fails {
        let middle = fits + (fails - fits) / 2;
        if span(Timestamp(middle)) <= limit { fits = middle } else { fails = middle }
    }
    Timestamp(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(number: u32, parent: Option<u32>, after: &[u32]) -> Planned {
        Planned { number, parent, after: after.to_vec(), not_before: None, stage: Stage::Waiting }
    }

    /// Works `days`, on two days of three only.
    fn worked(days: i64, start: Timestamp) -> Timestamp {
        let mut day = start.0;
        let mut left = days;
        while left > 0 {
            day += 1;
            left -= i64::from(day % 3 != 0);
        }
        Timestamp(day)
    }

    /// The plan as a stubborn clerk finds it: everything at `now`, then pushed until nothing has to be pushed any more.
    /// `held` keeps one part's end back.
    fn naive(parts: &[Planned], days: &[i64], now: Timestamp, held: Option<(usize, i64)>) -> (Times, Times) {
        let (mut starts, mut finishes) = (vec![now; parts.len()], vec![now; parts.len()]);
        for _ in 0..4 * parts.len() + 4 {
            for (i, part) in parts.iter().enumerate() {
                let place = |number: &u32| parts.iter().position(|part| part.number == *number).expect("known");
                let after = part.after.iter().map(|n| finishes[place(n)]);
                let start = after.chain(part.parent.map(|n| starts[place(&n)])).chain(part.not_before);
                let below = parts.iter().enumerate().filter(|(_, p)| p.parent == Some(part.number));
                let below = below.map(|(j, _)| finishes[j]).fold(now, Timestamp::max);
                match part.stage {
                    Stage::Waiting => starts[i] = start.fold(now, Timestamp::max),
                    Stage::Begun { at } | Stage::Ended { from: at, .. } => starts[i] = at,
                }
                finishes[i] = match part.stage {
                    Stage::Ended { at, .. } => at,
                    _ => worked(days[i], starts[i]).max(below),
                };
                if let Some((_, by)) = held.filter(|(j, _)| *j == i) {
                    finishes[i] = finishes[i].plus(by);
                }
            }
        }
        (starts, finishes)
    }

    /// Parts that refer only to parts before them, so that there is no circle; a parent has no order with its children.
    fn graphs() -> impl Strategy<Value = (Vec<Planned>, Vec<i64>)> {
        let one = (any::<u8>(), any::<u8>(), proptest::option::of(0i64..12), 0i64..5, 0u8..6);
        proptest::collection::vec(one, 1..7).prop_map(|rows| {
            let mut parts: Vec<Planned> = Vec::new();
            for (i, (after, parent, not_before, _, stage)) in rows.iter().enumerate() {
                let parent = Some(*parent as usize % 8).filter(|p| *p < i && parts[*p].parent.is_none());
                let after = (0..i).filter(|j| {
                    let same = parent == Some(*j) || parts[*j].parent != parent.map(|p| p as u32);
                    after >> j & 1 == 1 && !same
                });
                let after: Vec<u32> = after.map(|j| j as u32).collect();
                let alone = after.is_empty() && parent.is_none();
                let stage = match stage {
                    0 if alone => Stage::Begun { at: Timestamp(9) },
                    1 if alone => Stage::Ended { from: Timestamp(2), at: Timestamp(8) },
                    _ => Stage::Waiting,
                };
                let parent = parent.map(|p| p as u32);
                parts.push(Planned { number: i as u32, parent, after, not_before: not_before.map(Timestamp), stage });
            }
            // What has ended has nothing open below it.
            for i in 0..parts.len() {
                if parts.iter().any(|part| part.parent == Some(i as u32)) {
                    parts[i].stage = Stage::Waiting;
                }
            }
            (parts, rows.iter().map(|row| row.3).collect())
        })
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_stubborn_clerk((parts, days) in graphs()) {
            let now = Timestamp(10);
            let slots = plan(&parts, now, |i, start| worked(days[i], start)).expect("no circle");
            let (starts, finishes) = naive(&parts, &days, now, None);
            let clerk: Vec<_> = starts.into_iter().zip(finishes.iter().copied()).collect();
            let ours: Vec<_> = slots.iter().map(|slot| (slot.start, slot.finish)).collect();
            let mended: Vec<_> = clerk.iter().zip(&parts).map(|((s, f), part)| match part.stage {
                Stage::Ended { .. } => (*s, *f),
                _ => (*s, (*f).max(now)),
            }).collect();
            prop_assert_eq!(ours, mended);
            let end = finishes.iter().copied().fold(Timestamp(0), Timestamp::max).max(now);
            for (i, slot) in slots.iter().enumerate() {
                if over(&parts[i]) { continue; }
                let by_trying = (0..200).take_while(|by| {
                    let (_, held) = naive(&parts, &days, now, Some((i, *by)));
                    held.into_iter().fold(now, Timestamp::max) <= end
                }).last().expect("no delay delays nothing");
                prop_assert_eq!(slot.slack, by_trying, "slack of part {} in {:?}", i, parts);
                prop_assert!(slot.critical || slot.slack > 0, "part {} delays the whole in {:?}", i, parts);
                let follows = slots.iter().zip(&parts).any(|(next, part)| {
                    let after = part.after.contains(&slot.number) && next.start == slot.finish;
                    let above = parts[i].parent == Some(next.number) && next.finish == slot.finish;
                    // What is below one that comes after it begins with that one.
                    let below = next.start == slot.finish;
                    next.critical && (after || above) || below && !over(part)
                });
                prop_assert!(!slot.critical || slot.finish == end || follows, "part {} leads nowhere in {:?}", i, parts);
            }
        }
    }

    fn fault(parts: &[Planned]) -> String {
        plan(parts, Timestamp(0), |_, start| start.plus(1)).expect_err("a fault").to_string()
    }

    #[test]
    fn a_circle_is_named() {
        let turned = [part(1, None, &[3]), part(2, None, &[]), part(3, None, &[4]), part(4, None, &[1])];
        assert_eq!(fault(&turned), "parts wait for each other in a circle: 1 → 3 → 4");
        // A part below one that must wait for what comes after the one above.
        let hidden = [part(1, None, &[]), part(2, None, &[1]), part(3, Some(1), &[2])];
        assert_eq!(fault(&hidden), "parts wait for each other in a circle: 1 → 3 → 2");
        assert_eq!(
            fault(&[part(1, None, &[]), part(2, Some(1), &[1])]),
            "parts wait for each other in a circle: 1 → 2"
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert_eq!(fault(&[part(1, None, &[7])]), "part 1 refers to part 7, which does not exist");
        assert_eq!(fault(&[part(1, Some(1), &[])]), "part 1 refers to itself");
        assert_eq!(fault(&[part(1, None, &[]), part(1, None, &[])]), "part 1 is named twice");
    }

    #[test]
    fn nothing_planned_is_no_fault() {
        assert_eq!(plan(&[], Timestamp(0), |_, start| start), Ok(Vec::new()));
    }
}
