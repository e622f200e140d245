//! A consignment: its slip, what is done with it, and the receiver's signature.

use axum::Extension;
use axum::response::Response;
use muster_core::people::{Action, Subject};

use super::frame::{Frame, can, explain, is_about_form};
use super::goods_words::{Typed, ground, quantity, version, word};
use super::words::groups;
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::paper::dated;
use crate::security::ClientAddress;
use crate::usecase::consignment_receive::{Receipt, consignment_at, consignment_receive, consignment_sign};
use crate::usecase::consignment_release::consignment_release;
use crate::usecase::consignment_return::{Back as Came, consignment_return};
use crate::usecase::consignment_send::consignment_send;
use crate::usecase::consignment_view::{ConsignmentFile, consignment_view};
use crate::view::Notice;
use crate::view::goods::{ConsignmentPage, ReceiptPage, SlipActs, StockLine, WantLine};

pub(super) async fn view(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, &code, ("", Typed::new())).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn send(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match quantity(&typed) {
        Ok(quantity) => {
            let sent = (Some(quantity), &ground(&typed));
            consignment_send(&frame.state, frame.actor(), &code, sent, version(&typed)).await.map(drop)
        }
        Err(error) => Err(error),
    };
    after(frame, &code, ("send", typed), done).await
}

pub(super) async fn release(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match quantity(&typed) {
        Ok(quantity) => {
            let given_back = (Some(quantity), word(&typed, "note"));
            consignment_release(&frame.state, frame.actor(), &code, given_back, version(&typed)).await.map(drop)
        }
        Err(error) => Err(error),
    };
    after(frame, &code, ("release", typed), done).await
}

pub(super) async fn receive(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match receipt(&typed) {
        Ok(receipt) => {
            consignment_receive(&frame.state, frame.actor(), &code, &receipt, version(&typed)).await.map(drop)
        }
        Err(error) => Err(error),
    };
    after(frame, &code, ("receive", typed), done).await
}

pub(super) async fn back(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let came = if word(&typed, "lost") == "yes" { Came::Lost } else { Came::Returned };
    let done = match quantity(&typed) {
        Ok(quantity) => {
            let came = (quantity, came, word(&typed, "note"));
            consignment_return(&frame.state, frame.actor(), &code, came, version(&typed)).await.map(drop)
        }
        Err(error) => Err(error),
    };
    after(frame, &code, ("back", typed), done).await
}

fn receipt(typed: &Typed) -> Result<Receipt> {
    Ok(Receipt { quantity: quantity(typed)?, name: word(typed, "name").to_owned(), ground: ground(typed) })
}

async fn after(frame: Frame, code: &str, (form, typed): (&'static str, Typed), done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/consignments/{code}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, code, (form, typed)).await?;
            explain(&mut page.shell, &error, |field| format!("{form}-{field}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, code: &str, (form, typed): (&'static str, Typed)) -> Result<ConsignmentPage> {
    let file = consignment_view(&frame.state, frame.actor(), code).await?;
    let (shell, places) = (frame.shell("consignment-page"), frame.places().await?);
    let (seen, parcel) = (&file.seen, file.seen.row.parcel());
    let counts = [
        ("slip-kept", parcel.kept()),
        ("slip-way", parcel.on_the_way()),
        ("slip-received", parcel.received),
        ("slip-returned", parcel.returned),
        ("slip-lost", parcel.lost),
        ("slip-released", parcel.released),
    ];
    let counts = counts.into_iter().filter(|(_, quantity)| *quantity > 0);
    Ok(ConsignmentPage {
        code: seen.row.code.to_string(),
        code_groups: groups(seen.row.code.as_str()),
        version: seen.row.version.to_string(),
        lot: seen.lot_code.to_string(),
        item: frame.item_name(&seen.item),
        unit: frame.unit_of(&seen.item),
        expires: seen.expires_on.map(dated).unwrap_or_default(),
        stock: StockLine {
            code: seen.stock_code.to_string(),
            name: seen.stock_name.clone(),
            area: places.area(seen.stock_area),
        },
        want: WantLine {
            title: seen.need_title.clone(),
            place: seen.need_place.clone(),
            area: places.area(seen.need_area),
            ..WantLine::default()
        },
        state: seen.row.state.as_str().to_owned(),
        counts: counts.map(|(key, quantity)| (key, frame.so_many(&seen.item, quantity))).collect(),
        kept: parcel.kept(),
        way: parcel.on_the_way(),
        receiver: file.receiver.clone().unwrap_or_default(),
        signed: seen.row.signed_at.map(|at| frame.when(muster_core::time::Timestamp(at))),
        sheet: frame.goods_sheet(&shell, "receipt", &seen.row.code),
        word: if parcel.on_the_way() > 0 { word_groups(&file.word) } else { Vec::new() },
        acts: acts(frame, &file),
        form: form.to_owned(),
        typed: typed.into_iter().map(|(name, value)| (format!("{form}-{name}"), value)).collect(),
        shell,
    })
}

/// Four and four, as a secret is printed.
fn word_groups(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(4).map(|part| part.iter().collect()).collect()
}

fn acts(frame: &Frame, file: &ConsignmentFile) -> SlipActs {
    let (seen, parcel) = (&file.seen, file.seen.row.parcel());
    let may = |action| {
        let of = |area| can(frame.actor(), action, &Subject::area(area));
        of(seen.stock_area) || of(seen.need_area)
    };
    SlipActs {
        send: parcel.kept() > 0 && may(Action::ConsignmentSend),
        release: parcel.kept() > 0 && may(Action::ConsignmentRelease),
        receive: parcel.on_the_way() > 0 && may(Action::ConsignmentReceive),
        back: parcel.on_the_way() > 0 && may(Action::ConsignmentReturn),
    }
}

/// Where the QR code of a slip leads.
pub(super) async fn receipt_form(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
) -> Result<Response> {
    frame.state.limits.code(address, &code)?;
    let page = receipt_page(&frame, &code, Typed::new()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn sign(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    frame.state.limits.code(address, &code)?;
    let done = match receipt(&typed) {
        Ok(receipt) => consignment_sign(&frame.state, &code, word(&typed, "word"), &receipt).await.map(drop),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let mut page = receipt_page(&frame, &code, Typed::new()).await?;
            page.shell.notice = Some(Notice { good: true, text: page.shell.t("receipt-signed").into_owned() });
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) || error.status() == 404 => {
            // A wrong code has no page; a wrong word is said at its field.
            let mut page = receipt_page(&frame, &code, typed).await?;
            if error.status() == 404 {
                page.shell.refuse("word", "receipt-word", None);
            } else {
                explain(&mut page.shell, &error, str::to_owned);
            }
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn receipt_page(frame: &Frame, code: &str, typed: Typed) -> Result<ReceiptPage> {
    let seen = consignment_at(&frame.state, code, None).await?;
    let way = seen.row.parcel().on_the_way();
    Ok(ReceiptPage {
        shell: frame.shell("receipt-page"),
        code: seen.row.code.as_str().to_owned(),
        code_groups: groups(seen.row.code.as_str()),
        item: frame.item_name(&seen.item),
        unit: frame.unit_of(&seen.item),
        title: seen.need_title.clone(),
        stock: seen.stock_name.clone(),
        way,
        typed,
    })
}
