//! A lot with its paper trail, and what is done with it; the same for whoever gave it.

use axum::Extension;
use axum::response::Response;
use muster_core::dispatch::goods::GoodsKind;
use muster_core::people::{Action, Subject};
use muster_store::dispatch::GoodsEntryRow;

use super::frame::{Frame, can, explain, is_about_form};
use super::goods_words::{Typed, ground, quantity, version, word};
use super::words::groups;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::security::ClientAddress;
use crate::usecase::consignment_commit::{NewConsignment, consignment_commit};
use crate::usecase::lot_count::lot_count;
use crate::usecase::lot_reverse::lot_reverse;
use crate::usecase::lot_spoil::lot_spoil;
use crate::usecase::lot_view::{LotFile, donation_view, lot_view};
use crate::usecase::stock_view::stock_list;
use crate::view::goods::{DonationPage, LotPage, StockLine};
use crate::view::{Choice, Group};

/// What stood in a form when it comes back.
#[derive(Default)]
struct Back {
    form: &'static str,
    /// Before the name of a field in its id.
    prefix: String,
    typed: Typed,
}

pub(super) async fn view(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, &code, Back::default()).await?;
    Ok(frame.draw(&page))
}

/// From the plan and from the page of a lot.
pub(super) async fn commit(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let lot = word(&typed, "lot").to_owned();
    let done = match quantity(&typed) {
        Ok(quantity) => {
            let new = NewConsignment {
                lot: lot.clone(),
                need: word(&typed, "need").to_owned(),
                quantity,
                ground: ground(&typed),
                version: version(&typed),
            };
            consignment_commit(&frame.state, frame.actor(), &new).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => Ok(frame.go(&format!("/consignments/{}", row.code.as_str()))),
        Err(error) => refused(frame, &lot, Back { form: "commit", prefix: "commit-".to_owned(), typed }, error).await,
    }
}

pub(super) async fn count(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match quantity(&typed) {
        Ok(found) => {
            let counted = (found, word(&typed, "note"));
            lot_count(&frame.state, frame.actor(), &code, counted, version(&typed)).await.map(drop)
        }
        Err(error) => Err(error),
    };
    after(frame, &code, Back { form: "count", prefix: "count-".to_owned(), typed }, done).await
}

pub(super) async fn spoil(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match quantity(&typed) {
        Ok(quantity) => {
            let spoiled = (quantity, &ground(&typed));
            lot_spoil(&frame.state, frame.actor(), &code, spoiled, version(&typed)).await.map(drop)
        }
        Err(error) => Err(error),
    };
    after(frame, &code, Back { form: "spoil", prefix: "spoil-".to_owned(), typed }, done).await
}

pub(super) async fn reverse(
    frame: Frame,
    ApiPath((code, number)): ApiPath<(String, i64)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let why = word(&typed, "note");
    let done = lot_reverse(&frame.state, frame.actor(), (&code, number), why, version(&typed)).await.map(drop);
    let back = Back { form: "reverse", prefix: format!("{number}-"), typed };
    match done {
        Ok(()) => Ok(frame.go(&format!("/lots/{code}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, &code, back).await?;
            explain(&mut page.shell, &error, |field| format!("{field}-{number}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn after(frame: Frame, code: &str, back: Back, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/lots/{code}"))),
        Err(error) => refused(frame, code, back, error).await,
    }
}

/// The lot again, with what was typed and why it was not taken.
async fn refused(frame: Frame, code: &str, back: Back, error: Error) -> Result<Response> {
    if !is_about_form(&error) {
        return Err(error);
    }
    let prefix = back.prefix.clone();
    let mut page = page(&frame, code, back).await?;
    explain(&mut page.shell, &error, |field| format!("{prefix}{field}"));
    Ok(frame.draw_error(&error, &page))
}

async fn page(frame: &Frame, code: &str, back: Back) -> Result<LotPage> {
    let file = lot_view(&frame.state, frame.actor(), code).await?;
    let (shell, places) = (frame.shell("lot-page"), frame.places().await?);
    let (lot, stock) = (&file.lot, &file.stock);
    let may_act = can(frame.actor(), Action::ConsignmentCommit, &Subject::area(stock.area));
    let donor = match (&lot.donor, &file.donor) {
        (Some(name), _) => name.clone(),
        (None, Some(masked)) => shell.with("lot-donor-sealed", "name", masked),
        (None, None) => shell.t("lot-donor-none").into_owned(),
    };
    Ok(LotPage {
        code: lot.code.to_string(),
        code_groups: groups(lot.code.as_str()),
        version: lot.version.to_string(),
        item: frame.item_name(&lot.item),
        unit: frame.unit_of(&lot.item),
        stock: StockLine { code: stock.code.to_string(), name: stock.name.clone(), area: places.area(stock.area) },
        donor,
        received: frame.when(lot.received_at),
        shelf: frame.shelf_words(&shell, lot),
        on_hand: lot.on_hand,
        kept: lot.committed,
        free: lot.free(),
        trail: frame.trail(&shell, &file, may_act, false),
        may_act,
        wants: if may_act { wants(frame, &file).await? } else { Vec::new() },
        form: back.form.to_owned(),
        typed: back.typed.into_iter().map(|(name, value)| (format!("{}{name}", back.prefix), value)).collect(),
        shell,
    })
}

/// What this lot could go to.
async fn wants(frame: &Frame, file: &LotFile) -> Result<Vec<Group>> {
    let found = stock_list(&frame.state, frame.actor()).await?;
    let item = &file.lot.item;
    let open = found.needs.iter().filter(|need| need.item.as_ref() == Some(item) && need.filled < need.head);
    let option = |need: &muster_store::dispatch::NeedRow| {
        let missing = frame.so_many(item, need.head - need.filled);
        Choice::new(need.code.as_str(), format!("{} · {missing}", need.title))
    };
    Ok(vec![Group { label: String::new(), options: open.map(option).collect() }])
}

/// What became of a gift, by the number of its receipt.
pub(super) async fn donation(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
) -> Result<Response> {
    frame.state.limits.code(address, &code)?;
    let file = donation_view(&frame.state, &code).await?;
    let shell = frame.shell("donation-page");
    let (lot, item) = (&file.lot, &file.lot.item);
    let sum = |kind: GoodsKind| -> i64 {
        let of = file.entries.iter().filter(|entry| entry.kind == kind);
        of.map(|entry: &GoodsEntryRow| if entry.reverses.is_some() { -entry.quantity } else { entry.quantity }).sum()
    };
    let page = DonationPage {
        code_groups: groups(lot.code.as_str()),
        item: frame.item_name(item),
        given: frame.so_many(item, sum(GoodsKind::Donated)),
        received: frame.so_many(item, sum(GoodsKind::Received)),
        here: frame.so_many(item, lot.on_hand),
        stock: file.stock.name.clone(),
        donor: lot.donor.clone().unwrap_or_default(),
        when: frame.when(lot.received_at),
        trail: frame.trail(&shell, &file, false, true),
        sheet: frame.goods_sheet(&shell, "donation", &lot.code),
        shell,
    };
    Ok(frame.draw(&page))
}
