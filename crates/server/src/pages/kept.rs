//! What was typed into a form is kept when the form cannot be taken: the error page shows it, and can send it again.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};

use super::frame::Frame;
use super::photos;
use crate::error::{Code, Error, Result};
use crate::extract::is_text;
use crate::state::State;
use crate::view::error::Kept;
use crate::view::people::LoginPage;
use crate::view::process::Typed;

/// The fields a person writes in their own words, and what they are called. The others are carried along unseen.
const WRITTEN: [(&str, &str); 10] = [
    ("text", "field-text"),
    ("place", "field-place"),
    ("name", "field-name"),
    ("phone", "field-phone"),
    ("behalf", "field-behalf"),
    ("evidence", "case-evidence"),
    ("note", "case-dispute-note"),
    ("reason", "case-reason"),
    ("comment", "rate-comment"),
    ("login", "login-name"),
];
/// Never shown again, and never sent again without being typed again.
const NOT_KEPT: [&str; 3] = ["csrf", "password", "held"];

/// Reads the body of a form so that it can be both handled and kept; other bodies pass untouched. One with photos becomes
/// one without, that names what was kept of them.
pub(super) async fn hold(head: &mut Parts, body: Body, state: &State) -> Result<(Body, Option<Bytes>)> {
    if photos::has_photos(head) {
        let form = photos::as_form(head, body, state).await?;
        return Ok((Body::from(form.clone()), Some(form)));
    }
    let kind = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if head.method != Method::POST || !kind.starts_with(b"application/x-www-form-urlencoded") {
        return Ok((body, None));
    }
    let bytes = Bytes::from_request(Request::from_parts(head.clone(), body), state).await?;
    Ok((Body::from(bytes.clone()), Some(bytes)))
}

/// The fields of a form, without what must not be kept.
fn fields(form: &[u8]) -> Vec<(String, String)> {
    if !is_text(form) {
        return Vec::new();
    }
    let pairs = url::form_urlencoded::parse(form).into_owned();
    pairs.filter(|(name, _)| !NOT_KEPT.contains(&name.as_str())).collect()
}

/// A form as it is shown again; `None` when nobody wrote anything into it.
pub(super) fn kept(frame: &Frame, action: &str, form: &[u8], resend: bool) -> Option<Kept> {
    let (mut typed, mut hidden) = (Vec::new(), Vec::new());
    let shell = frame.shell("error-page");
    for (name, value) in fields(form) {
        match WRITTEN.iter().find(|(written, _)| *written == name) {
            Some((_, label)) if !value.trim().is_empty() => {
                typed.push(Typed { name, label: shell.t(label).into_owned(), value, shown: None });
            }
            _ => hidden.push((name, value)),
        }
    }
    (!typed.is_empty()).then(|| Kept { action: action.to_owned(), typed, hidden, resend })
}

/// Whether the same form may succeed when it is simply sent again: its token was old, or the server was not ready.
pub(super) fn may_resend(error: &Error) -> bool {
    let again = [Code::CrossSite, Code::RateLimited, Code::Internal, Code::Unavailable, Code::RequestTimeout];
    again.contains(&error.code())
}

/// The sign-in page that keeps a form of somebody whose session has ended.
pub(super) fn login(frame: &Frame, action: &str, form: &[u8]) -> LoginPage {
    let held = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields(form)).finish();
    LoginPage { shell: frame.shell("login-page"), login: String::new(), next: action.to_owned(), held }
}
