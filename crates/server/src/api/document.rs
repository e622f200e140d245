//! The OpenAPI description, made from the handlers and their types; `docs/reference/openapi.json` is the same, committed.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use muster_core::people::{Action, Actor, Subject, may};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::refusals::{Nothing, Refusals};
use super::{
    area_list, board_view, case_assign, case_contact, case_list, case_rate, case_refuse, case_reopen, case_resume,
    case_send, case_track, case_triage, case_urge, case_urge_own, case_view, category_list, dashboard_view,
    extension_ask, figures_view, goods, goods_acts, hook_receive, line_write, line_write_own, meeting_call,
    meeting_decide, meeting_papers, meeting_queue, meeting_view, needs, note_write, parking_ask, part_accept, part_add,
    part_cancel, part_done, person_lookup, person_reveal, photo_own, photo_view, plan_apply, plan_view, report_part,
    report_submit, request_decide, session_login, session_logout, share_acts, shares, supervision_order,
    supervision_report, task_accept, task_answer, task_dispute, unit_list,
};
use crate::error::Result;
use crate::problem::Problem;
use crate::usecase::deny;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Muster",
        description = "Hear what residents need, keep the promise, show the result. Times (`…_at`) are microseconds since \
                       1970 UTC. Codes of cases are accepted in any spelling. Refusals are problem+json with a stable \
                       `code`; `pointer` names the member of the body or, as `/name`, the parameter of the query.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        self::handle, session_login::handle, session_logout::handle, report_submit::handle, hook_receive::handle, area_list::handle,
        category_list::handle, unit_list::handle, case_list::handle, case_view::handle, case_triage::handle,
        case_refuse::handle, case_assign::handle, task_accept::handle, task_answer::handle, task_dispute::handle,
        line_write::handle, note_write::handle, case_contact::handle, case_urge::handle, extension_ask::handle, parking_ask::handle, case_resume::handle, supervision_order::handle, supervision_report::handle, case_send::handle, request_decide::handle,
        plan_view::handle, plan_apply::handle, part_add::handle, part_accept::handle, part_done::handle,
        part_cancel::handle, shares::handle, shares::print, shares::close, share_acts::set, share_acts::enter, share_acts::reverse,
        share_acts::waive, share_acts::decide, meeting_papers::waits, meeting_papers::print,
        meeting_queue::handle, meeting_queue::put, meeting_call::handle, meeting_view::handle,
        meeting_decide::handle, person_reveal::handle, person_lookup::handle, photo_view::handle, photo_own::handle, case_track::handle,
        case_rate::handle, case_reopen::handle, line_write_own::handle, case_urge_own::handle, report_part::handle, dashboard_view::handle, figures_view::handle,
        needs::post, needs::candidates, needs::invite, board_view::handle,
        goods::list, goods::plan, goods::view, goods::lot, goods::donation, goods::consignment,
        goods_acts::open, goods_acts::donate, goods_acts::count, goods_acts::spoil, goods_acts::reverse, goods_acts::commit,
        goods_acts::send, goods_acts::release, goods_acts::receive, goods_acts::back, goods_acts::sign,
    ),
    components(schemas(Problem)),
    tags(
        (name = "sessions", description = "Signing in and out"),
        (name = "reports", description = "Saying what happened"),
        (name = "track", description = "Following one's own case, with its code and secret"),
        (name = "cases", description = "Working on cases: staff"),
        (name = "meetings", description = "What no single unit owns: joint meetings and what they decide"),
        (name = "needs", description = "Help that is asked for, who is invited, and the plan for all of it"),
        (name = "goods", description = "Goods in stock: from whoever gave them to the hand that got them"),
        (name = "figures", description = "What was promised, kept, claimed and confirmed"),
        (name = "reference", description = "Areas, categories and units"),
    ),
    modifiers(&Bearer),
)]
struct Document;

/// The one way to say who asks.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some("The `token` of `POST /api/v1/sessions`".to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

static DOCUMENT: LazyLock<std::result::Result<String, serde_json::Error>> =
    LazyLock::new(|| Document::openapi().to_pretty_json().map(|text| text + "\n"));

/// The document as it is served and committed.
pub fn document() -> std::result::Result<&'static str, &'static serde_json::Error> {
    DOCUMENT.as_deref()
}

/// This document
#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "openapi", tag = "reference",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value), Refusals<Nothing>),
)]
pub(super) async fn handle() -> Result<impl IntoResponse> {
    may(&Actor::Anonymous, Action::PageRead, &Subject::NONE).map_err(deny)?;
    let document = document().map_err(|error| crate::error::Error::internal(error))?;
    Ok(([(CONTENT_TYPE, "application/json")], document))
}

/// The schema of a word out of a closed list.
pub(super) fn one_of(words: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
}
