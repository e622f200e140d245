//! Who is asking: a session cookie for pages, a bearer token for the API, nobody otherwise.

use axum::extract::{Request, State as Held};
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use muster_core::people::Actor;

use crate::cookie::Cookies;
use crate::state::State;
use crate::usecase::session::session_actor;

pub const SESSION_COOKIE: &str = "session";
/// Set by scripts on what they ask for without anybody's doing.
pub const BY_ITSELF: &str = "muster-by-itself";

/// The actor of this request. The API takes bearer tokens only, so that no other site can make a browser call it.
#[derive(Clone, Debug)]
pub struct Who {
    pub actor: Actor,
    /// The session's token, from which the form token is derived.
    pub token: Option<String>,
}

pub(crate) async fn who(Held(state): Held<State>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let api = request.uri().path().starts_with("/api/");
    let token = if api {
        let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = bearer.and_then(|value| value.split_once(' ')).unwrap_or_default();
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    } else {
        let cookies = Cookies { secure: state.config.secure_cookies };
        cookies.read(headers, SESSION_COOKIE).map(str::to_owned)
    };
    let actor = match &token {
        Some(token) => match session_actor(&state, token, headers.contains_key(BY_ITSELF)).await {
            Ok(actor) => actor,
            Err(error) => return error.into_response(),
        },
        None => Actor::Anonymous,
    };
    let token = token.filter(|_| actor != Actor::Anonymous);
    request.extensions_mut().insert(Who { actor, token });
    next.run(request).await
}
