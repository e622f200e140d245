//! Extractors that refuse with our [`Error`] instead of the framework's plain text.
//!
//! All of them also refuse the NUL character: PostgreSQL cannot store it in text, and nobody types it.

use std::error::Error as StdError;
use std::fmt::Display;

use axum::body::{Body, Bytes};
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::{StatusCode, header, request::Parts};
use axum_extra::extract::Form;
use serde::de::DeserializeOwned;

use crate::error::{Code, Error};
use crate::net::TooSlow;

/// A JSON body. A wrong member is answered with its JSON pointer.
#[derive(Debug)]
pub struct ApiJson<T>(pub T);

/// A form body (`application/x-www-form-urlencoded`); a repeated field fills a list.
#[derive(Debug)]
pub struct PageForm<T>(pub T);

/// The query string.
#[derive(Debug)]
pub struct ApiQuery<T>(pub T);

/// The parameters in the path.
#[derive(Debug)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !has_media_type(&request, |essence| essence == "application/json" || essence.ends_with("+json")) {
            return Err(Error::new(Code::UnsupportedMediaType, "Send the body with `Content-Type: application/json`."));
        }
        parse_json(&Bytes::from_request(request, state).await?).map(Self)
    }
}

/// Reads JSON that is here already, as [`ApiJson`] does.
pub(crate) fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if has_nul_escape(bytes) {
        return Err(nul());
    }
    Ok(Json::from_bytes(bytes)?.0)
}

/// A body that may be left out.
impl<T: DeserializeOwned, S: Send + Sync> axum::extract::OptionalFromRequest<S> for ApiJson<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Error> {
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(Request::from_parts(parts, Body::from(bytes)), state).await.map(Some)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for PageForm<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !has_media_type(&request, |essence| essence == "application/x-www-form-urlencoded") {
            let wanted = "Send the form with `Content-Type: application/x-www-form-urlencoded`.";
            return Err(Error::new(Code::UnsupportedMediaType, wanted));
        }
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await?;
        check_percent_encoded(&bytes)?;
        let Form(form) = Form::from_request(Request::from_parts(parts, Body::from(bytes)), state)
            .await
            .map_err(|refused| Error::new(Code::MalformedRequest, sentence(&refused)))?;
        Ok(Self(form))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        check_percent_encoded(parts.uri.query().unwrap_or_default().as_bytes())?;
        Ok(Self(Query::from_request_parts(parts, state).await?.0))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        check_percent_encoded(parts.uri.path().as_bytes())?;
        Ok(Self(Path::from_request_parts(parts, state).await?.0))
    }
}

impl From<BytesRejection> for Error {
    fn from(refused: BytesRejection) -> Self {
        if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        if caused_by_slowness(&refused) {
            return Error::new(Code::RequestTimeout, "The body came too slowly. Send it again.");
        }
        Error::new(Code::MalformedRequest, "The body broke off before its end. Send it again.")
    }
}

impl From<axum::Error> for Error {
    fn from(broken: axum::Error) -> Self {
        if caused_by_slowness(&broken) {
            return Error::new(Code::RequestTimeout, "The body came too slowly. Send it again.");
        }
        Error::new(Code::MalformedRequest, "The body broke off before its end. Send it again.")
    }
}

impl From<JsonRejection> for Error {
    fn from(refused: JsonRejection) -> Self {
        match refused {
            JsonRejection::JsonDataError(refused) => {
                let (pointer, detail) = locate(strip_prefix(&refused.body_text()));
                Error::invalid(&pointer, "wrong-type", detail)
            }
            JsonRejection::BytesRejection(refused) => refused.into(),
            refused => Error::new(Code::MalformedJson, sentence(&refused)),
        }
    }
}

impl From<QueryRejection> for Error {
    fn from(refused: QueryRejection) -> Self {
        Error::new(Code::MalformedRequest, sentence(&refused))
    }
}

impl From<PathRejection> for Error {
    fn from(refused: PathRejection) -> Self {
        let PathRejection::FailedToDeserializePathParams(refused) = refused else {
            return Error::not_found();
        };
        match refused.into_kind() {
            ErrorKind::InvalidUtf8InPathParam { key } => {
                Error::new(Code::MalformedText, format!("The part `{key}` of the address is not UTF-8."))
            }
            kind => Error::new(Code::MalformedRequest, format!("The address cannot be read: {kind}.")),
        }
    }
}

impl From<MultipartRejection> for Error {
    fn from(_: MultipartRejection) -> Self {
        Error::new(Code::UnsupportedMediaType, "Send the form with `Content-Type: multipart/form-data; boundary=…`.")
    }
}

impl From<MultipartError> for Error {
    fn from(refused: MultipartError) -> Self {
        if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        if caused_by_slowness(&refused) {
            return Error::new(Code::RequestTimeout, "The body came too slowly. Send it again.");
        }
        Error::new(Code::MalformedMultipart, format!("The multipart body cannot be read: {}.", refused.body_text()))
    }
}

fn too_large() -> Error {
    Error::too_large("The body is larger than this address takes. Send less, or ask for a higher `max_body_bytes`.")
}

fn nul() -> Error {
    Error::new(Code::MalformedText, "The text contains the character NUL. Remove it.")
}

fn caused_by_slowness(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn has_media_type(request: &Request, matches: impl Fn(&str) -> bool) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches(&essence)
}

/// The framework decodes percent signs and replaces what is not UTF-8: text would be stored that nobody sent.
fn check_percent_encoded(raw: &[u8]) -> Result<(), Error> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, tail @ ..] = rest {
        let escape = if *first == b'%' { tail.get(..2).and_then(hex_pair) } else { None };
        decoded.push(escape.unwrap_or(*first));
        rest = if escape.is_some() { &tail[2..] } else { tail };
    }
    if decoded.contains(&0) {
        return Err(nul());
    }
    match std::str::from_utf8(&decoded) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::new(
            Code::MalformedText,
            format!("The text is not UTF-8 after byte {}. Send it encoded as UTF-8.", error.valid_up_to()),
        )),
    }
}

/// Whether percent-encoded bytes are text that can be stored.
pub(crate) fn is_text(raw: &[u8]) -> bool {
    check_percent_encoded(raw).is_ok()
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Whether JSON text escapes NUL: `\u0000` behind an even number of backslashes. A bare NUL is no JSON anyway.
fn has_nul_escape(json: &[u8]) -> bool {
    json.windows(6).enumerate().any(|(at, window)| {
        window == br"\u0000" && json[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

fn sentence(refused: &impl Display) -> String {
    let text = refused.to_string();
    if text.ends_with('.') { text } else { format!("{text}.") }
}

/// axum says "Failed to …: path: cause"; the prefix says nothing to a client.
fn strip_prefix(text: &str) -> &str {
    text.split_once(": ").map_or(text, |(_, rest)| rest)
}

/// Splits `place.points[0].x: invalid type …` into pointer and cause. A missing member is named in the cause only, and
/// added to the pointer.
fn locate(text: &str) -> (String, String) {
    let is_path = |head: &str| {
        !head.is_empty() && head.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '[' | ']'))
    };
    let (path, cause) = match text.split_once(": ") {
        Some((head, rest)) if is_path(head) => (head, rest),
        _ => ("", text),
    };
    let mut pointer = String::new();
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        pointer.push('/');
        pointer.push_str(part);
    }
    if let Some(name) = cause.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        pointer.push('/');
        pointer.push_str(name);
    }
    (pointer, sentence(&cause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Multipart;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Draft {
        text: String,
        #[serde(default)]
        #[expect(dead_code, reason = "only its type matters here")]
        place: Option<Place>,
    }

    #[derive(Debug, Deserialize)]
    struct Place {
        #[expect(dead_code, reason = "only its type matters here")]
        points: Vec<i64>,
    }

    #[derive(Debug, Deserialize)]
    struct Choice {
        #[serde(default)]
        area: Vec<u32>,
        text: Option<String>,
    }

    async fn json(content_type: &str, body: &'static [u8]) -> Result<Draft, Error> {
        let request =
            Request::post("/").header(header::CONTENT_TYPE, content_type).body(Body::from(body)).expect("a request");
        ApiJson::from_request(request, &()).await.map(|ApiJson(draft)| draft)
    }

    async fn form(body: &'static str) -> Result<Choice, Error> {
        let request = Request::post("/")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        PageForm::from_request(request, &()).await.map(|PageForm(choice)| choice)
    }

    #[tokio::test]
    async fn json_errors_point_at_the_member() {
        let cases: [(&[u8], &str); 5] = [
            (br#"{"text": 3}"#, "/text"),
            (br#"{"text": "x", "place": {"points": [1, "b"]}}"#, "/place/points/1"),
            (br#"{"place": {}}"#, "/place/points"),
            (b"{}", "/text"),
            (br#"{"text": "x", "colour": 1}"#, "/colour"),
        ];
        for (body, pointer) in cases {
            let error = json("application/json; charset=utf-8", body).await.expect_err("wrong member");
            assert_eq!(error.code(), Code::Invalid, "{error}");
            assert_eq!(error.fields()[0].pointer, pointer, "{error}");
        }
        assert_eq!(json("application/json", br#"{"text": "a\\u0000"}"#).await.unwrap().text, "a\\u0000");
    }

    #[tokio::test]
    async fn every_bad_body_has_its_code() {
        let cases: [(&str, &[u8], Code); 7] = [
            ("application/json", br#"{"text": "#, Code::MalformedJson),
            ("application/json", br#"{"text": "\ud800"}"#, Code::MalformedJson),
            ("application/json", b"{\"text\": \"\xff\"}", Code::MalformedJson),
            ("application/json", br#"{"text": "a\u0000"}"#, Code::MalformedText),
            ("application/json", b"", Code::MalformedJson),
            ("text/plain", b"{}", Code::UnsupportedMediaType),
            ("", b"{}", Code::UnsupportedMediaType),
        ];
        for (content_type, body, code) in cases {
            assert_eq!(json(content_type, body).await.expect_err("a bad body").code(), code, "{body:?}");
        }
        let deep = "[".repeat(100_000);
        let request = Request::post("/").header(header::CONTENT_TYPE, "application/json").body(Body::from(deep));
        let error = ApiJson::<serde_json::Value>::from_request(request.unwrap(), &()).await.expect_err("too deep");
        assert_eq!(error.code(), Code::MalformedJson);
    }

    #[tokio::test]
    async fn forms_repeat_fields_and_must_be_utf8() {
        let choice = form("area=1&area=2&text=%E8%B7%AF%E7%81%AF+100%25").await.unwrap();
        assert_eq!(choice.area, [1, 2]);
        assert_eq!(choice.text.as_deref(), Some("路灯 100%"));
        assert_eq!(form("text=%ff").await.expect_err("not UTF-8").code(), Code::MalformedText);
        assert_eq!(form("text=%00").await.expect_err("NUL").code(), Code::MalformedText);
        assert_eq!(form("area=north").await.expect_err("not a number").code(), Code::MalformedRequest);
        assert!(form("text=100%&area=%zz").await.is_err(), "a stray percent sign is text, not a crash");
    }

    #[tokio::test]
    async fn a_query_is_refused_with_a_problem() {
        let query = async |uri: &str| {
            let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
            ApiQuery::<std::collections::HashMap<String, u32>>::from_request_parts(&mut parts, &()).await
        };
        assert_eq!(query("/?limit=20").await.unwrap().0["limit"], 20);
        assert_eq!(query("/?limit=x").await.expect_err("not a number").code(), Code::MalformedRequest);
        assert_eq!(query("/?limit=%fe").await.expect_err("not UTF-8").code(), Code::MalformedText);
    }

    async fn multipart(body: Body) -> Result<Vec<String>, Error> {
        let request = Request::post("/").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b").body(body);
        let mut form = Multipart::from_request(request.unwrap(), &()).await?;
        let mut texts = Vec::new();
        while let Some(field) = form.next_field().await? {
            texts.push(field.text().await?);
        }
        Ok(texts)
    }

    #[tokio::test]
    async fn multipart_refusals_have_their_codes() {
        let whole = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n路灯\r\n--b--\r\n";
        assert_eq!(multipart(Body::from(whole)).await.unwrap(), ["路灯"]);
        for broken in ["", "--b", "rubbish", &whole[..whole.len() - 9], "--b\r\nContent-Disposition: form-data\r\n\r\n"]
        {
            let error = multipart(Body::from(broken.to_owned())).await.expect_err(broken);
            assert_eq!(error.code(), Code::MalformedMultipart, "{broken:?}: {error}");
        }
        let slow = futures_util::stream::iter([Ok(Bytes::from("--b\r\n")), Err(TooSlow)]);
        assert_eq!(multipart(Body::from_stream(slow)).await.expect_err("slow").code(), Code::RequestTimeout);
        let large = whole.replace("路灯", &"x".repeat(3 << 20));
        assert_eq!(multipart(Body::from(large)).await.expect_err("large").code(), Code::TooLarge);
        let bare = Request::post("/").body(Body::empty()).unwrap();
        let error = Error::from(Multipart::from_request(bare, &()).await.expect_err("no boundary"));
        assert_eq!(error.code(), Code::UnsupportedMediaType);
    }

    #[tokio::test]
    async fn an_oversized_body_is_413() {
        let request =
            Request::post("/").header(header::CONTENT_TYPE, "application/json").body(Body::from(" ".repeat(3 << 20)));
        let error =
            ApiJson::<Draft>::from_request(request.unwrap(), &()).await.expect_err("above axum's 2 MiB default");
        assert_eq!(error.code(), Code::TooLarge);
    }
}
