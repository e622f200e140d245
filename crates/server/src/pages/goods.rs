//! Stocks, one stock, and what could go where.

use axum::response::Response;
use muster_core::people::{Action, Subject, scope};
use muster_store::dispatch::ConsignmentSeen;

use super::frame::{Frame, can, explain, is_about_form};
use super::goods_words::{Typed, ground, quantity, word};
use super::words::groups;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::goods::shelf;
use crate::usecase::goods_plan::{Proposal, goods_plan};
use crate::usecase::lot_donate::{NewLot, lot_donate};
use crate::usecase::stock_open::{NewStock, stock_open};
use crate::usecase::stock_view::{Stocks, stock_list, stock_view};
use crate::view::goods::{GoodsFigure, GoodsPlanPage, ItemLine, ProposalLine, StockLine, StockPage, StocksPage};
use crate::view::{Choice, Group, Shell};

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = stocks(&frame, Typed::new()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn open(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let found = frame.places().await?.find(word(&typed, "area"));
    let done = match found {
        Some(area) => {
            let new = NewStock { area, name: word(&typed, "name").to_owned() };
            stock_open(&frame.state, frame.actor(), &new).await
        }
        None => Err(Error::invalid("area", "area-unknown", "Choose an area from the list.")),
    };
    match done {
        Ok(stock) => Ok(frame.go(&format!("/stocks/{}", stock.code.as_str()))),
        Err(error) if is_about_form(&error) => {
            let mut page = stocks(&frame, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn stocks(frame: &Frame, typed: Typed) -> Result<StocksPage> {
    let found = stock_list(&frame.state, frame.actor()).await?;
    let (shell, places) = (frame.shell("stocks-page"), frame.places().await?);
    let own = scope(frame.actor(), Action::StockOpen);
    let soon = found.lots.iter().filter(|placed| {
        let mood = frame.shelf_words(&shell, &placed.lot).mood;
        mood != "calm"
    });
    let wants = found.needs.iter().filter(|need| need.filled < need.head);
    Ok(StocksPage {
        figures: figures(frame, &found),
        items: items(frame, &found),
        soon: soon.map(|placed| frame.lot_line(&shell, &placed.lot, &placed.stock_name)).collect(),
        wants: wants.map(|need| frame.want(need, &places)).collect(),
        stocks: found
            .stocks
            .iter()
            .map(|stock| StockLine {
                code: stock.code.to_string(),
                name: stock.name.clone(),
                area: places.area(stock.area),
            })
            .collect(),
        may_act: own.is_ok(),
        areas: own.map(|own| places.choices_in(&own)).unwrap_or_default(),
        typed,
        shell,
    })
}

fn figures(frame: &Frame, found: &Stocks) -> Vec<GoodsFigure> {
    let days = frame.state.pack.dispatch.goods.reach_days;
    let figure = |code, numerator: i64, denominator: i64| GoodsFigure {
        code,
        value: match denominator {
            0 => "—".to_owned(),
            whole => format!("{:.1} %", numerator as f64 * 100.0 / whole as f64),
        },
        numerator,
        denominator,
        days,
    };
    let of = found.figures;
    vec![figure("reached", of.reached, of.given), figure("idle", of.idle, of.stocked)]
}

/// Every kind of goods that is there, on its way or asked for.
fn items(frame: &Frame, found: &Stocks) -> Vec<ItemLine> {
    let way = |code: &str| {
        let of = found.consignments.iter().filter(|seen: &&ConsignmentSeen| seen.item == code);
        of.map(|seen| seen.row.parcel().on_the_way()).sum()
    };
    let line = |item: &muster_core::pack::Item| {
        let lots: Vec<_> = found.lots.iter().filter(|placed| placed.lot.item == item.code).collect();
        let needs = found.needs.iter().filter(|need| need.item.as_deref() == Some(item.code.as_str()));
        ItemLine {
            name: frame.name(&item.name),
            unit: frame.name(&item.unit),
            on_hand: lots.iter().map(|placed| placed.lot.on_hand).sum(),
            free: lots.iter().filter(|placed| fit(frame, placed)).map(|placed| placed.lot.free()).sum(),
            kept: lots.iter().map(|placed| placed.lot.committed).sum(),
            way: way(&item.code),
            missing: needs.map(|need| (need.head - need.filled).max(0)).sum(),
        }
    };
    let lines = frame.state.pack.dispatch.items.iter().map(line);
    lines.filter(|line| line.on_hand + line.way + line.missing > 0).collect()
}

fn fit(frame: &Frame, placed: &muster_store::dispatch::LotPlaced) -> bool {
    shelf(&frame.state, &placed.lot, frame.state.now()).may_go()
}

pub(super) async fn view(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = stock(&frame, &code, Typed::new()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn donate(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match quantity(&typed) {
        Ok(quantity) => {
            let new = NewLot {
                item: word(&typed, "item").to_owned(),
                quantity,
                expires: word(&typed, "expires").to_owned(),
                donor: word(&typed, "donor").to_owned(),
                named: word(&typed, "named") == "yes",
                ground: ground(&typed),
            };
            lot_donate(&frame.state, frame.actor(), &code, &new).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(lot) => Ok(frame.go(&format!("/lots/{}", lot.code.as_str()))),
        Err(error) if is_about_form(&error) => {
            let mut page = stock(&frame, &code, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn stock(frame: &Frame, code: &str, typed: Typed) -> Result<StockPage> {
    let (stock, lots) = stock_view(&frame.state, frame.actor(), code).await?;
    let (shell, places) = (frame.shell("stock-page"), frame.places().await?);
    let items = frame.state.pack.dispatch.items.iter().map(|item| {
        let label = format!("{}（{}）", frame.name(&item.name), frame.name(&item.unit));
        Choice::new(item.code.clone(), label)
    });
    Ok(StockPage {
        code: stock.code.to_string(),
        code_groups: groups(stock.code.as_str()),
        name: stock.name.clone(),
        area: places.area(stock.area),
        lots: lots.iter().map(|lot| frame.lot_line(&shell, lot, &stock.name)).collect(),
        may_act: can(frame.actor(), Action::LotDonate, &Subject::area(stock.area)),
        items: vec![Group { label: String::new(), options: items.collect() }],
        typed,
        shell,
    })
}

pub(super) async fn plan(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let plan = goods_plan(&frame.state, frame.actor()).await?;
    let (shell, places) = (frame.shell("goods-plan-page"), frame.places().await?);
    let page = GoodsPlanPage {
        proposals: plan
            .proposals
            .iter()
            .map(|proposal| ProposalLine {
                lot: proposal.lot.lot.code.to_string(),
                need: proposal.need.code.to_string(),
                version: proposal.lot.lot.version.to_string(),
                quantity: proposal.quantity,
                shown: frame.so_many(&proposal.lot.lot.item, proposal.quantity),
                item: frame.item_name(&proposal.lot.lot.item),
                stock: proposal.lot.stock_name.clone(),
                want: frame.want(&proposal.need, &places),
                why: why(&frame, &shell, proposal),
            })
            .collect(),
        uncovered: plan
            .uncovered
            .iter()
            .map(|open| {
                let item = open.need.item.as_deref().unwrap_or_default();
                (frame.so_many(item, open.quantity), frame.want(&open.need, &places))
            })
            .collect(),
        objective: plan.objective,
        shell,
    };
    Ok(frame.draw(&page))
}

/// Why this lot for this need: how urgent it is, how far, how long it keeps, and what one more would bring.
fn why(frame: &Frame, shell: &Shell, proposal: &Proposal) -> Vec<String> {
    let mut lines = vec![shell.count("goods-why-priority", proposal.need.priority)];
    if proposal.need.vulnerable {
        lines.push(shell.t("goods-why-vulnerable").into_owned());
    }
    if let Some(metres) = proposal.metres {
        lines.push(shell.with("goods-why-way", "km", format!("{:.1}", metres as f64 / 1_000.0)));
    }
    lines.push(frame.shelf_words(shell, &proposal.lot.lot).words);
    let (lot, need) = proposal.prices;
    lines.push(shell.with("goods-why-value", "value", proposal.value));
    lines.push(shell.with2("goods-why-prices", "lot", lot, "need", need));
    lines
}
