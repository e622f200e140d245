//! The money of a joint project, as the API shows it: one shape, the answer of every act on it.

use axum::Json;
use axum::extract::State as Held;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, ETAG};
use axum::response::{IntoResponse, Response};
use muster_core::process::shares::{EntryKind, PartyKind, Statement, statement, sum};
use muster_store::share::{ShareBook, ShareEntryRow, SharePartyRow, ShareWaiverRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::etag;
use super::document::one_of;
use super::on_case::OnCase;
use super::refusals::{Found, Moves, Refusals, Staff};
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::paper;
use crate::state::State;
use crate::usecase::share_close::share_close;
use crate::usecase::share_view::share_view;

/// What a joint project costs, who bears it, and every entry. Amounts are fen.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Shares {
    cost: i64,
    parties: Vec<Party>,
    /// All parties together.
    sum: Stands,
    /// The ledger, in its order.
    entries: Vec<Entry>,
    /// Oldest first.
    waivers: Vec<Waiver>,
    closed_at: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Party {
    number: i64,
    #[schema(schema_with = party_kind)]
    kind: PartyKind,
    name: String,
    /// Basis points.
    share: i64,
    stands: Stands,
}

/// `balance` is what is owed, less what was paid and waived.
#[derive(Debug, Serialize, ToSchema)]
struct Stands {
    owed: i64,
    pledged: i64,
    paid: i64,
    waived: i64,
    balance: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Entry {
    number: i64,
    /// Number of the party.
    party: i64,
    #[schema(schema_with = entry_kind)]
    kind: EntryKind,
    amount: i64,
    /// Number of the entry that this one takes back.
    reverses: Option<i64>,
    document: Option<String>,
    /// Day on the document, yyyymmdd.
    dated: i64,
    note: String,
    at: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Waiver {
    id: Uuid,
    /// Number of the party.
    party: i64,
    amount: i64,
    reason: String,
    asked_at: i64,
    #[schema(schema_with = waiver_state)]
    state: String,
    decided_at: Option<i64>,
    answer: Option<String>,
}

pub(super) fn party_kind() -> utoipa::openapi::schema::Object {
    one_of(PartyKind::ALL.iter().map(|kind| kind.as_str()))
}

fn entry_kind() -> utoipa::openapi::schema::Object {
    one_of(EntryKind::ALL.iter().map(|kind| kind.as_str()))
}

fn waiver_state() -> utoipa::openapi::schema::Object {
    one_of(["open", "granted", "refused"])
}

/// See who bears the cost of a joint project
#[utoipa::path(
    get, path = "/api/v1/cases/{code}/shares", operation_id = "share_view", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    responses(
        (status = 200, description = "The account", body = Shares, headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found, Moves>,
    ),
)]
pub(super) async fn handle(Held(state): Held<State>, OnCase { actor, code, .. }: OnCase) -> Result<Response> {
    let shares = share_view(&state, &actor, &code).await?;
    shares.book.as_ref().map(changed).ok_or_else(Error::not_found)
}

/// Print the statement of account
///
/// In the language of `Accept-Language`.
#[utoipa::path(
    get, path = "/api/v1/cases/{code}/shares.pdf", operation_id = "share_print", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    responses(
        (status = 200, description = "The paper", content_type = "application/pdf", body = Vec<u8>),
        Refusals<Staff, Found, Moves>,
    ),
)]
pub(super) async fn print(
    Held(state): Held<State>,
    OnCase { actor, code, .. }: OnCase,
    headers: HeaderMap,
) -> Result<Response> {
    let shares = share_view(&state, &actor, &code).await?;
    let book = shares.book.as_ref().ok_or_else(Error::not_found)?;
    let paper = paper::statement(&state, lang(&headers), &shares, book);
    let pdf = state.press.print(&state.config.fonts, paper).await?;
    Ok(paper::answer(pdf, &format!("shares-{}", shares.case.code)))
}

/// Close the account
///
/// When every balance is zero and no waiver is open; nothing is entered after that.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/shares/close", operation_id = "share_close", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    responses(
        (status = 200, description = "Closed", body = Shares, headers(("ETag" = String, description = "Its version"))),
        (status = 422, description = "`invalid`: Some fields need attention", body = crate::problem::Problem, content_type = "application/problem+json"),
        Refusals<Staff, Found, Moves>,
    ),
)]
pub(super) async fn close(Held(state): Held<State>, OnCase { actor, code, version }: OnCase) -> Result<Response> {
    share_close(&state, &actor, &code, version).await.map(|book| changed(&book))
}

/// The language a paper is printed in.
pub(super) fn lang(headers: &HeaderMap) -> Lang {
    headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map(Lang::negotiate).unwrap_or_default()
}

/// The account as an act left it, with its new version.
pub(super) fn changed(book: &ShareBook) -> Response {
    ([(ETAG, etag(book.account.version))], Json(Shares::from(book))).into_response()
}

impl From<&ShareBook> for Shares {
    fn from(book: &ShareBook) -> Self {
        let entries = book.ledger();
        let party = |row: &SharePartyRow| Party {
            number: row.number,
            kind: row.kind,
            name: row.name.clone(),
            share: row.share,
            stands: statement(&entries, row.number).into(),
        };
        Self {
            cost: book.account.cost,
            parties: book.parties.iter().map(party).collect(),
            sum: sum(&entries).into(),
            entries: book.entries.iter().map(Entry::from).collect(),
            waivers: book.waivers.iter().map(Waiver::from).collect(),
            closed_at: book.account.closed_at,
        }
    }
}

impl From<Statement> for Stands {
    fn from(stands: Statement) -> Self {
        let Statement { owed, pledged, paid, waived } = stands;
        Self { owed, pledged, paid, waived, balance: stands.balance() }
    }
}

impl From<&ShareEntryRow> for Entry {
    fn from(row: &ShareEntryRow) -> Self {
        Self {
            number: row.number,
            party: row.party,
            kind: row.kind,
            amount: row.amount,
            reverses: row.reverses,
            document: row.document.clone(),
            dated: row.dated,
            note: row.note.clone(),
            at: row.at.0,
        }
    }
}

impl From<&ShareWaiverRow> for Waiver {
    fn from(row: &ShareWaiverRow) -> Self {
        Self {
            id: row.id,
            party: row.party,
            amount: row.amount,
            reason: row.reason.clone(),
            asked_at: row.asked_at.0,
            state: row.state.clone(),
            decided_at: row.decided_at,
            answer: row.answer.clone(),
        }
    }
}
