//! Goods as the API shows them: stocks, lots with their ledger, consignments, and what could go where.

use axum::Extension;
use axum::Json;
use axum::extract::State as Held;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use muster_core::dispatch::goods::{ConsignmentState, GoodsKind};
use muster_store::dispatch::{
    ConsignmentRow, ConsignmentSeen, GoodsEntryRow, GoodsFigures, LotRow, NeedRow, ResourceRow,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::ask::{Caller, Member, etag};
use super::document::one_of;
use super::on_case::OnCase;
use super::refusals::{Found, Limited, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiPath;
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::consignment_view::consignment_view;
use crate::usecase::goods_plan::goods_plan;
use crate::usecase::lot_view::{LotFile, donation_view, lot_view};
use crate::usecase::stock_view::{stock_list, stock_view};

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stock {
    code: String,
    name: String,
    /// 15 digits.
    area: String,
}

/// Quantities are whole numbers of the item's unit in the pack.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Lot {
    /// Also the number of the donor's receipt.
    code: String,
    /// Code of the pack.
    item: String,
    /// Where the donor agreed to be named in public.
    donor: Option<String>,
    received_at: i64,
    /// yyyymmdd; null of what keeps.
    expires_on: Option<i64>,
    on_hand: i64,
    /// Of it what is kept for needs.
    committed: i64,
    version: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Consignment {
    code: String,
    #[schema(schema_with = consignment_state)]
    state: ConsignmentState,
    committed: i64,
    released: i64,
    sent: i64,
    received: i64,
    returned: i64,
    lost: i64,
    signed_at: Option<i64>,
    version: i64,
}

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
struct GoodsEntry {
    number: i64,
    #[schema(schema_with = goods_kind)]
    kind: GoodsKind,
    /// Of a count the difference.
    quantity: i64,
    /// Code of the consignment it is about.
    consignment: Option<String>,
    /// Number of the line that this one takes back.
    reverses: Option<i64>,
    document: Option<String>,
    note: String,
    at: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Want {
    /// Code of the need.
    code: String,
    title: String,
    /// 15 digits.
    area: String,
    item: Option<String>,
    quantity: i64,
    /// Kept for it, on the way, or there.
    covered: i64,
    closes_at: i64,
    priority: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Figures {
    given: i64,
    /// Of it what reached a hand within the pack's days.
    reached: i64,
    stocked: i64,
    /// Of it what came longer ago than that and is kept for nobody.
    idle: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GoodsThere {
    stocks: Vec<Stock>,
    lots: Vec<Lot>,
    /// Open, the most urgent first.
    needs: Vec<Want>,
    figures: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StockLots {
    #[serde(flatten)]
    stock: Stock,
    lots: Vec<Lot>,
}

/// A lot with its ledger: the paper trail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LotTrail {
    #[serde(flatten)]
    lot: Lot,
    /// In their order.
    entries: Vec<GoodsEntry>,
    consignments: Vec<Consignment>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Proposed {
    /// Code of the lot.
    lot: String,
    /// Code of the need.
    need: String,
    quantity: i64,
    /// Of one unit.
    value: i64,
    /// Between the two; null where a place is not known.
    metres: Option<i64>,
    /// What one more unit of the lot would bring, and one more asked for.
    lot_price: i64,
    need_price: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GoodsShared {
    proposals: Vec<Proposed>,
    /// The prices allow no more.
    objective: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Slip {
    #[serde(flatten)]
    consignment: Consignment,
    lot: String,
    item: String,
    stock: String,
    need: String,
    /// By which the receiver signs.
    word: String,
}

fn consignment_state() -> utoipa::openapi::schema::Object {
    one_of(ConsignmentState::ALL.iter().map(|state| state.as_str()))
}

fn goods_kind() -> utoipa::openapi::schema::Object {
    one_of(GoodsKind::ALL.iter().map(|kind| kind.as_str()))
}

/// What is in stock, and what is asked for
#[utoipa::path(
    get, path = "/api/v1/stocks", operation_id = "stock_list", tag = "goods",
    security(("bearer" = [])),
    responses((status = 200, description = "All stocks of the jurisdiction", body = GoodsThere), Refusals<Staff>),
)]
pub(super) async fn list(Held(state): Held<State>, member: Member) -> Result<Json<GoodsThere>> {
    let found = stock_list(&state, &member.actor).await?;
    Ok(Json(GoodsThere {
        stocks: found.stocks.iter().map(Stock::from).collect(),
        lots: found.lots.iter().map(|placed| Lot::from(&placed.lot)).collect(),
        needs: found.needs.iter().map(Want::from).collect(),
        figures: found.figures.into(),
    }))
}

/// Which lots could go to which needs
///
/// The way of sharing out that is worth most, with the prices that prove it. Nothing is kept by asking.
#[utoipa::path(
    get, path = "/api/v1/stocks/plan", operation_id = "goods_plan", tag = "goods",
    security(("bearer" = [])),
    responses((status = 200, description = "The plan", body = GoodsShared), Refusals<Staff>),
)]
pub(super) async fn plan(Held(state): Held<State>, member: Member) -> Result<Json<GoodsShared>> {
    let plan = goods_plan(&state, &member.actor).await?;
    let proposed = |proposal: &crate::usecase::goods_plan::Proposal| Proposed {
        lot: proposal.lot.lot.code.to_string(),
        need: proposal.need.code.to_string(),
        quantity: proposal.quantity,
        value: proposal.value,
        metres: proposal.metres,
        lot_price: proposal.prices.0,
        need_price: proposal.prices.1,
    };
    Ok(Json(GoodsShared { proposals: plan.proposals.iter().map(proposed).collect(), objective: plan.objective }))
}

/// One stock and its lots
#[utoipa::path(
    get, path = "/api/v1/stocks/{code}", operation_id = "stock_view", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the stock, in any spelling")),
    responses((status = 200, description = "The stock", body = StockLots), Refusals<Staff, Found>),
)]
pub(super) async fn view(
    Held(state): Held<State>,
    member: Member,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<StockLots>> {
    let (stock, lots) = stock_view(&state, &member.actor, &code).await?;
    Ok(Json(StockLots { stock: (&stock).into(), lots: lots.iter().map(Lot::from).collect() }))
}

/// A lot and its paper trail
#[utoipa::path(
    get, path = "/api/v1/lots/{code}", operation_id = "lot_view", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the lot, in any spelling")),
    responses(
        (status = 200, description = "The lot", body = LotTrail, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found>,
    ),
)]
pub(super) async fn lot(Held(state): Held<State>, member: Member, ApiPath(code): ApiPath<String>) -> Result<Response> {
    let file = lot_view(&state, &member.actor, &code).await?;
    Ok(([(ETAG, etag(file.lot.version))], Json(LotTrail::from(&file))).into_response())
}

/// What became of a gift
///
/// By the number of its receipt. Nobody is named, and staff's notes are left out.
#[utoipa::path(
    get, path = "/api/v1/donations/{code}", operation_id = "donation_view", tag = "goods",
    params(("code" = String, Path, description = "Number of the receipt, in any spelling")),
    responses((status = 200, description = "The lot", body = LotTrail), Refusals<Found, Limited>),
)]
pub(super) async fn donation(
    Held(state): Held<State>,
    _: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<LotTrail>> {
    state.limits.code(address, &code)?;
    let file = donation_view(&state, &code).await?;
    let mut trail = LotTrail::from(&file);
    trail.consignments.clear();
    trail.entries.iter_mut().for_each(|entry| entry.consignment = None);
    Ok(Json(trail))
}

/// A consignment and the word of its slip
#[utoipa::path(
    get, path = "/api/v1/consignments/{code}", operation_id = "consignment_view", tag = "goods",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the consignment, in any spelling")),
    responses(
        (status = 200, description = "The consignment", body = Slip, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found>,
    ),
)]
pub(super) async fn consignment(Held(state): Held<State>, OnCase { actor, code, .. }: OnCase) -> Result<Response> {
    let file = consignment_view(&state, &actor, &code).await?;
    Ok(([(ETAG, etag(file.seen.row.version))], Json(Slip::of(&file.seen, &file.word))).into_response())
}

/// A lot as an act left it, with its new version.
pub(super) fn lot_changed(lot: &LotRow) -> Response {
    ([(ETAG, etag(lot.version))], Json(Lot::from(lot))).into_response()
}

/// A consignment as an act left it, with its new version.
pub(super) fn consignment_changed(row: &ConsignmentRow) -> Response {
    ([(ETAG, etag(row.version))], Json(Consignment::from(row))).into_response()
}

impl Slip {
    fn of(seen: &ConsignmentSeen, word: &str) -> Self {
        Self {
            consignment: (&seen.row).into(),
            lot: seen.lot_code.to_string(),
            item: seen.item.clone(),
            stock: seen.stock_code.to_string(),
            need: seen.need_code.to_string(),
            word: word.to_owned(),
        }
    }
}

impl From<&ResourceRow> for Stock {
    fn from(row: &ResourceRow) -> Self {
        Self { code: row.code.to_string(), name: row.name.clone(), area: row.area.to_string() }
    }
}

impl From<&LotRow> for Lot {
    fn from(row: &LotRow) -> Self {
        Self {
            code: row.code.to_string(),
            item: row.item.clone(),
            donor: row.donor.clone(),
            received_at: row.received_at.0,
            expires_on: row.expires_on,
            on_hand: row.on_hand,
            committed: row.committed,
            version: row.version,
        }
    }
}

impl From<&ConsignmentRow> for Consignment {
    fn from(row: &ConsignmentRow) -> Self {
        let ConsignmentRow { committed, released, sent, received, returned, lost, signed_at, version, .. } = *row;
        let (code, state) = (row.code.to_string(), row.state);
        Self { code, state, committed, released, sent, received, returned, lost, signed_at, version }
    }
}

impl From<&NeedRow> for Want {
    fn from(row: &NeedRow) -> Self {
        Self {
            code: row.code.to_string(),
            title: row.title.clone(),
            area: row.area.to_string(),
            item: row.item.clone(),
            quantity: row.head,
            covered: row.filled,
            closes_at: row.closes_at.0,
            priority: row.priority,
        }
    }
}

impl From<GoodsFigures> for Figures {
    fn from(figures: GoodsFigures) -> Self {
        let GoodsFigures { given, reached, stocked, idle } = figures;
        Self { given, reached, stocked, idle }
    }
}

impl From<&LotFile> for LotTrail {
    fn from(file: &LotFile) -> Self {
        let code_of = |entry: &GoodsEntryRow| {
            let seen = file.consignments.iter().find(|seen| Some(seen.row.id) == entry.consignment_id);
            seen.map(|seen| seen.row.code.to_string())
        };
        let entry = |row: &GoodsEntryRow| GoodsEntry {
            number: row.number,
            kind: row.kind,
            quantity: row.quantity,
            consignment: code_of(row),
            reverses: row.reverses,
            document: row.document.clone(),
            note: row.note.clone(),
            at: row.at.0,
        };
        Self {
            lot: (&file.lot).into(),
            entries: file.entries.iter().map(entry).collect(),
            consignments: file.consignments.iter().map(|seen| (&seen.row).into()).collect(),
        }
    }
}
