//! The shapes that answers share. Members are named as the columns they come from.

use axum::Json;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use muster_core::intake::Channel;
use muster_core::pack::{ClockKind, RequestKind, Urgency};
use muster_core::people::Role;
use muster_core::process::{CaseState, Move, Outcome, TaskState};
use muster_store::people::Area;
use muster_store::photo::PhotoHead;
use muster_store::process::{CaseRow, LineRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use uuid::Uuid;

use super::ask::etag;
use super::document::one_of;

/// What is said of a case wherever it is shown to staff.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Facts {
    /// In groups, as read aloud.
    #[schema(examples("7M2K-9QX4-T0VBH"))]
    code: String,
    #[schema(schema_with = case_state)]
    state: CaseState,
    /// 15 digits.
    #[schema(examples("900102001001000"))]
    area: String,
    /// Code of the pack's tree, 2 to 6 digits.
    category: String,
    #[schema(schema_with = kind)]
    kind: String,
    #[schema(schema_with = urgency)]
    urgency: String,
    title: String,
    /// Without phones, identity numbers, e-mails and the reporter's name.
    text: String,
    place: String,
    #[schema(schema_with = channel)]
    channel: Channel,
    /// Version of the policy pack the case was decided under.
    pack: String,
    /// Id of the unit that must answer; null while nobody is answerable.
    unit: Option<Uuid>,
    /// Why a person decides: `unsure`, `no-duty`, `no-unit`, `disputed` or `reopened`.
    triage_reason: Option<String>,
    /// Code of the pack's reason.
    refused_reason: Option<String>,
    /// What the unit says came of it: see `answer`.
    outcome: Option<String>,
    /// Whether the resident says it is solved; null until they say.
    confirmed: Option<bool>,
    /// 1 to 5.
    rating: Option<i64>,
    received_at: i64,
    assigned_at: Option<i64>,
    accepted_at: Option<i64>,
    answered_at: Option<i64>,
    closed_at: Option<i64>,
    /// When the next promise runs out.
    due_at: Option<i64>,
    /// Also the ETag.
    version: i64,
}

impl From<&CaseRow> for Facts {
    fn from(row: &CaseRow) -> Self {
        Self {
            code: row.code.to_string(),
            state: row.state,
            area: row.area.to_string(),
            category: row.category.clone(),
            kind: row.kind.clone(),
            urgency: row.urgency.clone(),
            title: row.title.clone(),
            text: row.text.clone(),
            place: row.place.clone(),
            channel: row.channel,
            pack: row.pack.clone(),
            unit: row.unit_id,
            triage_reason: row.triage_reason.clone(),
            refused_reason: row.refused_reason.clone(),
            outcome: row.outcome.clone(),
            confirmed: row.confirmed,
            rating: row.rating,
            received_at: row.received_at.0,
            assigned_at: row.assigned_at,
            accepted_at: row.accepted_at,
            answered_at: row.answered_at,
            closed_at: row.closed_at,
            due_at: row.due_at,
            version: row.version,
        }
    }
}

/// A case in a list, and as an act leaves it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Case {
    #[serde(flatten)]
    facts: Facts,
    /// How many reports are joined in it.
    reports: i64,
}

impl From<&CaseRow> for Case {
    fn from(row: &CaseRow) -> Self {
        Self { facts: row.into(), reports: row.reports }
    }
}

/// A photo that is not opened: each has an address of its own under that of the case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PhotoShown {
    id: Uuid,
    /// Id of the report it came with.
    report: Uuid,
    /// Pixels.
    width: i64,
    height: i64,
}

impl From<&PhotoHead> for PhotoShown {
    fn from(row: &PhotoHead) -> Self {
        Self { id: row.id, report: row.report_id.0, width: row.width, height: row.height }
    }
}

/// A line of the thread between resident and unit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineShown {
    at: i64,
    /// `unit` or `resident`.
    side: String,
    text: String,
    /// When the other side first read it.
    read_at: Option<i64>,
}

impl From<&LineRow> for LineShown {
    fn from(row: &LineRow) -> Self {
        Self { at: row.at.0, side: row.side.clone(), text: row.text.clone(), read_at: row.read_at }
    }
}

/// The case as an act left it, with its new version.
pub(super) fn changed(row: &CaseRow) -> Response {
    ([(ETAG, etag(row.version))], Json(Case::from(row))).into_response()
}

/// Where a case stands after its reporter said something.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Standing {
    /// In groups, as read aloud.
    code: String,
    #[schema(schema_with = case_state)]
    state: CaseState,
    outcome: Option<String>,
    /// Whether the resident says it is solved.
    confirmed: Option<bool>,
    /// 1 to 5.
    rating: Option<i64>,
    closed_at: Option<i64>,
}

impl From<&CaseRow> for Standing {
    fn from(row: &CaseRow) -> Self {
        Self {
            code: row.code.to_string(),
            state: row.state,
            outcome: row.outcome.clone(),
            confirmed: row.confirmed,
            rating: row.rating,
            closed_at: row.closed_at,
        }
    }
}

/// A place in the administrative tree.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Place {
    /// 15 digits.
    #[schema(examples("900102001001000"))]
    id: String,
    #[schema(schema_with = level)]
    level: &'static str,
    name: String,
    /// Id of the area above; null at the top.
    parent: Option<String>,
}

impl From<&Area> for Place {
    fn from(area: &Area) -> Self {
        Self {
            id: area.id.to_string(),
            level: area.id.level().code(),
            name: area.name.clone(),
            parent: area.parent.map(|parent| parent.to_string()),
        }
    }
}

pub(super) fn case_state() -> Object {
    one_of(CaseState::ALL.iter().map(|state| state.as_str()))
}

pub(super) fn task_state() -> Object {
    one_of(TaskState::ALL.iter().map(|state| state.as_str()))
}

pub(super) fn step() -> Object {
    one_of(Move::ALL.iter().map(|step| step.as_str()))
}

pub(super) fn outcome() -> Object {
    one_of(Outcome::ALL.iter().map(|outcome| outcome.as_str()))
}

pub(super) fn role() -> Object {
    one_of(Role::ALL.iter().map(|role| role.as_str()))
}

pub(super) fn channel() -> Object {
    one_of(Channel::ALL.iter().map(|channel| channel.as_str()))
}

pub(super) fn kind() -> Object {
    one_of(RequestKind::ALL.map(RequestKind::code))
}

pub(super) fn urgency() -> Object {
    one_of(Urgency::ALL.map(Urgency::code))
}

pub(super) fn budget_unit() -> Object {
    one_of(muster_core::time::clock::BudgetUnit::CODES)
}

pub(super) fn clock_kind() -> Object {
    one_of(ClockKind::ALL.map(ClockKind::code))
}

fn level() -> Object {
    one_of(muster_core::area::Level::ALL.map(muster_core::area::Level::code))
}

/// A code of an area at any level.
pub(super) fn area_code() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[1-9][0-9]([0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10}|[0-9]{13})?$"))
        .description(Some("Code of an area: 2, 4, 6, 9, 12 or 15 digits"))
        .examples(["900102001001000"])
        .build()
}
