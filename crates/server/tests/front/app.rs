//! The demo city's server on a fresh database, with a clock and chance of the test's own.

use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use muster_core::time::Timestamp;
use muster_server::clock::{Chance, Clock, VirtualClock};
use muster_server::config::Config;
use muster_server::demo::City;
use muster_server::jobs;
use muster_server::router::router;
use muster_server::state::State;
use muster_server::usecase::session::session_login;
use muster_store::testing::TestDb;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "front-door-2026";
/// Monday 2026-05-11 09:00 in Shanghai: a working day without a holiday near.
pub(crate) const NOW: Timestamp = Timestamp(1_778_461_200_000_000);

/// A server and what a test may move about it. Dropped, its database is removed.
pub(crate) struct App {
    pub(crate) state: State,
    pub(crate) hand: VirtualClock,
    router: Mutex<Router>,
    db: TestDb,
    _data: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// Instead of `body`, of a picture or a paper.
    pub(crate) picture: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl App {
    pub(crate) async fn new(db: TestDb) -> Self {
        Self::configured(db, |_| {}).await
    }

    /// With something in the configuration changed.
    pub(crate) async fn configured(db: TestDb, change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config {
            data: data.path().to_owned(),
            database: Some(db.url.clone().try_into().unwrap()),
            hook: crate::hooks::configured(data.path()),
            ..Config::default()
        };
        change(&mut config);
        let (clock, hand) = Clock::virtual_at(NOW);
        let state = State::open(config, clock, Chance::seeded(7)).await.unwrap();
        City::found(&state, PASSWORD).await.unwrap();
        Self { router: Mutex::new(router(state.clone())), state, hand, db, _data: data }
    }

    /// Address of the app's database.
    pub(crate) fn url(&self) -> &str {
        &self.db.url
    }

    /// From now on another node answers.
    pub(crate) fn serve(&self, node: &State) {
        *self.router.lock().unwrap() = router(node.clone());
    }

    /// Moves the clock and lets the jobs do all that has become due.
    pub(crate) async fn advance(&self, micros: i64) {
        self.hand.advance(micros);
        jobs::settle(&self.state).await.unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let router = self.router.lock().unwrap().clone();
        let response = router.oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 16 << 20).await.unwrap();
        let is_picture = head
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "image/jpeg" || kind == "application/pdf");
        let (text, picture) = if is_picture { (Vec::new(), bytes.to_vec()) } else { (bytes.to_vec(), Vec::new()) };
        let body = String::from_utf8(text).unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, body, picture }
    }

    /// A browser nobody has used.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookies: Vec::new(), csrf: String::new() }
    }

    /// A browser in which a demo account has signed in.
    pub(crate) async fn signed_in(&self, login: &str) -> Browser<'_> {
        let mut browser = self.browser();
        browser.get("/login").await;
        let answer = browser.post("/login", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{login} could not sign in: {}", answer.body);
        browser
    }

    /// An API client of a demo account.
    pub(crate) async fn api(&self, login: &str) -> Api<'_> {
        let token = session_login(&self.state, login, PASSWORD).await.unwrap().token;
        Api { app: self, token: Some(token) }
    }

    /// An API client of nobody in particular.
    pub(crate) fn stranger(&self) -> Api<'_> {
        Api { app: self, token: None }
    }
}

/// Keeps cookies and the form token of the last page, as a browser does.
pub(crate) struct Browser<'a> {
    app: &'a App,
    cookies: Vec<(String, String)>,
    csrf: String,
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.take(request).await
    }

    /// Sends a form of the page last seen. A field `csrf` of the caller's stands instead of the page's.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        if !fields.iter().any(|(name, _)| *name == "csrf") {
            form.append_pair("csrf", &self.csrf);
        }
        form.extend_pairs(fields);
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.finish()))
            .unwrap();
        self.take(request).await
    }

    /// What a script of the page asks for without anybody's doing.
    pub(crate) async fn by_itself(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).header(muster_server::who::BY_ITSELF, "1");
        self.take(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form of the page last seen with files, each as (field, file name, content).
    pub(crate) async fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        let csrf = [("csrf", self.csrf.as_str())];
        for (name, value) in csrf.iter().chain(fields) {
            let head = format!("--front\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        for (name, file, content) in files {
            let head =
                format!("--front\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        }
        body.extend(b"--front--\r\n");
        self.post_raw(path, "multipart/form-data; boundary=front", body).await
    }

    /// Sends any body as any type.
    pub(crate) async fn post_raw(&mut self, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap();
        self.take(request).await
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().uri(path).header(header::COOKIE, cookies.join("; "));
        let request = request.header(header::HOST, "front.test");
        let is_form = method == Method::POST;
        let request = request.method(method);
        if is_form { request.header(header::ORIGIN, "http://front.test") } else { request }
    }

    async fn take(&mut self, request: Request<Body>) -> Answer {
        let answer = self.app.send(request).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        if let Some(token) = between(&answer.body, "name=\"csrf\" value=\"", "\"") {
            token.clone_into(&mut self.csrf);
        }
        answer
    }
}

/// Speaks JSON with a bearer token.
pub(crate) struct Api<'a> {
    app: &'a App,
    token: Option<String>,
}

impl Api<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], body.to_string()).await
    }

    /// `headers` such as `("idempotency-key", "…")`; the body may be anything.
    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.app.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// The text between two marks, the first time they occur.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// One test body on both databases: `doors!(name, async |app: &App| { … });`
macro_rules! doors {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;

            #[tokio::test]
            async fn sqlite() {
                let app = $crate::app::App::new(muster_store::testing::sqlite().await).await;
                ($body)(&app).await;
            }

            #[tokio::test]
            async fn postgres() {
                let Some(db) = muster_store::testing::postgres().await else {
                    eprintln!("skipped: MUSTER_TEST_POSTGRES names no server");
                    return;
                };
                let app = $crate::app::App::new(db).await;
                ($body)(&app).await;
            }
        }
    };
}
pub(crate) use doors;
