//! What there is: in one stock, and in all stocks of a jurisdiction, with what is asked for.

use muster_core::dispatch::registry::ResourceKind;
use muster_core::id::Code;
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_core::time::Timestamp;
use muster_store::dispatch::{
    ConsignmentSeen, GoodsFigures, LotPlaced, LotRow, NeedRow, ResourceRow, consignments_open, goods_figures,
    goods_needs_open, lots_of_stock, lots_there, resource_by_code, stocks_there,
};

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// The stocks of a jurisdiction.
#[derive(Clone, Debug, Default)]
pub struct Stocks {
    pub stocks: Vec<ResourceRow>,
    pub lots: Vec<LotPlaced>,
    /// Open, the most urgent first.
    pub needs: Vec<NeedRow>,
    /// Kept or on the way.
    pub consignments: Vec<ConsignmentSeen>,
    pub figures: GoodsFigures,
}

/// Lots that are looked at together for the first figure: those of a year.
const WINDOW: i64 = 365 * Timestamp::DAY;
/// Lots of one stock that are shown.
const LOTS_MOST: i64 = 500;

pub async fn stock_list(state: &State, actor: &Actor) -> Result<Stocks> {
    let scope = scope(actor, Action::StockView).map_err(deny)?;
    let mut tx = state.read().await?;
    let (now, rule) = (state.now(), state.pack.dispatch.goods);
    let reach = rule.reach_days * Timestamp::DAY;
    let mut found = Stocks::default();
    for range in apart(scope.areas) {
        found.stocks.extend(stocks_there(&mut tx, range).await?);
        found.lots.extend(lots_there(&mut tx, range).await?);
        found.needs.extend(goods_needs_open(&mut tx, range).await?);
        found.consignments.extend(consignments_open(&mut tx, range).await?);
        // Only lots whose time is over: what came yesterday can still arrive in time.
        let window = (now.plus(-WINDOW), now.plus(-reach));
        let figures = goods_figures(&mut tx, range, window, reach, now.plus(-reach)).await?;
        found.figures.given += figures.given;
        found.figures.reached += figures.reached;
        found.figures.stocked += figures.stocked;
        found.figures.idle += figures.idle;
    }
    Ok(found)
}

/// Ranges of areas without those that lie within another: nothing is counted twice.
pub(super) fn apart(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.sort_by_key(|(first, last)| (*first, -last));
    let mut apart: Vec<(i64, i64)> = Vec::new();
    for range in ranges {
        if apart.last().is_none_or(|last| range.0 > last.1) {
            apart.push(range);
        }
    }
    apart
}

/// A stock with its lots: what there is before what is used up.
pub async fn stock_view(state: &State, actor: &Actor, code: &str) -> Result<(ResourceRow, Vec<LotRow>)> {
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let stock = resource_by_code(&mut tx, &code).await?.filter(|row| row.kind == ResourceKind::Stock);
    let stock = stock.ok_or_else(Error::not_found)?;
    may(actor, Action::StockView, &Subject::area(stock.area)).map_err(deny)?;
    let lots = lots_of_stock(&mut tx, stock.id, LOTS_MOST).await?;
    Ok((stock, lots))
}
