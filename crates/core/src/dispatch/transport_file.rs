//! Instances of the transportation problem: made up from a seed, written as plain text and read again.

use std::fmt::Write;

use super::transport::{Lane, Transport, TransportFault};
use crate::rng::Rng;

const HEAD: &str = "MUSTERG1";

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    #[error("the first line is not {HEAD} followed by three counts")]
    Head,
    #[error("line {0} is not the whole numbers it should be")]
    Line(usize),
    #[error(transparent)]
    Problem(#[from] TransportFault),
}

impl Transport {
    /// Stocks and needs of a size that the seed draws, with ties, lanes that lose, and supplies of nothing.
    pub fn made_up(seed: u64) -> Self {
        let mut rng = Rng(seed);
        let mut draw = |most: u64| (rng.next() % most) as i64;
        let (supplies, demands) = (1 + draw(40), 1 + draw(60));
        let one_in = 1 + draw(4);
        let mut problem = Self {
            supplies: (0..supplies).map(|_| draw(400)).collect(),
            demands: (0..demands).map(|_| draw(120)).collect(),
            lanes: Vec::new(),
        };
        for (supply, demand) in (0..supplies).flat_map(|supply| (0..demands).map(move |demand| (supply, demand))) {
            if draw(one_in as u64) == 0 {
                let value = if draw(3) == 0 { draw(12) - 2 } else { draw(90_000) - 2_000 };
                let lane = Lane { supply: supply as u32, demand: demand as u32, room: draw(200), value };
                problem.lanes.push(lane);
            }
        }
        problem
    }

    pub fn to_text(&self) -> String {
        let list = |numbers: &[i64]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let (there, asked) = (list(&self.supplies), list(&self.demands));
        let counts = [self.supplies.len(), self.demands.len(), self.lanes.len()].map(|count| count.to_string());
        let mut text = format!("{HEAD} {}\n{there}\n{asked}\n", counts.join(" "));
        for Lane { supply, demand, room, value } in &self.lanes {
            let _ = writeln!(text, "{supply} {demand} {room} {value}");
        }
        text
    }

    /// # Errors
    /// What is no instance, with the number of its line.
    pub fn from_text(text: &str) -> Result<Self, TextFault> {
        let mut rows = text.lines();
        let head = rows.next().and_then(|line| line.strip_prefix(HEAD)).and_then(numbers).ok_or(TextFault::Head)?;
        let &[supplies, demands, lanes] = head.as_slice() else { return Err(TextFault::Head) };
        let mut row = |number: usize, count: i64| {
            let read = rows.next().and_then(numbers).filter(|read| read.len() as i64 == count);
            read.ok_or(TextFault::Line(number))
        };
        let (supplies, demands) = (row(2, supplies)?, row(3, demands)?);
        let mut problem = Self { supplies, demands, lanes: Vec::new() };
        for number in 0..lanes {
            let place = number as usize + 4;
            let read = row(place, 4)?;
            let end = |at: usize| u32::try_from(read[at]).map_err(|_| TextFault::Line(place));
            problem.lanes.push(Lane { supply: end(0)?, demand: end(1)?, room: read[2], value: read[3] });
        }
        problem.check()?;
        Ok(problem)
    }
}

fn numbers(line: &str) -> Option<Vec<i64>> {
    line.split_whitespace().map(|word| word.parse().ok()).collect()
}
