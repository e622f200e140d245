//! Checks a plan without trusting how it was made: it keeps every bound, and its prices prove that no other brings more.
//!
//! For any worths and prices that are not negative, no assignment is worth more than the sum below (weak duality of the
//! linear program). A plan whose value equals the sum is therefore best. One pass over the pairs, whole numbers only.

use thiserror::Error;

use super::graph::Graph;
use super::solve::Plan;

/// Value of the plan, and the bound that its prices prove; they are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    pub objective: i64,
    pub dual: i64,
    /// Helpers that were found.
    pub filled: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unproven {
    #[error("the plan has {worths} worths and {prices} prices for {needs} needs and {resources} resources")]
    Lengths { worths: usize, prices: usize, needs: usize, resources: usize },
    #[error("pair {0} is held twice, out of order, or is no pair")]
    Held(u32),
    #[error("need {need} has {filled} helpers and asked for {head}")]
    Head { need: usize, filled: u32, head: u32 },
    #[error("resource {resource} has {load} tasks and takes {capacity}")]
    Capacity { resource: usize, load: u32, capacity: u32 },
    #[error("worth {worth} of need {need} is below 0")]
    Worth { need: usize, worth: i32 },
    #[error("price {price} of resource {resource} is below 0")]
    Price { resource: usize, price: i32 },
    #[error("the plan is worth {objective}, its prices prove no bound below {dual}")]
    Gap { objective: i64, dual: i64 },
}

pub fn certify(graph: &Graph, plan: &Plan) -> Result<Certificate, Unproven> {
    let (needs, resources) = (graph.heads.len(), graph.supplies.len());
    let (worths, prices) = (plan.worths.len(), plan.prices.len());
    if (worths, prices) != (needs, resources) {
        return Err(Unproven::Lengths { worths, prices, needs, resources });
    }
    let mut loads = vec![0u32; resources];
    let (mut objective, mut dual, mut filled_all) = (0i64, 0i64, 0u64);
    let mut held = plan.held.iter().copied().peekable();
    for need in 0..needs {
        let (worth, asked) = (plan.worths[need], graph.heads[need]);
        if worth < 0 {
            return Err(Unproven::Worth { need, worth });
        }
        let mut filled = 0;
        for at in graph.starts[need]..graph.starts[need + 1] {
            let pair = graph.pairs[at as usize];
            if held.next_if_eq(&at).is_some() {
                objective += i64::from(pair.value);
                loads[pair.resource as usize] += 1;
                filled += 1;
            }
            dual += (i64::from(pair.value) - i64::from(plan.prices[pair.resource as usize]) - i64::from(worth)).max(0);
        }
        if filled > asked {
            return Err(Unproven::Head { need, filled, head: asked });
        }
        filled_all += u64::from(filled);
        dual += i64::from(asked) * i64::from(worth);
    }
    if let Some(at) = held.next() {
        return Err(Unproven::Held(at));
    }
    for (resource, (supply, load)) in graph.supplies.iter().zip(loads).enumerate() {
        let (price, capacity) = (plan.prices[resource], supply.capacity);
        if price < 0 {
            return Err(Unproven::Price { resource, price });
        }
        if load > capacity {
            return Err(Unproven::Capacity { resource, load, capacity });
        }
        objective -= supply.cost(graph.step, load);
        let gains = (1..=capacity).map(|nth| i64::from(price) - i64::from(supply.marginal(graph.step, nth)));
        dual += gains.take_while(|gain| *gain > 0).sum::<i64>();
    }
    if objective != dual {
        return Err(Unproven::Gap { objective, dual });
    }
    Ok(Certificate { objective, dual, filled: filled_all })
}
