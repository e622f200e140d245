//! Which lots could go to which needs: the plan that is worth most, with its reasons. Nothing is kept by looking.

use muster_core::dispatch::goods::Shelf;
use muster_core::dispatch::transport::{Lane, Proof, Transport, certify_transport, transport};
use muster_core::people::{Action, Actor, scope};
use muster_store::dispatch::{LotPlaced, NeedRow, goods_needs_open, lots_there};

use super::act::deny;
use super::goods::shelf;
use super::stock_view::apart;
use crate::error::{Error, Result};
use crate::state::State;

/// So much of a lot for a need.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub lot: LotPlaced,
    pub need: NeedRow,
    pub quantity: i64,
    pub shelf: Shelf,
    /// Between the two, in metres; none where a place is not known.
    pub metres: Option<i64>,
    /// Of one unit.
    pub value: i64,
    /// What one more unit of the lot, and one more asked for, would bring.
    pub prices: (i64, i64),
}

/// What is still asked for beyond what the proposals cover.
#[derive(Clone, Debug)]
pub struct Uncovered {
    pub need: NeedRow,
    pub quantity: i64,
}

#[derive(Clone, Debug, Default)]
pub struct GoodsPlan {
    pub proposals: Vec<Proposal>,
    pub uncovered: Vec<Uncovered>,
    /// What the whole is worth; the prices allow no more.
    pub objective: i64,
}

pub async fn goods_plan(state: &State, actor: &Actor) -> Result<GoodsPlan> {
    let scope = scope(actor, Action::GoodsPlan).map_err(deny)?;
    let mut tx = state.read().await?;
    let now = state.now();
    let (mut lots, mut needs) = (Vec::new(), Vec::new());
    for range in apart(scope.areas) {
        lots.extend(lots_there(&mut tx, range).await?);
        needs.extend(goods_needs_open(&mut tx, range).await?);
    }
    drop(tx);
    lots.retain(|placed| placed.lot.free() > 0 && shelf(state, &placed.lot, now).may_go());
    needs.retain(|need| need.filled < need.head && need.closes_at > now);
    let mut plan = GoodsPlan::default();
    for item in &state.pack.dispatch.items {
        let lots: Vec<&LotPlaced> = lots.iter().filter(|placed| placed.lot.item == item.code).collect();
        let needs: Vec<&NeedRow> =
            needs.iter().filter(|need| need.item.as_deref() == Some(item.code.as_str())).collect();
        share_out(state, &lots, &needs, &mut plan)?;
    }
    Ok(plan)
}

/// One kind of goods. Kinds do not compete, so each is a problem of its own.
fn share_out(state: &State, lots: &[&LotPlaced], needs: &[&NeedRow], plan: &mut GoodsPlan) -> Result<()> {
    let now = state.now();
    let missing = |need: &NeedRow| need.head - need.filled;
    let mut problem = Transport {
        supplies: lots.iter().map(|placed| placed.lot.free()).collect(),
        demands: needs.iter().map(|need| missing(need)).collect(),
        lanes: Vec::new(),
    };
    for (supply, placed) in lots.iter().enumerate() {
        let shelf = shelf(state, &placed.lot, now);
        for (demand, need) in needs.iter().enumerate() {
            let value = worth(state, need, metres(placed, need), shelf);
            let room = placed.lot.free().min(missing(need));
            problem.lanes.push(Lane { supply: supply as u32, demand: demand as u32, room, value });
        }
    }
    problem.check().map_err(|fault| Error::internal(&fault))?;
    let shipping = transport(&problem);
    let Proof { objective, .. } = certify_transport(&problem, &shipping).map_err(|fault| Error::internal(&fault))?;
    plan.objective += objective;
    let mut covered = vec![0; needs.len()];
    for (lane, quantity) in problem.lanes.iter().zip(&shipping.flows).filter(|(_, flow)| **flow > 0) {
        let (supply, demand) = (lane.supply as usize, lane.demand as usize);
        covered[demand] += quantity;
        plan.proposals.push(Proposal {
            lot: lots[supply].clone(),
            need: needs[demand].clone(),
            quantity: *quantity,
            shelf: shelf(state, &lots[supply].lot, now),
            metres: metres(lots[supply], needs[demand]),
            value: lane.value,
            prices: (shipping.supply_prices[supply], shipping.demand_prices[demand]),
        });
    }
    for (need, covered) in needs.iter().zip(covered).filter(|(need, covered)| *covered < missing(need)) {
        plan.uncovered.push(Uncovered { need: (*need).clone(), quantity: missing(need) - covered });
    }
    Ok(())
}

/// Of one unit: how urgent the need is, less the way, and more the sooner it would otherwise be lost.
fn worth(state: &State, need: &NeedRow, metres: Option<i64>, shelf: Shelf) -> i64 {
    let rules = &state.pack.dispatch;
    let weight = rules.weight(need.priority, need.vulnerable);
    let way = rules.worth.per_km * metres.unwrap_or(0) as f64 / 1_000.0;
    let soon = match shelf {
        Shelf::Days(days) => {
            let span = f64::from(rules.goods.soon_days.max(1));
            rules.goods.soon as f64 * span / (span + f64::from(days))
        }
        Shelf::Keeps | Shelf::TooSoon | Shelf::Expired => 0.0,
    };
    (rules.worth.base * weight).round() as i64 - way.round() as i64 + soon.round() as i64
}

/// Along the great circle; places that are not known are nought.
fn metres(placed: &LotPlaced, need: &NeedRow) -> Option<i64> {
    let known = |latitude: i64, longitude: i64| (latitude, longitude) != (0, 0);
    if !known(placed.latitude, placed.longitude) || !known(need.latitude, need.longitude) {
        return None;
    }
    let radians = |millionths: i64| (millionths as f64 / 1e6).to_radians();
    let (a, b) = (radians(placed.latitude), radians(need.latitude));
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let chord = half(b - a) + a.cos() * b.cos() * half(radians(need.longitude) - radians(placed.longitude));
    Some((2.0 * 6_371_000.0 * chord.sqrt().asin()).round() as i64)
}
