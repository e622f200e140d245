//! The JSON door: `/api/v1`, problem+json errors, bearer tokens. One file a thing that a client can do; what the files
//! share is in `ask` (headers), `body` (shapes), `page` (lists) and `document` (the OpenAPI description).

mod area_list;
mod ask;
mod body;
mod case_assign;
mod case_contact;
mod case_list;
mod case_rate;
mod case_refuse;
mod case_reopen;
mod case_resume;
mod case_send;
mod case_track;
mod case_triage;
mod case_urge;
mod case_urge_own;
mod case_view;
mod category_list;
mod dashboard_view;
pub mod document;
mod extension_ask;
mod figures_view;
mod health;
mod hook_receive;
mod line_write;
mod line_write_own;
mod meeting_call;
mod meeting_decide;
mod meeting_papers;
mod meeting_queue;
mod meeting_view;
mod note_write;
mod on_case;
mod page;
mod parking_ask;
mod part_accept;
mod part_add;
mod part_cancel;
mod part_done;
mod person_lookup;
mod person_reveal;
mod photo_own;
mod photo_view;
mod plan_apply;
mod plan_view;
mod refusals;
mod report_part;
mod report_submit;
mod request_decide;
mod session_login;
mod session_logout;
mod share_acts;
mod shares;
mod supervision_order;
mod supervision_report;
mod task_accept;
mod task_answer;
mod task_dispute;
mod unit_list;

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::{Code, Error};
use crate::router::routes;

routes! {
    get "/healthz" => health::healthz, HealthRead;
    get "/readyz" => health::readyz, HealthRead;
    get "/metrics" => health::metrics, MetricsRead;
    get "/api/openapi.json" => document::handle, PageRead;
    post "/api/v1/sessions" => session_login::handle, SessionLogin;
    delete "/api/v1/sessions/current" => session_logout::handle, SessionLogout;
    post "/api/v1/reports" => report_submit::handle, ReportSubmit;
    post "/hooks/{name}" => hook_receive::handle, HookReceive;
    get "/api/v1/areas" => area_list::handle, PageRead;
    get "/api/v1/categories" => category_list::handle, PageRead;
    get "/api/v1/units" => unit_list::handle, CaseList;
    get "/api/v1/cases" => case_list::handle, CaseList;
    get "/api/v1/cases/{code}" => case_view::handle, CaseView;
    post "/api/v1/cases/{code}/triage" => case_triage::handle, CaseTriage;
    post "/api/v1/cases/{code}/refuse" => case_refuse::handle, CaseRefuse;
    post "/api/v1/cases/{code}/assign" => case_assign::handle, CaseAssign;
    post "/api/v1/cases/{code}/accept" => task_accept::handle, TaskAccept;
    post "/api/v1/cases/{code}/answer" => task_answer::handle, TaskAnswer;
    post "/api/v1/cases/{code}/dispute" => task_dispute::handle, TaskDispute;
    post "/api/v1/cases/{code}/line" => line_write::handle, LineWrite;
    post "/api/v1/cases/{code}/note" => note_write::handle, NoteWrite;
    post "/api/v1/cases/{code}/contact" => case_contact::handle, CaseContact;
    post "/api/v1/cases/{code}/urge" => case_urge::handle, CaseUrge;
    post "/api/v1/cases/{code}/extension" => extension_ask::handle, ExtensionAsk;
    post "/api/v1/cases/{code}/parking" => parking_ask::handle, ParkingAsk;
    post "/api/v1/cases/{code}/requests/{request}" => request_decide::handle, RequestDecide;
    post "/api/v1/cases/{code}/resume" => case_resume::handle, CaseResume;
    post "/api/v1/cases/{code}/supervision" => supervision_order::handle, SupervisionOrder;
    post "/api/v1/cases/{code}/supervision/report" => supervision_report::handle, SupervisionReport;
    post "/api/v1/cases/{code}/send" => case_send::handle, CaseSend;
    get "/api/v1/cases/{code}/plan" => plan_view::handle, PlanView;
    post "/api/v1/cases/{code}/plan" => plan_apply::handle, PartAdd;
    post "/api/v1/cases/{code}/parts" => part_add::handle, PartAdd;
    post "/api/v1/cases/{code}/parts/{number}/accept" => part_accept::handle, PartAccept;
    post "/api/v1/cases/{code}/parts/{number}/done" => part_done::handle, PartDone;
    post "/api/v1/cases/{code}/parts/{number}/cancel" => part_cancel::handle, PartCancel;
    get "/api/v1/cases/{code}/shares" => shares::handle, ShareView;
    get "/api/v1/cases/{code}/shares.pdf" => shares::print, ShareView;
    post "/api/v1/cases/{code}/shares" => share_acts::set, ShareSet;
    post "/api/v1/cases/{code}/shares/entries" => share_acts::enter, ShareEnter;
    post "/api/v1/cases/{code}/shares/entries/{number}/reverse" => share_acts::reverse, ShareEnter;
    post "/api/v1/cases/{code}/shares/waivers" => share_acts::waive, ShareWaive;
    post "/api/v1/cases/{code}/shares/waivers/{id}" => share_acts::decide, ShareDecide;
    post "/api/v1/cases/{code}/shares/close" => shares::close, ShareClose;
    post "/api/v1/cases/{code}/matter" => meeting_queue::put, MatterPut;
    get "/api/v1/meetings/queue" => meeting_queue::handle, MeetingView;
    post "/api/v1/meetings" => meeting_call::handle, MeetingCall;
    get "/api/v1/meetings/waits" => meeting_papers::waits, MeetingView;
    get "/api/v1/meetings/{id}/minutes.pdf" => meeting_papers::print, MeetingView;
    get "/api/v1/meetings/{id}" => meeting_view::handle, MeetingView;
    post "/api/v1/meetings/{id}/decide" => meeting_decide::handle, MeetingDecide;
    post "/api/v1/cases/{code}/reveal" => person_reveal::handle, PersonReveal;
    post "/api/v1/cases/{code}/photos/{id}" => photo_view::handle, PhotoView;
    post "/api/v1/persons/lookup" => person_lookup::handle, PersonLookup;
    get "/api/v1/track/{code}" => case_track::handle, CaseTrack;
    get "/api/v1/track/{code}/photos/{id}" => photo_own::handle, CaseTrackOwn;
    post "/api/v1/track/{code}/rate" => case_rate::handle, CaseRate;
    post "/api/v1/track/{code}/line" => line_write_own::handle, LineWriteOwn;
    post "/api/v1/track/{code}/urge" => case_urge_own::handle, CaseUrgeOwn;
    post "/api/v1/track/{code}/reopen" => case_reopen::handle, CaseReopen;
    post "/api/v1/track/{code}/part" => report_part::handle, ReportPartOwn;
    get "/api/v1/figures" => dashboard_view::handle, DashboardView;
    get "/api/v1/open/figures" => figures_view::handle, FiguresView;
}

/// An address of this door with a method it does not take. The router adds `Allow`.
pub(crate) async fn method_not_allowed(method: Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let detail = format!("This address does not take {method}; the Allow header names what it takes.");
    Error::new(Code::MethodNotAllowed, detail).into_response()
}
