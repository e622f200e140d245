//! Saying what happened, for oneself or for a caller.

use axum::extract::State as Held;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use muster_core::intake::{Channel, Draft, Photo};
use muster_core::people::{Actor, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::{Caller, IdempotencyKey};
use super::body::area_code;
use super::refusals::{Body, Found, Keyed, Limited, Refusals, Token};
use crate::error::{Error, Result};
use crate::extract::ApiJson;
use crate::photo::PhotoFault;
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::reference::area_code as read_area;
use crate::usecase::report_submit::{Again, Receipt, report_submit};

/// `text` and `area` are enough.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReport {
    /// Where it happened: a community or grid is best.
    #[schema(schema_with = area_code)]
    area: String,
    /// What happened, in the person's words.
    #[schema(examples("小区三号楼楼道里的自来水管漏水，已经漏了两天。"))]
    text: String,
    #[serde(default)]
    title: String,
    /// Building, stop, shop: words, not an area.
    #[serde(default)]
    place: String,
    /// Kept sealed; shown only to staff who say why.
    #[serde(default)]
    name: String,
    /// Kept sealed; shown only to staff who say why.
    #[serde(default)]
    phone: String,
    /// Said for someone else.
    #[serde(default)]
    on_behalf: bool,
    /// At most as many as the pack's `[photos]` says, all within the body's limit: the longest side is made 1600 pixels
    /// anyhow. Only the picture is kept, nothing else of the file.
    #[serde(default)]
    photos: Vec<NewPhoto>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPhoto {
    /// A JPEG, PNG or WebP file in base64 (RFC 4648, 4).
    #[schema(format = Byte)]
    content: String,
}

/// Report
///
/// Without a token it is a report of a stranger (channel `api`, rate limited); an operator's counts as `hotline`, a grid
/// worker's as `grid`. Send it again with the same key and body and the first answer comes again, within a day.
#[utoipa::path(
    post, path = "/api/v1/reports", operation_id = "report_submit", tag = "reports",
    security((), ("bearer" = [])),
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 200, pattern = "^[!-~]+$",
        description = "A new random UUID for each report. Printable ASCII; at least 16 characters without an account")),
    request_body = NewReport,
    responses(
        (status = 201, description = "Taken in", body = Receipt,
            headers(("Location" = String, description = "Where the reporter follows it"))),
        Refusals<Token, Found, Body, Keyed, Limited>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    Caller(actor): Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    key: IdempotencyKey,
    ApiJson(typed): ApiJson<NewReport>,
) -> Result<impl IntoResponse> {
    let key = key.of(&actor)?;
    let channel = channel(&actor);
    if channel == Channel::Api {
        state.limits.report(address)?;
    }
    let draft = typed.draft(&state).await?;
    let again = Again::new(&scope(&actor), key, &draft);
    let receipt = report_submit(&state, &actor, channel, &draft, Some(&again)).await?;
    let location = format!("/api/v1/track/{}", receipt.code);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(receipt)))
}

impl NewReport {
    async fn draft(self, state: &State) -> Result<Draft> {
        let photos = photos(state, &self.photos).await?;
        Ok(Draft {
            area: Some(read_area("area", &self.area)?),
            place: self.place,
            title: self.title,
            text: self.text,
            name: self.name,
            phone: self.phone,
            on_behalf: self.on_behalf,
            photos,
            ..Draft::default()
        })
    }
}

/// Reads photos until there are more than a report may have, which core refuses.
pub(super) async fn photos(state: &State, sent: &[NewPhoto]) -> Result<Vec<Photo>> {
    let rule = &state.pack.intake.photos;
    let mut photos = Vec::new();
    for (nth, photo) in sent.iter().enumerate().take(rule.most + 1) {
        let field = format!("/photos/{nth}/content");
        let wrong = |fault: &dyn std::fmt::Display| format!("This is no base64 ({fault}); encode the file as it is.");
        let bytes = BASE64_STANDARD
            .decode(&photo.content)
            .map_err(|fault| Error::invalid(&field, "photo-base64", wrong(&fault)))?;
        let read = state.photos.read_bytes(&bytes, rule).await;
        photos.push(
            read.map_err(|fault| match fault {
                // Nothing is wrong with the photo.
                PhotoFault::Busy => Error::unavailable(60),
                fault => Error::invalid(&field, fault.code(), fault.to_string()),
            })?
            .0,
        );
    }
    Ok(photos)
}

/// Whose key it is: an account's own, or that of all strangers.
fn scope(actor: &Actor) -> String {
    match actor.account_id() {
        Some(id) => format!("api/report_submit/{id}"),
        None => "api/report_submit/stranger".to_owned(),
    }
}

/// Staff enter for callers and for people they meet; everyone else reports for themselves.
fn channel(actor: &Actor) -> Channel {
    let holds =
        |role| matches!(actor, Actor::Account(account) if account.grants.iter().any(|grant| grant.role == role));
    if holds(Role::Operator) {
        Channel::Hotline
    } else if holds(Role::GridWorker) {
        Channel::Grid
    } else {
        Channel::Api
    }
}
