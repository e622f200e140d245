//! What the reporter sees of a case: by the code its state and dates, with the secret also the words.

use axum::extract::State as Held;
use axum::{Extension, Json};
use muster_core::process::{CaseState, Move};
use muster_store::process::StepRow;
use serde::Serialize;
use utoipa::ToSchema;

use super::ask::{Caller, CaseSecret};
use super::body::{LineShown, PhotoShown, case_state, step};
use super::refusals::{Found, Limited, Query, Refusals, Token};
use crate::error::Result;
use crate::extract::ApiPath;
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::case_track::{Tracked, case_track};

/// A case as its reporter may know it. Without the secret `own` is false, and `title`, `text`, `place`, `steps`,
/// `lines` and `photos` are empty.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Track {
    /// In groups, as read aloud.
    code: String,
    #[schema(schema_with = case_state)]
    state: CaseState,
    /// Code of the large class.
    class: String,
    /// Name of the unit that must answer; null while a person decides.
    unit: Option<String>,
    /// Name of the area.
    area: String,
    /// What the unit says came of it.
    outcome: Option<String>,
    received_at: i64,
    assigned_at: Option<i64>,
    accepted_at: Option<i64>,
    answered_at: Option<i64>,
    closed_at: Option<i64>,
    /// When the city's running promise to the reporter runs out; null when none runs, or it stands still.
    promised_at: Option<i64>,
    /// True when the secret was right.
    own: bool,
    /// Their report was joined to a case that was already open; it can be handled apart.
    joined: bool,
    title: String,
    text: String,
    place: String,
    steps: Vec<PublicStep>,
    /// Between the reporter and the unit, oldest first.
    lines: Vec<LineShown>,
    /// The reporter's own.
    photos: Vec<PhotoShown>,
}

/// A line of the history as the reporter reads it.
#[derive(Debug, Serialize, ToSchema)]
struct PublicStep {
    at: i64,
    #[schema(schema_with = step)]
    step: Move,
    #[schema(schema_with = case_state)]
    to_state: CaseState,
    text: Option<String>,
}

impl From<&StepRow> for PublicStep {
    fn from(row: &StepRow) -> Self {
        Self { at: row.at.0, step: row.step, to_state: row.to_state, text: row.public_text.clone() }
    }
}

impl From<Tracked> for Track {
    fn from(tracked: Tracked) -> Self {
        let Tracked { case, unit, area, clocks, steps, lines, photos, own, joined, .. } = tracked;
        let promise =
            clocks.iter().rfind(|clock| clock.task_id.is_none() && clock.stopped_at.is_none() && !clock.is_paused());
        Self {
            code: case.code.to_string(),
            state: case.state,
            class: case.class().to_owned(),
            unit,
            area,
            outcome: case.outcome,
            received_at: case.received_at.0,
            assigned_at: case.assigned_at,
            accepted_at: case.accepted_at,
            answered_at: case.answered_at,
            closed_at: case.closed_at,
            promised_at: promise.map(|clock| clock.due_at.0),
            own,
            joined,
            title: case.title,
            text: case.text,
            place: case.place,
            steps: steps.iter().map(PublicStep::from).collect(),
            lines: lines.iter().map(LineShown::from).collect(),
            photos: photos.iter().map(PhotoShown::from).collect(),
        }
    }
}

/// Follow a case
#[utoipa::path(
    get, path = "/api/v1/track/{code}", operation_id = "case_track", tag = "track",
    security((), ("bearer" = [])),
    params(
        ("code" = String, Path, description = "Code of the case, in any spelling"),
        ("Case-Secret" = Option<String>, Header, description = "The secret of the receipt: shows the words too"),
    ),
    responses((status = 200, description = "The case", body = Track), Refusals<Token, Found, Query, Limited>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    _caller: Caller,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    CaseSecret(secret): CaseSecret,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<Track>> {
    if secret.is_some() {
        state.limits.code(address, &code)?;
    }
    let tracked = case_track(&state, &code, secret.as_deref()).await?;
    Ok(Json(Track::from(tracked)))
}
