//! What is done with goods: taken in, counted, kept, sent, received, brought back.

use axum::extract::State as Held;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::{Caller, IfMatch, Member};
use super::goods::{Consignment, Lot, Stock, consignment_changed, lot_changed};
use super::on_case::{OnCase, OnPart};
use super::refusals::{Body, Found, Limited, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::consignment_commit::{NewConsignment, consignment_commit};
use crate::usecase::consignment_receive::{Receipt, consignment_receive, consignment_sign};
use crate::usecase::consignment_release::consignment_release;
use crate::usecase::consignment_return::{Back, consignment_return};
use crate::usecase::consignment_send::consignment_send;
use crate::usecase::goods::Ground;
use crate::usecase::lot_count::lot_count;
use crate::usecase::lot_donate::{NewLot, lot_donate};
use crate::usecase::lot_reverse::lot_reverse;
use crate::usecase::lot_spoil::lot_spoil;
use crate::usecase::reference::area_find;
use crate::usecase::stock_open::{NewStock, stock_open};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StockOpened {
    /// 15 digits, or the leading ones.
    area: String,
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LotDonated {
    /// Code of the pack.
    item: String,
    quantity: i64,
    /// Day such as 2026-11-30; may be left out of what keeps.
    #[serde(default)]
    expires: String,
    #[serde(default)]
    donor: String,
    /// The donor agrees to be named in public; otherwise the name is sealed.
    #[serde(default)]
    named: bool,
    #[serde(default)]
    document: String,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodsMoved {
    quantity: i64,
    /// Number of the paper.
    #[serde(default)]
    document: String,
    #[serde(default)]
    note: String,
}

/// `note` is needed: it stands in the ledger.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodsSaid {
    quantity: i64,
    note: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LineReversed {
    note: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodsKept {
    /// Code of the lot.
    lot: String,
    /// Code of the need.
    need: String,
    quantity: i64,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodsTaken {
    quantity: i64,
    /// Of who took it; sealed.
    name: String,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodsSigned {
    /// Of the slip.
    word: String,
    quantity: i64,
    /// Of who signs; sealed.
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodsBack {
    quantity: i64,
    /// It did not come back either.
    #[serde(default)]
    lost: bool,
    note: String,
}

/// Open a stock
#[utoipa::path(
    post, path = "/api/v1/stocks", operation_id = "stock_open", tag = "goods",
    security(("bearer" = [])),
    request_body = StockOpened,
    responses((status = 201, description = "Opened", body = Stock), Refusals<Staff, Found, Body>),
)]
pub(super) async fn open(
    Held(state): Held<State>,
    member: Member,
    ApiJson(typed): ApiJson<StockOpened>,
) -> Result<Response> {
    let area = area_find(&state, "area", &typed.area).await?;
    let stock = stock_open(&state, &member.actor, &NewStock { area, name: typed.name }).await?;
    Ok((StatusCode::CREATED, Json(Stock::from(&stock))).into_response())
}

/// Take in goods
///
/// The code of the lot is the number of the donor's receipt.
#[utoipa::path(
    post, path = "/api/v1/stocks/{code}/lots", operation_id = "lot_donate", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the stock, in any spelling")),
    request_body = LotDonated,
    responses((status = 201, description = "Taken in", body = Lot), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn donate(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<LotDonated>,
) -> Result<Response> {
    let LotDonated { item, quantity, expires, donor, named, document, note } = typed;
    let new = NewLot { item, quantity, expires, donor, named, ground: Ground { document, note } };
    let lot = lot_donate(&state, &member.actor, &code, &new).await?;
    Ok((StatusCode::CREATED, lot_changed(&lot)).into_response())
}

/// Correct a lot by stock-taking
#[utoipa::path(
    post, path = "/api/v1/lots/{code}/count", operation_id = "lot_count", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the lot"), ("If-Match" = Option<String>, Header, description = "ETag of the version you decided on")),
    request_body = GoodsSaid,
    responses((status = 200, description = "Corrected", body = Lot), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn count(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<GoodsSaid>,
) -> Result<Response> {
    lot_count(&state, &actor, &code, (typed.quantity, &typed.note), version).await.map(|lot| lot_changed(&lot))
}

/// Book goods as spoiled
#[utoipa::path(
    post, path = "/api/v1/lots/{code}/spoil", operation_id = "lot_spoil", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the lot"), ("If-Match" = Option<String>, Header, description = "ETag of the version you decided on")),
    request_body = GoodsMoved,
    responses((status = 200, description = "Booked", body = Lot), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn spoil(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<GoodsMoved>,
) -> Result<Response> {
    let ground = Ground { document: typed.document, note: typed.note };
    lot_spoil(&state, &actor, &code, (typed.quantity, &ground), version).await.map(|lot| lot_changed(&lot))
}

/// Take back a line of a lot's ledger
///
/// It stays, and an opposite one is added, as far as the goods have not gone on since.
#[utoipa::path(
    post, path = "/api/v1/lots/{code}/entries/{number}/reverse", operation_id = "lot_reverse", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the lot"), ("number" = i64, Path, description = "Number of the line"), ("If-Match" = Option<String>, Header, description = "ETag of the version you decided on")),
    request_body = LineReversed,
    responses((status = 200, description = "Taken back", body = Lot), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn reverse(
    Held(state): Held<State>,
    OnPart { actor, code, number, version }: OnPart,
    ApiJson(typed): ApiJson<LineReversed>,
) -> Result<Response> {
    lot_reverse(&state, &actor, (&code, number), &typed.note, version).await.map(|lot| lot_changed(&lot))
}

/// Keep part of a lot for a need
///
/// `If-Match` is about the lot.
#[utoipa::path(
    post, path = "/api/v1/consignments", operation_id = "consignment_commit", tag = "goods",
    security(("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "ETag of the lot")),
    request_body = GoodsKept,
    responses((status = 201, description = "Kept", body = Consignment), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn commit(
    Held(state): Held<State>,
    member: Member,
    IfMatch(version): IfMatch,
    ApiJson(typed): ApiJson<GoodsKept>,
) -> Result<Response> {
    let GoodsKept { lot, need, quantity, note } = typed;
    let new = NewConsignment { lot, need, quantity, ground: Ground { document: String::new(), note }, version };
    let row = consignment_commit(&state, &member.actor, &new).await?;
    Ok((StatusCode::CREATED, consignment_changed(&row)).into_response())
}

/// Send what is kept
#[utoipa::path(
    post, path = "/api/v1/consignments/{code}/send", operation_id = "consignment_send", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the consignment"), ("If-Match" = Option<String>, Header, description = "ETag of the version you decided on")),
    request_body = GoodsMoved,
    responses((status = 200, description = "Sent", body = Consignment), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn send(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<GoodsMoved>,
) -> Result<Response> {
    let ground = Ground { document: typed.document, note: typed.note };
    let row = consignment_send(&state, &actor, &code, (Some(typed.quantity), &ground), version).await?;
    Ok(consignment_changed(&row))
}

/// Keep it no longer
#[utoipa::path(
    post, path = "/api/v1/consignments/{code}/release", operation_id = "consignment_release", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the consignment"), ("If-Match" = Option<String>, Header, description = "ETag of the version you decided on")),
    request_body = GoodsSaid,
    responses((status = 200, description = "Free again", body = Consignment), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn release(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<GoodsSaid>,
) -> Result<Response> {
    let row = consignment_release(&state, &actor, &code, (Some(typed.quantity), &typed.note), version).await?;
    Ok(consignment_changed(&row))
}

/// Enter who received it
#[utoipa::path(
    post, path = "/api/v1/consignments/{code}/receive", operation_id = "consignment_receive", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the consignment"), ("If-Match" = Option<String>, Header, description = "ETag of the version you decided on")),
    request_body = GoodsTaken,
    responses((status = 200, description = "Received", body = Consignment), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn receive(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<GoodsTaken>,
) -> Result<Response> {
    let ground = Ground { document: String::new(), note: typed.note };
    let receipt = Receipt { quantity: typed.quantity, name: typed.name, ground };
    consignment_receive(&state, &actor, &code, &receipt, version).await.map(|row| consignment_changed(&row))
}

/// Enter what came back, or was lost
#[utoipa::path(
    post, path = "/api/v1/consignments/{code}/return", operation_id = "consignment_return", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the consignment"), ("If-Match" = Option<String>, Header, description = "ETag of the version you decided on")),
    request_body = GoodsBack,
    responses((status = 200, description = "Entered", body = Consignment), Refusals<Staff, Found, Body, Moves>),
)]
pub(super) async fn back(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<GoodsBack>,
) -> Result<Response> {
    let back = if typed.lost { Back::Lost } else { Back::Returned };
    let row = consignment_return(&state, &actor, &code, (typed.quantity, back, &typed.note), version).await?;
    Ok(consignment_changed(&row))
}

/// Sign for goods
///
/// By the code and the word of the slip, without an account.
#[utoipa::path(
    post, path = "/api/v1/receipts/{code}", operation_id = "consignment_sign", tag = "goods",
    params(("code" = String, Path, description = "Code of the consignment, in any spelling")),
    request_body = GoodsSigned,
    responses((status = 200, description = "Signed", body = Consignment), Refusals<Found, Body, Moves, Limited>),
)]
pub(super) async fn sign(
    Held(state): Held<State>,
    _: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    ApiJson(typed): ApiJson<GoodsSigned>,
) -> Result<Response> {
    state.limits.code(address, &code)?;
    let receipt = Receipt { quantity: typed.quantity, name: typed.name, ground: Ground::default() };
    consignment_sign(&state, &code, &typed.word, &receipt).await.map(|row| consignment_changed(&row))
}
