//! Help that is asked for: posted, who could help and why, and invitations.

use axum::Json;
use axum::extract::State as Held;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use muster_core::dispatch::offer::NeedKind;
use muster_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::Member;
use super::body::area_code;
use super::refusals::{Body, Found, Moves, Refusals, Staff};
use crate::error::Result;
use crate::extract::{ApiJson, ApiPath};
use crate::state::State;
use crate::usecase::need::Contact;
use crate::usecase::need_candidates::{Barred, Candidate, need_candidates};
use crate::usecase::need_post::{NeedDraft, need_post};
use crate::usecase::offer_invite::offer_invite;
use crate::usecase::reference::area_code as read_area;

/// Help that is asked for. `case` or `area` says where; title, text and place are public, so they tell nobody who is helped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNeed {
    /// Code of the case it comes from, if it does.
    #[serde(default)]
    case: String,
    /// Number of the part of its work.
    part: Option<i64>,
    #[schema(schema_with = area_code)]
    #[serde(default)]
    area: String,
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    place: String,
    /// Who is helped; kept sealed, and shown to those who said yes.
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    address: String,
    /// Codes of the pack.
    #[serde(default)]
    skills: Vec<String>,
    /// How many helpers.
    head: i64,
    opens_at: i64,
    closes_at: i64,
    minutes: i64,
    /// Code of the pack, and the risk in words.
    risk: String,
    risk_text: String,
    /// 1, 2, 4 or 8.
    priority: i64,
    #[serde(default)]
    vulnerable: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NeedPosted {
    code: String,
    /// For the one who is helped: with it they confirm what was done. Shown once.
    secret: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NeedCandidates {
    /// How many of the best are asked at once, so that enough come.
    ask: usize,
    /// The best first.
    best: Vec<BestHelper>,
    /// Near, but not to be asked now.
    barred: Vec<BarredHelper>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BestHelper {
    code: String,
    /// Of a person only the family name.
    name: String,
    km: f64,
    /// What the pair is worth, as the plan counts.
    value: i32,
    /// How likely they say yes and come.
    chance: f64,
    /// Tasks of the coming seven days.
    week: i64,
    /// Part of a day: days since 1970 times the parts of a day, and which.
    slot: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct BarredHelper {
    code: String,
    name: String,
    /// Every reason, such as `taken` or `insurance`.
    why: Vec<&'static str>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOffers {
    /// Numbers of the registry; without any, as many of the best as `ask` says.
    #[serde(default)]
    resources: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OffersMade {
    invited: usize,
}

/// Ask for help
#[utoipa::path(
    post, path = "/api/v1/needs", operation_id = "need_post", tag = "needs",
    security(("bearer" = [])),
    request_body = NewNeed,
    responses(
        (status = 201, description = "Posted", body = NeedPosted,
            headers(("Location" = String, description = "Who could help"))),
        Refusals<Staff, Found, Body>,
    ),
)]
pub(super) async fn post(
    Held(state): Held<State>,
    Member { actor, .. }: Member,
    ApiJson(new): ApiJson<NewNeed>,
) -> Result<impl IntoResponse> {
    let area = if new.area.is_empty() { None } else { Some(read_area("area", &new.area)?) };
    let draft = NeedDraft {
        kind: NeedKind::Help,
        case: new.case,
        part: new.part,
        area,
        title: new.title,
        text: new.text,
        place: new.place,
        contact: Contact { name: new.name, phone: new.phone, address: new.address },
        skills: new.skills,
        head: new.head,
        item: String::new(),
        opens_at: Timestamp(new.opens_at),
        closes_at: Timestamp(new.closes_at),
        minutes: new.minutes,
        risk: new.risk,
        risk_text: new.risk_text,
        priority: new.priority,
        vulnerable: new.vulnerable,
    };
    let posted = need_post(&state, &actor, &draft).await?;
    let location = format!("/api/v1/needs/{}/candidates", posted.code.as_str());
    let body = NeedPosted { code: posted.code.to_string(), secret: posted.secret };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(body)))
}

/// Who could help
///
/// Looks through the whole registry; each says why, and those who cannot be asked say why not.
#[utoipa::path(
    get, path = "/api/v1/needs/{code}/candidates", operation_id = "need_candidates", tag = "needs",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the need")),
    responses(
        (status = 200, description = "The best first", body = NeedCandidates),
        Refusals<Staff, Found>,
    ),
)]
pub(super) async fn candidates(
    Held(state): Held<State>,
    Member { actor, .. }: Member,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<NeedCandidates>> {
    let found = need_candidates(&state, &actor, &code).await?;
    let best = |candidate: &Candidate| BestHelper {
        code: candidate.row.code.to_string(),
        name: candidate.row.name.clone(),
        km: candidate.km,
        value: candidate.value,
        chance: candidate.chance,
        week: candidate.week,
        slot: candidate.slot,
    };
    let barred = |barred: &Barred| BarredHelper {
        code: barred.row.code.to_string(),
        name: barred.row.name.clone(),
        why: barred.why.clone(),
    };
    Ok(Json(NeedCandidates {
        ask: found.ask,
        best: found.best.iter().map(best).collect(),
        barred: found.barred.iter().map(barred).collect(),
    }))
}

/// Invite people to a need
///
/// All or none; nobody is promised twice for one time.
#[utoipa::path(
    post, path = "/api/v1/needs/{code}/offers", operation_id = "offer_invite", tag = "needs",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "Code of the need")),
    request_body = NewOffers,
    responses(
        (status = 201, description = "Invited", body = OffersMade),
        Refusals<Staff, Found, Body, Moves>,
    ),
)]
pub(super) async fn invite(
    Held(state): Held<State>,
    Member { actor, .. }: Member,
    ApiPath(code): ApiPath<String>,
    ApiJson(new): ApiJson<NewOffers>,
) -> Result<impl IntoResponse> {
    let invited = offer_invite(&state, &actor, &code, &new.resources).await?;
    Ok((StatusCode::CREATED, Json(OffersMade { invited })))
}
