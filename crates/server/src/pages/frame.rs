//! What every page needs of a request: language, size of type, form token, who is signed in; and how it is drawn.

use askama::Template;
use axum::extract::{Extension, FromRequestParts, MatchedPath};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HOST, LOCATION, ORIGIN, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use muster_core::people::{Action, Actor, Reach, Role, Subject, may, reach_of, scope};
use muster_core::process::Move;

use super::doors::doors;
use super::words::step_code;
use crate::config::Origin;
use crate::cookie::Cookies;
use crate::error::{Code, Error, Result};
use crate::i18n::Lang;
use crate::security::{check_csrf, check_form, csrf_token, form_secret};
use crate::state::State;
use crate::usecase::notice_list::notices_unread;
use crate::view::{Elder, Notice, Person, Shell};
use crate::who::Who;

pub(super) const LANG_COOKIE: &str = "lang";
pub(super) const ELDER_COOKIE: &str = "elder";

/// A page under way.
pub(crate) struct Frame {
    pub(super) state: State,
    pub(super) who: Who,
    pub(super) lang: Lang,
    elder: Elder,
    headers: HeaderMap,
    pub(super) path: String,
    csrf: String,
    cookies: Vec<HeaderValue>,
    /// Whether this address is for everybody, signed in or not.
    open: bool,
    /// Notices of this account that are not read.
    pub(super) unread: i64,
}

impl FromRequestParts<State> for Frame {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self> {
        let Extension(who) =
            Extension::<Who>::from_request_parts(parts, state).await.map_err(|error| Error::internal(&error))?;
        let jar = Cookies { secure: state.config.secure_cookies };
        let headers = parts.headers.clone();
        let lang = jar.read(&headers, LANG_COOKIE).and_then(Lang::parse).unwrap_or_else(|| {
            let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            accepted.map(Lang::negotiate).unwrap_or_default()
        });
        let elder = jar.read(&headers, ELDER_COOKIE).and_then(Elder::parse).unwrap_or_default();
        let mut cookies = Vec::new();
        let csrf = if let Some(token) = &who.token {
            csrf_token(token)
        } else {
            let form = form_secret(&headers, jar, &state.chance);
            cookies.extend(form.set_cookie);
            csrf_token(&form.secret)
        };
        let path = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let open = is_open(parts);
        // A page that says what is wrong must also be drawn when the database is what is wrong.
        let unread = notices_unread(state, &who.actor).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "unread notices are not counted");
            0
        });
        Ok(Self { state: state.clone(), who, lang, elder, headers, path, csrf, cookies, open, unread })
    }
}

fn is_open(parts: &Parts) -> bool {
    let Some(path) = parts.extensions.get::<MatchedPath>() else { return true };
    let method = parts.method.as_str();
    let route = super::ROUTES.iter().find(|r| r.path == path.as_str() && r.method.eq_ignore_ascii_case(method));
    route.is_none_or(|route| may(&Actor::Anonymous, route.action, &Subject::NONE).is_ok())
}

impl Frame {
    pub(super) fn actor(&self) -> &Actor {
        &self.who.actor
    }

    pub(super) fn jar(&self) -> Cookies {
        Cookies { secure: self.state.config.secure_cookies }
    }

    /// Sends people who are not signed in to the sign-in page, and back here afterwards.
    #[expect(clippy::result_large_err, reason = "the answer is sent at once, never carried along")]
    pub(super) fn signed_in(&self) -> std::result::Result<(), Response> {
        if *self.actor() != Actor::Anonymous {
            return Ok(());
        }
        let next: String = url::form_urlencoded::byte_serialize(self.path.as_bytes()).collect();
        Err(see_other(&format!("/login?next={next}")))
    }

    /// The form's token must be the one this browser was given. Where only staff act, a form without a session is one
    /// whose session has ended.
    pub(super) fn check(&self, csrf: &str) -> Result<()> {
        match &self.who.token {
            Some(token) => check_csrf(token, csrf),
            None if !self.open => Err(Error::unauthenticated()),
            None => check_form(&self.headers, self.jar(), csrf),
        }
    }

    /// This site's address, such as `https://muster.example.org`: the configured one, or the one the browser sent a form
    /// to, which `security::guard` has compared with the host, or else the host that was asked.
    pub(super) fn origin(&self) -> Option<String> {
        let sent = || self.headers.get(ORIGIN).and_then(|value| value.to_str().ok()).filter(|sent| *sent != "null");
        let configured = self.state.config.public_url.as_ref().map(Origin::as_str);
        let asked = || {
            let host = self.headers.get(HOST).and_then(|value| value.to_str().ok())?;
            // Browsers take a cookie for `https` also from this machine itself, over plain http.
            let here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.starts_with(name));
            let scheme = if self.state.config.secure_cookies && !here { "https" } else { "http" };
            Some(format!("{scheme}://{host}"))
        };
        configured.or_else(sent).map(str::to_owned).or_else(asked)
    }

    pub(super) fn set_cookie(&mut self, cookie: HeaderValue) {
        self.cookies.push(cookie);
    }

    /// `title` is the key of the page's title.
    pub(super) fn shell(&self, title: &str) -> Shell {
        Shell {
            elder: self.elder,
            csrf: self.csrf.clone(),
            path: self.path.clone(),
            city: self.name(&self.state.pack.root_area_name),
            person: self.person(),
            ..Shell::new(self.lang, title)
        }
    }

    fn person(&self) -> Option<Person> {
        let Actor::Account(account) = self.actor() else { return None };
        let (nav, nav_within) = doors(self, account);
        let role = account.grants.first().map_or("", |grant| grant.role.as_str());
        Some(Person { name: account.name.clone(), role: role.to_owned(), place: String::new(), nav, nav_within })
    }

    /// The first page of someone's working day.
    pub(super) fn home_of(actor: &Actor) -> &'static str {
        let Actor::Account(account) = actor else { return "/" };
        match account.grants.first().map(|grant| grant.role) {
            Some(Role::Operator) => "/desk",
            Some(Role::GridWorker) => "/grid",
            Some(Role::Leader) => "/dashboard",
            Some(Role::Evaluator) => "/room",
            Some(Role::SecurityAdmin) => "/admin",
            Some(Role::AuditAdmin) => "/admin/audit",
            _ if scope(actor, Action::CaseList).is_ok() => "/inbox",
            _ => "/",
        }
    }

    pub(super) fn draw(self, page: &impl Template) -> Response {
        self.draw_as(StatusCode::OK, page)
    }

    pub(super) fn draw_as(self, status: StatusCode, page: &impl Template) -> Response {
        let body = match page.render() {
            Ok(body) => body,
            Err(error) => return Error::internal(&error).into_response(),
        };
        let mut response = (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
        self.give_cookies(&mut response);
        response
    }

    /// A page that says why the form was not taken, with what was typed.
    pub(super) fn draw_error(self, error: &Error, page: &impl Template) -> Response {
        let mut response = self.draw_as(status_of(error), page);
        if let Some(seconds) = error.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The forms of the page being drawn belong to the session just begun.
    pub(super) fn signed_in_as(&mut self, who: Who) {
        if let Some(token) = &who.token {
            self.csrf = csrf_token(token);
        }
        self.who = who;
    }

    /// After an act: to a page that can be reloaded without repeating it.
    pub(super) fn go(self, to: &str) -> Response {
        let mut response = see_other(to);
        self.give_cookies(&mut response);
        response
    }

    fn give_cookies(self, response: &mut Response) {
        for cookie in self.cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

/// Puts what core refused beside the fields; what is not about a field becomes a notice.
pub(super) fn explain(shell: &mut Shell, error: &Error, rename: impl Fn(&str) -> String) {
    for fault in error.fields() {
        let field = rename(fault.pointer.trim_start_matches('/'));
        let key = format!("problem-{}", fault.code);
        let message = if shell.text.has(&key) { shell.t(&key).into_owned() } else { fault.detail.clone() };
        // Of several photos the one that is meant is named.
        let (field, message) = match field.split_once('/').map(|(field, nth)| (field, nth.parse::<u32>())) {
            Some((field, Ok(nth))) => (field.to_owned(), shell.with2("photo-wrong", "n", nth + 1, "why", message)),
            _ => (field, message),
        };
        shell.problems.push(crate::view::Problem { field, message });
    }
    if error.fields().is_empty() {
        shell.notice = Some(Notice { good: false, text: words(shell, error) });
    }
}

/// What is wrong and what to do, in the reader's language where we have words for it.
pub(super) fn words(shell: &Shell, error: &Error) -> String {
    match error.code() {
        Code::RateLimited => shell.count("notice-rate-limited", error.retry_after().unwrap_or(60)),
        Code::StaleEtag => shell.t("conflict-title").into_owned(),
        Code::KeyReused => shell.t("notice-sent-before").into_owned(),
        Code::PartsOpen => shell.t("notice-parts-open").into_owned(),
        Code::FontMissing => shell.t("notice-font-missing").into_owned(),
        Code::IllegalMove => {
            let name = |word: &String| {
                if let Ok(step) = word.parse::<Move>() {
                    return Some(shell.label("step", step_code(step)).into_owned());
                }
                let key = |family: &str| format!("{family}-{word}");
                let known = ["finding-step", "programme-step"].map(key).into_iter().find(|key| shell.text.has(key));
                known.map(|key| shell.t(&key).into_owned())
            };
            let names: Vec<_> = error.allowed().iter().filter_map(name).collect();
            if names.is_empty() {
                return shell.t("notice-nothing-allowed").into_owned();
            }
            shell.with("notice-allowed", "acts", names.join(&shell.t("notice-and")))
        }
        Code::Invalid => {
            let about = |code: &str| shell.text.has(&format!("problem-{code}"));
            let known = error.fields().iter().filter(|fault| about(&fault.code));
            known.map(|fault| shell.label("problem", &fault.code).into_owned()).collect::<Vec<_>>().join(" ")
        }
        _ => error.detail().to_owned(),
    }
}

/// Whether this error belongs on the form it came from, with what was typed.
pub(super) fn is_about_form(error: &Error) -> bool {
    matches!(error.status(), 409 | 412 | 422 | 429)
}

pub(super) fn status_of(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) fn see_other(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Whether a role of this person may ever do this; whether here, the use-case says.
pub(super) fn holds(actor: &Actor, action: Action) -> bool {
    matches!(actor, Actor::Account(account) if account.grants.iter().any(|grant| reach_of(grant, action) != Reach::Never))
}

/// Whether anyone may do this at all; used to show or hide a door.
pub(super) fn can(actor: &Actor, action: Action, subject: &Subject) -> bool {
    muster_core::people::may(actor, action, subject).is_ok()
}
