//! A part of the work of a case is given to a unit.

use axum::Json;
use axum::extract::State as Held;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use muster_core::id::UnitId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::etag;
use super::body::budget_unit;
use super::on_case::OnCase;
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::{Error, Result};
use crate::extract::ApiJson;
use crate::state::State;
use crate::usecase::part_add::{NewPart, part_add};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartGiven {
    title: String,
    /// Id of the unit that leads.
    unit: Uuid,
    /// Ids of the units that help; they see the case and its parts.
    #[serde(default)]
    cooperating: Vec<Uuid>,
    /// Whether the case cannot be answered while it is open.
    #[serde(default)]
    required: bool,
    /// How long it may take, in `budget_unit`.
    amount: i64,
    #[schema(schema_with = budget_unit)]
    budget_unit: String,
    /// Number of the part it belongs to.
    #[serde(default)]
    parent: Option<i64>,
    /// Numbers of the parts that must be over before.
    #[serde(default)]
    after: Vec<i64>,
    /// Not to be begun before this day.
    #[serde(default)]
    #[schema(format = Date)]
    not_before: Option<String>,
    /// Why; the unit reads it.
    reason: String,
}

/// A part that was given out.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PartNumbered {
    number: i64,
    /// Such as `7M2K9QX4T0VBH.3`.
    code: String,
}

/// Give out a part
///
/// Its time runs as soon as it waits for no other part, and not before its day.
#[utoipa::path(
    post, path = "/api/v1/cases/{code}/parts", operation_id = "part_add", tag = "cases",
    security(("bearer" = [])),
    params(OnCase),
    request_body = PartGiven,
    responses(
        (status = 201, description = "Given out", body = PartNumbered, headers(("ETag" = String, description = "New version of the case"))),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    OnCase { actor, code, version }: OnCase,
    ApiJson(typed): ApiJson<PartGiven>,
) -> Result<Response> {
    let new = typed.read()?;
    let (case, number) = part_add(&state, &actor, &code, &new, version).await?;
    let body = PartNumbered { number, code: case.code.part(number) };
    Ok((StatusCode::CREATED, [(ETAG, etag(case.version))], Json(body)).into_response())
}

impl PartGiven {
    fn read(self) -> Result<NewPart> {
        let not_a_day = |text: &str| {
            Error::invalid("not_before", "date-wrong", format!("{text:?} is no day; write it as 2026-06-01."))
        };
        let not_before: Option<Date> = match self.not_before {
            Some(text) => Some(text.parse().map_err(|_| not_a_day(&text))?),
            None => None,
        };
        Ok(NewPart {
            title: self.title,
            unit: Some(UnitId(self.unit)),
            cooperating: self.cooperating.into_iter().map(UnitId).collect(),
            required: self.required,
            amount: self.amount,
            budget_unit: self.budget_unit,
            parent: self.parent,
            after: self.after,
            not_before,
            reason: self.reason,
        })
    }
}
