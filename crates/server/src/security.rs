//! What every request passes: an id, the client's address, the check against forged forms, a net under panics, and
//! headers that tell the browser what this site never does.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tracing::Instrument;
use uuid::Uuid;

use crate::address::{Cidr, client};
use crate::clock::{Chance, Clock};
use crate::config::Config;
use crate::cookie::Cookies;
use crate::error::{Error, REQUEST};
use crate::secret::{hex, mac, unhex};

/// No inline script or style, nothing from elsewhere, no framing.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    manifest-src 'self'";

/// On every answer, unless the handler set its own.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Addresses hold codes of cases: they stay with us. `no-referrer` would empty Origin, which the form check reads.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // A report may say "here"; nothing else of the device is asked for.
    (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
    // Pages hold personal matters; assets set their own, longer life.
    (header::CACHE_CONTROL, "no-store"),
];
/// One year. Without sub-domains: a city's other sites are not ours to decide.
const HSTS: &str = "max-age=31536000";

/// The name of the cookie that stands in for a session where there is none.
const FORM_COOKIE: &str = "form";

/// This request, in logs, in `X-Request-Id` and in the reference of an internal error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whose request it is, as far as our proxies can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The state of [`guard`].
#[derive(Clone)]
pub struct Guard(Arc<Settings>);

struct Settings {
    clock: Clock,
    chance: Chance,
    trusted_proxies: Vec<Cidr>,
    public_origin: Option<String>,
    is_https: bool,
}

impl Guard {
    pub fn new(config: &Config, clock: &Clock, chance: &Chance) -> Self {
        let public_origin = config.public_url.as_ref().map(|origin| origin.as_str().to_owned());
        let is_https = public_origin.as_ref().is_some_and(|origin| origin.starts_with("https://"));
        Self(Arc::new(Settings {
            clock: clock.clone(),
            chance: chance.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            public_origin,
            is_https,
        }))
    }
}

/// Middleware, outermost: `router.layer(middleware::from_fn_with_state(guard, security::guard))`.
/// Handlers find [`RequestId`] and [`ClientAddress`] as extensions.
pub async fn guard(State(Guard(settings)): State<Guard>, mut request: Request, next: Next) -> Response {
    let id = RequestId(settings.chance.uuid(settings.clock.now()));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    // Only tests that skip the socket have no peer.
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let address = client(peer, request.headers(), &settings.trusted_proxies);
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(ClientAddress(address));

    let is_cross_site = is_cross_site(request.method(), request.headers(), settings.public_origin.as_deref());
    let answer = async {
        if is_cross_site {
            return Error::cross_site().into_response();
        }
        match without_panic(next.run(request)).await {
            Ok(response) => response,
            Err(panic) => Error::internal(&panic).into_response(),
        }
    };
    let span = tracing::error_span!("request", %id);
    let mut response = REQUEST.scope(id.0, answer).instrument(span).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if settings.is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert("x-request-id", value);
    }
    response
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

impl Panicked {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Self(text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned()))
    }
}

/// A panic in one request is the end of that request only. Unwind safety: the future is dropped, never polled again.
async fn without_panic<T>(future: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(payload) => Poll::Ready(Err(Panicked::of(&*payload))),
    })
    .await
}

/// Whether a browser says that another site made it send this change. Browsers that say nothing are left to the
/// form's token, and programs (which send neither header) carry no cookies of others.
///
/// The rules are those of Go's `http.CrossOriginProtection` (Filippo Valsorda, 2025).
fn is_cross_site(method: &Method, headers: &HeaderMap, public_origin: Option<&str>) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match text(&HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => return false,
        Some(_) => return true,
        None => {}
    }
    let Some(origin) = text(&header::ORIGIN) else { return false };
    if public_origin == Some(origin) {
        return false;
    }
    // Behind a proxy the scheme is unknown here; host and port must be those the request was sent to.
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    origin_host.is_none() || origin_host != text(&header::HOST)
}

/// The token of the forms of one session: `secret` is the value of the session cookie, or of the form cookie where
/// nobody is logged in. Another site cannot read the cookie, so it cannot make the token.
pub fn csrf_token(secret: &str) -> String {
    hex(&mac(secret.as_bytes(), b"muster form token v1"))
}

/// Compares in constant time.
pub fn check_csrf(secret: &str, token: &str) -> Result<(), Error> {
    if csrf_token(secret).as_bytes().ct_eq(token.as_bytes()).into() { Ok(()) } else { Err(Error::cross_site()) }
}

/// What stands in for a session in the forms of people who are not logged in (double submit).
#[derive(Debug)]
pub struct FormSecret {
    pub secret: String,
    /// The cookie to set, when the browser had none.
    pub set_cookie: Option<HeaderValue>,
}

/// For the page that shows a form: takes the browser's secret or makes one.
pub fn form_secret(headers: &HeaderMap, cookies: Cookies, chance: &Chance) -> FormSecret {
    if let Some(secret) = read_form_secret(headers, cookies) {
        return FormSecret { secret: secret.to_owned(), set_cookie: None };
    }
    let secret = hex(&chance.bytes::<32>());
    FormSecret { set_cookie: Some(cookies.set(FORM_COOKIE, &secret, None)), secret }
}

/// For the handler that takes the form.
pub fn check_form(headers: &HeaderMap, cookies: Cookies, token: &str) -> Result<(), Error> {
    check_csrf(read_form_secret(headers, cookies).ok_or_else(Error::cross_site)?, token)
}

fn read_form_secret(headers: &HeaderMap, cookies: Cookies) -> Option<&str> {
    cookies.read(headers, FORM_COOKIE).filter(|secret| unhex(secret).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use muster_core::time::Timestamp;
    use tower::ServiceExt;

    fn app(config: &Config) -> Router {
        let (clock, _) = Clock::virtual_at(Timestamp(1_760_000_000_000_000));
        let asset = || async { ([(header::CACHE_CONTROL, "max-age=31536000, immutable")], "body{}") };
        let whoami = |request: Request| async move {
            request.extensions().get::<ClientAddress>().map(|address| address.0.to_string()).unwrap_or_default()
        };
        Router::new()
            .route("/", get(whoami).post(|| async { "done" }))
            .route("/asset", get(asset))
            .route("/broken", get(broken))
            .route("/form", post(|| async { "done" }))
            .layer(from_fn_with_state(Guard::new(config, &clock, &Chance::seeded(1)), guard))
    }

    async fn broken() -> String {
        tokio::task::yield_now().await;
        panic!("secret of the case")
    }

    async fn call(config: &Config, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app(config).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn every_answer_carries_the_guards() {
        let plain = Config::default();
        for path in ["/", "/broken", "/absent"] {
            let response = call(&plain, "GET", path, &[]).await;
            for (name, value) in HEADERS {
                assert_eq!(response.headers().get(&name).unwrap(), value, "{path}: {name}");
            }
            assert!(response.headers().contains_key("x-request-id"));
            assert!(!response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
        }
        assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
        let asset = call(&plain, "GET", "/asset", &[]).await;
        assert_eq!(asset.headers()[header::CACHE_CONTROL], "max-age=31536000, immutable");
        let https = Config { public_url: Some("https://a.org".to_owned().try_into().unwrap()), ..plain };
        assert!(call(&https, "GET", "/", &[]).await.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    #[tokio::test]
    async fn a_panic_is_a_500_with_the_request_as_reference() {
        let response = call(&Config::default(), "GET", "/broken", &[]).await;
        assert_eq!(response.status(), 500);
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert_eq!(response.extensions().get::<Arc<Error>>().unwrap().reference(), Some(id.as_str()));
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("secret of the case"));
    }

    #[tokio::test]
    async fn changes_from_other_sites_are_refused() {
        let config = Config { public_url: Some("https://a.org".to_owned().try_into().unwrap()), ..Config::default() };
        for (headers, status) in [
            (&[][..], 200),
            (&[("sec-fetch-site", "same-origin")], 200),
            (&[("sec-fetch-site", "none")], 200),
            (&[("sec-fetch-site", "cross-site")], 403),
            (&[("sec-fetch-site", "same-site")], 403),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://a.org")], 403),
            (&[("origin", "https://a.org")], 200),
            (&[("origin", "https://evil.org"), ("host", "a.org")], 403),
            (&[("origin", "null"), ("host", "a.org")], 403),
            (&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], 200),
            (&[("origin", "http://127.0.0.1:9"), ("host", "127.0.0.1:8080")], 403),
        ] {
            assert_eq!(call(&config, "POST", "/form", headers).await.status(), status, "{headers:?}");
        }
        assert_eq!(call(&config, "GET", "/", &[("sec-fetch-site", "cross-site")]).await.status(), 200, "links work");
        assert_eq!(call(&config, "DELETE", "/", &[("sec-fetch-site", "cross-site")]).await.status(), 403);
    }

    #[tokio::test]
    async fn handlers_see_the_client_behind_our_proxy() {
        let config = Config { trusted_proxies: vec!["127.0.0.1".parse().unwrap()], ..Config::default() };
        let response = call(&config, "GET", "/", &[("x-forwarded-for", "192.0.2.1")]).await;
        assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "192.0.2.1");
    }

    #[test]
    fn a_token_fits_its_session_only() {
        check_csrf("session-1", &csrf_token("session-1")).unwrap();
        assert!(check_csrf("session-1", &csrf_token("session-2")).is_err());
        assert!(check_csrf("session-1", "").is_err());
    }

    #[test]
    fn an_anonymous_form_is_bound_to_its_browser() {
        let cookies = Cookies { secure: true };
        let chance = Chance::seeded(1);
        let fresh = form_secret(&HeaderMap::new(), cookies, &chance);
        let mut headers = HeaderMap::new();
        let pair = fresh.set_cookie.unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
        headers.insert(header::COOKIE, pair.parse().unwrap());
        let again = form_secret(&headers, cookies, &chance);
        assert_eq!(again.secret, fresh.secret);
        assert!(again.set_cookie.is_none());
        check_form(&headers, cookies, &csrf_token(&fresh.secret)).unwrap();
        assert!(check_form(&headers, cookies, "").is_err());
        assert!(check_form(&HeaderMap::new(), cookies, &csrf_token(&fresh.secret)).is_err());
        headers.insert(header::COOKIE, "__Host-form=chosen".parse().unwrap());
        assert!(check_form(&headers, cookies, &csrf_token("chosen")).is_err(), "not one of ours");
    }
}
