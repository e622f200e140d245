//! The pages: read the request, call one use-case, render.

mod admin;
mod case;
mod desk;
mod figures;
mod frame;
mod inbox;
mod live;
mod report;
mod session;
mod track;
mod triage;
mod words;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State as Held};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::router::routes;
use crate::state::State;
use crate::view::error::ErrorPage;
use frame::{Frame, status_of};

routes! {
    get "/" => report::home, PageRead;
    post "/report/what" => report::what, ReportSubmit;
    post "/report/contact" => report::contact, ReportSubmit;
    post "/report/check" => report::check, ReportSubmit;
    post "/report" => report::send, ReportSubmit;
    get "/track" => track::form, PageRead;
    post "/track" => track::open, CaseTrackOwn;
    get "/track/{code}" => track::by_code, CaseTrack;
    post "/track/{code}/callback" => track::callback, CaseRate;
    post "/track/{code}/reopen" => track::reopen, CaseReopen;
    get "/login" => session::form, PageRead;
    post "/login" => session::login, SessionLogin;
    post "/logout" => session::logout, SessionLogout;
    post "/prefs" => session::preference, PreferenceSet;
    get "/inbox" => inbox::list, CaseList;
    get "/triage" => triage::view, CaseTriage;
    post "/triage/{code}" => triage::decide, CaseTriage;
    post "/triage/{code}/refuse" => triage::refuse, CaseRefuse;
    get "/case/{code}" => case::view, CaseView;
    post "/case/{code}/accept" => case::accept, TaskAccept;
    post "/case/{code}/answer" => case::answer, TaskAnswer;
    post "/case/{code}/dispute" => case::dispute, TaskDispute;
    post "/case/{code}/assign" => case::assign, CaseAssign;
    post "/case/{code}/reveal" => case::reveal, PersonReveal;
    get "/desk" => desk::view, ReportEnter;
    post "/desk" => desk::take, ReportEnter;
    post "/desk/lookup" => desk::lookup, PersonLookup;
    get "/dashboard" => figures::dashboard, DashboardView;
    get "/dashboard/{indicator}" => figures::cases, IndicatorCases;
    get "/open" => figures::open, FiguresView;
    get "/admin" => admin::accounts, AccountList;
    post "/admin/accounts" => admin::create, AccountCreate;
    post "/admin/accounts/{id}/grants" => admin::grant, GrantEdit;
    post "/admin/accounts/{id}/grants/{grant}/revoke" => admin::revoke, GrantEdit;
    post "/admin/accounts/{id}/disable" => admin::disable, AccountDisable;
    get "/admin/audit" => admin::audit, AuditView;
    get "/events" => live::events, CaseList;
    get "/assets/{name}" => live::asset, PageRead;
}

/// Any address that no route has.
pub(crate) async fn not_found() -> Error {
    Error::not_found()
}

/// Draws an error of a page as a page; the API keeps its problem+json.
pub(crate) async fn draw_errors(Held(state): Held<State>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/open311/") || matches!(path, "/healthz" | "/readyz" | "/metrics")
    {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // The frame needs what `who` put beside the request, and the head only.
    let mut head = parts.clone();
    let response = next.run(Request::from_parts(std::mem::replace(&mut parts, head.clone()), body)).await;
    let problem = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    let error = response.extensions().get::<Arc<Error>>().cloned().filter(|_| problem);
    let Some(error) = error else { return response };
    let retry = response.headers().get(axum::http::header::RETRY_AFTER).cloned();
    let frame = match Frame::from_request_parts(&mut head, &state).await {
        Ok(frame) => frame,
        Err(error) => return error.into_response(),
    };
    let page = ErrorPage {
        shell: frame.shell("error-page"),
        status: error.status(),
        reference: error.reference().unwrap_or_default().to_owned(),
        detail: String::new(),
    };
    let mut drawn = frame.draw_as(status_of(&error), &page);
    if let Some(retry) = retry {
        drawn.headers_mut().insert(axum::http::header::RETRY_AFTER, retry);
    }
    drawn
}
