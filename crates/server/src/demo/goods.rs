//! What was given and asked for in the demo city, taken in and sent through the real use-cases.

use anyhow::Context;
use muster_core::area::AreaId;
use muster_core::dispatch::offer::{NeedKind, NeedState};
use muster_core::id::{Code, NeedId};
use muster_core::people::{Actor, Role};
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, needs_insert};
use serde::Deserialize;

use super::city::City;
use crate::clock::VirtualClock;
use crate::state::State;
use crate::usecase::consignment_commit::{NewConsignment, consignment_commit};
use crate::usecase::consignment_receive::{Receipt, consignment_receive};
use crate::usecase::consignment_return::{Back, consignment_return};
use crate::usecase::consignment_send::consignment_send;
use crate::usecase::goods::Ground;
use crate::usecase::lot_donate::{NewLot, lot_donate};
use crate::usecase::stock_open::{NewStock, stock_open};

#[derive(Deserialize)]
struct Goods {
    stock: Vec<Stock>,
    lot: Vec<Lot>,
    need: Vec<Need>,
}

#[derive(Deserialize)]
struct Stock {
    area: i64,
    name: String,
}

#[derive(Deserialize)]
struct Lot {
    stock: usize,
    item: String,
    quantity: i64,
    /// From the last day of the month.
    days: i64,
    expires: Option<i64>,
    donor: String,
    named: bool,
    need: Option<usize>,
    #[serde(default)]
    kept: i64,
    #[serde(default)]
    sent: i64,
    #[serde(default)]
    received: i64,
    #[serde(default)]
    returned: i64,
}

#[derive(Deserialize)]
struct Need {
    area: i64,
    title: String,
    place: String,
    item: String,
    quantity: i64,
    priority: i64,
    vulnerable: bool,
}

/// Between two acts on one lot.
const STEP: i64 = 20 * Timestamp::MINUTE;
const NEED_OPEN: i64 = 20 * Timestamp::DAY;

/// Leaves the clock where the last of it happened.
pub async fn goods(state: &State, hand: &VirtualClock, city: &City, end: Timestamp) -> anyhow::Result<()> {
    let goods: Goods =
        toml::from_str(include_str!("../../../../demo/goods.toml")).context("reading demo/goods.toml")?;
    let first = goods.lot.iter().map(|lot| lot.days).min().unwrap_or_default();
    hand.set(end.plus(first * Timestamp::DAY));
    let mut stocks = Vec::new();
    for stock in &goods.stock {
        let area = AreaId::new(stock.area)?;
        let new = NewStock { area, name: stock.name.clone() };
        stocks.push((stock_open(state, who(city, area)?, &new).await?.code, area));
    }
    let mut needs = Vec::new();
    for need in &goods.need {
        needs.push(ask(state, need, end).await?);
    }
    for lot in &goods.lot {
        let (stock, area) = &stocks[lot.stock];
        hand.set(end.plus(lot.days * Timestamp::DAY));
        take_in(state, hand, (who(city, *area)?, stock, lot), &needs, end).await?;
    }
    Ok(())
}

fn who(city: &City, area: AreaId) -> anyhow::Result<&Actor> {
    city.actor(Role::Coordinator, area, None).context("a coordinator of the demo city")
}

async fn ask(state: &State, need: &Need, end: Timestamp) -> anyhow::Result<Code> {
    let now = state.now();
    let row = NeedRow {
        id: NeedId(state.chance.uuid(now)),
        code: state.chance.code(),
        kind: NeedKind::Goods,
        case_id: None,
        part_id: None,
        area: AreaId::new(need.area)?,
        latitude: 0,
        longitude: 0,
        title: need.title.clone(),
        text: String::new(),
        place: need.place.clone(),
        person_id: None,
        contact_sealed: None,
        secret_hash: None,
        skills: String::new(),
        head: need.quantity,
        item: Some(need.item.clone()),
        opens_at: now,
        closes_at: end.plus(NEED_OPEN),
        minutes: 0,
        risk: "none".to_owned(),
        risk_text: String::new(),
        priority: need.priority,
        vulnerable: need.vulnerable,
        state: NeedState::Open,
        filled: 0,
        created_at: now,
        created_by: None,
        ended_at: None,
        reason: None,
        version: 1,
    };
    let mut tx = state.db.write().await?;
    needs_insert(&mut tx, std::slice::from_ref(&row)).await?;
    tx.commit().await?;
    Ok(row.code)
}

async fn take_in(
    state: &State,
    hand: &VirtualClock,
    (actor, stock, lot): (&Actor, &Code, &Lot),
    needs: &[Code],
    end: Timestamp,
) -> anyhow::Result<()> {
    let day = |days: i64| state.pack.calendar.local_date(end.plus(days * Timestamp::DAY)).to_string();
    let new = NewLot {
        item: lot.item.clone(),
        quantity: lot.quantity,
        expires: lot.expires.map(day).unwrap_or_default(),
        donor: lot.donor.clone(),
        named: lot.named,
        ground: Ground::default(),
    };
    let code = lot_donate(state, actor, stock.as_str(), &new).await?.code;
    let Some(need) = lot.need else { return Ok(()) };
    hand.advance(STEP);
    let keep = NewConsignment {
        lot: code.to_string(),
        need: needs[need].to_string(),
        quantity: lot.kept,
        ..NewConsignment::default()
    };
    let slip = consignment_commit(state, actor, &keep).await?.code;
    let slip = slip.as_str();
    hand.advance(STEP);
    consignment_send(state, actor, slip, (Some(lot.sent), &Ground::default()), None).await?;
    hand.advance(STEP);
    if lot.received > 0 {
        let receipt = Receipt { quantity: lot.received, name: "周慧敏".to_owned(), ..Receipt::default() };
        consignment_receive(state, actor, slip, &receipt, None).await?;
    }
    if lot.returned > 0 {
        hand.advance(STEP);
        consignment_return(state, actor, slip, (lot.returned, Back::Returned, "家中无人"), None).await?;
    }
    Ok(())
}
