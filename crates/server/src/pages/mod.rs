//! The pages: read the request, call one use-case, render.

mod admin;
mod advice;
mod alike;
mod appeals;
mod asked;
mod board;
mod board_map;
mod bulk;
mod case;
mod conflict;
mod consignments;
mod desk;
mod docs;
mod doors;
mod drawing;
mod figures;
mod finding;
mod findings;
mod frame;
mod goods;
mod goods_words;
mod grid;
mod help;
mod help_me;
mod help_offers;
mod hotspots;
mod inbox;
mod indicators;
mod interviews;
mod kept;
mod key_task;
mod letters;
mod live;
mod lots;
mod meeting_waits;
mod meetings;
mod models;
mod need_lines;
mod needs;
mod notices;
mod performance;
mod period_reports;
pub(crate) mod photos;
mod plan;
mod plan_parts;
mod practice_beside;
mod practice_form;
mod practices;
mod presence;
mod programme;
mod query;
mod replays;
mod report;
mod reporters;
mod resources;
mod room;
mod room_calls;
mod room_result;
mod room_words;
mod rooms;
mod saved;
mod sends;
mod serve;
mod session;
mod share_lines;
mod shares;
mod side;
mod signals;
mod told;
mod track;
mod triage;
mod way;
mod words;

pub(crate) use words::{groups, when};

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State as Held};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::{Code, Error};
use crate::router::routes;
use crate::state::State;
use crate::view::error::ErrorPage;
use frame::Frame;

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
    post "/track/{code}/line" => track::line, LineWriteOwn;
    post "/track/{code}/urge" => track::urge, CaseUrgeOwn;
    post "/track/{code}/hear" => track::hear, ReportHear;
    post "/track/{code}/reopen" => track::reopen, CaseReopen;
    post "/track/{code}/part" => track::part, ReportPartOwn;
    post "/track/{code}/photos/{id}" => photos::own, CaseTrackOwn;
    get "/help" => needs::wanted, NeedWanted;
    get "/programme" => programme::view, ProgrammeView;
    get "/programme/edit" => programme::edit, ProgrammeEdit;
    post "/programme/stages" => programme::stage, ProgrammeEdit;
    post "/programme/goals" => programme::goal, ProgrammeEdit;
    post "/programme/tasks" => programme::task, ProgrammeEdit;
    get "/programme/tasks/{id}" => key_task::view, ProgrammeView;
    post "/programme/tasks/{id}/report" => key_task::report, KeyTaskReport;
    post "/programme/tasks/{id}/decide" => key_task::decide, KeyTaskDecide;
    get "/replays" => replays::form, RuleReplay;
    post "/replays" => replays::run, RuleReplay;
    get "/needs" => needs::list, NeedView;
    post "/needs" => needs::post, NeedPost;
    get "/needs/new" => needs::form, NeedPost;
    get "/needs/{code}" => needs::view, NeedView;
    post "/needs/{code}/invite" => needs::invite, OfferInvite;
    post "/needs/{code}/change" => needs::change, NeedChange;
    post "/needs/{code}/cancel" => needs::cancel, NeedCancel;
    post "/needs/{code}/offers/{id}/withdraw" => needs::withdraw, OfferWithdraw;
    post "/needs/{code}/offers/{id}/missed" => needs::missed, OfferNoShow;
    post "/needs/{code}/offers/{id}/confirm" => needs::confirm, OfferSettle;
    post "/help/me/{code}/offers/{id}/answer" => help_offers::answer, OfferAnswer;
    post "/help/me/{code}/offers/{id}/here" => help_offers::here, OfferCheckIn;
    post "/help/me/{code}/offers/{id}/done" => help_offers::done, OfferDone;
    get "/serve/{code}" => serve::form, PageRead;
    post "/serve/{code}" => serve::open, NeedServed;
    post "/serve/{code}/arrived" => serve::arrived, OfferCheckIn;
    post "/serve/{code}/confirm" => serve::confirm, OfferConfirm;
    get "/verify/{code}" => serve::verify, ServiceVerify;
    post "/verify/{code}" => serve::revoke, ServiceRevoke;
    post "/resources/{code}/service" => serve::certify, ServiceCertify;
    get "/help/join" => help::join, ResourceJoin;
    post "/help/join" => help::send, ResourceJoin;
    get "/help/me" => help_me::form, PageRead;
    post "/help/me" => help_me::open, ResourceOwn;
    get "/help/me/{code}" => help_me::by_code, PageRead;
    post "/help/me/{code}" => help_me::change, ResourceChange;
    post "/help/me/{code}/assure" => help_me::assure, ResourceAssure;
    post "/help/me/{code}/pause" => help_me::pause, ResourcePause;
    post "/help/me/{code}/certificates" => help_me::certificate, CertificateAddOwn;
    post "/help/me/{code}/leave" => help_me::leave, ResourceLeave;
    get "/resources" => resources::list, ResourceList;
    post "/resources" => resources::enter, ResourceEnter;
    get "/resources/{code}" => resources::view, ResourceView;
    post "/resources/{code}" => resources::edit, ResourceEdit;
    post "/resources/{code}/end" => resources::end, ResourceEnd;
    post "/resources/{code}/reveal" => resources::reveal, ResourceReveal;
    post "/resources/{code}/certificates" => resources::certificate, CertificateAdd;
    post "/resources/{code}/certificates/{id}" => resources::decide, CertificateDecide;
    get "/login" => session::form, PageRead;
    post "/login" => session::login, SessionLogin;
    post "/logout" => session::logout, SessionLogout;
    post "/prefs" => session::preference, PreferenceSet;
    get "/inbox" => inbox::list, CaseList;
    post "/inbox/chosen" => bulk::chosen, CaseList;
    post "/inbox/accept" => bulk::accept, TaskAccept;
    post "/inbox/assign" => bulk::assign, CaseAssign;
    post "/inbox/note" => bulk::note, NoteWrite;
    get "/inbox/views" => saved::list, SavedViewEdit;
    post "/inbox/views" => saved::save, SavedViewEdit;
    post "/inbox/views/{id}" => saved::rename, SavedViewEdit;
    post "/inbox/views/{id}/share" => saved::share, SavedViewShare;
    post "/inbox/views/{id}/remove" => saved::remove, SavedViewEdit;
    get "/triage" => triage::view, CaseTriage;
    post "/triage/{code}" => triage::decide, CaseTriage;
    post "/triage/{code}/refuse" => triage::refuse, CaseRefuse;
    get "/case/{code}" => case::view, CaseView;
    post "/case/{code}/here" => presence::say, CaseView;
    post "/case/{code}/accept" => case::accept, TaskAccept;
    post "/case/{code}/answer" => case::answer, TaskAnswer;
    post "/case/{code}/dispute" => case::dispute, TaskDispute;
    post "/case/{code}/assign" => case::assign, CaseAssign;
    post "/case/{code}/line" => side::line, LineWrite;
    post "/case/{code}/contact" => side::contact, CaseContact;
    post "/case/{code}/urge" => side::urge, CaseUrge;
    post "/case/{code}/note" => side::note, NoteWrite;
    post "/case/{code}/extend" => side::extend, ExtensionAsk;
    post "/case/{code}/park" => side::park, ParkingAsk;
    post "/case/{code}/requests/{request}" => side::decide, RequestDecide;
    post "/case/{code}/resume" => side::resume, CaseResume;
    post "/case/{code}/supervise" => side::supervise, SupervisionOrder;
    post "/case/{code}/report" => side::report, SupervisionReport;
    post "/case/{code}/send" => side::send, CaseSend;
    get "/case/{code}/plan" => plan::view, PlanView;
    post "/case/{code}/plan" => plan::apply, PartAdd;
    post "/case/{code}/parts" => plan::add, PartAdd;
    post "/case/{code}/parts/{number}/accept" => plan::accept, PartAccept;
    post "/case/{code}/parts/{number}/done" => plan::done, PartDone;
    post "/case/{code}/parts/{number}/cancel" => plan::cancel, PartCancel;
    get "/case/{code}/shares" => shares::view, ShareView;
    get "/case/{code}/shares.pdf" => shares::print, ShareView;
    post "/case/{code}/shares" => shares::set, ShareSet;
    post "/case/{code}/shares/entries" => shares::enter, ShareEnter;
    post "/case/{code}/shares/entries/{number}/reverse" => shares::reverse, ShareEnter;
    post "/case/{code}/shares/waivers" => shares::waive, ShareWaive;
    post "/case/{code}/shares/waivers/{id}" => shares::decide, ShareDecide;
    post "/case/{code}/shares/close" => shares::close, ShareClose;
    post "/case/{code}/matter" => side::matter, MatterPut;
    get "/case/{code}/practice" => practice_form::from_case, PracticePropose;
    post "/case/{code}/practice" => practice_form::propose, PracticePropose;
    post "/case/{code}/practices/{id}/use" => practice_beside::take, PracticeUse;
    post "/case/{code}/reveal" => case::reveal, PersonReveal;
    post "/case/{code}/reports/{report}/part" => told::part, ReportPart;
    post "/case/{code}/reports/{report}/tell" => told::tell, ReportTell;
    post "/case/{code}/photos/{id}" => photos::view, PhotoView;
    get "/desk" => desk::view, ReportEnter;
    post "/desk" => desk::take, ReportEnter;
    post "/desk/lookup" => desk::lookup, PersonLookup;
    post "/desk/alike" => desk::alike, ReportEnter;
    get "/reporters" => reporters::list, ReporterList;
    get "/board" => board::view, BoardView;
    post "/board/invite" => board::invite, OfferInvite;
    get "/hotspots" => hotspots::list, HotspotList;
    post "/hotspots/{id}" => hotspots::decide, HotspotDecide;
    get "/rooms" => rooms::list, RoomView;
    post "/rooms" => rooms::order, RoomOrder;
    get "/rooms/new" => rooms::form, RoomOrder;
    get "/rooms/calls" => room_calls::list, RoomCall;
    get "/rooms/{id}" => rooms::view, RoomView;
    post "/rooms/{id}/frame" => rooms::close_frame, RoomFrame;
    post "/rooms/{id}/draw" => rooms::draw, RoomDraw;
    post "/rooms/{id}/change" => rooms::change, RoomChange;
    get "/rooms/{id}/redraw" => rooms::redraw, RoomView;
    get "/rooms/{id}/result" => room_result::view, RoomView;
    get "/rooms/{id}/calls/{number}" => room_calls::view, RoomCall;
    post "/rooms/{id}/calls/{number}" => room_calls::keep, RoomCall;
    get "/room" => room::list, RoomWork;
    get "/room/{id}" => room::view, RoomWork;
    post "/room/{id}/sign" => room::sign, RoomSign;
    post "/room/{id}/correct" => room::correct, RoomSign;
    get "/room/{id}/{number}" => room::case, RoomWork;
    post "/room/{id}/{number}" => room::answer, RoomAnswer;
    get "/practices" => practices::list, PracticeView;
    post "/practices" => practice_form::enter, PracticeDecide;
    get "/practices/new" => practice_form::new, PracticeDecide;
    get "/practices/{id}" => practices::view, PracticeView;
    post "/practices/{id}" => practices::decide, PracticeDecide;
    post "/practices/{id}/edit" => practices::edit, PracticeDecide;
    get "/practices/{id}/cases" => practices::cases, PracticeView;
    get "/meetings" => meetings::list, MeetingView;
    post "/meetings" => meetings::call, MeetingCall;
    get "/meetings/waits" => meeting_waits::view, MeetingView;
    get "/meetings/{id}" => meetings::view, MeetingView;
    get "/meetings/{id}/minutes.pdf" => meetings::print, MeetingView;
    post "/meetings/{id}" => meetings::decide, MeetingDecide;
    get "/stocks" => goods::list, StockView;
    post "/stocks" => goods::open, StockOpen;
    get "/stocks/plan" => goods::plan, GoodsPlan;
    get "/stocks/{code}" => goods::view, StockView;
    post "/stocks/{code}/lots" => goods::donate, LotDonate;
    get "/lots/{code}" => lots::view, StockView;
    post "/lots/{code}/count" => lots::count, LotCount;
    post "/lots/{code}/spoil" => lots::spoil, LotSpoil;
    post "/lots/{code}/entries/{number}/reverse" => lots::reverse, LotReverse;
    get "/donation/{code}" => lots::donation, DonationView;
    post "/consignments" => lots::commit, ConsignmentCommit;
    get "/consignments/{code}" => consignments::view, ConsignmentView;
    post "/consignments/{code}/send" => consignments::send, ConsignmentSend;
    post "/consignments/{code}/release" => consignments::release, ConsignmentRelease;
    post "/consignments/{code}/receive" => consignments::receive, ConsignmentReceive;
    post "/consignments/{code}/return" => consignments::back, ConsignmentReturn;
    get "/receipt/{code}" => consignments::receipt_form, ConsignmentSign;
    post "/receipt/{code}" => consignments::sign, ConsignmentSign;
    get "/notices" => notices::list, NoticeList;
    post "/notices" => notices::read_all, NoticeList;
    get "/notices/settings" => notices::settings, NoticeWants;
    post "/notices/settings" => notices::settings_set, NoticeWants;
    get "/notices/worker.js" => notices::worker, PageRead;
    post "/notices/push" => notices::push_add, NoticeWants;
    post "/notices/push/{id}/remove" => notices::push_remove, NoticeWants;
    post "/notices/{id}" => notices::read, NoticeList;
    get "/models" => models::list, ModelView;
    post "/models" => models::propose, ModelPropose;
    post "/models/{id}" => models::decide, ModelDecide;
    get "/grid" => grid::view, ReportEnter;
    post "/grid" => grid::send, ReportEnter;
    get "/grid-worker.js" => grid::worker, PageRead;
    get "/dashboard" => figures::dashboard, DashboardView;
    get "/dashboard/wall" => figures::wall, DashboardView;
    get "/dashboard/{indicator}" => figures::cases, IndicatorCases;
    get "/open" => figures::open, FiguresView;
    get "/open/indicators" => indicators::list, FiguresView;
    get "/open/rooms/{id}" => rooms::open, FiguresView;
    get "/open/practices" => practices::open_list, PracticeRead;
    get "/open/practices/{id}" => practices::open_view, PracticeRead;
    get "/open/findings" => findings::public, FindingPublic;
    get "/findings" => findings::list, FindingView;
    get "/findings/new" => findings::form, FindingOpen;
    post "/findings" => findings::open, FindingOpen;
    get "/findings/note" => findings::note_form, FindingNote;
    post "/findings/note" => findings::note, FindingNote;
    get "/findings/{id}" => finding::view, FindingView;
    post "/findings/{id}/register" => finding::register, FindingOpen;
    post "/findings/{id}/drop" => finding::discard, FindingOpen;
    post "/findings/{id}/claim" => finding::claim, FindingClaim;
    post "/findings/{id}/plan" => finding::plan, FindingPlan;
    post "/findings/{id}/begin" => finding::begin, FindingPlan;
    post "/findings/{id}/own-check" => finding::check_own, FindingCheckOwn;
    post "/findings/{id}/check" => finding::check, FindingCheck;
    post "/findings/{id}/publish" => finding::publish, FindingPublish;
    post "/findings/{id}/strike" => finding::strike, FindingStrike;
    post "/findings/{id}/look" => finding::look, FindingLook;
    get "/performance" => performance::list, ScoreView;
    post "/performance" => performance::make, ScoreMake;
    get "/performance/appeals" => appeals::list, AppealList;
    post "/performance/appeals/{id}" => appeals::decide, AppealDecide;
    get "/performance/exclusions" => appeals::counts, ExclusionCount;
    get "/performance/exclusions/new" => appeals::new, ExclusionAsk;
    post "/performance/exclusions/new" => appeals::ask, ExclusionAsk;
    post "/performance/exclusions/{id}" => appeals::exclusion, ExclusionDecide;
    get "/performance/signals" => signals::list, SignalList;
    post "/performance/signals/{id}" => signals::decide, SignalDecide;
    get "/performance/burden" => signals::burden, BurdenView;
    get "/performance/{id}" => performance::view, ScoreView;
    post "/performance/{id}/appeal" => performance::appeal, ScoreAppeal;
    post "/performance/{id}/approve" => performance::approve, ScoreApprove;
    get "/interviews" => interviews::list, InterviewView;
    get "/interviews/{id}" => interviews::view, InterviewView;
    post "/interviews/{id}/call" => interviews::call, InterviewCall;
    post "/interviews/{id}/record" => interviews::record, InterviewRecord;
    get "/open/reports" => period_reports::open_list, PeriodReportRead;
    get "/open/reports/{id}" => period_reports::open, PeriodReportRead;
    get "/open/reports/{id}/{file}" => period_reports::open_file, PeriodReportRead;
    get "/reports" => period_reports::list, PeriodReportView;
    post "/reports" => period_reports::write, PeriodReportWrite;
    get "/reports/new" => period_reports::form, PeriodReportWrite;
    get "/reports/{id}" => period_reports::view, PeriodReportView;
    post "/reports/{id}" => period_reports::decide, PeriodReportDecide;
    get "/reports/{id}/{file}" => period_reports::file, PeriodReportView;
    get "/docs/errors" => docs::errors, PageRead;
    get "/admin" => admin::accounts, AccountList;
    post "/admin/accounts" => admin::create, AccountCreate;
    post "/admin/accounts/{id}/grants" => admin::grant, GrantEdit;
    post "/admin/accounts/{id}/grants/{grant}/revoke" => admin::revoke, GrantEdit;
    post "/admin/accounts/{id}/disable" => admin::disable, AccountDisable;
    get "/admin/audit" => admin::audit, AuditView;
    get "/admin/sends" => sends::list, SendList;
    post "/admin/sends/{id}" => sends::decide, SendDecide;
    get "/letters" => letters::list, LetterPrint;
    post "/letters/{id}" => letters::sheet, LetterPrint;
    post "/letters/{id}/printed" => letters::printed, LetterPrint;
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
    if path.starts_with("/api/")
        || path.starts_with("/hooks/")
        || path.starts_with("/open311/")
        || matches!(path, "/healthz" | "/readyz" | "/metrics")
    {
        return next.run(request).await;
    }
    let (mut head, body) = request.into_parts();
    let (response, form) = match kept::hold(&mut head, body, &state).await {
        // The frame needs what `who` put beside the request, and the head only.
        Ok((body, form)) => (next.run(Request::from_parts(head.clone(), body)).await, form),
        Err(error) => (error.into_response(), None),
    };
    let Some(error) = refusal(&response) else { return response };
    let frame = match Frame::from_request_parts(&mut head, &state).await {
        Ok(frame) => frame,
        Err(error) => return error.into_response(),
    };
    draw_error(frame, &error, head.uri.path(), form.as_deref().unwrap_or_default())
}

/// The error of an answer that is not yet a page: ours, or a bare status of the framework.
fn refusal(response: &Response) -> Option<Arc<Error>> {
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_page = kind.starts_with(b"text/html");
    if is_page || !(response.status().is_client_error() || response.status().is_server_error()) {
        return None;
    }
    let code = match response.status().as_u16() {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        413 => Code::TooLarge,
        415 => Code::UnsupportedMediaType,
        _ => Code::MalformedRequest,
    };
    let ours = response.extensions().get::<Arc<Error>>().cloned();
    Some(ours.unwrap_or_else(|| Arc::new(Error::new(code, code.row().advice))))
}

/// `form` is what was sent, so that nothing typed is lost. Whoever is not signed in signs in first and goes on.
fn draw_error(frame: Frame, error: &Error, path: &str, form: &[u8]) -> Response {
    if error.code() == Code::Unauthenticated {
        if form.is_empty() {
            return frame.signed_in().err().unwrap_or_else(|| frame.go("/login"));
        }
        let page = kept::login(&frame, path, form);
        return frame.draw_error(error, &page);
    }
    let shell = frame.shell("error-page");
    let says_more = matches!(
        error.code(),
        Code::Invalid | Code::IllegalMove | Code::PartsOpen | Code::RateLimited | Code::StaleEtag | Code::FontMissing
    );
    let page = ErrorPage {
        status: error.status(),
        reference: error.reference().unwrap_or_default().to_owned(),
        detail: if says_more { frame::words(&shell, error) } else { String::new() },
        old_form: error.code() == Code::CrossSite,
        kept: kept::kept(&frame, path, form, kept::may_resend(error)),
        shell,
    };
    frame.draw_error(error, &page)
}
