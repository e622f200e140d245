//! One case with its way so far, without the person.

use axum::Json;
use axum::extract::State as Held;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use muster_core::intake::Channel;
use muster_core::process::{CaseState, Move, TaskState};
use muster_store::process::{RequestRow, SupervisionRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::{IfNoneMatch, Member, etag};
use super::body::{Facts, LineShown, PhotoShown, Place, case_state, channel, clock_kind, step, task_state};
use super::refusals::{Found, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiPath;
use crate::state::State;
use crate::usecase::case_view::{CaseFile, case_view};

/// A case with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WholeCase {
    #[serde(flatten)]
    facts: Facts,
    /// From the province down to the area.
    area_path: Vec<Place>,
    unit_name: Option<String>,
    /// At most 200, oldest first.
    reports: Vec<ReportShown>,
    /// Oldest report first.
    photos: Vec<PhotoShown>,
    /// Oldest first. What a person decided last is in force, else what was said of the report that opened the case.
    judgements: Vec<JudgementShown>,
    tasks: Vec<TaskShown>,
    clocks: Vec<ClockShown>,
    steps: Vec<StepShown>,
    /// Between the resident and the unit, oldest first.
    lines: Vec<LineShown>,
    /// Among staff, oldest first.
    notes: Vec<NoteShown>,
    /// More time, or parking, that the unit asked for.
    requests: Vec<RequestShown>,
    supervisions: Vec<SupervisionShown>,
}

/// A note among staff.
#[derive(Debug, Serialize, ToSchema)]
struct NoteShown {
    at: i64,
    text: String,
}

/// What a unit asked for.
#[derive(Debug, Serialize, ToSchema)]
struct RequestShown {
    id: Uuid,
    /// `extend` or `park`.
    kind: String,
    /// `open`, `granted`, `refused` or `void`.
    state: String,
    amount: Option<i64>,
    ground: Option<String>,
    until_at: Option<i64>,
    reason: String,
    asked_at: i64,
    decided_at: Option<i64>,
    answer: Option<String>,
}

/// An order of supervision and the report on it.
#[derive(Debug, Serialize, ToSchema)]
struct SupervisionShown {
    ground: String,
    text: String,
    ordered_at: i64,
    reported_at: Option<i64>,
    report: Option<String>,
}

/// A report without the person: `POST …/reveal` shows who, to staff who say why.
#[derive(Debug, Serialize, ToSchema)]
struct ReportShown {
    id: Uuid,
    #[schema(schema_with = channel)]
    channel: Channel,
    area: String,
    place: String,
    title: String,
    text: String,
    on_behalf: bool,
    received_at: i64,
}

/// What sensing, or the person who corrected it, said of a report.
#[derive(Debug, Serialize, ToSchema)]
struct JudgementShown {
    report: Uuid,
    at: i64,
    /// Version of the model.
    model: String,
    category: String,
    /// 0 to 1.
    confidence: f64,
    /// True when a person decided.
    by_person: bool,
    /// The judgement as stored: runner-up, kind, urgency, groups and the words that weighed.
    detail: serde_json::Value,
}

/// Work owed by one unit.
#[derive(Debug, Serialize, ToSchema)]
struct TaskShown {
    code: String,
    unit: Uuid,
    #[schema(schema_with = task_state)]
    state: TaskState,
    assigned_at: i64,
    accepted_at: Option<i64>,
    ended_at: Option<i64>,
}

/// A promise: the city's to the resident, or a unit's for its task.
#[derive(Debug, Serialize, ToSchema)]
struct ClockShown {
    #[schema(schema_with = clock_kind)]
    kind: String,
    /// Code of the task; null for the city's own promise.
    task: Option<String>,
    budget_amount: i64,
    budget_unit: String,
    /// Version of the calendar the due time was computed with.
    calendar: String,
    /// True when the calendar of that year is not decreed yet.
    provisional: bool,
    started_at: i64,
    /// Null while it stands still.
    due_at: Option<i64>,
    stopped_at: Option<i64>,
}

/// One line of the history.
#[derive(Debug, Serialize, ToSchema)]
struct StepShown {
    at: i64,
    #[schema(schema_with = step)]
    step: Move,
    #[schema(schema_with = case_state)]
    from_state: CaseState,
    #[schema(schema_with = case_state)]
    to_state: CaseState,
    /// `account`, `reporter`, `anonymous` or `system`.
    actor_kind: String,
    /// The account's name.
    actor_name: Option<String>,
    /// Read by the resident.
    public_text: Option<String>,
    /// Read by staff only.
    internal_text: Option<String>,
    /// What the step was decided on.
    detail: serde_json::Value,
}

/// See a case
#[utoipa::path(
    get, path = "/api/v1/cases/{code}", operation_id = "case_view", tag = "cases",
    security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("If-None-Match" = Option<String>, Header, description = "ETag of the version you have"),
    ),
    responses(
        (status = 200, description = "The case", body = WholeCase, headers(("ETag" = String, description = "Its version"))),
        (status = 304, description = "You have this version", headers(("ETag" = String, description = "Its version"))),
        Refusals<Staff, Found>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    known: IfNoneMatch,
    ApiPath(code): ApiPath<String>,
) -> Result<Response> {
    let file = case_view(&state, &member.actor, &code).await?;
    let version = file.case.version;
    let tag = [(ETAG, etag(version))];
    if known.has(version) {
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    Ok((tag, Json(WholeCase::from(file))).into_response())
}

impl From<CaseFile> for WholeCase {
    fn from(file: CaseFile) -> Self {
        let task_code = |id: Uuid| file.tasks.iter().find(|task| task.id.0 == id).map(|task| task.code.clone());
        let clocks = file.clocks.iter().map(|clock| ClockShown {
            kind: clock.kind.clone(),
            task: clock.task_id.and_then(task_code),
            budget_amount: clock.budget_amount,
            budget_unit: clock.budget_unit.clone(),
            calendar: clock.calendar.clone(),
            provisional: clock.provisional,
            started_at: clock.started_at.0,
            due_at: (!clock.is_paused()).then_some(clock.due_at.0),
            stopped_at: clock.stopped_at,
        });
        Self {
            facts: Facts::from(&file.case),
            area_path: file.area.iter().map(Place::from).collect(),
            unit_name: file.unit.as_ref().map(|unit| unit.name.clone()),
            clocks: clocks.collect(),
            reports: file.reports.into_iter().map(ReportShown::from).collect(),
            photos: file.photos.iter().map(PhotoShown::from).collect(),
            judgements: file.judgements.into_iter().map(JudgementShown::from).collect(),
            tasks: file.tasks.into_iter().map(TaskShown::from).collect(),
            steps: file.steps.into_iter().map(StepShown::from).collect(),
            lines: file.lines.iter().map(LineShown::from).collect(),
            notes: file.notes.into_iter().map(|note| NoteShown { at: note.at.0, text: note.text }).collect(),
            requests: file.requests.into_iter().map(RequestShown::from).collect(),
            supervisions: file.supervisions.into_iter().map(SupervisionShown::from).collect(),
        }
    }
}

impl From<muster_store::intake::ReportRow> for ReportShown {
    fn from(row: muster_store::intake::ReportRow) -> Self {
        Self {
            id: row.id.0,
            channel: row.channel,
            area: row.area.to_string(),
            place: row.place,
            title: row.title,
            text: row.text,
            on_behalf: row.on_behalf,
            received_at: row.received_at.0,
        }
    }
}

impl From<muster_store::intake::JudgementRow> for JudgementShown {
    fn from(row: muster_store::intake::JudgementRow) -> Self {
        Self {
            report: row.report_id,
            at: row.at,
            model: row.model,
            category: row.category,
            confidence: row.confidence,
            by_person: row.decided_by.is_some(),
            detail: row.detail,
        }
    }
}

impl From<muster_store::process::TaskRow> for TaskShown {
    fn from(row: muster_store::process::TaskRow) -> Self {
        Self {
            code: row.code,
            unit: row.unit_id.0,
            state: row.state,
            assigned_at: row.assigned_at.0,
            accepted_at: row.accepted_at,
            ended_at: row.ended_at,
        }
    }
}

impl From<(muster_store::process::StepRow, Option<String>)> for StepShown {
    fn from((row, actor_name): (muster_store::process::StepRow, Option<String>)) -> Self {
        Self {
            at: row.at.0,
            step: row.step,
            from_state: row.from_state,
            to_state: row.to_state,
            actor_kind: row.actor_kind,
            actor_name,
            public_text: row.public_text,
            internal_text: row.internal_text,
            detail: row.detail,
        }
    }
}

impl From<RequestRow> for RequestShown {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            state: row.state,
            amount: row.amount,
            ground: row.ground,
            until_at: row.until_at,
            reason: row.reason,
            asked_at: row.asked_at.0,
            decided_at: row.decided_at,
            answer: row.answer,
        }
    }
}

impl From<SupervisionRow> for SupervisionShown {
    fn from(row: SupervisionRow) -> Self {
        Self {
            ground: row.ground,
            text: row.text,
            ordered_at: row.ordered_at.0,
            reported_at: row.reported_at,
            report: row.report,
        }
    }
}
