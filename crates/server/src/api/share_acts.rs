//! What is done to the money of a joint project: set, entered, taken back, waived.

use axum::extract::State as Held;
use axum::response::Response;
use muster_core::process::shares::{EntryKind, PartyKind};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::Member;
use super::document::one_of;
use super::on_case::{OnCase, OnPart};
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use super::shares::{Shares, changed, party_kind};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::state::State;
use crate::usecase::share_enter::{NewEntry, share_enter, share_reverse};
use crate::usecase::share_set::{NewParty, NewShares, share_set};
use crate::usecase::share_waive::{NewWaiver, share_decide, share_waive};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SharesSet {
    /// Fen.
    cost: i64,
    /// Those of the project that are not named keep their place and bear nothing.
    parties: Vec<PartySet>,
    /// The agreement or the minutes they follow from; it stands in the ledger.
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PartySet {
    /// Of one that is there already.
    #[serde(default)]
    number: Option<i64>,
    #[schema(schema_with = party_kind)]
    kind: PartyKind,
    /// Of a group, a unit or a firm; of no single resident.
    name: String,
    /// Basis points; all of them make 10000.
    share: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryMade {
    #[schema(schema_with = by_hand)]
    kind: EntryKind,
    /// Number of the party.
    party: i64,
    /// Fen.
    amount: i64,
    /// Number of the receipt or voucher; of a pledge it may be left out.
    #[serde(default)]
    document: String,
    /// Day on it.
    #[schema(format = Date)]
    dated: String,
    #[serde(default)]
    note: String,
}

fn by_hand() -> utoipa::openapi::schema::Object {
    one_of(["pledge", "payment", "refund"])
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryReversed {
    /// Why; it stands in the ledger.
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WaiverAsked {
    /// Number of the party.
    party: i64,
    /// Fen.
    amount: i64,
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WaiverDecided {
    granted: bool,
    /// Needed where it is refused.
    #[serde(default)]
    answer: String,
}

/// Set cost and shares
///
/// Every party owes its share to the fen. Said again, what has changed is taken back and charged anew.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/shares", operation_id = "share_set", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = SharesSet,
    responses(
        (status = 200, description = "Set", body = Shares, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn set(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<SharesSet>,
) -> Result<Response> {
    let party = |PartySet { number, kind, name, share }| NewParty { number, kind, name, share };
    let parties = typed.parties.into_iter().map(party).collect();
    let new = NewShares { cost: typed.cost, parties, reason: typed.reason, version };
    share_set(&state, &actor, &code, &new).await.map(|book| changed(&book))
}

/// Enter a pledge, a payment or a refund
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/shares/entries", operation_id = "share_enter", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = EntryMade,
    responses(
        (status = 200, description = "Entered", body = Shares, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn enter(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<EntryMade>,
) -> Result<Response> {
    let EntryMade { kind, party, amount, document, dated, note } = typed;
    let new = NewEntry { kind, party, amount, document, dated, note, version };
    share_enter(&state, &actor, &code, &new).await.map(|book| changed(&book))
}

/// Take back an entry
///
/// It stays, and an opposite one is added.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/shares/entries/{number}/reverse", operation_id = "share_reverse", tag = "cases",
    security(("bearer" = [])),
    params(OnPart),
    request_body = EntryReversed,
    responses(
        (status = 200, description = "Taken back", body = Shares, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn reverse(
    Held(state): Held<State>,
    OnPart { actor, code, number, version }: OnPart,
    ApiJson(typed): ApiJson<EntryReversed>,
) -> Result<Response> {
    share_reverse(&state, &actor, (&code, number), &typed.reason, version).await.map(|book| changed(&book))
}

/// Ask for a waiver
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/shares/waivers", operation_id = "share_waive", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = WaiverAsked,
    responses(
        (status = 200, description = "Asked", body = Shares, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn waive(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<WaiverAsked>,
) -> Result<Response> {
    let new = NewWaiver { party: typed.party, amount: typed.amount, reason: typed.reason, version };
    share_waive(&state, &actor, &code, &new).await.map(|book| changed(&book))
}

/// Decide a waiver
///
/// Whoever asked cannot.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/shares/waivers/{id}", operation_id = "share_decide", tag = "cases",
    security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("id" = Uuid, Path, description = "Id of the waiver"),
    ),
    request_body = WaiverDecided,
    responses(
        (status = 200, description = "Decided", body = Shares, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn decide(
    Held(state): Held<State>,
    member: Member,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
    ApiJson(typed): ApiJson<WaiverDecided>,
) -> Result<Response> {
    share_decide(&state, &member.actor, (&code, id), typed.granted, &typed.answer).await.map(|book| changed(&book))
}
