//! Needs that want all their helpers or none. Which of them to serve is a hard problem, so this is a heuristic, with the
//! optimum that lets them be served in part as its bound: solve in part, drop who is served least of those served in part, settle,
//! and at last
//! take back whoever brings more than those who have to go for it.

use super::graph::{Graph, MOST, Pair};
use super::matching::Matching;

/// One in so many of those served in part is dropped before the others are looked at anew.
const SHARE: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Places of the pairs, rising.
    pub held: Vec<u32>,
    pub objective: i64,
    /// No plan is worth more.
    pub bound: i64,
}

/// `is_whole` says by need whether a part of its helpers is worth nothing.
pub fn whole(graph: &Graph, is_whole: &[bool]) -> Whole {
    let mut serving = Serving {
        graph,
        is_whole,
        matching: Matching::new(graph),
        needs: (0..graph.heads.len() as u32).map(Some).collect(),
        is_pressed: vec![false; graph.heads.len()],
        raise: graph.pairs.iter().map(|pair| pair.value).max().unwrap_or(0).clamp(0, MOST / 4),
    };
    let bound = serving.objective();
    while serving.drop_some() {}
    let mut out: Vec<usize> = (0..graph.heads.len()).filter(|need| serving.needs[*need].is_none()).collect();
    out.sort_by_key(|need| (-serving.at_most(*need), *need));
    let mut best = (serving.objective(), serving.held());
    for need in out {
        serving.take_back(need);
        let objective = serving.objective();
        if objective > best.0 {
            best = (objective, serving.held());
        }
    }
    Whole { held: best.1, objective: best.0, bound }
}

struct Serving<'a> {
    graph: &'a Graph,
    is_whole: &'a [bool],
    matching: Matching,
    /// By need of the graph, its number in the matching, unless it was dropped.
    needs: Vec<Option<u32>>,
    /// By need, whether its pairs are raised so that it is served before others: a need that was dropped would be again.
    is_pressed: Vec<bool>,
    raise: i32,
}

impl Serving<'_> {
    /// Pairs held of a need, as offsets among its pairs.
    fn offsets(&self, number: u32) -> impl Iterator<Item = u32> {
        let edges = self.matching.edges.get(number as usize).iter().zip(0..);
        edges.filter(|(edge, _)| edge.is_held()).map(|(_, offset)| offset)
    }

    fn held(&self) -> Vec<u32> {
        let there = self.needs.iter().enumerate().filter_map(|(need, number)| Some((need, (*number)?)));
        there
            .flat_map(|(need, number)| self.offsets(number).map(move |offset| self.graph.starts[need] + offset))
            .collect()
    }

    /// Needs that are served in part and want all, with what they bring so.
    fn in_part(&self) -> Vec<(i64, usize)> {
        let part = |(need, number): (usize, &Option<u32>)| {
            let number = (*number).filter(|_| self.is_whole[need])?;
            let filled = self.matching.slots[number as usize].filled;
            let value = |offset: u32| i64::from(self.graph.pairs_of(need)[offset as usize].value);
            (filled > 0 && filled < self.graph.heads[need]).then(|| (self.offsets(number).map(value).sum(), need))
        };
        self.needs.iter().enumerate().filter_map(part).collect()
    }

    /// Drops the quarter that brings least of those served in part; whether there were any.
    fn drop_some(&mut self) -> bool {
        let mut parts = self.in_part();
        parts.sort_unstable();
        for &(_, need) in &parts[..parts.len().div_ceil(SHARE)] {
            self.matching.drop_need(self.needs[need].take().expect("it is served in part"));
        }
        self.matching.settle();
        !parts.is_empty()
    }

    /// No more than this comes of the need.
    fn at_most(&self, need: usize) -> i64 {
        let mut values: Vec<i64> = self.graph.pairs_of(need).iter().map(|pair| i64::from(pair.value.max(0))).collect();
        values.sort_unstable_by_key(|value| -value);
        values.iter().take(self.graph.heads[need] as usize).sum()
    }

    /// Tries the plan with the need and without those that are then served in part; it stays when it is worth more.
    fn take_back(&mut self, need: usize) {
        let before = self.objective();
        let needs = self.needs.clone();
        self.is_pressed[need] = true;
        self.add(need);
        self.matching.settle();
        while self.drop_some() {}
        if self.objective() > before {
            return;
        }
        self.is_pressed[need] = false;
        for (at, was) in needs.iter().enumerate() {
            match (was, self.needs[at]) {
                (None, Some(number)) => {
                    self.matching.drop_need(number);
                    self.needs[at] = None;
                }
                (Some(_), None) => self.add(at),
                _ => {}
            }
        }
        self.matching.settle();
        // Of plans that are worth the same, it may be another than before, with somebody served in part.
        while self.drop_some() {}
    }

    fn add(&mut self, need: usize) {
        let raise = if self.is_pressed[need] { self.raise } else { 0 };
        let raised = |pair: &Pair| Pair { resource: pair.resource, value: pair.value + raise };
        let pairs: Vec<Pair> = self.graph.pairs_of(need).iter().map(raised).collect();
        self.needs[need] = Some(self.matching.add_need(self.graph.heads[need], &pairs));
    }

    fn objective(&self) -> i64 {
        self.graph.value_of(&self.held())
    }
}
